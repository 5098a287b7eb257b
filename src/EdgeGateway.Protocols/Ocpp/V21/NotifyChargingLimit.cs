using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A limit came from outside, such as an energy management system (K11, K12).</summary>
public sealed record NotifyChargingLimitRequest
{
    public required ChargingLimit ChargingLimit { get; init; }

    [AtLeastOne]
    public IReadOnlyList<ChargingSchedule>? ChargingSchedule { get; init; }

    [NotBelow(0)]
    public int? EvseId { get; init; }
}

/// <summary>Where a limit from outside comes from.</summary>
public sealed record ChargingLimit
{
    [Text(20, TooLong.Keep), OneOfIn201("EMS", "Other", "SO", "CSO")]
    public required string ChargingLimitSource { get; init; }

    [Since("2.1")]
    public bool? IsLocalGeneration { get; init; }

    public bool? IsGridCritical { get; init; }
}

public sealed record NotifyChargingLimitResponse;
