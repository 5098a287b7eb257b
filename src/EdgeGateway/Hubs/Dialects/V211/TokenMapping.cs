using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Shared = EdgeGateway.Protocols.Ocpi.V230;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>Tokens both ways (checklist §8). Whose they are stands beside them: in the url, or in whose list they come.</summary>
internal static class TokenMapping
{
    private const int IssuerLength = 64;

    public static Token Token(Wire.Token token, string hub, Party owner) => new()
    {
        Uid = token.Uid,
        Type = token.Type == Wire.TokenType.Rfid ? TokenType.Rfid : TokenType.Other,
        Owner = owner,
        ContractId = token.AuthId,
        VisualNumber = token.VisualNumber,
        Issuer = token.Issuer,
        Valid = token.Valid,
        Whitelist = token.Whitelist switch
        {
            Shared.WhitelistType.Always => Whitelist.Always,
            Shared.WhitelistType.Allowed => Whitelist.Allowed,
            Shared.WhitelistType.AllowedOffline => Whitelist.AllowedOffline,
            _ => Whitelist.Never,
        },
        Language = token.Language,
        LastUpdated = token.LastUpdated,
        Hub = hub,
    };

    public static Wire.Token Token(Token token) => new()
    {
        Uid = token.Uid,
        Type = Type(token.Type),
        AuthId = token.ContractId ?? token.Uid,
        VisualNumber = token.VisualNumber,
        Issuer = string.IsNullOrEmpty(token.Issuer) ? token.Owner.ToString() : token.Issuer.Length > IssuerLength ? token.Issuer[..IssuerLength] : token.Issuer,
        Valid = token.Valid,
        Whitelist = token.Whitelist switch
        {
            Whitelist.Always => Shared.WhitelistType.Always,
            Whitelist.Allowed => Shared.WhitelistType.Allowed,
            Whitelist.AllowedOffline => Shared.WhitelistType.AllowedOffline,
            _ => Shared.WhitelistType.Never,
        },
        Language = token.Language,
        LastUpdated = token.LastUpdated,
    };

    public static Wire.TokenType Type(TokenType type) => type == TokenType.Rfid ? Wire.TokenType.Rfid : Wire.TokenType.Other;

    /// <summary>A hub's word about a driver at an EVSE (TK6). Only ALLOWED starts. The answer names no token: it is the stored one, else the card itself
    /// on the hub's account.</summary>
    public static Authorization Authorization(Wire.AuthorizationInfo info, string hub, AuthorizationQuestion question)
    {
        var message = info.Info is { } text ? new LocalizedText(text.Language, text.Text) : null;
        if (info.Allowed != Shared.AllowedType.Allowed)
            return Refused(Status(info.Allowed), info.Info?.Text ?? $"the hub says {EnumText.Of(info.Allowed)}");
        if (info.Location is { } where && !(Allows(where.EvseUids, question.EvseUids) && Allows(where.ConnectorIds, question.ConnectorIds)))
            return Refused(AuthorizationStatus.NotAllowed, "the hub allows other EVSEs only");
        var token = question.Known ?? (question.HubParty is { } party
            ? new() { Uid = question.Uid, Type = question.Type, Owner = party, Whitelist = Whitelist.Never, Hub = hub }
            : null);
        // Without an owner no session of his could be billed to anybody.
        return token is null
            ? Refused(AuthorizationStatus.Invalid, "the hub allows a card of which nobody knows whose it is")
            : new() { Status = AuthorizationStatus.Accepted, Token = token, Method = AuthMethod.AuthRequest, Because = info.Info?.Text, Message = message };

        Authorization Refused(AuthorizationStatus status, string because) =>
            new() { Status = status, Token = question.Known, Method = AuthMethod.AuthRequest, Because = because, Message = message };
    }

    private static bool Allows(IReadOnlyList<string>? listed, IReadOnlyList<string> here) =>
        listed is not { Count: > 0 } || here.Count == 0 || listed.Any(l => here.Any(h => CiString.Same(l, h)));

    private static AuthorizationStatus Status(Shared.AllowedType allowed) => allowed switch
    {
        Shared.AllowedType.Expired => AuthorizationStatus.Expired,
        Shared.AllowedType.NoCredit => AuthorizationStatus.NoCredit,
        Shared.AllowedType.NotAllowed => AuthorizationStatus.NotAllowed,
        _ => AuthorizationStatus.Blocked,
    };
}
