using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Hosting;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Tests.Admin;

public sealed class MetersApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meters_are_shown_and_a_silent_one_is_told_while_the_others_go_on()
    {
        await using var meters = new SimulatedMeters();
        meters.Add(1);
        meters.Configure("grid", 1).Configure("cp1", 2, evse: 1);
        await using var running = await RunningGateway.StartAsync(meters.WriteTo);
        await UntilAsync(running, "grid", MeterQuality.Good);
        await ChargersHost.UntilAsync(() => Meters(running).Newest[1].Trouble is not null);

        var shown = (await running.GetAsync<JsonArray>("/api/meters"))!;
        Assert.Equal(["grid", "cp1"], shown.Select(static m => (string?)m!["id"]));
        Assert.Equal(("Grid", "Good", 1_234_000L, null, "eastron-sdm120"), ((string?)shown[0]!["role"], (string?)shown[0]!["quality"], (long)shown[0]!["energyWh"]! / 1_000 * 1_000, (string?)shown[0]!["trouble"], (string?)shown[0]!["template"]));
        Assert.Equal(("CP-1", 1, "Auto", "None", meters.Transport, 2), ((string?)shown[1]!["station"], (int?)shown[1]!["evse"], (string?)shown[1]!["use"], (string?)shown[1]!["quality"], (string?)shown[1]!["transport"], (int?)shown[1]!["unit"]));
        Assert.False(string.IsNullOrEmpty((string?)shown[1]!["trouble"]));
        Assert.Equal(3_600m, (decimal?)(await running.GetAsync<JsonObject>("/api/meters/GRID"))!["powerW"]);
        Assert.Equal(2, (await running.GetAsync<JsonObject>("/api/status"))!["meters"]!.AsArray().Count);

        var health = (await running.GetAsync<JsonObject>("/healthz"))!;
        Assert.Equal("cp1", (string?)Assert.Single(health["degraded"]!.AsArray(), static d => (string?)d!["code"] == "MeterSilent")!["subject"]);
        Assert.Contains("1234.0", await running.Admin.GetStringAsync("/", Cancelled), StringComparison.Ordinal);
        var bus = Assert.Single((await running.GetAsync<JsonArray>("/api/modbus"))!)!;
        Assert.Equal((meters.Transport, true), ((string?)bus["transport"], (bool?)bus["open"]));
        Assert.True((long?)bus["requests"] > 0 && (long?)bus["failures"] > 0);
    }

    [Fact]
    public async Task The_registers_of_a_device_are_read_live_and_come_as_they_are()
    {
        await using var meters = new SimulatedMeters();
        meters.Add(1).PowerW = 0;
        meters.Configure("grid", 1).Configure("cp1", 2, evse: 1);
        await using var running = await RunningGateway.StartAsync(meters.WriteTo);
        await UntilAsync(running, "grid", MeterQuality.Good);
        var read = (await running.GetAsync<JsonObject>("/api/meters/grid/registers"))!;
        var energy = Assert.Single(read["values"]!.AsArray(), static v => (string?)v!["quantity"] == "EnergyImport")!;
        Assert.Equal((1_234_000m, "Wh", 4, 72, "449A4000"), ((decimal?)energy["value"], (string?)energy["unit"], (int?)energy["function"], (int?)energy["address"], string.Concat(energy["raw"]!.AsArray().Select(static r => (string?)r))));
        Assert.Equal("305419896", (string?)Assert.Single(read["values"]!.AsArray(), static v => (string?)v!["quantity"] == "Serial")!["text"]);
        Assert.Null((string?)read["trouble"]);
        foreach (var (path, status) in new[] { ("/api/meters/cp1/registers", HttpStatusCode.BadGateway), ("/api/meters/nobody/registers", HttpStatusCode.NotFound), ("/api/meters/nobody", HttpStatusCode.NotFound) })
        {
            var answer = await running.Admin.GetAsync(path, Cancelled);
            Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }
    }

    [Fact]
    public async Task A_scan_tells_who_answers_and_what_it_is()
    {
        await using var meters = new SimulatedMeters();
        meters.Add(1);
        meters.Add(3);
        meters.Configure("grid", 1);
        await using var running = await RunningGateway.StartAsync(meters.WriteTo);
        var answer = await PostAsync(running, $$"""{"transport":"{{meters.Transport}}","from":1,"to":3,"timeoutMs":100}""");
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var units = (await answer.Content.ReadAsStringAsync(Cancelled)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonNode.Parse(l)!).ToList();
        Assert.Equal([(1, true, "eastron-sdm120"), (2, false, null), (3, true, "eastron-sdm120")], units.Select(static u => ((int)u["unit"]!, (bool)u["answers"]!, (string?)u["template"])));
        Assert.Equal("305419896", (string?)units[0]["serial"]);
        await UntilAsync(running, "grid", MeterQuality.Good);

        var gone = await PostAsync(running, """{"transport":"tcp://127.0.0.1:1","timeoutMs":100}""");
        var line = Assert.Single((await gone.Content.ReadAsStringAsync(Cancelled)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(string.IsNullOrEmpty((string?)JsonNode.Parse(line)!["why"]));
    }

    [Theory]
    [InlineData("""{"transport":"udp://x"}""", "transport")]
    [InlineData("{}", "transport")]
    [InlineData("""{"transport":"tcp://x","from":256}""", "from")]
    [InlineData("""{"transport":"rtu+tcp://x:1","from":0}""", "from")]
    [InlineData("""{"transport":"tcp://x","from":5,"to":4}""", "to")]
    [InlineData("""{"transport":"tcp://x","timeoutMs":1}""", "timeoutMs")]
    [InlineData("""{"transport":"tcp://x","unit":1}""", "unit")]
    public async Task A_scan_that_makes_no_sense_is_refused_by_member(string body, string member)
    {
        await using var running = await RunningGateway.StartAsync();
        var answer = await PostAsync(running, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(member, Assert.Single(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["errors"]!.AsObject()).Key);
    }

    [Fact]
    public async Task What_goes_over_a_line_can_be_followed()
    {
        await using var meters = new SimulatedMeters();
        meters.Add(1);
        meters.Configure("grid", 1);
        await using var running = await RunningGateway.StartAsync(meters.WriteTo);
        await UntilAsync(running, "grid", MeterQuality.Good);
        foreach (var query in new[] { "meter=grid", $"transport={Uri.EscapeDataString(meters.Transport)}" })
        {
            using var stream = new StreamReader(await running.Admin.GetStreamAsync($"/api/modbus/frames?{query}", Cancelled));
            var frames = new List<JsonNode>();
            while (frames.Count < 4)
                frames.Add(JsonNode.Parse((await stream.ReadLineAsync(Cancelled))!)!);
            Assert.Contains(frames, static f => (string?)f["direction"] == "Out" && ((string?)f["bytes"])!.StartsWith("01", StringComparison.Ordinal) && ((string?)f["remark"])!.Contains("unit 1", StringComparison.Ordinal));
            Assert.Contains(frames, static f => (string?)f["direction"] == "In");
        }
        Assert.Equal(HttpStatusCode.NotFound, (await running.Admin.GetAsync("/api/modbus/frames?meter=nobody", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await running.Admin.GetAsync("/api/modbus/frames?transport=tcp://127.0.0.1:1", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await running.Admin.GetAsync("/api/modbus/frames", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task An_edited_file_brings_a_meter_and_a_restart_forgets_no_count()
    {
        await using var meters = new SimulatedMeters();
        var meter = meters.Add(1);
        using var folder = new SiteFolder();
        await using (var first = await StartAsync(folder))
        {
            Assert.Empty(first.Services.GetRequiredService<ISiteMeters>().Newest);
            meters.Configure("grid", 1).WriteTo(folder);
            folder.Save();
            await ChargersHost.UntilAsync(() => first.Services.GetRequiredService<ISiteMeters>().Newest is [{ Quality: MeterQuality.Good }]);
        }
        meter.Jump(5);
        await using var second = await StartAsync(folder);
        await ChargersHost.UntilAsync(() => second.Engine.State.Configuration.Meters.Length == 1 && second.Services.GetRequiredService<ISiteMeters>().Newest is [{ At: not null } or { Trouble: not null }]);
        await ChargersHost.UntilAsync(() => second.Services.GetRequiredService<IHistory>().EventsAsync(100, Cancelled).AsTask().GetAwaiter().GetResult().Any(static e => e.Code == "MeterReset"));
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        await using var running = await RunningGateway.StartAsync();
        var paths = (await running.GetAsync<JsonObject>("/openapi/v1.json"))!["paths"]!.AsObject().Select(static p => p.Key).ToList();
        foreach (var path in new[] { "/api/meters", "/api/meters/{id}", "/api/meters/{id}/registers", "/api/modbus", "/api/modbus/scan", "/api/modbus/frames" })
            Assert.Contains(path, paths);
    }

    private static Task<Gateway> StartAsync(SiteFolder folder) =>
        Gateway.StartAsync(folder.Configuration(), TimeProvider.System, new() { Follow = folder.Sources, Logging = static l => l.ClearProviders() }, Cancelled);

    private static ISiteMeters Meters(RunningGateway running) => running.Gateway.Services.GetRequiredService<ISiteMeters>();

    private static Task UntilAsync(RunningGateway running, string meter, MeterQuality quality) =>
        ChargersHost.UntilAsync(() => Meters(running).Newest.Any(m => m.Meter == meter && m.Quality == quality));

    private static Task<HttpResponseMessage> PostAsync(RunningGateway running, string body) =>
        running.Admin.PostAsync("/api/modbus/scan", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
}
