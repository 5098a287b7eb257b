using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EdgeGateway.Mqtt;
using EdgeGateway.Mqtt.Commands;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Mqtt;

/// <summary>Requests over a real broker, and what becomes of them (S6, S13).</summary>
public sealed class CommandTests
{
    private const string Start = """{"station":"CP-1","evse":2,"uid":"04A2B3C4","by":"ops"}""";

    [Fact]
    public async Task A_start_that_comes_twice_is_done_once_and_answered_twice()
    {
        using var broker = MosquittoBroker.Start();
        await using var host = await MqttHost.StartAsync(broker.Url);
        await PublishingTests.SettledAsync(host);
        using var ear = broker.Listen("ops/answers");
        string[] asked = ["-D", "publish", "response-topic", "ops/answers", "-D", "publish", "correlation-data", "c-1"];
        broker.Publish($"{MqttHost.Base}/command/start", Start, asked);
        broker.Publish($"{MqttHost.Base}/command/start", Start, asked);
        await ear.WaitAsync(m => m.Count == 2);
        Assert.All(ear.Messages, m => Assert.Equal("c-1", m.Properties["correlation-data"]));
        Assert.All(Answers(ear), a => Assert.True(a is { Ok: true, Outcome: "Done", Command: "start" }, $"{a}"));
        Assert.Equal(["start CP-1/2/1 04A2B3C4"], host.Done);
        // Who asked what, without a whole uid.
        var asking = host.Journal.Events.Single(e => e.Code == "MqttCommand");
        Assert.Equal(("CP-1/2", "MQTT (ops) asks: start for 04…4."), (asking.Subject, asking.Text));
        Assert.DoesNotContain(host.Journal.Events, e => e.Text.Contains("04A2B3C4", StringComparison.Ordinal));

        // The same correlation with another content is another wish.
        broker.Publish($"{MqttHost.Base}/command/start", Start.Replace("\"evse\":2", "\"evse\":1", StringComparison.Ordinal), asked);
        await ear.WaitAsync(m => m.Count == 3);
        Assert.Equal(2, host.Done.Count);
        await PublishingTests.AgreeAsync([ear.Messages[0] with { Topic = $"{MqttHost.Base}/response/start" }]);
    }

