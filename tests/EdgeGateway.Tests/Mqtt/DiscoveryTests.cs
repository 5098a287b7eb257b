using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Mqtt;

/// <summary>Home Assistant's discovery, read back from a real broker and held against the real payloads.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public async Task Each_component_s_template_finds_its_value_in_the_real_payload()
    {
        using var broker = MosquittoBroker.Start();
        await using var host = await MqttHost.StartAsync(broker.Url);
        var begun = await host.BeginAsync();
        await host.MeterAsync(begun.Number, 2500);
        host.Read(host.Readings[0]);
        await PublishingTests.SettledAsync(host);
        using var ear = broker.Listen();
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault($"{MqttHost.Base}/stations/CP-1/evses/1", "").Contains("\"energyWh\":1500", StringComparison.Ordinal)
            && ear.States.Keys.Count(k => k.StartsWith("homeassistant/", StringComparison.Ordinal)) == 6);

        var uniqueIds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (topic, payload) in ear.States.Where(s => s.Key.StartsWith("homeassistant/", StringComparison.Ordinal)))
        {
            Assert.Matches("^homeassistant/device/[A-Za-z0-9_-]+/config$", topic);
            var device = JsonNode.Parse(payload)!;
            Assert.Equal(topic.Split('/')[2], (string?)device["dev"]!["ids"]![0]);
            Assert.NotNull((string?)device["dev"]!["name"]);
            Assert.Equal("edge-gateway", (string?)device["o"]!["name"]);
            foreach (var (key, component) in device["cmps"]!.AsObject())
            {
                var what = $"{topic} {key}";
                Assert.True(uniqueIds.Add((string)component!["unique_id"]!), what);
                Judge(what, ear, device, component);
            }
        }
        Assert.Contains("edge-gateway-BER01-station-CP-1-evse1-energy", uniqueIds);
    }

    [Fact]
    public async Task Buttons_press_what_the_gateway_takes_and_are_taken_off_without_commands()
    {
        using var broker = MosquittoBroker.Start();
        using var ear = broker.Listen("homeassistant/device/edge-gateway-BER01-station-CP-1/config");
        await using var host = await MqttHost.StartAsync(broker.Url);
        await ear.WaitAsync(m => m.Count > 0 && m[^1].Payload.Contains("evse2-unlock1", StringComparison.Ordinal));
        foreach (var (_, button) in JsonNode.Parse(ear.Messages[^1].Payload)!["cmps"]!.AsObject().Where(c => (string?)c.Value!["p"] == "button"))
            broker.Publish((string)button!["command_topic"]!, (string)button["payload_press"]!);
        await ChargersHost.UntilAsync(() => host.Done.Count == 3);
        Assert.Equal(
            ["CP-1 ResetStation { Hard = False, Evse =  } by MQTT (Home Assistant)", "unlock CP-1/1/1", "unlock CP-1/2/1"], host.Done.Order(StringComparer.Ordinal));

        host.Settings = host.Settings with { Commands = false };
        await ear.WaitAsync(m => m[^1].Payload.Contains("\"reset\":{\"p\":\"button\"}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Home_Assistant_is_told_everything_anew_when_it_comes_and_nothing_when_discovery_is_off()
    {
        using var broker = MosquittoBroker.Start();
        await using var host = await MqttHost.StartAsync(broker.Url);
        await PublishingTests.SettledAsync(host);
        using var ear = broker.Listen("homeassistant/device/#");
        await ear.WaitAsync(m => m.Count >= 6);
        var before = ear.Messages.Count;
        broker.Publish("homeassistant/status", "offline");
        broker.Publish("homeassistant/status", "online");
        await ear.WaitAsync(m => m.Skip(before).Select(h => h.Topic).Distinct().Count() == 6);
        Assert.All(ear.Messages.Skip(before), m => Assert.Equal(ear.Messages.First(f => f.Topic == m.Topic).Payload, m.Payload));

        host.Settings = host.Settings with { HomeAssistantDiscovery = false };
        await ear.WaitAsync(_ => ear.States.Count == 0);
    }

    [Fact]
    public async Task A_station_that_nobody_let_in_is_no_device()
    {
        using var broker = MosquittoBroker.Start();
        using var ear = broker.Listen();
        await using var host = await MqttHost.StartAsync(broker.Url);
        await host.Engine.ReportAsync(new EdgeGateway.Site.Reports.StationConnected("stranger+1", "OCPP 1.6", "10.0.0.66"), TestContext.Current.CancellationToken);
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault($"{MqttHost.Base}/stations/stranger%2B1", "").Contains("\"admission\":\"Pending\"", StringComparison.Ordinal));
        Assert.DoesNotContain(ear.States.Keys, k => k.StartsWith("homeassistant/", StringComparison.Ordinal) && k.Contains("stranger", StringComparison.Ordinal));
        await host.Engine.RequestAsync(new EdgeGateway.Site.Requests.AcceptStation("stranger+1"), TestContext.Current.CancellationToken);
        await ear.WaitAsync(_ => ear.States.ContainsKey("homeassistant/device/edge-gateway-BER01-station-stranger_2B1/config"));
    }

    [Fact]
    public async Task An_EVSE_that_is_taken_out_of_the_file_is_taken_off_its_device()
    {
        using var broker = MosquittoBroker.Start();
        await using var host = await MqttHost.StartAsync(broker.Url);
        using var ear = broker.Listen();
        const string Device = "homeassistant/device/edge-gateway-BER01-station-CP-2/config";
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault(Device, "").Contains("evse2-power", StringComparison.Ordinal));
        var site = host.Engine.State.Configuration;
        var smaller = ExampleSite.Station("CP-2") with { Evses = [ExampleSite.Station("CP-2").Evses[0]] };
        await host.Engine.RequestAsync(new EdgeGateway.Site.Requests.Configure(site with { Stations = [ExampleSite.Station("CP-1"), smaller] }), TestContext.Current.CancellationToken);
        await ear.WaitAsync(_ => ear.States[Device].Contains("\"evse2-power\":{\"p\":\"sensor\"}", StringComparison.Ordinal)
            && !ear.States.ContainsKey($"{MqttHost.Base}/stations/CP-2/evses/2"));
        Assert.Contains("evse1-power\":{\"device_class\"", ear.States[Device], StringComparison.Ordinal);
    }

    private static void Judge(string what, MosquittoEar ear, JsonNode device, JsonNode component)
    {
        var platform = (string?)component["p"];
        Assert.Contains(platform, new[] { "sensor", "binary_sensor", "button" });
        foreach (var availability in (component["availability"] ?? device["availability"])!.AsArray())
            Assert.True(ear.States.ContainsKey((string)availability!["topic"]!), what);
        if (platform == "button")
            return;
        var state = JsonNode.Parse(ear.States[(string?)component["state_topic"] ?? (string)device["state_topic"]!])!.AsObject();
        var member = Regex.Match((string)component["value_template"]!, @"^\{\{ value_json\.(?<member>\w+) \}\}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["member"].Value;
        Assert.True(state.ContainsKey(member), $"{what}: {component["value_template"]} in {state.ToJsonString()}");
        var value = state[member];
        // As Jinja prints it: True and False, numbers, texts; None is what Home Assistant knows as unknown.
        var shown = value is null ? "None" : value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? (value.GetValue<bool>() ? "True" : "False") : value.ToString();
        if (platform == "binary_sensor")
            Assert.Contains(shown, new[] { (string?)component["payload_on"], (string?)component["payload_off"] });
        if ((string?)component["device_class"] == "enum" && shown != "None")
            Assert.Contains(shown, component["options"]!.AsArray().Select(o => (string?)o));
        if ((string?)component["device_class"] == "timestamp" && shown != "None")
            Assert.True(DateTimeOffset.TryParse(shown, out _), what);
        if (component["unit_of_measurement"] is { } unit)
        {
            Assert.True(value is null || value.GetValueKind() == System.Text.Json.JsonValueKind.Number, what);
            Assert.EndsWith((string)unit! switch { "B" => "Bytes", var u => u.ToUpperInvariant() }, member, StringComparison.OrdinalIgnoreCase);
            Assert.Equal((string?)component["device_class"] == "energy" ? "total_increasing" : "measurement", (string?)component["state_class"]);
        }
    }
}
