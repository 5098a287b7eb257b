using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>Keeps the file within its bounds, in small steps while nobody waits for the writer. What is undelivered, open or unbilled never goes (I14).</summary>
internal sealed partial class Upkeep(StorageOptions options, StoreFiles files, FrameLog frames, TimeProvider clock, ILogger<Store> logger)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>How often ages are looked at.</summary>
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(5);

    /// <summary>Rows in one step, so that who comes meanwhile waits milliseconds.</summary>
    private const int Step = 500;

    /// <summary>Readings that go at once when the quota is reached: whoever waits, waits a moment only.</summary>
    private const int ThinLimit = 20_000;

    /// <summary>Steps in one go.</summary>
    private const int StepLimit = 50;

    /// <summary>After the wall clock was seen to jump by this much, ages mean nothing for a while (I15).</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);
    private static readonly TimeSpan Settling = TimeSpan.FromHours(24);

    /// <summary>After a start the clock may yet have to be set.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(10);

    /// <summary>Readings that must stay: of open sessions, and of those whose session or CDR is still owed.</summary>
    private const string Protected = """
        (r.session is not null and exists (select 1 from session s where s.number = r.session and
            (s.status in ('Pending', 'Active', 'Reservation') or exists (select 1 from outbox o where o.object = s.id and o.kind in (3, 4)))))
        """;

    private readonly long _started = clock.GetTimestamp();
    private long _lastMark;
    private DateTimeOffset? _lastSeen;
    private long? _jumpedAt;
    private long? _lastRetention;
    private long _readingsFrom;
    private long _sessionsFrom;
    private int _checkpointed;

    /// <summary>On the writer's thread.</summary>
    /// <param name="goOn">False when somebody waits: one step is done all the same, or a busy site would never be looked after.</param>
    public void Run(Database database, Func<bool> goOn)
    {
        var (now, mark) = (clock.GetUtcNow(), clock.GetTimestamp());
        var byAge = IsClockSteady(now, mark) && (_lastRetention is not { } last || clock.GetElapsedTime(last, mark) >= RetentionInterval);
        var more = true;
        for (var step = 0; more && step < StepLimit && (step == 0 || goOn()); step++)
        {
            more = IsNearQuota(database) | TrimEvents(database, write: false);
            if (more || byAge)
                more = Once(database, now, byAge);
        }
        if (byAge && !more)
        {
            _lastRetention = mark;
            files.TakeBallast();
        }
        CheckpointWhenIdle(database, goOn);
    }

    private bool Once(Database database, DateTimeOffset now, bool byAge)
    {
        database.Begin();
        var more = IsNearQuota(database) && Thin(database, 0.05);
        if (byAge)
            more |= frames.TrimByAge(database, now) | TrimReadings(database, now) | MeterLog.Trim(database, now.AddDays(-options.MeterValueDays), Step) | TrimSessions(database, now);
        more |= TrimEvents(database, write: true);
        database.Commit();
        return more;
    }

    private void CheckpointWhenIdle(Database database, Func<bool> goOn)
    {
        // Once per batch of changes: an idle gateway writes nothing.
        var changes = SQLitePCL.raw.sqlite3_total_changes(database.Connection.Handle!);
        if (changes == _checkpointed || !goOn())
            return;
        database.Execute("pragma wal_checkpoint(passive)");
        _checkpointed = changes;
    }

    /// <summary>The quota is reached: frames and readings give way. True when some did.</summary>
    public bool MakeRoom(Database database) => TryMakeRoom(database) ?? (files.DropBallast() && (TryMakeRoom(database) ?? false));

    /// <summary>Null when the disk itself is full: then not even removing works.</summary>
    private bool? TryMakeRoom(Database database)
    {
        try
        {
            database.Begin();
            var thinned = Thin(database, 0.25);
            if (thinned)
            {
                EventRows.Write(database, new(clock.GetUtcNow(), Severity.Error, "StorageFull", "database",
                    "The database has reached its size limit; the oldest frames and meter values were removed."));
            }
            database.Commit();
            if (thinned)
                LogThinned();
            else
                LogFull();
            return thinned;
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            database.RollBack();
            frames.Undone();
            LogNoRoom(e);
            return null;
        }
    }

    private bool Thin(Database database, double part)
    {
        var removed = frames.Thin(database, part) + MeterLog.Thin(database, part, ThinLimit);
        var readings = database.Prepared(Database.Span("reading")).Scalar()!.Value;
        if (readings > 0)
        {
            removed += database.Prepared($"delete from reading where id in (select id from reading r where not {Protected} order by id limit ?)")
                .Bind(Math.Clamp((long)(readings * part), Step, ThinLimit)).Run();
        }
        return removed > 0;
    }

    private static bool IsNearQuota(Database database)
    {
        var most = database.Prepared("select max_page_count from pragma_max_page_count").Scalar()!.Value;
        var used = database.Prepared("select page_count from pragma_page_count").Scalar()!.Value
            - database.Prepared("select freelist_count from pragma_freelist_count").Scalar()!.Value;
        return used > most * 0.95;
    }

    private bool TrimReadings(Database database, DateTimeOffset now)
    {
        // From where the last step ended: what stays at the beginning is not looked at again and again.
        var last = database.Prepared("select max(id) from (select id, received from reading where id > ? order by id limit ?) where received < ?")
            .Bind(_readingsFrom).Bind(Step).Bind(now.AddDays(-options.MeterValueDays)).Scalar();
        if (last is null)
        {
            _readingsFrom = 0;
            return false;
        }
        database.Prepared($"delete from reading where id in (select id from reading r where id > ? and id <= ? and received < ? and not {Protected})")
            .Bind(_readingsFrom).Bind(last.Value).Bind(now.AddDays(-options.MeterValueDays)).Run();
        _readingsFrom = last.Value;
        return true;
    }

    private bool TrimSessions(Database database, DateTimeOffset now)
    {
        var upTo = database.Prepared("select max(number) from (select number from session where number > ? order by number limit ?)")
            .Bind(_sessionsFrom).Bind(Step).Scalar();
        if (upTo is null)
        {
            _sessionsFrom = 0;
            database.Prepared("delete from parked where at < ?").Bind(now.AddDays(-options.CdrDays)).Run();
            return false;
        }
        var old = database.Prepared("""
            select number from session s
            where number > ?1 and number <= ?2 and last_updated < ?3 and status in ('Completed', 'Invalid')
              and not exists (select 1 from outbox o where o.object = s.id and o.kind = 3)
              and not exists (select 1 from cdr c join outbox o on o.object = c.id and o.kind = 4 where c.number = s.number)
              and not exists (select 1 from cdr c where c.number = s.number and c.created >= ?3) -- a late credit keeps what it credits
            """).Bind(_sessionsFrom).Bind(upTo.Value).Bind(now.AddDays(-options.CdrDays)).All(static row => row.Long());
        foreach (var number in old)
        {
            database.Prepared("delete from course where session = ?").Bind(number).Run();
            database.Prepared("delete from signed_reading where session = ?").Bind(number).Run();
            database.Prepared("delete from heard_event where session = ?").Bind(number).Run();
            database.Prepared("delete from session_terms where number = ?").Bind(number).Run();
            database.Prepared("delete from session_meter where number = ?").Bind(number).Run();
            database.Prepared("delete from cdr_sent where id in (select id from cdr where number = ?)").Bind(number).Run();
            database.Prepared("delete from cdr_delivered where id in (select id from cdr where number = ?)").Bind(number).Run();
            database.Prepared("delete from cdr where number = ?").Bind(number).Run();
            database.Prepared("delete from session where number = ?").Bind(number).Run();
        }
        // Events of a transaction that is over correct its CDR if they come late; a month later none does.
        database.Prepared("""
            delete from heard_event where session in (
                select number from session s where number > ?1 and number <= ?2 and last_updated < ?3 and status in ('Completed', 'Invalid')
                  and not exists (select 1 from outbox o where o.object = s.id and o.kind in (3, 4)))
            """).Bind(_sessionsFrom).Bind(upTo.Value).Bind(now.AddDays(-options.MeterValueDays)).Run();
        _sessionsFrom = upTo.Value;
        return true;
    }

    private static bool TrimEvents(Database database, bool write)
    {
        var count = database.Prepared(Database.Span("event")).Scalar();
        return count > EventRows.Limit + Step && (!write || EventRows.Trim(database) > 0);
    }

    /// <summary>False for a while after wall clock and monotonic clock disagreed: a year lost or won by a dead battery must not empty the history.</summary>
    private bool IsClockSteady(DateTimeOffset now, long mark)
    {
        if (_lastSeen is { } seen && ((now - seen) - clock.GetElapsedTime(_lastMark, mark)).Duration() > Jump)
            _jumpedAt = mark;
        (_lastSeen, _lastMark) = (now, mark);
        return clock.GetElapsedTime(_started, mark) >= WarmUp && (_jumpedAt is not { } jumped || clock.GetElapsedTime(jumped, mark) > Settling);
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Error, Message = "The database has reached its size limit; the oldest frames and meter values were removed")]
    private partial void LogThinned();

    [LoggerMessage(EventId = 31, Level = LogLevel.Critical, Message = "The database has reached its size limit and nothing is left that may be removed; raise Storage:MaxSizeMb")]
    private partial void LogFull();

    [LoggerMessage(EventId = 32, Level = LogLevel.Critical, Message = "The disk is full; nothing can be recorded")]
    private partial void LogNoRoom(Exception e);
}
