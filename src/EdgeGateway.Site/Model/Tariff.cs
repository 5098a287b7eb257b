using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>What a driver pays. Prices are net unless <see cref="TaxIncluded"/> says otherwise; VAT is a percentage beside them. The rules are OCPI's (checklist M1 to M12).</summary>
public sealed record Tariff
{
    public required string Id { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>OCPI TariffType (<c>REGULAR</c>, <c>AD_HOC_PAYMENT</c>, …); null = for everybody.</summary>
    public string? Type { get; init; }
    public ImmutableArray<LocalizedText> AltText { get; init; } = [];
    public string? AltUrl { get; init; }
    public Money? MinPrice { get; init; }
    public Money? MaxPrice { get; init; }

    /// <summary>In order: per dimension the first that matches is the price (M1).</summary>
    public required ImmutableArray<TariffElement> Elements { get; init; }

    /// <summary>What the prices of components are (M11).</summary>
    public TaxIncluded TaxIncluded { get; init; }

    /// <summary>Validity, from inclusive to exclusive.</summary>
    public DateTimeOffset? ValidFrom { get; init; }
    public DateTimeOffset? ValidUntil { get; init; }
}

public enum TaxIncluded
{
    /// <summary>Net.</summary>
    No,

    /// <summary>Gross.</summary>
    Yes,

    /// <summary>There are no taxes.</summary>
    NotApplicable,
}

public sealed record LocalizedText(string Language, string Text);

/// <summary>An amount without and, where the VAT is known, with VAT, in the tariff's currency.</summary>
public sealed record Money(decimal ExclVat, decimal? InclVat)
{
    public static Money Zero { get; } = new(0m, 0m);
}

public sealed record TariffElement
{
    public required ImmutableArray<PriceComponent> Components { get; init; }
    public TariffRestrictions? Restrictions { get; init; }
}

public enum PriceDimension
{
    Energy,
    Time,
    ParkingTime,
    Flat,
}

/// <param name="Dimension">What is counted.</param>
/// <param name="Price">Per kWh, per hour, or once (FLAT), net.</param>
/// <param name="Vat">Percent; null = not stated.</param>
/// <param name="StepSize">Wh or seconds that the session's total is rounded up to (M7); 0 and 1 round nothing.</param>
public sealed record PriceComponent(PriceDimension Dimension, decimal Price, decimal? Vat, int StepSize);

/// <summary>All that are set must hold (M1, M3, M4).</summary>
public sealed record TariffRestrictions
{
    /// <summary>Local time of day, from inclusive to exclusive; an end before the start passes midnight (M3).</summary>
    public TimeOnly? StartTime { get; init; }
    public TimeOnly? EndTime { get; init; }
    public DateOnly? StartDate { get; init; }
    public DateOnly? EndDate { get; init; }
    public decimal? MinKwh { get; init; }
    public decimal? MaxKwh { get; init; }

    /// <summary>Sum over all phases (M4).</summary>
    public decimal? MinCurrentA { get; init; }
    public decimal? MaxCurrentA { get; init; }
    public decimal? MinPowerKw { get; init; }
    public decimal? MaxPowerKw { get; init; }
    public TimeSpan? MinDuration { get; init; }
    public TimeSpan? MaxDuration { get; init; }
    public ImmutableArray<DayOfWeek> Days { get; init; } = [];
    public ReservationRestriction? Reservation { get; init; }
}

public enum ReservationRestriction
{
    Reservation,
    ReservationExpires,
}
