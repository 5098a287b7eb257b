using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Protocols.Ocpi.V211;

/// <summary>Section 11. All prices are without VAT, and nothing is said about it.</summary>
public sealed record Tariff
{
    [CiString(36)]
    public required string Id { get; init; }

    [CiString(3, Min = 3)]
    public required string Currency { get; init; }

    public IReadOnlyList<DisplayText>? TariffAltText { get; init; }

    [Form(StringForm.Url)]
    public string? TariffAltUrl { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<TariffElement> Elements { get; init; }

    public EnergyMix? EnergyMix { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record TariffElement
{
    [AtLeastOne]
    public required IReadOnlyList<PriceComponent> PriceComponents { get; init; }

    public TariffRestrictions? Restrictions { get; init; }
}

public sealed record PriceComponent
{
    public required TariffDimensionType Type { get; init; }

    /// <summary>Per kWh, per hour, or once (FLAT), without VAT.</summary>
    public required decimal Price { get; init; }

    /// <summary>Wh or seconds.</summary>
    [Between(0, int.MaxValue)]
    public required int StepSize { get; init; }
}

/// <summary>All that are given must hold. Power in kW, durations in seconds, times local.</summary>
public sealed record TariffRestrictions
{
    [Form(StringForm.TimeOfDay)]
    public string? StartTime { get; init; }

    [Form(StringForm.TimeOfDay)]
    public string? EndTime { get; init; }

    [Form(StringForm.Date)]
    public string? StartDate { get; init; }

    [Form(StringForm.Date)]
    public string? EndDate { get; init; }

    public decimal? MinKwh { get; init; }

    public decimal? MaxKwh { get; init; }

    public decimal? MinPower { get; init; }

    public decimal? MaxPower { get; init; }

    public int? MinDuration { get; init; }

    public int? MaxDuration { get; init; }

    public IReadOnlyList<V230.DayOfWeek>? DayOfWeek { get; init; }
}
