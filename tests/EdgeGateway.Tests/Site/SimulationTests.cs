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
