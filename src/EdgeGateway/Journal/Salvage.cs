using System.Globalization;
using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Journal;

/// <summary>Saves what can be read of a damaged file into a fresh one, table by table, past the holes, and sets the old one aside. Never silent, never a
/// loop: what cannot be read is left behind and told.</summary>
internal sealed class Salvage
{
    /// <summary>Tables that hold what is billed and owed come first; frames and readings may have most of the damage.</summary>
    private static readonly string[] Tables =
    [
        "session", "session_terms", "session_meter", "course", "signed_reading", "heard_event", "cdr", "cdr_sent", "cdr_delivered", "reservation", "outbox", "station", "connector", "admission", "stamp", "shown_evse", "document",
        "token", "parked", "meter_newest", "event", "meter_sample", "reading", "frame",
    ];

    private readonly Database _target;
    private readonly Database? _source;
    private readonly List<string> _report = [];

    private Salvage(Database target, Database? source)
    {
        _target = target;
        _source = source;
    }

    /// <summary>Replaces the file. Returns what happened, in a sentence.</summary>
    public static string Run(StoreFiles files, Schema schema, string why, DateTimeOffset now)
    {
        var report = "";
        using (var source = TryOpen(files.Path) ?? (files.RestoreFirstPage() ? TryOpen(files.Path) : null))
            files.Build(target => report = new Salvage(target, source).Save(schema, now));
        var aside = files.Succeed("corrupt", now);
        var text = $"The database was damaged ({why}) and was set aside as {aside}. Saved: {report}. Transaction numbers go on {StoreFiles.CounterJump} further.";
        using var fresh = Database.Open(files.Path, SqliteOpenMode.ReadWrite);
        EventRows.Write(fresh, new(now, Severity.Error, "DatabaseSalvaged", "database", text));
        File.Delete(files.Suspect);
        return text;
    }

    private static Database? TryOpen(string path)
    {
        Database? database = null;
        try
        {
            if (new FileInfo(path).Length == 0)
                return null;
            database = Database.Open(path, SqliteOpenMode.ReadWrite);
            // writable_schema: without it a file that is shorter than its header says is refused as a whole.
            database.Execute("pragma writable_schema = on; pragma query_only = on; pragma cell_size_check = on");
            database.Scalar<long>("select count(*) from sqlite_schema where name = 'session'");
            return database;
        }
        catch (SqliteException)
        {
            database?.Dispose();
            return null;
        }
    }

    private string Save(Schema schema, DateTimeOffset now)
    {
        // Rows are copied into the form that they have, and only then brought to the newest: the program may be newer than the file.
        schema.Migrate(_target, VersionOfSource(schema));
        _target.Execute("pragma synchronous = off"); // made durable as a whole before it takes its place
        foreach (var table in Tables.Where(table => Columns(table).Count > 0))
        {
            _target.Begin();
            Copy(table);
            _target.Commit();
        }
        schema.Migrate(_target);
        SaveSite(now);
        OweAgain(now);
        _target.Execute("pragma synchronous = full");
        _target.Execute("update site set clean = 1");
        return _report.Count == 0 ? "nothing" : string.Join(", ", _report);
    }

    /// <summary>As its header says; the newest form where that makes no sense.</summary>
    private int VersionOfSource(Schema schema)
    {
        try
        {
            return _source?.Scalar<int>("pragma user_version") is { } version && version >= 1 && version <= schema.Version ? version : schema.Version;
        }
        catch (SqliteException)
        {
            return schema.Version;
        }
    }

    private void Copy(string table)
    {
        if (_source is null)
            return;
        var columns = Columns(table);
        var insert = Insert(table, columns);
        var list = string.Join(", ", columns);
        long saved;
        bool whole;
        if (HasRowId(table))
        {
            (saved, whole) = CopyByRowId(table, list, insert);
        }
        else
        {
            (saved, whole) = CopyRows($"select {list} from {table}", insert);
            if (!whole)
                saved += CopyRows($"select {list} from {table} order by {columns[0]} desc", insert).Saved;
            if (!whole && columns[0] == "session")
                saved += CopyPerSession(table, list, insert);
        }
        if (saved > 0 || !whole)
            _report.Add(string.Create(CultureInfo.InvariantCulture, $"{saved} {table}{(whole ? "" : " (not all)")}"));
    }

    /// <summary>Forward, and past each hole in growing steps.</summary>
    private (long Saved, bool Whole) CopyByRowId(string table, string list, SqliteCommand insert)
    {
        long saved = 0, after = long.MinValue, step = 0;
        var whole = true;
        while (true)
        {
            var last = after;
            var (more, complete) = CopyRows($"select {list}, rowid from {table} where rowid > {after + step} order by rowid", insert, rowId => last = rowId);
            saved += more;
            if (complete)
                return (saved, whole);
            whole = false;
            step = last > after ? 1 : step == 0 ? 1 : step * 2;
            after = last == long.MinValue ? 0 : last;
            if (step > int.MaxValue * 4L)
                return (saved, whole);
        }
    }

    /// <summary>A course is its session's: asked for one by one, only those behind a hole are missing.</summary>
    private long CopyPerSession(string table, string list, SqliteCommand insert) => _target.Prepared("select number from session")
        .All(static row => row.Long())
        .Sum(session => CopyRows($"select {list} from {table} where session = {session}", insert).Saved);

