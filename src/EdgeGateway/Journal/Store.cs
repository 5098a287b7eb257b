using EdgeGateway.Site;

namespace EdgeGateway.Journal;

/// <summary>The site's memory: one SQLite file behind seven doors. Opened before anything else, closed after everything else.</summary>
public sealed partial class Store : IAsyncDisposable
{
    private static readonly string[] Settings = ["journal_mode", "synchronous", "secure_delete", "foreign_keys", "max_page_count", "page_size"];

    /// <summary>How long a probe may check.</summary>
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(10);

    private readonly StoreFiles _files;
    private readonly FileStream[] _held;
    private readonly Database _database;
    private readonly Readers _readers;
    private readonly Writer _writer;
    private readonly FrameLog _frames;
    private readonly Trouble _trouble;
    private readonly StorageOptions _options;
    private readonly ITimer _upkeepTimer;
    private readonly Upkeep _upkeep;
    private readonly CancellationTokenSource _closing = new();
    private int _upkeepRuns;
    private bool _disposed;

    private Store(StorageOptions options, StoreFiles files, FileStream[] held, Opening opened, TimeProvider clock, ILogger<Store> logger)
    {
        _options = options;
        _files = files;
        _held = held;
        _database = opened.Database;
        _trouble = new Trouble(logger);
        _readers = new Readers(files.Path);
        _frames = new FrameLog(options, _readers, clock, logger);
        var signals = new HubSignals(clock);
        _upkeep = new Upkeep(options, files, _frames, clock, logger);
        _writer = new Writer(opened.Database, _frames, signals, clock, _trouble) { MakeRoom = _upkeep.MakeRoom };
        var damages = new Damages(logger);
        Journal = new SiteJournal(_writer, _readers, damages, opened.Site);
        Outbox = new Outbox(_writer, _readers, signals, clock);
        History = new History(_readers, damages);
        Tokens = new Tokens(_writer, _readers);
        Documents = new Documents(_writer, _readers);
        Meters = new MeterLog(_writer, _readers, damages);
        _frames.Start(_database, _writer.Nudge);
        _writer.Start();
        damages.Writer = _writer;
        foreach (var damage in opened.Damages)
            damages.Found(damage);
        _trouble.Broken.Register(() => TryMark(files.Suspect));
        _upkeepTimer = clock.CreateTimer(_ => LookAfter(), null, Upkeep.Interval, Upkeep.Interval);
        if (opened.Unchecked)
            _ = Task.Run(() => CheckBehind(clock));
    }

    public ISiteJournal Journal { get; }
    public IOutbox Outbox { get; }
    public IHistory History { get; }
    public ITokens Tokens { get; }
    public IDocuments Documents { get; }
    public IMeterLog Meters { get; }
    public IFrameLog Frames => _frames;

    /// <summary>Transactions since the start.</summary>
    public long Commits => _writer.Commits;

    /// <summary>Proof of life for the watchdog: moves at least every <see cref="Upkeep.Interval"/> while the writer is well, busy or idle.</summary>
    public long Progress => _writer.Progress;

    /// <summary>Why the last commit failed; null while all is well.</summary>
    public string? TroubleText => _trouble.Current;

    /// <summary>Cancelled when the file turns out to be damaged: the program is to end, its next start salvages.</summary>
    public CancellationToken Broken => _trouble.Broken;

    /// <summary>Opens the store, or makes it, or saves what can be saved of it.</summary>
    /// <exception cref="StorageException">It cannot be used, for a reason a person can do something about.</exception>
    public static Task<Store> OpenAsync(StorageOptions options, TimeProvider clock, ILogger<Store> logger) => Task.Run(() => Open(options, Schema.Embedded, clock, logger));

