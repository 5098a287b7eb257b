using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>When a tariff element matches (M3, M4), and at which values that may change.</summary>
internal static class Restrictions
{
    /// <summary>Whether all that are set hold. Lower limits are inclusive, upper ones exclusive.</summary>
    public static bool HoldAt(this TariffRestrictions restrictions, in Moment now) =>
        Within(now.EnergyWh, restrictions.MinKwh * 1000m, restrictions.MaxKwh * 1000m)
        && Within(now.PowerW, restrictions.MinPowerKw * 1000m, restrictions.MaxPowerKw * 1000m)
        && Within(now.CurrentA, restrictions.MinCurrentA, restrictions.MaxCurrentA)
        && !(now.Elapsed < restrictions.MinDuration)
        && !(now.Elapsed >= restrictions.MaxDuration)
        && (!restrictions.ReadsClock() || restrictions.ClockHolds(now.Local));

    public static bool ReadsLoad(this TariffRestrictions restrictions) =>
        restrictions is not { MinPowerKw: null, MaxPowerKw: null, MinCurrentA: null, MaxCurrentA: null };

    public static IEnumerable<TimeOnly> TimesOfDay(this TariffRestrictions restrictions)
    {
        if (!restrictions.ReadsClock())
            yield break;
        yield return TimeOnly.MinValue; // dates and weekdays change at midnight
        if (restrictions.StartTime is { } start)
            yield return start;
        if (restrictions.EndTime is { } end)
            yield return end;
    }

    /// <summary>In whole Wh, the resolution of meters: the first value at which a limit is reached.</summary>
    public static IEnumerable<long> EnergiesWh(this TariffRestrictions restrictions)
    {
        foreach (var kwh in new[] { restrictions.MinKwh, restrictions.MaxKwh })
        {
            if (kwh is > 0m and < long.MaxValue / 1000m)
                yield return (long)decimal.Ceiling(kwh.Value * 1000m);
        }
    }

    public static IEnumerable<TimeSpan> Durations(this TariffRestrictions restrictions)
    {
        foreach (var duration in new[] { restrictions.MinDuration, restrictions.MaxDuration })
        {
            if (duration > TimeSpan.Zero)
                yield return duration.Value;
        }
    }

    private static bool ReadsClock(this TariffRestrictions restrictions) =>
        restrictions is not { StartTime: null, EndTime: null, StartDate: null, EndDate: null } || !restrictions.Days.IsDefaultOrEmpty;

    private static bool ClockHolds(this TariffRestrictions restrictions, DateTime local)
    {
        var date = DateOnly.FromDateTime(local);
        if (date < restrictions.StartDate || date >= restrictions.EndDate)
            return false;
        if (!restrictions.Days.IsDefaultOrEmpty && !restrictions.Days.Contains(local.DayOfWeek))
            return false;
        var time = TimeOnly.FromDateTime(local);
        var start = restrictions.StartTime ?? TimeOnly.MinValue;
        var end = restrictions.EndTime ?? TimeOnly.MinValue;

        // Equal = the whole day; an end before the start passes midnight, and 00:00 as an end is the midnight to come (M3).
        return start == end || (start < end ? start <= time && time < end : start <= time || time < end);
    }

    private static bool Within(decimal value, decimal? min, decimal? max) => !(value < min) && !(value >= max);
}
