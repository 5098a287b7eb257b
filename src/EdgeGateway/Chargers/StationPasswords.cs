using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGateway.Site;

namespace EdgeGateway.Chargers;

/// <summary>
/// Compares passwords as bytes, in constant time. A configured one is compared by a keyed hash, so that a reconnect storm and a flood of guesses
/// cost next to nothing; its slow hash goes into the database and holds on when the file no longer says the password.
/// </summary>
public sealed partial class StationPasswords(IDocuments documents, TimeProvider clock, ILogger<StationPasswords> log) : IDisposable
{
    private const int Iterations = 10_000;
    private const int HashBytes = 32;
    private static readonly TimeSpan BetweenHashes = TimeSpan.FromMilliseconds(100);

    // Of this process only: what is kept in memory is of no use elsewhere.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, (byte[] Tag, PasswordMatch Match)> _accepted = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte[]> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <param name="configured">The password of the file; null: the one whose hash is in the database.</param>
    public async ValueTask<PasswordMatch> CheckAsync(string station, string? configured, byte[] presented, CancellationToken cancellationToken)
    {
        var tag = Tag(presented);
        if (configured is null)
            return await CheckStoredAsync(station, presented, tag, cancellationToken);
        var match = CryptographicOperations.FixedTimeEquals(tag, Tag(Encoding.UTF8.GetBytes(configured))) ? PasswordMatch.AsText
            : HexDecoded(configured) is { } bytes && CryptographicOperations.FixedTimeEquals(tag, Tag(bytes)) ? PasswordMatch.AsHexDecoded
            : PasswordMatch.None;
        if (match != PasswordMatch.None)
            KeepLater(station, configured);
        return match;
    }

    public async ValueTask<bool> IsStoredAsync(string station, CancellationToken cancellationToken) =>
        await documents.ReadAsync(DocumentOf(station), cancellationToken) is not null;

    /// <summary>Trust on first use, for a station that was let in without being configured: from now on it is this password or none.</summary>
    public async Task RememberAsync(string station, byte[] presented, CancellationToken cancellationToken)
    {
        if (!await IsStoredAsync(station, cancellationToken))
            await documents.WriteAsync(DocumentOf(station), Json(Hash(presented, null)), cancellationToken);
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async ValueTask<PasswordMatch> CheckStoredAsync(string station, byte[] presented, byte[] tag, CancellationToken cancellationToken)
    {
        if (_accepted.TryGetValue(station, out var last) && CryptographicOperations.FixedTimeEquals(tag, last.Tag))
            return last.Match;
        if (await documents.ReadAsync(DocumentOf(station), cancellationToken) is not { } json)
            return PasswordMatch.None;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var match = Verify(JsonSerializer.Deserialize(json, ChargersJson.Default.PasswordHash)!, presented);
            if (match != PasswordMatch.None)
                _accepted[station] = (tag, match);
            return match;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // Off the charger's path and one at a time: the slow hash is for whoever steals the database, not for whoever waits at the door.
    private void KeepLater(string station, string configured)
    {
        var tag = Tag(Encoding.UTF8.GetBytes(configured));
        if (_kept.TryGetValue(station, out var kept) && kept.AsSpan().SequenceEqual(tag))
            return;
        _kept[station] = tag;
        _ = KeepAsync(station, configured);
    }

    private async Task KeepAsync(string station, string configured)
    {
        try
        {
            await _oneAtATime.WaitAsync();
            try
            {
                await Task.Delay(BetweenHashes, clock);
                var bytes = Encoding.UTF8.GetBytes(configured);
                var stored = await documents.ReadAsync(DocumentOf(station), CancellationToken.None);
                if (stored is null || Verify(JsonSerializer.Deserialize(stored, ChargersJson.Default.PasswordHash)!, bytes) != PasswordMatch.AsText)
                    await documents.WriteAsync(DocumentOf(station), Json(Hash(bytes, HexDecoded(configured))), CancellationToken.None);
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Nothing depends on it while the file holds the password; it is tried again at the next connection.
            _kept.TryRemove(station, out _);
            LogNotKept(station, failure.Message);
        }
    }

    private byte[] Tag(ReadOnlySpan<byte> password) => HMACSHA256.HashData(_key, password);

    private static byte[]? HexDecoded(string configured) =>
        configured.Length > 0 && configured.Length % 2 == 0 && configured.All(char.IsAsciiHexDigit) ? Convert.FromHexString(configured) : null;

    private static PasswordHash Hash(byte[] text, byte[]? decoded)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new(salt, Iterations, Slow(text, salt, Iterations), decoded is null ? null : Slow(decoded, salt, Iterations));
    }

    private static PasswordMatch Verify(PasswordHash hash, byte[] presented)
    {
        var slow = Slow(presented, hash.Salt, hash.Iterations);
        return CryptographicOperations.FixedTimeEquals(slow, hash.Text) ? PasswordMatch.AsText
            : hash.HexDecoded is { } decoded && CryptographicOperations.FixedTimeEquals(slow, decoded) ? PasswordMatch.AsHexDecoded
            : PasswordMatch.None;
    }

    private static byte[] Slow(byte[] password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);

    private static string Json(PasswordHash hash) => JsonSerializer.Serialize(hash, ChargersJson.Default.PasswordHash);

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/password";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The password hash of {Station} could not be stored: {Because}")]
    private partial void LogNotKept(string station, string because);
}

/// <summary>In which form a presented password equals the configured one (FIELD-NOTES 17).</summary>
public enum PasswordMatch
{
    None,
    AsText,

    /// <summary>The configured one is hex, and its bytes came over the wire.</summary>
    AsHexDecoded,
}

/// <summary>PBKDF2 with SHA-256, of the password as text and, if it is hex, of its bytes.</summary>
public sealed record PasswordHash(byte[] Salt, int Iterations, byte[] Text, byte[]? HexDecoded);
