using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>What was, from disk. A damaged record is left out of lists, and told (I17); asked for by itself it is an error.</summary>
internal sealed class History(Readers readers, Damages damages) : IHistory
{
    public ValueTask<Page<Session>> SessionsAsync(PageQuery query, CancellationToken cancellationToken) => readers.SnapshotAsync(
        database => new Page<Session>(
            SessionRows.Read(
                database,
                BindPage(database.Prepared(SessionRows.Select + $"where s.number in (select number {Listed("session", "last_updated", query)}) order by s.last_updated, s.id"), query),
                damages.Found),
            Total(database, "session", "last_updated", query),
            Last(database, "session", "last_updated", query)),
        cancellationToken);

    public ValueTask<Page<Cdr>> CdrsAsync(PageQuery query, CancellationToken cancellationToken) => readers.SnapshotAsync(
        database => new Page<Cdr>(
            Cdrs(BindPage(database.Prepared(CdrRows.Select + $"where c.entry in (select entry {Listed("cdr", "created", query)}) order by c.created, c.id"), query)),
            Total(database, "cdr", "created", query),
            Last(database, "cdr", "created", query)),
        cancellationToken);

    public ValueTask<Session?> SessionAsync(string id, CancellationToken cancellationToken) => readers.SnapshotAsync(
        database => One(database, database.Prepared(SessionRows.Select + "where s.id = ?").Bind(id)), cancellationToken);

    public ValueTask<Session?> SessionByNumberAsync(int number, CancellationToken cancellationToken) => readers.SnapshotAsync(
        database => One(database, database.Prepared(SessionRows.Select + "where s.number = ?").Bind(number)), cancellationToken);

    public async ValueTask<Cdr?> CdrAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await readers.ReadAsync(database => database.Prepared(CdrRows.Select + "where c.id = ?").Bind(id).First(CdrRows.Read), cancellationToken);
        }
        catch (CorruptRecordException damage)
        {
            damages.Found(damage);
            throw;
        }
    }

    public ValueTask<byte[]?> FrozenCdrAsync(string hub, string id, string version, CancellationToken cancellationToken) =>
        readers.ReadAsync(database => Outbox.Frozen(database, hub, id, version), cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, byte[]>> FrozenCdrsAsync(
        string hub, IReadOnlyList<string> ids, string version, CancellationToken cancellationToken) => readers.SnapshotAsync<IReadOnlyDictionary<string, byte[]>>(
        database =>
        {
            var bodies = new Dictionary<string, byte[]>(ids.Count, StringComparer.Ordinal);
            foreach (var id in ids)
            {
                try
                {
                    if (Outbox.Frozen(database, hub, id, version) is { } body)
                        bodies[id] = body;
                }
                catch (CorruptRecordException damage)
                {
                    damages.Found(damage);
                }
            }
            return bodies;
        },
        cancellationToken);

    public async ValueTask<IReadOnlyList<Session>> RecentSessionsAsync(string? station, bool activeOnly, int most, CancellationToken cancellationToken) =>
        await readers.SnapshotAsync(
            database => SessionRows.Read(
                database,
                database.Prepared(SessionRows.Select + (activeOnly ? "where s.status in ('Pending', 'Active', 'Reservation')" : "where true")
                        + " and (?1 is null or s.station = ?1) order by s.number desc limit ?2")
                    .Bind(station).Bind(most),
                damages.Found),
            cancellationToken);

    public async ValueTask<IReadOnlyList<CdrLine>> RecentCdrsAsync(int most, CancellationToken cancellationToken) => await readers.SnapshotAsync(
        database => Cdrs(database.Prepared(CdrRows.Select + "order by c.entry desc limit ?").Bind(most)).ConvertAll(cdr => Line(database, cdr)),
        cancellationToken);

    public async ValueTask<IReadOnlyList<SiteEvent>> EventsAsync(int most, CancellationToken cancellationToken) => await readers.ReadAsync(
        database => database.Prepared("select at, severity, code, subject, text from event order by id desc limit ?").Bind(most).All(EventRows.Read),
        cancellationToken);

    // Walks a covering index, so that skipping to an offset reads no rows (L7).
    private static string Listed(string table, string column, PageQuery query) =>
        $"from {table} where {Whose(query)} and {column} >= ?2 and {column} < ?3 and ({column}, id) > (?4, ?5) order by {column}, id limit ?6 offset ?7";

    private static string Whose(PageQuery query) => query.Hub is null ? "?1 is null" : "hub = ?1";

    private static Statement BindPage(Statement statement, PageQuery query) => BindPage(statement, query, query.Limit, query.Offset);

    private static Statement BindPage(Statement statement, PageQuery query, long limit, long offset)
    {
        var after = query.After?.At.ToUnixTimeMilliseconds() ?? long.MinValue;
        var from = Math.Max(query.From?.ToUnixTimeMilliseconds() ?? long.MinValue, after);
        return statement.Bind(query.Hub).Bind(from).Bind(query.To?.ToUnixTimeMilliseconds() ?? long.MaxValue)
            .Bind(after).Bind(query.After?.Id ?? "").Bind(limit).Bind(offset);
    }

    private static long Total(Database database, string table, string column, PageQuery query) => database
        .Prepared($"select count(*) from {table} where {Whose(query)} and {column} >= ?2 and {column} < ?3")
        .Bind(query.Hub).Bind(query.From?.ToUnixTimeMilliseconds() ?? long.MinValue).Bind(query.To?.ToUnixTimeMilliseconds() ?? long.MaxValue)
        .Scalar()!.Value;

    /// <summary>By what is stored, not by what could be read of it: a page of damaged records has a next one too.</summary>
    private static PageMark? Last(Database database, string table, string column, PageQuery query)
    {
        var ends = BindPage(database.Prepared($"select {column}, id {Listed(table, column, query)}"), query, 2, (long)query.Offset + query.Limit - 1)
            .All(static row => new PageMark(row.Time(), row.Text()));
        return ends.Count == 2 ? ends[0] : null;
    }

    private Session? One(Database database, Statement found)
    {
        CorruptRecordException? damage = null;
        var session = SessionRows.Read(database, found, d => damage = d).FirstOrDefault();
        if (damage is null)
            return session;
        damages.Found(damage);
        throw damage;
    }

    private List<Cdr> Cdrs(Statement found) => found.Sound("CDR of session", CdrRows.Read, damages.Found);

    private static CdrLine Line(Database database, Cdr cdr)
    {
        if (cdr.Session.Hub is not { } hub)
            return new(cdr, "site only", null, null);
        var (delivered, receipt) = database.Prepared("select delivered, receipt from cdr_delivered where id = ? and hub = ?").Bind(cdr.Id).Bind(hub)
            .First(static row => (row.LongOrNull(), row.TextOrNull()));
        if (delivered is not null)
            return new(cdr, "delivered", receipt, null);
        var (state, error) = database.Prepared("select state, last_error from outbox where object = ? and kind = 4 and hub = ?").Bind(cdr.Id).Bind(hub)
            .First(static row => (row.Text(), row.TextOrNull()));
        return new(cdr, state == "refused" ? "refused" : "waiting", null, error);
    }
}
