using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;

namespace EdgeGateway.Cli.Rehearse;

/// <summary>What the hub's drivers do: by command at each station, with a card at the first, and what must come of it.</summary>
internal sealed class Drives(
    RehearsalSite site, SimulatedHub hub, IReadOnlyList<SimulatedCharger> chargers, Func<Func<bool>, CancellationToken, Task<bool>> until)
{
    private const string Report = "a fault of this program, not of your file: please report it";
    private static readonly string[] Steps = ["start by the hub", "session updates", "stop by the hub", "CDR"];

    private readonly ConcurrentDictionary<(string Step, string Station), string> _faults = new();

    public async Task<IReadOnlyList<Point>> RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(site.Places.Select((place, i) => DriveAsync(place, i + 1, cancellationToken)));
        List<Point> points =
        [
            .. Steps.Select(step => _faults.Where(f => f.Key.Step == step).Select(f => $"{f.Key.Station}: {f.Value}").Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } faults
                ? Point.Fail(step, string.Join("; ", faults), "look at the points above first; if they passed: " + Report)
                : Point.Pass(step, $"at {Terminal.Count(site.Places.Count, "station")}{(site.Places.Count == RehearsalSite.MostStations ? " (no more were tried)" : "")}")),
        ];
        points.Add(await CardAsync(site.Places[0], cancellationToken));
        points.Add(await UnlockAsync(site.Places[0], cancellationToken));
        return points;
    }

    private async Task DriveAsync(RehearsedPlace place, int number, CancellationToken cancellationToken)
    {
        var card = RehearsalSite.Card(number);
        var start = await hub.Commands.StartSessionAsync(card, site.Site.Site.Id, place.Evse, place.Connector, $"REHEARSAL-{number}", cancellationToken);
        if (start.Response != "ACCEPTED" || !await until(() => start.Outcome.IsCompleted, cancellationToken) || (await start.Outcome).Result != "ACCEPTED")
        {
            Fault(Steps[0], $"answered {Said(start)}");
            return;
        }
        if (!await until(() => Session(place, card) is { } s && (string?)s["status"] == "ACTIVE", cancellationToken))
        {
            Fault(Steps[0], "no session became ACTIVE");
            return;
        }
        var id = (string)Session(place, card)!["id"]!;
        if (!await until(() => (decimal?)Session(place, card)!["kwh"] > 0, cancellationToken))
            Fault(Steps[1], "no update told of energy");
        var stop = await hub.Commands.StopSessionAsync(id, cancellationToken);
        if (stop.Response != "ACCEPTED" || !await until(() => (string?)Session(place, card)!["status"] == "COMPLETED", cancellationToken))
            Fault(Steps[2], $"answered {Said(stop)}, the session is {Session(place, card)!["status"]}");
        await BilledAsync(id, fault => Fault(Steps[3], fault), cancellationToken);
        chargers.First(c => c.Identity == place.Station).Unplug(place.Number);

        void Fault(string step, string what) => _faults[(step, place.Station)] = what;
    }

    /// <summary>The hub's rules have held the bill to its session already (S5, D6); here only that it came.</summary>
    private async Task BilledAsync(string session, Action<string> fault, CancellationToken cancellationToken)
    {
        var json = hub.Store.Find("sessions", session)!;
        if (!await until(() => Bill() is not null, cancellationToken))
            fault("none came");
        else if (hub.Store.Breaches.FirstOrDefault(b => b.Subject == Bill()!.Id) is { } breach)
            fault(breach.Text);

        StoredObject? Bill() => hub.Store.Cdrs.FirstOrDefault(c => OcpiWords.Bills(c.Latest, (hub.Store.Find("sessions", session) ?? json).Latest));
    }

    /// <summary>RFID by hand: a card that is asked about every time.</summary>
    private async Task<Point> CardAsync(RehearsedPlace place, CancellationToken cancellationToken)
    {
        const string Name = "card at a charger";
        var card = RehearsalSite.Card(1000) with { Whitelist = "NEVER", Unlisted = true };
        hub.Tokens.Put(card);
        var charger = chargers.First(c => c.Identity == place.Station);
        charger.PlugIn(place.Number, 100_000);
        var number = await charger.PresentAsync(place.Number, card.Uid, cancellationToken);
        var isAsked = hub.Tokens.Asked.Any(a => a.Uid == card.Uid);
        if (number is null || !isAsked)
        {
            charger.Unplug(place.Number);
            return Point.Fail(Name, isAsked ? "the hub was asked and agreed, yet the card was refused" : "the hub was not asked", "look at the points above first; if they passed: " + Report);
        }
        string? fault = null;
        if (!await until(() => Session(place, card) is not null, cancellationToken))
            fault = "no session came";
        charger.Unplug(place.Number);
        if (fault is null)
            await BilledAsync((string)Session(place, card)!["id"]!, f => fault = $"CDR: {f}", cancellationToken);
        return fault is null ? Point.Pass(Name, "the hub was asked, session and CDR came") : Point.Fail(Name, fault, Report);
    }

    private async Task<Point> UnlockAsync(RehearsedPlace place, CancellationToken cancellationToken)
    {
        const string Name = "unlock by the hub";
        var unlock = await hub.Commands.UnlockAsync(site.Site.Site.Id, place.Evse, place.Connector, cancellationToken);
        return unlock.Response == "ACCEPTED" && await until(() => unlock.Outcome.IsCompleted, cancellationToken) && (await unlock.Outcome).Result == "ACCEPTED"
            ? Point.Pass(Name, $"{place.Station} did")
            : Point.Fail(Name, $"{place.Station} answered {Said(unlock)}", Report);
    }

    /// <summary>The newest session of a card at a place; [211] names the contract in place of the card.</summary>
    private JsonObject? Session(RehearsedPlace place, HubToken card) =>
        hub.Store.Sessions.Select(s => s.Latest).LastOrDefault(s => OcpiWords.Token(s) is var t && (t == card.Uid || t == card.ContractId) && OcpiWords.Place(s).Evse == place.Evse);

    private static string Said(CommandExchange exchange) =>
        $"{(exchange.Response.Length > 0 ? exchange.Response : $"status {exchange.OcpiStatus}")}{(exchange.Outcome.IsCompletedSuccessfully ? $", then {exchange.Outcome.Result.Result}" : ", and nothing after that")}";
}
