using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>Reading the state as the world is shown it: pure questions, no decisions.</summary>
public static class SiteView
{
    /// <summary>Status of an EVSE (LO5).</summary>
    public static EvseStatus StatusOf(this SiteState state, string station, int evse, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>last_updated of an object; the start of our time when it has none yet.</summary>
    public static DateTimeOffset LastUpdated(this SiteState state, string @object) =>
        state.Stamps.TryGetValue(@object, out var stamp) ? stamp.LastUpdated : DateTimeOffset.UnixEpoch;
}
