using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>What is owed, as rows: the rules of one transaction.</summary>
internal static class OutboxRows
{
    /// <summary>No retry is put off for longer: a clock that jumps back must not leave the outbox waiting for years (I15).</summary>
    public static readonly TimeSpan MostDelay = TimeSpan.FromHours(1);

    private const string Columns = "select id, hub, kind, object, version, attempts from outbox ";

    // "kind <= 2" and "kind >= 3" stand in each of these word for word: only so does SQLite see that a partial index holds what is asked for.
    internal const string LocationWaits = "select 1 from outbox where hub = ? and state = 'waiting' and kind <= 2 and kind = 1";
    internal const string FirstOnes = Columns + "where hub = ? and state = 'waiting' and kind <= 2 and due <= ? order by kind, id limit 1000";
    internal const string FirstOnesWait = "select 1 from outbox where hub = ?1 and state = 'waiting' and kind <= 2 and kind <= 1 and attempts < ?2";
    internal const string Fence = "select min(id) from outbox where hub = ?1 and state = 'waiting' and kind <= 2 and attempts = 0 and kind = 2";
    internal const string Ready = Columns + "where hub = ?1 and state = 'waiting' and kind >= 3 and due <= ?2 and id < ?3 order by due, id limit ?4";
    internal const string HoldCdr = "update outbox set state = 'held' where object = ? and kind = 4 and hub = ? and state = 'waiting'";

    public static void Owe(Transaction transaction, Delivery delivery)
    {
        transaction.Wake(delivery.Hub);
        if (delivery.Kind == DeliveryKind.EvseStatus && Swallowed(transaction, delivery.Hub))
            return;
        if (delivery.Kind == DeliveryKind.Session)
            Hold(transaction, delivery.Hub, delivery.Object);
        var state = delivery.Kind == DeliveryKind.Cdr && (SessionWaits(transaction, delivery) || EarlierWaits(transaction, delivery)) ? "held" : "waiting";
        transaction.Prepared("""
            insert into outbox (hub, kind, object, version, attempts, due, state, since) values (?1, ?2, ?3, 1, 0, ?4, ?5, ?4)
            on conflict (object, kind, hub) do update set
                version = version + 1,
                attempts = iif(state = 'refused', 0, attempts),
                due = iif(state = 'refused', excluded.due, due),
                last_error = iif(state = 'refused', null, last_error),
                state = iif(state = 'refused', excluded.state, state)
            """).Bind(delivery.Hub).Bind((long)delivery.Kind).Bind(delivery.Object).Bind(transaction.Now).Bind(state).Run();
    }

    /// <summary>Wakes nobody: the loop that settles looks again by itself.</summary>
    public static void Settle(Transaction transaction, Owed owed, Settlement settlement)
    {
        switch (settlement)
        {
            case Settlement.Delivered it:
                Delivered(transaction, owed, it.Receipt);
                break;
            case Settlement.Moot:
                Done(transaction, owed);
                break;
            case Settlement.TryLater it:
                var latest = transaction.Now + MostDelay;
                transaction.Prepared("update outbox set attempts = attempts + 1, due = ?, last_error = ? where id = ?")
                    .Bind(it.When < latest ? it.When : latest).Bind(it.Why).Bind(owed.Id).Run();
                break;
            case Settlement.Refused it:
                Refused(transaction, owed, it.Why);
                break;
            default:
                throw new NotSupportedException($"The outbox knows no {settlement.GetType().Name}.");
        }
    }

    public static bool Retry(Transaction transaction, long id)
    {
        if (Get(transaction, id) is not { } owed)
            return false;
        if (owed.Kind == DeliveryKind.Session)
            Hold(transaction, owed.Hub, owed.Object);
        transaction.Wake(owed.Hub);
        // A refused CDR that is tried again waits for its session, and for the CDRs of that session before it, as it did the first time (I6, D7).
        var delivery = new Delivery(owed.Hub, owed.Kind, owed.Object);
        var state = owed.Kind == DeliveryKind.Cdr && (SessionWaits(transaction, delivery) || EarlierWaits(transaction, delivery, id)) ? "held" : "waiting";
        return transaction.Prepared("update outbox set due = ?, state = iif(state = 'refused', ?, state) where id = ?")
            .Bind(transaction.Now).Bind(state).Bind(id).Run() > 0;
    }

