using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

public sealed class SessionRulesTests
{
    private readonly SiteUnderTest _site = new();

    [Fact]
    public void A_start_said_again_gets_the_same_number_even_after_its_end_and_a_restart()
    {
        // I8, FIELD-NOTES 1
        var told = _site.Now;
        var first = _site.Begin(told: told);
        Assert.Equal(first.Number, _site.Begin(told: told).Number);
        _site.End(first.Number, 101_000);
        _site.Restart();
        var again = _site.Begin(told: told);
        Assert.True(again.Repeated);
        Assert.Equal((first.Number, first.SessionId), (again.Number, again.SessionId));
        Assert.Single(_site.Journal.Sessions);
    }

    [Fact]
    public void Starts_that_differ_in_any_part_are_different_sessions()
    {
        var told = _site.Now;
        var numbers = new HashSet<int> { _site.Begin(told: told).Number };
        Assert.True(numbers.Add(_site.Begin(told: told.AddSeconds(1)).Number));
        Assert.True(numbers.Add(_site.Begin(told: told, meter: 100_001).Number));
        Assert.True(numbers.Add(_site.Begin(told: told, tag: "OTHER").Number));
        Assert.True(numbers.Add(_site.Begin(told: told, evse: 2).Number));
    }

    [Fact]
    public void A_stop_said_again_ends_nothing_twice()
    {
        var begun = _site.Begin();
        _site.End(begun.Number, 101_000);
        var cdr = _site.CdrOf(begun.Number);
        _site.End(begun.Number, 101_000);
        _site.Restart();
        _site.End(begun.Number, 101_000);
        Assert.Same(cdr, Assert.Single(_site.Journal.Cdrs).Value);
    }

    [Theory]
    [InlineData(100_000L, new long[] { 101_000, 102_000 }, 103_000L, 3_000L, SessionFlags.None)] // the ordinary charger
    [InlineData(100_000L, new long[] { 0, 500, 2_900 }, 103_000L, 3_000L, SessionFlags.RegisterRelative)] // relative values, lifetime Start and Stop
    [InlineData(100_000L, new long[] { 500, 2_900 }, 3_000L, 3_000L, SessionFlags.RegisterRelative)] // all but Start relative
    [InlineData(100_000L, new long[] { 102_000, 0, 1_000 }, 1_500L, 3_500L, SessionFlags.RegisterReset)] // reset at a reboot
    [InlineData(100_000L, new long[] { 102_000, 0, 102_500 }, 103_000L, 3_000L, SessionFlags.RegisterReset)] // a glitch to 0 that heals
    [InlineData(100_000L, new long[] { 102_000, 90_000, 102_500 }, 103_000L, 3_000L, SessionFlags.None)] // noise below the start
    [InlineData(100_000L, new long[] { 102_000 }, 101_990L, 1_990L, SessionFlags.None)] // Stop below a later value: the pair is the truth
    [InlineData(0L, new long[] { 10, 20 }, 30L, 30L, SessionFlags.None)]
    [InlineData(100_000L, new long[] { 101_000 }, null, 1_000L, SessionFlags.Incomplete)] // no meterStop
    [InlineData(null, new long[] { 50_000, 51_000 }, 52_000L, 2_000L, SessionFlags.None)] // no meterStart
    [InlineData(100_000L, new long[] { 101_000 }, 0L, 1_000L, SessionFlags.RegisterReset)] // meterStop 0
    public void Registers_as_chargers_tell_them_give_the_energy_that_flowed(long? start, long[] values, long? stop, long expectedWh, SessionFlags flags)
    {
        var begun = _site.Begin(meter: start);
        foreach (var value in values)
        {
            _site.Now += TimeSpan.FromMinutes(10);
            _site.Meter(value, begun.Number);
        }
        _site.Now += TimeSpan.FromMinutes(10);
        _site.End(begun.Number, stop);
        var session = _site.Session(begun.Number);
        Assert.Equal(expectedWh, session.EnergyWh);
        Assert.Equal(expectedWh, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
        Assert.Equal(flags, session.Flags);
    }

    [Fact]
    public void Energy_never_falls_while_a_session_runs()
    {
        var begun = _site.Begin(meter: 5_000);
        var last = 0L;
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            _site.Now += TimeSpan.FromSeconds(60);
            _site.Meter(random.Next(0, 20_000), begun.Number);
            Assert.True(_site.Session(begun.Number).EnergyWh >= last);
            last = _site.Session(begun.Number).EnergyWh;
        }
    }

