using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>What a sampled value says once the standard's defaults are filled in and its unit is brought to the basic one.</summary>
public sealed record MeterSample
{
    public required Measurand Measurand { get; init; }

    /// <summary>Null: of all phases together.</summary>
    public Phase? Phase { get; init; }

    public required Location Location { get; init; }

    public required ReadingContext Context { get; init; }

    /// <summary>In <see cref="Unit"/>.</summary>
    public required decimal Value { get; init; }

    /// <summary>Wh, varh, W, VA, var, A, V, Celsius or Percent; null for what has no unit in 1.6 (Frequency in Hz, RPM, Power.Factor).</summary>
    public UnitOfMeasure? Unit { get; init; }
}

/// <summary>Sampled values with their defaults filled in (1.6 7.43). Pure functions.</summary>
public static class MeterSamples
{
    /// <summary>Numbers beyond this are noise; it leaves decimals room for every conversion.</summary>
    public const decimal MaxValue = 1_000_000_000_000_000m;

    /// <summary>
    /// The number that a sampled value stands for, exact: 0.15001 kWh is 150.01 Wh.
    /// </summary>
    /// <param name="why">If false: why it has none, for people.</param>
    public static bool TryRead(SampledValue sampled, [NotNullWhen(true)] out MeterSample? sample, [NotNullWhen(false)] out string? why)
    {
        sample = null;
        why = null;
        var measurand = sampled.Measurand ?? Measurand.EnergyActiveImportRegister;
        if (sampled.Format == ValueFormat.SignedData) why = "signed data, not a number";
        else if (!decimal.TryParse(sampled.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) why = "not a number";
        else if (Math.Abs(value) > MaxValue) why = "out of all range";
        else if (!TryScale(measurand, sampled.Unit, value, out var scaled, out var unit)) why = $"{sampled.Unit} does not fit {measurand}";
        else
        {
            sample = new()
            {
                Measurand = measurand,
                Phase = sampled.Phase,
                Location = sampled.Location ?? Location.Outlet,
                Context = sampled.Context ?? ReadingContext.SamplePeriodic,
                Value = scaled,
                Unit = unit,
            };
        }
        return sample is not null;
    }

    /// <summary>The unit a measurand is in when none is given: Wh for energy by the standard, for the others the one they can only mean.</summary>
    public static UnitOfMeasure? DefaultUnit(Measurand measurand) => measurand switch
    {
        Measurand.EnergyActiveExportRegister or Measurand.EnergyActiveImportRegister
            or Measurand.EnergyActiveExportInterval or Measurand.EnergyActiveImportInterval => UnitOfMeasure.Wh,
        Measurand.EnergyReactiveExportRegister or Measurand.EnergyReactiveImportRegister
            or Measurand.EnergyReactiveExportInterval or Measurand.EnergyReactiveImportInterval => UnitOfMeasure.Varh,
        Measurand.PowerActiveExport or Measurand.PowerActiveImport or Measurand.PowerOffered => UnitOfMeasure.W,
        Measurand.PowerReactiveExport or Measurand.PowerReactiveImport => UnitOfMeasure.Var,
        Measurand.CurrentImport or Measurand.CurrentExport or Measurand.CurrentOffered => UnitOfMeasure.A,
        Measurand.Voltage => UnitOfMeasure.V,
        Measurand.Temperature => UnitOfMeasure.Celsius,
        Measurand.SoC => UnitOfMeasure.Percent,
        _ => null,
    };

    private static bool TryScale(Measurand measurand, UnitOfMeasure? given, decimal value, out decimal scaled, out UnitOfMeasure? unit)
    {
        unit = DefaultUnit(measurand);
        (scaled, var basic) = given switch
        {
            null => (value, unit),
            UnitOfMeasure.KWh => (value * 1000, UnitOfMeasure.Wh),
            UnitOfMeasure.Kvarh => (value * 1000, UnitOfMeasure.Varh),
            UnitOfMeasure.KW => (value * 1000, UnitOfMeasure.W),
            UnitOfMeasure.KVA => (value * 1000, UnitOfMeasure.VA),
            UnitOfMeasure.Kvar => (value * 1000, UnitOfMeasure.Var),
            UnitOfMeasure.K => (value - 273.15m, UnitOfMeasure.Celsius),
            UnitOfMeasure.Fahrenheit => ((value - 32) * 5 / 9, UnitOfMeasure.Celsius),
            _ => (value, given),
        };
        // Without a unit of their own these take whatever was sent with them: nobody has a word for hertz in 1.6.
        if (unit is null) return true;
        // Apparent power has no measurand of its own and comes as active power.
        if (unit == UnitOfMeasure.W && basic == UnitOfMeasure.VA) unit = basic;
        return basic == unit;
    }
}
