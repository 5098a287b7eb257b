using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Tokens both ways (checklist §8).</summary>
internal static class TokenMapping
{
    /// <param name="hub">Null for a token that a command brought: it is not the hub's list that vouches for it (K4).</param>
    public static Token Token(Wire.Token token, string? hub) => new()
    {
        Uid = token.Uid,
        Type = Type(token.Type),
        Owner = new(token.CountryCode, token.PartyId),
        ContractId = token.ContractId,
        VisualNumber = token.VisualNumber,
        Issuer = token.Issuer,
        GroupId = token.GroupId,
        Valid = token.Valid,
        Whitelist = token.Whitelist switch
        {
            Wire.WhitelistType.Always => Whitelist.Always,
            Wire.WhitelistType.Allowed => Whitelist.Allowed,
            Wire.WhitelistType.AllowedOffline => Whitelist.AllowedOffline,
            _ => Whitelist.Never,
        },
        Language = token.Language,
        DefaultProfile = token.DefaultProfileType?.Text,
        EnergySupplier = token.EnergyContract?.SupplierName,
        EnergyContractId = token.EnergyContract?.ContractId,
        LastUpdated = token.LastUpdated,
        Hub = hub,
    };

    public static Wire.Token Token(Token token, OcpiVersion version) => new()
    {
        CountryCode = token.Owner.CountryCode,
        PartyId = token.Owner.PartyId,
        Uid = token.Uid,
        Type = Type(token.Type, version),
        ContractId = token.ContractId ?? token.Uid,
        VisualNumber = token.VisualNumber,
        Issuer = token.Issuer ?? token.Owner.ToString(),
        GroupId = token.GroupId,
        Valid = token.Valid,
        Whitelist = token.Whitelist switch
        {
            Whitelist.Always => Wire.WhitelistType.Always,
            Whitelist.Allowed => Wire.WhitelistType.Allowed,
            Whitelist.AllowedOffline => Wire.WhitelistType.AllowedOffline,
            _ => Wire.WhitelistType.Never,
        },
        Language = token.Language,
        DefaultProfileType = token.DefaultProfile is { } profile ? new Open<Wire.ProfileType>(profile) : null,
        EnergyContract = token.EnergySupplier is { } supplier ? new() { SupplierName = supplier, ContractId = token.EnergyContractId } : null,
        LastUpdated = token.LastUpdated,
    };

    /// <summary>Who charged, for sessions and CDRs; every member is mandatory there.</summary>
    public static Wire.CdrToken CdrToken(Authorization authorization, OcpiVersion version)
    {
        var token = authorization.Token ?? throw new UnshowableException("the session's token is not known");
        return new()
        {
            CountryCode = token.Owner.CountryCode,
            PartyId = token.Owner.PartyId,
            Uid = token.Uid,
            Type = Type(token.Type, version),
            ContractId = token.ContractId ?? throw new UnshowableException("the session's token has no contract id"),
        };
    }

    public static TokenType Type(Open<Wire.TokenType> type) => type.Known switch
    {
        Wire.TokenType.Rfid => TokenType.Rfid,
        Wire.TokenType.AppUser => TokenType.AppUser,
        Wire.TokenType.AdHocUser => TokenType.AdHocUser,
        Wire.TokenType.Emaid => TokenType.Emaid,
        _ => TokenType.Other,
    };

    /// <summary>An EMAID is OTHER to 2.2.1, which has no word for it.</summary>
    public static Wire.TokenType Type(TokenType type, OcpiVersion version) => type switch
    {
        TokenType.Rfid => Wire.TokenType.Rfid,
        TokenType.AppUser => Wire.TokenType.AppUser,
        TokenType.AdHocUser => Wire.TokenType.AdHocUser,
        TokenType.Emaid when version >= OcpiVersion.V230 => Wire.TokenType.Emaid,
        _ => Wire.TokenType.Other,
    };

    /// <summary>A hub's word about a driver at <paramref name="evseUids"/> (TK6). Only ALLOWED starts.</summary>
    public static Authorization Authorization(Wire.AuthorizationInfo info, string hub, Token? known, IReadOnlyCollection<string> evseUids)
    {
        var token = info.Token is { } told ? Token(told, hub) : known;
        var because = info.Info?.Text;
        var message = info.Info is { } words ? new LocalizedText(words.Language, words.Text) : null;
        if (info.Allowed != Wire.AllowedType.Allowed)
        {
            var status = info.Allowed switch
            {
                Wire.AllowedType.Expired => AuthorizationStatus.Expired,
                Wire.AllowedType.NoCredit => AuthorizationStatus.NoCredit,
                Wire.AllowedType.NotAllowed => AuthorizationStatus.NotAllowed,
                _ => AuthorizationStatus.Blocked,
            };
            return new()
            {
                Status = status, Token = token, Method = AuthMethod.AuthRequest, Because = because ?? $"the hub says {EnumText.Of(info.Allowed)}", Message = message,
            };
        }
        if (info.Location?.EvseUids is { Count: > 0 } allowed && !allowed.Any(a => evseUids.Any(e => CiString.Same(a, e))))
            return new() { Status = AuthorizationStatus.NotAllowed, Token = token, Method = AuthMethod.AuthRequest, Because = "the hub allows other EVSEs only", Message = message };
        // Without a token no session of his could be billed to anybody.
        if (token is null)
            return Site.Model.Authorization.Refused(AuthorizationStatus.Invalid, "the hub allows a token that it does not name");
        return new()
        {
            Status = AuthorizationStatus.Accepted, Token = token, Method = AuthMethod.AuthRequest, Reference = info.AuthorizationReference, Because = because,
            Message = message,
        };
    }
}
