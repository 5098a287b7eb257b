using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Files;

/// <summary>
/// What chargers were asked to fetch or bring, how far they are, and the one-time addresses they do it at. On disk at each step: a charger that
/// fetches firmware over a mobile line may outlive a restart of the gateway.
/// </summary>
public sealed class StationJobs(IDocuments documents, SiteEngine site, FileStore store, TimeProvider clock) : IStationJobs, IDisposable
{
    /// <summary>Jobs kept of a station; the oldest that is over makes room.</summary>
    public const int PerStation = 16;

    /// <summary>Steps kept of a job; those between the first and the newest make room.</summary>
    public const int MostSteps = 32;

    /// <summary>Bytes of a token: nobody guesses one.</summary>
    public const int TokenBytes = 32;

    /// <summary>Characters of a token as it stands in an address.</summary>
    public const int TokenChars = 43;

    private readonly ConcurrentDictionary<string, ImmutableArray<KeptJob>> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, (string Station, int Number)> _addresses = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _allRead;

    public async ValueTask<IReadOnlyList<StationJob>> OfAsync(string station, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return [.. (await ReadAsync(station, cancellationToken)).Reverse().Select(k => Shown(k.Job, now))];
    }

    public async ValueTask<StationJob?> ChangedAsync(string station, int number, int steps, long bytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            var changed = _changed.Task;
            var job = (await OfAsync(station, cancellationToken)).FirstOrDefault(j => j.Number == number);
            if (job is null || job.IsOver || job.Steps.Length > steps || job.Bytes > bytes)
                return job;
            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return job;
            }
        }
    }

    /// <summary>A charger told how far it is. Completes when that is on disk.</summary>
    /// <param name="kind"><see cref="JobKind.Diagnostics"/> stands for either log.</param>
    /// <param name="said">The status, in OCPP's word.</param>
    /// <param name="number">requestId; null, 0 and one that we do not know mean the newest that is not over.</param>
    public async ValueTask HeardAsync(string station, JobKind kind, string said, int? number, CancellationToken cancellationToken)
    {
        var jobs = await ReadAsync(station, cancellationToken);
        var isFirmware = kind is JobKind.Firmware;
        var job = jobs.LastOrDefault(k => (k.Job.Kind is JobKind.Firmware) == isFirmware && (number is > 0 ? k.Job.Number == number : !k.Job.IsOver))
            ?? jobs.LastOrDefault(k => (k.Job.Kind is JobKind.Firmware) == isFirmware && !k.Job.IsOver);
        // Chargers repeat themselves by the hundred (FIELD-NOTES 25).
        if (job is null || job.Job.Steps.LastOrDefault()?.Said == said)
            return;
        await ChangeAsync(station, job.Job.Number, k => After(k, said), cancellationToken);
    }

    /// <summary>A charger booted: with other firmware than before, it has installed what it was given, whether it says so or not.</summary>
    public async ValueTask BootedAsync(string station, string? firmware, CancellationToken cancellationToken)
    {
        var installing = (await ReadAsync(station, cancellationToken)).LastOrDefault(k => k.Job is { Kind: JobKind.Firmware, IsOver: false } && k.Job.Steps.Length > 0);
        if (installing is null || firmware is null || firmware == installing.FirmwareBefore)
            return;
        await ChangeAsync(
            station, installing.Job.Number,
            k => k with { IsClosed = true, Job = Step(k.Job, $"booted with {firmware}") with { State = JobState.Done } }, cancellationToken);
    }

    /// <summary>Whether a charger may still come for this firmware.</summary>
    public bool IsToBeFetched(string firmware) =>
        All.Any(k => k.Job.Kind is JobKind.Firmware && k.TokenHash is not null && string.Equals(k.File, firmware, StringComparison.Ordinal) && k.IsOpenAt(clock.GetUtcNow()));

    /// <summary>The log that a job brought; null when it is not here, or not any longer.</summary>
    public async Task<Stream?> OpenLogAsync(string station, int number, CancellationToken cancellationToken) =>
        await FindAsync(station, number, cancellationToken) is { Job.HasFile: true, File: { } name } && store.FindLog(name) is { } file
            ? new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete)
            : null;

    public void Dispose() => _one.Dispose();

    /// <returns>The token of its address; null where it needs none.</returns>
    internal async Task<(StationJob Job, string? Token)> BeginAsync(StationJob asked, string? file, bool hasAddress, string? firmwareBefore, CancellationToken cancellationToken)
    {
        var token = hasAddress ? TokenOf(RandomNumberGenerator.GetBytes(TokenBytes)) : null;
        await _one.WaitAsync(cancellationToken);
        try
        {
            var jobs = await ReadAsync(asked.Station, cancellationToken);
            var job = asked with { Number = jobs.IsEmpty ? 1 : jobs[^1].Job.Number + 1 };
            // A charger does one at a time; who asks again wants the new one.
            var next = jobs.Select(k => k.Job.Kind == job.Kind && !k.Job.IsOver ? k with { IsClosed = true, Job = k.Job with { State = JobState.Replaced } } : k)
                .Append(new() { Job = job, File = file, TokenHash = token is null ? null : HashOf(token), FirmwareBefore = firmwareBefore })
                .ToImmutableArray();
            await KeepAsync(asked.Station, Bounded(next), cancellationToken);
            return (job, token);
        }
        finally
        {
            _one.Release();
        }
    }

    internal async ValueTask<KeptJob?> FindAsync(string station, int number, CancellationToken cancellationToken) =>
        (await ReadAsync(station, cancellationToken)).FirstOrDefault(k => k.Job.Number == number);

    /// <summary>The job whose address this is; null when it is nobody's.</summary>
    internal async ValueTask<KeptJob?> AtAsync(string token, CancellationToken cancellationToken)
    {
        var hash = HashOf(token);
        if (!_addresses.TryGetValue(hash, out var at))
        {
            if (_allRead)
                return null;
            // After a restart: the addresses given before it still hold.
            foreach (var station in site.State.Configuration.Stations.Select(s => s.Id).Union(site.State.Stations.Keys, StringComparer.OrdinalIgnoreCase))
                await ReadAsync(station, cancellationToken);
            _allRead = true;
            if (!_addresses.TryGetValue(hash, out at))
                return null;
        }
        return await FindAsync(at.Station, at.Number, cancellationToken);
    }

    internal IEnumerable<KeptJob> All => _jobs.Values.SelectMany(static j => j);

    /// <summary>Changes a job, on disk; null when it is gone.</summary>
    internal async Task<KeptJob?> ChangeAsync(string station, int number, Func<KeptJob, KeptJob> change, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var jobs = await ReadAsync(station, cancellationToken);
            if (jobs.FirstOrDefault(k => k.Job.Number == number) is not { } job)
                return null;
            var next = change(job);
            await KeepAsync(station, jobs.Replace(job, next), cancellationToken);
            return next;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>How many bytes have gone over its address: shown, and written down with the next step only.</summary>
    internal void Moved(string station, int number, long bytes)
    {
        while (_jobs.TryGetValue(station, out var jobs) && jobs.FirstOrDefault(k => k.Job.Number == number) is { } job && job.Job.Bytes != bytes)
        {
            if (_jobs.TryUpdate(station, jobs.Replace(job, job with { Job = job.Job with { Bytes = bytes } }), jobs))
            {
                Tell();
                return;
            }
        }
    }

    internal StationJob Step(StationJob job, string said)
    {
        var steps = job.Steps.Add(new(clock.GetUtcNow(), said));
        return job with { Steps = steps.Length > MostSteps ? steps.RemoveAt(1) : steps };
    }

    private KeptJob After(KeptJob kept, string said)
    {
        var job = Step(kept.Job, said);
        if (JobWords.StateOf(job.Kind, said) is not { } state)
            return kept with { Job = job };
        // A log is done when it is here; a charger that says it has brought it may still be sending, or has brought it elsewhere.
        if (state is JobState.Done && kept.TokenHash is not null && job.Kind is not JobKind.Firmware)
            state = job.State is JobState.Asked ? JobState.Running : job.State;
        return kept with
        {
            Job = job.IsOver && state is JobState.Running ? job : job with { State = state },
            IsClosed = kept.IsClosed || JobWords.IsFetched(said) || state is JobState.Done or JobState.Failed,
        };
    }

    private async ValueTask<ImmutableArray<KeptJob>> ReadAsync(string station, CancellationToken cancellationToken)
    {
        if (_jobs.TryGetValue(station, out var known))
            return known;
        var json = await documents.ReadAsync(DocumentOf(station), cancellationToken);
        var jobs = json is null ? [] : JsonSerializer.Deserialize(json, FilesJson.Default.KeptJobs)?.Jobs ?? [];
        jobs = _jobs.GetOrAdd(station, jobs);
        Index(station, jobs);
        return jobs;
    }

    private async Task KeepAsync(string station, ImmutableArray<KeptJob> jobs, CancellationToken cancellationToken)
    {
        await documents.WriteAsync(DocumentOf(station), JsonSerializer.Serialize(new() { Jobs = jobs }, FilesJson.Default.KeptJobs), cancellationToken);
        foreach (var gone in _jobs.GetValueOrDefault(station, []).Where(k => k.TokenHash is not null && !jobs.Any(j => j.TokenHash == k.TokenHash)))
            _addresses.TryRemove(gone.TokenHash!, out _);
        _jobs[station] = jobs;
        Index(station, jobs);
        Tell();
    }

    private void Index(string station, ImmutableArray<KeptJob> jobs)
    {
        foreach (var job in jobs)
        {
            if (job.TokenHash is { } hash)
                _addresses[hash] = (station, job.Job.Number);
        }
    }

    private static ImmutableArray<KeptJob> Bounded(ImmutableArray<KeptJob> jobs)
    {
        while (jobs.Length > PerStation)
            jobs = jobs.Remove(jobs.FirstOrDefault(static k => k.Job.IsOver) ?? jobs[0]);
        return jobs;
    }

    private void Tell() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private static StationJob Shown(StationJob job, DateTimeOffset now) => !job.IsOver && now >= job.Until ? job with { State = JobState.Expired } : job;

    private static string TokenOf(byte[] random) => Convert.ToBase64String(random).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/jobs";
}
