using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Delivery;

/// <summary>What came of sending one object; neither of the two: it was not sent, and is owed as before.</summary>
/// <param name="Reply">The hub's, or its silence.</param>
/// <param name="Settled">Decided without or in spite of a reply.</param>
public sealed record Sent(OcpiReply? Reply, Settlement? Settled)
{
    /// <summary>The hub had gone before it was this object's turn.</summary>
    public static Sent NotNow { get; } = new(null, null);

    public static Sent As(OcpiReply? reply) => reply is null ? NotNow : new(reply, null);

    public static Sent Instead(Settlement settled, OcpiReply? reply = null) => new(reply, settled);
}

/// <summary>Sends an object as it is now, in the version that the hub speaks today (P1 to P3, P7).</summary>
public sealed class ObjectSender(SiteEngine engine, IHistory history, IOutbox outbox, TimeProvider clock)
{
    /// <param name="trial">The one that finds out whether a hub that answers again takes objects again.</param>
    public async Task<Sent> SendAsync(HubLink link, Owed owed, bool trial, string correlation, CancellationToken cancellationToken)
    {
        if (link.Client() is not { } client || link.Dialect is not { } dialect)
            return Sent.Instead(new Settlement.TryLater(clock.GetUtcNow(), "the hub is not registered"));
        // The row in hand was on disk before its state was published: without this wait the state before it could go out in its name (I6).
        await engine.PublishedAsync(cancellationToken);
        var trip = new Trip(link, link.Record, client, dialect, owed, trial, correlation, cancellationToken);
        return await (owed.Kind switch
        {
            DeliveryKind.Tariff => TariffAsync(trip),
            DeliveryKind.Location => LocationAsync(trip),
            DeliveryKind.EvseStatus => EvseStatusAsync(trip),
            DeliveryKind.Session => SessionAsync(trip),
            _ => CdrAsync(trip),
        });
    }

    private async Task<Sent> TariffAsync(Trip trip)
    {
        var state = engine.State;
        if (trip.Receiver("tariffs") is not { } endpoint)
            return NoReceiver("tariffs");
        var url = Url(endpoint, state, trip.Owed.Object);
        if (state.Configuration.TariffsFor(trip.Link.Name).FirstOrDefault(t => CiString.Same(t.Id, trip.Owed.Object)) is { } tariff)
            return await PutAsync(trip, url, trip.Dialect.Tariff(state, tariff), Broadcast(trip, state));
        // One that the configuration has no more: what is not there is what was wanted.
        var reply = await OnLineAsync(trip, () => trip.Client.DeleteAsync(url, trip.Call(Broadcast(trip, state)), trip.Cancelled));
        return reply?.HttpStatus == 404 ? Sent.Instead(new Settlement.Delivered(null), reply) : Sent.As(reply);
    }

    private async Task<Sent> LocationAsync(Trip trip)
    {
        var state = engine.State;
        var site = state.Configuration.Site;
        if (!state.Configuration.IsExposed || !CiString.Same(site.Id, trip.Owed.Object))
            return Moot("the location is not published");
        return trip.Receiver("locations") is { } endpoint
            ? await PutAsync(trip, Url(endpoint, state, site.Id), trip.Dialect.Location(state, clock.GetUtcNow()), Broadcast(trip, state))
            : NoReceiver("locations");
    }

