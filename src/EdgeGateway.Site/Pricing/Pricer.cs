using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>Cuts a session into periods and prices it: the one place where money comes from, for sessions in progress and CDRs alike (M10).</summary>
public static class Pricer
{
    /// <summary>What a session without a tariff is stated to be free in, where the site says nothing else (M12).</summary>
    public const string DefaultCurrency = "EUR";

    /// <summary>Prices what was metered from <paramref name="start"/> to <paramref name="end"/>. Any input gives a valid bill: an end before
    /// the start counts as the start, a negative energy as none.</summary>
    /// <param name="tariff">As it was at the start; null = free (M12).</param>
    /// <param name="zone">The location's, for times of day and dates (M3).</param>
    /// <param name="energyWh">The session's total: periods sum up to exactly this (I5).</param>
    /// <param name="course">In order of time; energies are Wh since the start. May be empty.</param>
    /// <param name="currency">ISO 4217, for a session without a tariff.</param>
    /// <param name="reservedFrom">When the place was reserved for this session: the time from there to the start is priced by the tariff's
    /// reservation elements and leads the bill (M9, D9). What the session itself costs is not touched by it.</param>
    public static Bill Price(
        Tariff? tariff,
        TimeZoneInfo zone,
        DateTimeOffset start,
        DateTimeOffset end,
        long energyWh,
        IReadOnlyList<CoursePoint> course,
        string currency = DefaultCurrency,
        DateTimeOffset? reservedFrom = null)
    {
        var prices = PriceList.Of(tariff);
        var timeline = Timeline.Of(start, end, energyWh, course);
        var cuts = PeriodCutter.Cut(start.UtcTicks, timeline, prices, new LocalClock(zone, prices.TimesOfDay));
        var reserved = reservedFrom < start ? Reserve(zone, reservedFrom.Value, start, PriceList.Of(tariff, ReservationRestriction.Reservation)) : null;
        var costs = CostSheet.Sum(tariff, Use(prices, cuts), reserved?.Use);
        return new Bill
        {
            Currency = tariff?.Currency ?? currency,
            Periods = [.. (reserved?.Cuts ?? []).Concat(cuts).Select(cut => cut.ToPeriod(tariff?.Id))],
            EnergyWh = cuts.Sum(static cut => cut.EnergyWh),
            Duration = new TimeSpan(cuts.Sum(static cut => cut.Ticks)),
            Parking = new TimeSpan(cuts.Sum(static cut => cut.Activity == Activity.Parking ? cut.Ticks : 0)),
            Total = costs.Total,
            Fixed = costs.Fixed,
            Energy = costs.Energy,
            Time = costs.Time,
            ParkingTime = costs.ParkingTime,
            Reservation = costs.Reservation,
            Reserved = new TimeSpan(reserved?.Cuts.Sum(static cut => cut.Ticks) ?? 0),
        };
    }

    /// <summary>Prices a reservation that no session followed, or has followed yet: elements with RESERVATION; if it expired, those with
    /// RESERVATION_EXPIRES as well (M9). There is no start fee and no least price, because there was no charging session.</summary>
    /// <param name="tariff">As it was when the reservation was granted; null = free.</param>
    /// <param name="ended">When it expired, or was given up, or now; before <paramref name="granted"/> counts as then.</param>
    /// <param name="expired">Whether the driver let it expire.</param>
    public static Bill PriceReservation(
        Tariff? tariff, TimeZoneInfo zone, DateTimeOffset granted, DateTimeOffset ended, bool expired, string currency = DefaultCurrency)
    {
        var prices = expired ? PriceList.OfExpired(tariff) : PriceList.Of(tariff, ReservationRestriction.Reservation);
        var (cuts, use) = Reserve(zone, granted, ended, prices);
        if (expired)
        {
            var expiry = PriceList.OfExpiry(tariff);
            use = use with { Extra = Cut(granted, ended, expiry, zone).Select(static cut => cut.Priced.Flat).FirstOrDefault(static flat => flat is not null) };
        }
        var costs = CostSheet.Sum(tariff, null, use);
        return new Bill
        {
            Currency = tariff?.Currency ?? currency,
            Periods = [.. cuts.Select(cut => cut.ToPeriod(tariff?.Id))],
            EnergyWh = 0,
            Duration = TimeSpan.Zero,
            Parking = TimeSpan.Zero,
            Total = costs.Total,
            Reservation = costs.Reservation,
            Reserved = new TimeSpan(cuts.Sum(static cut => cut.Ticks)),
        };
    }

    /// <summary>Prices periods that somebody else has cut, by what holds at the beginning of each. For checking CDRs.</summary>
    /// <param name="periods">Those of a reservation, if any, first.</param>
    public static Costs PricePeriods(Tariff? tariff, TimeZoneInfo zone, IReadOnlyList<MeteredPeriod> periods)
    {
        var reserved = periods.TakeWhile(static period => period.Activity == Activity.Reserved).ToList();
        return CostSheet.Sum(
            tariff,
            Use(PriceList.Of(tariff), zone, [.. periods.Skip(reserved.Count)]),
            reserved.Count == 0 ? null : Use(PriceList.Of(tariff, ReservationRestriction.Reservation), zone, reserved));
    }

    private static PricedUse Use(PriceList prices, TimeZoneInfo zone, List<MeteredPeriod> periods)
    {
        var clock = new LocalClock(zone, prices.TimesOfDay);
        var priced = ImmutableArray.CreateBuilder<PricedPeriod>(periods.Count);
        var energyWh = 0m;
        var flatBilled = false;
        foreach (var period in periods)
        {
            var seconds = period.Duration.Ticks / (decimal)TimeSpan.TicksPerSecond;
            var power = period.PowerKw ?? (seconds > 0m ? period.EnergyKwh * 3600m / seconds : 0m);
            var now = prices.At(new Moment(
                clock.At(period.Start.UtcTicks), period.Start - periods[0].Start, energyWh, power * 1000m, period.CurrentA ?? 0m));
            priced.Add(new PricedPeriod(
                period.Activity, period.EnergyKwh * 1000m, seconds, now.Energy, now.Of(period.Activity), flatBilled ? null : now.Flat));
            flatBilled |= now.Flat is not null;
            energyWh += period.EnergyKwh * 1000m;
        }
        return new PricedUse(prices, priced.DrainToImmutable());
    }

    private static PricedUse Use(PriceList prices, List<CutPeriod> cuts) => new(prices, [.. cuts.Select(static cut => cut.Priced)]);

    private static Reserved Reserve(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to, PriceList prices)
    {
        var cuts = Cut(from, to, prices, zone);
        return new(cuts, Use(prices, cuts));
    }

    private static List<CutPeriod> Cut(DateTimeOffset from, DateTimeOffset to, PriceList prices, TimeZoneInfo zone) => PeriodCutter.Cut(
        from.UtcTicks, Timeline.Of(from, to, 0, [new CoursePoint(from, 0, Activity.Reserved)]), prices, new LocalClock(zone, prices.TimesOfDay));

    private sealed record Reserved(List<CutPeriod> Cuts, PricedUse Use);
}

/// <summary>A charging period as a CDR states it.</summary>
/// <param name="Duration">TIME or PARKING_TIME, whichever <paramref name="Activity"/> says.</param>
/// <param name="PowerKw">Momentary; null: the mean of the period.</param>
/// <param name="CurrentA">Momentary, sum over all phases; null: none flows.</param>
public sealed record MeteredPeriod(
    DateTimeOffset Start, Activity Activity, TimeSpan Duration, decimal EnergyKwh, decimal? PowerKw = null, decimal? CurrentA = null);
