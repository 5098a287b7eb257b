using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>How a credentials token stands in the Authorization header (T2).</summary>
public enum TokenEncoding
{
    /// <summary>2.2.1 and later: Base64 of its UTF-8 bytes.</summary>
    Base64,

    /// <summary>2.1.1, and peers who never changed: as it is.</summary>
    Plain,
}

/// <summary>Credentials tokens: made, sent and recognised (T2, T3). A token never appears in a log or an exception.</summary>
public static class OcpiToken
{
    public const int MaxLength = 64;

    /// <summary>256 bits.</summary>
    public const int RandomBytes = 32;

    /// <summary>Longest header value that is looked at: Base64 of 64 characters of four bytes each, and the scheme.</summary>
    public const int MaxHeaderLength = 400;

    private const string Scheme = "Token";

    /// <summary>
    /// 43 characters of base64url: no padding, so that a server which tries to decode a raw token does not take it for Base64.
    /// </summary>
    public static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>1..64 characters, U+0021..U+007E (T3).</summary>
    public static bool IsWellFormed(string token) => token.Length is >= 1 and <= MaxLength && !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The Authorization header's value. Throws for a token that no header can carry: it would be left out without a word.</summary>
    public static string Header(string token, TokenEncoding encoding) => encoding == TokenEncoding.Plain && token.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? throw new ArgumentException("the credentials token has characters that a header cannot carry", nameof(token))
        : $"{Scheme} {(encoding == TokenEncoding.Base64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(token)) : token)}";

    /// <summary>What a caller may mean by its header: the decoded text if it is Base64, and the text itself. Empty: no token was sent.</summary>
    public static IReadOnlyList<string> Candidates(string? header)
    {
        if (header is null || header.Length > MaxHeaderLength)
            return [];
        var text = header.AsSpan().Trim();
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || text.Length <= Scheme.Length || text[Scheme.Length] != ' ')
            return [];
        var raw = text[Scheme.Length..].Trim().ToString();
        if (raw.Length == 0)
            return [];
        return Decode(raw) is { } decoded ? [decoded, raw] : [raw];
    }

    /// <summary>In constant time, both forms always tried: a raw token may look like Base64 (T2).</summary>
    public static bool Matches(string? header, string token) => Matches(header, Digest(token));

    /// <summary>The same against a stored <see cref="Digest"/>.</summary>
    public static bool Matches(string? header, ReadOnlySpan<byte> digest)
    {
        var found = false;
        foreach (var candidate in Candidates(header))
            found |= CryptographicOperations.FixedTimeEquals(Digest(candidate), digest);
        return found;
    }

    /// <summary>SHA-256 of the token: what is stored of ours (T3). Tokens are random, so no salt and no slow hash are needed.</summary>
    public static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string? Decode(string raw)
    {
        var bytes = new byte[raw.Length];
        // Peers leave the padding off; what remains must be whole.
        var padded = raw.PadRight((raw.Length + 3) / 4 * 4, '=');
        if (!Convert.TryFromBase64String(padded, bytes, out var written) || written == 0)
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, written);
        return IsWellFormed(text) ? text : null;
    }
}