    public static bool Discard(Transaction transaction, long id)
    {
        if (Get(transaction, id) is not { } owed || transaction.Prepared("delete from outbox where id = ? and state = 'refused'").Bind(id).Run() == 0)
            return false;
        if (owed.Kind == DeliveryKind.Cdr)
            ReleaseNext(transaction, owed);
        return true;
    }

    /// <summary>Entries put off further than any retry is: the clock has jumped back since.</summary>
    public static int PullIn(Transaction transaction, string hub) =>
        transaction.Prepared("update outbox set due = ?2 where hub = ?1 and state = 'waiting' and kind >= 3 and due > ?3")
            .Bind(hub).Bind(transaction.Now).Bind(transaction.Now + MostDelay).Run()
        + transaction.Prepared("update outbox set due = ?2 where hub = ?1 and state = 'waiting' and kind <= 2 and due > ?3")
            .Bind(hub).Bind(transaction.Now).Bind(transaction.Now + MostDelay).Run();

    /// <summary>The next that may go. See <see cref="IOutbox.NextAsync"/>; one object of a kind never goes beside itself, since it is one row.</summary>
    public static List<Owed> Next(Database database, string hub, int most, IReadOnlySet<long> inFlight, DateTimeOffset now)
    {
        var locationWaits = database.Prepared(LocationWaits).Bind(hub).Scalar() is not null;
        var next = First(database, hub, inFlight, now, locationWaits);
        // Sessions wait for tariffs and the location, older ones too: a hub that was newly registered with knows no place yet (P9).
        if (next.Count < most && database.Prepared(FirstOnesWait).Bind(hub).Bind((long)Owed.TriesBeforeOthers).Scalar() is null)
        {
            // Whatever was owed before an untried EVSE status may go beside it; the rest comes after it.
            // Only what is older: else a busy site's sessions would wait for ever for the next change of status.
            var fence = locationWaits ? long.MaxValue : database.Prepared(Fence).Bind(hub).Scalar() ?? long.MaxValue;
            next.AddRange(database.Prepared(Ready)
                .Bind(hub).Bind(now).Bind(fence).Bind(most + inFlight.Count).All(Map).Where(owed => !inFlight.Contains(owed.Id)));
        }
        return next.Count > most ? next[..most] : next;
    }

    public static Owed? Get(Transaction transaction, long id) => transaction.Prepared(Columns + "where id = ?").Bind(id).First(Map);

    /// <summary>Few at any time: tariffs, the location, and EVSEs whose status alone changed.</summary>
    private static List<Owed> First(Database database, string hub, IReadOnlySet<long> inFlight, DateTimeOffset now, bool locationWaits)
    {
        var first = database.Prepared(FirstOnes)
            .Bind(hub).Bind(now).All(Map);
        // The whole location carries every EVSE's status: while it is owed no PATCH starts, and it waits for one that is under way,
        // so that an older status never arrives behind a newer one (P4).
        var patching = first.Exists(owed => owed.Kind == DeliveryKind.EvseStatus && inFlight.Contains(owed.Id));
        first.RemoveAll(owed => inFlight.Contains(owed.Id)
            || (owed.Kind == DeliveryKind.EvseStatus && locationWaits)
            || (owed.Kind == DeliveryKind.Location && patching));
        return first;
    }

    private static bool Swallowed(Transaction transaction, string hub) => transaction
        .Prepared("update outbox set version = version + 1 where hub = ? and state = 'waiting' and kind <= 2 and kind = 1").Bind(hub).Run() > 0;

    private static void Hold(Transaction transaction, string hub, string session) => transaction.Prepared(HoldCdr).Bind(session).Bind(hub).Run();

    private static void Release(Transaction transaction, Owed session) => transaction
        .Prepared("update outbox set state = 'waiting' where object = ? and kind = 4 and hub = ? and state = 'held'").Bind(session.Object).Bind(session.Hub).Run();

    /// <summary>Whether a CDR of the same session that was issued before has still to go: a credit comes after what it takes back, and before what is
    /// billed instead (D7). A refused one holds up those behind it until it is delivered or discarded: a hub that has the corrected CDR and not the
    /// credit has the energy twice.</summary>
    private static bool EarlierWaits(Transaction transaction, Delivery cdr, long before = long.MaxValue) => Original(cdr.Object) is { } original && transaction
        .Prepared("select 1 from outbox where object >= ?1 and object < ?1 || '.' and kind = 4 and hub = ?2 and object <> ?3 and +id < ?4")
        .Bind(original).Bind(cdr.Hub).Bind(cdr.Object).Bind(before).Scalar() is not null;

