using System.Text.Json;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>An answer of ours, without a web framework: HTTP status, headers, and the envelope's bytes when they are asked for (T5).</summary>
public sealed class OcpiAnswer
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Action<Utf8JsonWriter>? _data;

    private OcpiAnswer(int httpStatus, int statusCode, string? message, Action<Utf8JsonWriter>? data)
    {
        HttpStatus = httpStatus;
        StatusCode = statusCode;
        Message = message;
        _data = data;
    }

    public int HttpStatus { get; }

    public int StatusCode { get; }

    public string? Message { get; }

    /// <summary>To be set on the HTTP answer: paging, Location. Ids and routing are added by whoever read the request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>1000 without data: a PUT that replaced (200) or created (201), a DELETE.</summary>
    public static OcpiAnswer Done(int httpStatus = 200) => new(httpStatus, OcpiStatus.Success, null, null);

    public static OcpiAnswer Of<T>(T data, OcpiFormat format, int httpStatus = 200) =>
        new(httpStatus, OcpiStatus.Success, null, writer => JsonSerializer.Serialize(writer, data, format.TypeInfo<T>()));

    /// <summary>One object that already is JSON: a frozen CDR goes out byte for byte (D3).</summary>
    public static OcpiAnswer OfRaw(ReadOnlyMemory<byte> json) =>
        new(200, OcpiStatus.Success, null, writer => writer.WriteRawValue(json.Span, skipInputValidation: true));

    /// <summary>A page of a list (section 4).</summary>
    public static OcpiAnswer Page<T>(IReadOnlyList<T> items, OcpiFormat format, IReadOnlyList<KeyValuePair<string, string>> pageHeaders) =>
        new(200, OcpiStatus.Success, null, writer => JsonSerializer.Serialize(writer, items, format.TypeInfo<IReadOnlyList<T>>())) { Headers = pageHeaders };

    /// <summary>A page of objects that already are JSON.</summary>
    public static OcpiAnswer PageRaw(IReadOnlyList<ReadOnlyMemory<byte>> items, IReadOnlyList<KeyValuePair<string, string>> pageHeaders) =>
        new(200, OcpiStatus.Success, null, writer =>
        {
            writer.WriteStartArray();
            foreach (var item in items)
                writer.WriteRawValue(item.Span, skipInputValidation: true);
            writer.WriteEndArray();
        })
        {
            Headers = pageHeaders,
        };

    /// <summary>No data in an error (T5).</summary>
    public static OcpiAnswer From(OcpiException fault) => new(fault.HttpStatus, fault.StatusCode, fault.Message, null);

    /// <summary>The envelope, UTF-8 JSON; <paramref name="now"/> is its timestamp.</summary>
    public byte[] Body(DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            if (_data is not null)
            {
                writer.WritePropertyName("data");
                _data(writer);
            }

            writer.WriteNumber("status_code", StatusCode);
            if (!string.IsNullOrEmpty(Message))
                writer.WriteString("status_message", Message);
            writer.WriteString("timestamp", OcpiDateTime.Write(now));
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