    [Theory]
    [InlineData(900_000L)] // a counter's life upwards: more than any car takes
    [InlineData(40_000L)] // far below the start, but more than a register that restarted can have counted in a minute
    public void A_value_that_cannot_have_flowed_is_not_billed_when_no_stop_comes(long glitchWh)
    {
        var begun = _site.Begin(meter: 100_000);
        foreach (var register in (long[])[102_000, glitchWh])
        {
            _site.Now += TimeSpan.FromMinutes(1);
            _site.Meter(register, begun.Number);
        }
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Show(ConnectorState.Available);
        _site.Wait(TimeSpan.FromDays(2));
        Assert.Equal(2_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void Available_before_the_stop_of_the_same_transaction_loses_nothing()
    {
        // FIELD-NOTES 3: offline queues show the connector free first.
        var begun = _site.Begin();
        _site.Meter(101_000, begun.Number);
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Show(ConnectorState.Available);
        Assert.Null(_site.CdrOf(begun.Number));
        _site.Wait(TimeSpan.FromMinutes(5));
        _site.End(begun.Number, 102_000);
        Assert.Equal(2_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
        Assert.False(_site.Session(begun.Number).Flags.HasFlag(SessionFlags.EndEstimated));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_session_whose_stop_never_comes_is_closed_as_estimated_and_a_late_stop_corrects_what_nobody_was_sent(bool sent)
    {
        // FIELD-NOTES 22
        var begun = _site.Begin();
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Meter(101_000, begun.Number);
        _site.Now += TimeSpan.FromMinutes(10);
        var free = _site.Now;
        _site.Show(ConnectorState.Available);
        _site.Wait(_site.Configuration.Timings.InferredEndHold);
        var session = _site.Session(begun.Number);
        Assert.Equal(SessionStatus.Completed, session.Status);
        Assert.Equal(free, session.EndedAt);
        Assert.True(session.Flags.HasFlag(SessionFlags.EndEstimated));
        var cdr = _site.CdrOf(begun.Number);
        Assert.Equal(1_000, cdr!.Bill.EnergyWh);

        if (sent)
            _site.Journal.Frozen.Add(begun.SessionId);
        var told = _site.Now;
        _site.End(begun.Number, 101_200, told);
        _site.End(begun.Number, 101_200, told);
        Assert.True(_site.Session(begun.Number).Flags.HasFlag(SessionFlags.LateStop));
        Assert.Equal(sent, _site.Raised("LateStop"));
        if (sent)
        {
            // I4
            Assert.Same(cdr, _site.CdrOf(begun.Number));
            return;
        }
        session = _site.Session(begun.Number);
        Assert.Equal((1_200L, 101_200L, told, false), (session.EnergyWh, session.MeterStopWh, session.EndedAt, session.Flags.HasFlag(SessionFlags.EndEstimated)));
        Assert.Equal(1_200, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
        Assert.Equal([0L, 1_000L, 1_200L], session.Course.Select(p => p.EnergyWh).OfType<long>());
        Assert.Single(_site.Journal.Cdrs);
    }

    [Fact]
    public void A_new_start_on_the_connector_ends_what_was_there()
    {
        var first = _site.Begin();
        _site.Meter(100_700, first.Number);
        _site.Now += TimeSpan.FromHours(1);
        var second = _site.Begin(meter: 100_800);
        Assert.Equal(second.Number, _site.State.OccupantOf(SiteUnderTest.At())!.Number);
        _site.Wait(TimeSpan.FromHours(1));
        Assert.Equal(700, _site.CdrOf(first.Number)!.Bill.EnergyWh);
        Assert.Null(_site.CdrOf(second.Number));
    }

    [Fact]
    public void An_older_start_from_a_queue_leaves_the_running_session_in_its_place()
    {
        var running = _site.Begin(meter: 100_800);
        var older = _site.Begin(meter: 100_000, told: _site.Now.AddHours(-2));
        Assert.Equal(running.Number, _site.State.OccupantOf(SiteUnderTest.At())!.Number);
        _site.End(older.Number, 100_800, told: _site.Now.AddHours(-1));
        Assert.Equal(800, _site.CdrOf(older.Number)!.Bill.EnergyWh);
        Assert.Equal(SessionStatus.Active, _site.Session(running.Number).Status);
    }

    [Fact]
    public void A_session_that_goes_on_after_a_boot_is_not_ended()
    {
        var begun = _site.Begin();
        _site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
        _site.Now += TimeSpan.FromMinutes(5);
        _site.Meter(101_000, begun.Number);
        _site.Wait(TimeSpan.FromHours(3));
        Assert.Equal(SessionStatus.Active, _site.Session(begun.Number).Status);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(987_654)]
    [InlineData(null)]
    public void A_stop_with_a_wrong_number_ends_the_only_session_that_it_can_mean(int? number)
    {
        var begun = _site.Begin();
        _site.Now += TimeSpan.FromMinutes(10);
        _site.End(number, 101_000, tag: ExampleSite.Card);
        Assert.Equal(1_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_stop_without_a_start_is_kept_once_with_what_it_tells()
    {
        // FIELD-NOTES 2 and 3
        var told = _site.Now;
        Reading[] data =
        [
            new(told.AddMinutes(-30), 100_000, null, null, "E", "Transaction.Begin"), new(told, 104_000, null, null, "E", "Transaction.End"),
        ];
        _site.End(77, 104_000, told, ExampleSite.Card, data);
        _site.End(77, 104_000, told, ExampleSite.Card, data);
        _site.Restart();
        _site.End(77, 104_000, told, ExampleSite.Card, data);
        var session = Assert.Single(_site.Journal.Sessions).Value;
        Assert.True(session.Flags.HasFlag(SessionFlags.StartMissing));
        Assert.Equal(4_000, session.EnergyWh);
        Assert.Equal(TimeSpan.FromMinutes(30), session.EndedAt - session.StartedAt);
        Assert.True(_site.Raised("StopWithoutStart"));
    }

    [Fact]
    public void A_charger_cannot_end_another_ones_transaction()
    {
        // S10
        var begun = _site.Begin();
        _site.Take(new SessionEnded("CP-2", begun.Number, null, _site.Now, 200_000, "Local", [], null));
        Assert.Equal(SessionStatus.Active, _site.Session(begun.Number).Status);
        Assert.True(_site.Raised("ForeignStop"));
    }

    [Fact]
    public void Values_with_a_wrong_transaction_are_attached_by_place_and_marked()
    {
        var begun = _site.Begin();
        _site.Meter(101_000, 0);
        Assert.Equal(1_000, _site.Session(begun.Number).EnergyWh);
        Assert.True(_site.Session(begun.Number).Flags.HasFlag(SessionFlags.Reattached));
    }

    [Fact]
    public void A_clock_in_1970_is_repaired_by_its_offset_and_the_session_marked()
    {
        // FIELD-NOTES 11: the live status shows the offset, the queued start was ten minutes before it.
        var epoch = new DateTimeOffset(1970, 1, 1, 0, 20, 0, TimeSpan.Zero);
        _site.Show(ConnectorState.Preparing, told: epoch);
        var begun = _site.Begin(told: epoch.AddMinutes(-10));
        var session = _site.Session(begun.Number);
        Assert.Equal(_site.Now.AddMinutes(-10), session.StartedAt);
        Assert.Equal(epoch.AddMinutes(-10), session.StartTold);
        Assert.Equal(_site.Now, session.StartReceived);
        Assert.True(session.Flags.HasFlag(SessionFlags.ClockRepaired));
    }

    [Fact]
    public void A_stop_before_its_start_gives_a_session_of_no_less_than_no_time()
    {
        var begun = _site.Begin();
        _site.End(begun.Number, 100_500, told: _site.Now.AddHours(-3));
        var session = _site.Session(begun.Number);
        Assert.True(session.EndedAt >= session.StartedAt);
        Assert.True(session.Flags.HasFlag(SessionFlags.ClockRepaired));
    }

    [Fact]
    public void A_session_with_a_refused_tag_is_recorded_but_no_hubs_until_its_token_is_known()
    {
        var begun = _site.Begin(tag: "STRANGER", authorization: Authorization.Refused(AuthorizationStatus.Invalid, "unknown token"));
        Assert.Null(_site.Session(begun.Number).Hub);
        Assert.DoesNotContain(_site.Journal.Owed, d => d.Kind == DeliveryKind.Session);
        Assert.True(_site.Take(new ClaimSession(begun.SessionId, ExampleSite.Accepted("STRANGER"))));
        _site.End(begun.Number, 101_000);
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.Cdr, begun.SessionId), _site.Journal.Owed);
    }

    [Fact]
    public void A_site_card_without_a_contract_is_nobodys_business()
    {
        var card = _site.Configuration.LocalTokens.Single(t => t.Uid == ExampleSite.SiteOnlyCard);
        var begun = _site.Begin(tag: card.Uid, authorization: new() { Status = AuthorizationStatus.Accepted, Token = card });
        _site.End(begun.Number, 101_000);
        Assert.NotNull(_site.CdrOf(begun.Number));
        Assert.DoesNotContain(_site.Journal.Owed, d => d.Object == begun.SessionId);
    }

    [Fact]
    public void The_tariff_is_the_one_of_the_start_whatever_changes_meanwhile()
    {
        // D5
        var begun = _site.Begin();
        _site.Take(new Configure(_site.Configuration with { Tariffs = [ExampleSite.EnergyTariff("AC", 9.99m)] }));
        _site.End(begun.Number, 101_000);
        Assert.Equal(0.49m, _site.CdrOf(begun.Number)!.Bill.Total.ExclVat);
    }

    [Fact]
    public void Running_sessions_are_owed_no_more_often_than_the_interval()
    {
        var begun = _site.Begin();
        _site.Journal.Owed.Clear();
        _site.Now += TimeSpan.FromSeconds(30);
        _site.Meter(100_100, begun.Number);
        Assert.DoesNotContain(_site.Journal.Owed, d => d.Kind == DeliveryKind.Session);
        _site.Now += TimeSpan.FromSeconds(30);
        _site.Meter(100_200, begun.Number);
        Assert.Contains(_site.Journal.Owed, d => d.Kind == DeliveryKind.Session);
    }

    [Fact]
    public void A_clock_that_steps_back_never_takes_last_updated_with_it()
    {
        // P6
        var begun = _site.Begin();
        var before = _site.Session(begun.Number).LastUpdated;
        _site.Now -= TimeSpan.FromHours(5);
        _site.Meter(100_100, begun.Number, told: _site.Now.AddHours(5));
        Assert.Equal(before.AddSeconds(1), _site.Session(begun.Number).LastUpdated);
    }

    [Fact]
    public void Session_ids_are_36_characters_unlike_each_other_and_another_sites()
    {
        var one = _site.Begin().SessionId;
        var two = _site.Begin(evse: 2).SessionId;
        Assert.Equal(36, one.Length);
        Assert.NotEqual(one, two);
        Assert.True(Guid.TryParse(one, out _));
    }
}
