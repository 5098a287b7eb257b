using System.Globalization;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Tests.Protocols.Ocpp.V16;

public sealed class MeterSamplesTests
{
    [Fact]
    public void What_is_absent_has_the_default_of_the_standard()
    {
        Assert.True(MeterSamples.TryRead(new() { Value = "1234" }, out var sample, out _));
        Assert.Equal(
            new MeterSample
            {
                Measurand = Measurand.EnergyActiveImportRegister, Location = Location.Outlet, Context = ReadingContext.SamplePeriodic,
                Value = 1234m, Unit = UnitOfMeasure.Wh,
            },
            sample);
    }

    [Theory]
    [InlineData(null, UnitOfMeasure.KWh, "0.15001", "150.01", UnitOfMeasure.Wh)]
    [InlineData(null, UnitOfMeasure.KWh, "0.15002000000000001", "150.02000000000001", UnitOfMeasure.Wh)]
    [InlineData(null, UnitOfMeasure.Wh, "9007199254740993.5", null, null)]
    [InlineData(null, UnitOfMeasure.Wh, "900719925474099.3", "900719925474099.3", UnitOfMeasure.Wh)]
    [InlineData(null, UnitOfMeasure.Wh, "1.5E3", "1500", UnitOfMeasure.Wh)]
    [InlineData(Measurand.PowerActiveImport, UnitOfMeasure.KW, "11.04", "11040", UnitOfMeasure.W)]
    [InlineData(Measurand.PowerActiveImport, null, "7360", "7360", UnitOfMeasure.W)]
    [InlineData(Measurand.PowerActiveImport, UnitOfMeasure.KVA, "1", "1000", UnitOfMeasure.VA)]
    [InlineData(Measurand.CurrentImport, null, "16.0", "16", UnitOfMeasure.A)]
    [InlineData(Measurand.Voltage, UnitOfMeasure.V, "230.1", "230.1", UnitOfMeasure.V)]
    [InlineData(Measurand.SoC, null, "80", "80", UnitOfMeasure.Percent)]
    [InlineData(Measurand.Temperature, UnitOfMeasure.K, "300", "26.85", UnitOfMeasure.Celsius)]
    [InlineData(Measurand.Temperature, UnitOfMeasure.Fahrenheit, "212", "100", UnitOfMeasure.Celsius)]
    [InlineData(Measurand.Frequency, null, "49.98", "49.98", null)]
    [InlineData(null, UnitOfMeasure.W, "5", null, null)]
    [InlineData(Measurand.PowerActiveImport, UnitOfMeasure.Wh, "5", null, null)]
    [InlineData(Measurand.CurrentImport, UnitOfMeasure.V, "5", null, null)]
    [InlineData(null, null, "", null, null)]
    [InlineData(null, null, "NaN", null, null)]
    [InlineData(null, null, "12,5", null, null)]
    [InlineData(null, null, "1e28", null, null)]
    public void Values_come_in_the_basic_unit_exactly_or_not_at_all(Measurand? measurand, UnitOfMeasure? unit, string value, string? expected, UnitOfMeasure? basic)
    {
        var read = MeterSamples.TryRead(new() { Value = value, Measurand = measurand, Unit = unit }, out var sample, out var why);
        Assert.Equal(expected is not null, read);
        Assert.Equal(expected is null, why is not null);
        if (expected is null) return;
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), sample!.Value);
        Assert.Equal(basic, sample.Unit);
    }

    [Fact]
    public void Signed_data_is_no_number() =>
        Assert.False(MeterSamples.TryRead(new() { Value = "12", Format = ValueFormat.SignedData }, out _, out _));
}
