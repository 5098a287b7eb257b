using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

// The single values, and what is noted about them.
internal sealed partial class ShapeWalk
{
    private const NumberStyles ForeignNumber = NumberStyles.Float;

    private bool Text(ref Utf8JsonReader reader, TextShape shape)
    {
        if (reader.TokenType != JsonTokenType.String) return OtherForText(ref reader, shape);
        // Bytes are at least characters: the usual text is short enough without being decoded.
        if (!reader.ValueIsEscaped && reader.ValueSpan.Length <= shape.MaxChars && !(_strict && (shape.AbsoluteUri || shape.OneOf is not null)))
            return true;
        var readable = TryDecode(ref reader, out var text);
        if (!readable && _strict) return Bad(OcppErrorCode.FormatViolation, "is no Unicode text");
        if (!readable) Tolerate(OcppErrorCode.FormatViolation, "is no Unicode text");
        if (shape.AbsoluteUri && _strict && !Uri.TryCreate(text, UriKind.Absolute, out _))
            return Bad(OcppErrorCode.PropertyConstraintViolation, $"is no absolute URI: {Quote(text)}");

        if (_strict && shape.OneOf is not null && !shape.OneOf.Contains(text))
            return Bad(OcppErrorCode.PropertyConstraintViolation, $"is none of {string.Join(", ", shape.OneOf)}: {Quote(text)}");

        var cut = false;
        if (text.Length > shape.MaxChars)
        {
            var what = $"has {text.Length} characters, {shape.MaxChars} are allowed";
            if (_strict || shape.TooLong == TooLong.Refuse) return Bad(OcppErrorCode.PropertyConstraintViolation, what);
            cut = shape.TooLong == TooLong.Cut;
            Tolerate(OcppErrorCode.PropertyConstraintViolation, cut ? $"{what}; cut" : what);
            // Never between the two halves of a character.
            if (cut) text = text[..(char.IsHighSurrogate(text[shape.MaxChars - 1]) ? shape.MaxChars - 1 : shape.MaxChars)];
        }
        if (cut || !readable) Replace(ref reader, Quoted(text));
        return true;
    }

    private bool OtherForText(ref Utf8JsonReader reader, TextShape shape)
    {
        var scalar = reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False;
        if (_strict || !scalar && !shape.AnyJson) return Bad(OcppErrorCode.TypeConstraintViolation, "is no text");
        Tolerate(OcppErrorCode.TypeConstraintViolation, "is no text; taken as one");
        var start = (int)reader.TokenStartIndex;
        if (scalar)
        {
            Replace(ref reader, Quoted(Raw(ref reader)));
            return true;
        }
        using var document = JsonDocument.ParseValue(ref reader);
        Edits.Add(new(start, (int)reader.BytesConsumed, Quoted(document.RootElement.GetRawText())));
        return true;
    }

    private bool Enumerated(ref Utf8JsonReader reader, EnumShape shape)
    {
        if (reader.TokenType != JsonTokenType.String) return Bad(OcppErrorCode.TypeConstraintViolation, "is no text");
        foreach (var spelling in shape.Spellings)
        {
            if (!spelling.Right || !reader.ValueTextEquals(spelling.Utf8)) continue;
            if (!ReferenceEquals(spelling.Text, spelling.Wire)) Replace(ref reader, Quoted(spelling.Wire));
            return true;
        }
        var text = Raw(ref reader);
        var found = _strict ? null : Array.Find(shape.Spellings, s => string.Equals(s.Text, text.Trim(), StringComparison.OrdinalIgnoreCase))?.Wire;
        var what = $"is no {shape.TypeName}: {Quote(text)}";
        if (found is null && !_strict) found = shape.Fallback;
        if (found is null) return Bad(OcppErrorCode.PropertyConstraintViolation, what);
        Tolerate(OcppErrorCode.PropertyConstraintViolation, $"{what}; taken as {found}");
        Replace(ref reader, Quoted(found));
        return true;
    }

    private bool Integer(ref Utf8JsonReader reader, IntegerShape shape)
    {
        var isNumber = reader.TokenType == JsonTokenType.Number;
        if (isNumber && reader.TryGetInt64(out var exact))
            return exact >= shape.Min && exact <= shape.Max ? InRange(exact, shape.Range) : Bad(OcppErrorCode.PropertyConstraintViolation, "is out of range");
        if (_strict || !TryForeignNumber(ref reader, out var number))
            return Bad(OcppErrorCode.TypeConstraintViolation, $"is no integer: {Quote(Raw(ref reader))}");
        number = decimal.Truncate(number);
        if (number < shape.Min || number > shape.Max) return Bad(OcppErrorCode.PropertyConstraintViolation, "is out of range");
        Tolerate(OcppErrorCode.TypeConstraintViolation, $"is no integer: {Quote(Raw(ref reader))}; taken as {number}");
        Replace(ref reader, number.ToString(CultureInfo.InvariantCulture));
        return InRange(number, shape.Range);
    }

