using System.Diagnostics;
using System.Globalization;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Mqtt;

/// <summary>Against a real mosquitto; what it was told is judged by mosquitto_sub.</summary>
public sealed class MqttConnectionTests
{
    [Fact]
    public async Task States_are_retained_and_events_are_not()
    {
        using var broker = MosquittoBroker.Start();
        using var early = broker.Listen("site/#");
        await using var desk = new MqttDesk(broker.Url);
        desk.Set("site/state", "one");
        desk.Set("site/state", "one");
        desk.Connection.Tell(new("site/events", "first"u8.ToArray()) { ContentType = "text/plain", Expiry = TimeSpan.FromMinutes(1) });
        await early.WaitAsync(heard => heard.Count == 2);
        await desk.SettledAsync();
        Assert.Equal("5", desk.Connection.Link.Version);
        Assert.Contains(early.Messages, m => m is { Topic: "site/events", Payload: "first" } && m.Properties["content-type"] == "text/plain" && m.Properties["message-expiry-interval"] == "60");
        using var late = broker.Listen("site/#");
        await late.WaitAsync(heard => heard.Count == 1);
        Assert.Equal(("site/state", "one", true), (late.Messages[0].Topic, late.Messages[0].Payload, late.Messages[0].Retained));
        Assert.True(desk.Connection.Clear("site/state"));
        await late.WaitAsync(_ => late.States.Count == 0);
        await desk.SettledAsync();
        Assert.Equal([false], desk.Connects);
        Assert.Empty(desk.Faults);
    }

