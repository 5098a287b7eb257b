using System.Text.Json.Nodes;
using NJsonSchema;

namespace EdgeGateway.Tests.Conformance;

/// <summary>Which of the members that need not be there are.</summary>
internal enum OptionalMembers
{
    None,
    Some,
    All,
}

/// <summary>JSON made from a schema: everything it allows at its limits, only what it requires, or something between the two.</summary>
/// <param name="variant">Picks the value of each enumeration, and is the seed of what is between.</param>
/// <param name="longTexts">Whether texts are as long as they may be.</param>
internal sealed class SchemaInstances(OptionalMembers members, int variant, bool longTexts = true)
{
    private const string Time = "2025-04-01T12:34:56.789Z";

    private readonly Random _chance = new(variant);

    public JsonNode Make(JsonSchema schema)
    {
        schema = schema.ActualSchema;
        if (schema.Enumeration.Count > 0) return JsonValue.Create((string)schema.Enumeration.ElementAt(variant % schema.Enumeration.Count)!);
        return schema.Type switch
        {
            JsonObjectType.Object => new JsonObject(schema.ActualProperties
                .Where(p => schema.RequiredProperties.Contains(p.Key) || Has())
                .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Make(p.Value)))),
            JsonObjectType.Array => new JsonArray([.. Enumerable.Range(0, Length(schema)).Select(_ => Make(schema.Item!))]),
            JsonObjectType.Integer => JsonValue.Create(Integer(schema)),
            JsonObjectType.Number => JsonValue.Create(Number(schema)),
            JsonObjectType.Boolean => JsonValue.Create(variant % 2 == 0),
            JsonObjectType.String => JsonValue.Create(Text(schema)),
            JsonObjectType.None => Anything(),
            _ => throw new NotSupportedException($"{schema.Type}"),
        };
    }

    private bool Has() => members switch
    {
        OptionalMembers.None => false,
        OptionalMembers.All => true,
        _ => _chance.Next(2) == 0,
    };

    private int Length(JsonSchema schema)
    {
        var most = schema.MaxItems > 0 ? Math.Min(schema.MaxItems, 2) : 2;
        return members == OptionalMembers.None ? Math.Max(schema.MinItems, 0) : Math.Max(schema.MinItems, most);
    }

    private int Integer(JsonSchema schema)
    {
        var (min, max) = ((int)(schema.Minimum ?? 0), (int)(schema.Maximum ?? int.MaxValue));
        return members == OptionalMembers.None ? Math.Min(min + variant, max) : Math.Max(max - variant, min);
    }

    private decimal Number(JsonSchema schema) => Math.Clamp(16.5m + variant, schema.Minimum ?? decimal.MinValue, schema.Maximum ?? decimal.MaxValue);

    // What DataTransfer may carry.
    private JsonNode Anything() => (variant % 4) switch
    {
        0 => new JsonObject { ["a"] = 1.5m, ["b"] = new JsonArray(1, "x") },
        1 => JsonValue.Create("text"),
        2 => JsonValue.Create(7),
        _ => new JsonArray(true, null),
    };

    private string Text(JsonSchema schema) => schema.Format switch
    {
        "date-time" => Time,
        "uri" => $"ftp://10.0.0.{variant + 1}/a?b=c+d",
        // Characters that need escaping or more than a byte, up to the last one allowed.
        _ => members == OptionalMembers.None ? "" : Cut("é\"\\+<".PadRight(longTexts ? schema.MaxLength ?? 40 : 5, 'x'), schema.MaxLength),
    };

    private static string Cut(string text, int? maxChars) => maxChars < text.Length ? text[..maxChars.Value] : text;
}