    /// <summary>The only PATCH (P3): where the hub does not take it, or has been away, the EVSE as a whole; then the location.</summary>
    private async Task<Sent> EvseStatusAsync(Trip trip)
    {
        var state = engine.State;
        var site = state.Configuration.Site;
        if (!state.Configuration.IsExposed || state.FindEvse(trip.Owed.Object, trip.Link.Name) is not { } found)
            return Moot("the EVSE is not published");
        if (trip.Receiver("locations") is not { } endpoint)
            return NoReceiver("locations");
        var now = clock.GetUtcNow();
        var url = Url(endpoint, state, site.Id, found.Evse.Uid);
        if (trip.Owed.Attempts == 0)
        {
            var patch = trip.Dialect.EvseStatus(state, found.Station, found.Evse, now);
            if (patch.Json is not { } body)
                return Sent.Instead(new Settlement.Refused(patch.Refusal!));
            var reply = await OnLineAsync(
                trip, () => trip.Client.SendBytesAsync(HttpMethod.Patch, url, body, trip.Call(Broadcast(trip, state)), trip.Cancelled));
            if (reply is null || !IsUnknownToHub(reply))
                return Sent.As(reply);
        }
        var whole = await PutAsync(trip, url, trip.Dialect.Evse(state, found.Station, found.Evse, now), Broadcast(trip, state));
        return whole.Reply is { } refused && IsUnknownToHub(refused)
            ? await PutAsync(trip, Url(endpoint, state, site.Id), trip.Dialect.Location(state, now), Broadcast(trip, state))
            : whole;
    }

    private async Task<Sent> SessionAsync(Trip trip)
    {
        var state = engine.State;
        if (trip.Receiver("sessions") is not { } endpoint)
            return NoReceiver("sessions");
        // What is open is in memory, and newer there than any file can tell.
        var session = state.Sessions.Values.FirstOrDefault(s => s.Id == trip.Owed.Object) ?? await history.SessionAsync(trip.Owed.Object, trip.Cancelled);
        if (session is null)
            return Moot("there is no such session");
        var routing = ToOwner(trip, state, session);
        return Suspended(trip, routing)
            ?? await PutAsync(trip, Url(endpoint, state, session.Id), trip.Dialect.Session(state.Configuration.Party, session), routing);
    }

    /// <summary>Always the bytes of the first attempt (I4). A hub that has it already has been delivered to (D3).</summary>
    private async Task<Sent> CdrAsync(Trip trip)
    {
        var state = engine.State;
        if (trip.Receiver("cdrs") is not { } endpoint)
            return NoReceiver("cdrs");
        if (await history.CdrAsync(trip.Owed.Object, trip.Cancelled) is not { } cdr)
            return Sent.Instead(new Settlement.Refused("the CDR is not in the database"));
        var routing = ToOwner(trip, state, cdr.Session);
        if (Suspended(trip, routing) is { } suspended)
            return suspended;
        var rendered = trip.Dialect.Cdr(state.Configuration.Party, cdr);
        var fresh = false;
        // Frozen earlier, its bytes are what they are, whatever the dialect would make of it today.
        if (rendered.Json is null && await history.FrozenCdrAsync(trip.Link.Name, cdr.Id, trip.Dialect.Version, trip.Cancelled) is null)
            return Sent.Instead(new Settlement.Refused(rendered.Refusal!));
        var owed = trip.Owed with { Issued = cdr.Created };
        // Null: its end was told since it was read, so it is another now; from the first attempt on it is the same for ever.
        if (await outbox.FreezeAsync(owed, trip.Dialect.Version, () => { fresh = true; return rendered.Json!; }, trip.Cancelled) is not { } body)
            return await CdrAsync(trip);
        var reply = await OnLineAsync(trip, () => trip.Client.PostBytesAsync(endpoint, body, trip.Call(routing), trip.Cancelled));
        if (reply is not { SaysAlreadyExists: true } || (fresh && trip.Owed.Attempts == 0))
            return Sent.As(reply);
        return Sent.Instead(new Settlement.Delivered(await ReceiptAsync(trip, reply)), reply);
    }

    /// <summary>An answer got lost, and the hub says that it has the CDR. Where it tells a place, a look at it is proof; its word is enough.</summary>
    private static async Task<string> ReceiptAsync(Trip trip, OcpiReply reply)
    {
        if (reply.Location is not { } location || !OcpiUrl.LeadsTo(location, trip.Record.Endpoints.Select(e => e.Url)))
            return $"the hub has it already ({reply.Reason})";
        var there = await trip.Dialect.HasCdrAsync(trip.Client, location, trip.Owed.Object, trip.Call(null), trip.Cancelled);
        return there ? location : $"the hub has it already ({reply.Reason})";
    }

