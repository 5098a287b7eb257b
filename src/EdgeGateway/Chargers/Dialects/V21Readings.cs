using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>2.x meter values to readings: phases summed, what cannot be used left out sample by sample (FIELD-NOTES 8).</summary>
public static class V21Readings
{
    private static readonly JsonWriterOptions AsOnTheWire = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="values">Null and empty: none.</param>
    public static ImmutableArray<Reading> Of(IReadOnlyList<MeterValue>? values)
    {
        if (values is null || values.Count == 0)
            return [];
        var readings = ImmutableArray.CreateBuilder<Reading>(values.Count);
        foreach (var moment in values)
            Add(readings, moment);
        return readings.DrainToImmutable();
    }

    private static void Add(ImmutableArray<Reading>.Builder readings, MeterValue moment)
    {
        MomentSums sums = default;
        string? context = null, signed = null;
        var text = new StringBuilder();
        foreach (var told in moment.SampledValue)
        {
            context = ContextOf(told.Context) ?? context;
            if (told.SignedMeterValue is { SignedMeterData.Length: > 0 } proof)
            {
                // A moment may hold several, of which each is a proof of its own.
                if (signed is not null)
                    readings.Add(new(moment.Timestamp, null, null, null, "signed", context, signed));
                signed = Verbatim(proof);
            }
            if (!MeterSamples.TryRead(told, out var sample, out _))
                continue;
            Show(text, sample);
            // Of the vehicle by nature, whatever place is named.
            if (sample is { Measurand: Measurand.SoC, Value: >= 0 and <= 100 })
                sums.StateOfCharge = sample.Value;
            // What the vehicle or the site's supply says is no measurement of this outlet; what flows in counts where nothing tells what flows out.
            if (sample.Location is Location.EV or Location.Body or Location.Upstream)
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

    /// <summary>The standard's own object around the value, as it came: who checks the proof needs its encoding and key too (FIELD-NOTES 24).</summary>
    private static string Verbatim(SignedMeterValue proof)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, AsOnTheWire))
        {
            json.WriteStartObject();
            json.WriteString("signedMeterData", proof.SignedMeterData);
            Write(json, "encodingMethod", proof.EncodingMethod);
            Write(json, "signingMethod", proof.SigningMethod);
            Write(json, "publicKey", proof.PublicKey);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
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
            SampleUnit.Percent => "%",
            SampleUnit.Celsius => "°C",
            SampleUnit.S => "s",
            { } other => Enum.GetName(other),
        });
    }
}
