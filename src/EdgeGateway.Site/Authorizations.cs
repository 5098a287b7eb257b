using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site;

/// <summary>Finds out what an id tag may do: site tokens, then hub tokens by their whitelist rule, then the hub in real time (checklist §8).</summary>
public sealed class Authorizations(SiteEngine engine, ITokens tokens, IHubAuthorizer hubs)
{
    /// <summary>Decides without recording. A grant held for this station (card shown before, remote start) answers at once (K4).</summary>
    public Task<Authorization> DecideAsync(string station, string idTag, CancellationToken cancellationToken) => throw new NotSupportedException(engine.Trouble + tokens.GetType().Name + hubs.GetType().Name);

    /// <summary>Decides and holds what was accepted for the start that follows: Authorize.req.</summary>
    public async Task<Authorization> AdmitAsync(string station, string idTag, CancellationToken cancellationToken) =>
        await engine.RequestAsync(new AdmitToken(station, idTag, await DecideAsync(station, idTag, cancellationToken)), cancellationToken);
}
