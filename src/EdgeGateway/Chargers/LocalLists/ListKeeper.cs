using System.Globalization;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.LocalLists;

/// <summary>
/// Keeps the chargers' local authorization lists in step with the tokens, so that cards work while a charger has no line, and has their caches
/// cleared when a token is revoked. It looks around at its own pace: what changed, and which line has not heard of it yet.
/// </summary>
public sealed partial class ListKeeper : IDisposable
{
    /// <summary>Chargers that are brought into step at the same time.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan RoundEvery = TimeSpan.FromSeconds(1);

    /// <summary>After a change, for the rest of a hub's page to come in: each update costs a charger a write to its flash.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    /// <summary>After a charger refused, or did not answer.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>How long an answer about what a charger can hold is believed.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromDays(1);

    private readonly Func<ChargersOptions> _options;
    private readonly ChargerRegistry _registry;
    private readonly SiteEngine _site;
    private readonly ListSource _source;
    private readonly IDocuments _documents;
    private readonly Remarks _remarks;
    private readonly TimeProvider _clock;
    private readonly ILogger<ListKeeper> _log;
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _round;
    private IReadOnlyCollection<Token>? _cards;
    private int _entries = -1;
    private long _revision = 1;
    private long _changed;
    private long _revocations = -1;

    public ListKeeper(
        Func<ChargersOptions> options, ChargerRegistry registry, SiteEngine site, ListSource source, ITokens tokens, IDocuments documents, Remarks remarks,
        TimeProvider clock, ILogger<ListKeeper> log)
    {
        (_options, _registry, _site, _source, _documents, _remarks, _clock, _log) = (options, registry, site, source, documents, remarks, clock, log);
        _changed = clock.GetTimestamp();
        _cards = site.State.Configuration.LocalTokens;
        tokens.Watch(news => Change(news.Revoked));
        site.Watch(turn => FollowCards(turn.Next.Configuration.LocalTokens));
        _round = clock.CreateTimer(_ => LookAround(), null, RoundEvery, RoundEvery);
    }

    /// <summary>Brings one charger into step now, because somebody wants it.</summary>
    /// <param name="full">All of it anew, whatever the charger says it has.</param>
    public async Task<CareAnswer> SendAsync(ChargerLine line, bool full, CancellationToken cancellationToken)
    {
        if (_options().LocalListEntries == 0)
            return CareAnswer.Of(CareOutcome.Invalid, "Local lists are switched off (Gateway:Ocpp:LocalListEntries is 0).");
        await line.Lists.Turn.WaitAsync(cancellationToken);
        try
        {
            return await SyncAsync(line, Volatile.Read(ref _revision), full, isAsked: true, cancellationToken);
        }
        finally
        {
            line.Lists.Turn.Release();
        }
    }