    [Theory]
    [InlineData("start", """{"station":"CP-1","evse":1,"uid":"STRANGER"}""", "NotAllowed")]
    [InlineData("start", """{"station":"CP-1","evse":1,"uid":"DEAD0001"}""", "NotAllowed")]
    [InlineData("start", """{"station":"CP-1","evse":7,"uid":"04A2B3C4"}""", "Unknown")]
    [InlineData("start", """{"station":"CP-2","evse":1,"uid":"04A2B3C4"}""", "Offline")]
    [InlineData("start", """{"station":"CP-1","evse":"1","uid":"04A2B3C4"}""", "Invalid")]
    [InlineData("stop", """{"station":"CP-1","evse":1}""", "Unknown")]
    [InlineData("stop", """{"session":"x","station":"CP-1","evse":1}""", "Invalid")]
    [InlineData("reset", """{"station":"nobody"}""", "Unknown")]
    [InlineData("reset", "reset it", "Invalid")]
    [InlineData("availability", """{"station":"CP-1","operative":false,"connector":1}""", "Invalid")]
    [InlineData("hub-sync", """{"hub":"nobody"}""", "Unknown")]
    [InlineData("accept", """{"station":"CP-1"}""", "Unknown")]
    [InlineData("explode", "{}", "Invalid")]
    public async Task What_must_not_or_cannot_be_is_refused_in_words(string command, string payload, string outcome)
    {
        await using var desk = await Desk.StartAsync();
        var answer = await desk.AskAsync(command, payload);
        Assert.True(!answer.Ok && answer.Outcome == outcome && answer.Text.Length > 0, $"{answer}");
        Assert.DoesNotContain(desk.Host.Done, d => !d.StartsWith("sync", StringComparison.Ordinal));
        Assert.DoesNotContain(desk.Answers, a => a.Payload.Contains("DEAD0001", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("reset", """{"station":"cp-1","hard":true}""", "CP-1 ResetStation { Hard = True, Evse =  } by MQTT")]
    [InlineData("availability", """{"station":"CP-1","operative":false,"evse":1,"by":"x"}""", "CP-1 SetAvailability { Operative = False, Evse = 1, Connector =  } by MQTT (x)")]
    [InlineData("trigger", """{"station":"CP-1","message":"StatusNotification"}""", "CP-1 TriggerMessage { Message = StatusNotification, Evse = , Connector =  } by MQTT")]
    [InlineData("unlock", """{"station":"CP-1","evse":2}""", "unlock CP-1/2/1")]
    [InlineData("hub-sync", "", "sync enapi")]
    public async Task What_may_be_is_done_and_leaves_an_event(string command, string payload, string done)
    {
        await using var desk = await Desk.StartAsync();
        var answer = await desk.AskAsync(command, payload);
        Assert.True(answer is { Ok: true, Outcome: "Done" }, $"{answer}");
        Assert.Equal([done], desk.Host.Done);
        await ChargersHost.UntilAsync(() => desk.Host.Journal.Events.Exists(e => e.Code == "MqttCommand"));
    }

    [Fact]
    public async Task A_session_is_started_stopped_and_told_of()
    {
        await using var desk = await Desk.StartAsync();
        var begun = await desk.Host.BeginAsync();
        var status = await desk.AskAsync("status", """{"station":"CP-1","id":"q1"}""");
        Assert.Equal(("q1", 1, "enapi"), (status.Id, status.Site!.ActiveSessions, status.Hubs![0].Name));
        Assert.Equal(begun.SessionId, status.Evses!.Single(e => e.Evse == 1).Session);
        Assert.True((await desk.AskAsync("stop", """{"station":"CP-1","evse":1}""")).Ok);
        Assert.True((await desk.AskAsync("stop", $$"""{"session":"{{begun.SessionId}}"}""")).Ok);
        Assert.Equal([$"stop {begun.Number}", $"stop {begun.Number}"], desk.Host.Done);
        Assert.DoesNotContain(desk.Host.Journal.Events, e => e is { Code: "MqttCommand", Text: var text } && text.Contains("status", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hub_is_not_made_to_take_its_backlog_again_and_again()
    {
        await using var desk = await Desk.StartAsync();
        Assert.True((await desk.AskAsync("hub-sync", """{"id":"1"}""")).Ok);
        Assert.Equal("TooMany", (await desk.AskAsync("hub-sync", """{"hub":"ENAPI","id":"2"}""")).Outcome);
        Assert.Equal(["sync enapi"], desk.Host.Done);
    }

    [Fact]
    public async Task A_retained_request_is_never_taken()
    {
        await using var desk = await Desk.StartAsync();
        desk.Take(new($"{MqttHost.Base}/command/reset", """{"station":"CP-1"}"""u8.ToArray()) { Retain = true });
        await ChargersHost.UntilAsync(() => desk.Host.Journal.Events.Exists(e => e.Code == "MqttCommandRetained"));
        Assert.Empty(desk.Host.Done);
        Assert.Empty(desk.Answers);
    }

    [Theory]
    [InlineData("edge-gateway/BER01/command/reset")]
    [InlineData("edge-gateway/BER01/status")]
    [InlineData("edge-gateway/BER01")]
    [InlineData("homeassistant/device/x/config")]
    [InlineData("ops/#")]
    [InlineData("ops/+/x")]
    [InlineData("$SYS/x")]
    [InlineData("")]
    public async Task An_answer_never_goes_where_it_could_be_taken_for_a_command_or_a_state(string topic)
    {
        await using var desk = await Desk.StartAsync();
        desk.Take(new($"{MqttHost.Base}/command/reset", """{"station":"CP-1"}"""u8.ToArray()) { ResponseTopic = topic, CorrelationData = "c"u8.ToArray() });
        await ChargersHost.UntilAsync(() => !desk.Answers.IsEmpty);
        var answer = desk.Answers.First();
        Assert.Equal($"{MqttHost.Base}/response/reset", answer.Topic);
        Assert.Contains("Invalid", answer.Payload, StringComparison.Ordinal);
        Assert.Empty(desk.Host.Done);
    }

    [Fact]
    public async Task A_flood_reaches_the_site_at_its_own_pace_and_is_no_flood_of_answers()
    {
        var clock = new ManualClock();
        await using var desk = await Desk.StartAsync(clock);
        for (var i = 0; i < 2000; i++)
            desk.Take(new($"{MqttHost.Base}/command/reset", Encoding.UTF8.GetBytes($$"""{"station":"CP-1","id":"{{i}}"}""")));
        await ChargersHost.UntilAsync(() => desk.Answers.Count == CommandDesk.Burst + CommandDesk.RefusalsPerSecond || desk.Answers.Count == CommandDesk.MostRunning + CommandDesk.RefusalsPerSecond);
        Assert.InRange(desk.Host.Done.Count, 1, CommandDesk.Burst);
        Assert.True(desk.Of.Unanswered >= 2000 - CommandDesk.Burst - CommandDesk.RefusalsPerSecond);
        Assert.Single(desk.Host.Journal.Events, e => e.Code == "MqttCommandFlood");
        clock.Advance(TimeSpan.FromSeconds(1));
        var before = desk.Answers.Count;
        desk.Take(new($"{MqttHost.Base}/command/reset", """{"station":"CP-1","id":"after"}"""u8.ToArray()));
        await ChargersHost.UntilAsync(() => desk.Answers.Skip(before).Any(a => a.Payload.Contains("\"ok\":true", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_button_that_is_pressed_twice_at_once_is_pressed_once_and_later_anew()
    {
        var clock = new ManualClock();
        await using var desk = await Desk.StartAsync(clock);
        Assert.True((await desk.AskAsync("reset", """{"station":"CP-1"}""")).Ok);
        Assert.True((await desk.AskAsync("reset", """{"station":"CP-1"}""")).Ok);
        Assert.Single(desk.Host.Done);
        clock.Advance(CommandDesk.BareRepeatWindow + TimeSpan.FromSeconds(1));
        Assert.True((await desk.AskAsync("reset", """{"station":"CP-1"}""")).Ok);
        Assert.Equal(2, desk.Host.Done.Count);
        // With an id it is remembered for longer.
        Assert.True((await desk.AskAsync("reset", """{"station":"CP-1","id":"1"}""")).Ok);
        clock.Advance(CommandDesk.RepeatWindow - TimeSpan.FromSeconds(1));
        Assert.True((await desk.AskAsync("reset", """{"station":"CP-1","id":"1"}""")).Ok);
        Assert.Equal(3, desk.Host.Done.Count);
    }

    [Fact]
    public async Task An_access_list_decides_who_commands_and_who_only_looks()
    {
        // As the README has it.
        const string Access = """
            user gateway
            topic readwrite edge-gateway/BER01/#
            topic write homeassistant/device/#
            topic read homeassistant/status

            user ops
            topic read edge-gateway/BER01/#
            topic write edge-gateway/BER01/command/#

            user viewer
            topic read edge-gateway/BER01/#
            topic deny edge-gateway/BER01/response/#
            """;
        var passwords = new Dictionary<string, string> { ["ops"] = "o", ["gateway"] = "g", ["viewer"] = "v" };
        using var broker = MosquittoBroker.Start(new() { Passwords = passwords, Access = Access });
        await using var host = await MqttHost.StartAsync(broker.Url, s => s with { Username = "gateway", Password = "g" });
        await PublishingTests.SettledAsync(host);
        using var ear = broker.Listen($"{MqttHost.Base}/response/#");
        // mosquitto answers 135 (not authorized) or drops; either way nothing of it arrives.
        broker.Publish($"{MqttHost.Base}/command/reset", """{"station":"CP-1","id":"from the viewer"}""", "-u", "viewer", "-P", "v");
        broker.Publish($"{MqttHost.Base}/command/reset", """{"station":"CP-1","id":"from ops"}""");
        await ear.WaitAsync(m => m.Count == 1);
        Assert.Equal("from ops", Answers(ear)[0].Id);
        Assert.Single(host.Done);
    }

    [Fact]
    public async Task Without_commands_nothing_is_taken()
    {
        using var broker = MosquittoBroker.Start();
        await using var host = await MqttHost.StartAsync(broker.Url, s => s with { Commands = false, HomeAssistantDiscovery = true });
        await PublishingTests.SettledAsync(host);
        using var ear = broker.Listen();
        broker.Publish($"{MqttHost.Base}/command/reset", """{"station":"CP-1"}""");
        // What is published after it arrives after it: the gateway has seen by now what it will see.
        broker.Publish("homeassistant/status", "online");
        await ear.WaitAsync(m => m.Count(h => h.Topic.StartsWith("homeassistant/device/", StringComparison.Ordinal)) >= 12);
        Assert.Empty(host.Done);
    }

    private static List<AnswerPayload> Answers(MosquittoEar ear) => [.. ear.Messages.Select(m => JsonSerializer.Deserialize(m.Payload, MqttJson.Default.AnswerPayload)!)];

    /// <summary>The desk alone, without a broker.</summary>
    private sealed class Desk : IAsyncDisposable
    {
        private readonly Topics _topics = new(MqttHost.Base);

        private Desk(MqttHost host, TimeProvider clock) => (Host, Of) = (host, new(host.Actions, host.Engine, clock, NullLogger.Instance));

        public MqttHost Host { get; }
        public CommandDesk Of { get; }
        public ConcurrentQueue<(string Topic, string Payload)> Answers { get; } = [];

        public static async Task<Desk> StartAsync(TimeProvider? clock = null) => new(await MqttHost.StartAsync(null), clock ?? TimeProvider.System);

        public void Take(MqttMessage message) => Of.Take(_topics, Host.Settings, message, answer =>
        {
            Answers.Enqueue((answer.Topic, Encoding.UTF8.GetString(answer.Payload.Span)));
            return true;
        });

        public async Task<AnswerPayload> AskAsync(string command, string payload)
        {
            var before = Answers.Count;
            Take(new($"{MqttHost.Base}/command/{command}", Encoding.UTF8.GetBytes(payload)));
            await ChargersHost.UntilAsync(() => Answers.Count > before);
            return JsonSerializer.Deserialize(Answers.ElementAt(before).Payload, MqttJson.Default.AnswerPayload)!;
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
