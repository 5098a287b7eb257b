using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>Chargers that say what no charger should, in an order that none should: what they say never bills a Wh that did not flow, and loses none that did.</summary>
public sealed class HostileChargerTests
{
    private readonly SiteUnderTest _site = new();

    [Theory]
    [InlineData(100_000L, new long[] { 500, 2_010 }, 102_000L, 2_000L)] // relative values, a little more than the pair tells
    [InlineData(100_000L, new long[] { 105_000, 0 }, 104_990L, 4_990L)] // a glitch to 0, then a Stop a little below
    [InlineData(100_000L, new long[] { 105_000, 0, 104_990 }, 105_500L, 5_500L)]
    [InlineData(100_000L, new long[] { 105_000, 0, 104_990 }, null, 5_000L)]
    [InlineData(100_000L, new long[] { 101_000, 4_294_967_295, 102_000 }, null, 2_000L)] // a glitch upwards, and no Stop
    [InlineData(0L, new long[] { 10_000, 0, 2_000 }, 5_000L, 15_000L)] // a register from 0 that restarts
    [InlineData(0L, new long[] { 5_000, 0, 5_100 }, 5_200L, 5_200L)] // and one that only seemed to
    [InlineData(long.MinValue, new long[] { }, long.MaxValue, 0L)]
    [InlineData(0L, new long[] { long.MaxValue }, -1L, 0L)]
    [InlineData(-1L, new long[] { 50_000, 51_000 }, 52_000L, 2_000L)] // -1 for "not known"
    public void No_register_books_what_did_not_flow(long start, long[] values, long? stop, long expectedWh)
    {
        // I5, FIELD-NOTES 12
        var begun = _site.Begin(meter: start);
        foreach (var value in values)
        {
            _site.Now += TimeSpan.FromMinutes(10);
            _site.Meter(value, begun.Number);
        }
        _site.Now += TimeSpan.FromMinutes(10);
        if (stop is not null)
        {
            _site.End(begun.Number, stop);
        }
        else
        {
            _site.Show(ConnectorState.Available);
            _site.Wait(_site.Configuration.Timings.InferredEndHold);
        }
        Assert.Equal(expectedWh, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void Values_from_a_queue_that_come_after_a_reset_are_not_resets_themselves()
    {
        var begun = _site.Begin();
        var start = _site.Now;
        _site.Now += TimeSpan.FromHours(2);
        _site.Meter(105_000, begun.Number, told: start.AddMinutes(60));
        _site.Meter(0, begun.Number, told: start.AddMinutes(61));
        _site.Meter(2_000, begun.Number, told: start.AddMinutes(90));
        foreach (var late in new long[] { 900, 400, 150 })
            _site.Meter(late, begun.Number, told: start.AddMinutes(70));
        _site.End(begun.Number, 2_500);
        Assert.Equal(7_500, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_late_value_tells_the_energy_of_its_own_moment()
    {
        // The price changes at 11:00: what flowed by 10:05 must not become all that flowed by 12:00.
        var tariff = ExampleSite.EnergyTariff("AC", 1m) with
        {
            Elements =
            [
                new() { Components = [new(PriceDimension.Energy, 1m, 0m, 1)], Restrictions = new() { EndTime = new(11, 0), StartTime = new(0, 0) } },
                new() { Components = [new(PriceDimension.Energy, 10m, 0m, 1)] },
            ],
        };
        var site = new SiteUnderTest(ExampleSite.Create() with { Tariffs = [tariff] }) { Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero) };
        var begun = site.Begin();
        var start = site.Now;
        site.Now = start.AddHours(2);
        site.Meter(101_000, begun.Number, told: start.AddHours(1));
        site.Meter(110_000, begun.Number, told: start.AddHours(2));
        site.Meter(100_100, begun.Number, told: start.AddMinutes(5));
        site.End(begun.Number, 110_000);
        Assert.Equal(1m + 90m, site.CdrOf(begun.Number)!.Bill.Total.ExclVat);
    }

    [Fact]
    public void Values_under_an_old_number_belong_to_the_session_that_holds_the_connector()
    {
        // FIELD-NOTES 21: some chargers go on with the number of the session before.
        var old = _site.Begin();
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Meter(101_000, old.Number);
        _site.Now += TimeSpan.FromMinutes(10);
        var current = _site.Begin(meter: 101_000);
        for (var register = 102_000; register <= 110_000; register += 1_000)
        {
            _site.Now += TimeSpan.FromMinutes(10);
            _site.Meter(register, old.Number);
        }
        Assert.Equal(9_000, _site.Session(current.Number).EnergyWh);
        _site.End(current.Number, 110_000);
        _site.Wait(TimeSpan.FromHours(1));
        Assert.Equal(1_000, _site.CdrOf(old.Number)!.Bill.EnergyWh);
        Assert.Equal(9_000, _site.CdrOf(current.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_stop_under_the_number_of_the_session_before_ends_the_one_that_runs()
    {
        var first = _site.Begin();
        _site.Now += TimeSpan.FromMinutes(10);
        _site.End(first.Number, 101_000, tag: ExampleSite.Card);
        _site.Now += TimeSpan.FromMinutes(10);
        var second = _site.Begin(meter: 101_000);
        _site.End(first.Number, 101_000, told: _site.Now.AddMinutes(-10), tag: ExampleSite.Card); // the first one's, again
        Assert.Equal(SessionStatus.Active, _site.Session(second.Number).Status);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.End(first.Number, 104_000, tag: ExampleSite.Card);
        Assert.Equal(3_000, _site.CdrOf(second.Number)!.Bill.EnergyWh);
        Assert.Equal(1_000, _site.CdrOf(first.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_stop_with_minus_one_finds_its_session_among_several_by_its_tag()
    {
        // FIELD-NOTES 3: offline queues tell -1, and stations have two connectors.
        var one = _site.Begin();
        var two = _site.Begin(meter: 500_000, evse: 2, tag: ExampleSite.SiteOnlyCard);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.End(-1, 101_000, tag: ExampleSite.Card);
        Assert.Equal(1_000, _site.CdrOf(one.Number)!.Bill.EnergyWh);
        _site.End(-1, 502_000, tag: ExampleSite.SiteOnlyCard);
        Assert.Equal(2_000, _site.CdrOf(two.Number)!.Bill.EnergyWh);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_with_a_wrong_number_said_again_ends_nothing_else(bool olderOneWaits)
    {
        // I8: its answer was lost; an older session of the same card may still wait for its own Stop.
        var older = olderOneWaits ? _site.Begin() : null;
        _site.Now += TimeSpan.FromMinutes(10);
        var begun = _site.Begin(meter: 101_000);
        _site.Now += TimeSpan.FromMinutes(10);
        var told = _site.Now;
        Reading[] data = [new(told.AddMinutes(-10), 101_000, null, null, "E", "Transaction.Begin"), new(told, 105_000, null, null, "E", "Transaction.End")];
        _site.End(-1, 105_000, told, ExampleSite.Card, data);
        _site.End(-1, 105_000, told, ExampleSite.Card, data);
        _site.Restart();
        _site.End(-1, 105_000, told, ExampleSite.Card, data);
        Assert.Equal(4_000, Assert.Single(_site.Journal.Cdrs.Values).Bill.EnergyWh);
        Assert.Equal(SessionStatus.Completed, _site.Session(begun.Number).Status);
        Assert.Equal(olderOneWaits ? 2 : 1, _site.Journal.Sessions.Count);
        Assert.True(older is null || _site.Session(older.Number).Status is SessionStatus.Active);
    }

    [Fact]
    public void A_late_stop_with_a_wrong_number_makes_no_second_bill_of_a_session_that_was_closed_without_it()
    {
        var begun = _site.Begin();
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Meter(104_000, begun.Number);
        var told = _site.Now.AddMinutes(1);
        _site.Show(ConnectorState.Available);
        _site.Wait(TimeSpan.FromHours(2));
        Reading[] data = [new(told.AddMinutes(-11), 100_000, null, null, "E", "Transaction.Begin"), new(told, 104_500, null, null, "E", "Transaction.End")];
        _site.End(-1, 104_500, told, ExampleSite.Card, data);
        _site.End(-1, 104_500, told, ExampleSite.Card, data);
        Assert.Equal(4_500, Assert.Single(_site.Journal.Cdrs.Values).Bill.EnergyWh);
        Assert.True(_site.Session(begun.Number).Flags.HasFlag(SessionFlags.LateStop));
    }

    [Fact]
    public void Values_without_a_number_keep_a_session_alive_that_goes_on_after_a_boot()
    {
        var begun = _site.Begin();
        _site.Show(ConnectorState.Charging);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
        for (var i = 1; i <= 10; i++)
        {
            _site.Wait(TimeSpan.FromMinutes(10));
            _site.Meter(100_000 + (i * 1_000), null);
        }
        _site.End(begun.Number, 110_500);
        Assert.Equal(10_500, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void The_sum_of_a_station_is_no_session()
    {
        // FIELD-NOTES 20: connector 0, though it names a transaction.
        var begun = _site.Begin();
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Take(new Metered(new("CP-1", 0, 0), begun.Number, [new(_site.Now, 101_700, null, null, "E")]));
        Assert.Equal(0, _site.Session(begun.Number).EnergyWh);
    }

    [Fact]
    public void A_clock_that_stands_still_makes_no_two_sessions_one()
    {
        // FIELD-NOTES 11 and 12: always the same time, a register that begins at 0 each time.
        var stands = new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var numbers = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            var begun = _site.Begin(meter: 0, told: stands);
            Assert.Equal(begun.Number, _site.Begin(meter: 0, told: stands).Number); // the answer was lost
            _site.Now += TimeSpan.FromMinutes(30);
            _site.End(begun.Number, 5_000, told: stands);
            _site.End(begun.Number, 5_000, told: stands);
            numbers.Add(begun.Number);
            _site.Now += TimeSpan.FromMinutes(30);
        }
        Assert.Equal(3, numbers.Distinct().Count());
        Assert.Equal(15_000, _site.Journal.Cdrs.Values.Sum(c => c.Bill.EnergyWh));
    }

    [Fact]
    public void Times_at_both_ends_of_the_calendar_are_answered()
    {
        _site.Show(ConnectorState.Preparing, told: DateTimeOffset.MaxValue);
        _site.Show(ConnectorState.Charging, told: DateTimeOffset.MinValue);
        var begun = _site.Begin(told: DateTimeOffset.MinValue);
        _site.Meter(101_000, begun.Number, told: DateTimeOffset.MaxValue);
        _site.End(begun.Number, 101_000, told: DateTimeOffset.MinValue);
        Assert.Equal(1_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_start_said_again_keeps_the_session_waiting_for_its_stop()
    {
        var told = _site.Now;
        var begun = _site.Begin(told: told);
        _site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
        _site.Wait(_site.Configuration.Timings.InferredEndHold - TimeSpan.FromMinutes(1));
        _site.Begin(told: told); // the queue is being emptied
        _site.Wait(TimeSpan.FromMinutes(10));
        _site.End(begun.Number, 109_000, told: told.AddHours(1));
        Assert.Equal(9_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void While_a_station_has_no_line_no_inferred_end_becomes_final()
    {
        // The Stop lies in its queue.
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        var begun = _site.Begin();
        _site.Show(ConnectorState.Available);
        _site.Take(new StationDisconnected("CP-1", "test"));
        _site.Wait(TimeSpan.FromHours(3));
        Assert.Null(_site.CdrOf(begun.Number));
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        _site.Wait(TimeSpan.FromMinutes(5));
        _site.End(begun.Number, 107_000);
        Assert.Equal(7_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_station_that_never_comes_back_ends_its_sessions_in_the_end()
    {
        // FIELD-NOTES 22
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        var begun = _site.Begin();
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Meter(101_000, begun.Number);
        var last = _site.Now;
        _site.Take(new StationDisconnected("CP-1", "burnt down"));
        _site.Wait(TimeSpan.FromDays(2));
        Assert.Equal(SessionStatus.Active, _site.Session(begun.Number).Status);
        for (var day = 0; day < 10; day++)
            _site.Wait(TimeSpan.FromDays(1));
        Assert.Equal(1_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
        Assert.Equal(last, _site.Session(begun.Number).EndedAt);
    }

    [Fact]
    public void Charging_again_after_a_boot_is_a_sign_of_life_without_any_meter_value()
    {
        var begun = _site.Begin();
        _site.Show(ConnectorState.Charging);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Show(ConnectorState.Charging);
        _site.Wait(TimeSpan.FromHours(5));
        _site.End(begun.Number, 130_000);
        Assert.Equal(30_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void The_next_car_is_no_sign_of_life_of_the_one_before()
    {
        var begun = _site.Begin();
        _site.Show(ConnectorState.Charging);
        _site.Now += TimeSpan.FromMinutes(10);
        var free = _site.Now;
        _site.Show(ConnectorState.Available);
        _site.Now += TimeSpan.FromMinutes(15);
        _site.Show(ConnectorState.Preparing);
        _site.Show(ConnectorState.Charging, told: _site.Now.AddSeconds(1)); // before its Start
        _site.Now += TimeSpan.FromSeconds(5);
        _site.Begin(tag: ExampleSite.SiteOnlyCard);
        _site.Wait(TimeSpan.FromHours(1));
        Assert.Equal(free, _site.Session(begun.Number).EndedAt);
    }

    [Fact]
    public void A_late_value_from_before_the_inferred_end_does_not_reopen_the_session()
    {
        var begun = _site.Begin();
        var start = _site.Now;
        _site.Now += TimeSpan.FromMinutes(20);
        _site.Meter(101_000, begun.Number, told: start.AddMinutes(19));
        _site.Show(ConnectorState.Available, told: start.AddMinutes(18));
        _site.Meter(100_500, begun.Number, told: start.AddMinutes(9));
        _site.Wait(TimeSpan.FromHours(1));
        Assert.Equal(SessionStatus.Completed, _site.Session(begun.Number).Status);
    }

    [Fact]
    public void A_restart_leaves_a_connector_with_the_session_that_held_it()
    {
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        var grant = _site.Take(new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted("FAR").Token!, null, "CP-1-1", 1, null, null));
        var begun = _site.Begin(told: _site.Now.AddSeconds(-30)); // a card was quicker
        _site.Take(new OrderSettled(grant.OrderId!.Value, OrderOutcome.Accepted, null));
        _site.Restart();
        Assert.Equal(begun.Number, _site.State.OccupantOf(SiteUnderTest.At())?.Number);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Meter(101_000, null);
        Assert.Equal(1_000, _site.Session(begun.Number).EnergyWh);
    }

    [Fact]
    public void The_terms_are_those_of_the_start_and_not_of_the_command_before_it()
    {
        // D5
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        var grant = _site.Take(new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, "CP-1-1", 1, null, null));
        _site.Take(new OrderSettled(grant.OrderId!.Value, OrderOutcome.Accepted, null));
        _site.Take(new Configure(_site.Configuration with { Tariffs = [ExampleSite.EnergyTariff("AC", 0.99m)] }));
        var begun = _site.Begin();
        _site.End(begun.Number, 101_000);
        Assert.Equal(0.99m, _site.CdrOf(begun.Number)!.Bill.Total.ExclVat);
    }

    [Fact]
    public void Strange_stations_without_end_are_forgotten_again()
    {
        // I16, S3: whoever invents names fills no memory.
        for (var i = 0; i < 1_000; i++)
        {
            _site.Now += TimeSpan.FromSeconds(1);
            _site.Take(new StationConnected($"STRANGER-{i}", "OCPP 1.6", "127.0.0.1"));
            _site.Take(new StationDisconnected($"STRANGER-{i}", "test"));
        }
        Assert.InRange(_site.State.Stations.Count, 1, 300);
        Assert.Equal(_site.State.Stations.Count, _site.Journal.Stations.Count);
        Assert.Contains("STRANGER-999", _site.State.Stations.Keys);
    }

    [Fact]
    public void A_course_does_not_grow_without_end()
    {
        // I16: a value each second, for ever. The energy goes on, and so does what the car does.
        var begun = _site.Begin();
        for (var i = 1; i <= 30_000; i++)
        {
            _site.Now += TimeSpan.FromSeconds(1);
            _site.Take(new Metered(SiteUnderTest.At(), begun.Number, [new(_site.Now, 100_000 + i, 3_600m, null, "E")]));
        }
        Assert.InRange(_site.State.Sessions[begun.Number].Course.Count, 1_000, 25_000);
        Assert.Equal(30_000, _site.State.Sessions[begun.Number].EnergyWh);
    }
}
