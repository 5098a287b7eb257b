using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs;

/// <summary>Asks hubs about a token while a driver waits (TK5). A hub that is known to be away is not asked: no driver waits for it.</summary>
public sealed class HubAuthorizer(SiteEngine engine, HubLinks links, TimeProvider clock, ILogger<HubAuthorizer> log) : IHubAuthorizer
{
    public async Task<Authorization?> AskAsync(string uid, Token? known, string station, CancellationToken cancellationToken)
    {
        var state = engine.State;
        if (state.Configuration.Station(station) is not { Publish.IsEmpty: false } configured || !state.Configuration.IsExposed)
            return null;
        // A stored token is its own hub's business; a strange uid may be anybody's.
        var asked = links.All.Where(l => known is null || string.Equals(l.Name, known.Hub, StringComparison.OrdinalIgnoreCase)).Where(CanAsk).ToList();
        if (asked.Count == 0)
            return null;
        var question = new AuthorizationQuestion(
            uid, known?.Type ?? TokenType.Rfid, known, state.Configuration.Site.Id, [.. configured.Evses.Select(e => e.Uid)],
            [.. configured.Evses.SelectMany(e => e.Connectors).Select(c => c.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        var answers = await Task.WhenAll(asked.Select(l => AskAsync(l, question, cancellationToken)));
        // Whoever accepts is the one; else the one who knows the card at all says more than one who does not.
        return answers.OfType<Authorization>().OrderBy(Rank).FirstOrDefault();
    }

    private async Task<Authorization?> AskAsync(HubLink link, AuthorizationQuestion question, CancellationToken cancellationToken)
    {
        // H1: a suspended party's driver is decided about as if the hub could not be reached.
        if (question.Known is { } token && link.Clients.IsSuspended(token.Owner))
            return null;
        var start = clock.GetTimestamp();
        try
        {
            var (reply, answer) = await AskOnceAsync(link, question, link.Limits.AuthorizeTimeout, cancellationToken);
            if (reply is null || !SaysUnknownPlace(reply) || link.Record.Endpoint("locations", receiver: true) is null)
                return answer;
            // The hub knows only what it was shown: it is shown the place, and asked once more while the driver still waits.
            var placed = link.Placed.Next;
            await engine.RequestAsync(new ShowLocation(link.Name), cancellationToken);
            if (Left() is { Ticks: > 0 } patience)
                await Task.WhenAny(placed, Task.Delay(patience, clock, cancellationToken));
            return placed.IsCompleted && Left() is { Ticks: > 0 } left ? (await AskOnceAsync(link, question, left, cancellationToken)).Answer : answer;
        }
        catch (OperationCanceledException)
        {
            // The charger hung up; what the hub would have said is of no use any more.
            return null;
        }
        catch (NotRecordedException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // A uid that cannot stand in a url ("..") is no hub's.
            return null;
        }

        TimeSpan Left() => link.Limits.AuthorizeTimeout - clock.GetElapsedTime(start);
    }

    private async Task<(OcpiReply? Reply, Authorization? Answer)> AskOnceAsync(
        HubLink link, AuthorizationQuestion question, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (link.Client() is not { } client || link.Dialect is not { } dialect || link.Record.Endpoint("tokens", receiver: false) is not { } url)
            return (null, null);
        var party = engine.State.Configuration.Party;
        var owner = link.Options.Routing == HubRouting.Owner ? question.Known?.Owner : null;
        var routing = new OcpiRouting
        {
            From = new OcpiParty(party.CountryCode, party.PartyId),
            To = owner is null ? null : new OcpiParty(owner.CountryCode, owner.PartyId),
        };
        var call = new OcpiCall { Timeout = patience, Routing = dialect.HasRouting ? routing : null };
        var ticket = link.Circuit.Ticket();
        var (reply, answer) = await dialect.AuthorizeAsync(client, url, link.Name, question with { HubParty = link.PartyOf(null) }, call, cancellationToken);
        link.Circuit.Learn(ticket, reply);
        log.Asked(link.Name, Uid.Mask(question.Uid), answer?.Status.ToString() ?? reply.Reason);
        return (reply, answer);
    }

    /// <summary>2003, or another refusal whose words name the location.</summary>
    private static bool SaysUnknownPlace(OcpiReply reply) => reply.StatusCode == OcpiStatus.UnknownLocation
        || ((reply.StatusCode == OcpiStatus.NotEnoughInformation || (reply.HttpStatus == 404 && reply.StatusCode != OcpiStatus.UnknownToken))
            && reply.StatusMessage?.Contains("location", StringComparison.OrdinalIgnoreCase) is true);

    private static bool CanAsk(HubLink link) => link.Record.IsPartner && link.Circuit.IsClosed;

    private static int Rank(Authorization answer) => answer.Status switch
    {
        AuthorizationStatus.Accepted => 0,
        AuthorizationStatus.Blocked => 1,
        AuthorizationStatus.Expired => 2,
        AuthorizationStatus.NoCredit or AuthorizationStatus.NotAllowed => 3,
        _ => 4,
    };
}
