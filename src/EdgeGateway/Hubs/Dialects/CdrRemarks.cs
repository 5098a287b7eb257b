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
    }
}
