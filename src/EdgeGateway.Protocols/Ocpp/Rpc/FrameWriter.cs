using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>Writes frames into a buffer, strictly: what goes out is what the standard says.</summary>
public static class FrameWriter
{
    /// <summary>Escapes only what JSON demands: the parsers of small chargers know `+` better than `\u002B`.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static void WriteCall(Utf8JsonWriter writer, string messageId, string action, Payload payload)
    {
        Begin(writer, FrameType.Call, messageId);
        writer.WriteStringValue(action);
        End(writer, payload);
    }

    public static void WriteSend(Utf8JsonWriter writer, string messageId, string action, Payload payload)
    {
        Begin(writer, FrameType.Send, messageId);
        writer.WriteStringValue(action);
        End(writer, payload);
    }

    public static void WriteResult(Utf8JsonWriter writer, string messageId, Payload payload)
    {
        Begin(writer, FrameType.CallResult, messageId);
        End(writer, payload);
    }

    /// <param name="type">CALLERROR, or CALLRESULTERROR of 2.1.</param>
    public static void WriteError(
        Utf8JsonWriter writer, FrameType type, string messageId, string code, string description, string detailsJson)
    {
        Begin(writer, type, messageId);
        writer.WriteStringValue(code);
        writer.WriteStringValue(description.AsSpan(0, Math.Min(description.Length, FrameLimits.DescriptionChars)));
        writer.WriteRawValue(detailsJson);
        writer.WriteEndArray();
        writer.Flush();
    }

    private static void Begin(Utf8JsonWriter writer, FrameType type, string messageId)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue((int)type);
        writer.WriteStringValue(messageId);
    }

    private static void End(Utf8JsonWriter writer, Payload payload)
    {
        payload.WriteTo(writer);
        writer.WriteEndArray();
        writer.Flush();
    }
}

/// <summary>The object inside a frame that goes out: a message with its serialiser, or JSON that is ready.</summary>
public readonly struct Payload
{
    private readonly object? _message;
    private readonly JsonTypeInfo? _type;
    private readonly ReadOnlyMemory<byte> _json;

    private Payload(object? message, JsonTypeInfo? type, ReadOnlyMemory<byte> json) => (_message, _type, _json) = (message, type, json);

    public static Payload Of<T>(T message, JsonTypeInfo<T> type) where T : class => new(message, type, default);

    /// <param name="json">A JSON object in UTF-8, already checked.</param>
    public static Payload Json(ReadOnlyMemory<byte> json) => new(null, null, json);

    /// <summary>The JSON by itself, to be checked before it goes out.</summary>
    public byte[] ToBytes() => _type is not null ? JsonSerializer.SerializeToUtf8Bytes(_message, _type) : _json.ToArray();

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (_type is not null) JsonSerializer.Serialize(writer, _message, _type);
        else if (_json.IsEmpty) writer.WriteRawValue("{}"u8, skipInputValidation: true);
        else writer.WriteRawValue(_json.Span, skipInputValidation: true);
    }
}
