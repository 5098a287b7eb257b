using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Section 11. What its members mean for a price: section 12.</summary>
public sealed record Tariff
{
    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(36)]
    public required string Id { get; init; }

    [CiString(3, Min = 3)]
    public required string Currency { get; init; }

    public Open<TariffType>? Type { get; init; }

    public IReadOnlyList<DisplayText>? TariffAltText { get; init; }

    [Form(StringForm.Url)]
    public string? TariffAltUrl { get; init; }

    public PriceLimit? MinPrice { get; init; }

    public PriceLimit? MaxPrice { get; init; }

    [Since("2.3.0")]
    public decimal? PreauthorizeAmount { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<TariffElement> Elements { get; init; }

    /// <summary>Mandatory in 2.3.0, unknown before, where prices are without VAT: <see cref="TaxIncluded.No"/>.</summary>
    [Since("2.3.0")]
    [Mandatory]
    public TaxIncluded? TaxIncluded { get; init; }

    /// <summary>Inclusive, UTC.</summary>
    public DateTimeOffset? StartDateTime { get; init; }

    /// <summary>Exclusive, UTC.</summary>
    public DateTimeOffset? EndDateTime { get; init; }

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

    /// <summary>Per kWh, per hour, or once (FLAT), in the tariff's currency.</summary>
    public required decimal Price { get; init; }

    /// <summary>Per cent. Absent: none is stated, which is not 0.</summary>
    [Between(0, 1000)]
    public decimal? Vat { get; init; }

    /// <summary>Wh or seconds; 0 and 1 do not round (M7).</summary>
    [Between(0, int.MaxValue)]
    public required int StepSize { get; init; }
}

/// <summary>All that are given must hold (M1). Power in kW, current in A as the sum over phases, durations in seconds, times local.</summary>
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

    public decimal? MinCurrent { get; init; }

    public decimal? MaxCurrent { get; init; }

    public decimal? MinPower { get; init; }

    public decimal? MaxPower { get; init; }

    public int? MinDuration { get; init; }

    public int? MaxDuration { get; init; }

    public IReadOnlyList<DayOfWeek>? DayOfWeek { get; init; }

    public ReservationRestrictionType? Reservation { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<TariffType>))]
public enum TariffType
{
    AdHocPayment,
    ProfileCheap,
    ProfileFast,
    ProfileGreen,
    Regular,
}

[JsonConverter(typeof(EnumTextConverter<TariffDimensionType>))]
public enum TariffDimensionType
{
    Energy,
    Flat,
    ParkingTime,
    Time,
}

[JsonConverter(typeof(EnumTextConverter<DayOfWeek>))]
public enum DayOfWeek
{
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

[JsonConverter(typeof(EnumTextConverter<ReservationRestrictionType>))]
public enum ReservationRestrictionType
{
    Reservation,
    ReservationExpires,
}

[JsonConverter(typeof(EnumTextConverter<TaxIncluded>))]
public enum TaxIncluded
{
    Yes,
    No,

    [JsonStringEnumMemberName("N/A")]
    NotApplicable,
}
