using EdgeGateway.Meters;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Meters;

public sealed class SiteMetersTests
{
    private static readonly ModbusFailure Silent = new(ModbusFault.Silent, "no answer within 500 ms");

    [Fact]
    public async Task A_meter_is_read_at_its_pace_and_shows_what_it_measures()
    {
        await using var under = await MetersUnderTest.StartAsync(null, MetersUnderTest.Station(seconds: 5), MetersUnderTest.Station("cp2", 2, 1, 2));
        await under.PassAsync(TimeSpan.FromSeconds(60));
        Assert.InRange(under.Paper(1).Reads, 12, 13);
        Assert.InRange(under.Paper(2).Reads, 60, 61);
        var shown = under["cp1"];
        Assert.Equal((MeterQuality.Good, null, 1_000L, 3_680m, 50m), (shown.Quality, shown.Trouble, shown.EnergyWh!.Value, shown.PowerW, shown.FrequencyHz));
        Assert.Equal((16m, new PhaseReading(230, 16, null)), (shown.CurrentA, Assert.Single(shown.Phases)));
        Assert.Equal(("CP-1", 1, "eastron-sdm120", "4711"), (shown.Station, shown.Evse, shown.Template, shown.Serial));
    }

    [Fact]
    public async Task A_slow_meter_skips_beats_and_makes_up_for_none()
    {
        await using var under = await MetersUnderTest.StartAsync(null, MetersUnderTest.Station(seconds: 1));
        var (hold, before) = (new TaskCompletionSource(), under.Paper().Reads);
        under.Paper().Held = hold.Task;
        await under.PassAsync(TimeSpan.FromSeconds(10));
        under.Paper().Held = Task.CompletedTask;
        hold.SetResult();
        await under.SettleAsync();
        Assert.InRange(under.Paper().Reads - before, 1, 2);
        before = under.Paper().Reads;
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(5, under.Paper().Reads - before);
    }

    [Fact]
    public async Task Silence_makes_stale_says_why_and_is_told_once_and_so_is_the_return()
    {
        await using var under = await MetersUnderTest.StartAsync(null, MetersUnderTest.Station(seconds: 5), MetersUnderTest.Grid());
        await under.PassAsync(TimeSpan.FromSeconds(10));
        (under.Paper(1).Failure, under.Paper(9).Failure) = (Silent, Silent);
        await under.PassAsync(TimeSpan.FromSeconds(14));
        Assert.Equal((MeterQuality.Stale, MeterQuality.Good), (under["grid"].Quality, under["cp1"].Quality));
        Assert.Empty(under.Events("grid"));
        await under.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(["MeterSilent"], under.Events("grid"));
        Assert.Matches("^silent for \\d+ s: no answer within 500 ms$", under["cp1"].Trouble!);
        Assert.Equal((MeterQuality.Stale, 1_000L), (under["cp1"].Quality, under["cp1"].EnergyWh));
        await under.PassAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(["MeterSilent"], under.Events("cp1"));
        (under.Paper(1).Failure, under.Paper(9).Failure) = (null, null);
        await under.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(["MeterSilent", "MeterBack"], under.Events("cp1"));
        Assert.Equal((MeterQuality.Good, null), (under["cp1"].Quality, under["cp1"].Trouble));
    }

