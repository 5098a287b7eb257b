using System.Text;
using System.Text.Unicode;

namespace EdgeGateway.Chargers;

/// <summary>What an Authorization header of the Basic scheme holds. The password is bytes: chargers send keys that are no text (FIELD-NOTES 17).</summary>
public sealed record BasicCredentials(string User, byte[] Password)
{
    /// <summary>Beyond it, no header is looked at.</summary>
    public const int MaxHeaderChars = 512;

    /// <param name="expectedUser">The station's id. If the user part begins with it, the password begins after its colon, so that an id may hold one.</param>
    /// <returns>Null when there is nothing that can be read as Basic.</returns>
    public static BasicCredentials? Read(string? header, string expectedUser)
    {
        const string Scheme = "Basic ";
        if (header is null || header.Length > MaxHeaderChars || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(Padded(header[Scheme.Length..].Trim()), bytes, out var count))
            return null;
        var all = bytes.AsSpan(0, count);
        var colon = all.Length > expectedUser.Length && all[expectedUser.Length] == ':'
                    && Ascii.EqualsIgnoreCase(all[..expectedUser.Length], expectedUser)
            ? expectedUser.Length
            : all.IndexOf((byte)':');
        return colon < 0 ? null : new(Readable(all[..colon]), all[(colon + 1)..].ToArray());
    }

    // Small chargers leave the padding out.
    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');

    private static string Readable(ReadOnlySpan<byte> user) => Utf8.IsValid(user) ? Encoding.UTF8.GetString(user) : Convert.ToHexString(user);

    // The generated text of a record would hold the password (S11).
    public override string ToString() => User;
}
