using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>Asks the hubs about a token, in real time, within a driver's patience (TK5).</summary>
public interface IHubAuthorizer
{
    /// <summary>Asks about a stored token (its own hub), or about an unknown uid (every hub that is online). Never throws for what a hub does.</summary>
    /// <returns>The hub's decision, or null when no hub could be asked or none answered in time.</returns>
    Task<Authorization?> AskAsync(string uid, Token? known, string station, CancellationToken cancellationToken);
}