    /// <summary>What the charger has, by its own word and by ours.</summary>
    public async Task<CareAnswer> ShowAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        var record = await ReadAsync(line.Station, cancellationToken);
        try
        {
            if (await line.Dialect.AskListVersionAsync(line, cancellationToken) is not { } version)
                return CareAnswer.Of(CareOutcome.NotSupported, "The charger has no local list.");
            var text = version == record.Version ? "It has what it was sent last." : $"It says version {version}, and was last sent {record.Version}.";
            return new(CareOutcome.Done, text,
            [
                new("Version", $"{version}"), new("Sent version", $"{record.Version}"), new("Entries", $"{record.Entries.Length}"),
                new("Sent", record.Sent?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)), new("Most entries", record.Limits is { } limits ? $"{limits.Entries}" : null, record.Trouble),
            ]);
        }
        catch (ListUnansweredException silence)
        {
            return CareAnswer.Of(CareOutcome.TimedOut, silence.Message);
        }
    }

    public void Dispose()
    {
        _round.Dispose();
        _stopping.Cancel();
    }

    private void FollowCards(IReadOnlyCollection<Token> cards)
    {
        var before = Interlocked.Exchange(ref _cards, cards);
        if (ReferenceEquals(before, cards) || before is null || before.SequenceEqual(cards))
            return;
        var good = cards.Where(static c => c.Valid).Select(static c => c.Uid).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Change(before.Any(c => c.Valid && !good.Contains(c.Uid)));
    }

    private void Change(bool isRevoked)
    {
        Interlocked.Increment(ref _revision);
        Volatile.Write(ref _changed, _clock.GetTimestamp());
        if (isRevoked)
            _ = CountRevocationAsync();
    }

    private void LookAround()
    {
        if (_stopping.IsCancellationRequested || _clock.GetElapsedTime(Volatile.Read(ref _changed)) < Settle)
            return;
        var entries = _options().LocalListEntries;
        if (Interlocked.Exchange(ref _entries, entries) != entries)
            Interlocked.Increment(ref _revision);
        var revision = Volatile.Read(ref _revision);
        foreach (var line in _registry.Lines)
        {
            var lists = line.Lists;
            if (!line.IsAdmitted || !line.SetUp.IsCompleted || lists.Revision == revision || lists.NotBefore > _clock.GetUtcNow() || !lists.Turn.Wait(0))
                continue;
            _ = KeepInStepAsync(line, revision);
        }
    }

    private async Task KeepInStepAsync(ChargerLine line, long revision)
    {
        var lists = line.Lists;
        try
        {
            await _places.WaitAsync(_stopping.Token);
            try
            {
                await ClearCacheAsync(line, _stopping.Token);
                if (_options().LocalListEntries > 0)
                    await SyncAsync(line, revision, full: false, isAsked: false, _stopping.Token);
                else
                    lists.Revision = revision;
            }
            finally
            {
                _places.Release();
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            lists.NotBefore = _clock.GetUtcNow() + RetryAfter;
            if (failure is not (OperationCanceledException or ListUnansweredException))
                LogFailed(failure, line.Station);
        }
        finally
        {
            lists.Turn.Release();
        }
    }

    private async Task<CareAnswer> SyncAsync(ChargerLine line, long revision, bool full, bool isAsked, CancellationToken cancellationToken)
    {
        var record = await KnownAsync(line, cancellationToken);
        var cards = await _source.CardsAsync(revision, cancellationToken);
        line.Lists.Revision = revision;
        if (cards.Count == 0 && record.Version == 0 && !isAsked)
            return CareAnswer.Of(CareOutcome.Done, "There are no cards.");
        if (record.IsSupported is null || isAsked || (_clock.GetUtcNow() - record.Asked)?.Duration() > AskAgain)
        {
            var asked = await line.Dialect.AskListLimitsAsync(line, cancellationToken);
            record = await WriteAsync(line.Station, record with { IsSupported = asked is not null, Limits = asked, Asked = _clock.GetUtcNow() }, cancellationToken);
        }
        if (record.Limits is not { } limits)
            return CareAnswer.Of(CareOutcome.NotSupported, "The charger has no local list.");
        if (await line.Dialect.AskListVersionAsync(line, cancellationToken) is not { } version)
        {
            await WriteAsync(line.Station, record with { IsSupported = false, Limits = null }, cancellationToken);
            return CareAnswer.Of(CareOutcome.NotSupported, "The charger's local list is switched off.");
        }
        var wanted = _source.For(line.Station, cards, limits, _options().LocalListEntries);
        var (verdict, sent) = await SendAsync(line, record, ListPlan.Of(wanted, record.Entries, record.Version, version, limits.PerMessage, full), cancellationToken);
        if (verdict is ListVerdict.VersionMismatch or ListVerdict.Failed && !full)
        {
            // It is not where we thought it was, or cannot take a difference: once more from nothing, and then not soon again.
            sent = await ReadAsync(line.Station, cancellationToken);
            (verdict, sent) = await SendAsync(line, sent, ListPlan.Of(wanted, [], sent.Version, version, limits.PerMessage, full: true), cancellationToken);
        }
        return await ConcludeAsync(line, verdict, sent, cancellationToken);
    }

    private async Task<CareAnswer> ConcludeAsync(ChargerLine line, ListVerdict verdict, LocalListRecord record, CancellationToken cancellationToken)
    {
        if (verdict is ListVerdict.Accepted)
        {
            if (record.Trouble is not null)
                await WriteAsync(line.Station, record with { Trouble = null }, cancellationToken);
            return CareAnswer.Of(CareOutcome.Done, $"Version {record.Version}, {record.Entries.Length} cards.");
        }
        line.Lists.NotBefore = _clock.GetUtcNow() + RetryAfter;
        line.Lists.Revision = 0;
        var trouble = $"The charger answered {verdict} to its local list.";
        if (record.Trouble != trouble)
            _remarks.Make(Severity.Warning, "LocalListRefused", line.Station, trouble);
        await WriteAsync(line.Station, record with { Trouble = trouble }, cancellationToken);
        return CareAnswer.Of(verdict is ListVerdict.Unanswered ? CareOutcome.TimedOut : verdict is ListVerdict.NotSupported ? CareOutcome.NotSupported : CareOutcome.Refused, trouble);
    }

    private async Task<(ListVerdict, LocalListRecord)> SendAsync(
        ChargerLine line, LocalListRecord record, IReadOnlyList<ListUpdate> updates, CancellationToken cancellationToken)
    {
        foreach (var update in updates)
        {
            var verdict = await line.Dialect.SendListAsync(line, update, cancellationToken);
            if (verdict is not ListVerdict.Accepted)
                return (verdict, record);
            // After each: of several steps those that were taken are known, should the line end here.
            record = await WriteAsync(
                line.Station, record with { Version = update.Version, Entries = ListPlan.After(record.Entries, update), Sent = _clock.GetUtcNow() }, cancellationToken);
        }
        if (updates.Count > 0)
            _remarks.Make(Severity.Info, "LocalListSent", line.Station, $"Version {record.Version} with {record.Entries.Length} cards.");
        return (ListVerdict.Accepted, record);
    }

    /// <summary>A charger that accepted a card by its cache must not go on doing so once the card is revoked; one that was away hears it when it is back.</summary>
    private async Task ClearCacheAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        var revocations = await RevocationsAsync(cancellationToken);
        var record = await KnownAsync(line, cancellationToken);
        if (record.HasNoCache || record.CacheClearedAt >= revocations)
            return;
        var cleared = await line.Dialect.ClearCacheAsync(line, cancellationToken);
        await WriteAsync(line.Station, record with { CacheClearedAt = revocations, HasNoCache = cleared is null }, cancellationToken);
        if (cleared is false)
            _remarks.Make(Severity.Warning, "CacheNotCleared", line.Station, "A token was revoked, and the charger refuses to clear its authorization cache.");
    }

    private async Task<LocalListRecord> KnownAsync(ChargerLine line, CancellationToken cancellationToken) =>
        (await ReadAsync(line.Station, cancellationToken)).For(_site.State.Stations.GetValueOrDefault(line.Station)?.Identity);

    /// <summary>What is known of a station's list, for people.</summary>
    public ValueTask<LocalListRecord> KnownAsync(string station, CancellationToken cancellationToken) => ReadAsync(station, cancellationToken);

    private async ValueTask<LocalListRecord> ReadAsync(string station, CancellationToken cancellationToken) =>
        await _documents.ReadAsync(DocumentOf(station), cancellationToken) is { } json && JsonSerializer.Deserialize(json, ChargersJson.Default.LocalListRecord) is { } record
            ? record
            : new() { CacheClearedAt = await RevocationsAsync(cancellationToken) };

    private async Task<LocalListRecord> WriteAsync(string station, LocalListRecord record, CancellationToken cancellationToken)
    {
        await _documents.WriteAsync(DocumentOf(station), JsonSerializer.Serialize(record, ChargersJson.Default.LocalListRecord), cancellationToken);
        return record;
    }

    /// <summary>How many tokens have been revoked, ever: a number that only grows, so that a charger which was away can be compared with it.</summary>
    private async ValueTask<long> RevocationsAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _revocations) is >= 0 and var known)
            return known;
        var stored = await _documents.ReadAsync(RevocationsDocument, cancellationToken) is { } json ? JsonSerializer.Deserialize(json, ChargersJson.Default.Int64) : 0;
        Interlocked.CompareExchange(ref _revocations, stored, -1);
        return Volatile.Read(ref _revocations);
    }

    private async Task CountRevocationAsync()
    {
        try
        {
            await RevocationsAsync(_stopping.Token);
            var count = Interlocked.Increment(ref _revocations);
            await _documents.WriteAsync(RevocationsDocument, JsonSerializer.Serialize(count, ChargersJson.Default.Int64), _stopping.Token);
            Interlocked.Increment(ref _revision);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogFailed(failure, "all stations");
        }
    }

    private const string RevocationsDocument = "charger/revocations";

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/local-list";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The local list of {Station} could not be brought into step")]
    private partial void LogFailed(Exception failure, string station);
}

/// <summary>How far a line is with its charger's list.</summary>
public sealed class LineLists
{
    /// <summary>One at a time for each charger.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Of the tokens, that the charger was last brought into step with.</summary>
    public long Revision { get; set; }
    public DateTimeOffset NotBefore { get; set; }
}
