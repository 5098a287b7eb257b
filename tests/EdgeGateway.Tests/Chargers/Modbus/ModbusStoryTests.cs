using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers.Modbus;

/// <summary>Random lives of a charger behind Modbus: whatever order vehicles, cards, hubs, restarts, silence, glitches and a full disk come in, each Wh that
/// flowed is in exactly one CDR.</summary>
public sealed class ModbusStoryTests
{
    private const int Steps = 120;

    public static TheoryData<string, int> Stories
    {
        get
        {
            var stories = new TheoryData<string, int>();
            foreach (var template in (string[])["alfen-eve", "abb-terra-ac", "phoenix-charx", "keba-p30", "webasto-next"])
            {
                for (var seed = 1; seed <= 8; seed++)
                    stories.Add(template, seed);
            }
            return stories;
        }
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Every_Wh_that_flowed_is_in_one_cdr_and_none_in_two(string template, int seed)
    {
        var story = new Story(await ModbusBench.StartAsync(template), new Random(seed));
        await using (story.Bench)
        {
            try
            {
                await story.TellAsync();
            }
            catch (Exception broken) when (broken is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"{template}, seed {seed}: {story}", broken);
            }
            var bench = story.Bench;
            var billed = bench.Journal.Cdrs.Values.Sum(static c => c.Session.EnergyWh);
            Assert.True(
                billed == story.FlowedWh, $"{template}, seed {seed}: {billed} Wh are billed of {story.FlowedWh} that flowed\n{story}\n"
                + string.Join('\n', bench.Journal.Cdrs.Values.Select(static c => $"{c.Session.Number}: {c.Session.MeterStartWh} to {c.Session.MeterStopWh}, {c.Session.StopReason} {c.Session.Flags}")));
            // I2, S10: one CDR a session, none without a driver who was let in, none closed by guess.
            Assert.Equal(bench.Journal.Sessions.Values.Count(static s => s.Status is SessionStatus.Completed), bench.Journal.Cdrs.Count);
            Assert.All(bench.Journal.Cdrs.Values, static c => Assert.Equal(AuthorizationStatus.Accepted, c.Session.Authorization.Status));
            Assert.All(bench.Journal.Cdrs.Values, static c => Assert.False(c.Session.Flags.HasFlag(SessionFlags.EndEstimated)));
            Assert.Empty(story.Strays);
        }
    }

    private sealed class Story(ModbusBench bench, Random random)
    {
        private readonly List<string> _told = [];
        private readonly long _ledgerAtStart = bench.Device.LedgerWh;
        private readonly bool _hasCards = bench.Device.Template.Points.Any(static p => p.Quantity is Quantity.Token);

        public ModbusBench Bench => bench;

        /// <summary>Rounds in which current flowed although no session was on disk (I1).</summary>
        public List<string> Strays { get; } = [];
        public long FlowedWh => bench.Device.LedgerWh - _ledgerAtStart;

        public async Task TellAsync()
        {
            for (var step = 0; step < Steps; step++)
                await StepAsync();
            // All comes to rest: it answers, the vehicle leaves, and what is open ends.
            bench.Device.IsSilent = false;
            bench.Device.Glitches.Clear();
            bench.Journal.Failing = null;
            await RunAsync(5);
            bench.Device.Unplug();
            await RunAsync(20);
            Assert.Null(bench.Running);
        }

        private async Task StepAsync()
        {
            var device = bench.Device;
            switch (random.Next(13))
            {
                case 0 or 1:
                    if (!device.IsSilent)
                    {
                        Note("plug");
                        device.Plug();
                    }
                    break;
                case 2:
                    Note("unplug");
                    device.Unplug();
                    device.IsSilent = false;
                    // Vehicles do not change within a second.
                    await RunAsync(8);
                    break;
                case 3 when _hasCards:
                    device.Card = device.Card is null ? random.Next(3) switch { 0 => "BADBAD01", 1 => ExampleSite.SiteOnlyCard, _ => ExampleSite.Card } : null;
                    Note($"card {device.Card}");
                    break;
                case 3 or 4:
                    Note("remote start");
                    await AskAsync(new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, $"{ModbusBench.Id}-1", 1, null, null));
                    break;
                case 5 when bench.Running is { } running:
                    Note("remote stop");
                    await AskAsync(new StopRemotely(null, running.Id));
                    break;
                case 6 when bench.Running is { } running:
                    Note("limit");
                    await AskAsync(new LimitCharging(null, running.Id, new()
                    {
                        Unit = LimitUnit.Amperes, Steps = [new(TimeSpan.Zero, random.Next(0, 33)), new(TimeSpan.FromSeconds(random.Next(1, 60)), random.Next(0, 33))],
                    }));
                    break;
                case 7:
                    var away = TimeSpan.FromSeconds(random.Next(4) == 0 ? 0 : random.Next(1, 50));
                    Note($"restart {away.TotalSeconds} s");
                    await bench.RestartAsync(away);
                    break;
                case 8:
                    device.IsSilent = !device.IsSilent;
                    Note(device.IsSilent ? "silent" : "answers");
                    break;
                case 9 or 10 when !device.IsSilent:
                    Note("glitch");
                    var odd = random.Next(4) switch { 0 => 0, 1 => random.Next(1000), 2 => 2_000_000_000, _ => Math.Max(0, device.LedgerWh - random.Next(5000)) };
                    // A counter may show nothing for a while; two values that agree with each other and not with what flows are no glitch any more.
                    for (var times = odd == 0 ? random.Next(1, 4) : 1; times > 0; times--)
                        device.Glitches.Enqueue(odd);
                    await RunAsync(5);
                    break;
                case 11:
                    device.WantsA = random.Next(3) == 0 ? 0 : random.Next(6, 33);
                    Note($"wants {device.WantsA} A");
                    break;
                default:
                    var left = random.Next(1, 4);
                    Note($"disk full {left} x");
                    bench.Journal.Failing = _ =>
                    {
                        if (left-- > 0)
                            return new IOException("disk full");
                        bench.Journal.Failing = null;
                        return null;
                    };
                    break;
            }
            await RunAsync(random.Next(0, 12));
        }

        /// <summary>Its order has been carried out, or cannot be told of, before the story goes on.</summary>
        private async Task AskAsync(Request<Grant> request)
        {
            try
            {
                if ((await bench.Engine.RequestAsync(request, CancellationToken.None)).OrderId is { } order && bench.Journal.Failing is null)
                    await bench.Engine.OutcomeAsync(order, TestContext.Current.CancellationToken);
            }
            catch (NotRecordedException)
            {
                Note("not recorded");
            }
        }

        private async Task RunAsync(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                try
                {
                    await bench.RunAsync(1);
                }
                catch (NotRecordedException)
                {
                    Note("not recorded");
                }
                if (bench.Device.FlowsA > 0 && !bench.Journal.Sessions.Values.Any(static s => s.Status is SessionStatus.Active) && !bench.Device.IsSilent)
                    Strays.Add($"after {_told.Count} steps");
            }
        }

        private void Note(string what) => _told.Add($"{bench.Clock.GetUtcNow():HH:mm:ss} {what}");

        public override string ToString() => string.Join(", ", _told);
    }
}
