namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Send this message of your own now (5.17).</summary>
public sealed record TriggerMessageRequest
{
    public required MessageTrigger RequestedMessage { get; init; }

    public int? ConnectorId { get; init; }
}

public enum MessageTrigger
{
    BootNotification,
    DiagnosticsStatusNotification,
    FirmwareStatusNotification,
    Heartbeat,
    MeterValues,
    StatusNotification,
}

public sealed record TriggerMessageResponse
{
    public required TriggerMessageStatus Status { get; init; }
}

public enum TriggerMessageStatus
{
    Accepted,
    Rejected,
    NotImplemented,
}
