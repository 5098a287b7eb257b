using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Protocols.Ocpi.V211;

/// <summary>Section 8. Whose it is stands in the url, or is known from whose list it comes.</summary>
public sealed record Token
{
    [CiString(36)]
    public required string Uid { get; init; }

    public required TokenType Type { get; init; }

    /// <summary>The contract; <c>contract_id</c> from 2.2 on.</summary>
    [CiString(36)]
    public required string AuthId { get; init; }

    [Text(64)]
    public string? VisualNumber { get; init; }

    [Text(64)]
    public required string Issuer { get; init; }

    public required bool Valid { get; init; }

    public required WhitelistType Whitelist { get; init; }

    [CiString(2, Min = 2)]
    public string? Language { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<TokenType>))]
public enum TokenType
{
    Other,
    Rfid,
}

/// <summary>Body of a real-time authorize: where the driver stands (TK5).</summary>
public sealed record LocationReferences
{
    [CiString(39)]
    public required string LocationId { get; init; }

    [CiString(39)]
    public IReadOnlyList<string>? EvseUids { get; init; }

    [CiString(36)]
    public IReadOnlyList<string>? ConnectorIds { get; init; }
}

/// <summary>Answer to a real-time authorize (TK6); it names no token.</summary>
public sealed record AuthorizationInfo
{
    public required AllowedType Allowed { get; init; }

    /// <summary>If present, only what is listed is allowed.</summary>
    public LocationReferences? Location { get; init; }

    public DisplayText? Info { get; init; }
}
