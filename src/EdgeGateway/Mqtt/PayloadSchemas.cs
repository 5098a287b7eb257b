using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Mqtt.Payloads;

namespace EdgeGateway.Mqtt;

/// <summary>JSON schemas of the payloads, made of the records that are serialized: they cannot say anything else.</summary>
internal static class PayloadSchemas
{
    public const string Path = "/schemas/mqtt";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Name to schema, as JSON.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = TopicTree.All.Where(static k => k.Payload is not null)
        .ToDictionary(static k => k.Name, static k => Of(k).ToJsonString(Readable), StringComparer.Ordinal);

    /// <summary>Which topics there are, and where the schema of each is.</summary>
    public static string Index { get; } = new JsonArray([.. TopicTree.All.Select(static k => (JsonNode)new JsonObject
    {
        ["name"] = k.Name,
        ["topic"] = k.Pattern,
        ["retained"] = k.Retained,
        ["publishedBy"] = k.ByGateway ? "gateway" : "client",
        ["meaning"] = k.Meaning,
        ["schema"] = k.Payload is null ? null : $"{Path}/{k.Name}.json",
    })]).ToJsonString(Readable);

    /// <summary>What a member means, and what it can be.</summary>
    public static (string Meaning, IReadOnlyList<string> Words) Describe(JsonPropertyInfo member)
    {
        var attributes = member.AttributeProvider;
        return (
            Attribute<DescriptionAttribute>(attributes)?.Description ?? "",
            Attribute<OneOfAttribute>(attributes)?.Words ?? []);
    }

    private static JsonObject Of(TopicKind kind)
    {
        var schema = kind.Payload!.GetJsonSchemaAsNode(new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform }).AsObject();
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = kind.Name,
            ["description"] = $"{kind.Pattern}: {kind.Meaning}",
        };
        foreach (var (name, value) in schema.ToArray())
        {
            schema.Remove(name);
            whole[name] = value;
        }
        return whole;
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            schema = [];
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(DateTimeOffset))
        {
            // Our own converter: the exporter cannot know what it writes.
            var isNullable = type != context.TypeInfo.Type;
            schema["type"] = isNullable ? new JsonArray("string", "null") : "string";
            schema["format"] = "date-time";
        }
        var attributes = context.PropertyInfo?.AttributeProvider;
        if (attributes is null)
            return schema;
        if (Attribute<OneOfAttribute>(attributes) is { } words)
        {
            var all = new JsonArray([.. words.Words.Select(static w => (JsonNode)w)]);
            if (schema["type"] is JsonArray)
                all.Add(null);
            schema["enum"] = all;
        }
        if (Attribute<AtMostAttribute>(attributes) is { } limit)
            schema["maxLength"] = limit.Characters;
        if (Attribute<DescriptionAttribute>(attributes) is { } description)
            schema["description"] = description.Description;
        return schema;
    }

    private static T? Attribute<T>(ICustomAttributeProvider? attributes) where T : Attribute =>
        attributes?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
