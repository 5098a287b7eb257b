using System.Text.Json;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>A CALL that gets a CALLERROR. It carries its own code; <see cref="RpcConnection"/> is where it becomes a frame.</summary>
public sealed class OcppException : Exception
{
    /// <param name="code">The code that goes onto the wire.</param>
    /// <param name="description">Said to the other side; the wire takes 255 characters of it.</param>
    /// <param name="detailsJson">A JSON object; `{}` if there is nothing to add.</param>
    public OcppException(OcppErrorCode code, string description, string detailsJson = "{}", Exception? cause = null)
        : base(description, cause)
    {
        if (!IsObject(detailsJson)) throw new ArgumentException("no JSON object", nameof(detailsJson));
        Code = code;
        DetailsJson = detailsJson;
    }

    public OcppErrorCode Code { get; }

    public string DetailsJson { get; }

    private static bool IsObject(string json)
    {
        if (json == "{}") return true;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>
/// Thrown by a handler that must not answer: the line is dropped instead, and the charger, which gives up after a few errors but not
/// after a lost line, sends the message again. CALLs that wait behind it are not handled, so their order stays.
/// </summary>
public sealed class DropLineException(string reason, Exception? cause = null) : Exception(reason, cause);
