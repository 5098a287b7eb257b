using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>The same measurements make the same CDR: whatever version of OCPP tells them, and in whatever order.</summary>
public sealed class TransactionPropertyTests
{
    private const int Stories = 600;

    private static readonly DateTimeOffset Eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Seeds that once broke something.</summary>
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_story_that_was_once_told_wrongly_is_told_well(int seed) => Judge(seed);

    [Fact]
    public void The_same_measurements_make_the_same_cdr_from_1_6_and_from_2_x_in_any_order()
    {
        for (var seed = 100; seed < 100 + Stories; seed++)
            Judge(seed);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Two_events_of_one_second_are_two_even_where_all_have_the_number_0(bool numbers, bool swapped)
    {
        // FIELD-NOTES 23
        var site = Site();
        int Number(int n) => numbers ? n : 0;
        site.Tell(TransactionPhase.Started, Number(0), tag: ExampleSite.Card, charging: ChargingPhase.Charging, register: 100_000);
        site.Now += TimeSpan.FromMinutes(30);
        Action[] tell =
        [
            () => site.Tell(TransactionPhase.Updated, Number(1), charging: ChargingPhase.SuspendedEV),
            () => site.Tell(TransactionPhase.Updated, Number(2), register: 104_000),
        ];
        foreach (var one in swapped ? tell.Reverse() : tell)
        {
            one();
            one(); // its answer was lost
        }
        site.Now += TimeSpan.FromMinutes(30);
        site.Tell(TransactionPhase.Ended, Number(3), register: 104_000);
        var cdr = Assert.Single(site.Journal.Cdrs.Values);
        Assert.Equal((4_000L, TimeSpan.FromMinutes(30)), (cdr.Bill.EnergyWh, cdr.Bill.Parking));
        Assert.Equal([4_000L, 0L], cdr.Bill.Periods.Select(p => p.EnergyWh));
        Assert.Equal(4, Assert.Single(site.Journal.Sessions.Values).Heard!.Count);
    }

    private static void Judge(int seed)
    {
        var random = new Random(seed);
        var story = new ChargingStory(random, Eight);
        try
        {
            var truth = InOrder(story, random);
            Assert.Equal(story.MeterStopWh - story.MeterStartWh, truth.Bill.EnergyWh);
            Assert.Equal(story.Begins, truth.Session.StartedAt);
            Assert.Equal(ChargingStory.Content(OfV16(story)), ChargingStory.Content(truth));
            // Where nothing flowed and the plug is told too late, there was nobody: the hub has heard so, and nothing is billed.
            for (var shuffle = 0; shuffle < 5 && story.MeterStopWh > story.MeterStartWh; shuffle++)
                Assert.Equal(ChargingStory.Content(truth), ChargingStory.Content(Shuffled(story, random)));
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}: {broken.Message}", broken);
        }
    }

    private static SiteUnderTest Site() => new(ExampleSite.Create() with { Tariffs = [Tariff] }) { Now = Eight };

    /// <summary>One that prices all that there is, so that the order of things matters.</summary>
    private static Tariff Tariff { get; } = ExampleSite.EnergyTariff("AC", 0.49m) with
    {
        Elements =
        [
            new()
            {
                Components = [new(PriceDimension.Energy, 0.31m, 19m, 1), new(PriceDimension.Time, 1.2m, 19m, 1), new(PriceDimension.ParkingTime, 5m, 19m, 60)],
                Restrictions = new() { StartTime = new(0, 0), EndTime = new(10, 0) },
            },
            new() { Components = [new(PriceDimension.Energy, 0.59m, 19m, 1), new(PriceDimension.ParkingTime, 7m, 19m, 1)] },
        ],
    };

    private static Cdr OfV16(ChargingStory story)
    {
        var site = Site();
        foreach (var (at, input) in story.AsV16(1))
        {
            site.Now = at;
            site.Handle(input);
        }
        return Assert.Single(site.Journal.Cdrs.Values);
    }

    private static Cdr InOrder(ChargingStory story, Random random)
    {
        var site = Site();
        foreach (var told in story.AsV2(tellsPlace: random.Next(2) == 0, numbers: random.Next(2) == 0))
        {
            site.Now = told.Told!.Value;
            site.Tell(told);
            if (random.Next(8) == 0)
                site.Restart();
        }
        return Assert.Single(site.Journal.Cdrs.Values);
    }

    /// <summary>All from a queue after the end, in any order, some twice, with pauses in which the site gives up waiting, and restarts.</summary>
    private static Cdr Shuffled(ChargingStory story, Random random)
    {
        var site = Site();
        site.Now = story.Ended.AddMinutes(1);
        var told = story.AsV2(tellsPlace: random.Next(2) == 0, numbers: random.Next(3) > 0).ToArray();
        told = [.. told, .. told.Where(_ => random.Next(4) == 0)];
        random.Shuffle(told);
        foreach (var one in told)
        {
            site.Tell(one);
            switch (random.Next(12))
            {
                case 0:
                    site.Wait(TimeSpan.FromMinutes(2));
                    break;
                case 1:
                    site.Wait(TimeSpan.FromMinutes(45));
                    break;
                case 2:
                    site.Restart();
                    break;
            }
        }
        site.Wait(TimeSpan.FromHours(1));
        Assert.All(site.Journal.Sessions.Values, s => Assert.False(s.IsOpen));
        return Assert.Single(site.Journal.Cdrs.Values);
    }
}