    /// <summary>Copies until the end or the first error.</summary>
    private (long Saved, bool Whole) CopyRows(string select, SqliteCommand insert, Action<long>? seen = null)
    {
        var saved = 0L;
        try
        {
            using var command = _source!.Connection.CreateCommand();
            command.CommandText = select;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < insert.Parameters.Count; i++)
                    insert.Parameters[i].Value = reader.GetValue(i);
                saved += TryInsert(insert);
                seen?.Invoke(reader.GetInt64(reader.FieldCount - 1));
            }
            return (saved, true);
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or ArgumentException)
        {
            return (saved, false);
        }
    }

    private static int TryInsert(SqliteCommand insert)
    {
        try
        {
            return insert.ExecuteNonQuery();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            return 0; // a row that breaks its table's rules is damage
        }
    }

    /// <summary>The seed and the counters, with the jump.</summary>
    private void SaveSite(DateTimeOffset now)
    {
        byte[]? seed = null;
        long nextSession = 0, nextOrder = 0, nextReservation = 1;
        try
        {
            if (_source is not null)
            {
                (seed, nextSession, nextOrder) = _source.Prepared("select seed, next_session, next_order from site")
                    .First(static row => (row.BlobOrNull(), row.Long(), row.Long()));
                nextReservation = _source.Prepared("select coalesce((select next_reservation from site), 1)").Scalar() ?? 1;
            }
        }
        catch (SqliteException) when (seed is not null)
        {
            // A file of the first form counts no reservations.
        }
        catch (SqliteException)
        {
            seed = null;
        }
        if (seed is not { Length: 32 } || nextSession is < 1 or > int.MaxValue - (2L * StoreFiles.CounterJump))
        {
            // Not even the counter is known. Minutes since 2020 are more than any site has had sessions, and grow from one loss to the next.
            seed = seed is { Length: 32 } ? seed : StoreFiles.NewSeed();
            nextSession = Math.Max(1, (long)(now - new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMinutes);
        }
        nextSession = Math.Max(nextSession, (_target.Prepared("select max(number) from session").Scalar() ?? 0) + 1) + StoreFiles.CounterJump;
        nextOrder = Math.Max(nextOrder, 1) + StoreFiles.CounterJump;
        nextReservation = Math.Max(
            nextReservation is < 1 or > int.MaxValue - (2L * StoreFiles.CounterJump) ? 1 : nextReservation,
            (_target.Prepared("select max(number) from reservation").Scalar() ?? 0) + 1) + StoreFiles.CounterJump;
        _target.Prepared("insert into site (id, seed, next_session, next_order, next_reservation, created, clean) values (1, ?, ?, ?, ?, ?, 0)")
            .Bind(seed).Bind(nextSession).Bind(nextOrder).Bind(nextReservation).Bind(now).Run();
    }

    /// <summary>Entries of the outbox may be among what was lost: a CDR without a receipt is owed, and its session before it (I3, I6, I14), and so is
    /// what every hub should see of a session that still runs.</summary>
    private void OweAgain(DateTimeOffset now)
    {
        const string Undelivered = "not exists (select 1 from cdr_delivered d where d.id = s.id and d.hub = s.hub)";
        _target.Prepared($"""
            insert or ignore into outbox (hub, kind, object, version, attempts, due, state, since)
            select s.hub, 3, s.id, 1, 0, ?1, 'waiting', s.last_updated from session s
            where s.hub is not null and (s.status in ('Pending', 'Active', 'Reservation') or (exists (select 1 from cdr c where c.id = s.id and c.number = s.number) and {Undelivered}))
            """).Bind(now).Run();
        _target.Prepared($"""
            insert or ignore into outbox (hub, kind, object, version, attempts, due, state, since)
            select s.hub, 4, s.id, 1, 0, ?1, 'waiting', s.created from cdr s where s.hub is not null and {Undelivered} order by s.entry
            """).Bind(now).Run();

        // Credits and corrected CDRs one after the other, as they were owed at first (D7).
        _target.Prepared("""
            update outbox set state = 'held' where kind = 4 and state = 'waiting' and length(object) > ?1 and exists (
                select 1 from outbox e where e.object >= substr(outbox.object, 1, ?1) and e.object < substr(outbox.object, 1, ?1) || '.'
                    and e.kind = 4 and e.hub = outbox.hub and e.id < outbox.id)
            """).Bind((long)Cdr.OriginalIdLength).Run();
        _target.Prepared("""
            update outbox set state = 'held' where kind = 4 and state = 'waiting'
                and exists (select 1 from outbox s where s.object = outbox.object and s.kind = 3 and s.hub = outbox.hub and s.state = 'waiting')
            """).Run();
    }

    private List<string> Columns(string table) =>
        _target.Prepared($"select name from pragma_table_info('{table}')").All(static row => row.Text());

    private bool HasRowId(string table) => _target.Prepared($"select wr from pragma_table_list('{table}')").Scalar() == 0;

    private SqliteCommand Insert(string table, List<string> columns)
    {
        var insert = _target.Connection.CreateCommand();
        insert.CommandText = $"insert or ignore into {table} ({string.Join(", ", columns)}) values ({string.Join(", ", columns.Select(static (_, i) => $"$p{i}"))})";
        for (var i = 0; i < columns.Count; i++)
            insert.Parameters.Add(new SqliteParameter($"$p{i}", null));
        return insert;
    }
}
