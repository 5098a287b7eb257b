using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers.Modbus;

/// <summary>Chargers behind Modbus as stations like any other: sessions, cards, orders, restarts, silence.</summary>
public sealed class ModbusStationTests
{
    [Fact]
    public async Task It_connects_and_says_what_it_is()
    {
        await using var bench = await ModbusBench.StartAsync("keba-p30");
        var station = bench.Engine.State.Stations[ModbusBench.Id];
        Assert.True(station.Connected);
        Assert.Equal("Modbus TCP", station.Protocol);
        Assert.Equal(new("KEBA", "400000", "4711", "20000"), station.Identity);
        Assert.Equal(ConnectorState.Available, bench.Shown);
        Assert.Equal(EvseStatus.Available, bench.Engine.State.StatusOf(ModbusBench.Id, 1, bench.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_vehicle_without_an_authorized_driver_gets_no_current()
    {
        await using var bench = await ModbusBench.StartAsync();
        var before = bench.Device.LedgerWh;
        bench.Device.Plug();
        await bench.RunAsync(30);
        Assert.Equal(before, bench.Device.LedgerWh);
        Assert.Equal(ConnectorState.Preparing, bench.Shown);
        Assert.Empty(bench.Journal.Sessions);
    }

    [Fact]
    public async Task A_hubs_start_and_stop_reach_it_and_the_cdr_has_every_Wh()
    {
        await using var bench = await ModbusBench.StartAsync();
        var grant = await bench.StartRemotelyAsync();
        Assert.Equal(OrderOutcome.Accepted, (await bench.SettledAsync(grant)).Outcome);
        Assert.Equal(SessionStatus.Pending, Assert.Single(bench.Journal.Sessions).Value.Status);
        await bench.RunAsync(2);
        Assert.Equal(ConnectorState.Preparing, bench.Shown);

        var before = bench.Device.LedgerWh;
        bench.Device.Plug();
        await bench.RunAsync(3600);
        var session = bench.Running!;
        Assert.Equal((before, ConnectorState.Charging), (session.MeterStartWh!.Value, bench.Shown!.Value));
        Assert.Equal(ExampleSite.Hub, session.Hub);
        Assert.InRange(session.EnergyWh, 10_900, 11_040);

        var stop = await bench.Engine.RequestAsync(new StopRemotely(ExampleSite.Hub, session.Id), CancellationToken.None);
        Assert.Equal(OrderOutcome.Accepted, (await bench.SettledAsync(stop)).Outcome);
        Assert.Equal(0, bench.Device.FlowsA);
        await bench.RunAsync(5);
        var cdr = Assert.Single(bench.Journal.Cdrs).Value;
        Assert.Equal(bench.Device.LedgerWh - before, cdr.Session.EnergyWh);
        Assert.Equal((1, "Remote"), (bench.Journal.Sessions.Count, cdr.Session.StopReason));
        Assert.Equal(ConnectorState.Finishing, bench.Shown);
        bench.Device.Unplug();
        await bench.RunAsync(3);
        Assert.Equal(ConnectorState.Available, bench.Shown);
    }

    [Fact]
    public async Task A_card_starts_it_and_shown_again_stops_it()
    {
        await using var bench = await ModbusBench.StartAsync("phoenix-charx");
        bench.Device.Plug();
        bench.Device.Card = "04:a2:b3:c4";
        await bench.RunAsync(3);
        Assert.Equal(ExampleSite.Card, bench.Running!.IdTag);
        bench.Device.Card = null;
        await bench.RunAsync(100);
        Assert.True(bench.Device.FlowsA > 0);
        bench.Device.Card = "04a2b3c4";
        await bench.RunAsync(5);
        var cdr = Assert.Single(bench.Journal.Cdrs).Value;
        Assert.Equal(("Local", ExampleSite.Card), (cdr.Session.StopReason, cdr.Session.StopIdTag));
        Assert.Equal(0, bench.Device.FlowsA);
    }

    [Fact]
    public async Task Another_drivers_card_neither_stops_a_session_nor_starts_the_next()
    {
        await using var bench = await ModbusBench.StartAsync("phoenix-charx");
        bench.Device.Plug();
        bench.Device.Card = ExampleSite.Card;
        await bench.RunAsync(5);
        var number = bench.Running!.Number;
        bench.Device.Card = ExampleSite.SiteOnlyCard;
        await bench.RunAsync(5);
        Assert.Equal(number, bench.Running!.Number);
        bench.Device.Unplug();
        await bench.RunAsync(3);
        bench.Device.Plug();
        await bench.RunAsync(5);
        Assert.Null(bench.Running);
        Assert.Equal(0, bench.Device.FlowsA);
    }

    [Theory]
    [InlineData("BADBAD01")]
    [InlineData("DEAD0001")]
    public async Task A_card_that_is_not_accepted_gets_no_current(string card)
    {
        await using var bench = await ModbusBench.StartAsync("phoenix-charx");
        bench.Device.Plug();
        bench.Device.Card = card;
        await bench.RunAsync(20);
        Assert.Equal(0, bench.Device.FlowsA);
        Assert.Empty(bench.Journal.Sessions);
        Assert.Contains(bench.Journal.Events, static e => e.Code == "TokenRefused");
    }

    [Fact]
    public async Task A_card_that_was_shown_before_we_came_is_nobodys_start()
    {
        await using var bench = await ModbusBench.StartAsync("phoenix-charx");
        await bench.RestartAsync();
        bench.Device.Card = ExampleSite.Card;
        bench.Device.Plug();
        await bench.RunAsync(10);
        Assert.Equal(0, bench.Device.FlowsA);
    }

    [Fact]
    public async Task A_card_is_held_until_a_vehicle_comes_and_lapses_in_time()
    {
        await using var bench = await ModbusBench.StartAsync("phoenix-charx");
        bench.Device.Card = ExampleSite.Card;
        await bench.RunAsync(3);
        Assert.Equal(ConnectorState.Preparing, bench.Shown);
        bench.Device.Card = null;
        await bench.RunAsync(15 * 60);
        Assert.Equal(ConnectorState.Available, bench.Shown);
        bench.Device.Plug();
        await bench.RunAsync(5);
        Assert.Null(bench.Running);
    }

    [Fact]
    public async Task A_depot_starts_every_vehicle_once_with_its_own_card()
    {
        await using var bench = await ModbusBench.StartAsync(line: static l => l with { AutoStartToken = ExampleSite.SiteOnlyCard });
        bench.Device.Plug();
        await bench.RunAsync(20);
        var session = bench.Running!;
        Assert.Equal(ExampleSite.SiteOnlyCard, session.IdTag);
        await bench.Engine.RequestAsync(new StopRemotely(null, session.Id), CancellationToken.None);
        await bench.RunAsync(10);
        Assert.Null(bench.Running);
        await bench.RestartAsync();
        await bench.RunAsync(10);
        Assert.Null(bench.Running);
        bench.Device.Unplug();
        await bench.RunAsync(3);
        bench.Device.Plug();
        await bench.RunAsync(3);
        Assert.NotNull(bench.Running);
    }

    [Fact]
    public async Task No_current_flows_before_the_start_is_on_disk()
    {
        // I1.
        await using var bench = await ModbusBench.StartAsync(line: static l => l with { AutoStartToken = ExampleSite.SiteOnlyCard });
        bench.Device.Plug();
        bench.Journal.Failing = static turn => turn.Changes.OfType<SessionChanged>().Any() ? new IOException("disk full") : null;
        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<NotRecordedException>(() => bench.RunAsync(1));
        Assert.Equal(0, bench.Device.FlowsA);
        bench.Journal.Failing = null;
        await bench.RunAsync(1);
        Assert.True(bench.Device.FlowsA > 0);
        Assert.Single(bench.Journal.Sessions);
    }

    [Theory]
    [InlineData("alfen-eve")]
    [InlineData("abb-terra-ac")]
    public async Task A_session_survives_a_restart_and_none_of_its_Wh_counts_twice(string template)
    {
        // I10, I5.
        await using var bench = await ModbusBench.StartAsync(template);
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(100);
        var number = bench.Running!.Number;
        await bench.RestartAsync(TimeSpan.FromSeconds(45));
        await bench.RunAsync(100);
        Assert.Equal(number, bench.Running!.Number);
        Assert.True(bench.Device.FlowsA > 0);
        bench.Device.Unplug();
        await bench.RunAsync(10);
        Assert.Equal(bench.Device.SessionWh, Assert.Single(bench.Journal.Cdrs).Value.Session.EnergyWh);
    }

    [Theory]
    [InlineData("alfen-eve")]
    [InlineData("abb-terra-ac")]
    public async Task A_vehicle_that_left_while_we_were_away_pays_for_what_the_register_says_now(string template)
    {
        await using var bench = await ModbusBench.StartAsync(template);
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(100);
        await bench.RestartAsync(TimeSpan.FromSeconds(45));
        bench.Device.Unplug();
        await bench.RunAsync(10);
        Assert.Equal(bench.Device.SessionWh, Assert.Single(bench.Journal.Cdrs).Value.Session.EnergyWh);
        Assert.Equal(ConnectorState.Available, bench.Shown);
    }

    [Fact]
    public async Task An_end_that_was_promised_comes_after_a_restart_too()
    {
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(100);
        await bench.SettledAsync(await bench.Engine.RequestAsync(new StopRemotely(null, bench.Running!.Id), CancellationToken.None));
        await bench.RestartAsync();
        await bench.RunAsync(5);
        Assert.Null(bench.Running);
        Assert.Equal("Remote", Assert.Single(bench.Journal.Cdrs).Value.Session.StopReason);
    }

    [Fact]
    public async Task Charging_goes_on_while_it_is_silent_and_is_counted_when_it_answers_again()
    {
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(100);
        bench.Device.SafeA = 6;
        bench.Device.IsSilent = true;
        await bench.RunAsync(2);
        Assert.True(bench.Engine.State.Stations[ModbusBench.Id].Connected);
        await bench.RunAsync(600);
        Assert.False(bench.Engine.State.Stations[ModbusBench.Id].Connected);
        Assert.Equal(6, bench.Device.FlowsA);
        Assert.Equal(OrderOutcome.Offline, (await bench.CarryOutAsync(new StopOrder(9, ModbusBench.Id, 1), CancellationToken.None)).Outcome);
        bench.Device.IsSilent = false;
        await bench.RunAsync(2);
        Assert.Equal(16, bench.Device.FlowsA);
        bench.Device.Unplug();
        await bench.RunAsync(5);
        Assert.Equal(bench.Device.SessionWh, Assert.Single(bench.Journal.Cdrs).Value.Session.EnergyWh);
    }

    [Fact]
    public async Task One_reading_without_a_vehicle_ends_no_session()
    {
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(100);
        bench.Device.OddStates.Enqueue("A");
        await bench.RunAsync(1);
        bench.Device.OddStates.Enqueue("?");
        await bench.RunAsync(5);
        Assert.NotNull(bench.Running);
        Assert.True(bench.Device.FlowsA > 0);
    }

    [Fact]
    public async Task Glitches_of_the_counter_at_the_worst_moments_book_nothing()
    {
        // FIELD pain 14: at the start, on the way, and at the end.
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Glitches.Enqueue(0);
        bench.Device.Plug();
        await bench.RunAsync(10);
        Assert.NotNull(bench.Running);
        for (var i = 0; i < 5; i++)
        {
            bench.Device.Glitches.Enqueue(i % 2 == 0 ? 0 : 4_000_000_000);
            await bench.RunAsync(7);
        }
        bench.Device.Unplug();
        await bench.RunAsync(1);
        bench.Device.Glitches.Enqueue(0);
        await bench.RunAsync(5);
        Assert.Equal(bench.Device.SessionWh, Assert.Single(bench.Journal.Cdrs).Value.Session.EnergyWh);
    }

    [Fact]
    public async Task A_charger_without_a_counter_leaves_the_energy_to_the_sites_meter()
    {
        await using var bench = await ModbusBench.StartAsync("phoenix-ev-ser");
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(20);
        Assert.Null(bench.Running!.MeterStartWh);
        bench.Device.Unplug();
        await bench.RunAsync(5);
        Assert.Null(Assert.Single(bench.Journal.Cdrs).Value.Session.MeterStopWh);
    }

    [Fact]
    public async Task Another_device_in_its_place_is_noticed_and_books_nothing()
    {
        await using var bench = await ModbusBench.StartAsync("keba-p30");
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(100);
        var charged = bench.Device.SessionWh;
        bench.Device.Unplug();
        bench.Device.IsSilent = true;
        await bench.RunAsync(10);
        bench.Device.Exchange("4712", 90_000_000);
        bench.Device.IsSilent = false;
        await bench.RunAsync(20);
        Assert.Equal(charged, Assert.Single(bench.Journal.Cdrs).Value.Session.EnergyWh, 10d);
        Assert.Contains(bench.Journal.Events, static e => e.Code == "StationExchanged");
        Assert.Equal("4712", bench.Engine.State.Stations[ModbusBench.Id].Identity!.Serial);
    }

    [Fact]
    public async Task A_fault_is_shown_with_its_code_and_starts_nothing()
    {
        await using var bench = await ModbusBench.StartAsync();
        bench.Device.HasFault = true;
        await bench.RunAsync(2);
        Assert.Equal(ConnectorState.Faulted, bench.Shown);
        Assert.Equal(EvseStatus.OutOfOrder, bench.Engine.State.StatusOf(ModbusBench.Id, 1, bench.Clock.GetUtcNow()));
        Assert.Equal(OrderOutcome.Rejected, (await bench.CarryOutAsync(new StartOrder(9, bench.At, "X"), CancellationToken.None)).Outcome);
        bench.Device.HasFault = false;
        await bench.RunAsync(2);
        Assert.Equal(ConnectorState.Available, bench.Shown);
    }

    [Fact]
    public async Task A_hubs_limits_hold_at_once_and_are_followed_as_time_goes_on()
    {
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        bench.Device.WantsA = 32;
        await bench.RunAsync(10);
        Assert.Equal(32, bench.Device.LimitA);
        var limits = new ChargingLimits
        {
            Unit = LimitUnit.Watts, Duration = TimeSpan.FromMinutes(5),
            Steps = [new(TimeSpan.Zero, 6_900), new(TimeSpan.FromMinutes(1), 0), new(TimeSpan.FromMinutes(2), 2_300, 1)],
        };
        var grant = await bench.Engine.RequestAsync(new LimitCharging(ExampleSite.Hub, bench.Running!.Id, limits), CancellationToken.None);
        Assert.Equal(OrderOutcome.Accepted, (await bench.SettledAsync(grant)).Outcome);
        Assert.Equal(10, bench.Device.LimitA);
        await bench.RunAsync(61);
        Assert.Equal((0, ConnectorState.SuspendedEvse), (bench.Device.LimitA, bench.Shown!.Value));
        await bench.RestartAsync();
        await bench.RunAsync(60);
        Assert.Equal(10, bench.Device.LimitA);
        var asked = (await bench.CarryOutAsync(new AskLimitsOrder(9, bench.At, bench.Running!.Number, TimeSpan.FromMinutes(10), LimitUnit.Amperes), CancellationToken.None)).Limits!;
        Assert.Equal([10m, 32m], asked.Steps.Select(static s => s.Limit));
        await bench.RunAsync(200);
        Assert.Equal((32, ConnectorState.Charging), (bench.Device.LimitA, bench.Shown!.Value));
    }

    [Fact]
    public async Task A_limit_below_what_a_vehicle_can_take_pauses_it()
    {
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(10);
        Assert.Equal(CareOutcome.Done, (await bench.Station.CareAsync(new SetStationLimit(5, LimitUnit.Amperes), CancellationToken.None)).Outcome);
        Assert.Equal(0, bench.Device.LimitA);
        Assert.Equal(CareOutcome.Done, (await bench.Station.CareAsync(new SetStationLimit(null, LimitUnit.Amperes), CancellationToken.None)).Outcome);
        Assert.Equal(32, bench.Device.LimitA);
    }

    [Fact]
    public async Task Out_of_service_it_stays_across_restarts_and_nobody_charges()
    {
        await using var bench = await ModbusBench.StartAsync();
        Assert.Equal(CareOutcome.Done, (await bench.Station.CareAsync(new SetAvailability(false), CancellationToken.None)).Outcome);
        await bench.RunAsync(1);
        Assert.Equal(ConnectorState.Unavailable, bench.Shown);
        await bench.RestartAsync();
        await bench.RunAsync(4);
        Assert.Equal(Refusal.Occupied, (await bench.Engine.RequestAsync(
            new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, $"{ModbusBench.Id}-1", 1, null, null), CancellationToken.None)).Refusal);
        Assert.Equal(CareOutcome.Done, (await bench.Station.CareAsync(new SetAvailability(true), CancellationToken.None)).Outcome);
        await bench.RunAsync(1);
        Assert.Equal(ConnectorState.Available, bench.Shown);
    }

    [Fact]
    public async Task Unlocking_ends_the_session_first_and_is_refused_where_there_is_no_register()
    {
        await using var keba = await ModbusBench.StartAsync("keba-p30");
        await keba.StartRemotelyAsync();
        keba.Device.Plug();
        await keba.RunAsync(20);
        Assert.Equal(CareOutcome.Done, (await keba.Station.CareAsync(new UnlockConnector(1), CancellationToken.None)).Outcome);
        Assert.DoesNotContain("5012=0", keba.Device.Writes);
        await keba.RunAsync(5);
        Assert.Equal("UnlockCommand", Assert.Single(keba.Journal.Cdrs).Value.Session.StopReason);
        Assert.True(keba.Device.Writes.LastIndexOf("5012=0") > keba.Device.Writes.LastIndexOf("5014=0"));

        await using var alfen = await ModbusBench.StartAsync();
        Assert.Equal(OrderOutcome.NotSupported, (await alfen.CarryOutAsync(new UnlockOrder(9, alfen.At), CancellationToken.None)).Outcome);
        Assert.Equal(CareOutcome.NotSupported, (await alfen.Station.CareAsync(new ResetStation(true), CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Times_are_told_in_whole_seconds_since_hubs_reckon_with_no_finer_ones()
    {
        await using var bench = await ModbusBench.StartAsync();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(731));
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(20);
        bench.Device.Unplug();
        await bench.RunAsync(5);
        var session = Assert.Single(bench.Journal.Cdrs).Value.Session;
        Assert.Equal((0, 0), (session.StartedAt.Millisecond, session.EndedAt!.Value.Millisecond));
        Assert.All(session.Course, static p => Assert.Equal(0, p.At.Millisecond));
    }

    [Fact]
    public async Task A_vehicle_that_is_full_is_told_from_one_that_is_held_back()
    {
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(10);
        bench.Device.WantsA = 0;
        await bench.RunAsync(5);
        Assert.Equal(ConnectorState.SuspendedEV, bench.Shown);
        Assert.Equal(Activity.Parking, bench.Running!.Course[^1].Activity);
    }

    [Fact]
    public async Task What_is_written_and_what_changes_can_be_watched_and_nothing_else()
    {
        await using var bench = await ModbusBench.StartAsync();
        await bench.StartRemotelyAsync();
        bench.Device.Plug();
        await bench.RunAsync(300);
        Assert.Contains(bench.Frames.All, static f => f.Direction is FrameDirection.Line && f.Text.Contains("Alfen", StringComparison.Ordinal));
        Assert.Contains(bench.Frames.All, static f => f.Direction is FrameDirection.Out && f.Text == "limit 32 A: Holding 1210 = 16896 0");
        Assert.Contains(bench.Frames.All, static f => f.Direction is FrameDirection.In && f.Text.StartsWith("C, ", StringComparison.Ordinal));
        Assert.True(bench.Frames.All.Count < 12, string.Join('\n', bench.Frames.All.Select(static f => f.Text)));
    }
}