    private static async Task<Sent> PutAsync(Trip trip, string url, Rendered rendered, OcpiRouting? routing) =>
        rendered.Json is { } json
            ? Sent.As(await OnLineAsync(trip, () => trip.Client.SendBytesAsync(HttpMethod.Put, url, json, trip.Call(routing), trip.Cancelled)))
            : Sent.Instead(new Settlement.Refused(rendered.Refusal!));

    /// <summary>Waits for a free line to the hub; around the call, objects are read, frozen and settled, which is the disk's time and not the hub's.
    /// Null when the hub has gone meanwhile: those who waited do not all find that out by themselves (I13).</summary>
    private static async Task<OcpiReply?> OnLineAsync(Trip trip, Func<Task<OcpiReply>> call)
    {
        await trip.Link.Lines.WaitAsync(trip.Cancelled);
        try
        {
            if (!trip.Link.Circuit.IsClosed || !(trip.Link.Circuit.IsProven || trip.Trial))
                return null;
            var ticket = trip.Link.Circuit.Ticket();
            var reply = await call();
            trip.Link.Circuit.Learn(ticket, reply);
            return reply;
        }
        finally
        {
            trip.Link.Lines.Release();
        }
    }

    private static bool IsUnknownToHub(OcpiReply reply) => reply.Outcome is OcpiOutcome.Refused or OcpiOutcome.ModuleGone;

    /// <summary>P1: with our codes, ids as in the body.</summary>
    private static string Url(string endpoint, SiteState state, params ReadOnlySpan<string> ids) =>
        OcpiUrl.Join(endpoint, [state.Configuration.Party.CountryCode, state.Configuration.Party.PartyId, .. ids]);

    /// <summary>Locations and tariffs are for everybody behind the hub: its own codes as the receiver (checklist §6).</summary>
    private static OcpiRouting Broadcast(Trip trip, SiteState state) => new() { From = Us(state), To = trip.Link.Itself };

    /// <summary>R1: sessions and CDRs are for the token's owner; with open routing the hub finds out who that is.</summary>
    private static OcpiRouting ToOwner(Trip trip, SiteState state, Session session) => new()
    {
        From = Us(state),
        // The site's own contract cards are of our own party: a message to ourselves would come back, so the hub decides.
        To = trip.Link.Options.Routing == HubRouting.Owner && session.Authorization.Token?.Owner is { } owner && new OcpiParty(owner.CountryCode, owner.PartyId) is var to && to != Us(state)
            ? to : null,
    };

    /// <summary>H1: nothing is routed to a party that the hub shows as suspended; it waits until the hub shows it otherwise.</summary>
    private Sent? Suspended(Trip trip, OcpiRouting routing) =>
        trip.Dialect.HasRouting && routing.To is { } to && trip.Link.Clients.IsSuspended(new(to.CountryCode, to.PartyId))
            ? Sent.Instead(new Settlement.TryLater(clock.GetUtcNow() + trip.Link.Limits.SuspendedProbe, $"{to} is suspended at the hub")) : null;

    private static OcpiParty Us(SiteState state) => new(state.Configuration.Party.CountryCode, state.Configuration.Party.PartyId);

    private static Sent NoReceiver(string module) => Moot($"the hub has no receiver for {module}; it pulls (V4)");

    private static Sent Moot(string why) => Sent.Instead(new Settlement.Moot(why));

    /// <summary>One object on its way, with the credentials it set out with.</summary>
    private sealed record Trip(
        HubLink Link, HubRecord Record, OcpiClient Client, IHubDialect Dialect, Owed Owed, bool Trial, string Correlation, CancellationToken Cancelled)
    {
        public string? Receiver(string module) => Record.Endpoint(module, receiver: true);

        public OcpiCall Call(OcpiRouting? routing) => new() { Routing = Dialect.HasRouting ? routing : null, CorrelationId = Correlation };
    }
}
