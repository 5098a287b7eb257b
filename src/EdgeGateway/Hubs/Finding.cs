using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs;

internal static class Finding
{
    /// <summary>By its uid, which is unique on this platform (LO1), as this hub is shown it; null when it is not.</summary>
    public static (StationConfiguration Station, EvseConfiguration Evse)? FindEvse(this SiteState state, string uid, string hub)
    {
        foreach (var shown in state.Configuration.EvsesFor(hub))
        {
            if (CiString.Same(shown.Evse.Uid, uid))
                return shown;
        }
        return null;
    }

    /// <summary>For a pull, an object of ours that has no valid form is our fault.</summary>
    public static byte[] OrFault(this Rendered rendered) => rendered.Json ?? throw OcpiException.Server(rendered.Refusal!);
}
