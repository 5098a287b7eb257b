using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Let a transaction have priority, or take it back (K21).</summary>
public sealed record UsePriorityChargingRequest
{
    [Text(36, TooLong.Keep)]
    public required string TransactionId { get; init; }

    public required bool Activate { get; init; }
}

public sealed record UsePriorityChargingResponse
{
    public required PriorityChargingStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum PriorityChargingStatus
{
    Accepted,
    Rejected,
    NoProfile,
}