    private bool Decimal(ref Utf8JsonReader reader, DecimalShape shape)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var exact))
        {
            if (_strict && shape.Tenths && decimal.Truncate(exact * 10) != exact * 10)
                return Bad(OcppErrorCode.PropertyConstraintViolation, "has more than one decimal");
            if (_strict && shape.Whole && decimal.Truncate(exact) != exact) return Bad(OcppErrorCode.TypeConstraintViolation, $"is no integer: {exact}");
            return InRange(exact, shape.Range);
        }
        if (_strict || !TryForeignNumber(ref reader, out var number))
            return Bad(OcppErrorCode.TypeConstraintViolation, $"is no number: {Quote(Raw(ref reader))}");
        Tolerate(OcppErrorCode.TypeConstraintViolation, $"is no number: {Quote(Raw(ref reader))}; taken as {number}");
        Replace(ref reader, number.ToString(CultureInfo.InvariantCulture));
        return InRange(number, shape.Range);
    }

    private bool InRange(decimal number, NumberRange? range)
    {
        if (range is null || range.Holds(number)) return true;
        if (_strict) return Bad(OcppErrorCode.PropertyConstraintViolation, $"is out of range: {number}");
        Tolerate(OcppErrorCode.PropertyConstraintViolation, $"is out of range: {number}");
        return true;
    }

    private static bool Anything(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return true;
    }

    private bool Boolean(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return true;
        bool? value = _strict ? null : Raw(ref reader).Trim().ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => null,
        };
        if (value is null) return Bad(OcppErrorCode.TypeConstraintViolation, "is neither true nor false");
        Tolerate(OcppErrorCode.TypeConstraintViolation, "is no boolean; taken as one");
        Replace(ref reader, value.Value ? "true" : "false");
        return true;
    }

    private bool Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return Bad(OcppErrorCode.TypeConstraintViolation, "is no text");
        // Some write the plus of a zone as an escape.
        var zoned = HasZone(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(Raw(ref reader)) : reader.ValueSpan);
        if (zoned && reader.TryGetDateTimeOffset(out _)) return true;
        var text = Raw(ref reader);
        if (_strict || !WireTime.TryReadForeign(text, out var time))
            return Bad(OcppErrorCode.PropertyConstraintViolation, $"is no time: {Quote(text)}");
        Tolerate(OcppErrorCode.PropertyConstraintViolation, $"is no RFC 3339 time: {Quote(text)}; taken as {WireTime.Format(time)}");
        Replace(ref reader, Quoted(WireTime.Format(time)));
        return true;
    }

    // A time with seconds and a zone; without one .NET would take this computer's.
    private static bool HasZone(ReadOnlySpan<byte> text) =>
        text.Length >= "2025-04-01T00:00:00Z".Length && (text[^1] == (byte)'Z' || text[^6] is (byte)'+' or (byte)'-');

    private static bool TryForeignNumber(ref Utf8JsonReader reader, out decimal number)
    {
        number = 0;
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetDecimal(out number);
        return reader.TokenType == JsonTokenType.String
            && decimal.TryParse(Raw(ref reader), ForeignNumber, CultureInfo.InvariantCulture, out number);
    }

    private static string Raw(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String or JsonTokenType.PropertyName:
                TryDecode(ref reader, out var text);
                return text;
            case JsonTokenType.StartObject: return "{…}";
            case JsonTokenType.StartArray: return "[…]";
            default: return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    /// <summary>False for an escape that is half a character; then the text is as it was written, escapes and all.</summary>
    private static bool TryDecode(ref Utf8JsonReader reader, out string text)
    {
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = Encoding.UTF8.GetString(reader.ValueSpan);
            return false;
        }
    }

    private void Replace(ref Utf8JsonReader token, string json) =>
        Edits.Add(new((int)token.TokenStartIndex, (int)token.TokenStartIndex + TokenLength(ref token), json));

    // BytesConsumed runs past the colon of a member's name.
    private static int TokenLength(ref Utf8JsonReader token) =>
        token.ValueSpan.Length + (token.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0);

    private bool Bad(OcppErrorCode code, string what)
    {
        if (_strict) Flawed(code, what);
        else Fault = new(Path(), code, what);
        return false;
    }

    private void Forgive(string how)
    {
        if (Fault is { } fault && Flaws.Count < Flaw.MaxListed) Flaws.Add(fault with { What = $"{fault.What}; {Place(fault.Path)}{how}" });
        Fault = null;
    }

    // Says what was left out, if that is more than the bad value itself.
    private string Place(string faultPath)
    {
        var path = Path();
        return path == faultPath ? "" : $"{path} ";
    }

    private void Tolerate(OcppErrorCode code, string what)
    {
        if (!_strict) Flawed(code, what);
    }

    private void Flawed(OcppErrorCode code, string what)
    {
        if (Flaws.Count < Flaw.MaxListed) Flaws.Add(new(Path(), code, what));
    }

    private string Path()
    {
        var path = new StringBuilder();
        foreach (var (name, index) in _path)
        {
            if (name is null) path.Append('[').Append(index).Append(']');
            else path.Append(path.Length == 0 ? "" : ".").Append(name);
        }
        return path.ToString();
    }

    private static string Quote(string text) => ForeignText.Quote(text, Flaw.MaxQuoteChars);

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
