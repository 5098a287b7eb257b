using System.Collections.Concurrent;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Mqtt.Commands;

/// <param name="Word">Of <see cref="AnswerPayload.Outcome"/>.</param>
internal sealed record Outcome(string Word, string Text)
{
    public bool IsOk => Word is "Done" or "Later";

    // Of status alone.
    public InfoPayload? Site { get; init; }
    public IReadOnlyList<HubPayload>? Hubs { get; init; }
    public StationPayload? Station { get; init; }
    public IReadOnlyList<EvsePayload>? Evses { get; init; }
}

/// <summary>What requests lead to: the site's own requests, and care of chargers. Decides nothing itself.</summary>
internal sealed class CommandActions(SiteEngine engine, Authorizations authorizations, IStationCare care, StateBoard board, MqttParts parts, TimeProvider clock)
{
    /// <summary>How long a charger's answer is waited for; each charger's own limit is mostly shorter.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A hub is made to take what waits no more often than this, whoever asks (I13).</summary>
    public static readonly TimeSpan SyncPace = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _synced = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="repeat">What makes a repeat recognisable to the site as well.</param>
    public async Task<Outcome> DoAsync(CommandPayload command, string by, string repeat, CancellationToken cancellationToken) => command switch
    {
        StatusCommand status => await StatusAsync(status, cancellationToken),
        StartCommand start => await StartAsync(start, repeat, cancellationToken),
        StopCommand stop => await StopAsync(stop, cancellationToken),
        UnlockCommand unlock => Evse(unlock.Station, unlock.Evse) is { } evse
            ? await GrantedAsync(new Unlock(null, null, evse.Uid, unlock.Connector ?? 1), cancellationToken)
            : UnknownEvse(unlock.Station, unlock.Evse),
        ResetCommand reset => await CareAsync(reset.Station, new ResetStation(reset.Hard, reset.Evse), by, cancellationToken),
        AvailabilityCommand { Connector: not null, Evse: null } => new("Invalid", "evse: is missing; a connector is one of an EVSE"),
        AvailabilityCommand availability => await CareAsync(
            availability.Station, new SetAvailability(availability.Operative, availability.Evse, availability.Connector), by, cancellationToken),
        TriggerCommand { Connector: not null, Evse: null } => new("Invalid", "evse: is missing; a connector is one of an EVSE"),
        TriggerCommand trigger => await CareAsync(trigger.Station, new TriggerMessage(trigger.Message, trigger.Evse, trigger.Connector), by, cancellationToken),
        HubSyncCommand sync => await SyncAsync(sync, cancellationToken),
        AcceptCommand accept => await engine.RequestAsync(new AcceptStation(accept.Station), cancellationToken)
            ? new("Done", "The station is let in.")
            : new("Unknown", $"No station called {accept.Station} waits to be let in."),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "No action for this command."),
    };

    /// <summary>What is asked, for the event; without a whole uid. Null where nothing is changed.</summary>
    public static (string Subject, string Text)? Wish(CommandPayload command) => command switch
    {
        StartCommand start => ($"{start.Station}/{start.Evse}", $"start for {Uid.Mask(start.Uid)}"),
        StopCommand { Session: { } session } => (session, "stop"),
        StopCommand stop => ($"{stop.Station}/{stop.Evse}", "stop"),
        UnlockCommand unlock => ($"{unlock.Station}/{unlock.Evse}/{unlock.Connector ?? 1}", "unlock"),
        ResetCommand reset => (Place(reset.Station, reset.Evse, null), reset.Hard ? "reset at once" : "reset"),
        AvailabilityCommand availability => (Place(availability.Station, availability.Evse, availability.Connector), availability.Operative ? "into service" : "out of service"),
        TriggerCommand trigger => (Place(trigger.Station, trigger.Evse, trigger.Connector), $"trigger {trigger.Message}"),
        HubSyncCommand sync => (sync.Hub ?? "hubs", "hub-sync"),
        AcceptCommand accept => (accept.Station, "accept"),
        _ => null,
    };

    private static string Place(string station, int? evse, int? connector) => evse is null ? station : connector is null ? $"{station}/{evse}" : $"{station}/{evse}/{connector}";

    private async Task<Outcome> StatusAsync(StatusCommand command, CancellationToken cancellationToken)
    {
        var station = command.Station is { } id ? board.Station(id) : null;
        if (station is null && command.Station is not null)
            return UnknownStation(command.Station);
        return new("Done", "As it is now.")
        {
            Site = await board.InfoAsync(cancellationToken),
            Hubs = await parts.HubsAsync(cancellationToken),
            Station = station,
            Evses = station is null ? null : board.Evses(station.Id),
        };
    }

    /// <summary>Nobody charges as a stranger: the token is authorized as its card would be at that place, and the session is its hub's.</summary>
    private async Task<Outcome> StartAsync(StartCommand command, string repeat, CancellationToken cancellationToken)
    {
        if (Evse(command.Station, command.Evse) is not { } evse)
            return UnknownEvse(command.Station, command.Evse);
        if (command.Connector is null && evse.Connectors.Length != 1)
            return new("Invalid", "connector: is missing; the EVSE has several, and the driver uses one of them");
        var at = new Position(engine.State.Configuration.Station(command.Station)!.Id, evse.Id, command.Connector ?? evse.Connectors[0].Id);
        var decided = await authorizations.DecideStartAsync(at, command.Uid, clock.GetUtcNow(), cancellationToken);
        if (decided is not { Status: AuthorizationStatus.Accepted, Token: { } token })
            return new("NotAllowed", $"{Uid.Mask(command.Uid)}: {decided.Because ?? decided.Status.ToString()}");
        return await GrantedAsync(
            new StartRemotely(null, token, null, evse.Uid, at.Connector, decided.Reference, repeat, CanName: true) { Method = decided.Method }, cancellationToken);
    }

    private async Task<Outcome> StopAsync(StopCommand command, CancellationToken cancellationToken)
    {
        if (command.Session is null == (command.Station is null || command.Evse is null))
            return new("Invalid", "either session, or station and evse, is expected");
        var session = command.Session ?? engine.State.Sessions.Values.FirstOrDefault(s =>
            s.Status is SessionStatus.Active && s.At.Evse == command.Evse && engine.State.OccupantOf(s.At)?.Number == s.Number
            && string.Equals(s.At.Station, command.Station, StringComparison.OrdinalIgnoreCase))?.Id;
        return session is null ? new("Unknown", "no session runs there") : await GrantedAsync(new StopRemotely(null, session), cancellationToken);
    }

    private async Task<Outcome> GrantedAsync(Request<Grant> request, CancellationToken cancellationToken)
    {
        var grant = await engine.RequestAsync(request, cancellationToken);
        if (grant.OrderId is not { } order)
            return new(WordOf(grant.Refusal), grant.Because ?? "it was refused");
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var settled = await engine.OutcomeAsync(order, either.Token);
            return settled.Outcome is OrderOutcome.Accepted
                ? new("Done", settled.Detail ?? "The charger accepted.")
                : new(settled.Outcome is OrderOutcome.TimedOut or OrderOutcome.NotSupported or OrderOutcome.Offline ? settled.Outcome.ToString() : "Refused", $"{settled.Outcome} {settled.Detail}".TrimEnd());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new("TimedOut", "The charger did not answer in time.");
        }
    }

    private async Task<Outcome> CareAsync(string station, CareTask task, string by, CancellationToken cancellationToken)
    {
        if (board.Station(station) is not { } known)
            return UnknownStation(station);
        var answer = await care.DoAsync(known.Id, task, by, cancellationToken);
        return new(answer.Outcome.ToString(), answer.Text);
    }

    private async Task<Outcome> SyncAsync(HubSyncCommand command, CancellationToken cancellationToken)
    {
        var all = command.Hub is { } one ? [one] : (await parts.HubsAsync(cancellationToken)).Select(static h => h.Name).ToList();
        var said = new List<string>();
        foreach (var hub in all)
        {
            if (_synced.TryGetValue(hub, out var last) && clock.GetElapsedTime(last) < SyncPace)
                return new("TooMany", $"{hub} was asked for within the last {SyncPace.TotalSeconds:0} seconds");
            if (await parts.SyncHubAsync(hub, cancellationToken) is not { } text)
                return new("Unknown", $"No hub is called {hub}.");
            _synced[hub] = clock.GetTimestamp();
            said.Add($"{hub}: {text}");
        }
        return new("Done", said.Count == 0 ? "No hub is configured." : string.Join("; ", said));
    }

    private EvseConfiguration? Evse(string station, int evse) => engine.State.Configuration.Station(station)?.Evse(evse);

    private static string WordOf(Refusal? refusal) => refusal switch
    {
        Refusal.UnknownEvse or Refusal.UnknownConnector or Refusal.UnknownLocation or Refusal.UnknownSession or Refusal.UnknownReservation => "Unknown",
        Refusal.StationOffline => "Offline",
        Refusal.NotSupported => "NotSupported",
        Refusal.ConnectorNotNamed => "Invalid",
        Refusal.TooOften => "TooMany",
        _ => "NotAllowed",
    };

    private static Outcome UnknownStation(string id) => new("Unknown", $"No station is called {id}.");

    private static Outcome UnknownEvse(string station, int evse) => new("Unknown", $"No EVSE {evse} is configured for a station {station}.");
}
