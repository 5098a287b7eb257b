namespace EdgeGateway.Site.Model;

/// <summary>A driver's means of identification, the site's own or a hub's.</summary>
public sealed record Token
{
    /// <summary>As it was given to us; compared without case.</summary>
    public required string Uid { get; init; }
    public TokenType Type { get; init; } = TokenType.Rfid;

    /// <summary>Who issued it.</summary>
    public required Party Owner { get; init; }

    /// <summary>Null for a card that is valid on this site only: its sessions are no hub's business.</summary>
    public string? ContractId { get; init; }
    public string? VisualNumber { get; init; }
    public string? Issuer { get; init; }

    /// <summary>Who shares it may stop the session (OCPP's parent id tag).</summary>
    public string? GroupId { get; init; }
    public bool Valid { get; init; } = true;
    public Whitelist Whitelist { get; init; } = Whitelist.Always;
    public string? Language { get; init; }

    /// <summary>OCPI ProfileType: <c>CHEAP</c>, <c>FAST</c>, <c>GREEN</c>, <c>REGULAR</c>; picks among tariffs of these kinds.</summary>
    public string? DefaultProfile { get; init; }

    /// <summary>The driver's own supplier and contract, kept and given back as they are.</summary>
    public string? EnergySupplier { get; init; }
    public string? EnergyContractId { get; init; }
    public DateTimeOffset LastUpdated { get; init; }

    /// <summary>Name of the hub it came from; null for the site's own.</summary>
    public string? Hub { get; init; }
}

public enum TokenType
{
    Rfid,
    AppUser,
    AdHocUser,
    Other,
    Emaid,
}

/// <summary>When a token may be accepted without asking its owner.</summary>
public enum Whitelist
{
    Always,
    Allowed,
    AllowedOffline,
    Never,
}
