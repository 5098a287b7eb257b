using System.Globalization;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Tests.Protocols.Ocpp.V21;

public sealed class MeterSamplesTests
{
    [Fact]
    public void What_is_absent_has_the_default_of_the_standard()
    {
        Assert.True(MeterSamples.TryRead(new() { Value = 1234 }, out var sample, out _));
        Assert.Equal(
            new MeterSample
            {
                Measurand = Measurand.EnergyActiveImportRegister, Location = Location.Outlet, Context = ReadingContext.SamplePeriodic,
                Value = 1234m, Unit = SampleUnit.Wh,
            },
            sample);
    }

    [Theory]
    [InlineData(null, "kWh", null, "0.15001", "150.01", SampleUnit.Wh)]
    // Solidstudio VCP (FIELD-NOTES, seen on the wire, 6).
    [InlineData(null, "kWh", null, "0.15002000000000001", "150.02000000000001", SampleUnit.Wh)]
    [InlineData(null, null, 3, "15", "15000", SampleUnit.Wh)]
    [InlineData(null, "Wh", 3, "15.5", "15500", SampleUnit.Wh)]
    [InlineData(null, "kWh", -3, "15", "15", SampleUnit.Wh)]
    [InlineData(null, "Wh", -2, "123456789012345", "1234567890123.45", SampleUnit.Wh)]
    [InlineData(null, "KWH", 0, "1", "1000", SampleUnit.Wh)]
    [InlineData(null, "Wh", 12, "900", "900000000000000", SampleUnit.Wh)]
    [InlineData(null, "Wh", 12, "9000", null, null)]
    [InlineData(null, "Wh", 13, "1", null, null)]
    [InlineData(null, "Wh", int.MinValue, "1", null, null)]
    [InlineData(null, "Wh", null, "9007199254740993.5", null, null)]
    [InlineData(null, "W", null, "5", null, null)]
    [InlineData(null, "furlong", null, "5", null, null)]
    [InlineData(Measurand.PowerActiveImport, "kW", null, "11.04", "11040", SampleUnit.W)]
    [InlineData(Measurand.PowerActiveImport, null, 3, "7.36", "7360", SampleUnit.W)]
    [InlineData(Measurand.PowerActiveImport, "kVA", null, "1", "1000", SampleUnit.VA)]
    [InlineData(Measurand.PowerActiveImport, "Wh", null, "5", null, null)]
    [InlineData(Measurand.EnergyReactiveImportRegister, "kvarh", null, "2", "2000", SampleUnit.Varh)]
    [InlineData(Measurand.EnergyApparentImport, "kVAh", null, "2", "2000", SampleUnit.VAh)]
    [InlineData(Measurand.CurrentImport, null, -3, "16000", "16", SampleUnit.A)]
    [InlineData(Measurand.CurrentImport, "V", null, "5", null, null)]
    [InlineData(Measurand.Voltage, "V", null, "230.1", "230.1", SampleUnit.V)]
    [InlineData(Measurand.Frequency, "Hz", null, "49.98", "49.98", SampleUnit.Hz)]
    [InlineData(Measurand.SoC, "%", null, "80", "80", SampleUnit.Percent)]
    [InlineData(Measurand.DisplayPresentSOC, null, null, "80", "80", SampleUnit.Percent)]
    [InlineData(Measurand.PowerFactor, null, null, "0.98", "0.98", null)]
    public void Values_come_in_the_basic_unit_exactly_or_not_at_all(
        Measurand? measurand, string? unit, int? multiplier, string value, string? expected, SampleUnit? basic)
    {
        var sampled = new SampledValue
        {
            Value = decimal.Parse(value, CultureInfo.InvariantCulture),
            Measurand = measurand,
            UnitOfMeasure = unit is null && multiplier is null ? null : new() { Unit = unit, Multiplier = multiplier },
        };
        Assert.Equal(expected is not null, MeterSamples.TryRead(sampled, out var sample, out var why));
        Assert.Equal(expected is null, why is not null);
        if (expected is null) return;
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), sample!.Value);
        Assert.Equal(basic, sample.Unit);
    }

    [Fact]
    public void Where_and_when_it_was_measured_and_its_signature_are_kept()
    {
        var signed = new SignedMeterValue { SignedMeterData = "T0NNRnx7fQ==", EncodingMethod = "OCMF", SigningMethod = "", PublicKey = "" };
        var sampled = new SampledValue
        {
            Value = 1, Phase = Phase.L1N, Location = Location.Inlet, Context = ReadingContext.TransactionEnd, SignedMeterValue = signed,
        };
        Assert.True(MeterSamples.TryRead(sampled, out var sample, out _));
        Assert.Equal((Phase.L1N, Location.Inlet, ReadingContext.TransactionEnd), (sample.Phase, sample.Location, sample.Context));
        Assert.Same(signed, sample.Signed);
    }

    [Fact]
    public void Each_measurand_of_energy_power_current_and_voltage_has_a_unit()
    {
        foreach (var measurand in Enum.GetValues<Measurand>())
        {
            var name = measurand.ToString();
            var unit = MeterSamples.DefaultUnit(measurand);
            if (name.StartsWith("Energy", StringComparison.Ordinal)) Assert.Contains(unit, (SampleUnit?[])[SampleUnit.Wh, SampleUnit.VAh, SampleUnit.Varh]);
            else if (name.StartsWith("Current", StringComparison.Ordinal)) Assert.Equal(SampleUnit.A, unit);
            else if (name.StartsWith("Voltage", StringComparison.Ordinal)) Assert.Equal(SampleUnit.V, unit);
            else if (name.StartsWith("Power", StringComparison.Ordinal) && measurand != Measurand.PowerFactor)
                Assert.Contains(unit, (SampleUnit?[])[SampleUnit.W, SampleUnit.Var]);
        }
    }
}
