using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGateway.Mqtt.Payloads;

/// <summary>The words that a text can be: they stand in the schema, in the documentation and in what Home Assistant is told.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words => words;
}

/// <summary>Most characters of a text in a command (S6).</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AtMostAttribute(int characters) : Attribute
{
    public int Characters => characters;
}

/// <summary>Times as <c>2026-03-01T12:00:00.000Z</c>: one form for all who read them (PRODUCT §4).</summary>
internal sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
}
