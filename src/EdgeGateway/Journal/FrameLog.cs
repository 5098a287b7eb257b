using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using EdgeGateway.Site;

namespace EdgeGateway.Journal;

/// <summary>Frames wait in memory for the next commit that happens anyway, or a second for one of their own; live readers get them at once.</summary>
internal sealed partial class FrameLog(StorageOptions options, Readers readers, TimeProvider clock, ILogger<Store> logger) : IFrameLog, IAsyncDisposable
{
    /// <summary>Frames that may wait for a commit; what comes on top is counted and told instead of kept.</summary>
    public const int WaitingLimit = 20_000;

    /// <summary>Bytes that may wait: twenty thousand frames of full size would be a gigabyte.</summary>
    public const long WaitingBytesLimit = 16L << 20;

    /// <summary>Frames that a live reader may lag behind.</summary>
    public const int FollowerLimit = 1_000;

    /// <summary>Frames that go at once when there are too many: a little more than come, so that a commit stays short.</summary>
    private const int TrimStep = 64;

    /// <summary>What a row costs beside its text.</summary>
    private const int RowBytes = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Frame> _waiting = new();
    private readonly NewestFrames _newest = new();
    private readonly List<Frame> _inHand = [];
    private ImmutableList<Follower> _followers = [];
    private ITimer? _timer;
    private long _waitingBytes;
    private int _armed;
    private long _dropped;
    private long _told;
    private long _telling;
    private bool _stale = true;
    private long _first;
    private long _last;
    private long _startTotal;
    private long _endTotal;

    /// <summary>Frames that were not kept, since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public bool HasWaiting => _inHand.Count > 0 || !_waiting.IsEmpty;

    /// <summary>Bytes on disk.</summary>
    public long Bytes => Interlocked.Read(ref _endTotal) - Interlocked.Read(ref _startTotal);

    public long LimitBytes { get; } = Math.Max(1, options.FrameMb) * 1024L * 1024L;

