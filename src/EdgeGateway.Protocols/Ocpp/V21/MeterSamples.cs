using System.Diagnostics.CodeAnalysis;

namespace EdgeGateway.Protocols.Ocpp.V21;

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

    /// <summary>Null for what has no unit (Power.Factor) or one that we do not know.</summary>
    public SampleUnit? Unit { get; init; }

    /// <summary>The same sample as the meter signed it, verbatim (FIELD-NOTES 24).</summary>
    public SignedMeterValue? Signed { get; init; }
}

/// <summary>The basic units; the standard's others are turned into these.</summary>
public enum SampleUnit
{
    Wh,
    Varh,
    VAh,
    W,
    Var,
    VA,
    A,
    V,
    Hz,
    Celsius,
    Percent,
    S,
}

/// <summary>Sampled values with their multiplier applied and their defaults filled in (part 2, SampledValueType). Pure functions.</summary>
public static class MeterSamples
{
    /// <summary>Numbers beyond this are noise; it leaves decimals room for every conversion.</summary>
    public const decimal MaxValue = 1_000_000_000_000_000m;

    /// <summary>Multipliers beyond this, either way, are noise too.</summary>
    public const int MaxMultiplier = 12;

    /// <summary>
    /// The number that a sampled value stands for, exact: 0.15001 kWh is 150.01 Wh, 15 with multiplier 3 is 15000 Wh.
    /// </summary>
    /// <param name="why">If false: why it has none, for people.</param>
    public static bool TryRead(SampledValue sampled, [NotNullWhen(true)] out MeterSample? sample, [NotNullWhen(false)] out string? why)
    {
        sample = null;
        why = null;
        var measurand = sampled.Measurand ?? Measurand.EnergyActiveImportRegister;
        var multiplier = sampled.UnitOfMeasure?.Multiplier ?? 0;
        if (Math.Abs((long)multiplier) > MaxMultiplier || Math.Abs(sampled.Value) > MaxValue
            || !TryMultiply(sampled.Value, multiplier, out var value)) why = "out of all range";
        else if (!TryScale(measurand, sampled.UnitOfMeasure?.Unit, value, out var scaled, out var unit))
            why = $"{sampled.UnitOfMeasure?.Unit} does not fit {measurand}";
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
                Signed = sampled.SignedMeterValue,
            };
        }
        return sample is not null;
    }

    /// <summary>The unit a measurand is in when none is given: Wh for energy by the standard, for the others the one they can only mean.</summary>
    public static SampleUnit? DefaultUnit(Measurand measurand) => measurand switch
    {
        Measurand.EnergyActiveExportInterval or Measurand.EnergyActiveExportRegister or Measurand.EnergyActiveImportInterval
            or Measurand.EnergyActiveImportRegister or Measurand.EnergyActiveImportCableLoss or Measurand.EnergyActiveImportLocalGenerationRegister
            or Measurand.EnergyActiveNet or Measurand.EnergyActiveSetpointInterval or Measurand.EnergyRequestTarget
            or Measurand.EnergyRequestMinimum or Measurand.EnergyRequestMaximum or Measurand.EnergyRequestMinimumV2X
            or Measurand.EnergyRequestMaximumV2X or Measurand.EnergyRequestBulk or Measurand.DisplayBatteryEnergyCapacity => SampleUnit.Wh,
        Measurand.EnergyApparentExport or Measurand.EnergyApparentImport or Measurand.EnergyApparentNet => SampleUnit.VAh,
        Measurand.EnergyReactiveExportInterval or Measurand.EnergyReactiveExportRegister or Measurand.EnergyReactiveImportInterval
            or Measurand.EnergyReactiveImportRegister or Measurand.EnergyReactiveNet => SampleUnit.Varh,
        Measurand.PowerActiveExport or Measurand.PowerActiveImport or Measurand.PowerActiveSetpoint or Measurand.PowerActiveResidual
            or Measurand.PowerExportMinimum or Measurand.PowerExportOffered or Measurand.PowerImportOffered
            or Measurand.PowerImportMinimum or Measurand.PowerOffered => SampleUnit.W,
        Measurand.PowerReactiveExport or Measurand.PowerReactiveImport => SampleUnit.Var,
        Measurand.CurrentExport or Measurand.CurrentExportOffered or Measurand.CurrentExportMinimum or Measurand.CurrentImport
            or Measurand.CurrentImportOffered or Measurand.CurrentImportMinimum or Measurand.CurrentOffered => SampleUnit.A,
        Measurand.Voltage or Measurand.VoltageMinimum or Measurand.VoltageMaximum => SampleUnit.V,
        Measurand.Frequency => SampleUnit.Hz,
        Measurand.SoC or Measurand.DisplayPresentSOC or Measurand.DisplayMinimumSOC or Measurand.DisplayTargetSOC
            or Measurand.DisplayMaximumSOC => SampleUnit.Percent,
        Measurand.DisplayRemainingTimeToMinimumSOC or Measurand.DisplayRemainingTimeToTargetSOC
            or Measurand.DisplayRemainingTimeToMaximumSOC => SampleUnit.S,
        _ => null,
    };

    // By tens and tenths, so that no digit is lost: a decimal keeps its scale.
    private static bool TryMultiply(decimal value, int multiplier, out decimal product)
    {
        product = value;
        for (var n = 0; n < Math.Abs(multiplier); n++) product = multiplier > 0 ? product * 10 : product / 10;
        return Math.Abs(product) <= MaxValue;
    }

    private static bool TryScale(Measurand measurand, string? given, decimal value, out decimal scaled, out SampleUnit? unit)
    {
        unit = DefaultUnit(measurand);
        (scaled, var basic) = given?.Trim().ToUpperInvariant() switch
        {
            null or "" => (value, unit),
            "WH" => (value, SampleUnit.Wh),
            "KWH" => (value * 1000, SampleUnit.Wh),
            "VARH" => (value, SampleUnit.Varh),
            "KVARH" => (value * 1000, SampleUnit.Varh),
            "VAH" => (value, SampleUnit.VAh),
            "KVAH" => (value * 1000, SampleUnit.VAh),
            "W" => (value, SampleUnit.W),
            "KW" => (value * 1000, SampleUnit.W),
            "VAR" => (value, SampleUnit.Var),
            "KVAR" => (value * 1000, SampleUnit.Var),
            "VA" => (value, SampleUnit.VA),
            "KVA" => (value * 1000, SampleUnit.VA),
            "A" => (value, SampleUnit.A),
            "V" => (value, SampleUnit.V),
            "HZ" => (value, SampleUnit.Hz),
            // The second is 1.6's own misspelling, which some firmware took along (1.6-J errata 2.1).
            "CELSIUS" or "CELCIUS" => (value, SampleUnit.Celsius),
            "K" => (value - 273.15m, SampleUnit.Celsius),
            "FAHRENHEIT" => ((value - 32) * 5 / 9, SampleUnit.Celsius),
            "PERCENT" or "%" => (value, SampleUnit.Percent),
            "S" => (value, SampleUnit.S),
            _ => (value, (SampleUnit?)null),
        };
        // Without a unit of their own these take whatever was sent with them, and keep the number as it is.
        if (unit is null) return true;
        // Apparent power has no measurand of its own and comes as active power.
        if (unit == SampleUnit.W && basic == SampleUnit.VA) unit = basic;
        return basic == unit;
    }
}
