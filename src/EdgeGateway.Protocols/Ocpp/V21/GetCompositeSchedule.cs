using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What limit will hold in the next seconds, all profiles taken together (K08)?</summary>
public sealed record GetCompositeScheduleRequest
{
    /// <summary>In seconds.</summary>
    public required int Duration { get; init; }

    [NotBelow(0)]
    public required int EvseId { get; init; }

    public ChargingRateUnit? ChargingRateUnit { get; init; }
}

public sealed record GetCompositeScheduleResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    public CompositeSchedule? Schedule { get; init; }
}

/// <summary>The limit that comes of all profiles together.</summary>
public sealed record CompositeSchedule
{
    [NotBelow(0)]
    public required int EvseId { get; init; }

    /// <summary>In seconds.</summary>
    public required int Duration { get; init; }

    public required DateTimeOffset ScheduleStart { get; init; }

    public required ChargingRateUnit ChargingRateUnit { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<ChargingSchedulePeriod> ChargingSchedulePeriod { get; init; }
}
