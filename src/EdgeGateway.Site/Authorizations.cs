using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;
using EdgeGateway.Site.Rules;

namespace EdgeGateway.Site;

/// <summary>Finds out what an id tag may do: site tokens, then hub tokens by their whitelist rule, then the hub in real time (checklist §8).</summary>
public sealed class Authorizations(SiteEngine engine, ITokens tokens, IHubAuthorizer hubs, TimeProvider clock)
{
    /// <summary>Decides without recording. What is held for this station (card shown before, remote start) answers at once (K4).</summary>
    public async Task<Authorization> DecideAsync(string station, string idTag, CancellationToken cancellationToken) =>
        Known(station, idTag) ?? await DecideAnewAsync(station, idTag, cancellationToken);

    /// <summary>Decides about a transaction that began: StartTransaction.req. What was decided for another one does not count, for its hub gave it a
    /// reference of its own (TK6); the same start said again asks nobody again.</summary>
    public async Task<Authorization> DecideStartAsync(Position at, string idTag, DateTimeOffset? told, CancellationToken cancellationToken)
    {
        var repeated = engine.State.OccupantOf(at) is { Authorization.Status: AuthorizationStatus.Accepted } running
            && Uid.Same(running.IdTag, idTag) && running.StartTold == told ? running.Authorization : null;
        if (repeated is not null)
            return repeated;
        var decided = Reserved(at.Station, idTag, at) ?? Card(idTag) ?? Held(at.Station, idTag, at) ?? await DecideAnewAsync(at.Station, idTag, cancellationToken);
        var state = engine.State;
        return decided.Status is AuthorizationStatus.Accepted && ReservationRules.TurnsAway(state.Reservations.Values, at, decided.Token, clock.GetUtcNow())
            ? ReservedForAnother()
            : decided;
    }

    /// <summary>Decides about the token that an event of a station's own transaction names (2.x): of the transaction's driver it is decided already, of
    /// whoever stops it nobody is asked, of any other it is decided as of a start.</summary>
    /// <param name="at">Null where the event does not say.</param>
    /// <param name="stops">The event ends the transaction, or is about its end (trigger StopAuthorized).</param>
    public async Task<Authorization> DecideTransactionAsync(
        string station, string transaction, Position? at, string idTag, bool stops, CancellationToken cancellationToken)
    {
        var state = engine.State;
        if (state.SessionOf(station, transaction) is { Authorization.Status: AuthorizationStatus.Accepted } running && Uid.Same(running.IdTag, idTag))
            return running.Authorization;
        return stops ? await DecideLocallyAsync(station, idTag, cancellationToken)
            : await DecideStartAsync(at ?? Recognition.OrphanPlace(state.Configuration, station), idTag, null, cancellationToken);
    }

    /// <summary>The uid of a token that was shown by its contract's id (ISO 15118's eMAID): written with separators or without, with its check digit or
    /// without. What no token has stays as it was said, so that its hub can be asked.</summary>
    public async ValueTask<string> UidOfContractAsync(string contractId, CancellationToken cancellationToken)
    {
        var known = engine.State.Configuration.LocalTokens.Where(t => ContractIds.Same(t.ContractId, contractId)).ToList();
        if (known.Count == 0)
            known = [.. (await tokens.FindByContractAsync(contractId, cancellationToken)).Where(t => ContractIds.Same(t.ContractId, contractId))];
        return known.OrderByDescending(static t => t.Valid).ThenByDescending(static t => t.Type is TokenType.Emaid).FirstOrDefault()?.Uid ?? contractId;
    }

    /// <summary>Whether a number that somebody typed in can be a token: cards and contracts are shown and not typed, or whoever once saw a card's number
    /// would charge on it.</summary>
    public async ValueTask<bool> IsCodeAsync(string typed, CancellationToken cancellationToken)
    {
        var known = CardOf(typed) is { } card ? [card] : await tokens.FindAsync(typed.Trim(), cancellationToken);
        return known.Count > 0 && known.All(static t => t.Type is not (TokenType.Rfid or TokenType.Emaid));
    }

    /// <summary>Decides and holds what was accepted for the start that follows: Authorize.req. The card of a running session ends it, most likely: what was
    /// decided for that session is not held for the next.</summary>
    public async Task<Authorization> AdmitAsync(string station, string idTag, CancellationToken cancellationToken)
    {
        if (Card(idTag) is null && Known(station, idTag) is { } known)
            return known;
        if (await InGroupAsync(station, idTag, cancellationToken) is { } member)
            return member;
        var decided = await DecideAnewAsync(station, idTag, cancellationToken);
        if (decided.Status is AuthorizationStatus.Accepted && IsWhollyReserved(station, decided.Token))
            decided = ReservedForAnother();
        return await engine.RequestAsync(new AdmitToken(station, idTag, decided), cancellationToken);
    }

    /// <summary>What is known without asking anybody: for a Stop, and wherever nobody may be kept waiting.</summary>
    public async Task<Authorization> DecideLocallyAsync(string station, string idTag, CancellationToken cancellationToken)
    {
        if ((Known(station, idTag) ?? DecideHere(station, idTag)) is { } decided)
            return decided;
        var known = await KnownAsync(idTag, cancellationToken);
        return known is { Valid: true } ? Accepted(known) : Authorization.Refused(AuthorizationStatus.Invalid, "unknown token");
    }

    private async Task<Authorization> DecideAnewAsync(string station, string idTag, CancellationToken cancellationToken) =>
        DecideHere(station, idTag) ?? AtStation(station, await DecideByHubsAsync(station, idTag, cancellationToken));

