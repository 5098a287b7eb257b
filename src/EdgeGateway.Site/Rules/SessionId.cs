using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Site.Rules;

/// <summary>Ids that nobody can guess and nobody is given twice, drawn from the database's seed without randomness of their own (I9, S10).</summary>
internal static class SessionId
{
    /// <summary>36 characters in the form of a UUID (version 8).</summary>
    public static string Of(ReadOnlySpan<byte> seed, int number)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(seed, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"session {number}")), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("D");
    }
}
