namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>
/// The values of <see cref="IdToken.Type"/>: an enumeration in 2.0.1, text with these standard values in 2.1, which has more of them
/// and lets vendors add theirs.
/// </summary>
public static class IdTokenKinds
{
    public const string Central = "Central";
    public const string EMAID = "eMAID";
    public const string ISO14443 = "ISO14443";
    public const string ISO15693 = "ISO15693";
    public const string KeyCode = "KeyCode";
    public const string Local = "Local";
    public const string MacAddress = "MacAddress";
    public const string NoAuthorization = "NoAuthorization";

    /// <summary>2.1 only.</summary>
    public const string DirectPayment = "DirectPayment";

    /// <summary>2.1 only.</summary>
    public const string EVCCID = "EVCCID";

    /// <summary>2.1 only.</summary>
    public const string VIN = "VIN";
}
