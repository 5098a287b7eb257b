using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>A stretch between two points of a session's course: one activity, one load, energy flowing evenly.</summary>
/// <param name="From">UTC ticks.</param>
/// <param name="To">UTC ticks; after <paramref name="From"/>, except in a session without length.</param>
/// <param name="FromWh">Since the start of the session.</param>
/// <param name="PowerW">As measured; null = not measured.</param>
/// <param name="CurrentA">As measured, sum over all phases; null = not measured.</param>
/// <param name="MeanPowerW">From the register values before and after, where power was not measured.</param>
internal readonly record struct Stretch(
    long From, long To, long FromWh, long ToWh, Activity Activity, decimal? PowerW, decimal? CurrentA, decimal MeanPowerW)
{
    /// <summary>Energy at a moment between two others; rounded down, the rest flows in what follows, so that sums stay exact (M5).</summary>
    public static long EnergyAt(long ticks, long from, long fromWh, long to, long toWh) =>
        fromWh + (long)((Int128)(toWh - fromWh) * (ticks - from) / (to - from));
}

/// <summary>Makes of a course, whatever is in it, stretches without gaps from start to end, with energies from 0 to the total that never fall.</summary>
internal static class Timeline
{
    public static IEnumerable<Stretch> Of(DateTimeOffset start, DateTimeOffset end, long energyWh, IReadOnlyList<CoursePoint> course)
    {
        var from = start.UtcTicks;
        var to = Math.Max(from, end.UtcTicks);
        energyWh = Math.Max(0, energyWh);
        var measuredWh = 0L;
        var knots = new List<Knot>(course.Count + 2) { new(from, 0, Activity.Charging, null, null) };
        foreach (var point in InOrder(course))
        {
            var at = Math.Max(from, point.At.UtcTicks);
            if (at >= to && at > from)
                break;
            var next = After(knots[^1], point, at);
            if (at > from && point.EnergyWh is { } told) // at the start it is 0 by definition
            {
                measuredWh = Math.Clamp(told, measuredWh, energyWh);
                next = next with { EnergyWh = measuredWh };
            }
            if (at == knots[^1].At)
                knots[^1] = next;
            else
                knots.Add(next);
        }
        knots.Add(knots[^1] with { At = to, EnergyWh = energyWh });
        return Join(knots);
    }

    /// <summary>What holds from a point on, its energy apart, given what held before.</summary>
    private static Knot After(in Knot last, CoursePoint point, long at)
    {
        var (power, current) = (last.PowerW, last.CurrentA);
        if (point.Activity != last.Activity)
            (power, current) = (null, null); // what was drawn before says nothing about now
        if (at > last.At && point.EnergyWh is not null)
            power = null; // a charger that tells energy without power no longer tells power: the registers know better than an old value
        return new Knot(at, at == last.At ? last.EnergyWh : null, point.Activity, point.PowerW ?? power, point.CurrentA ?? current);
    }

    /// <summary>Fills in the energies that were not measured, evenly between those that were.</summary>
    private static IEnumerable<Stretch> Join(List<Knot> knots)
    {
        for (int first = 0, next = 1; next < knots.Count; next++)
        {
            if (knots[next].EnergyWh is not { } toWh)
                continue;
            var (a, b) = (knots[first], knots[next]);
            var fromWh = a.EnergyWh ?? 0;
            for (var reachedWh = fromWh; first < next; first++)
            {
                var (knot, end) = (knots[first], knots[first + 1].At);
                var endWh = first + 1 == next ? toWh : Stretch.EnergyAt(end, a.At, fromWh, b.At, toWh);
                var meanW = knot.PowerW is null && b.At > a.At ? (decimal)(toWh - fromWh) * TimeSpan.TicksPerHour / (b.At - a.At) : 0m;
                yield return new Stretch(knot.At, end, reachedWh, endWh, knot.Activity, knot.PowerW, knot.CurrentA, meanW);
                reachedWh = endWh;
            }
        }
    }

    private static IEnumerable<CoursePoint> InOrder(IReadOnlyList<CoursePoint> course)
    {
        for (var i = 1; i < course.Count; i++)
        {
            if (course[i].At < course[i - 1].At)
                return course.OrderBy(static point => point.At);
        }
        return course;
    }

    /// <param name="EnergyWh">Null = not measured here.</param>
    private readonly record struct Knot(long At, long? EnergyWh, Activity Activity, decimal? PowerW, decimal? CurrentA);
}
