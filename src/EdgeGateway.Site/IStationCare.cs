using EdgeGateway.Site.Care;

namespace EdgeGateway.Site;

/// <summary>What people do to a charger, whichever way they come: command line, admin API, MQTT. Nothing of it changes the site; each leaves an event.</summary>
public interface IStationCare
{
    /// <summary>Does it and says how it went; never throws for what a charger does or fails to do.</summary>
    /// <param name="by">Who asked, for the event: <c>admin API</c>, <c>MQTT</c>.</param>
    Task<CareAnswer> DoAsync(string station, CareTask task, string by, CancellationToken cancellationToken);
}
