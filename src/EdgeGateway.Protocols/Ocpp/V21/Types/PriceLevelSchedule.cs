using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>ISO 15118-20 prices as levels.</summary>
public sealed record PriceLevelSchedule
{
    [AtLeastOne, AtMost(100)]
    public required IReadOnlyList<PriceLevelScheduleEntry> PriceLevelScheduleEntries { get; init; }

    public required DateTimeOffset TimeAnchor { get; init; }

    [NotBelow(0)]
    public required int PriceScheduleId { get; init; }

    [NotBelow(0)]
    public required int NumberOfPriceLevels { get; init; }

    [Text(32, TooLong.Cut)]
    public string? PriceScheduleDescription { get; init; }
}

/// <summary>A price level for a time.</summary>
public sealed record PriceLevelScheduleEntry
{
    public required int Duration { get; init; }

    [NotBelow(0)]
    public required int PriceLevel { get; init; }
}
