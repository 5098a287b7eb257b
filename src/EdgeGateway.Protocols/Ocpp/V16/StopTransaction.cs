using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>A transaction has ended, now or while the line was down (4.10).</summary>
public sealed record StopTransactionRequest
{
    [Text(20, TooLong.Keep)]
    public string? IdTag { get; init; }

    public required long? MeterStop { get; init; }

    public required DateTimeOffset? Timestamp { get; init; }

    public required int? TransactionId { get; init; }

    public StopReason? Reason { get; init; }

    public IReadOnlyList<MeterValue>? TransactionData { get; init; }
}

public enum StopReason
{
    EmergencyStop,
    EVDisconnected,
    HardReset,
    Local,
    Other,
    PowerLoss,
    Reboot,
    Remote,
    SoftReset,
    UnlockCommand,
    DeAuthorized,
}

public sealed record StopTransactionResponse
{
    public IdTagInfo? IdTagInfo { get; init; }
}
