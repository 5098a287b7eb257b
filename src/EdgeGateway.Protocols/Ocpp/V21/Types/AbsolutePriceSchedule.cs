using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>ISO 15118-20 prices in money.</summary>
public sealed record AbsolutePriceSchedule
{
    public required DateTimeOffset TimeAnchor { get; init; }

    [NotBelow(0)]
    public required int PriceScheduleID { get; init; }

    [Text(3, TooLong.Keep)]
    public required string Currency { get; init; }

    [Text(8, TooLong.Keep)]
    public required string Language { get; init; }

    [Text(2000, TooLong.Keep)]
    public required string PriceAlgorithm { get; init; }

    [AtLeastOne, AtMost(1024)]
    public required IReadOnlyList<PriceRuleStack> PriceRuleStacks { get; init; }

    [Text(160, TooLong.Cut)]
    public string? PriceScheduleDescription { get; init; }

    public RationalNumber? MinimumCost { get; init; }

    public RationalNumber? MaximumCost { get; init; }

    [AtLeastOne, AtMost(10)]
    public IReadOnlyList<TaxRule>? TaxRules { get; init; }

    public OverstayRuleList? OverstayRuleList { get; init; }

    [AtLeastOne, AtMost(5)]
    public IReadOnlyList<AdditionalSelectedServices>? AdditionalSelectedServices { get; init; }
}

/// <summary>Price rules that hold for a time.</summary>
public sealed record PriceRuleStack
{
    public required int Duration { get; init; }

    [AtLeastOne, AtMost(8)]
    public required IReadOnlyList<PriceRule> PriceRule { get; init; }
}

/// <summary>Fees from a power on.</summary>
public sealed record PriceRule
{
    public required RationalNumber EnergyFee { get; init; }

    public required RationalNumber PowerRangeStart { get; init; }

    public int? ParkingFeePeriod { get; init; }

    [NotBelow(0)]
    public int? CarbonDioxideEmission { get; init; }

    [Between(0, 100)]
    public int? RenewableGenerationPercentage { get; init; }

    public RationalNumber? ParkingFee { get; init; }
}

/// <summary>Value times ten to the power of the exponent.</summary>
public sealed record RationalNumber
{
    public required int Exponent { get; init; }

    public required long Value { get; init; }
}

/// <summary>A tax, and what it is put on.</summary>
public sealed record TaxRule
{
    [NotBelow(0)]
    public required int TaxRuleID { get; init; }

    public required bool AppliesToEnergyFee { get; init; }

    public required bool AppliesToParkingFee { get; init; }

    public required bool AppliesToOverstayFee { get; init; }

    public required bool AppliesToMinimumMaximumCost { get; init; }

    public required RationalNumber TaxRate { get; init; }

    [Text(100, TooLong.Keep)]
    public string? TaxRuleName { get; init; }

    public bool? TaxIncludedInPrice { get; init; }
}

/// <summary>What staying longer than charging takes costs.</summary>
public sealed record OverstayRuleList
{
    [AtLeastOne, AtMost(5)]
    public required IReadOnlyList<OverstayRule> OverstayRule { get; init; }

    public RationalNumber? OverstayPowerThreshold { get; init; }

    public int? OverstayTimeThreshold { get; init; }
}

/// <summary>A fee after a time.</summary>
public sealed record OverstayRule
{
    public required RationalNumber OverstayFee { get; init; }

    public required int StartTime { get; init; }

    public required int OverstayFeePeriod { get; init; }

    [Text(32, TooLong.Cut)]
    public string? OverstayRuleDescription { get; init; }
}

/// <summary>A service that the driver took as well.</summary>
public sealed record AdditionalSelectedServices
{
    public required RationalNumber ServiceFee { get; init; }

    [Text(80, TooLong.Keep)]
    public required string ServiceName { get; init; }
}
