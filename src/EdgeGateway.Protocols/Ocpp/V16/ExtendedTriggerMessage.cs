namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>TriggerMessage with the messages of the security extension (security whitepaper).</summary>
public sealed record ExtendedTriggerMessageRequest
{
    public required ExtendedMessageTrigger RequestedMessage { get; init; }

    public int? ConnectorId { get; init; }
}

public enum ExtendedMessageTrigger
{
    BootNotification,
    LogStatusNotification,
    FirmwareStatusNotification,
    Heartbeat,
    MeterValues,
    SignChargePointCertificate,
    StatusNotification,
}

public sealed record ExtendedTriggerMessageResponse
{
    public required TriggerMessageStatus Status { get; init; }
}
