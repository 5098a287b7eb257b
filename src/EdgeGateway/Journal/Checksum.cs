using System.Numerics;
using System.Runtime.InteropServices;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>CRC-32C over the values of a billing row: SQLite has no page checksums, so a flipped bit would be billed (I17).</summary>
internal struct Checksum()
{
    private uint _crc = uint.MaxValue;

    public readonly long Value => ~_crc;

    public Checksum Add(long value)
    {
        _crc = BitOperations.Crc32C(_crc, (ulong)value);
        return this;
    }

    public Checksum Add(long? value) => value is { } v ? Add(1L).Add(v) : Add(0L);

    public Checksum Add(DateTimeOffset? value) => Add(value?.ToUnixTimeMilliseconds());

    public Checksum Add(decimal? value) => value is not { } v ? Add(0L) : Statement.Whole(v) is { } whole ? Add(1L).Add(whole) : Add(Statement.Exact(v));

    public Checksum Add(string? value)
    {
        if (value is null)
            return Add(-1L);
        _crc = BitOperations.Crc32C(_crc, (ulong)value.Length);
        return Add(MemoryMarshal.AsBytes(value.AsSpan()));
    }

    /// <summary>Nothing for null: for columns that older rows do not have, so that their checksums hold.</summary>
    public Checksum AddIfAny(long? value) => value is { } v ? Add(v) : this;

    /// <inheritdoc cref="AddIfAny(long?)"/>
    public Checksum AddIfAny(string? value) => value is null ? this : Add(value);

    public Checksum Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            _crc = BitOperations.Crc32C(_crc, word);
        foreach (var rest in bytes[(bytes.Length & ~7)..])
            _crc = BitOperations.Crc32C(_crc, rest);
        return this;
    }

    public static long Of(Session s) => (s.SiteMeter is { } meter ? OfFormer(s).Add(meter) : OfFormer(s)).Value;

    private Checksum Add(SiteTally m) => Add(m.Counts ? 1L : 0L).Add(m.StartWh).Add(m.RegisterWh).Add(m.BaseWh).Add(m.EnergyWh).Add(m.At).Add(m.Serial)
        .Add(m.OwnEnergyWh).Add(m.OwnAt).Add(m.OwnSerial);

    private static Checksum OfFormer(Session s) => new Checksum()
        .Add(s.Number).Add(s.Id).Add((long)s.Status).Add(s.At.Station).Add(s.At.Evse).Add(s.At.Connector).Add(s.IdTag).Add(s.Hub)
        .Add(s.StartedAt).Add(Statement.Told(s.StartTold)).Add(s.StartReceived).Add(s.MeterStartWh)
        .Add(s.EndedAt).Add(Statement.Told(s.EndTold)).Add(s.EndReceived).Add(s.MeterStopWh).Add(s.StopReason).Add(s.StopIdTag)
        .Add(s.EnergyWh).Add(s.RegisterWh).Add(s.RegisterBaseWh).Add((long)s.Flags).Add(s.EndInferred).Add(s.EndDue)
        .Add(s.LastOwed).Add(s.LastUpdated).AddIfAny(s.ReservedAt?.ToUnixTimeMilliseconds()).AddIfAny(s.Transaction);

    public static long Of(int session, int n, CoursePoint p) =>
        (p.StateOfCharge is null ? OfFormer(session, n, p) : OfFormer(session, n, p).Add(p.StateOfCharge)).Value;

    private static Checksum OfFormer(int session, int n, CoursePoint p) =>
        new Checksum().Add(session).Add(n).Add(p.At).Add(p.EnergyWh).Add((long)p.Activity).Add(p.PowerW).Add(p.CurrentA);

    public static long Of(int session, int n, SignedReading r) => new Checksum().Add(session).Add(n).Add(r.At).Add(r.Nature).Add(r.Data).Value;
}
