using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>1.6 meter values to readings: phases summed, what cannot be used left out sample by sample (FIELD-NOTES 8).</summary>
public static class V16Readings
{
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

    private static void Add(ImmutableArray<Reading>.Builder readings, MeterValue moment)
    {
        MomentSums sums = default;
        string? context = null, signed = null;
        var text = (t_text ??= new(MomentSums.MaxTextChars)).Clear();
        var samples = moment.SampledValue;
        // Growatt tells the register of the beginning again beside that of now, in every message (evcc #33256): it is not of this moment.
        var repeatsBegin = samples.Any(static s => s.Context == ReadingContext.TransactionBegin)
            && samples.Any(static s => s.Context is null or ReadingContext.SamplePeriodic) && samples.All(static s => s.Context != ReadingContext.TransactionEnd);
        for (var i = 0; i < samples.Count; i++)
        {
            var told = samples[i];
            if (repeatsBegin && told.Context == ReadingContext.TransactionBegin && told.Format != ValueFormat.SignedData)
                continue;
            context = ContextOf(told.Context) ?? context;
            if (told.Format == ValueFormat.SignedData)
            {
                // Verbatim (FIELD-NOTES 24). A moment may hold several, of which each is a proof of its own.
                if (signed is not null)
                    readings.Add(new(moment.Timestamp, null, null, null, "signed", context, signed));
                signed = told.Value;
                continue;
            }
            if (!MeterSamples.TryRead(told, out var sample, out _)
                && !(told.Value.Contains(',') && MeterSamples.TryRead(told with { Value = told.Value.Replace(',', '.') }, out sample, out _)))
                continue;
            Show(text, sample);
            // Of the vehicle by nature, whatever place is named.
            if (sample is { Measurand: Measurand.SoC, Value: >= 0 and <= 100 })
                sums.StateOfCharge = sample.Value;
            // What else the vehicle says of itself is no measurement of ours; what flows in counts where nothing tells what flows out.
            if (sample.Location is Location.EV or Location.Body)
                continue;
            var (atInlet, phase) = (sample.Location == Location.Inlet, PhaseOf(sample.Phase));
            switch (sample.Measurand)
            {
                case Measurand.EnergyActiveImportRegister:
                    sums.AddEnergy(sample.Value, phase, atInlet);
                    break;
                case Measurand.PowerActiveImport:
                    sums.AddPower(sample.Value, phase, atInlet);
                    break;
                case Measurand.CurrentImport:
                    sums.AddCurrent(sample.Value, phase, atInlet);
                    break;
            }
        }
        if (sums.At(moment.Timestamp, text, context, signed) is { } reading)
            readings.Add(reading);
    }

    private static string? ContextOf(ReadingContext? context) => context switch
    {
        ReadingContext.TransactionBegin => "Transaction.Begin",
        ReadingContext.TransactionEnd => "Transaction.End",
        _ => null,
    };

    private static int PhaseOf(Phase? phase) => phase switch
    {
        null => 0,
        Phase.L1 or Phase.L1N => 1,
        Phase.L2 or Phase.L2N => 2,
        Phase.L3 or Phase.L3N => 3,
        _ => -1,
    };

    private static void Show(StringBuilder text, MeterSample sample)
    {
        if (text.Length > MomentSums.MaxTextChars - 64)
            return;
        if (text.Length > 0)
            text.Append(' ');
        text.Append(sample.Measurand switch
        {
            Measurand.EnergyActiveImportRegister => "E",
            Measurand.PowerActiveImport => "P",
            Measurand.CurrentImport => "I",
            Measurand.Voltage => "U",
            Measurand.Temperature => "T",
            Measurand.Frequency => "f",
            var other => Enum.GetName(other),
        });
        text.Append(PhaseOf(sample.Phase) switch
        {
            0 => "",
            -1 => Enum.GetName(sample.Phase!.Value),
            var line => line.ToString(CultureInfo.InvariantCulture),
        });
        text.Append(CultureInfo.InvariantCulture, $"={sample.Value:0.###}");
        text.Append(sample.Unit switch
        {
            null => "",
            UnitOfMeasure.Wh => "Wh",
            UnitOfMeasure.W => "W",
            UnitOfMeasure.A => "A",
            UnitOfMeasure.V => "V",
            UnitOfMeasure.Percent => "%",
            UnitOfMeasure.Celsius => "°C",
            { } other => Enum.GetName(other),
        });
    }
}
