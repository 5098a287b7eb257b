using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Rules;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>Whatever a charger's register and the site's meter do, a session is billed by one of them to the watt hour, and no two versions differ (I5).</summary>
public sealed class SiteMeterPropertyTests
{
    private const int Stories = 300;
    private const long Lifetime = 8_000_000;
    private static readonly DateTimeOffset Eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private enum Own
    {
        None,
        Zero,
        Relative,
        Lifetime,
        Reset,
    }

    private enum Sites
    {
        None,
        Exact,
        SilentInParts,
        Reset,
    }

    /// <summary>Seeds that once broke something.</summary>
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_story_that_was_once_billed_wrongly_is_billed_well(int seed) => Judge(seed);

    [Fact]
    public void Every_story_is_billed_by_one_meter_to_the_watt_hour_by_every_version_in_any_order()
    {
        for (var seed = 100; seed < 100 + Stories; seed++)
            Judge(seed);
    }

    private static void Judge(int seed)
    {
        try
        {
            var tale = new Tale(new Random(seed));
            var one = tale.Judged(tale.InOrder(isNewer: false, posts: true));
            Assert.Equal(Content(one), Content(tale.Judged(tale.InOrder(isNewer: true, posts: true))));
            var queued = tale.Judged(tale.InOrder(isNewer: true, posts: false));
            Assert.Equal(Content(tale.Judged(tale.InOrder(isNewer: false, posts: false))), Content(queued));
            // Where next to nothing flowed and the plug is told too late, there was nobody: the hub has heard so, and nothing is billed.
            for (var shuffle = 0; shuffle < 3 && queued.Bill.EnergyWh > MeterChoice.StandbyWh; shuffle++)
                Assert.Equal(Content(queued), Content(tale.Judged(tale.Shuffled(new Random(seed + shuffle)))));
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}: {broken.Message}", broken);
        }
    }

    [Fact]
    public void What_one_session_after_another_is_billed_is_what_the_meter_counted()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var site = new SiteUnderTest(MeteredPlace.With(ExampleSite.Create(), MeterUse.Bill)) { Now = Eight };
            site.Take(new StationConnected("CP-1", "OCPP", "127.0.0.1"));
            long register = 40_000, ledger = 0;
            for (var n = 1; n <= 6; n++)
            {
                var isNewer = random.Next(2) == 0;
                var story = new ChargingStory(random, site.Now.AddMinutes(1));
                var (at, flowed, knots) = (register, story.MeterStopWh - story.MeterStartWh, Knots(story));
                MeterSample Shown(DateTimeOffset moment) => new(MeteredPlace.Meter, moment, at + EnergyAt(knots, moment));
                var inputs = isNewer ? story.AsV2().Select(t => (t.Told!.Value, (SiteInput)(t with { Transaction = $"T-{n}" }))) : story.AsV16(n).AsEnumerable();
                foreach (var (moment, input) in inputs)
                {
                    site.Now = moment;
                    site.Handle(Given(input, wh => wh, Shown));
                }
                register += flowed;
                ledger += flowed;
            }
            Assert.True(site.Journal.Cdrs.Values.Sum(c => c.Bill.EnergyWh) == ledger, $"Seed {seed}");
            Assert.All(site.Journal.Cdrs.Values, c => Assert.Equal(MeteredPlace.Meter, c.Session.CountedBy));
        }
    }

    private static string Content(Cdr cdr)
    {
        var s = cdr.Session;
        return $"{ChargingStory.Content(cdr)}\n{s.CountedBy} {s.OtherEnergyWh} {s.MeterId} {s.SiteMeter?.StartWh} {s.SiteMeter?.EnergyWh}";
    }

    /// <summary>What a report says once the charger has the register that it has, and the site's meter was asked.</summary>
    private static SiteInput Given(SiteInput input, Func<long, long?> own, Func<DateTimeOffset, MeterSample?> shown)
    {
        Reading Of(Reading r) => r with { EnergyWh = r.EnergyWh is { } wh ? own(wh) : null };
        return input switch
        {
            SessionBegan it => it with { MeterStartWh = own(it.MeterStartWh!.Value), SiteMeter = shown(it.Told!.Value) },
            SessionEnded it => it with { MeterStopWh = own(it.MeterStopWh!.Value), SiteMeter = shown(it.Told!.Value) },
            Metered it => it with { Readings = [Of(it.Readings[0]) with { SiteMeter = shown(it.Readings[0].Told!.Value) }] },
            TransactionTold it => it with { Readings = [.. it.Readings.Select(Of)], SiteMeter = shown(it.Told!.Value) },
            _ => input,
        };
    }

    private static (DateTimeOffset At, long Wh)[] Knots(ChargingStory story) =>
    [
        .. story.AsV16(1).Select(t => (t.At, Wh: t.Input switch
        {
            SessionBegan it => it.MeterStartWh,
            Metered it => it.Readings[0].EnergyWh,
            SessionEnded it => it.MeterStopWh,
            _ => null,
        })).Where(k => k.Wh is not null).Select(k => (k.At, k.Wh!.Value - story.MeterStartWh)),
    ];

    /// <summary>Wh since the start that had flowed by a moment, evenly between what the story tells.</summary>
    private static long EnergyAt((DateTimeOffset At, long Wh)[] knots, DateTimeOffset moment)
    {
        var next = Array.FindIndex(knots, k => k.At > moment);
        if (next < 0)
            return knots[^1].Wh;
        if (next == 0)
            return 0;
        var (a, b) = (knots[next - 1], knots[next]);
        return a.Wh + (long)((b.Wh - a.Wh) * ((moment - a.At) / (b.At - a.At)));
    }

    private sealed class Tale
    {
        private readonly ChargingStory _story;
        private readonly (DateTimeOffset At, long Wh)[] _knots;
        private readonly MeterUse _use;
        private readonly Own _own;
        private readonly Sites _sites;
        private readonly DateTimeOffset _changed;
        private readonly DateTimeOffset _spokeAgain;
        private readonly List<DateTimeOffset> _posts = [];

        public Tale(Random random)
        {
            _story = new(random, Eight);
            _knots = Knots(_story);
            _use = (MeterUse)random.Next(3);
            _own = (Own)random.Next(5);
            _sites = (Sites)random.Next(4);
            var length = _story.Ended - _story.Begins;
            _changed = _story.Begins + (length * random.NextDouble()) + TimeSpan.FromMilliseconds(1);
            _spokeAgain = random.Next(2) == 0 ? _changed + ((_story.Ended - _changed) * random.NextDouble()) : _story.Ended.AddDays(1);
            for (var at = _story.Begins.AddSeconds(7); at < _story.Ended; at = at.AddSeconds(random.Next(20, 400)))
                _posts.Add(at);
        }

        public Cdr InOrder(bool isNewer, bool posts)
        {
            var site = Site();
            var inputs = (isNewer ? _story.AsV2().Select(t => (At: t.Told!.Value, Input: (SiteInput)t)) : _story.AsV16(1)).Select(i => (i.At, i.Input, IsPost: false)).ToList();
            if (posts)
                inputs = [.. inputs.Concat(_posts.Select(p => (At: p, Input: (SiteInput)new SiteMetered(1, new(MeteredPlace.Meter, p, 0), 7_000, 30), IsPost: true))).OrderBy(i => i.At)];
            var least = 0L;
            foreach (var (at, input, isPost) in inputs)
            {
                site.Now = at;
                if (!isPost)
                    site.Handle(Given(input, OwnRegister, Shown));
                else if (site.State.Sessions.Values.Any(s => s is { IsRunning: true, CountedBy: not null }) && Shown(at) is { } shown)
                    site.Handle((SiteMetered)input with { Sample = shown });
                var now = site.Journal.Sessions.Values.Max(s => s.EnergyWh);
                Assert.True(now >= least, $"it fell from {least} to {now} Wh");
                least = now;
                if (at.Second % 5 == 0)
                    site.Restart();
            }
            return Assert.Single(site.Journal.Cdrs.Values);
        }

        /// <summary>All from a queue after the end, in any order, some twice.</summary>
        public Cdr Shuffled(Random random)
        {
            var site = Site();
            site.Now = _story.Ended.AddMinutes(1);
            var told = _story.AsV2().ToArray();
            told = [.. told, .. told.Where(_ => random.Next(4) == 0)];
            random.Shuffle(told);
            foreach (var one in told)
            {
                site.Handle(Given(one, OwnRegister, Shown));
                // Given up before anybody knows that there was a vehicle it is nothing, with or without a meter of the site's.
                var isKnown = site.Journal.Sessions.Values.All(s => s.Heard is { HasStart: true, Connected: not null });
                if (random.Next(6) == 0)
                    site.Wait(TimeSpan.FromMinutes(isKnown ? random.Next(1, 50) : 0));
                if (random.Next(10) == 0)
                    site.Restart();
            }
            site.Wait(TimeSpan.FromHours(1));
            return Assert.Single(site.Journal.Cdrs.Values);
        }

        public Cdr Judged(Cdr cdr)
        {
            var (session, flowed) = (cdr.Session, _story.MeterStopWh - _story.MeterStartWh);
            Assert.Equal(session.EnergyWh, cdr.Bill.EnergyWh);
            Assert.Equal(cdr.Bill.EnergyWh, cdr.Bill.Periods.Sum(p => p.EnergyWh));
            Assert.All(cdr.Bill.Periods, p => Assert.True(p.EnergyWh >= 0));
            Assert.InRange(cdr.Bill.EnergyWh, 0, flowed);
            var isSilentAtEnd = _sites is Sites.SilentInParts && _spokeAgain > _story.Ended;
            if (session.CountedBy is not null)
            {
                // Neither said anything: there is nothing to bill.
                if (_sites is Sites.None)
                    Assert.Equal((0, SessionFlags.MeterSilent), (session.EnergyWh, session.Flags & SessionFlags.MeterSilent));
                if (_sites is Sites.Exact || (_sites is Sites.SilentInParts && !isSilentAtEnd))
                    Assert.Equal(flowed, session.EnergyWh);
            }
            else if (_own is Own.Relative or Own.Lifetime)
            {
                Assert.Equal(flowed, session.EnergyWh);
            }
            else if (_own is Own.None or Own.Zero)
            {
                Assert.Equal(0, session.EnergyWh);
            }
            if (_sites is not Sites.None && !isSilentAtEnd)
            {
                var bySite = _use is MeterUse.Bill || (_use is MeterUse.Auto && _own is Own.None or Own.Zero or Own.Relative) || _own is Own.None || (_own is Own.Zero && session.EnergyWh > 0);
                Assert.Equal(bySite && !(_use is MeterUse.Check && _own is Own.Relative or Own.Zero && session.EnergyWh == 0), session.CountedBy is not null);
            }
            if (session is { CountedBy: not null, OtherEnergyWh: { } other } && _own is Own.Relative or Own.Lifetime)
                Assert.Equal(flowed, other);
            return cdr;
        }

        private SiteUnderTest Site()
        {
            var site = new SiteUnderTest(MeteredPlace.With(ExampleSite.Create(), _use)) { Now = Eight };
            site.Take(new StationConnected("CP-1", "OCPP", "127.0.0.1"));
            return site;
        }

        private long? OwnRegister(long wh) => _own switch
        {
            Own.None => null,
            Own.Zero => 0,
            Own.Relative => wh - _story.MeterStartWh,
            Own.Reset when wh - _story.MeterStartWh > EnergyAt(_knots, _changed) => wh - _story.MeterStartWh - EnergyAt(_knots, _changed),
            _ => wh + Lifetime,
        };

        private MeterSample? Shown(DateTimeOffset at)
        {
            var wh = EnergyAt(_knots, at);
            return _sites switch
            {
                Sites.None => null,
                Sites.SilentInParts when at >= _changed && at < _spokeAgain => null,
                Sites.Reset when at >= _changed => new(MeteredPlace.Meter, at, wh - EnergyAt(_knots, _changed)),
                _ => new(MeteredPlace.Meter, at, Lifetime + wh),
            };
        }
    }
}
