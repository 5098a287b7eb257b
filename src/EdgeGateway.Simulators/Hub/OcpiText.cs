using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>OCPI texts, written and read without the gateway's own types: a hub that shared them would share their faults.</summary>
internal static class OcpiText
{
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;

    public static string? Text(this JsonNode? node, string member) => (node as JsonObject)?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static decimal? Number(this JsonNode? node, string member) =>
        (node as JsonObject)?[member] is JsonValue value && value.TryGetValue<decimal>(out var number) ? number : null;

    public static JsonArray Array(this JsonNode? node, string member) => (node as JsonObject)?[member] as JsonArray ?? [];

    public static JsonObject? Object(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
