using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>Writes times as `2025-04-01T12:00:00.000Z`: UTC with three decimals, which every charger seen so far reads (FIELD-NOTES 11).</summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[WireTime.Chars];
        WireTime.Format(value, text);
        writer.WriteStringValue(text);
    }
}

/// <summary>Times as chargers write them.</summary>
public static class WireTime
{
    /// <summary>The length of `2025-04-01T12:00:00.000Z`.</summary>
    public const int Chars = 24;

    private const int MaxForeignChars = 64;

    private const DateTimeStyles Styles =
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;

    private static readonly string[] Foreign =
    [
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ss,FFFFFFFK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFF zzz", "yyyy-MM-dd HH:mm:ss.FFFFFFF zzz",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mmK", "yyyyMMddTHHmmssK", "yyyy-M-dTH:m:s.FFFFFFFK", "yyyy-M-d H:m:s.FFFFFFFK",
    ];

    public static void Format(DateTimeOffset time, Span<byte> text)
    {
        if (!time.UtcDateTime.TryFormat(text, out var written, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) || written != Chars)
            throw new FormatException("a time that cannot be written");
    }

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads what people would read without a doubt: a blank or a lower-case t for the T, no zone (UTC is meant: the standard's rule, and
    /// FIELD-NOTES 11), `+0200`, no seconds, a decimal comma.
    /// </summary>
    public static bool TryReadForeign(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length > MaxForeignChars) return false;
        var upper = text.Trim().ToUpperInvariant();
        // +0200 and +02 are ISO 8601 too, but not .NET's.
        if (upper.Length > 5 && upper[^5] is '+' or '-' && upper.Contains(':')) upper = upper.Insert(upper.Length - 2, ":");
        return DateTimeOffset.TryParseExact(upper, Foreign, CultureInfo.InvariantCulture, Styles, out time);
    }
}
