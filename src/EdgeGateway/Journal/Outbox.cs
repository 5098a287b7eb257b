using EdgeGateway.Site;

namespace EdgeGateway.Journal;

/// <summary>The outbox as the hubs' delivery loops see it; its rules are in <see cref="OutboxRows"/>.</summary>
internal sealed class Outbox(Writer writer, Readers readers, HubSignals signals, TimeProvider clock) : IOutbox
{
    private const string Entries = "select id, hub, kind, object, attempts, due, state, last_error, since from outbox ";

    public async ValueTask<IReadOnlyList<Owed>> NextAsync(string hub, int most, IReadOnlySet<long> inFlight, CancellationToken cancellationToken)
    {
        signals.Looking(hub);
        var horizon = clock.GetUtcNow() + OutboxRows.MostDelay;
        if (await readers.ReadAsync(database => Latest(database, hub) > horizon, cancellationToken))
            await writer.DoAsync(transaction => OutboxRows.PullIn(transaction, hub), cancellationToken);
        return await readers.SnapshotAsync(database => OutboxRows.Next(database, hub, most, inFlight, clock.GetUtcNow()), cancellationToken);
    }

    public Task WaitAsync(string hub, TimeSpan atMost, CancellationToken cancellationToken) => signals.WaitAsync(hub, atMost, cancellationToken);

    public ValueTask<DateTimeOffset?> NextDueAsync(string hub, CancellationToken cancellationToken) => readers.ReadAsync(
        database => database.Prepared("""
            select min(due) from (
                select min(due) as due from outbox where hub = ?1 and state = 'waiting' and kind >= 3
                union all
                select min(due) from outbox where hub = ?1 and state = 'waiting' and kind <= 2)
            """).Bind(hub).First(static row => row.TimeOrNull()),
        cancellationToken);

    public Task SettleAsync(Owed owed, Settlement settlement, CancellationToken cancellationToken) =>
        writer.DoAsync(transaction => OutboxRows.Settle(transaction, owed, settlement), cancellationToken);

    public async Task<byte[]?> FreezeAsync(Owed owed, string version, Func<byte[]> body, CancellationToken cancellationToken)
    {
        if (await readers.ReadAsync(database => Frozen(database, owed.Hub, owed.Object, version), cancellationToken) is { } frozen)
            return frozen;
        var fresh = body();
        return await writer.DoAsync(
            transaction =>
            {
                // On the writer's thread, as revisions are: either this sees the new CDR, or the revision sees these bytes (I4).
                if (owed.Issued is { } issued && transaction.Prepared("select created from cdr where id = ?").Bind(owed.Object).Scalar() is { } created
                    && created != issued.ToUnixTimeMilliseconds())
                    return null;
                transaction.Prepared("""
                    insert into cdr_sent (id, hub, version, body, crc, frozen) values (?, ?, ?, ?, ?, ?) on conflict (id, hub, version) do nothing
                    """).Bind(owed.Object).Bind(owed.Hub).Bind(version).Bind(fresh).Bind(CdrRows.CrcOfBody(owed.Hub, owed.Object, fresh)).Bind(transaction.Now).Run();
                return Frozen(transaction.Database, owed.Hub, owed.Object, version);
            },
            cancellationToken);
    }

    public ValueTask<BacklogFigures> FiguresAsync(string hub, CancellationToken cancellationToken) => readers.SnapshotAsync(
        database =>
        {
            var figures = database.Prepared("select waiting, refused, last_delivery from backlog where hub = ?").Bind(hub)
                .First(static row => new BacklogFigures(row.Long(), row.Long(), null, row.TimeOrNull())) ?? new(0, 0, null, null);
            return figures.Waiting == 0 ? figures : figures with
            {
                Oldest = database.Prepared("select since from outbox where hub = ? and state <> 'refused' order by id limit 1").Bind(hub)
                    .First(static row => row.TimeOrNull()),
            };
        },
        cancellationToken);

    public async ValueTask<IReadOnlyList<OutboxEntry>> ListAsync(string? hub, OwedState? state, int most, CancellationToken cancellationToken) =>
        await readers.ReadAsync(
            database => database.Prepared(Entries + $"where (?1 is null or hub = ?1) and {Having(state)} order by id limit ?2").Bind(hub).Bind(most).All(Map),
            cancellationToken);

    public ValueTask<OutboxEntry?> GetAsync(long id, CancellationToken cancellationToken) =>
        readers.ReadAsync(database => database.Prepared(Entries + "where id = ?").Bind(id).First(Map), cancellationToken);

    public Task<bool> RetryAsync(long id, CancellationToken cancellationToken) =>
        writer.DoAsync(transaction => OutboxRows.Retry(transaction, id), cancellationToken);

    public Task<bool> DiscardAsync(long id, CancellationToken cancellationToken) =>
        writer.DoAsync(transaction => OutboxRows.Discard(transaction, id), cancellationToken);

    /// <exception cref="CorruptRecordException">They are not what was stored: sending them would be worse than not sending them.</exception>
    public static byte[]? Frozen(Database database, string hub, string id, string version)
    {
        var (body, crc) = database.Prepared("select body, crc from cdr_sent where id = ? and hub = ? and version = ?").Bind(id).Bind(hub).Bind(version)
            .First(static row => (row.BlobOrNull(), row.LongOrNull()));
        return body is null || CdrRows.CrcOfBody(hub, id, body) == crc ? body : throw new CorruptRecordException($"sent CDR {id}", "checksum differs");
    }

    private static DateTimeOffset? Latest(Database database, string hub) => database.Prepared("""
        select max(due) from (
            select max(due) as due from outbox where hub = ?1 and state = 'waiting' and kind >= 3
            union all
            select max(due) from outbox where hub = ?1 and state = 'waiting' and kind <= 2)
        """).Bind(hub).First(static row => row.TimeOrNull());

    private static string Having(OwedState? state) => state switch
    {
        null => "true",
        OwedState.Refused => "state = 'refused'",
        _ => "state <> 'refused'",
    };

    private static OutboxEntry Map(Statement row) => new(
        row.Long(), row.Text(), (DeliveryKind)row.Int(), row.Text(), row.Int(), row.Time(),
        row.Text() == "refused" ? OwedState.Refused : OwedState.Waiting, row.TextOrNull(), row.Time());
}
