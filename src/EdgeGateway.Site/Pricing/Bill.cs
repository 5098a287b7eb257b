using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>A session cut into periods and priced. Sums of the periods are the totals, exactly (D6, I5).</summary>
public sealed record Bill
{
    /// <summary>ISO 4217; the tariff's, else the site's default.</summary>
    public required string Currency { get; init; }

    /// <summary>At least one; the first begins with the session, or with the reservation before it (D6, D9).</summary>
    public required ImmutableArray<ChargingPeriod> Periods { get; init; }
    public required long EnergyWh { get; init; }

    /// <summary>Whole session: charging and parking.</summary>
    public required TimeSpan Duration { get; init; }
    public required TimeSpan Parking { get; init; }

    /// <summary>Exact, unless the site states totals in whole coins; other amounts are rounded on the wire only (M10). Clamped by the tariff's limits (M8).</summary>
    public required Money Total { get; init; }

    /// <summary>Subtotals; null where the tariff has no such component.</summary>
    public Money? Fixed { get; init; }
    public Money? Energy { get; init; }
    public Money? Time { get; init; }
    public Money? ParkingTime { get; init; }

    /// <summary>Of the time that the place was kept free, or of letting it expire (M9).</summary>
    public Money? Reservation { get; init; }

    /// <summary>How long the place was kept free; not part of <see cref="Duration"/>.</summary>
    public TimeSpan Reserved { get; init; }
}

/// <summary>A stretch of a session in which nothing changes that matters for its price (S6).</summary>
public sealed record ChargingPeriod
{
    public required DateTimeOffset Start { get; init; }
    public required TimeSpan Duration { get; init; }
    public required Activity Activity { get; init; }

    /// <summary>Wh in this period alone.</summary>
    public required long EnergyWh { get; init; }
    public string? TariffId { get; init; }

    /// <summary>Highest and lowest measured values within the period, where there are any.</summary>
    public decimal? MinPowerW { get; init; }
    public decimal? MaxPowerW { get; init; }
    public decimal? MinCurrentA { get; init; }
    public decimal? MaxCurrentA { get; init; }
}
