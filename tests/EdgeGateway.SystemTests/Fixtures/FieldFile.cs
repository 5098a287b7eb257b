using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>What a site's file says of devices on Modbus.</summary>
internal static class FieldFile
{
    /// <summary>What car and wiring of a fast test bear, in A per phase: Wh come in seconds.</summary>
    public const int FastAmperes = 400;

    public static DeviceTemplate Template(string id) =>
        TemplateBook.Embedded.Find(id) ?? throw new InvalidOperationException($"no template {id}; there are {string.Join(", ", TemplateBook.Embedded.All.Select(t => t.Id))}");

    public static string Tcp(int port) => $"tcp://127.0.0.1:{port}";

    /// <summary>Makes the first station (CP-1) one that speaks no OCPP.</summary>
    public static void OnModbus(JsonObject gateway, string template, string transport, int unit = 1, int amperes = FastAmperes)
    {
        var station = gateway["Stations"]![0]!.AsObject();
        station.Remove("Password");
        station["Modbus"] = new JsonObject { ["Template"] = template, ["Transport"] = transport, ["Unit"] = unit, ["PollSeconds"] = 1 };
        station["Evses"]![0]!["Connectors"]![0]!["MaxAmperage"] = amperes;
    }

    /// <summary>Adds a meter; of a station's EVSE 1 where one is named, else of the grid.</summary>
    public static JsonObject Meter(JsonObject gateway, string id, string template, string transport, int unit, string? station = null, double pollSeconds = 0.2)
    {
        var meter = new JsonObject
        {
            ["Id"] = id, ["Role"] = station is null ? "Grid" : "Station", ["Template"] = template, ["Transport"] = transport, ["Unit"] = unit, ["PollSeconds"] = pollSeconds,
        };
        if (station is not null)
            (meter["Station"], meter["Evse"]) = (station, 1);
        gateway["Meters"] ??= new JsonArray();
        gateway["Meters"]!.AsArray().Add(meter);
        return meter;
    }

    public static async Task<JsonNode?> MeterAsync(SystemSite site, string id) =>
        (await site.Gateway.GetAsync("/api/meters"))!.AsArray().FirstOrDefault(m => (string?)m!["id"] == id);

    public static async Task ServedAsync(SystemSite site, string station = "CP-1", bool isServed = true) => await Poll.UntilAsync(
        $"{station} is {(isServed ? "" : "not ")}connected", async () => (bool?)(await site.Gateway.GetAsync($"/api/stations/{station}"))?["connected"] == isServed);

    public static Task QualityAsync(SystemSite site, string meter, string quality) => Poll.UntilAsync(
        $"meter {meter} is {quality}", async () => string.Equals((string?)(await MeterAsync(site, meter))?["quality"], quality, StringComparison.OrdinalIgnoreCase));
}
