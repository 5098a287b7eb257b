using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeGateway.Mqtt;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;
using NJsonSchema;

namespace EdgeGateway.Tests.Mqtt;

/// <summary>What reaches a real broker, as mosquitto's own client reads it.</summary>
public sealed class PublishingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retained_topics_alone_say_all_that_the_site_is_and_their_schemas_agree()
    {
        using var broker = MosquittoBroker.Start();
        await using var host = await MqttHost.StartAsync(broker.Url, s => s with { HomeAssistantDiscovery = false });
        var begun = await host.BeginAsync();
        await host.MeterAsync(begun.Number, 2500);
        await host.Engine.ReportAsync(new ConnectorReported(new("CP-2", 2, 1), ConnectorState.Faulted, "GroundFailure", "wet", "V7", null), Cancelled);
        host.Read(host.Readings[0] with { PowerW = -99.5m });
        await SettledAsync(host);

        // Somebody who comes later, and has seen nothing before; what is said live meanwhile, of a session for example, is none of it.
        using var ear = broker.Listen($"{MqttHost.Base}/#");
        string[] Retained() => [.. ear.Messages.Where(static m => m.Retained).Select(static m => m.Topic[(MqttHost.Base.Length + 1)..]).Distinct().Order(StringComparer.Ordinal)];
        await ear.WaitAsync(_ => Retained().Length >= 11 && ear.States.GetValueOrDefault($"{MqttHost.Base}/stations/CP-1/evses/1", "").Contains("\"energyWh\":1500", StringComparison.Ordinal));
        Assert.Equal(
            new[]
            {
                "hubs/enapi", "info", "meters/cp1", "meters/grid", "stations/CP-1", "stations/CP-1/evses/1", "stations/CP-1/evses/2", "stations/CP-2", "stations/CP-2/evses/1",
                "stations/CP-2/evses/2", "status",
            },
            Retained());
        Assert.Equal("online", ear.States[$"{MqttHost.Base}/status"]);

        var state = host.Engine.State;
        Assert.Equal(Encoding.UTF8.GetString(StateBoard.Bytes(state.Station("CP-1", MqttHost.Started)!, MqttJson.Default.StationPayload)), ear.States[$"{MqttHost.Base}/stations/CP-1"]);
        var evse = Read<EvsePayload>(ear, "stations/CP-1/evses/1");
        Assert.Equal(("CHARGING", "Charging", 11_000m, 1500L, begun.SessionId), (evse.Status, evse.ConnectorStatus, evse.PowerW, evse.EnergyWh, evse.Session));
        Assert.Equal(["2/1 GroundFailure"], Read<StationPayload>(ear, "stations/CP-2").Faults);
        Assert.Equal("V7", Read<EvsePayload>(ear, "stations/CP-2/evses/2").Connectors[0].VendorErrorCode);
        Assert.Equal(host.Readings.First(r => r.Meter == "grid").View(), Read<MeterPayload>(ear, "meters/grid"));
        Assert.Equal(-99.5m, Read<MeterPayload>(ear, "meters/grid").PowerW);
        Assert.Equal(MqttHost.HubOf("Online"), Read<HubPayload>(ear, "hubs/enapi"));
        var info = Read<InfoPayload>(ear, "info");
        Assert.True(info is { SiteId: "BER01", ActiveSessions: 1, Problem: true, StorageBytes: 3 * 1024 * 1024, Clock: "synchronized" } && info.Degraded[0].Subject == "CP-2");
        await AgreeAsync(ear.Messages);
    }

    [Fact]
    public async Task Each_change_of_a_session_is_told_and_the_last_has_the_CDR_s_total()
    {
        using var broker = MosquittoBroker.Start();
        using var ear = broker.Listen($"{MqttHost.Base}/sessions/+");
        await using var host = await MqttHost.StartAsync(broker.Url);
        var begun = await host.BeginAsync();
        await ear.WaitAsync(m => m.Count == 1);
        await host.MeterAsync(begun.Number, 2500);
        await ear.WaitAsync(m => m.Count == 2);
        await host.Engine.ReportAsync(new SessionEnded("CP-1", begun.Number, null, null, 4000, "Local", [], null), Cancelled);
        await ear.WaitAsync(m => m.Count == 3);
        var told = ear.Messages.Select(m => JsonSerializer.Deserialize(m.Payload, MqttJson.Default.SessionPayload)!).ToList();
        Assert.Equal([("Active", 0L, false), ("Active", 1500L, false), ("Completed", 3000L, true)], told.Select(s => (s.Status, s.EnergyWh, s.Last)));
        var cdr = host.Journal.Cdrs[begun.SessionId];
        Assert.Equal((cdr.Id, "EUR", cdr.Bill.Total.ExclVat, cdr.Bill.Total.InclVat), (told[2].Cdr, told[2].Currency, told[2].TotalExclVat, told[2].TotalInclVat));
        Assert.All(ear.Messages, m => Assert.False(m.Retained));
        await AgreeAsync(ear.Messages);
    }

    [Fact]
    public async Task What_is_gone_is_cleared_by_the_next_run_too()
    {
        using var broker = MosquittoBroker.Start();
        var documents = new MemoryDocuments();
        await using (var host = await MqttHost.StartAsync(broker.Url, documents: documents))
            await SettledAsync(host);
        using var ear = broker.Listen();
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault($"{MqttHost.Base}/status") == "offline" && ear.States.Count == 17);
        Assert.Equal(6, ear.States.Keys.Count(t => t.StartsWith("homeassistant/device/", StringComparison.Ordinal)));

        // The station, the meter, the hub, discovery and even the base are others when it comes again.
        await using var again = await MqttHost.StartAsync(
            broker.Url, s => s with { HomeAssistantDiscovery = false, BaseTopic = "other" }, c => c with { Stations = [ExampleSite.Station("CP-1")] }, documents);
        again.Hubs.Clear();
        again.Readings = [];
        await ear.WaitAsync(_ => ear.States.Keys.Where(k => !k.EndsWith("/events", StringComparison.Ordinal)).Order(StringComparer.Ordinal).SequenceEqual(["other/info", "other/stations/CP-1", "other/stations/CP-1/evses/1", "other/stations/CP-1/evses/2", "other/status"]));
        // What has left is forgotten once the broker has confirmed it.
        await ChargersHost.UntilAsync(() => documents.All[RetainedBook.Document] is { } kept && !kept.Contains(MqttHost.Base, StringComparison.Ordinal) && !kept.Contains("CP-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broker_that_is_killed_under_load_has_every_event_and_all_states_soon_after()
    {
        using var broker = MosquittoBroker.Start(new() { Persistence = true });
        await using var host = await MqttHost.StartAsync(broker.Url);
        // A session of its own outlasts the broker, so that what is missing was lost by us.
        using var ear = broker.Listen($"{MqttHost.Base}/#", "-c", "-i", "eye", "-x", "3600");
        var begun = await host.BeginAsync();
        using var stop = new CancellationTokenSource();
        var sent = 0;
        var load = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && sent < 900)
            {
                await host.RemarkAsync($"{++sent}");
                await host.MeterAsync(begun.Number, 1000 + (10 * sent));
                await Task.Delay(2, Cancelled);
            }
        }, Cancelled);
        await ear.WaitAsync(m => m.Count(h => h.Topic.EndsWith("/events", StringComparison.Ordinal)) > 50);
        broker.Stop();
        await ChargersHost.UntilAsync(() => host.Service.Figures?.State == "Offline");
        broker.Start();
        var since = Stopwatch.StartNew();
        await ChargersHost.UntilAsync(() => host.Service.Figures is { State: "Online" });
        TestContext.Current.TestOutputHelper?.WriteLine($"online again {since.ElapsedMilliseconds} ms after the broker's start");
        await stop.CancelAsync();
        await load;
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault($"{MqttHost.Base}/stations/CP-1/evses/1", "").Contains($"\"energyWh\":{10 * sent}", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"states as they are {since.ElapsedMilliseconds} ms after the broker's start");
        await ear.WaitAsync(m => Events(m).Any(e => e.Text == $"{sent}"));
        var events = Events(ear.Messages).DistinctBy(e => e.Seq).ToList();
        // A repeat has its original's number; none is missing; each is in its place.
        Assert.Equal(Enumerable.Range(1, sent).Select(i => $"{i}"), events.Where(e => e.Code == "Test").Select(e => e.Text));
        Assert.Equal(events.Count, events[^1].Seq - events[0].Seq + 1);
        Assert.Equal(0, host.Service.Figures!.Dropped);
        Assert.Equal("online", ear.States[$"{MqttHost.Base}/status"]);
    }

    [Fact]
    public async Task Without_a_broker_the_site_goes_on_and_what_is_lost_is_counted_and_told()
    {
        await using var host = await MqttHost.StartAsync(new($"mqtt://127.0.0.1:{MosquittoBroker.FreePort()}"), s => s with { EventLimit = 10 });
        await ChargersHost.UntilAsync(() => host.Service.Figures is { State: "Offline", Why.Length: > 0, IsDegraded: true });
        var begun = await host.BeginAsync();
        for (var i = 0; i < 200; i++)
            await host.RemarkAsync($"{i}");
        await host.Engine.ReportAsync(new SessionEnded("CP-1", begun.Number, null, null, 4000, "Local", [], null), Cancelled);
        Assert.True(host.Journal.Cdrs.ContainsKey(begun.SessionId));
        await ChargersHost.UntilAsync(() => host.Journal.Events.Exists(e => e.Code == "MqttDropped") && host.Journal.Events.Exists(e => e is { Code: "MqttOffline", Severity: Severity.Warning }));
        Assert.True(host.Service.Figures!.Dropped > 0);
    }

    [Fact]
    public async Task Another_broker_in_the_file_is_gone_to_without_a_restart()
    {
        using var first = MosquittoBroker.Start();
        using var second = MosquittoBroker.Start();
        await using var host = await MqttHost.StartAsync(first.Url);
        await SettledAsync(host);
        host.Settings = host.Settings with { Broker = second.Url, BaseTopic = "moved" };
        using var ear = second.Listen("moved/#");
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault("moved/status") == "online" && ear.States.ContainsKey("moved/stations/CP-1"));
        using var former = first.Listen($"{MqttHost.Base}/status");
        await former.WaitAsync(m => m.Count > 0);
        Assert.Equal("offline", former.States[$"{MqttHost.Base}/status"]);
        host.Settings = host.Settings with { Broker = null };
        await ear.WaitAsync(_ => ear.States["moved/status"] == "offline");
        await ChargersHost.UntilAsync(() => host.Service.Figures is null);
    }

    [Fact]
    public async Task A_broker_that_says_no_is_named_with_its_reason_and_check_says_the_same()
    {
        using var broker = MosquittoBroker.Start(new() { Passwords = new Dictionary<string, string> { ["gateway"] = "right" } });
        await using var host = await MqttHost.StartAsync(broker.Url, s => s with { Username = "gateway", Password = "wrong-canary" });
        await ChargersHost.UntilAsync(() => host.Service.Figures is { State: "Refused", Why.Length: > 0 });
        Assert.DoesNotContain("canary", $"{host.Service.Figures}", StringComparison.Ordinal);
        await ChargersHost.UntilAsync(() => host.Journal.Events.Exists(e => e is { Code: "MqttRefused", Severity: Severity.Error }));
        var settings = host.Settings;
        var refused = await BrokerProbe.AskAsync(settings, TimeSpan.FromSeconds(10), TimeProvider.System, Cancelled);
        Assert.True(!refused.IsWell && refused.Text.Contains("Refused", StringComparison.Ordinal), refused.Text);
        var taken = await BrokerProbe.AskAsync(settings with { Password = "right" }, TimeSpan.FromSeconds(10), TimeProvider.System, Cancelled);
        Assert.True(taken.IsWell && taken.Text.EndsWith("answers (MQTT 5)", StringComparison.Ordinal), taken.Text);
        var absent = await BrokerProbe.AskAsync(settings with { Broker = new($"mqtt://127.0.0.1:{MosquittoBroker.FreePort()}") }, TimeSpan.FromSeconds(10), TimeProvider.System, Cancelled);
        Assert.True(!absent.IsWell && absent.Text.Contains("Offline", StringComparison.Ordinal), absent.Text);
    }

    /// <summary>Until the broker has all of it.</summary>
    internal static Task SettledAsync(MqttHost host) => ChargersHost.UntilAsync(() =>
        host.Service.Figures is { State: "Online", Waiting: 0 } && host.Documents.All.ContainsKey(RetainedBook.Document));

    /// <summary>Everything that was heard against the schema of its topic.</summary>
    internal static async Task AgreeAsync(IEnumerable<Heard> heard)
    {
        foreach (var message in heard.Where(h => h.Payload.Length > 0 && h.Topic.StartsWith(MqttHost.Base, StringComparison.Ordinal)))
        {
            var kind = KindOf(message.Topic[(MqttHost.Base.Length + 1)..]);
            if (kind.Payload is null)
            {
                Assert.Contains(message.Payload, kind.Words);
                continue;
            }
            var faults = (await JsonSchema.FromJsonAsync(PayloadSchemas.All[kind.Name], Cancelled)).Validate(message.Payload);
            Assert.True(faults.Count == 0, $"{message.Topic}: {string.Join(", ", faults)} in {message.Payload}");
        }
    }

    private static TopicKind KindOf(string topic)
    {
        var levels = topic.Split('/');
        return TopicTree.All.Single(k => k.Pattern.Split('/') is var pattern && pattern.Length == levels.Length
            && pattern.Zip(levels).All(p => p.First == p.Second || p.First.StartsWith('{')));
    }

    private static List<EventPayload> Events(IEnumerable<Heard> heard) =>
        [.. heard.Where(h => h.Topic.EndsWith("/events", StringComparison.Ordinal)).Select(h => JsonSerializer.Deserialize(h.Payload, MqttJson.Default.EventPayload)!)];

    private static T Read<T>(MosquittoEar ear, string topic) =>
        (T)JsonSerializer.Deserialize(ear.States[$"{MqttHost.Base}/{topic}"], typeof(T), MqttJson.Default)!;
}
