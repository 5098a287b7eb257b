namespace EdgeGateway.Site.Model;

/// <summary>What was decided about an id tag, by whom, and for how long it holds.</summary>
public sealed record Authorization
{
    public required AuthorizationStatus Status { get; init; }

    /// <summary>Set when the tag is a known token.</summary>
    public Token? Token { get; init; }
    public AuthMethod Method { get; init; } = AuthMethod.Whitelist;

    /// <summary>The hub's reference, carried into session and CDR (TK6, K5).</summary>
    public string? Reference { get; init; }

    /// <summary>Why, in words a technician understands.</summary>
    public string? Because { get; init; }

    /// <summary>From the token's owner, for the driver to read where the charger can show it.</summary>
    public LocalizedText? Message { get; init; }

    public static Authorization Refused(AuthorizationStatus status, string because) => new() { Status = status, Because = because };
}

public enum AuthorizationStatus
{
    Accepted,
    Blocked,
    Expired,
    Invalid,

    /// <summary>The driver's account is empty.</summary>
    NoCredit,

    /// <summary>Known, and not allowed here or now.</summary>
    NotAllowed,
}

public enum AuthMethod
{
    Whitelist,
    AuthRequest,
    Command,
}
