using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>CDRs as rows: what people look for in columns, all of it as frozen JSON (I4), both under one checksum (I17).</summary>
internal static class CdrRows
{
    /// <summary>For statements that end in what they look for.</summary>
    public const string Select = """
        select c.number, c.crc, c.record, c.id, c.hub, c.created, c.started_at, c.ended_at, c.station, c.energy_wh, c.currency, c.total,
               c.kind, c.credit_of from cdr c 
        """;

    private const string Original = "original";

    public static void Write(Database database, Cdr cdr)
    {
        var record = JsonSerializer.Serialize(cdr, Records.Default.Cdr);
        var total = Statement.Exact(cdr.Bill.Total.ExclVat);
        var crc = new Checksum().Add(cdr.Session.Number).Add(record).Add(cdr.Id).Add(cdr.Session.Hub).Add(cdr.Created).Add(cdr.Session.StartedAt)
            .Add(cdr.Session.EndedAt).Add(cdr.Session.At.Station).Add(cdr.Bill.EnergyWh).Add(cdr.Bill.Currency).Add(total);
        var (kind, of) = cdr.CreditOf is { } credited ? ("credit", credited) : cdr.CorrectionOf is { } corrected ? ("correction", corrected) : (Original, null);
        // Plain insert: a second original of a session, or an id given twice, is a fault that must be heard, not an update (D1).
        database.Prepared("""
            insert into cdr (number, id, hub, created, started_at, ended_at, station, energy_wh, currency, total, record, kind, credit_of, crc)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
            .Bind(cdr.Session.Number).Bind(cdr.Id).Bind(cdr.Session.Hub).Bind(cdr.Created).Bind(cdr.Session.StartedAt).Bind(cdr.Session.EndedAt)
            .Bind(cdr.Session.At.Station).Bind(cdr.Bill.EnergyWh).Bind(cdr.Bill.Currency).Bind(total).Bind(record)
            .Bind(kind).Bind(of).Bind(WithKind(crc, kind, of)).Run();
    }

    /// <summary>Whether this CDR may not change any more: a hub was sent it, or it was credited (I4).</summary>
    public static bool IsFrozen(Database database, string id) => database.Prepared("""
        select 1 where exists (select 1 from cdr_sent where id = ?1) or exists (select 1 from cdr_delivered where id = ?1)
            or exists (select 1 from cdr where number = (select number from cdr where id = ?1) and kind <> 'original')
        """).Bind(id).Scalar() is not null;

    /// <summary>Another content for a CDR that nobody has been sent. In the same transaction as the look whether somebody has.</summary>
    /// <exception cref="CdrFrozenException">Somebody has.</exception>
    public static void Revise(Database database, Cdr cdr)
    {
        if (IsFrozen(database, cdr.Id))
            throw new CdrFrozenException(cdr.Id);
        if (database.Prepared("delete from cdr where id = ? and kind = 'original'").Bind(cdr.Id).Run() != 1)
            throw new InvalidOperationException($"There is no CDR {cdr.Id} that could be revised.");
        Write(database, cdr);
    }

    /// <exception cref="CorruptRecordException">It is not what was written.</exception>
    public static Cdr Read(Statement row)
    {
        var (number, crc, record, id) = (row.Long(), row.Long(), row.Text(), row.Text());
        var found = new Checksum().Add(number).Add(record).Add(id).Add(row.TextOrNull()).Add(row.Time()).Add(row.Time())
            .Add(row.TimeOrNull()).Add(row.Text()).Add(row.Long()).Add(row.Text()).Add(row.Text());
        if (WithKind(found, row.Text(), row.TextOrNull()) != crc)
            throw new CorruptRecordException($"CDR {id} (session {number})", "checksum differs");
        return JsonSerializer.Deserialize(record, Records.Default.Cdr)!;
    }

    /// <summary>An original's is what it was before there were others.</summary>
    private static long WithKind(Checksum crc, string kind, string? of) => kind == Original && of is null ? crc.Value : crc.Add(kind).Add(of).Value;

    public static long CrcOfBody(string hub, string id, byte[] body) => new Checksum().Add(hub).Add(id).Add(body).Value;
}
