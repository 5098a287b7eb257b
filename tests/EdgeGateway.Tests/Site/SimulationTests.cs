using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Site;

/// <summary>Invariants over whole lives of whole sites. A failure names its seed; put it into <see cref="Seeds"/> for good.</summary>
public sealed class SimulationTests
{
    private const int Lives = 300;

    /// <summary>Seeds that once broke something.</summary>
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_life_that_once_went_wrong_goes_well(int seed) => Live(seed);

    [Fact]
    public void Whatever_happens_each_session_reaches_the_hub_once_and_whole()
    {
        var crashes = 0;
        for (var seed = 1000; seed < 1000 + Lives; seed++)
            crashes += Live(seed);
        Assert.True(crashes > Lives, "the lives were too quiet to prove anything");
    }

    /// <summary>Seeds of odd lives that once broke something.</summary>
    public static TheoryData<int> OddSeeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(OddSeeds))]
    public void An_odd_life_that_once_went_wrong_goes_well(int seed) => LiveOddly(seed);

    [Fact]
    public void Whatever_chargers_get_wrong_no_Wh_is_billed_twice_and_none_that_was_told_is_lost()
    {
        var (late, lost, reset, wrong, numbered) = (0, 0, 0, 0, 0);
        for (var seed = 5000; seed < 5000 + Lives; seed++)
        {
            foreach (var entry in LiveOddly(seed))
            {
                late += entry is { WasSilent: true, HasNoStop: false } ? 1 : 0;
                lost += entry.HasNoStop ? 1 : 0;
                reset += entry.WasReset ? 1 : 0;
                wrong += entry.IsClockWrong ? 1 : 0;
                numbered += entry.Events > 0 ? 1 : 0;
            }
        }
        Assert.True(new[] { late, lost, reset, wrong, numbered }.Min() > Lives, $"too few oddities to prove anything: {late} {lost} {reset} {wrong} {numbered}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_database()
    {
        // I20
        Assert.Equal(Dump(4711), Dump(4711));

        static string Dump(int seed)
        {
            var world = new SimulatedWorld(seed);
            world.Live(200);
            world.Settle();
            return string.Join('\n', world.Journal.Sessions.Values.OrderBy(s => s.Number).Select(s => $"{s.Id} {s.At} {s.EnergyWh} {s.StartedAt:O} {s.EndedAt:O} {s.Flags}"));
        }
    }

    private static int Live(int seed)
    {
        var world = new SimulatedWorld(seed);
        try
        {
            world.Live(300);
            world.Settle();
            Judge(world);
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException($"Seed {seed}: {broken.Message}", broken);
        }
        return world.Crashes;
    }

    private static List<LedgerEntry> LiveOddly(int seed)
    {
        var world = new SimulatedWorld(seed, odd: true);
        try
        {
            world.Live(300);
            world.Settle();
            JudgeOdd(world);
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException($"Odd seed {seed}: {broken.Message}\n{Dump(world)}", broken);
        }
        return [.. world.Chargers.SelectMany(c => c.Ledger)];
    }

    private static string Dump(SimulatedWorld world) => string.Join('\n',
        world.Journal.Sessions.Values.OrderBy(s => s.Number).Select(s =>
            $"{s.Number} {s.At} {s.Status} {s.StartTold:s}-{s.EndTold:s} {s.MeterStartWh}-{s.MeterStopWh} {s.EnergyWh}Wh {s.IdTag}/{s.StopIdTag} {s.Flags} end {s.EndedAt:s} due {s.EndDue:s} C[{string.Join(' ', s.Course.Select(c => $"{c.At:T}={c.EnergyWh}"))}]")
        .Concat(world.Chargers.SelectMany(c => c.Ledger).OrderBy(e => e.Number).Select(e =>
            $"L {e.Number} {e.At} {e.MeterStartWh}-{e.MeterStopWh} flowed {e.FlowedWh} told {e.ToldWh} {(e.WasReset ? "reset " : "")}{(e.HasNoStop ? "no stop " : "")}{(e.WasSilent ? "silent " : "")}{e.Started:s}"))
        .Concat(world.Journal.Events.Where(e => e.Severity != Severity.Info).Select(e => $"E {e.At:s} {e.Code} {e.Subject} {e.Text}")));

    /// <summary>What must hold however wrong the chargers are: numbers, order and counts as ever, and energy within what they told and what flowed.</summary>
    private static void JudgeOdd(SimulatedWorld world)
    {
        var ledger = world.Chargers.SelectMany(c => c.Ledger).ToList();
        Assert.Empty(world.Journal.Owed);
        Assert.All(ledger, e => Assert.True(e.Number is not null && (e.StopAnswered || e.HasNoStop)));
        Assert.Equal(ledger.Count, ledger.Select(e => e.Number).Distinct().Count());

        // I2: no phantom. Only remote starts that no car followed are more, and they are no CDRs.
        var sessions = world.Journal.Sessions.Values.ToList();
        Assert.All(sessions, s => Assert.True(s.Status is SessionStatus.Completed or SessionStatus.Invalid, $"{s.Number} is {s.Status}"));
        Assert.Equal(ledger.Select(e => e.Number!.Value).Order(), sessions.Where(s => s.Status is SessionStatus.Completed).Select(s => s.Number).Order());
        Assert.Equal(ledger.Select(e => e.SessionId!).Order(), world.Journal.Cdrs.Keys.Order());

        // A station of no configuration is no hub's business; all the others' are.
        Assert.Equal(
            ledger.Where(e => e.At.Station != SimulatedWorld.Stranger).Select(e => e.SessionId!).Order(), world.Hub.Cdrs.Keys.Order());
        foreach (var entry in ledger)
            JudgeOdd(world, entry, world.Journal.Cdrs[entry.SessionId!]);
    }

    private static void JudgeOdd(SimulatedWorld world, LedgerEntry entry, Cdr cdr)
    {
        var (session, wh) = (world.Journal.Sessions[entry.Number!.Value], cdr.Bill.EnergyWh);
        Assert.Equal(wh, cdr.Bill.Periods.Sum(p => p.EnergyWh));
        Assert.All(cdr.Bill.Periods, p => Assert.True(p.EnergyWh >= 0));
        Assert.InRange(wh, 0, entry.FlowedWh);
        Assert.True(session.EndedAt >= session.StartedAt);
        Assert.Equal(entry.IsClockWrong, session.Flags.HasFlag(SessionFlags.ClockRepaired));
        if (entry.IsClockWrong)
            Assert.True(session.StartedAt >= entry.Started.AddSeconds(-1) && session.EndedAt <= world.Now, "a time was repaired to what cannot be");
        else
            Assert.Equal(entry.Started, session.StartedAt);

        // I5: with a Stop in time, and no restart of the register, to the Wh; without, what was told of it.
        if (!session.Flags.HasFlag(SessionFlags.EndEstimated) && !entry.WasReset)
            Assert.Equal(entry.MeterStopWh - entry.MeterStartWh, wh);
        else if (!entry.WasReset && !entry.WasSilent && !entry.IsClockWrong)
            Assert.InRange(wh, entry.ToldWh, entry.FlowedWh);
        Assert.True(!session.Flags.HasFlag(SessionFlags.EndEstimated) || entry.HasNoStop || entry.WasSilent, "an end was estimated though its Stop came in time");
        if (entry.At.Station == SimulatedWorld.Stranger)
            return;
        Assert.Contains(cdr.Bill.Total.ExclVat, world.PricesBetween(entry.Started, entry.StartAnswered).Select(p => wh / 1000m * p).Select(c => Math.Round(c, 4)).Concat(
            world.PricesBetween(entry.Started, entry.StartAnswered).Select(p => wh / 1000m * p)));
    }

    private static void Judge(SimulatedWorld world)
    {
        var ledger = world.Chargers.SelectMany(c => c.Ledger).ToList();
        Assert.NotEmpty(ledger);
        Assert.True(world.Hub.HasLocation);
        Assert.Empty(world.Journal.Owed);

        // I1, I8, I9: what was answered is there, under a number that is nobody else's.
        Assert.All(ledger, e => Assert.True(e.StopAnswered && e.Number is not null));
        Assert.Equal(ledger.Count, ledger.Select(e => e.Number).Distinct().Count());
        Assert.Equal(ledger.Count, world.Journal.Sessions.Count);
        Assert.All(world.Journal.Sessions.Values, s => Assert.Equal(SessionStatus.Completed, s.Status));

        // I3: one CDR per session; I5: to the Wh what the charger metered, in total and over the periods.
        Assert.Equal(ledger.Select(e => e.SessionId!).Order(), world.Hub.Cdrs.Keys.Order());
        foreach (var entry in ledger)
        {
            var cdr = world.Hub.Cdrs[entry.SessionId!];
            var wh = entry.MeterStopWh - entry.MeterStartWh;
            Assert.Equal(wh, cdr.Bill.EnergyWh);
            Assert.Equal(wh, cdr.Bill.Periods.Sum(p => p.EnergyWh));
            Assert.All(cdr.Bill.Periods, p => Assert.True(p.EnergyWh >= 0));
            Assert.Equal(wh / 1000m * 0.49m, cdr.Bill.Total.ExclVat);
            Assert.Equal(entry.Started, cdr.Session.StartedAt);
            Assert.Equal(world.Hub.Sessions[entry.SessionId!].EnergyWh, wh);
        }
    }
}
