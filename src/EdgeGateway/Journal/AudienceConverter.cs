using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>Stored as <c>null</c> for all hubs, so that records from before there were audiences read as what they meant, or as a list of names.</summary>
internal sealed class AudienceConverter : JsonConverter<Audience>
{
    public override Audience Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return Audience.All;
        List<string> hubs = [];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a list of hubs is expected");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            hubs.Add(reader.GetString() ?? "");
        return Audience.Only(hubs);
    }

    public override void Write(Utf8JsonWriter writer, Audience value, JsonSerializerOptions options)
    {
        if (value.Hubs is not { } hubs)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartArray();
        foreach (var hub in hubs)
            writer.WriteStringValue(hub);
        writer.WriteEndArray();
    }
}
