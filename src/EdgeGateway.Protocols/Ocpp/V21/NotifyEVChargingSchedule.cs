using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The schedule that an EV means to follow (K15).</summary>
public sealed record NotifyEVChargingScheduleRequest
{
    public required DateTimeOffset TimeBase { get; init; }

    public required ChargingSchedule ChargingSchedule { get; init; }

    [NotBelow(1)]
    public required int EvseId { get; init; }

    [Since("2.1"), NotBelow(0)]
    public int? SelectedChargingScheduleId { get; init; }

    [Since("2.1")]
    public bool? PowerToleranceAcceptance { get; init; }
}

public sealed record NotifyEVChargingScheduleResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
