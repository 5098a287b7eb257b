using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>The site's tokens in the words of 2.x.</summary>
internal static class V21Tokens
{
    /// <summary>An idToken for a uid that came from a hub or the configuration, which does not say how the card is read.</summary>
    public static IdToken Of(string uid, TokenType type) => new()
    {
        Token = uid,
        Type = type switch
        {
            TokenType.Rfid => IsIso15693(uid) ? IdTokenKinds.ISO15693 : IdTokenKinds.ISO14443,
            TokenType.Emaid => IdTokenKinds.EMAID,
            // An app's user, or one who paid on the spot: the CSMS vouches for them (C05, F02).
            _ => IdTokenKinds.Central,
        },
    };

    // 15693 cards have eight bytes, the first of them E0; those of 14443 have four, seven or ten.
    private static bool IsIso15693(string uid) =>
        uid.Length == 16 && uid.StartsWith("E0", StringComparison.OrdinalIgnoreCase) && uid.All(char.IsAsciiHexDigit);
}
