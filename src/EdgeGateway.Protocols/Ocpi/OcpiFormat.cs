using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi;

/// <summary>
/// How objects are written, read and judged in one version. A family makes one per version it serves (<c>V230.OcpiJson.For</c>);
/// everything in Http works on any of them.
/// </summary>
public sealed class OcpiFormat(OcpiVersion version, JsonSerializerOptions options)
{
    /// <summary>An object deeper than this is no OCPI object (the deepest of ours, a tariff in a CDR, is seven deep).</summary>
    public const int MaxDepth = 32;

    private readonly ConcurrentDictionary<Type, Shape> _shapes = [];

    public OcpiVersion Version { get; } = version;

    public JsonSerializerOptions Options { get; } = options;

    /// <summary>The object's JSON in this version, UTF-8: what goes on the wire, and what is frozen of a CDR.</summary>
    public byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeInfo<T>());

    /// <summary>Reads a foreign object, judged first: all its faults at once, or the object. Unknown members are ignored (T8).</summary>
    public OcpiRead<T> Read<T>(JsonElement json)
        where T : class =>
        Read<T>(json, ShapeRules.Incoming);

    /// <summary>The same from text; text that is no JSON is one fault at the root.</summary>
    public OcpiRead<T> Read<T>(ReadOnlyMemory<byte> utf8)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read<T>(document.RootElement);
        }
        catch (JsonException)
        {
            return new OcpiRead<T>(null, [new OcpiFault("", "text that is no JSON", "a JSON object")]);
        }
    }

    /// <summary>
    /// Judges an object of ours as this version's readers would: cardinalities, lengths, forms, no empty strings (T9). Empty means it may be sent.
    /// </summary>
    public IReadOnlyList<OcpiFault> Validate<T>(T value)
        where T : class
    {
        var json = JsonSerializer.SerializeToElement(value, TypeInfo<T>());
        return new ShapeJudge(ShapeRules.Outgoing).Judge(json, ShapeOf(typeof(T)));
    }

    /// <summary>Writes an object of ours and judges what was written: the bytes may be sent when there are no faults.</summary>
    public byte[] Write<T>(T value, out IReadOnlyList<OcpiFault> faults)
        where T : class
    {
        var json = Write(value);
        using var written = JsonDocument.Parse(json);
        faults = new ShapeJudge(ShapeRules.Outgoing).Judge(written.RootElement, ShapeOf(typeof(T)));
        return json;
    }

    /// <summary>
    /// A PATCH applied to a stored object (P2): the members given replace those stored, lists as a whole, except the lists named in
    /// <paramref name="appended"/> (a session's <c>charging_periods</c>), which grow. An explicit null changes nothing: there is no way
    /// to delete a member. <c>last_updated</c> is mandatory [22+].
    /// </summary>
    public OcpiRead<T> Patch<T>(T stored, JsonElement patch, params ReadOnlySpan<string> appended)
        where T : class
    {
        if (patch.ValueKind != JsonValueKind.Object)
            return new OcpiRead<T>(null, [new OcpiFault("", ShapeJudge.Found(patch), "an object with the members that changed")]);
        if (!patch.TryGetProperty("last_updated", out var updated) || updated.ValueKind == JsonValueKind.Null)
            return new OcpiRead<T>(null, [new OcpiFault("last_updated", "nothing", "the time of the change")]);
        var merged = JsonSerializer.SerializeToNode(stored, TypeInfo<T>())!.AsObject();
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            var grows = appended.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array && merged[member.Name] is JsonArray;
            if (!grows)
            {
                merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
                continue;
            }

            foreach (var element in member.Value.EnumerateArray())
                merged[member.Name]!.AsArray().Add(JsonNode.Parse(element.GetRawText()));
        }

        return Read<T>(JsonSerializer.SerializeToElement(merged, TypeInfo<JsonObject>()));
    }

    internal OcpiRead<T> Read<T>(JsonElement json, ShapeRules rules)
        where T : class
    {
        var faults = new ShapeJudge(rules).Judge(json, ShapeOf(typeof(T)));
        if (faults.Count > 0)
            return new OcpiRead<T>(null, faults);
        try
        {
            return new OcpiRead<T>(json.Deserialize(TypeInfo<T>()), []);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            // The judge knows all that the serializer demands; should they ever disagree, it is a fault of the message, not of the program.
            return new OcpiRead<T>(null, [new OcpiFault("", fault.Message, "an object of this kind")]);
        }
    }

    internal IReadOnlyList<OcpiFault> Judge(JsonElement json, Type type, ShapeRules rules) => new ShapeJudge(rules).Judge(json, ShapeOf(type));

    internal JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private Shape ShapeOf(Type type) => _shapes.GetOrAdd(type, t => new ShapeBuilder(Version, Options).Build(t));
}
