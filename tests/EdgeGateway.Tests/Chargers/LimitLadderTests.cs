using System.Globalization;
using System.Text.Json;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

/// <summary>FIELD-NOTES 13: what one charger refuses another takes, and what worked is remembered.</summary>
public sealed class LimitLadderTests
{
    private static readonly ChargingLimits Ten = new() { Unit = LimitUnit.Amperes, Steps = [new(TimeSpan.Zero, 10m)] };
    private static readonly ChargingLimits FiveKilowatts = new() { Unit = LimitUnit.Watts, Steps = [new(TimeSpan.Zero, 5000m)] };

    [Theory]
    [InlineData("any", "A Relative 1=10")]
    [InlineData("level 0", "A Relative 1=10;A Relative 0=10")]
    [InlineData("Absolute", "A Relative 1=10;A Relative 0=10;A Absolute 1=10")]
    [InlineData("W", "A Relative 1=10;A Relative 0=10;A Absolute 1=10;A Absolute 0=10;W Relative 1=6900")]
    [InlineData("W level 0 Absolute", "A Relative 1=10;A Relative 0=10;A Absolute 1=10;A Absolute 0=10;W Relative 1=6900;W Relative 0=6900;W Absolute 1=6900;W Absolute 0=6900")]
    public async Task What_is_refused_is_tried_the_next_way_and_the_way_that_worked_goes_first_from_then_on(string takes, string tried)
    {
        await using var bench = await Bench.StartAsync(takes);
        Assert.Equal(OrderOutcome.Accepted, (await bench.LimitAsync(Ten)).Outcome);
        Assert.Equal(tried, string.Join(';', bench.Tried));

        // Also on the next line, since it is known of the charger and not of the line.
        await bench.ReconnectAsync();
        bench.Tried.Clear();
        Assert.Equal(OrderOutcome.Accepted, (await bench.LimitAsync(Ten)).Outcome);
        Assert.Equal([tried.Split(';')[^1]], bench.Tried);
        var learned = await bench.Ladder.ReadAsync("CP-1", CancellationToken.None);
        Assert.Equal(tried.Split(';')[^1].Split('=')[0], $"{learned.Worked[0].Unit} {learned.Worked[0].Kind} {learned.Worked[0].StackLevel}");
        Assert.Equal(tried.Split(';').Length - 1, learned.Refused.Length);
        Assert.Equal(tried.Contains(';', StringComparison.Ordinal), bench.Host.HasEvent("LimitWayLearned", "CP-1"));
    }

    [Fact]
    public async Task When_every_way_is_refused_it_ends_and_nothing_is_believed_of_the_charger()
    {
        await using var bench = await Bench.StartAsync("none");
        var result = await bench.LimitAsync(Ten);
        Assert.Equal(OrderOutcome.Rejected, result.Outcome);
        Assert.Equal(8, bench.Tried.Count);
        Assert.Equal(8, bench.Tried.Distinct().Count());
        Assert.Empty((await bench.Ladder.ReadAsync("CP-1", CancellationToken.None)).Refused);
    }

    [Fact]
    public async Task A_charger_that_cannot_be_limited_is_told_once()
    {
        await using var bench = await Bench.StartAsync("unsupported");
        Assert.Equal(OrderOutcome.NotSupported, (await bench.LimitAsync(Ten)).Outcome);
        Assert.Single(bench.Tried);
    }

    [Fact]
    public async Task A_charger_that_takes_amperes_only_gets_them_rounded_down_and_is_not_asked_in_watts_again()
    {
        await using var bench = await Bench.StartAsync("A");
        Assert.Equal(OrderOutcome.Accepted, (await bench.LimitAsync(FiveKilowatts)).Outcome);
        // 5000 W / (230 V x 3) = 7.246 A
        Assert.Equal("A Relative 1=7.2", bench.Tried[^1]);
        bench.Tried.Clear();
        Assert.Equal(OrderOutcome.Accepted, (await bench.LimitAsync(FiveKilowatts)).Outcome);
        Assert.Equal(["A Relative 1=7.2"], bench.Tried);
    }

    [Fact]
    public async Task A_charger_that_takes_both_is_told_what_was_asked()
    {
        await using var bench = await Bench.StartAsync("any");
        await bench.LimitAsync(Ten);
        await bench.LimitAsync(FiveKilowatts);
        await bench.LimitAsync(Ten);
        Assert.Equal(["A Relative 1=10", "W Relative 1=5000", "A Relative 1=10"], bench.Tried);
    }

    [Fact]
    public async Task A_models_file_says_the_order_and_no_other_way_is_tried()
    {
        await using var bench = await Bench.StartAsync("none");
        bench.Host.Registry.Find("CP-1")!.Quirks = new() { Ladder = [new("W", "Absolute", 0), new("A", "Absolute", 3)] };
        Assert.Equal(OrderOutcome.Rejected, (await bench.LimitAsync(Ten)).Outcome);
        Assert.Equal(["W Absolute 0=6900", "A Absolute 3=10"], bench.Tried);
    }

    [Fact]
    public async Task Another_firmware_is_another_charger()
    {
        await using var bench = await Bench.StartAsync("level 0");
        await bench.LimitAsync(Ten);
        await bench.Host.Engine.ReportAsync(new StationBooted("CP-1", new("V", "M", null, "2.0")), CancellationToken.None);
        bench.Tried.Clear();
        await bench.LimitAsync(Ten);
        Assert.Equal(["A Relative 1=10", "A Relative 0=10"], bench.Tried);
    }

