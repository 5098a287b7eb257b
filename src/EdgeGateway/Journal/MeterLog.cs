using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Journal;

/// <summary>What the site's meters showed. A session's own samples lie with the session; these are for what is told late, and for the counters after a restart.</summary>
internal sealed class MeterLog(Writer writer, Readers readers, Damages damages) : IMeterLog
{
    public async Task KeepAsync(IReadOnlyList<MeterReading> readings, CancellationToken cancellationToken)
    {
        var telling = readings.Where(static r => r is { At: not null, EnergyWh: not null }).ToList();
        if (telling.Count == 0)
            return;
        try
        {
            await writer.DoAsync(
                transaction =>
                {
                    foreach (var reading in telling)
                        Keep(transaction, reading);
                },
                cancellationToken);
        }
        catch (Exception e) when (e is SqliteException or StorageException or OperationCanceledException)
        {
            // The writer has said what is wrong; the next minute brings the next sample.
        }
    }

    public ValueTask<(MeterSample? Before, MeterSample? After)> AroundAsync(string meter, DateTimeOffset at, TimeSpan reach, CancellationToken cancellationToken) =>
        readers.SnapshotAsync(
            database => (
                One(database.Prepared("select meter, at, energy_wh, export_wh, power_w, crc from meter_sample where at <= ?1 and at >= ?2 and meter = ?3 order by at desc limit 1")
                    .Bind(at).Bind(at - reach).Bind(meter)),
                One(database.Prepared("select meter, at, energy_wh, export_wh, power_w, crc from meter_sample where at > ?1 and at <= ?2 and meter = ?3 order by at limit 1")
                    .Bind(at).Bind(at + reach).Bind(meter))),
            cancellationToken);

    public async ValueTask<IReadOnlyList<KeptMeter>> LastAsync(CancellationToken cancellationToken) => await readers.ReadAsync(
        database => database.Prepared("select meter, at, energy_wh, template, serial, crc from meter_newest order by meter").Sound("meter", ReadNewest, damages.Found),
        cancellationToken);

    /// <summary>Removes a few samples of before <paramref name="cut"/>; true when there may be more. Within a transaction.</summary>
    public static bool Trim(Database database, DateTimeOffset cut, int step)
    {
        var last = database.Prepared("select max(at) from (select at from meter_sample where at < ? order by at limit ?)").Bind(cut).Bind(step).Scalar();
        if (last is null)
        {
            database.Prepared("delete from meter_newest where at < ?").Bind(cut).Run();
            return false;
        }
        database.Prepared("delete from meter_sample where at <= ?").Bind(last.Value).Run();
        return true;
    }

    /// <summary>Removes the oldest part, by time: counting a table without holes in its numbers costs nothing, this one would be read whole. Within a transaction.</summary>
    public static int Thin(Database database, double part, int most)
    {
        var (first, last) = (
            database.Prepared("select min(at) from meter_sample").Scalar(),
            database.Prepared("select max(at) from meter_sample").Scalar());
        if (first is null || last is null)
            return 0;
        var cut = database.Prepared("select max(at) from (select at from meter_sample where at <= ? order by at limit ?)")
            .Bind(first.Value + (long)((last.Value - first.Value) * part)).Bind(most).Scalar();
        return cut is null ? 0 : database.Prepared("delete from meter_sample where at <= ?").Bind(cut.Value).Run();
    }

    private static void Keep(Transaction transaction, MeterReading reading)
    {
        var (at, energy) = (reading.At!.Value, reading.EnergyWh!.Value);
        transaction.Prepared("insert or replace into meter_sample (at, meter, energy_wh, export_wh, power_w, crc) values (?, ?, ?, ?, ?, ?)")
            .Bind(at).Bind(reading.Meter).Bind(energy).Bind(reading.ExportWh).Bind(reading.PowerW)
            .Bind(SampleCrc(reading.Meter, at, energy, reading.ExportWh, reading.PowerW)).Run();
        transaction.Prepared("insert or replace into meter_newest (meter, at, energy_wh, template, serial, crc) values (?, ?, ?, ?, ?, ?)")
            .Bind(reading.Meter).Bind(at).Bind(energy).Bind(reading.Template).Bind(reading.Serial)
            .Bind(NewestCrc(reading.Meter, at, energy, reading.Template, reading.Serial)).Run();
    }

    private MeterSample? One(Statement query) => query.Sound("meter sample of", ReadSample, damages.Found) is [var sample] ? sample : null;

    /// <summary>A session may be billed by it (I17).</summary>
    private static MeterSample ReadSample(Statement row)
    {
        var sample = new MeterSample(row.Text(), row.Time(), row.Long());
        var (export, power) = (row.LongOrNull(), row.DecimalOrNull());
        return row.Long() == SampleCrc(sample.Meter, sample.At, sample.EnergyWh, export, power)
            ? sample
            : throw new CorruptRecordException($"meter sample of {sample.Meter}", "checksum differs");
    }

    private static KeptMeter ReadNewest(Statement row)
    {
        var kept = new KeptMeter(new(row.Text(), row.Time(), row.Long()), row.TextOrNull(), row.TextOrNull());
        return row.Long() == NewestCrc(kept.Sample.Meter, kept.Sample.At, kept.Sample.EnergyWh, kept.Template, kept.Serial)
            ? kept
            : throw new CorruptRecordException($"meter {kept.Sample.Meter}", "checksum differs");
    }

    private static long SampleCrc(string meter, DateTimeOffset at, long energy, long? export, decimal? power) =>
        new Checksum().Add(meter).Add(at).Add(energy).Add(export).Add(power).Value;

    private static long NewestCrc(string meter, DateTimeOffset at, long energy, string? template, string? serial) =>
        new Checksum().Add(meter).Add(at).Add(energy).Add(template).Add(serial).Value;
}