    internal static Store Open(StorageOptions options, Schema schema, TimeProvider clock, ILogger<Store> logger)
    {
        var files = new StoreFiles(options.Path);
        var mine = files.Lock();
        try
        {
            files.Prepare(schema, clock.GetUtcNow());
            Opening opened;
            try
            {
                opened = Opening.Open(files, options, schema, clock);
            }
            catch (DamagedFileException damage)
            {
                LogDamaged(logger, files.Path, damage.Message);
                LogSalvaged(logger, Salvage.Run(files, schema, damage.Message, clock.GetUtcNow()));
                opened = Opening.Open(files, options, schema, clock);
            }
            var page = files.KeepFirstPage();
            files.TakeBallast();
            return new Store(options, files, [page, mine], opened, clock, logger);
        }
        catch (Exception e)
        {
            mine.Dispose();
            if (e is IOException or UnauthorizedAccessException or DamagedFileException)
                throw new StorageException($"The database {files.Path} cannot be opened: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Looks at a database without opening the store, beside a running gateway too. Returns a line about it.</summary>
    /// <exception cref="StorageException">Something is wrong with it, or it could not be made.</exception>
    public static string Probe(StorageOptions options, TimeProvider clock)
    {
        var files = new StoreFiles(options.Path);
        if (!File.Exists(files.Path))
        {
            files.Lock().Dispose();
            return $"{files.Path}: not there yet, will be made at the first start";
        }
        try
        {
            using var database = Database.Open(files.Path, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
            if (database.Scalar<int>("pragma application_id") != Schema.ApplicationId)
                throw new StorageException($"{files.Path} is no database of edge-gateway.");
            var version = database.Scalar<int>("pragma user_version");
            Schema.Embedded.Refuse(version);
            var whole = Opening.Check(database, ProbeLimit, clock) is true;
            return $"{files.Path}: version {version}, {new FileInfo(files.Path).Length >> 20} MiB, {(whole ? "sound" : "no damage found (too large to check it all)")}";
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or DamagedFileException)
        {
            throw new StorageException($"{files.Path} is damaged: {e.Message}. The next start saves what can be read.", e);
        }
    }

    /// <summary>Makes a consistent, verified copy while everything goes on.</summary>
    public Task BackupAsync(string file, CancellationToken cancellationToken) => Task.Run(() => Backup.Make(_files.Path, file), cancellationToken);

    public ValueTask<StorageFigures> FiguresAsync(CancellationToken cancellationToken) => _readers.SnapshotAsync(
        database =>
        {
            long Ask(string sql) => database.Prepared(sql).Scalar() ?? 0;
            var wal = new FileInfo(_files.Path + "-wal");
            return new StorageFigures(
                _files.Path,
                (int)Ask("select user_version from pragma_user_version"),
                Ask("select page_count from pragma_page_count") * 4096,
                Ask("select freelist_count from pragma_freelist_count") * 4096,
                wal.Exists ? wal.Length : 0,
                Math.Max(16, _options.MaxSizeMb) * 1024L * 1024L,
                new DriveInfo(Path.GetDirectoryName(_files.Path)!).AvailableFreeSpace,
                Ask("select count(*) from session"),
                Ask("select count(*) from cdr"),
                Ask(Database.Span("reading")),
                Ask(Database.Span("frame")),
                _frames.Bytes,
                Ask(Database.Span("event")),
                _writer.Commits,
                _writer.LastCommit,
                _frames.Dropped,
                _trouble.Current);
        },
        cancellationToken);

    /// <summary>The writer's settings, as SQLite says them.</summary>
    internal Task<Dictionary<string, string>> SettingsAsync() => _writer.AloneAsync(
        static database => Settings
            .ToDictionary(static name => name, name => database.Scalar<string>($"pragma {name}"), StringComparer.Ordinal),
        CancellationToken.None);

    /// <summary>Finishes what waits, and leaves the mark of an orderly end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _closing.CancelAsync();
        await _upkeepTimer.DisposeAsync();
        await _frames.DisposeAsync();
        await _writer.StopAsync();
        _readers.Dispose();
        try
        {
            if (_trouble.Current is null)
                _database.Execute("update site set clean = 1");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // Then the next start checks, as it does after any other unclean end.
        }
        _database.Dispose();
        _trouble.Dispose();
        _closing.Dispose();
        foreach (var file in _held)
            await file.DisposeAsync();
    }

    private void LookAfter()
    {
        // One at a time, and none in front of those who wait.
        if (Interlocked.Exchange(ref _upkeepRuns, 1) == 1)
            return;
        _ = LookAfterAsync();
    }

    private async Task LookAfterAsync()
    {
        try
        {
            await _writer.AloneAsync(
                database =>
                {
                    _upkeep.Run(database, () => _writer.IsIdle && !_closing.IsCancellationRequested);
                    return true;
                },
                _closing.Token);
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or StorageException or OperationCanceledException)
        {
            // The writer has said what is wrong; the next round tries again.
        }
        finally
        {
            Volatile.Write(ref _upkeepRuns, 0);
        }
    }

    /// <summary>The rest of the check that would have held up the start.</summary>
    private async Task CheckBehind(TimeProvider clock)
    {
        var stop = _closing.Token;
        try
        {
            await _readers.ReadAsync(database => Opening.Check(database, null, clock, stop), stop);
        }
        catch (DamagedFileException damage)
        {
            _trouble.Break(damage.Message);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e) when (Trouble.IsDamage(e))
        {
            _trouble.Break(e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or Microsoft.Data.Sqlite.SqliteException)
        {
            // The store closes: the next start checks again.
        }
    }

    private static void TryMark(string file)
    {
        try
        {
            File.WriteAllBytes(file, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The end is unclean anyway, so that the next start checks at least for a while.
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Critical, Message = "The database {Path} is damaged: {Why}. What can be read is being saved")]
    private static partial void LogDamaged(ILogger logger, string path, string why);

    [LoggerMessage(EventId = 41, Level = LogLevel.Critical, Message = "{Report}")]
    private static partial void LogSalvaged(ILogger logger, string report);
}
