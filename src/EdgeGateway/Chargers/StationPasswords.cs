using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>
/// Compares passwords as bytes, in constant time. A configured one is compared by a keyed hash, so that a reconnect storm and a flood of guesses
/// cost next to nothing; its slow hash goes into the database and holds on when the file no longer says the password.
/// </summary>
public sealed partial class StationPasswords(IDocuments documents, Remarks remarks, TimeProvider clock, ILogger<StationPasswords> log) : IDisposable
{
    private const int Iterations = 10_000;
    private const int HashBytes = 32;

    /// <summary>A charger that restarts at its leisure has so long to come with the password that it was given.</summary>
    public static readonly TimeSpan ChangeLimit = TimeSpan.FromHours(24);
    private static readonly TimeSpan BetweenHashes = TimeSpan.FromMilliseconds(100);

    // Of this process only: what is kept in memory is of no use elsewhere.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, (byte[] Tag, PasswordMatch Match)> _accepted = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte[]> _kept = new(StringComparer.OrdinalIgnoreCase);

    // Passwords of the file that one of ours stands in for.
    private readonly ConcurrentDictionary<string, byte[]> _superseded = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <param name="configured">The password of the file; null: the one whose hash is in the database.</param>
    public async ValueTask<PasswordMatch> CheckAsync(string station, string? configured, byte[] presented, CancellationToken cancellationToken)
    {
        var made = await MadeAsync(station, cancellationToken);
        var match = await CheckFormerAsync(station, configured, made, presented, cancellationToken);
        if (made?.Next is not { } next)
            return match;
        if (match != PasswordMatch.None)
        {
            await CameWithFormerAsync(station, made, cancellationToken);
            return match;
        }
        match = await VerifyAsync(next, presented, cancellationToken);
        if (match == PasswordMatch.None)
            return match;
        await KeepAsync(station, new() { InForce = next, Configured = configured is null ? null : Hash(Encoding.UTF8.GetBytes(configured), null) }, cancellationToken);
        _accepted.TryRemove(station, out _);
        remarks.Make(Severity.Info, "PasswordChanged", station, "It came with its new password; the former one is of no use any more.");
        return match;
    }

    public async ValueTask<bool> IsStoredAsync(string station, CancellationToken cancellationToken) =>
        await documents.ReadAsync(DocumentOf(station), cancellationToken) is not null || await MadeAsync(station, cancellationToken) is { InForce: not null };

    /// <summary>From now on this one is taken too; the first time it is shown, the former one ends.</summary>
    public async Task ExpectAsync(string station, string password, CancellationToken cancellationToken)
    {
        var made = await MadeAsync(station, cancellationToken) ?? new();
        await KeepAsync(station, made with { Next = Hash(Encoding.UTF8.GetBytes(password), HexDecoded(password)), Since = clock.GetUtcNow() }, cancellationToken);
    }

    /// <summary>The charger did not take it.</summary>
    public async Task ForgetExpectedAsync(string station, CancellationToken cancellationToken)
    {
        if (await MadeAsync(station, cancellationToken) is { } made)
            await KeepAsync(station, made with { Next = null, Since = null }, cancellationToken);
    }

