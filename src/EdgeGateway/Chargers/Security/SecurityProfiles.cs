using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Security;

/// <summary>The security profiles of OCPP, and the least that each station is let in with.</summary>
public sealed class SecurityProfiles(IDocuments documents, Remarks remarks, TimeProvider clock)
{
    /// <summary>Profile 0: nobody proves anything.</summary>
    public const int Nothing = 0;
    public const int Password = 1;

    /// <summary>A password over TLS.</summary>
    public const int Encrypted = 2;

    /// <summary>TLS with a client certificate.</summary>
    public const int Certificate = 3;

    /// <summary>From the order to go to a higher profile to the line that has it: a restart that waits for transactions is in it.</summary>
    public static readonly TimeSpan RaiseLimit = TimeSpan.FromMinutes(15);

    /// <summary>The file says it; else what the station was raised to. Null: a password, over whatever it comes.</summary>
    public async ValueTask<int?> LeastAsync(StationAccess access, CancellationToken cancellationToken) =>
        access.SecurityProfile ?? (await ReadAsync(access.Id, cancellationToken))?.Raised;

    /// <summary>What the station was told to go to and has not come with yet; until it has, either is taken.</summary>
    public async ValueTask<int?> AwaitedAsync(string station, CancellationToken cancellationToken) => (await ReadAsync(station, cancellationToken))?.Wanted;

    /// <summary>The station is told to go higher.</summary>
    public async Task AwaitAsync(string station, int profile, CancellationToken cancellationToken)
    {
        var record = await ReadAsync(station, cancellationToken) ?? new();
        await WriteAsync(station, record with { Wanted = profile, Until = clock.GetUtcNow() + RaiseLimit }, cancellationToken);
        _ = GiveUpLaterAsync(station);
    }

    /// <summary>It said no.</summary>
    public async Task AwaitNothingAsync(string station, CancellationToken cancellationToken)
    {
        if (await ReadAsync(station, cancellationToken) is { } record)
            await WriteAsync(station, record with { Wanted = null, Until = null }, cancellationToken);
    }

    /// <summary>Weaker lines of this station are refused from now on, where the file does not say otherwise.</summary>
    public async Task HoldAsync(string station, int profile, CancellationToken cancellationToken)
    {
        var record = await ReadAsync(station, cancellationToken) ?? new();
        if (record.Raised is null || record.Raised < profile)
            await WriteAsync(station, record with { Raised = profile }, cancellationToken);
    }

    /// <summary>A station was let in with this profile.</summary>
    public async Task CameWithAsync(string station, int profile, CancellationToken cancellationToken)
    {
        if (await ReadAsync(station, cancellationToken) is not { Wanted: { } wanted } record)
            return;
        if (profile >= wanted)
        {
            await WriteAsync(station, new() { Raised = wanted }, cancellationToken);
            remarks.Make(Severity.Info, "ProfileRaised", station, $"It came with security profile {profile}; weaker lines of it are refused from now on.");
        }
        else
        {
            await GiveUpAsync(station, record, cancellationToken);
        }
    }

    private async Task GiveUpLaterAsync(string station)
    {
        await Task.Delay(RaiseLimit, clock);
        try
        {
            if (await ReadAsync(station, CancellationToken.None) is { Wanted: not null } record)
                await GiveUpAsync(station, record, CancellationToken.None);
        }
        catch (NotRecordedException)
        {
            // Until it can be written the way stays open, and the next line looks again.
        }
    }

    private async Task GiveUpAsync(string station, ProfileRecord record, CancellationToken cancellationToken)
    {
        if (record.Until is { } until && clock.GetUtcNow() is var now && now < until && until - now <= RaiseLimit)
            return;
        await WriteAsync(station, record with { Wanted = null, Until = null }, cancellationToken);
        remarks.Make(Severity.Warning, "ProfileNotRaised", station,
            $"It did not come with security profile {record.Wanted} within {RaiseLimit.TotalMinutes:0} min; the way it came before stays open.");
    }

    private async ValueTask<ProfileRecord?> ReadAsync(string station, CancellationToken cancellationToken) =>
        await documents.ReadAsync(DocumentOf(station), cancellationToken) is { } json ? JsonSerializer.Deserialize(json, ChargersJson.Default.ProfileRecord) : null;

    private Task WriteAsync(string station, ProfileRecord record, CancellationToken cancellationToken) => documents.WriteAsync(
        DocumentOf(station), record is { Raised: null, Wanted: null } ? null : JsonSerializer.Serialize(record, ChargersJson.Default.ProfileRecord), cancellationToken);

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/profile";
}

/// <param name="Raised">The station has come with it once, on our wish; null: it never was raised.</param>
/// <param name="Wanted">It was told to go there.</param>
public sealed record ProfileRecord(int? Raised = null, int? Wanted = null, DateTimeOffset? Until = null);
