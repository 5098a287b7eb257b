using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site;

/// <summary>Finds out what an id tag may do: site tokens, then hub tokens by their whitelist rule, then the hub in real time (checklist §8).</summary>
public sealed class Authorizations(SiteEngine engine, ITokens tokens, IHubAuthorizer hubs, TimeProvider clock)
{
    /// <summary>Decides without recording. What is held for this station (card shown before, remote start) answers at once (K4).</summary>
    public async Task<Authorization> DecideAsync(string station, string idTag, CancellationToken cancellationToken) =>
        DecideHere(station, idTag) ?? await DecideByHubsAsync(station, idTag, cancellationToken);

    /// <summary>Decides and holds what was accepted for the start that follows: Authorize.req.</summary>
    public async Task<Authorization> AdmitAsync(string station, string idTag, CancellationToken cancellationToken) =>
        await engine.RequestAsync(new AdmitToken(station, idTag, await DecideAsync(station, idTag, cancellationToken)), cancellationToken);

    /// <summary>What is known without asking anybody: for a Stop, and wherever nobody may be kept waiting.</summary>
    public async Task<Authorization> DecideLocallyAsync(string station, string idTag, CancellationToken cancellationToken)
    {
        if (DecideHere(station, idTag) is { } decided)
            return decided;
        var known = await KnownAsync(idTag, cancellationToken);
        return known is { Valid: true } ? Accepted(known) : Authorization.Refused(AuthorizationStatus.Invalid, "unknown token");
    }

    private Authorization? DecideHere(string station, string idTag)
    {
        if (string.IsNullOrWhiteSpace(idTag))
            return Authorization.Refused(AuthorizationStatus.Invalid, "no tag");
        var state = engine.State;
        var now = clock.GetUtcNow();
        foreach (var token in state.Configuration.LocalTokens)
        {
            if (Uid.Same(token.Uid, idTag))
                return token.Valid ? Accepted(token) : Authorization.Refused(AuthorizationStatus.Blocked, "the site's card is not valid");
        }
        foreach (var held in state.Admissions.Values)
        {
            if (string.Equals(held.Station, station, StringComparison.OrdinalIgnoreCase) && held.Until > now && Uid.Same(held.IdTag, idTag))
                return held.Authorization;
        }
        foreach (var session in state.Sessions.Values)
        {
            // The driver of a running session shows the same card again, to stop it: nobody is asked twice.
            if (session.Authorization.Status is AuthorizationStatus.Accepted && Uid.Same(session.IdTag, idTag)
                && string.Equals(session.At.Station, station, StringComparison.OrdinalIgnoreCase))
                return session.Authorization;
        }
        // A station that no hub is shown is not for hubs' drivers: nobody could be billed.
        return state.Configuration.Station(station) is { Publish: false }
            ? Authorization.Refused(AuthorizationStatus.Invalid, "the station takes the site's own cards only")
            : null;
    }

    /// <summary>The whitelist table of checklist §8.</summary>
    private async Task<Authorization> DecideByHubsAsync(string station, string idTag, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(idTag, cancellationToken);
        if (known is { Whitelist: Whitelist.Always })
            return known.Valid ? Accepted(known) : Authorization.Refused(AuthorizationStatus.Blocked, "the token is not valid");
        if (known is { Whitelist: Whitelist.Allowed, Valid: true })
            return Accepted(known);
        if (await hubs.AskAsync(known?.Uid ?? idTag.Trim(), known, station, cancellationToken) is { } answer)
            return answer;
        return known switch
        {
            null => Authorization.Refused(AuthorizationStatus.Invalid, "unknown token, and no hub could be asked (TK7)"),
            { Whitelist: Whitelist.Never } => Authorization.Refused(AuthorizationStatus.Invalid, "its hub must be asked, and cannot be reached"),
            { Valid: false } => Authorization.Refused(AuthorizationStatus.Blocked, "the token is not valid, and its hub cannot be reached"),
            _ => Accepted(known),
        };
    }

    /// <summary>One uid may be several parties' (TK1): a valid RFID token first, then whatever is valid.</summary>
    private async ValueTask<Token?> KnownAsync(string idTag, CancellationToken cancellationToken)
    {
        var found = await tokens.FindAsync(idTag.Trim(), cancellationToken);
        // A hub that the configuration names no more pays for nobody.
        var named = engine.State.Configuration.Hubs;
        return found.Where(t => t.Hub is null || named.Contains(t.Hub, StringComparer.OrdinalIgnoreCase)).OrderByDescending(t => t.Valid).ThenBy(t => t.Type).ThenByDescending(t => t.LastUpdated).FirstOrDefault();
    }

    private static Authorization Accepted(Token token) => new() { Status = AuthorizationStatus.Accepted, Token = token };
}
