using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What an EV offers to give back, and for how much.</summary>
public sealed record EVEnergyOffer
{
    public required EVPowerSchedule EvPowerSchedule { get; init; }

    public EVAbsolutePriceSchedule? EvAbsolutePriceSchedule { get; init; }
}

/// <summary>Power that an EV offers over time.</summary>
public sealed record EVPowerSchedule
{
    [AtLeastOne, AtMost(1024)]
    public required IReadOnlyList<EVPowerScheduleEntry> EvPowerScheduleEntries { get; init; }

    public required DateTimeOffset TimeAnchor { get; init; }
}

/// <summary>Power for a time.</summary>
public sealed record EVPowerScheduleEntry
{
    public required int Duration { get; init; }

    public required decimal Power { get; init; }
}

/// <summary>Prices that an EV asks over time.</summary>
public sealed record EVAbsolutePriceSchedule
{
    public required DateTimeOffset TimeAnchor { get; init; }

    [Text(3, TooLong.Keep)]
    public required string Currency { get; init; }

    [AtLeastOne, AtMost(1024)]
    public required IReadOnlyList<EVAbsolutePriceScheduleEntry> EvAbsolutePriceScheduleEntries { get; init; }

    [Text(2000, TooLong.Keep)]
    public required string PriceAlgorithm { get; init; }
}

/// <summary>Prices for a time.</summary>
public sealed record EVAbsolutePriceScheduleEntry
{
    public required int Duration { get; init; }

    [AtLeastOne, AtMost(8)]
    public required IReadOnlyList<EVPriceRule> EvPriceRule { get; init; }
}

/// <summary>A price from a power on.</summary>
public sealed record EVPriceRule
{
    public required decimal EnergyFee { get; init; }

    public required decimal PowerRangeStart { get; init; }
}
