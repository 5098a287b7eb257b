using System.Text.Json.Nodes;
using NJsonSchema;

namespace EdgeGateway.Tests.Conformance;

/// <summary>JSON made from a schema: everything it allows at its limits, or only what it requires.</summary>
internal sealed class SchemaInstances(bool full, int variant)
{
    private const string Time = "2025-04-01T12:34:56.789Z";

    public JsonNode Make(JsonSchema schema)
    {
        schema = schema.ActualSchema;
        if (schema.Enumeration.Count > 0) return JsonValue.Create((string)schema.Enumeration.ElementAt(variant % schema.Enumeration.Count)!);
        return schema.Type switch
        {
            JsonObjectType.Object => new JsonObject(schema.ActualProperties
                .Where(p => full || schema.RequiredProperties.Contains(p.Key))
                .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Make(p.Value)))),
            JsonObjectType.Array => new JsonArray([.. Enumerable.Range(0, full ? 2 : Math.Max(schema.MinItems, 0)).Select(_ => Make(schema.Item!))]),
            JsonObjectType.Integer => JsonValue.Create(full ? int.MaxValue - variant : variant),
            JsonObjectType.Number => JsonValue.Create(16.5m + variant),
            JsonObjectType.Boolean => JsonValue.Create(variant % 2 == 0),
            JsonObjectType.String => JsonValue.Create(Text(schema)),
            _ => throw new NotSupportedException($"{schema.Type}"),
        };
    }

    private string Text(JsonSchema schema) => schema.Format switch
    {
        "date-time" => Time,
        "uri" => $"ftp://10.0.0.{variant + 1}/a?b=c+d",
        // Characters that need escaping or more than a byte, up to the last one allowed.
        _ => full ? "é\"\\+<".PadRight(schema.MaxLength ?? 40, 'x') : "",
    };
}
