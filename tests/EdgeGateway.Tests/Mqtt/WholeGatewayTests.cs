using System.Net;
using System.Text.Json.Nodes;
using EdgeGateway.Mqtt;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Mqtt;

/// <summary>The whole gateway with a charger of its own at a real broker.</summary>
public sealed class WholeGatewayTests
{
    private const string Uid = "CANARYUID0815";

    [Fact]
    public async Task A_session_is_started_and_stopped_by_command_and_retained_topics_say_what_the_API_says_without_a_secret()
    {
        using var broker = MosquittoBroker.Start(new() { Passwords = new Dictionary<string, string> { ["gateway"] = "canary-of-broker" } });
        await using var running = await RunningGateway.StartAsync(f => f
            .Set("Gateway:Mqtt", new JsonObject
            {
                ["Broker"] = $"{broker.Url}", ["Username"] = "gateway", ["Password"] = "canary-of-broker", ["Commands"] = true, ["HomeAssistantDiscovery"] = true,
            })
            .Set("Gateway:Stations:0:Password", "canary-of-station").Set("Gateway:LocalTokens:0:Uid", Uid)
            .Set("Gateway:Hubs", JsonNode.Parse("""[{ "Name": "dead", "VersionsUrl": "http://127.0.0.1:1/versions", "RegistrationToken": "canary-of-hub" }]""")));
        using var ear = broker.Listen();
        await using var charger = new SimulatedCharger(
            new() { Identity = "CP-1", Endpoint = $"ws://{running.Gateway.OcppUrls[0].Authority}/ocpp", Password = "canary-of-station" }, TimeProvider.System);
        charger.Start();
        await ear.WaitAsync(_ => State(ear, "stations/CP-1/evses/1")?["connectorStatus"]?.ToString() == "Available");

        broker.Publish($"{MqttHost.Base}/command/start", $$"""{"station":"CP-1","evse":1,"uid":"{{Uid}}","id":"s1"}""");
        await ear.WaitAsync(_ => State(ear, "stations/CP-1/evses/1") is { } evse && evse["status"]?.ToString() == "CHARGING" && evse["connectorStatus"]?.ToString() == "Charging");
        Assert.True(State(ear, "response/start")!["ok"]!.GetValue<bool>());
        await AgreeWithTheApiAsync(running, ear);

        broker.Publish($"{MqttHost.Base}/command/stop", """{"station":"CP-1","evse":1,"id":"s2"}""");
        await ear.WaitAsync(m => m.Any(h => h.Topic.Contains("/sessions/", StringComparison.Ordinal) && h.Payload.Contains("\"last\":true", StringComparison.Ordinal)));
        await PublishingTests.AgreeAsync(ear.Messages.Where(m => !m.Topic.Contains("/command/", StringComparison.Ordinal)));
        Assert.All(ear.Messages.Where(m => !m.Topic.Contains("/command/", StringComparison.Ordinal)), m => Assert.DoesNotMatch("(?i)canary", m.Payload));
        var status = await running.Admin.GetStringAsync("/api/status", TestContext.Current.CancellationToken);
        Assert.DoesNotMatch("(?i)canary", status);
        Assert.Equal("Online", (string?)JsonNode.Parse(status)!["mqtt"]!["state"]);
        await SchemasAreServedAsync(running);

        await running.Gateway.DisposeAsync();
        await ear.WaitAsync(_ => ear.States[$"{MqttHost.Base}/status"] == "offline");
    }

    [Fact]
    public async Task A_broker_that_is_away_degrades_the_health_and_nothing_else()
    {
        await using var running = await RunningGateway.StartAsync(f => f.Set("Gateway:Mqtt:Broker", $"mqtt://127.0.0.1:{MosquittoBroker.FreePort()}"));
        Assert.Equal(HttpStatusCode.OK, (await running.Admin.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
        JsonNode? told = null;
        for (var i = 0; i < 500 && told is null; i++)
        {
            told = (await running.GetAsync<JsonObject>("/healthz"))!["degraded"]!.AsArray().FirstOrDefault(d => (string?)d!["code"] == "MqttNotOnline");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        Assert.StartsWith("Offline: ", (string?)told!["text"], StringComparison.Ordinal);
    }

    private static async Task AgreeWithTheApiAsync(RunningGateway running, MosquittoEar ear)
    {
        var status = (await running.GetAsync<JsonObject>("/api/status"))!;
        foreach (var station in status["stations"]!.AsArray())
        {
            var told = State(ear, $"stations/{station!["id"]}")!;
            foreach (var member in (string[])["id", "configured", "admission", "connected", "protocol", "vendor", "model", "serial", "firmware"])
                Assert.True(JsonNode.DeepEquals(station[member], told[member]), $"{member}: {station[member]} and {told[member]}");
            foreach (var connector in station["connectors"]!.AsArray())
            {
                var evse = State(ear, $"stations/{station["id"]}/evses/{connector!["evse"]}")!;
                var own = evse["connectors"]!.AsArray().Single(c => (int)c!["connector"]! == (int)connector["connector"]!)!;
                Assert.Equal(connector["status"]!.ToString().ToUpperInvariant(), evse["status"]!.ToString());
                Assert.Equal((string?)connector["state"], (string?)own["status"]);
                Assert.Equal((string?)connector["session"], (string?)own["session"]);
                Assert.Equal((long?)connector["energyWh"], (long?)evse["energyWh"]);
            }
        }
        foreach (var hub in status["hubs"]!.AsArray())
            Assert.Equal((string?)hub!["state"], (string?)State(ear, $"hubs/{hub["name"]}")!["state"]);
        var info = State(ear, "info")!;
        Assert.Equal((string?)status["siteName"], (string?)info["siteName"]);
        Assert.Equal((string?)status["version"], (string?)info["version"]);
    }

    private static async Task SchemasAreServedAsync(RunningGateway running)
    {
        var index = (await running.GetAsync<JsonArray>("/schemas/mqtt"))!;
        Assert.Equal(TopicTree.All.Select(k => k.Pattern), index.Select(k => (string?)k!["topic"]));
        foreach (var kind in index.Where(k => k!["schema"] is not null))
            Assert.Equal((string?)kind!["name"], (string?)(await running.GetAsync<JsonObject>((string)kind["schema"]!))!["title"]);
        Assert.Equal(HttpStatusCode.NotFound, (await running.Admin.GetAsync("/schemas/mqtt/nothing.json", TestContext.Current.CancellationToken)).StatusCode);
    }

    private static JsonObject? State(MosquittoEar ear, string topic) =>
        ear.States.GetValueOrDefault($"{MqttHost.Base}/{topic}") is { } payload ? JsonNode.Parse(payload)!.AsObject() : null;
}
