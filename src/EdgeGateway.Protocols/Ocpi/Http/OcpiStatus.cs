namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>Status codes of the envelope (1.1). Peers may use x900-x999; every code is treated by its first digit where no rule names it.</summary>
public static class OcpiStatus
{
    public const int Success = 1000;
    public const int ClientError = 2000;
    public const int InvalidParameters = 2001;
    public const int NotEnoughInformation = 2002;
    public const int UnknownLocation = 2003;
    public const int UnknownToken = 2004;
    public const int ServerError = 3000;
    public const int ClientApiUnusable = 3001;
    public const int UnsupportedVersion = 3002;
    public const int NoMatchingEndpoints = 3003;
    public const int HubError = 4000;
    public const int UnknownReceiver = 4001;
    public const int ReceiverTimeout = 4002;
    public const int ReceiverUnreachable = 4003;

    public static bool IsSuccess(int code) => code is >= 1000 and < 2000;

    /// <summary>A code that says what was wrong with the content, not only that something was: it outweighs a vague HTTP status (T7).</summary>
    public static bool NamesContentFault(int code) => code is > ClientError and < ServerError;

    /// <summary>3000 and the hub's own troubles may pass (P8). A hub that cannot use our API may be able to later.</summary>
    public static bool MayPass(int code) => code is >= ServerError and < 5000 and not (UnsupportedVersion or NoMatchingEndpoints or UnknownReceiver);
}
