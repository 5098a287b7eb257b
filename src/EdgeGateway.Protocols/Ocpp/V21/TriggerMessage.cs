using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Send this message of your own now (F06).</summary>
public sealed record TriggerMessageRequest
{
    public required MessageTrigger RequestedMessage { get; init; }

    [Vital]
    public EVSE? Evse { get; init; }

    [Since("2.1"), Text(50, TooLong.Keep)]
    public string? CustomTrigger { get; init; }
}

public enum MessageTrigger
{
    BootNotification,
    LogStatusNotification,
    FirmwareStatusNotification,
    Heartbeat,
    MeterValues,
    SignChargingStationCertificate,
    SignV2GCertificate,
    [Since("2.1")] SignV2G20Certificate,
    StatusNotification,
    TransactionEvent,
    SignCombinedCertificate,
    PublishFirmwareStatusNotification,
    [Since("2.1")] CustomTrigger,
}

public sealed record TriggerMessageResponse
{
    public required TriggerMessageStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum TriggerMessageStatus
{
    Accepted,
    Rejected,
    NotImplemented,
}
