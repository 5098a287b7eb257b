using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGateway.Protocols.Ocpi;

/// <summary>
/// OCPI's DateTime (1.2): written <c>YYYY-MM-DDTHH:MM:SSZ</c> without a fraction, read with or without zone and fraction,
/// where no zone means UTC. At most 25 characters are asked of senders; readers take what RFC 3339 allows.
/// </summary>
public static class OcpiDateTime
{
    /// <summary>RFC 3339 with nine digits and an offset is 35 characters; nothing longer is a time.</summary>
    public const int MaxTextLength = 40;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static bool TryRead(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is null || text.Length > MaxTextLength)
            return false;
        var trimmed = text.AsSpan().Trim();
        // More than seven digits of a second are cut: no framework reads them, and nobody's price depends on them.
        var cut = CutFraction(trimmed);
        return DateTimeOffset.TryParseExact(
            cut, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    /// <summary>Whole seconds, as every OCPI time leaves us: what is stored and compared should be what the hub sees (P6, L1).</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    private static string CutFraction(ReadOnlySpan<char> text)
    {
        var dot = text.IndexOf('.');
        if (dot < 0)
            return text.ToString();
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - dot <= 8 ? text.ToString() : string.Concat(text[..(dot + 8)], text[end..]);
    }
}

internal sealed class OcpiDateTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && OcpiDateTime.TryRead(reader.GetString(), out var time)
            ? time
            : throw new JsonException("a DateTime such as 2026-03-01T12:00:00Z was expected");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(OcpiDateTime.Write(value));
}
