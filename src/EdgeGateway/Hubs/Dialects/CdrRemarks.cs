using System.Globalization;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Dialects;

/// <summary>What a hub's clerk should know of how a CDR came to be, in whole sentences.</summary>
internal static class CdrRemarks
{
    public static IEnumerable<string> Of(Session session)
    {
        if (session.Flags.HasFlag(SessionFlags.StartMissing))
            yield return "The start was not reported.";
        if (session.Flags.HasFlag(SessionFlags.EndEstimated))
            yield return "The end was inferred.";
        if (session.Flags.HasFlag(SessionFlags.ClockRepaired))
            yield return "The charger's clock was wrong and was corrected.";
        if (session is not { SiteMeter: not null, Terms.Meter: { } meter })
            yield break;
        var (own, sites) = ("the charger's own meter", $"the site's meter {meter.Id}");
        var (counted, other) = session.CountedBy is null ? (own, sites) : (sites, own);
        yield return session.OtherEnergyWh is { } wh
            ? string.Create(CultureInfo.InvariantCulture, $"Billed by {counted}; {other} says {wh / 1000m:0.000} kWh.")
            : $"Billed by {counted}.";
        if (session.Flags.HasFlag(SessionFlags.MeterSilent))
            yield return "The meter that was to count was silent for a time.";
    }
}
