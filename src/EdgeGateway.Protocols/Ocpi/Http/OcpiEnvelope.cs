using System.Text.Json;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>
/// A peer's answer, read with patience (T7, T8): whatever the HTTP status, with missing or null data, with unknown members, with a byte order mark.
/// Null where it is no envelope at all (HTML, half an answer, a bare list).
/// </summary>
public sealed record OcpiEnvelope
{
    public required int StatusCode { get; init; }

    public string? StatusMessage { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Absent when missing or null; detached from the buffer it was read from.</summary>
    public JsonElement? Data { get; init; }

    public static OcpiEnvelope? Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = OcpiFormat.MaxDepth + 2 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Code(root) is not { } code)
                return null;
            return new OcpiEnvelope
            {
                StatusCode = code,
                StatusMessage = Text(root, "status_message"),
                Timestamp = OcpiDateTime.TryRead(Text(root, "timestamp"), out var timestamp) ? timestamp : null,
                Data = root.TryGetProperty("data", out var data) && data.ValueKind != JsonValueKind.Null ? data.Clone() : null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A number by the text, and by some peers the number as a string.
    private static int? Code(JsonElement root)
    {
        if (!root.TryGetProperty("status_code", out var code))
            return null;
        return code.ValueKind switch
        {
            JsonValueKind.Number when code.TryGetInt32(out var number) => number,
            JsonValueKind.String when int.TryParse(code.GetString(), out var number) => number,
            _ => null,
        };
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