    /// <summary>The driver of a hub that is not shown this station: nobody could be billed.</summary>
    private Authorization AtStation(string station, Authorization decided) =>
        decided is { Status: AuthorizationStatus.Accepted, Token.Hub: { } hub } && !IsShown(station, hub) ? NotShown : decided;

    private static Authorization NotShown => Authorization.Refused(AuthorizationStatus.NotAllowed, "its hub is not shown this station");

    private bool IsShown(string station, string hub)
    {
        var configuration = engine.State.Configuration;
        return configuration.Station(station) is { } known && known.Evses.Any(e => configuration.Shows(known, e, hub));
    }

    /// <summary>What needs no new decision. The site's own few cards come before all that is held.</summary>
    private Authorization? Known(string station, string idTag) =>
        Reserved(station, idTag, null) ?? Card(idTag) ?? Held(station, idTag) ?? Running(station, idTag);

    /// <summary>The token of a command counts as authorized (K4): whoever a place is kept free for is let in there.</summary>
    private Authorization? Reserved(string station, string idTag, Position? at) =>
        ReservationRules.For(engine.State.Reservations.Values, station, idTag, at, clock.GetUtcNow()) is { } reservation
            ? new() { Status = AuthorizationStatus.Accepted, Token = reservation.Token, Method = AuthMethod.Command, Reference = reservation.Reference }
            : null;

    /// <summary>1.6 asks about a card without saying where: there is a place for it unless all are kept free for others.</summary>
    private bool IsWhollyReserved(string station, Token? token)
    {
        var (reservations, now) = (engine.State.Reservations.Values, clock.GetUtcNow());
        return engine.State.Configuration.Station(station) is { Evses.Length: > 0 } known
            && known.Evses.All(e => ReservationRules.TurnsAway(reservations, new(station, e.Id, 0), token, now));
    }

    private static Authorization ReservedForAnother() => Authorization.Refused(AuthorizationStatus.NotAllowed, "reserved for another driver");

    private Authorization? Card(string idTag) => CardOf(idTag) is { Valid: true } card ? Accepted(card) : null;

    private Token? CardOf(string idTag)
    {
        foreach (var token in engine.State.Configuration.LocalTokens)
        {
            if (Uid.Same(token.Uid, idTag))
                return token;
        }
        return null;
    }

    /// <param name="at">Where it begins; null where that is not known, then whatever is held at the station fits.</param>
    private Authorization? Held(string station, string idTag, Position? at = null)
    {
        var now = clock.GetUtcNow();
        foreach (var held in engine.State.Admissions.Values)
        {
            if (string.Equals(held.Station, station, StringComparison.OrdinalIgnoreCase) && held.Until > now && Uid.Same(held.IdTag, idTag)
                && (at is null || held.At is null || held.At == at))
                return held.Authorization;
        }
        return null;
    }

    /// <summary>The driver of a running session shows the same card again, to stop it: nobody is asked twice.</summary>
    private Authorization? Running(string station, string idTag)
    {
        foreach (var session in engine.State.Sessions.Values)
        {
            if (session.Authorization.Status is AuthorizationStatus.Accepted && Uid.Same(session.IdTag, idTag)
                && string.Equals(session.At.Station, station, StringComparison.OrdinalIgnoreCase))
                return session.Authorization;
        }
        return null;
    }

    /// <summary>Who shares the group of a running session's token may stop it, so nobody is asked. It is not held: a start of its own is decided anew.</summary>
    private async ValueTask<Authorization?> InGroupAsync(string station, string idTag, CancellationToken cancellationToken)
    {
        if (!engine.State.Sessions.Values.Any(s => HoldsGroup(s, station)))
            return null;
        return await KnownAsync(idTag, cancellationToken) is { Valid: true, GroupId.Length: > 0 } known
            && engine.State.Sessions.Values.Any(s => HoldsGroup(s, station) && s.Authorization.Token!.Hub == known.Hub && Uid.Same(s.Authorization.Token.GroupId, known.GroupId))
            ? Accepted(known)
            : null;
    }

    private static bool HoldsGroup(Session session, string station) =>
        session is { Status: SessionStatus.Active, Authorization: { Status: AuthorizationStatus.Accepted, Token.GroupId.Length: > 0 } }
        && string.Equals(session.At.Station, station, StringComparison.OrdinalIgnoreCase);

    private Authorization? DecideHere(string station, string idTag)
    {
        if (string.IsNullOrWhiteSpace(idTag))
            return Authorization.Refused(AuthorizationStatus.Invalid, "no tag");
        if (CardOf(idTag) is { } card)
            return card.Valid ? Accepted(card) : Authorization.Refused(AuthorizationStatus.Blocked, "the site's card is not valid");
        // A station that no hub is shown is not for hubs' drivers: nobody could be billed.
        return engine.State.Configuration.Station(station) is not { Publish.IsEmpty: false }
            ? Authorization.Refused(AuthorizationStatus.Invalid, "the station takes the site's own cards only")
            : null;
    }

    /// <summary>The whitelist table of checklist §8.</summary>
    private async Task<Authorization> DecideByHubsAsync(string station, string idTag, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(idTag, cancellationToken);
        if (known?.Hub is { } owner && !IsShown(station, owner))
            return NotShown;
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
        return found.Where(t => t.Hub is null || named.Any(h => string.Equals(h.Name, t.Hub, StringComparison.OrdinalIgnoreCase))).OrderByDescending(t => t.Valid).ThenBy(t => t.Type).ThenByDescending(t => t.LastUpdated).FirstOrDefault();
    }

    private static Authorization Accepted(Token token) => new() { Status = AuthorizationStatus.Accepted, Token = token };
}
