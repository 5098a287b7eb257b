using System.Text;
using System.Text.Json;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>What meters signed, under the names that the standard gives the encodings (D8). Bytes unchanged, or not at all.</summary>
internal static class SignedValues
{
    /// <summary>Greatest value that the protocol carries.</summary>
    private const int ValueLength = 5000;
    private const int PublicKeyLength = 512;
    private const int MethodLength = 36;
    private const string Ocmf = "OCMF";

    public static Wire.SignedData? Of(IEnumerable<SignedReading> readings)
    {
        var values = readings.Where(r => r.Data.Length > 0).Select(r => (r.Nature, Value: Read(r.Data))).ToList();
        // One name stands over all values; of a charger that mixes encodings those go along that its first value is in.
        var method = values.FirstOrDefault().Value?.Method;
        values.RemoveAll(v => v.Value.Method != method || v.Value.Signed.Length > ValueLength || v.Value.Plain.Length > ValueLength);
        if (method is null || values.Count == 0)
            return null;
        return new()
        {
            EncodingMethod = method,
            PublicKey = values.Select(v => v.Value.PublicKey).FirstOrDefault(k => k is { Length: > 0 and <= PublicKeyLength }),
            SignedValues = [.. values.Select(v => new Wire.SignedValue { Nature = v.Nature, PlainData = v.Value.Plain, SignedData = v.Value.Signed })],
        };
    }

    private static SignedText Read(string data) => Wrapped(data) ?? new(Method(data), Plain(data), data, null);

    /// <summary>A JSON text around the value, as OCPP 2's SignedMeterValueType and its 1.6 relative write it (FIELD-NOTES 24): the value is what it holds.</summary>
    private static SignedText? Wrapped(string data)
    {
        if (!data.StartsWith('{'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(data);
            if (Text(json, "signedMeterData") is not { Length: > 0 } inner)
                return null;
            var decoded = Decode(inner);
            var told = Text(json, "encodingMethod") is { Length: > 0 and <= MethodLength } name ? name : null;
            return new(Method(decoded) is var seen && seen != Other ? seen : told ?? Other, Plain(decoded), inner, Text(json, "publicKey"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private const string Other = "Other";

    /// <summary>By how each format begins.</summary>
    private static string Method(string data) =>
        data.StartsWith("OCMF|", StringComparison.Ordinal) ? Ocmf
        : data.StartsWith("AP;", StringComparison.Ordinal) ? "Alfen Eichrecht"
        : data.Contains("Mennekes.EdlVerification", StringComparison.OrdinalIgnoreCase) ? "EDL40 Mennekes"
        // SML's escape sequence, as meters of the EDL kind begin.
        : data.StartsWith("1B1B1B1B01010101", StringComparison.OrdinalIgnoreCase) ? "EDL40 E-Mobility Extension"
        : Other;

    /// <summary>Of OCMF the payload between the bars; of other formats we know no plain part.</summary>
    private static string Plain(string data)
    {
        var parts = data.Split('|');
        return parts is [Ocmf, { Length: > 0 } payload, ..] ? payload : data;
    }

    /// <summary>Base64 of a text, or the text itself.</summary>
    private static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            return text;
        var decoded = Encoding.UTF8.GetString(bytes, 0, length);
        // Binary stays as it is written: it is no text.
        return decoded.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t') || c == '\uFFFD') ? text : decoded;
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record SignedText(string Method, string Plain, string Signed, string? PublicKey);
}
