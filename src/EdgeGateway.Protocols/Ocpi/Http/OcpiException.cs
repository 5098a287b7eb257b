namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>
/// Why a request of a peer cannot be served: thrown anywhere below a route, turned into an answer at one place by
/// <see cref="OcpiAnswer.From(OcpiException)"/>. The message is for the peer: no secrets, no inner names.
/// </summary>
public sealed class OcpiException(int httpStatus, int statusCode, string message) : Exception(message)
{
    /// <summary>200 for wrong content (T6).</summary>
    public int HttpStatus { get; } = httpStatus;

    public int StatusCode { get; } = statusCode;

    /// <summary>Wrong content in a well-formed request: HTTP 200 with a 2xxx code (T6).</summary>
    public static OcpiException Content(int statusCode, string message) => new(200, statusCode, message);

    public static OcpiException InvalidParameters(string message) => Content(OcpiStatus.InvalidParameters, message);

    /// <summary>The body is no JSON: the only HTTP 400 (T6).</summary>
    public static OcpiException NoJson() => new(400, OcpiStatus.ClientError, "the body is not JSON");

    public static OcpiException BodyTooLarge(int limitBytes) => new(413, OcpiStatus.ClientError, $"the body is larger than {limitBytes} bytes");

    /// <summary>No or unknown token, or a registration token outside registration (T4).</summary>
    public static OcpiException Unauthorized() => new(401, OcpiStatus.ClientError, "missing or unknown credentials token");

    public static OcpiException NotFound(string what) => new(404, OcpiStatus.ClientError, $"{what} not found");

    public static OcpiException MethodNotAllowed(string why) => new(405, OcpiStatus.ClientError, why);

    public static OcpiException Server(string message) => new(200, OcpiStatus.ServerError, message);
}
