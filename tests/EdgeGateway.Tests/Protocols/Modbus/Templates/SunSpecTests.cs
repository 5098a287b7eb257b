using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Meters that tell themselves where their values are.</summary>
public sealed class SunSpecTests
{
    [Theory]
    [InlineData(40000)]
    [InlineData(50000)]
    [InlineData(0)]
    public async Task A_meter_with_scale_factors_is_found_and_read(int place)
    {
        var (unit, meter) = Integers(place);
        var reader = Reader(unit);

        var reading = await reader.ReadAsync(CancellationToken.None);

        Assert.Null(reading.Failure);
        Assert.Equal(("Fronius", "Smart Meter 63A", "123456"), (reader.SunSpec!.Vendor, reader.SunSpec.Model, reader.SunSpec.Serial));
        Assert.Equal("123456", reading.Text(Quantity.Serial));
        Assert.Equal(230.1m, reading.Number(Quantity.Voltage, Phase.L1));
        Assert.Equal(-1234m, reading.Number(Quantity.Power));
        Assert.Equal(50.02m, reading.Number(Quantity.Frequency));
        Assert.Equal(70_000_00m, reading.Number(Quantity.EnergyImport));
        // A counter at 0 does not count, and what is not implemented is no 0 V.
        Assert.Null(reading.Number(Quantity.EnergyExport));
        Assert.Null(reading.Number(Quantity.Voltage, Phase.L3));
        Assert.Equal("not available", reading.Values.Single(v => v.Point is { Quantity: Quantity.EnergyExport }).Remark);

        unit.Asked.Clear();
        await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None);
        Assert.Equal((RegisterBank.Holding, (ushort)meter, 55), Assert.Single(unit.Asked));
    }

    [Fact]
    public async Task A_meter_of_floats_is_read_too()
    {
        var unit = Start(40000, out var next);
        unit.Holding(next, 213, 124).Holding(next + 2, new ushort[124]);
        unit.Holding(next + 12, TableUnit.Float(229.5f)).Holding(next + 28, TableUnit.Float(float.NaN)).Holding(next + 68, TableUnit.Float(1000.5f)).Holding(next + 126, 0xFFFF, 0);

        var reading = await Reader(unit).ReadAsync(CancellationToken.None);

        Assert.Equal(229.5m, reading.Number(Quantity.Voltage, Phase.L1));
        Assert.Null(reading.Number(Quantity.Power));
        Assert.Equal(1000.5m, reading.Number(Quantity.EnergyImport));
    }

    [Fact]
    public async Task A_scale_factor_that_is_none_leaves_no_value()
    {
        var (unit, meter) = Integers(40000);
        unit.Holding(meter + 54, 0x8000);

        var reading = await Reader(unit).ReadAsync(CancellationToken.None);

        Assert.Null(reading.Number(Quantity.EnergyImport));
        Assert.Equal(-1234m, reading.Number(Quantity.Power));
    }

    [Fact]
    public async Task Models_that_have_moved_are_noticed_before_anything_is_believed()
    {
        var (unit, meter) = Integers(40000);
        var reader = Reader(unit);
        Assert.NotNull((await reader.ReadAsync(CancellationToken.None)).Number(Quantity.EnergyImport));

        // An update put another model of 120 words before the meter.
        unit.Holding(meter, 120, 26).Holding(meter + 28, 203, 105).Holding(meter + 30, new ushort[105]).Holding(meter + 28 + 46, 0, 500).Holding(meter + 28 + 107, 0xFFFF, 0);

        var moved = await reader.ReadAsync(CancellationToken.None);
        Assert.Empty(moved.Values);
        Assert.Equal(ModbusFault.Garbled, moved.Failure!.Fault);
        Assert.Equal(500m, (await reader.ReadAsync(CancellationToken.None)).Number(Quantity.EnergyImport));
    }

    [Fact]
    public async Task What_is_no_meter_says_what_it_is()
    {
        var unit = Start(40000, out var next);
        unit.Holding(next, 103, 50).Holding(next + 52, 0xFFFF, 0);

        Assert.Equal("a SunSpec device without a meter: its models are 1, 103", (await Reader(unit).ReadAsync(CancellationToken.None)).Failure!.Text);
        Assert.Equal("no SunSpec mark at 40000, 50000, 0", (await Reader(new TableUnit()).ReadAsync(CancellationToken.None)).Failure!.Text);
    }

    [Fact]
    public async Task A_silent_unit_stays_silent_and_is_looked_at_again()
    {
        var (unit, _) = Integers(40000);
        unit.Instead = static _ => TableUnit.Silent;
        var reader = Reader(unit);

        Assert.Equal(ModbusFault.Silent, (await reader.ReadAsync(CancellationToken.None)).Failure!.Fault);
        Assert.Single(unit.Asked);

        unit.Instead = static _ => null;
        Assert.NotNull((await reader.ReadAsync(CancellationToken.None)).Number(Quantity.EnergyImport));
    }

    [Fact]
    public async Task A_chain_without_end_ends()
    {
        var unit = Start(0, out _);
        unit.Instead = static a => a.Address >= 70 && a.Count == 2 ? new(new ushort[] { 7, 0 }, null) : null;

        Assert.StartsWith("a SunSpec device without a meter", (await Reader(unit).ReadAsync(CancellationToken.None)).Failure!.Text, StringComparison.Ordinal);
        Assert.InRange(unit.Asked.Count, 1, 100);
    }

    private static DeviceReader Reader(TableUnit unit) => new(unit, DeviceReaderTests.Find("sunspec-meter"));

    internal static (TableUnit Unit, int Meter) Integers(int place)
    {
        var unit = Start(place, out var next);
        var words = new ushort[107];
        (words[0], words[1]) = (203, 105);
        (words[8], words[9], words[10], words[15]) = (2301, 2295, 0x8000, 0xFFFF);
        (words[16], words[17]) = (5002, 0xFFFE);
        (words[18], words[22]) = (unchecked((ushort)-1234), 0);
        (words[46], words[47], words[54]) = (0x0001, 0x1170, 2);
        unit.Holding(next, words).Holding(next + 107, 0xFFFF, 0);
        return (unit, next);
    }

    private static TableUnit Start(int place, out int next)
    {
        next = place + 2 + 68;
        return new TableUnit().Holding(place, 0x5375, 0x6E53, 1, 66).Holding(place + 4, TableUnit.Text("Fronius", 16)).Holding(place + 20, TableUnit.Text("Smart Meter 63A", 16))
            .Holding(place + 36, TableUnit.Text("", 8)).Holding(place + 44, TableUnit.Text("1.0", 8)).Holding(place + 52, TableUnit.Text("123456", 16)).Holding(place + 68, 1, 0);
    }
}
