using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Mqtt.Payloads;

namespace EdgeGateway.Mqtt.Commands;

/// <summary>A request as it was read, or what is wrong with it.</summary>
internal readonly record struct CommandRead(CommandPayload? Payload, string? Wrong);

/// <summary>Reads requests strictly, by their records (S6): a member that is unknown, missing, doubled, of another type or too long is named.</summary>
internal static class CommandReader
{
    /// <summary>Bytes of a request.</summary>
    public const int PayloadLimit = 4 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static CommandRead Read(JsonTypeInfo type, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > PayloadLimit)
            return new(null, $"it has {payload.Length} bytes; {PayloadLimit} at most are expected");
        try
        {
            using var document = JsonDocument.Parse(payload.Length == 0 ? "{}"u8.ToArray() : payload, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return new(null, "a JSON object is expected");
            var known = type.Properties.Select(static p => p.Name).ToList();
            foreach (var member in root.EnumerateObject())
            {
                if (!known.Contains(member.Name, StringComparer.Ordinal))
                    return new(null, $"{Shown(member.Name)}: is not known here; known are {string.Join(", ", known)}");
            }
            if (type.Properties.FirstOrDefault(p => p.IsRequired && !root.TryGetProperty(p.Name, out _)) is { } missing)
                return new(null, $"{missing.Name}: is missing; {Expected(missing)} is expected");
            var read = (CommandPayload)root.Deserialize(type)!;
            return type.Properties.Select(p => WrongWith(p, p.Get?.Invoke(read))).FirstOrDefault(static w => w is not null) is { } wrong ? new(null, wrong) : new(read, null);
        }
        catch (JsonException fault)
        {
            var member = fault.Path is { Length: > 2 } path ? path[2..] : "";
            return type.Properties.FirstOrDefault(p => p.Name == member) is { } property
                ? new(null, $"{member}: {Expected(property)} is expected")
                : new(null, $"it is no JSON object, each member once{(fault.LineNumber is { } line ? $" (line {line + 1}, byte {fault.BytePositionInLine + 1})" : "")}");
        }
    }

    private static string? WrongWith(JsonPropertyInfo member, object? value)
    {
        if (value is string text)
        {
            var most = member.AttributeProvider?.GetCustomAttributes(typeof(AtMostAttribute), inherit: true).OfType<AtMostAttribute>().FirstOrDefault()?.Characters ?? 0;
            if (text.Length == 0 || text.Length > most || text.Any(char.IsControl))
                return $"{member.Name}: a text of 1 to {most} characters is expected, without control characters";
        }
        // 1-based numbers of EVSEs and connectors, up to where no charger's go.
        return value is int and (< 1 or > 99) ? $"{member.Name}: a whole number from 1 to 99 is expected" : null;
    }

    private static string Expected(JsonPropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        return type == typeof(bool) ? "true or false" : type == typeof(int) ? "a whole number" : "a text";
    }

    private static string Shown(string name)
    {
        var clean = string.Concat(name.Where(static c => !char.IsControl(c)));
        return clean.Length > 40 ? clean[..40] + "…" : clean;
    }
}