    [Fact]
    public async Task A_flapping_bus_is_no_flood()
    {
        await using var under = await MetersUnderTest.StartAsync(null, [.. Enumerable.Range(1, 12).Select(n => MetersUnderTest.Station($"m{n}", (byte)n, 10, n))]);
        for (var i = 0; i < 5; i++)
        {
            foreach (var paper in under.Opened.Values)
                paper.Failure = Silent;
            await under.PassAsync(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(10));
            foreach (var paper in under.Opened.Values)
                paper.Failure = null;
            await under.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10));
        }
        // Ten minutes: each is told of once or twice, and within a minute of no more than the limit.
        Assert.InRange(under.Journal.Events.Count(static e => e.Code == "MeterSilent"), 12, 24);
        Assert.InRange(under.Journal.Events.Count(static e => e.Code == "MeterBack"), 1, 24);
        Assert.True(under.Journal.Events.GroupBy(static e => e.At.Ticks / TimeSpan.TicksPerMinute).Max(static g => g.Count()) <= 2 * MeterRemarks.PerMinute);
    }

    [Fact]
    public async Task A_counter_that_glitches_keeps_its_last_values_and_one_that_begins_anew_is_told()
    {
        await using var under = await MetersUnderTest.StartAsync();
        await under.PassAsync(TimeSpan.FromSeconds(5));
        under.Paper().EnergyKwh = float.NaN;
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((MeterQuality.Implausible, 1_000L), (under["cp1"].Quality, under["cp1"].EnergyWh));
        Assert.Contains("no number", under["cp1"].Trouble!, StringComparison.Ordinal);
        under.Paper().EnergyWh = 1_010;
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((MeterQuality.Good, 1_010L), (under["cp1"].Quality, under["cp1"].EnergyWh));
        Assert.Empty(under.Events("cp1"));
        under.Paper().EnergyWh = 0;
        await under.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["MeterImplausible"], under.Events("cp1"));
        under.Paper().EnergyWh = 7;
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((MeterQuality.Good, 7L), (under["cp1"].Quality, under["cp1"].EnergyWh));
        Assert.Equal(["MeterImplausible", "MeterReset"], under.Events("cp1"));
        Assert.Contains("7 Wh after 1010 Wh", under.Journal.Events.Single(static e => e.Code == "MeterReset").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_power_that_cannot_be_is_implausible()
    {
        await using var under = await MetersUnderTest.StartAsync();
        under.Paper().Power = 1e8f;
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(MeterQuality.Implausible, under["cp1"].Quality);
        Assert.Contains("power", under["cp1"].Trouble!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_without_the_register_of_its_energy_is_told_and_measures_on()
    {
        await using var under = await MetersUnderTest.StartAsync();
        under.Paper().Lacks = 72;
        await under.PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(MeterQuality.Implausible, under["cp1"].Quality);
        Assert.Contains("energy register", under["cp1"].Trouble!, StringComparison.Ordinal);
        Assert.Equal(["MeterImplausible"], under.Events("cp1"));
    }

    [Fact]
    public async Task One_answer_that_was_lost_is_no_silence_of_now()
    {
        await using var under = await MetersUnderTest.StartAsync();
        await under.PassAsync(TimeSpan.FromSeconds(4));
        under.Paper().Failure = Silent;
        await under.PassAsync(TimeSpan.FromSeconds(1));
        (under.Paper().Failure, under.Paper().EnergyWh) = (null, 1_007);
        under.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1_007, (await under.Meters.AtAsync("CP-1", 1, under.Clock.GetUtcNow(), MeterMoment.End, default))!.EnergyWh);
    }

    [Fact]
    public async Task Another_serial_number_is_another_meter_and_begins_where_it_stands()
    {
        await using var under = await MetersUnderTest.StartAsync();
        await under.PassAsync(TimeSpan.FromSeconds(5));
        under.Paper().Failure = Silent;
        await under.PassAsync(TimeSpan.FromSeconds(10));
        (under.Paper().Failure, under.Paper().Serial, under.Paper().EnergyWh) = (null, 4712, 5);
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((MeterQuality.Good, 5L, "4712"), (under["cp1"].Quality, under["cp1"].EnergyWh, under["cp1"].Serial));
        Assert.Equal(["MeterExchanged"], under.Events("cp1"));
    }

    [Fact]
    public async Task After_a_restart_counters_are_held_against_what_was_kept()
    {
        var log = new MemoryMeterLog();
        log.Last.Add(new(new("cp1", new(2026, 3, 2, 7, 59, 0, TimeSpan.Zero), 900_000), "eastron-sdm120", "4711"));
        log.Last.Add(new(new("cp2", new(2026, 3, 2, 7, 59, 0, TimeSpan.Zero), 900_000), "eastron-sdm120", "4710"));
        log.Last.Add(new(new("cp3", new(2026, 3, 2, 7, 59, 0, TimeSpan.Zero), 900_000), "abb-b23", null));
        await using var under = await MetersUnderTest.StartAsync(log, MetersUnderTest.Station(), MetersUnderTest.Station("cp2", 2, 5, 2), MetersUnderTest.Station("cp3", 3, 5, 3));
        await under.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Equal((MeterQuality.Implausible, MeterQuality.Good, MeterQuality.Good), (under["cp1"].Quality, under["cp2"].Quality, under["cp3"].Quality));
        Assert.Empty(under.Events("cp1"));
        Assert.Equal(["MeterExchanged"], under.Events("cp2"));
        Assert.Equal(["MeterExchanged"], under.Events("cp3"));
    }

    [Fact]
    public async Task Meters_come_change_and_go_without_touching_the_others()
    {
        await using var under = await MetersUnderTest.StartAsync(null, MetersUnderTest.Station(), MetersUnderTest.Station("cp2", 2, 5, 2));
        await under.PassAsync(TimeSpan.FromSeconds(5));
        under.Configure(MetersUnderTest.Station("cp2", 2, 1, 2), MetersUnderTest.Station(), MetersUnderTest.Grid());
        await under.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["cp2", "cp1", "grid"], under.Meters.Newest.Select(static m => m.Meter));
        Assert.False(under.Paper(1).Disposed);
        Assert.InRange(under.Paper(1).Reads, 3, 4);
        Assert.Equal((MeterQuality.Good, 1_000L), (under["cp2"].Quality, under["cp2"].EnergyWh));
        Assert.Empty(under.Events("cp2"));
        under.Configure(MetersUnderTest.Station() with { Unit = 3 });
        await under.PassAsync(TimeSpan.FromSeconds(10));
        Assert.True(under.Paper(9).Disposed);
        Assert.Equal(["MeterExchanged"], under.Events("cp1"));
        Assert.Equal("cp1", Assert.Single(under.Meters.Newest).Meter);
    }

    [Fact]
    public async Task A_fault_of_ours_ends_no_loop()
    {
        await using var under = await MetersUnderTest.StartAsync();
        under.Paper().Fault = new InvalidOperationException("a bug");
        await under.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("a bug", under["cp1"].Trouble!, StringComparison.Ordinal);
        under.Paper().Fault = null;
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(MeterQuality.Good, under["cp1"].Quality);
    }

    [Fact]
    public async Task A_reading_that_hangs_is_begun_anew()
    {
        await using var under = await MetersUnderTest.StartAsync();
        await under.PassAsync(TimeSpan.FromSeconds(10));
        var hanging = under.Paper();
        hanging.Held = new TaskCompletionSource().Task;
        await under.PassAsync(TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(10));
        await ChargersHost.UntilAsync(() => hanging.Disposed);
        hanging.Held = Task.CompletedTask;
        await under.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(MeterQuality.Good, under["cp1"].Quality);
    }

    [Fact]
    public async Task A_minute_of_all_meters_is_kept_at_once_and_what_is_not_good_is_not()
    {
        await using var under = await MetersUnderTest.StartAsync(null, MetersUnderTest.Station(), MetersUnderTest.Station("cp2", 2, 5, 2), MetersUnderTest.Station("cp3", 3, 5, 3));
        await under.PassAsync(TimeSpan.FromSeconds(6));
        under.Paper(2).Failure = Silent;
        under.Paper(3).EnergyWh = 0;
        await under.PassAsync(TimeSpan.FromSeconds(120));
        Assert.Equal(2, under.Log.Commits.Count);
        Assert.All(under.Log.Commits, static c => Assert.Equal(["cp1"], c.Select(static r => r.Meter)));
        Assert.Equal("4711", under.Log.Commits[0][0].Serial);
    }

    [Fact]
    public async Task Of_now_the_register_is_read_anew_and_who_asks_together_shares_it()
    {
        await using var under = await MetersUnderTest.StartAsync(null, MetersUnderTest.Station(seconds: 3600));
        under.Clock.Advance(TimeSpan.FromSeconds(30));
        under.Paper().EnergyWh = 1_234;
        var now = under.Clock.GetUtcNow();
        var asked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => under.Meters.AtAsync("cp-1", 1, now, MeterMoment.Start, default).AsTask()));
        Assert.All(asked, s => Assert.Equal(new MeterSample("cp1", now, 1_234, "4711"), s));
        Assert.InRange(under.Paper().Reads, 2, 5);
        Assert.Null(await under.Meters.AtAsync("CP-1", 2, now, MeterMoment.Start, default));
        Assert.Equal(1_000, under["cp1"].EnergyWh);
    }

    [Fact]
    public async Task A_meter_that_is_known_to_be_silent_is_not_waited_for_and_its_last_value_tells_its_time()
    {
        await using var under = await MetersUnderTest.StartAsync();
        await under.PassAsync(TimeSpan.FromSeconds(5));
        var last = under.Clock.GetUtcNow();
        under.Paper().Failure = Silent;
        await under.PassAsync(TimeSpan.FromSeconds(10));
        under.Paper().Held = new TaskCompletionSource().Task;
        var asked = under.Meters.AtAsync("CP-1", 1, under.Clock.GetUtcNow(), MeterMoment.End, default);
        Assert.True(asked.IsCompleted);
        Assert.Equal(new MeterSample("cp1", last, 1_000, "4711"), await asked);
        under.Paper().Held = Task.CompletedTask;
        await under.PassAsync(TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(10));
        Assert.Null(await under.Meters.AtAsync("CP-1", 1, under.Clock.GetUtcNow(), MeterMoment.End, default));
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_not_waited_for()
    {
        await using var under = await MetersUnderTest.StartAsync(null, MetersUnderTest.Station(seconds: 60));
        var read = under.Clock.GetUtcNow();
        under.Clock.Advance(TimeSpan.FromSeconds(20));
        var hold = new TaskCompletionSource();
        under.Paper().Held = hold.Task;
        var asked = under.Meters.AtAsync("CP-1", 1, under.Clock.GetUtcNow(), MeterMoment.Start, default).AsTask();
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);
        under.Clock.Advance(MeterLine.NowPatience);
        Assert.Equal(new MeterSample("cp1", read, 1_000, "4711"), await asked.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        hold.SetResult();
    }

    [Fact]
    public async Task Of_the_past_readings_in_memory_come_first_and_then_the_log()
    {
        var log = new MemoryMeterLog();
        await using var under = await MetersUnderTest.StartAsync(log);
        var began = under.Clock.GetUtcNow();
        log.Samples["cp1"] = [new("cp1", began.AddHours(-2), 400), new("cp1", began.AddHours(-2).AddMinutes(1), 520)];
        for (var i = 1; i <= 12; i++)
        {
            under.Paper().EnergyWh = 1_000 + (i * 10);
            await under.PassAsync(TimeSpan.FromSeconds(5));
        }
        Assert.Equal(1_050, (await At(began.AddSeconds(27), MeterMoment.Start))!.EnergyWh);
        Assert.Equal(1_060, (await At(began.AddSeconds(27), MeterMoment.End))!.EnergyWh);
        Assert.Equal(1_054, (await At(began.AddSeconds(27), MeterMoment.Within))!.EnergyWh);
        Assert.Equal(400, (await At(began.AddHours(-2).AddSeconds(30), MeterMoment.Start))!.EnergyWh);
        Assert.Equal(520, (await At(began.AddHours(-2).AddSeconds(30), MeterMoment.End))!.EnergyWh);
        Assert.Equal(460, (await At(began.AddHours(-2).AddSeconds(30), MeterMoment.Within))!.EnergyWh);
        Assert.Null(await At(began.AddHours(-3), MeterMoment.Start));

        ValueTask<MeterSample?> At(DateTimeOffset at, MeterMoment moment) => under.Meters.AtAsync("CP-1", 1, at, moment, default);
    }

    [Fact]
    public async Task A_session_that_the_meter_counts_for_is_told_its_values_between_start_and_end()
    {
        var meter = MetersUnderTest.Station();
        await using var under = await MetersUnderTest.StartAsync(null, meter with { Meter = meter.Meter with { Use = MeterUse.Bill } });
        await under.PassAsync(TimeSpan.FromSeconds(5));
        var at = new Position("CP-1", 1, 1);
        await under.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "10.0.0.1"), default);
        var sample = await under.Meters.AtAsync("CP-1", 1, under.Clock.GetUtcNow(), MeterMoment.Start, default);
        var begun = await under.Engine.ReportAsync(new SessionBegan(at, ExampleSite.Card, under.Clock.GetUtcNow(), null, ExampleSite.Accepted(), SiteMeter: sample), default);
        Assert.Equal("cp1", under.Journal.Sessions[begun.Number].CountedBy);
        under.Paper().EnergyWh = 1_500;
        await under.PassAsync(TimeSpan.FromSeconds(58));
        Assert.Equal(0, under.Engine.State.Sessions.Values.Single().EnergyWh);
        await under.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(500, under.Engine.State.Sessions.Values.Single().EnergyWh);
    }
}
