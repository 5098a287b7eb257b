using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>The price rules in the plainest words, applied to each second on its own: slow, and hard to get wrong.</summary>
internal static class SecondBySecond
{
    /// <summary>Net cost of a good course; right to what flows in one second around each limit.</summary>
    public static decimal Cost(Tariff tariff, TimeZoneInfo zone, DateTimeOffset start, List<CoursePoint> course, int seconds, long energyWh)
    {
        var wh = Energies(start, course, seconds, energyWh);
        var (cost, flat, point) = (0m, default(decimal?), 0);
        for (var second = 0; second < seconds; second++)
        {
            var at = start.AddSeconds(second);
            while (point + 1 < course.Count && course[point + 1].At <= at)
                point++;
            var now = course[point];
            var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
            decimal? Price(PriceDimension dimension) => tariff.Elements
                .Where(element => element.Restrictions is not { } r || Holds(r, local, second, wh[second], now))
                .SelectMany(static element => element.Components)
                .FirstOrDefault(component => component.Dimension == dimension)?.Price;
            flat ??= Price(PriceDimension.Flat);
            cost += (Price(PriceDimension.Energy) ?? 0m) * (wh[second + 1] - wh[second]) / 1000m;
            cost += (Price(now.Activity == Activity.Parking ? PriceDimension.ParkingTime : PriceDimension.Time) ?? 0m) / 3600m;
        }
        return cost + (flat ?? 0m);
    }

    private static decimal[] Energies(DateTimeOffset start, List<CoursePoint> course, int seconds, long energyWh)
    {
        var wh = new decimal[seconds + 1];
        var (from, fromWh) = (0, 0m);
        foreach (var (at, measured) in course.Where(static p => p.EnergyWh is not null).Select(p => ((int)(p.At - start).TotalSeconds, (decimal)p.EnergyWh!))
            .Append((seconds, energyWh)))
        {
            for (var second = from; second <= at; second++)
                wh[second] = at == from ? measured : fromWh + ((measured - fromWh) * (second - from) / (at - from));
            (from, fromWh) = (at, measured);
        }
        return wh;
    }

    private static bool Holds(TariffRestrictions r, DateTime local, int second, decimal wh, CoursePoint now)
    {
        if (r.Reservation is not null)
            return false;
        if (r.MinKwh > wh / 1000m || r.MaxKwh <= wh / 1000m || r.MinPowerKw > now.PowerW / 1000m || r.MaxPowerKw <= now.PowerW / 1000m)
            return false;
        if (r.MinCurrentA > now.CurrentA || r.MaxCurrentA <= now.CurrentA)
            return false;
        if (r.MinDuration?.TotalSeconds > second || r.MaxDuration?.TotalSeconds <= second)
            return false;
        if (r.StartDate > DateOnly.FromDateTime(local) || r.EndDate <= DateOnly.FromDateTime(local))
            return false;
        if (r.Days.Length > 0 && !r.Days.Contains(local.DayOfWeek))
            return false;
        var minute = (local.Hour * 60) + local.Minute;
        var from = r.StartTime is { } s ? (s.Hour * 60) + s.Minute : 0;
        var to = r.EndTime is { } e && e != default ? (e.Hour * 60) + e.Minute : 24 * 60;
        if (from == to || (from == 0 && to == 24 * 60))
            return true;
        return from < to ? minute >= from && minute < to : minute >= from || minute < to;
    }
}