    /// <summary>Trust on first use, for a station that was let in without being configured: from now on it is this password or none.</summary>
    public async Task RememberAsync(string station, byte[] presented, CancellationToken cancellationToken)
    {
        if (!await IsStoredAsync(station, cancellationToken))
            await documents.WriteAsync(DocumentOf(station), Json(Hash(presented, null)), cancellationToken);
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async ValueTask<PasswordMatch> CheckFormerAsync(string station, string? configured, MadePassword? made, byte[] presented, CancellationToken cancellationToken)
    {
        var tag = Tag(presented);
        // One that we made stands in for the file's, until somebody writes another into the file.
        if (made?.InForce is { } inForce && (configured is null || await IsStillAsync(station, made, configured, cancellationToken)))
            return await CheckSlowlyAsync(station, inForce, presented, tag, cancellationToken);
        if (configured is null)
        {
            return await documents.ReadAsync(DocumentOf(station), cancellationToken) is { } json
                ? await CheckSlowlyAsync(station, JsonSerializer.Deserialize(json, ChargersJson.Default.PasswordHash)!, presented, tag, cancellationToken)
                : PasswordMatch.None;
        }
        var match = CryptographicOperations.FixedTimeEquals(tag, Tag(Encoding.UTF8.GetBytes(configured))) ? PasswordMatch.AsText
            : HexDecoded(configured) is { } bytes && CryptographicOperations.FixedTimeEquals(tag, Tag(bytes)) ? PasswordMatch.AsHexDecoded
            : PasswordMatch.None;
        if (match != PasswordMatch.None)
            KeepLater(station, configured);
        return match;
    }

    private async ValueTask<PasswordMatch> CheckSlowlyAsync(string station, PasswordHash hash, byte[] presented, byte[] tag, CancellationToken cancellationToken)
    {
        if (_accepted.TryGetValue(station, out var last) && CryptographicOperations.FixedTimeEquals(tag, last.Tag))
            return last.Match;
        var match = await VerifyAsync(hash, presented, cancellationToken);
        if (match != PasswordMatch.None)
            _accepted[station] = (tag, match);
        return match;
    }

    private async ValueTask<PasswordMatch> VerifyAsync(PasswordHash hash, byte[] presented, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return Compare(hash, presented);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Whether the file still says what it said when we made another.</summary>
    private async ValueTask<bool> IsStillAsync(string station, MadePassword made, string configured, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(configured);
        var tag = Tag(bytes);
        if (_superseded.TryGetValue(station, out var known) && known.AsSpan().SequenceEqual(tag))
            return true;
        if (made.Configured is not { } then || await VerifyAsync(then, bytes, cancellationToken) == PasswordMatch.None)
            return false;
        _superseded[station] = tag;
        return true;
    }

    /// <summary>Whoever goes on coming with the former password did not take the new one, and keeps the former.</summary>
    private async Task CameWithFormerAsync(string station, MadePassword made, CancellationToken cancellationToken)
    {
        if (made.Since is { } since && (clock.GetUtcNow() - since).Duration() < ChangeLimit)
            return;
        await KeepAsync(station, made with { Next = null, Since = null }, cancellationToken);
        remarks.Make(Severity.Warning, "PasswordNotTaken", station, $"It still comes with its former password {ChangeLimit.TotalHours:0} h after it was given a new one; the former stays in force.");
    }

    private async ValueTask<MadePassword?> MadeAsync(string station, CancellationToken cancellationToken) =>
        await documents.ReadAsync(MadeOf(station), cancellationToken) is { } json ? JsonSerializer.Deserialize(json, ChargersJson.Default.MadePassword) : null;

    private Task KeepAsync(string station, MadePassword made, CancellationToken cancellationToken) => documents.WriteAsync(
        MadeOf(station), made is { InForce: null, Next: null } ? null : JsonSerializer.Serialize(made, ChargersJson.Default.MadePassword), cancellationToken);

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
                if (stored is null || Compare(JsonSerializer.Deserialize(stored, ChargersJson.Default.PasswordHash)!, bytes) != PasswordMatch.AsText)
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

    private static PasswordMatch Compare(PasswordHash hash, byte[] presented)
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

    private static string MadeOf(string station) => $"{DocumentOf(station)}/made";

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

/// <summary>A password that the gateway made, and the one that is to follow.</summary>
public sealed record MadePassword
{
    /// <summary>Null: the file's, or the one that was kept, is in force.</summary>
    public PasswordHash? InForce { get; init; }

    /// <summary>What the file said when it was made; null: nothing.</summary>
    public PasswordHash? Configured { get; init; }

    /// <summary>The charger was given it and has not come with it yet: either is taken.</summary>
    public PasswordHash? Next { get; init; }
    public DateTimeOffset? Since { get; init; }
}
