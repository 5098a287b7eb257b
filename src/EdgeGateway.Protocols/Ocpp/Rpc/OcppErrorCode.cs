namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>Why a CALL got no result. Named as 2.x names them; <see cref="ErrorCodes"/> knows the spelling of 1.6.</summary>
public enum OcppErrorCode
{
    /// <summary>Anything not covered by the others.</summary>
    GenericError,

    /// <summary>The action is not known.</summary>
    NotImplemented,

    /// <summary>The action is known, but not served here.</summary>
    NotSupported,

    /// <summary>Our own fault.</summary>
    InternalError,

    /// <summary>The payload is incomplete (1.6), or is no object (2.x).</summary>
    ProtocolError,

    SecurityError,

    /// <summary>Not JSON, or not of the message's shape (1.6: FormationViolation).</summary>
    FormatViolation,

    /// <summary>A member has a value that it must not have.</summary>
    PropertyConstraintViolation,

    /// <summary>A required member is missing, or there are too many or too few (1.6: OccurenceConstraintViolation).</summary>
    OccurrenceConstraintViolation,

    /// <summary>A member is of the wrong type.</summary>
    TypeConstraintViolation,

    /// <summary>2.0.1 only.</summary>
    MessageTypeNotSupported,

    /// <summary>2.x only: the frame itself, not its payload, is wrong.</summary>
    RpcFrameworkError,
}

/// <summary>The error codes on the wire.</summary>
public static class ErrorCodes
{
    /// <summary>The code as this version spells it; 1.6 gets the nearest of its own for the two that came later.</summary>
    public static string Spell(OcppErrorCode code, OcppVersion version) => (code, version.KeepsOldErrorSpelling) switch
    {
        (OcppErrorCode.FormatViolation, true) => "FormationViolation",
        (OcppErrorCode.RpcFrameworkError, true) => "FormationViolation",
        (OcppErrorCode.OccurrenceConstraintViolation, true) => "OccurenceConstraintViolation",
        (OcppErrorCode.MessageTypeNotSupported, true) => "GenericError",
        _ => code.ToString(),
    };

    /// <summary>Reads a code in any version's spelling and any case; an unknown one is a GenericError.</summary>
    public static OcppErrorCode Read(string spelling) => spelling.ToUpperInvariant() switch
    {
        "FORMATIONVIOLATION" => OcppErrorCode.FormatViolation,
        "OCCURENCECONSTRAINTVIOLATION" => OcppErrorCode.OccurrenceConstraintViolation,
        _ => char.IsAsciiLetter(spelling.AsSpan().Trim() is [var first, ..] ? first : '0')
            && Enum.TryParse<OcppErrorCode>(spelling, ignoreCase: true, out var code) && Enum.IsDefined(code)
                ? code
                : OcppErrorCode.GenericError,
    };
}
