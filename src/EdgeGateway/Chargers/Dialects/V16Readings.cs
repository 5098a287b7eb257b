using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>1.6 meter values to readings: units made equal, phases summed, what cannot be used left out sample by sample (FIELD-NOTES 8).</summary>
public static class V16Readings
{
    /// <summary>Values from people's text beyond this length are not shown.</summary>
    private const int MaxTextChars = 256;

    // Beyond it, a value is a fault of the charger's: 1 TWh.
    private const decimal MaxValue = 1_000_000_000_000m;

    [ThreadStatic]
    private static StringBuilder? t_text;

    public static ImmutableArray<Reading> Of(IReadOnlyList<MeterValue>? values)
    {
        if (values is null || values.Count == 0)
            return [];
        var readings = ImmutableArray.CreateBuilder<Reading>(values.Count);
        for (var i = 0; i < values.Count; i++)
            Add(readings, values[i]);
        return readings.DrainToImmutable();
    }

    /// <summary>A number as chargers write it: with a point or a comma, in exponents; null if it is none or beyond all reason.</summary>
    public static decimal? Number(string? text)
    {
        if (text is null || text.Length > 40)
            return null;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && !(text.Contains(',') && decimal.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out value)))
            return null;
        return Math.Abs(value) <= MaxValue ? value : null;
    }

    private static void Add(ImmutableArray<Reading>.Builder readings, MeterValue moment)
    {
        Quantity energy = default, power = default, current = default;
        Quantity energyAtInlet = default, powerAtInlet = default, currentAtInlet = default;
        string? context = null, signed = null;
        var text = (t_text ??= new(MaxTextChars)).Clear();
        var samples = moment.SampledValue;
        for (var i = 0; i < samples.Count; i++)
        {
            var sample = samples[i];
            context = ContextOf(sample.Context) ?? context;
            if (sample.Format == ValueFormat.SignedData)
            {
                // Verbatim (FIELD-NOTES 24). A moment may hold several, of which each is a proof of its own.
                if (signed is not null)
                    readings.Add(new(moment.Timestamp, null, null, null, "signed", context, signed));
                signed = sample.Value;
                continue;
            }
            if (sample.Location is Location.EV or Location.Body || Number(sample.Value) is not { } value)
            {
                if (sample.Location is Location.EV && sample.Measurand == Measurand.SoC)
                    Show(text, sample, sample.Value);
                continue;
            }
            Show(text, sample, sample.Value);
            var atInlet = sample.Location == Location.Inlet;
            switch (sample.Measurand ?? Measurand.EnergyActiveImportRegister)
            {
                case Measurand.EnergyActiveImportRegister when Scaled(value, sample.Unit, UnitOfMeasure.Wh, UnitOfMeasure.KWh) is >= 0 and var wh:
                    (atInlet ? ref energyAtInlet : ref energy).Add(sample.Phase, wh);
                    break;
                case Measurand.PowerActiveImport when Scaled(value, sample.Unit, UnitOfMeasure.W, UnitOfMeasure.KW) is { } watts:
                    (atInlet ? ref powerAtInlet : ref power).Add(sample.Phase, watts);
                    break;
                case Measurand.CurrentImport when sample.Unit is null or UnitOfMeasure.A:
                    (atInlet ? ref currentAtInlet : ref current).Add(sample.Phase, value);
                    break;
            }
        }
        var energyWh = energy.TotalFirst ?? energyAtInlet.TotalFirst;
        if (energyWh is null && signed is null && text.Length == 0)
            return;
        readings.Add(new(
            moment.Timestamp,
            energyWh is { } e ? (long)Math.Round(e, MidpointRounding.AwayFromZero) : null,
            power.TotalFirst ?? powerAtInlet.TotalFirst,
            current.PhasesFirst ?? currentAtInlet.PhasesFirst,
            text.Length > 0 ? text.ToString() : "signed",
            context,
            signed));
    }

    // The standard's default unit is Wh; a power without a unit can only be meant as W. Another unit makes it another thing.
    private static decimal? Scaled(decimal value, UnitOfMeasure? unit, UnitOfMeasure plain, UnitOfMeasure kilo) =>
        unit is null || unit == plain ? value : unit == kilo ? value * 1000 : null;

    private static string? ContextOf(ReadingContext? context) => context switch
    {
        ReadingContext.TransactionBegin => "Transaction.Begin",
        ReadingContext.TransactionEnd => "Transaction.End",
        _ => null,
    };

    private static void Show(StringBuilder text, SampledValue sample, string value)
    {
        if (text.Length + value.Length > MaxTextChars - 32)
            return;
        if (text.Length > 0)
            text.Append(' ');
        text.Append(sample.Measurand switch
        {
            null or Measurand.EnergyActiveImportRegister => "E",
            Measurand.PowerActiveImport => "P",
            Measurand.CurrentImport => "I",
            Measurand.Voltage => "U",
            Measurand.SoC => "SoC",
            Measurand.Temperature => "T",
            Measurand.Frequency => "f",
            Measurand.PowerOffered => "Poffered",
            Measurand.CurrentOffered => "Ioffered",
            { } other => Name(other),
        });
        if (sample.Phase is { } phase)
            text.Append(Name(phase));
        text.Append('=').Append(value);
        text.Append(sample.Unit switch
        {
            null => sample.Measurand switch
            {
                null or Measurand.EnergyActiveImportRegister => "Wh",
                Measurand.SoC => "%",
                _ => "",
            },
            UnitOfMeasure.Wh => "Wh",
            UnitOfMeasure.KWh => "kWh",
            UnitOfMeasure.W => "W",
            UnitOfMeasure.KW => "kW",
            UnitOfMeasure.A => "A",
            UnitOfMeasure.V => "V",
            UnitOfMeasure.Percent => "%",
            { } other => Name(other),
        });
    }

    private static string Name<T>(T value) where T : struct, Enum => Enum.GetName(value) ?? "?";

    /// <summary>A quantity that is told as a total, by phase, or both.</summary>
    private struct Quantity
    {
        private decimal? _total;
        private decimal _phases;
        private int _seen;

        public readonly decimal? TotalFirst => _total ?? OfPhases;

        // A current without a phase may be that of one phase.
        public readonly decimal? PhasesFirst => OfPhases ?? _total;

        private readonly decimal? OfPhases => _seen == 0 ? null : _phases;

        public void Add(Phase? phase, decimal value)
        {
            var line = phase switch
            {
                Phase.L1 or Phase.L1N => 1,
                Phase.L2 or Phase.L2N => 2,
                Phase.L3 or Phase.L3N => 4,
                _ => 0,
            };
            if (phase is null)
                _total ??= value;
            else if (line != 0 && (_seen & line) == 0)
            {
                _seen |= line;
                _phases += value;
            }
        }
    }
}
