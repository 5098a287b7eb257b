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
    public static Bill Price(
        Tariff? tariff,
        TimeZoneInfo zone,
        DateTimeOffset start,
        DateTimeOffset end,
        long energyWh,
        IReadOnlyList<CoursePoint> course,
        string currency = DefaultCurrency)
    {
        var prices = PriceList.Of(tariff);
        var timeline = Timeline.Of(start, end, energyWh, course);
        var cuts = PeriodCutter.Cut(start.UtcTicks, timeline, prices, new LocalClock(zone, prices.TimesOfDay));
        var costs = CostSheet.Sum(tariff, prices, [.. cuts.Select(static cut => cut.Priced)]);
        return new Bill
        {
            Currency = tariff?.Currency ?? currency,
            Periods = [.. cuts.Select(cut => cut.ToPeriod(tariff?.Id))],
            EnergyWh = cuts.Sum(static cut => cut.EnergyWh),
            Duration = new TimeSpan(cuts.Sum(static cut => cut.Ticks)),
            Parking = new TimeSpan(cuts.Sum(static cut => cut.Activity == Activity.Parking ? cut.Ticks : 0)),
            Total = costs.Total,
            Fixed = costs.Fixed,
            Energy = costs.Energy,
            Time = costs.Time,
            ParkingTime = costs.ParkingTime,
        };
    }

    /// <summary>Prices periods that somebody else has cut, by what holds at the beginning of each. For checking CDRs.</summary>
    public static Costs PricePeriods(Tariff? tariff, TimeZoneInfo zone, IReadOnlyList<MeteredPeriod> periods)
    {
        var prices = PriceList.Of(tariff);
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
        return CostSheet.Sum(tariff, prices, priced.DrainToImmutable());
    }
}

/// <summary>A charging period as a CDR states it.</summary>
/// <param name="Duration">TIME or PARKING_TIME, whichever <paramref name="Activity"/> says.</param>
/// <param name="PowerKw">Momentary; null: the mean of the period.</param>
/// <param name="CurrentA">Momentary, sum over all phases; null: none flows.</param>
public sealed record MeteredPeriod(
    DateTimeOffset Start, Activity Activity, TimeSpan Duration, decimal EnergyKwh, decimal? PowerKw = null, decimal? CurrentA = null);