    [Fact]
    public async Task Only_the_newest_state_goes_out_after_an_absence_and_events_in_their_order_without_one_missing()
    {
        using var broker = MosquittoBroker.Start(new() { Persistence = true });
        // With a session, so that the broker keeps for it what comes before it is back itself.
        using var ear = broker.Listen("site/#", "-c", "-i", "ear", "-x", "100");
        await using var desk = new MqttDesk(broker.Url);
        await desk.OnlineAsync();
        broker.Stop();
        await desk.UntilAsync(link => link.State == MqttState.Offline);
        for (var i = 0; i < 500; i++)
        {
            desk.Set("site/state", $"{i}");
            desk.Tell("site/events", $"{i}");
        }
        Assert.Equal(501, desk.Connection.Link.Waiting);
        broker.Start();
        await ear.WaitAsync(heard => heard.Count(m => m.Topic == "site/events") == 500 && ear.States.ContainsKey("site/state"));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), ear.Messages.Where(m => m.Topic == "site/events").Select(m => m.Payload));
        Assert.Equal(["499"], ear.Messages.Where(m => m.Topic == "site/state").Select(m => m.Payload).Distinct());
        await desk.SettledAsync();
        Assert.Equal((0, 1), (desk.Connection.Link.Dropped, desk.Connection.Link.Reconnects));
    }

    [Fact]
    public async Task Beyond_the_limit_the_oldest_events_are_dropped_and_counted()
    {
        using var broker = MosquittoBroker.Start();
        using var ear = broker.Listen("site/#");
        await using var desk = new MqttDesk(broker.Url, options => options with { EventLimit = 30 }, start: false);
        for (var i = 0; i < 100; i++)
            desk.Tell("site/events", $"{i}");
        Assert.Equal((30, 70), (desk.Connection.Link.Waiting, desk.Connection.Link.Dropped));
        desk.Connection.Start();
        await ear.WaitAsync(heard => heard.Count == 30);
        Assert.Equal(Enumerable.Range(70, 30).Select(i => $"{i}"), ear.Messages.Select(m => m.Payload));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task States_are_all_there_again_after_the_broker_was_started_anew(bool persistence)
    {
        using var broker = MosquittoBroker.Start(new() { Persistence = persistence });
        await using var desk = new MqttDesk(broker.Url);
        for (var i = 0; i < 50; i++)
            desk.Set($"site/{i}", $"a{i}");
        await desk.SettledAsync();
        broker.Stop();
        desk.Set("site/7", "b7");
        desk.Connection.Clear("site/8");
        broker.Start();
        await desk.UntilAsync(link => link is { State: MqttState.Online, Reconnects: 1, Waiting: 0 });
        using var ear = broker.Listen("site/#");
        await ear.WaitAsync(_ => ear.States.Count >= 49);
        Assert.Equal(Enumerable.Range(0, 50).Where(i => i != 8).ToDictionary(i => $"site/{i}", i => i == 7 ? "b7" : $"a{i}"), ear.States.ToDictionary());
        Assert.Equal([false, persistence], desk.Connects);
    }

    [Fact]
    public async Task A_killed_broker_that_comes_back_with_states_of_its_last_save_gets_those_of_now()
    {
        using var broker = MosquittoBroker.Start(new() { Persistence = true });
        await using var desk = new MqttDesk(broker.Url);
        desk.Set("site/a", "old");
        await desk.SettledAsync();
        broker.Save();
        await broker.SavedAsync();
        desk.Set("site/a", "new");
        await desk.SettledAsync();
        broker.Kill();
        broker.Start();
        await desk.UntilAsync(link => link is { State: MqttState.Online, Reconnects: 1, Waiting: 0 });
        Assert.Equal([false, true], desk.Connects);
        using var ear = broker.Listen("site/#");
        await ear.WaitAsync(heard => heard.Count == 1);
        Assert.Equal("new", ear.States["site/a"]);
    }

    [Fact]
    public async Task A_broker_killed_under_load_and_started_again_has_each_state_as_it_is()
    {
        using var broker = MosquittoBroker.Start();
        await using var desk = new MqttDesk(broker.Url, options => options with { EventLimit = 100_000 });
        await desk.OnlineAsync();
        var told = 0;
        var turns = 0;
        async Task LoadAsync(Func<bool> enough)
        {
            for (; !enough(); turns++)
            {
                for (var i = 0; i < 20; i++, told++)
                {
                    desk.Set($"site/{i}", $"{told}");
                    desk.Tell("site/events", $"{told}");
                }
                await Task.Delay(1);
            }
        }
        await LoadAsync(() => turns > 50);
        broker.Kill();
        await LoadAsync(() => turns > 100);
        var back = Stopwatch.StartNew();
        broker.Start();
        await LoadAsync(() => turns > 150);
        await desk.SettledAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"settled {back.Elapsed.TotalMilliseconds:0} ms after the broker was started again, {told} events, {desk.Connection.Link.Dropped} dropped");
        using var ear = broker.Listen("site/+");
        await ear.WaitAsync(_ => ear.States.Count == 20);
        Assert.Equal(Enumerable.Range(0, 20).ToDictionary(i => $"site/{i}", i => $"{told - 20 + i}"), ear.States.ToDictionary());
        Assert.Equal(0, desk.Connection.Link.Dropped);
    }

    [Fact]
    public async Task A_line_cut_under_load_loses_no_event_and_keeps_their_order()
    {
        // Not mosquitto: killed, it loses what it has confirmed itself, and then nobody can tell who lost it.
        using var broker = new BareBroker(Bearing.Plain);
        using var relay = new CutLine(broker.Url.Port);
        await using var desk = new MqttDesk(relay.Url, options => options with { EventLimit = 100_000 });
        var told = 0;
        for (var cut = 0; cut < 4; cut++)
        {
            for (var i = 0; i < 300; i++)
                desk.Tell("site/events", $"{told++}");
            await desk.UntilAsync(link => link.Waiting is > 0 and < 290);
            relay.Cut();
            await desk.UntilAsync(link => link.Reconnects > cut);
        }
        await desk.SettledAsync();
        var heard = broker.Published.Select(p => int.Parse(p.Payload, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(0, told), heard.Distinct());
        Assert.InRange(heard.Count, told, told + (4 * MqttLimits.Window));
        Assert.Equal(0, desk.Connection.Link.Dropped);
    }

    [Fact]
    public async Task The_last_will_is_published_when_the_line_breaks_and_not_after_a_farewell()
    {
        using var broker = MosquittoBroker.Start();
        using var ear = broker.Listen("site/#");
        using var relay = new CutLine(broker.Port);
        var will = new MqttMessage("site/status", "lost"u8.ToArray()) { Retain = true };
        var desk = new MqttDesk(relay.Url, options => options with { Will = will });
        desk.Set("site/status", "online");
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault("site/status") == "online");
        relay.Cut();
        await desk.UntilAsync(link => link is { State: MqttState.Online, Reconnects: 1 });
        await ear.WaitAsync(heard => heard.Select(m => m.Payload).SequenceEqual(["online", "lost", "online"]));
        desk.Set("site/status", "offline");
        await desk.DisposeAsync();
        await ear.WaitAsync(heard => heard.Count == 4);
        using var late = broker.Listen("site/#");
        await late.WaitAsync(heard => heard.Count == 1);
        Assert.Equal("offline", late.States["site/status"]);
        Assert.Equal(4, ear.Messages.Count);
        Assert.False(desk.Connection.Tell(new("site/events", "late"u8.ToArray())));
    }

    [Fact]
    public async Task A_request_is_answered_where_and_with_what_it_asks()
    {
        using var broker = MosquittoBroker.Start();
        await using var desk = new MqttDesk(broker.Url);
        var kept = new TaskCompletionSource<MqttMessage>();
        desk.Connection.Subscribe("site/command/+", request =>
        {
            if (request.Retain)
                kept.TrySetResult(request);
            else
                desk.Connection.Tell(new(request.ResponseTopic!, request.Payload) { CorrelationData = request.CorrelationData, ContentType = request.ContentType });
        });
        await desk.SettledAsync();
        using var ear = broker.Listen("answers/#");
        broker.Publish("site/command/status", "now", "-D", "publish", "response-topic", "answers/me", "-D", "publish", "correlation-data", "c-17", "-D", "publish", "content-type", "text/x");
        await ear.WaitAsync(heard => heard.Count == 1);
        Assert.Equal(("answers/me", "now", "c-17", "text/x"), (ear.Messages[0].Topic, ear.Messages[0].Payload, ear.Messages[0].Properties["correlation-data"], ear.Messages[0].Properties["content-type"]));

        broker.Publish("site/command/kept", "x", "-r");
        await using var second = new MqttDesk(broker.Url);
        second.Connection.Subscribe("site/command/kept", request => kept.TrySetResult(request));
        Assert.True((await kept.Task.WaitAsync(TimeSpan.FromSeconds(10))).Retain);
    }

    [Fact]
    public async Task What_breaks_a_limit_is_refused_and_a_long_message_from_outside_is_not_taken()
    {
        using var broker = MosquittoBroker.Start();
        await using var desk = new MqttDesk(broker.Url);
        var heard = new TaskCompletionSource<string>();
        desk.Connection.Subscribe("in/#", message => heard.TrySetResult(message.Topic));
        await desk.OnlineAsync();
        Assert.False(desk.Connection.Set("site/#", "x"u8.ToArray()));
        Assert.False(desk.Connection.Set("site/+/a", "x"u8.ToArray()));
        Assert.False(desk.Connection.Set("$SYS/a", "x"u8.ToArray()));
        Assert.False(desk.Connection.Set("", "x"u8.ToArray()));
        Assert.False(desk.Connection.Set("a\nb", "x"u8.ToArray()));
        Assert.False(desk.Connection.Set(new('a', MqttLimits.Topic + 1), "x"u8.ToArray()));
        Assert.False(desk.Connection.Set("a", ReadOnlyMemory<byte>.Empty));
        Assert.False(desk.Connection.Set("a", new byte[MqttLimits.Payload + 1]));
        Assert.False(desk.Connection.Tell(new("a", "x"u8.ToArray()) { ResponseTopic = "b/#" }));
        Assert.Throws<ArgumentException>(() => desk.Connection.Subscribe("a/#/b", _ => { }));
        broker.Publish("in/long", new('x', MqttLimits.Payload + 1));
        broker.Publish("in/short", "x");
        Assert.Equal("in/short", await heard.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(1, desk.Connection.Link.DroppedIn);
    }

    [Fact]
    public async Task A_handler_that_throws_or_sleeps_stops_nothing_but_its_own_messages()
    {
        using var broker = MosquittoBroker.Start();
        await using var desk = new MqttDesk(broker.Url);
        using var hold = new ManualResetEventSlim();
        desk.Connection.Subscribe("in/#", _ =>
        {
            hold.Wait(TimeSpan.FromSeconds(20));
            throw new FormatException("mine");
        });
        await desk.SettledAsync();
        await using var mouth = new MqttDesk(broker.Url);
        for (var i = 0; i < MqttLimits.Inbound + 50; i++)
            mouth.Tell("in/a", $"{i}");
        await desk.UntilAsync(link => link.DroppedIn >= 49);
        desk.Set("site/a", "still here");
        await desk.SettledAsync();
        hold.Set();
        await desk.UntilAsync(_ => desk.Faults.Count > MqttLimits.Inbound);
        Assert.All(desk.Faults, fault => Assert.Equal("mine", fault.Message));
    }
}
