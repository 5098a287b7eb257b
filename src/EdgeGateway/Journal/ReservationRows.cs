using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>Reservations that run, as rows, and back. They are billed, so each has its checksum (I17).</summary>
internal static class ReservationRows
{
    public static void Write(Database database, Reservation reservation)
    {
        var record = JsonSerializer.Serialize(reservation, Records.Default.Reservation);
        database.Prepared("insert or replace into reservation (number, record, crc) values (?, ?, ?)")
            .Bind(reservation.Number).Bind(record).Bind(Crc(reservation.Number, record)).Run();
    }

    public static List<Reservation> Read(Database database, Action<CorruptRecordException> damaged) => database
        .Prepared("select number, record, crc from reservation order by number")
        .Sound("reservation", static row =>
        {
            var (number, record) = (row.Int(), row.Text());
            return Crc(number, record) == row.Long()
                ? JsonSerializer.Deserialize(record, Records.Default.Reservation)!
                : throw new CorruptRecordException($"reservation {number}", "checksum differs");
        }, damaged);

    private static long Crc(int number, string record) => new Checksum().Add(number).Add(record).Value;
}
