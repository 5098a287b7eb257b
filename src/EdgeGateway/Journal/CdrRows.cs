using System.Text.Json;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>CDRs as rows: what people look for in columns, all of it as frozen JSON (I4), both under one checksum (I17).</summary>
internal static class CdrRows
{
    /// <summary>For statements that end in what they look for.</summary>
    public const string Select = "select c.number, c.id, c.hub, c.created, c.energy_wh, c.total, c.record, c.crc from cdr c ";

    public static void Write(Database database, Cdr cdr)
    {
        var record = JsonSerializer.Serialize(cdr, Records.Default.Cdr);
        var total = Statement.Exact(cdr.Bill.Total.ExclVat);
        var crc = Crc(cdr.Session.Number, cdr.Id, cdr.Session.Hub, cdr.Created, cdr.Bill.EnergyWh, total, record);
        // Plain insert: a second CDR for a session is a fault that must be heard, not an update (D1).
        database.Prepared("""
            insert into cdr (number, id, hub, created, started_at, ended_at, station, energy_wh, currency, total, record, crc)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
            .Bind(cdr.Session.Number).Bind(cdr.Id).Bind(cdr.Session.Hub).Bind(cdr.Created).Bind(cdr.Session.StartedAt).Bind(cdr.Session.EndedAt)
            .Bind(cdr.Session.At.Station).Bind(cdr.Bill.EnergyWh).Bind(cdr.Bill.Currency).Bind(total).Bind(record).Bind(crc).Run();
    }

    /// <exception cref="CorruptRecordException">It is not what was written.</exception>
    public static Cdr Read(Statement row)
    {
        var (number, id, hub, created) = (row.Long(), row.Text(), row.TextOrNull(), row.Time());
        var (energyWh, total, record, crc) = (row.Long(), row.Text(), row.Text(), row.Long());
        if (Crc(number, id, hub, created, energyWh, total, record) != crc)
            throw new CorruptRecordException($"CDR {id} (session {number})", "checksum differs");
        return JsonSerializer.Deserialize(record, Records.Default.Cdr)!;
    }

    public static long CrcOfBody(string hub, string id, byte[] body) => new Checksum().Add(hub).Add(id).Add(body).Value;

    private static long Crc(long number, string id, string? hub, DateTimeOffset created, long energyWh, string total, string record) =>
        new Checksum().Add(number).Add(id).Add(hub).Add(created).Add(energyWh).Add(total).Add(record).Value;
}
