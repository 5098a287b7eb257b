using System.Globalization;
using System.Text.Json.Nodes;
using EdgeGateway.Simulators;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site.Model;
using Spectre.Console;

namespace EdgeGateway.Cli.Demo;

/// <summary>Tells what happens, a short line each: when on the site, who, what. The same words with and without colours.</summary>
internal sealed class DemoTeller(IAnsiConsole console, TimeProvider clock)
{
    private const int WhoWidth = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _sessions = [];
    private readonly HashSet<string> _told = [];

    /// <summary>What follows is tidying up, and no news.</summary>
    public bool IsSilent { get; set; }

    /// <summary>A turn of the story.</summary>
    public void Turn(string text)
    {
        lock (_lock)
        {
            console.WriteLine();
            console.Write(new Text(text + Environment.NewLine, new Style(decoration: Decoration.Bold)));
        }
    }

    public void Tell(string who, string what)
    {
        if (IsSilent)
            return;
        lock (_lock)
        {
            console.Write(new Text($"{clock.GetUtcNow():HH:mm:ss}  ", Color.Grey));
            console.Write(new Text(who.PadRight(WhoWidth) + "  ", ColorOf(who)));
            console.Write(new Text(what + Environment.NewLine));
        }
    }

    public void Charger(ChargerEvent happened)
    {
        var what = happened.What switch
        {
            "Preparing" => "a car is plugged in",
            "SuspendedEV" => "the car is full",
            "Available" => "is free",
            "connected" or "Charging" or "Finishing" => null,
            "accepted" => "is connected and accepted",
            var other => other,
        };
        if (what is not null)
            Tell(happened.Charger, what);
    }

    public void Hub(ReceivedRequest request)
    {
        if (request.OcpiStatus != 1000)
            return;
        var what = (request.Method, request.Module) switch
        {
            ("POST", "credentials") => "registered: called the gateway back, tokens exchanged",
            ("GET", "tokens") => "gave out its drivers' tokens",
            ("PUT", "locations") => Once(request.Subject.Split('/') is [_, _, var location] ? $"has location {location}" : null),
            ("PUT", "tariffs") => Once($"has tariff {request.Subject.Split('/')[^1]}"),
            ("PUT", "sessions") => Session(Json(request)),
            ("POST", "cdrs") => Cdr(Json(request)),
            ("POST", "commands") => $"hears that its command was {Text(Json(request), "result")}",
            _ => null,
        };
        if (what is not null)
            Tell("hub", what);
    }

    public void Meter(MeterReading meter) => Tell(meter.Meter, string.Create(
        CultureInfo.InvariantCulture, $"meter: {meter.PowerW / 1000:0.0} kW, {meter.EnergyWh / 1000m:0.000} kWh{(meter.Quality == MeterQuality.Good ? "" : $", {meter.Quality}: {meter.Trouble}")}"));

    public void Table(Verdict verdict)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Charger", "speaks", "Sessions", "at the hub", "kWh metered", "kWh billed", "CDRs", "EUR");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var line in verdict.Lines)
            table.AddRow(Cells(line).Select(c => new Text(c)));
        var sum = new VerdictLine(
            "Together", verdict.Lines.Sum(l => l.Sessions), verdict.Lines.Sum(l => l.HubSessions), verdict.Lines.Sum(l => l.DeliveredWh),
            verdict.Lines.Sum(l => l.HubWh), verdict.Lines.Sum(l => l.Cdrs), verdict.Lines.Sum(l => l.Cost));
        table.AddEmptyRow();
        table.AddRow(Cells(sum).Select(c => new Text(c, new Style(decoration: Decoration.Bold))));
        console.WriteLine();
        console.Write(table);
    }

    public void Verdict(Verdict verdict)
    {
        foreach (var breach in verdict.Breaches)
            console.Write(new Text($"{breach}{Environment.NewLine}", Color.Red));
        console.Write(verdict.Breaches.Count == 0
            ? new Text("Nothing lost, nothing doubled, nothing made up." + Environment.NewLine, Color.Green)
            : new Text($"Not as it must be: {verdict.Breaches.Count} faults." + Environment.NewLine, Color.Red));
    }

    private static Color ColorOf(string who) => who switch
    {
        "hub" => Color.Aqua,
        "gateway" => Color.Yellow,
        "driver" => Color.Fuchsia,
        _ => Color.Green,
    };

    private static string[] Cells(VerdictLine line) =>
    [
        line.Charger, Speaks(line.Charger), $"{line.Sessions}", $"{line.HubSessions}", Kwh(line.DeliveredWh), Kwh(line.HubWh), $"{line.Cdrs}",
        line.Cost.ToString("0.00", CultureInfo.InvariantCulture),
    ];

    private static string Speaks(string charger) => charger == DemoField.Station ? DemoField.Speaks :
        Enumerable.Range(1, DemoVerb.MostStations).FirstOrDefault(n => DemoSite.Station(n) == charger) is var number and > 0
            ? $"{DemoSite.Version(number).Subprotocol}{(DemoSite.HasCertificate(number) ? ", mutual TLS" : "")}" : "";

    private static string Kwh(long wh) => (wh / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Only a change of state is news.</summary>
    private string? Session(JsonObject? session)
    {
        var (id, status) = (Text(session, "id"), Text(session, "status"));
        lock (_lock)
        {
            if (_sessions.GetValueOrDefault(id) == status)
                return null;
            _sessions[id] = status;
        }
        return string.Create(CultureInfo.InvariantCulture, $"session {Short(id)} is {status}, {Number(session?["kwh"]):0.000} kWh");
    }

    private static string Cdr(JsonObject? cdr) => string.Create(
        CultureInfo.InvariantCulture,
        $"bill {Short(Text(cdr, "id"))}: {Number(cdr?["total_energy"]):0.000} kWh, {OcpiWords.Gross(cdr?["total_cost"]) ?? OcpiWords.Net(cdr?["total_cost"]):0.00} {Text(cdr, "currency")}");

    private static decimal Number(JsonNode? node) => node?.GetValue<decimal>() ?? 0;

    private string? Once(string? what)
    {
        lock (_lock)
            return what is not null && _told.Add(what) ? what : null;
    }

    private static string Short(string id) => id.Length > 8 ? id[..8] : id;

    private static JsonObject? Json(ReceivedRequest request) => JsonNode.Parse(request.Body) as JsonObject;

    private static string Text(JsonObject? json, string member) => (string?)json?[member] ?? "";
}
