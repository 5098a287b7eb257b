using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>Cuts a session into periods and prices it: the one place where money comes from, for sessions in progress and CDRs alike (M10).</summary>
public static class Pricer
{
    /// <summary>Prices what was metered from <paramref name="start"/> to <paramref name="end"/>.</summary>
    /// <param name="tariff">As it was at the start; null = free (M12).</param>
    /// <param name="zone">The location's, for times of day and dates (M3).</param>
    /// <param name="energyWh">The session's total: periods sum up to exactly this (I5).</param>
    /// <param name="course">In order of time; energies are Wh since the start. May be empty.</param>
    public static Bill Price(
        Tariff? tariff, TimeZoneInfo zone, DateTimeOffset start, DateTimeOffset end, long energyWh, IReadOnlyList<CoursePoint> course) =>
        throw new NotSupportedException();
}