    /// <summary>Before the writer runs.</summary>
    /// <param name="nudge">Has a commit happen.</param>
    public void Start(Database database, Action nudge)
    {
        Reload(database);
        _timer = clock.CreateTimer(
            _ =>
            {
                Volatile.Write(ref _armed, 0);
                if (!_waiting.IsEmpty)
                    nudge();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Keep(Frame frame)
    {
        // Before anybody who follows hears of it: who begins to follow and then reads what was, misses nothing between the two.
        _newest.Add(frame);
        foreach (var follower in Volatile.Read(ref _followers))
            follower.Offer(frame);
        if (_waiting.Count >= WaitingLimit || Interlocked.Read(ref _waitingBytes) >= WaitingBytesLimit)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        Interlocked.Add(ref _waitingBytes, frame.Text.Length);
        _waiting.Enqueue(frame);
        if (Interlocked.Exchange(ref _armed, 1) == 0)
            _timer?.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask<IReadOnlyList<Frame>> RecentAsync(string station, int most, CancellationToken cancellationToken)
    {
        var here = _newest.Of(station);
        if (here.Count >= most)
            return [.. here.TakeLast(most)];
        var newestFirst = await readers.ReadAsync(
            database => database.Prepared("select at, station, direction, text, note from frame where station = ? collate nocase order by id desc limit ?")
                .Bind(station).Bind(most)
                .All(static row => new Frame(row.Time(), row.Text(), (FrameDirection)row.Int(), row.Text(), row.TextOrNull())),
            cancellationToken);
        newestFirst.Reverse();
        return NewestFrames.Joined(newestFirst, here, most);
    }

    public async IAsyncEnumerable<Frame> FollowAsync(string? station, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new Follower(station);
        ImmutableInterlocked.Update(ref _followers, list => list.Add(follower));
        try
        {
            await foreach (var frame in follower.Frames.ReadAllAsync(cancellationToken))
            {
                if (follower.TakeMissed() is > 0 and var missed)
                    yield return new(clock.GetUtcNow(), frame.Station, FrameDirection.Line, "", $"{missed} frames were missed: they come faster than they are read");
                yield return frame;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _followers, list => list.Remove(follower));
        }
    }

    /// <summary>Writes what waits, and makes room for it. On the writer's thread, within a transaction.</summary>
    public void Write(Database database)
    {
        if (_stale)
            Reload(database);
        while (_inHand.Count < WaitingLimit && _waiting.TryDequeue(out var frame))
        {
            Interlocked.Add(ref _waitingBytes, -frame.Text.Length);
            _inHand.Add(frame);
        }
        _telling = Dropped;
        if (_telling > _told)
            Insert(database, new(clock.GetUtcNow(), "", FrameDirection.Line, "", $"{_telling - _told} frames were not kept: they came faster than the disk takes them"));
        foreach (var frame in _inHand)
            Insert(database, frame);
        if (Bytes > LimitBytes)
            Trim(database, _first + _inHand.Count + TrimStep);
    }

    /// <summary>The transaction of <see cref="Write"/> is on disk.</summary>
    public void Written()
    {
        _inHand.Clear();
        if (_telling > _told)
            LogDropped(_telling - _told);
        _told = _telling;
    }

    /// <summary>The transaction of <see cref="Write"/> was undone; what was in hand is written again.</summary>
    public void Undone() => _stale = true;

    /// <summary>What is in hand cannot be written.</summary>
    public void Lose()
    {
        Interlocked.Add(ref _dropped, _inHand.Count);
        _inHand.Clear();
    }

    /// <summary>Removes a few frames that are too old; true when there may be more. Within a transaction.</summary>
    public bool TrimByAge(Database database, DateTimeOffset now)
    {
        if (_stale)
            Reload(database);
        var cut = database.Prepared("select max(id) from (select id, at from frame order by id limit 500) where at < ?")
            .Bind(now.AddDays(-options.FrameDays)).Scalar();
        if (cut is null)
            return false;
        Trim(database, cut.Value + 1);
        return true;
    }

    /// <summary>Removes the oldest part of all frames. Within a transaction.</summary>
    public int Thin(Database database, double part)
    {
        if (_stale)
            Reload(database);
        var count = _last - _first + 1;
        return count <= 0 ? 0 : Trim(database, _first + Math.Max(1, (long)(count * part)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        foreach (var follower in _followers)
            follower.End();
    }

    /// <summary>Finds out where the log begins and ends.</summary>
    private void Reload(Database database)
    {
        var (first, start) = database.Prepared("select id, total - length(cast(text as blob)) - coalesce(length(cast(note as blob)), 0) - ? from frame order by id limit 1")
            .Bind(RowBytes).First(static row => (row.Long(), row.Long()));
        var (last, end) = database.Prepared("select id, total from frame order by id desc limit 1").First(static row => (row.Long(), row.Long()));
        _first = first == 0 ? last + 1 : first;
        _last = last;
        _stale = false;
        Interlocked.Exchange(ref _startTotal, start);
        Interlocked.Exchange(ref _endTotal, end);
    }

    private void Insert(Database database, Frame frame)
    {
        var bytes = Encoding.UTF8.GetByteCount(frame.Text) + (frame.Note is null ? 0 : Encoding.UTF8.GetByteCount(frame.Note)) + RowBytes;
        Interlocked.Add(ref _endTotal, bytes);
        database.Prepared("insert into frame (id, at, station, direction, text, note, total) values (?, ?, ?, ?, ?, ?, ?)")
            .Bind(++_last).Bind(frame.At).Bind(frame.Station).Bind((long)frame.Direction).Bind(frame.Text).Bind(frame.Note).Bind(_endTotal).Run();
    }

    private int Trim(Database database, long firstToStay)
    {
        var total = database.Prepared("select total from frame where id < ? order by id desc limit 1").Bind(firstToStay).Scalar();
        if (total is null)
            return 0;
        _first = Math.Min(firstToStay, _last + 1);
        Interlocked.Exchange(ref _startTotal, total.Value);
        return database.Prepared("delete from frame where id < ?").Bind(firstToStay).Run();
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "{Count} frames were not kept: they came faster than the disk takes them")]
    private partial void LogDropped(long count);

    private sealed class Follower(string? station)
    {
        private readonly Channel<Frame> _frames = Channel.CreateBounded<Frame>(new BoundedChannelOptions(FollowerLimit) { SingleReader = true });
        private long _missed;

        public ChannelReader<Frame> Frames => _frames.Reader;

        public void Offer(Frame frame)
        {
            if ((station is null || string.Equals(station, frame.Station, StringComparison.OrdinalIgnoreCase)) && !_frames.Writer.TryWrite(frame))
                Interlocked.Increment(ref _missed);
        }

        public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);

        public void End() => _frames.Writer.TryComplete();
    }
}