    [Theory]
    // A course that began 10 minutes ago: what is over is left out, what is going on begins now.
    [InlineData(-600, "0:8 300:6", 3000)]
    // One that is yet to begin: sooner is not above what was asked.
    [InlineData(600, "0:16 900:8 1500:6", 4200)]
    public void A_course_with_a_start_is_put_relative_to_now(int start, string steps, int seconds)
    {
        var now = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var limits = new ChargingLimits
        {
            Start = now.AddSeconds(start), Duration = TimeSpan.FromHours(1), Unit = LimitUnit.Amperes,
            Steps = [new(TimeSpan.Zero, 16m), new(TimeSpan.FromSeconds(300), 8m), new(TimeSpan.FromSeconds(900), 6m)],
        };
        var shaped = LimitShapes.Shaped(limits, new("A", "Relative", 1), null, now)!;
        Assert.Null(shaped.Start);
        Assert.Equal(TimeSpan.FromSeconds(seconds), shaped.Duration);
        Assert.Equal(steps, string.Join(' ', shaped.Steps.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.From.TotalSeconds}:{s.Limit}"))));
    }

    [Theory]
    [InlineData("AC_1_PHASE", null, 2300)]
    [InlineData("AC_2_PHASE", null, 4600)]
    [InlineData("AC_3_PHASE", null, 6900)]
    [InlineData("AC_3_PHASE", 1, 2300)]
    // The battery makes the voltage: nobody knows it here.
    [InlineData("DC", null, null)]
    public void Amperes_become_watts_by_the_connectors_voltage_and_phases(string power, int? phases, int? watts)
    {
        var connector = ExampleSite.Create().Stations[0].Evses[0].Connectors[0] with { PowerType = power };
        var limits = new ChargingLimits { Unit = LimitUnit.Amperes, Steps = [new(TimeSpan.Zero, 10m, phases)] };
        Assert.Equal(watts, (int?)LimitShapes.Shaped(limits, new("W", "Relative", 1), connector, DateTimeOffset.UnixEpoch)?.Steps[0].Limit);
    }

    [Fact]
    public void What_is_over_is_not_said_at_all()
    {
        var now = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var over = Ten with { Start = now.AddHours(-2), Duration = TimeSpan.FromHours(1) };
        Assert.Null(LimitShapes.Shaped(over, new("A", "Relative", 1), null, now));
    }

    /// <summary>A 1.6 charger that takes limits in its own way.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private readonly string _takes;
        private RawCharger _charger = null!;
        private Task _serving = Task.CompletedTask;

        private Bench(ChargersHost host, string takes) => (Host, _takes) = (host, takes);

        public ChargersHost Host { get; }
        public LimitLadder Ladder => Host.Service<LimitLadder>();
        public List<string> Tried { get; } = [];

        public static async Task<Bench> StartAsync(string takes)
        {
            var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0, MeterValueSeconds = 0 });
            host.Documents.All["charger/cp-1/learned"] = """{"noTriggers":true,"measurandsDone":true}""";
            var bench = new Bench(host, takes);
            await bench.ReconnectAsync();
            return bench;
        }

        public async Task ReconnectAsync()
        {
            if (_charger is not null)
                await _charger.DisposeAsync();
            await _serving;
            _charger = await Host.ConnectAsync();
            await _charger.CallAsync("hb", "Heartbeat", "{}");
            _serving = ServeAsync(_charger);
        }

        public Task<OrderResult> LimitAsync(ChargingLimits limits) =>
            Host.Stations.CarryOutAsync(new LimitOrder(1, new("CP-1", 1, 1), 7, limits), CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await _charger.DisposeAsync();
            await _serving;
            await Host.DisposeAsync();
        }

        private async Task ServeAsync(RawCharger charger)
        {
            while (await charger.ReceiveAsync(TimeSpan.FromMinutes(1)) is { } frame)
            {
                var status = frame[2].GetString() == "SetChargingProfile" ? Answer(frame[3].GetProperty("csChargingProfiles")) : "Rejected";
                await charger.SendAsync($$"""[3,"{{frame[1].GetString()}}",{"status":"{{status}}"}]""");
            }
        }

        private string Answer(JsonElement profile)
        {
            var schedule = profile.GetProperty("chargingSchedule");
            var unit = schedule.GetProperty("chargingRateUnit").GetString();
            var kind = profile.GetProperty("chargingProfileKind").GetString();
            var level = profile.GetProperty("stackLevel").GetInt32();
            Assert.Equal(kind == "Absolute", schedule.TryGetProperty("startSchedule", out _));
            Tried.Add($"{unit} {kind} {level}={schedule.GetProperty("chargingSchedulePeriod")[0].GetProperty("limit").GetDecimal().ToString("0.###", CultureInfo.InvariantCulture)}");
            if (_takes is "unsupported" or "none")
                return _takes == "none" ? "Rejected" : "NotSupported";
            var fits = _takes.Split(' ').All(t => t switch
            {
                "A" or "W" => unit == t,
                "Absolute" => kind == t,
                "0" => level == 0,
                _ => true,
            });
            return fits ? "Accepted" : "Rejected";
        }
    }
}
