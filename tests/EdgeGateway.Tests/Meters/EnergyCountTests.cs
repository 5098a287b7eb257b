using EdgeGateway.Meters;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Meters;

public sealed class EnergyCountTests
{
    private static readonly DateTimeOffset Eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private readonly EnergyCount _count = new(MeterRole.Station);
    private DateTimeOffset _now = Eight;

    [Fact]
    public void A_counter_counts_in_whole_watt_hours()
    {
        Assert.Equal(new(1_000, null), Judge(1_000.9m));
        Assert.Equal(new(1_001, null), Judge(1_001.0m));
        Assert.Equal(new(1_001, null), Judge(1_001.999m));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    [InlineData(400.0)]
    [InlineData(9e15)]
    [InlineData(50_000_000.0)]
    public void A_single_value_that_cannot_be_is_no_reading_and_the_next_counts_on(double? glitch)
    {
        Judge(100_000);
        var verdict = Judge(glitch is { } g ? (decimal)g : null);
        Assert.Null(verdict.EnergyWh);
        Assert.NotNull(verdict.Trouble);
        Assert.Equal(new(100_010, null), Judge(100_010));
    }

    [Fact]
    public void A_lower_value_begins_anew_only_once_it_has_gone_up()
    {
        Judge(100_000);
        Assert.Null(Judge(0).EnergyWh);
        Assert.Null(Judge(0).EnergyWh);
        Assert.Null(Judge(0).EnergyWh);
        Assert.Equal(new(12, null, CountChange.Reset, 100_000), Judge(12));
        Assert.Equal(new(20, null), Judge(20));
    }

    [Fact]
    public void Values_that_jump_about_below_the_last_never_begin_anew()
    {
        Judge(100_000);
        foreach (var value in new[] { 50_000, 40_000, 30_000, 20_000, 20_000 })
            Assert.Null(Judge(value).EnergyWh);
        Assert.Equal(new(100_000, null), Judge(100_000));
    }

    [Fact]
    public void A_jump_upwards_counts_once_it_stays()
    {
        Judge(100_000);
        Assert.Null(Judge(5_000_000).EnergyWh);
        Assert.Equal(new(5_000_001, null, CountChange.Jump, 100_000), Judge(5_000_001));
    }

    [Fact]
    public void A_counter_that_always_rises_too_fast_is_believed_in_the_end()
    {
        Judge(0);
        var values = Enumerable.Range(1, 10).Select(i => Judge(i * 100_000m).EnergyWh).ToList();
        Assert.Equal(300_000, values.First(v => v is not null));
    }

    [Fact]
    public void What_can_have_flowed_grows_with_the_time()
    {
        Judge(100_000);
        _now = _now.AddHours(10);
        Assert.Equal(new(3_000_000, null), Judge(3_000_000));
        Judge(3_000_000);
        // A counter that knows whole kWh only.
        Assert.Equal(new(3_001_000, null), Judge(3_001_000));
    }

    [Theory]
    [InlineData(RegisterType.UInt32, 1, 4_294_967_000L)]
    [InlineData(RegisterType.Int32, 100, 214_748_000_000L)]
    public void A_counter_that_runs_over_its_end_is_recognised(RegisterType type, int scale, long near)
    {
        Judge(near, type, scale);
        Assert.Null(Judge(100, type, scale).EnergyWh);
        Assert.Equal(new(200, null, CountChange.Overflow, near), Judge(200, type, scale));
    }

    [Fact]
    public void A_counter_that_falls_by_its_rounding_stands_still()
    {
        Judge(100_000);
        Assert.Equal(new(100_000, null), Judge(99_995));
        Assert.Equal(new(100_000, null), Judge(99_998));
        Assert.Equal(new(100_003, null), Judge(100_003));
    }

    [Fact]
    public void After_a_restart_it_is_held_against_what_was_kept_and_another_device_against_nothing()
    {
        _count.Resume(100_000, Eight.AddDays(-1));
        Assert.Null(Judge(10).EnergyWh);
        _count.Restart();
        Assert.Equal(new(10, null), Judge(10));
    }

    [Fact]
    public void No_order_of_values_ever_makes_it_fall_without_a_word()
    {
        var seed = new Random().Next();
        var random = new Random(seed);
        long? last = null;
        for (var i = 0; i < 20_000; i++)
        {
            decimal? value = random.Next(6) switch { 0 => null, 1 => 0, 2 => random.Next(1_000), 3 => random.NextInt64(10_000_000_000), _ => (last ?? 0) + random.Next(50) };
            var verdict = Judge(value);
            Assert.True(verdict.EnergyWh is not { } wh || wh >= (last ?? 0) || verdict.Change is CountChange.Reset or CountChange.Overflow, $"seed {seed}, value {i}: {value} after {last}");
            last = verdict.EnergyWh ?? last;
        }
    }

    private CountVerdict Judge(decimal? wh, RegisterType type = RegisterType.Float32, int scale = 1)
    {
        _now = _now.AddSeconds(5);
        return _count.Judge(wh, _now, new() { Quantity = Quantity.EnergyImport, Bank = RegisterBank.Input, Address = 0, Type = type, Count = 2, Scale = scale });
    }
}
