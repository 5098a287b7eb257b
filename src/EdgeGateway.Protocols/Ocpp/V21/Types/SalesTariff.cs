using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>An ISO 15118-2 tariff.</summary>
public sealed record SalesTariff
{
    [NotBelow(0)]
    public required int Id { get; init; }

    [AtLeastOne, AtMost(1024)]
    public required IReadOnlyList<SalesTariffEntry> SalesTariffEntry { get; init; }

    [Text(32, TooLong.Cut)]
    public string? SalesTariffDescription { get; init; }

    [NotBelow(0)]
    public int? NumEPriceLevels { get; init; }
}

/// <summary>A price level from a moment on.</summary>
public sealed record SalesTariffEntry
{
    public required RelativeTimeInterval RelativeTimeInterval { get; init; }

    [NotBelow(0, In201 = true)]
    public int? EPriceLevel { get; init; }

    [AtLeastOne, AtMost(3)]
    public IReadOnlyList<ConsumptionCost>? ConsumptionCost { get; init; }
}

/// <summary>Seconds from the start of the schedule.</summary>
public sealed record RelativeTimeInterval
{
    public required int Start { get; init; }

    public int? Duration { get; init; }
}

/// <summary>What consumption from a value on costs.</summary>
public sealed record ConsumptionCost
{
    public required decimal StartValue { get; init; }

    [AtLeastOne, AtMost(3)]
    public required IReadOnlyList<Cost> Cost { get; init; }
}

/// <summary>A cost: amount times ten to the power of the multiplier.</summary>
public sealed record Cost
{
    public required CostKind CostKind { get; init; }

    public required long Amount { get; init; }

    public int? AmountMultiplier { get; init; }
}

public enum CostKind
{
    CarbonDioxideEmission,
    RelativePricePercentage,
    RenewableGenerationPercentage,
}
