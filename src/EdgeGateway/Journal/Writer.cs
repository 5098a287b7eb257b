using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using SQLitePCL;

namespace EdgeGateway.Journal;

/// <summary>The one who writes. Takes all that waits, does it in one transaction, and tells each when it is on disk: one fsync for all (group commit).</summary>
internal sealed class Writer
{
    /// <summary>Works that may wait; beyond it whoever brings more waits too.</summary>
    public const int QueueLimit = 4096;

    /// <summary>Works in one transaction.</summary>
    public const int GroupLimit = 256;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });
    private readonly Database _database;
    private readonly FrameLog _frames;
    private readonly HubSignals _signals;
    private readonly TimeProvider _clock;
    private readonly Trouble _trouble;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _commits;
    private long _lastCommitTicks;
    private long _progress;

    public Writer(Database database, FrameLog frames, HubSignals signals, TimeProvider clock, Trouble trouble)
    {
        _database = database;
        _frames = frames;
        _signals = signals;
        _clock = clock;
        _trouble = trouble;
        // A thread of its own: fsync blocks, and a blocked pool thread on a two-core box is half of the web server.
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
    }

    /// <summary>Called on the writer's thread after a transaction was undone: whatever was remembered of it is not so. Must not throw.</summary>
    public Action? RolledBack { get; set; }

    /// <summary>Makes room when the quota is reached; true when there is some. Called on the writer's thread, outside a transaction.</summary>
    public Func<Database, bool>? MakeRoom { get; set; }

    /// <summary>Transactions since the start.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Grows with every group and every piece of upkeep: even an idle writer moves it every few seconds, a stuck one does not.</summary>
    public long Progress => Interlocked.Read(ref _progress);

    public TimeSpan LastCommit => new(Interlocked.Read(ref _lastCommitTicks));

    public bool IsIdle => _queue.Reader.Count == 0;

    public void Start() => _thread.Start();

    /// <summary>Does something in the next transaction; completes when that is on disk. May be run again if its group failed.</summary>
    /// <param name="cancellationToken">Only for the wait in front of the queue: what is in it is done, so that nobody is told a lie.</param>
    public async Task<T> DoAsync<T>(Func<Transaction, T> action, CancellationToken cancellationToken)
    {
        var work = new Work<T>(action);
        await EnqueueAsync(work, cancellationToken);
        return await work.Result;
    }

    public Task DoAsync(Action<Transaction> action, CancellationToken cancellationToken) => DoAsync(
        transaction =>
        {
            action(transaction);
            return true;
        },
        cancellationToken);

    /// <summary>Does something on the writer's thread that brings its own transactions, or needs none.</summary>
    public async Task<T> AloneAsync<T>(Func<Database, T> action, CancellationToken cancellationToken)
    {
        var work = new Work<T>(transaction => action(transaction.Database)) { Alone = true };
        await EnqueueAsync(work, cancellationToken);
        return await work.Result;
    }

    /// <summary>Has the next transaction happen now, for the frames that wait for one. A full queue will bring one anyway.</summary>
    public void Nudge() => _queue.Writer.TryWrite(new Work<bool>(static _ => true));

    /// <summary>Finishes what waits and ends.</summary>
    public Task StopAsync()
    {
        _queue.Writer.TryComplete();
        return _ended.Task;
    }

    private async ValueTask EnqueueAsync(Work work, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new StorageException("The store is closed.");
        }
    }

    private void Run()
    {
        var group = new List<Work>(GroupLimit);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            Work? alone = null;
            while (group.Count < GroupLimit && alone is null && _queue.Reader.TryRead(out var work))
            {
                if (work.Alone)
                    alone = work;
                else
                    group.Add(work);
            }
            if (group.Count > 0)
                Commit(group);
            if (alone is not null)
                DoAlone(alone);
            Interlocked.Increment(ref _progress);
        }
        if (_frames.HasWaiting)
            TryTransact([], withFrames: true, out _);
        _ended.SetResult();
    }

    private void Commit(List<Work> group)
    {
        if (!TryTransact(group, withFrames: true, out var failure))
        {
            // Somebody in this group spoils it for all: each for himself, so that only he fails, and the frames by themselves.
            foreach (var work in group)
            {
                if (group.Count > 1 || _frames.HasWaiting)
                    TryTransact([work], withFrames: false, out failure);
                if (failure is not null)
                    work.Fail(failure);
            }
            if (_frames.HasWaiting && !TryTransact([], withFrames: true, out _))
                _frames.Lose();
        }
    }

    /// <summary>All or nothing; whoever is in it is answered if it succeeds.</summary>
    private bool TryTransact(IReadOnlyList<Work> group, bool withFrames, out Exception? failure)
    {
        var began = _clock.GetTimestamp();
        var transaction = new Transaction(_database, _clock.GetUtcNow());
        while (true)
        {
            try
            {
                _database.Begin();
                foreach (var work in group)
                    work.Execute(transaction);
                if (withFrames)
                    _frames.Write(_database);
                _database.Commit();
                break;
            }
            catch (Exception e)
            {
                RollBack();
                failure = e;
                if (e is SqliteException { SqliteErrorCode: raw.SQLITE_FULL } && MakeRoom?.Invoke(_database) == true)
                    continue;
                // A turn that came too late by a moment is no trouble of the disk's.
                if (e is not CdrFrozenException)
                    _trouble.CommitFailed(e);
                return false;
            }
        }
        failure = null;
        _trouble.CommitSucceeded();
        Interlocked.Increment(ref _commits);
        Interlocked.Exchange(ref _lastCommitTicks, _clock.GetElapsedTime(began).Ticks);
        if (withFrames)
            _frames.Written();
        foreach (var work in group)
            work.Complete();
        foreach (var hub in transaction.Woken)
            _signals.Wake(hub);
        return true;
    }

    private void DoAlone(Work work)
    {
        try
        {
            work.Execute(new Transaction(_database, _clock.GetUtcNow()));
            work.Complete();
        }
        catch (Exception e)
        {
            RollBack();
            _trouble.CommitFailed(e);
            work.Fail(e);
        }
    }

    private void RollBack()
    {
        try
        {
            _database.RollBack();
        }
        catch (SqliteException e)
        {
            // The next transaction will say so again, and to somebody who waits for it.
            _trouble.CommitFailed(e);
        }
        _frames.Undone();
        RolledBack?.Invoke();
    }

    private abstract class Work
    {
        public bool Alone { get; init; }

        public abstract void Execute(Transaction transaction);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Work<T>(Func<Transaction, T> action) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Result => _done.Task;

        public override void Execute(Transaction transaction) => _result = action(transaction);

        public override void Complete() => _done.TrySetResult(_result!);

        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}

/// <summary>The transaction under way, for those who write in it.</summary>
internal sealed class Transaction(Database database, DateTimeOffset now)
{
    private readonly HashSet<string> _woken = new(StringComparer.Ordinal);

    public Database Database { get; } = database;

    /// <summary>When it began.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>Hubs whose delivery loops have something to look at once this is on disk.</summary>
    public IReadOnlyCollection<string> Woken => _woken;

    public void Wake(string hub) => _woken.Add(hub);

    public Statement Prepared(string sql) => Database.Prepared(sql);

    public void Raise(Severity severity, string code, string subject, string text) => EventRows.Write(Database, new(Now, severity, code, subject, text));
}
