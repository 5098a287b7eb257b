using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Section 8. Key: country_code, party_id, uid and type together (TK1).</summary>
public sealed record Token
{
    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(36)]
    public required string Uid { get; init; }

    public required Open<TokenType> Type { get; init; }

    [CiString(36)]
    public required string ContractId { get; init; }

    [Text(64)]
    public string? VisualNumber { get; init; }

    [Text(64)]
    public required string Issuer { get; init; }

    /// <summary>OCPP's parent id: who shares it may stop the session.</summary>
    [CiString(36)]
    public string? GroupId { get; init; }

    public required bool Valid { get; init; }

    public required WhitelistType Whitelist { get; init; }

    [CiString(2, Min = 2)]
    public string? Language { get; init; }

    public Open<ProfileType>? DefaultProfileType { get; init; }

    public EnergyContract? EnergyContract { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record EnergyContract
{
    [Text(64)]
    public required string SupplierName { get; init; }

    [Text(64)]
    public string? ContractId { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<TokenType>))]
public enum TokenType
{
    AdHocUser,
    AppUser,

    [Since("2.3.0")]
    Emaid,
    Other,
    Rfid,
}

[JsonConverter(typeof(EnumTextConverter<WhitelistType>))]
public enum WhitelistType
{
    Always,
    Allowed,
    AllowedOffline,
    Never,
}

/// <summary>Body of a real-time authorize: where the driver stands (TK5).</summary>
public sealed record LocationReferences
{
    [CiString(36)]
    public required string LocationId { get; init; }

    [CiString(36)]
    public IReadOnlyList<string>? EvseUids { get; init; }
}

/// <summary>Answer to a real-time authorize (TK6): only <see cref="AllowedType.Allowed"/> starts.</summary>
public sealed record AuthorizationInfo
{
    public required AllowedType Allowed { get; init; }

    /// <summary>Mandatory by the text and always sent; peers leave it out when they deny, so its absence does not fail a reading.</summary>
    public Token? Token { get; init; }

    /// <summary>If present, only the EVSEs listed are allowed.</summary>
    public LocationReferences? Location { get; init; }

    [CiString(36)]
    public string? AuthorizationReference { get; init; }

    public DisplayText? Info { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<AllowedType>))]
public enum AllowedType
{
    Allowed,
    Blocked,
    Expired,
    NoCredit,
    NotAllowed,
}
