using System.Text;
using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>An answer before it is written, so that a fault can still spoil it.</summary>
internal sealed record HubAnswer(int HttpStatus, byte[] Body, int OcpiStatus = 0, string ContentType = "application/json; charset=utf-8")
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public static HubAnswer Success(TimeProvider clock, JsonNode? data, int httpStatus = 200) => Envelope(clock, httpStatus, 1000, null, data);

    public static HubAnswer Error(TimeProvider clock, int httpStatus, int ocpiStatus, string message) =>
        Envelope(clock, httpStatus, ocpiStatus, message, null);

    private static HubAnswer Envelope(TimeProvider clock, int httpStatus, int ocpiStatus, string? message, JsonNode? data)
    {
        var envelope = new JsonObject { ["status_code"] = ocpiStatus, ["timestamp"] = OcpiText.Stamp(clock.GetUtcNow()) };
        if (data is not null)
            envelope["data"] = data;
        if (message is not null)
            envelope["status_message"] = message;
        return new(httpStatus, Encoding.UTF8.GetBytes(envelope.ToJsonString()), ocpiStatus);
    }
}