    private static void ReleaseNext(Transaction transaction, Owed cdr)
    {
        // +id: for the least id SQLite would walk the whole table in its order, once for each CDR that is delivered, instead of the few of this session.
        var released = transaction.Prepared("""
            update outbox set state = 'waiting' where id = (
                select min(+id) from outbox where object > ?1 and object < ?1 || '.' and kind = 4 and hub = ?2 and state = 'held')
            """).Bind(Original(cdr.Object) ?? cdr.Object).Bind(cdr.Hub).Run();
        if (released > 0)
            transaction.Wake(cdr.Hub);
    }

    /// <summary>Null for one that is the first of its session. Ids of the others are that one's, a hyphen and a suffix (D4).</summary>
    private static string? Original(string cdr) => cdr.Length > Cdr.OriginalIdLength ? cdr[..Cdr.OriginalIdLength] : null;

    private static bool SessionWaits(Transaction transaction, Delivery cdr) => transaction
        .Prepared("select 1 from outbox where object = ? and kind = 3 and hub = ? and state = 'waiting'").Bind(cdr.Object).Bind(cdr.Hub).Scalar() is not null;

    private static void Delivered(Transaction transaction, Owed owed, string? receipt)
    {
        transaction.Prepared("update backlog set last_delivery = ? where hub = ?").Bind(transaction.Now).Bind(owed.Hub).Run();
        if (owed.Kind == DeliveryKind.Cdr)
        {
            transaction.Prepared("""
                insert into cdr_delivered (id, hub, delivered, receipt) values (?, ?, ?, ?)
                on conflict (id, hub) do update set delivered = excluded.delivered, receipt = coalesce(excluded.receipt, receipt)
                """).Bind(owed.Object).Bind(owed.Hub).Bind(transaction.Now).Bind(receipt).Run();
        }
        if (Done(transaction, owed) && owed.Kind == DeliveryKind.Location)
            transaction.Prepared("delete from outbox where hub = ? and state = 'waiting' and kind <= 2 and kind = 2").Bind(owed.Hub).Run();
    }

    /// <summary>True when nothing is owed any more; else the object was owed anew meanwhile and goes again. A CDR has no other state to go with.</summary>
    private static bool Done(Transaction transaction, Owed owed)
    {
        var gone = owed.Kind == DeliveryKind.Cdr
            ? transaction.Prepared("delete from outbox where id = ?").Bind(owed.Id).Run()
            : transaction.Prepared("delete from outbox where id = ? and version = ?").Bind(owed.Id).Bind(owed.Version).Run();
        if (gone > 0)
        {
            if (owed.Kind == DeliveryKind.Session)
                Release(transaction, owed);
            else if (owed.Kind == DeliveryKind.Cdr)
                ReleaseNext(transaction, owed);
            return true;
        }
        // The hub knows a tariff or location by now: nothing has to wait for its newest state, or on a busy site all would for ever.
        var attempts = owed.Kind <= DeliveryKind.Location ? Owed.TriesBeforeOthers : 0;
        transaction.Prepared("update outbox set attempts = ?, due = ?, last_error = null where id = ?").Bind((long)attempts).Bind(transaction.Now).Bind(owed.Id).Run();
        return false;
    }

    private static void Refused(Transaction transaction, Owed owed, string why)
    {
        var refused = transaction.Prepared("update outbox set state = 'refused', attempts = attempts + 1, last_error = ? where id = ? and version = ?")
            .Bind(why).Bind(owed.Id).Bind(owed.Version).Run();
        if (refused == 0)
        {
            // What was refused is not what is owed by now.
            transaction.Prepared("update outbox set attempts = attempts + 1, due = ?, last_error = ? where id = ?")
                .Bind(transaction.Now).Bind(why).Bind(owed.Id).Run();
        }
        else if (owed.Kind == DeliveryKind.Session)
        {
            Release(transaction, owed);
        }
    }

    private static Owed Map(Statement row) => new(row.Long(), row.Text(), (DeliveryKind)row.Int(), row.Text(), row.Long(), row.Int());
}
