using System.Text;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Mqtt;

/// <summary>What is owed, in which order, without a broker.</summary>
public sealed class MqttOutboxTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Only_the_newest_state_is_owed_and_an_unchanged_one_is_not()
    {
        var outbox = new MqttOutbox(10, 2, _clock);
        Assert.True(outbox.Set("a", "1"u8));
        Assert.True(outbox.Set("a", "2"u8));
        Assert.Equal(["a=2"], Drain(outbox));
        Assert.True(outbox.Set("a", "2"u8));
        Assert.Empty(Drain(outbox));
        Assert.True(outbox.Set("b", "1"u8));
        Assert.False(outbox.Set("c", "1"u8));
        Assert.Equal(["b=1"], Drain(outbox));
        Assert.True(outbox.Set("b", ""u8));
        Assert.Equal(["b="], Drain(outbox));
        Assert.True(outbox.Set("c", "1"u8));
        Assert.Equal(["c=1"], Drain(outbox));
    }

    [Fact]
    public void What_changes_while_it_is_under_way_goes_when_the_first_is_confirmed()
    {
        var outbox = new MqttOutbox(10, 10, _clock);
        outbox.Set("a", "1"u8);
        outbox.Hand(outbox.Next()!, 1);
        outbox.Set("a", "2"u8);
        outbox.Set("a", "3"u8);
        Assert.Null(outbox.Next());
        outbox.Confirm(1);
        Assert.Equal(["a=3"], Drain(outbox));
    }

    [Fact]
    public void After_a_line_broke_events_come_first_in_their_order_and_states_that_were_not_confirmed_before_others()
    {
        var outbox = new MqttOutbox(100, 100, _clock);
        for (var i = 0; i < 3; i++)
            outbox.Set($"s{i}", "1"u8);
        Drain(outbox);
        outbox.Set("s2", "2"u8);
        for (var i = 0; i < 5; i++)
            outbox.Tell(Event($"{i}"));
        for (var i = 1; i <= 4; i++)
            outbox.Hand(outbox.Next()!, i);
        outbox.Confirm(99);
        outbox.Restart();
        Assert.Equal(8, outbox.Waiting);
        var all = Drain(outbox);
        Assert.Equal(["e=0", "e=1", "e=2", "e=3", "e=4"], all.Where(m => m[0] == 'e'));
        Assert.Equal(["s2=2", "s0=1", "s1=1"], all.Where(m => m[0] == 's'));
    }

    [Fact]
    public void Events_under_way_count_towards_the_limit_and_are_never_the_ones_dropped()
    {
        var outbox = new MqttOutbox(4, 1, _clock);
        for (var i = 0; i < 4; i++)
            outbox.Tell(Event($"{i}"));
        outbox.Hand(outbox.Next()!, 1);
        outbox.Hand(outbox.Next()!, 2);
        outbox.Tell(Event("4"));
        outbox.Tell(Event("5"));
        outbox.Tell(Event("6"));
        Assert.Equal(3, outbox.Dropped);
        outbox.Restart();
        Assert.Equal(["e=0", "e=1", "e=5", "e=6"], Drain(outbox));
    }

    [Fact]
    public void An_event_that_is_worth_nothing_any_more_is_dropped_and_counted()
    {
        var outbox = new MqttOutbox(4, 1, _clock);
        outbox.Tell(Event("0") with { Expiry = TimeSpan.FromSeconds(10) });
        outbox.Tell(Event("1") with { Expiry = TimeSpan.FromSeconds(30) });
        _clock.Advance(TimeSpan.FromSeconds(10));
        var left = outbox.Next()!;
        Assert.Equal(("1", TimeSpan.FromSeconds(20)), (Encoding.UTF8.GetString(left.Message.Payload.Span), outbox.Left(left)));
        Assert.Equal(1, outbox.Dropped);
    }

    [Fact]
    public void A_refused_state_waits_for_its_turn_and_a_refused_event_is_lost()
    {
        var outbox = new MqttOutbox(4, 4, _clock);
        outbox.Set("a", "1"u8);
        outbox.Hand(outbox.Next()!, 1);
        Assert.Equal("a", outbox.Refuse(1));
        Assert.Null(outbox.Refuse(1));
        outbox.Tell(Event("0"));
        outbox.Refuse(outbox.Next()!);
        Assert.Equal((0, 1), (outbox.Waiting, outbox.Dropped));
        outbox.Set("a", "2"u8);
        outbox.Restart();
        Assert.Empty(Drain(outbox));
        Assert.Equal(1, outbox.Window);
        outbox.RetryRefused();
        Assert.Equal(["a=2"], Drain(outbox));
        Assert.Equal(1, outbox.Window);
        outbox.RetryRefused();
        Assert.Equal(MqttLimits.Window, outbox.Window);
    }

    [Fact]
    public void Only_what_is_alone_under_way_when_the_broker_hangs_up_time_and_again_is_given_up()
    {
        var outbox = new MqttOutbox(4, 4, _clock);
        outbox.Tell(Event("0"));
        outbox.Tell(Event("1"));
        for (var i = 0; i <= MqttOutbox.Breaks; i++)
        {
            while (outbox.Handed < outbox.Window && outbox.Next() is { } owed)
                outbox.Hand(owed, outbox.Handed + 1);
            Assert.Equal(i == 0 ? 2 : 1, outbox.Handed);
            Assert.Equal(i < MqttOutbox.Breaks ? null : "e", outbox.Restart(restless: true));
        }
        Assert.Equal(1, outbox.Dropped);
        Assert.Equal(["e=1"], Drain(outbox));
    }

    [Fact]
    public void Pauses_grow_to_the_longest_are_shortened_by_chance_and_start_again_after_a_line_that_stood()
    {
        var options = new MqttOptions { Broker = new("mqtt://h"), ClientId = "g" };
        var pace = new MqttPace(options, _clock, new Random(3));
        var lost = new MqttFailure("x");
        var pauses = Enumerable.Range(0, 12).Select(_ => pace.After(lost, true, TimeSpan.Zero).TotalSeconds).ToList();
        Assert.All(pauses.Select((pause, i) => (pause, most: Math.Min(60, Math.Pow(2, i)))), p => Assert.InRange(p.pause, p.most / 2, p.most));
        Assert.Equal(12, pauses.Distinct().Count());
        Assert.InRange(pace.After(lost, true, MqttPace.Settled).TotalSeconds, 0.5, 1);
        Assert.InRange(pace.After(lost with { NeedsPeople = true }, true, MqttPace.Settled).TotalSeconds, 30, 60);
    }

    [Fact]
    public void Version_3_1_1_is_remembered_and_5_tried_again_after_long()
    {
        var pace = new MqttPace(new() { Broker = new("mqtt://h"), ClientId = "g" }, _clock, new Random(3));
        var hungUp = new MqttFailure("x") { OtherVersion = true };
        Assert.NotEqual(TimeSpan.Zero, pace.After(hungUp, true, TimeSpan.Zero));
        Assert.True(pace.Five);
        Assert.Equal(TimeSpan.Zero, pace.After(hungUp, true, TimeSpan.Zero));
        Assert.False(pace.Five);
        pace.Welcomed(five: false);
        pace.After(new("lost"), false, TimeSpan.FromHours(1));
        Assert.False(pace.Five);
        _clock.Advance(MqttPace.OldFor);
        Assert.True(pace.Five);
        Assert.Equal(TimeSpan.Zero, pace.After(hungUp with { SaidSo = true }, true, TimeSpan.Zero));
        pace.Welcomed(five: false);
        Assert.False(pace.Five);
        // A broker that was renewed and has forgotten the old version.
        Assert.NotEqual(TimeSpan.Zero, pace.After(hungUp, false, TimeSpan.Zero));
        Assert.True(pace.Five);
    }

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/b", false)]
    [InlineData("+/b", "$SYS/b", false)]
    [InlineData("$SYS/#", "$SYS/b", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a/b/", false)]
    public void A_filter_covers_what_the_standard_says(string filter, string topic, bool covers) => Assert.Equal(covers, MqttLimits.Covers(filter, topic));

    [Theory]
    [InlineData("a/#", true)]
    [InlineData("+/a/+", true)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a+/b", false)]
    [InlineData("", false)]
    [InlineData("a\0", false)]
    public void A_filter_is_what_the_standard_allows(string filter, bool allowed) => Assert.Equal(allowed, MqttLimits.IsFilter(filter));

    private static MqttMessage Event(string payload) => new("e", Encoding.UTF8.GetBytes(payload));

    private static List<string> Drain(MqttOutbox outbox)
    {
        var all = new List<string>();
        while (outbox.Next() is { } owed)
        {
            outbox.Hand(owed, 1000 + all.Count);
            all.Add($"{owed.Message.Topic}={Encoding.UTF8.GetString(owed.Message.Payload.Span)}");
        }
        for (var i = 0; i < all.Count; i++)
            outbox.Confirm(1000 + i);
        return all;
    }
}
