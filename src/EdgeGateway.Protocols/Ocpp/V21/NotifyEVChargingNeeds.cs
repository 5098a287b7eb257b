using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What an EV said it needs, over ISO 15118 (K15).</summary>
public sealed record NotifyEVChargingNeedsRequest
{
    [NotBelow(1)]
    public required int EvseId { get; init; }

    public required ChargingNeeds ChargingNeeds { get; init; }

    [NotBelow(0)]
    public int? MaxScheduleTuples { get; init; }

    [Since("2.1")]
    public DateTimeOffset? Timestamp { get; init; }
}

public sealed record NotifyEVChargingNeedsResponse
{
    public required NotifyEVChargingNeedsStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum NotifyEVChargingNeedsStatus
{
    Accepted,
    Rejected,
    Processing,
    [Since("2.1")] NoChargingProfile,
}
