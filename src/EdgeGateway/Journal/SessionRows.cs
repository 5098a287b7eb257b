using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>Sessions as rows, and back. What comes back has been compared with its checksums (I17).</summary>
internal static class SessionRows
{
    /// <summary>For statements that end in what they look for: <c>where …</c>.</summary>
    public const string Select = """
        select s.number, s.crc, t.crc, t.terms, t.authorization, s.id, s.status, s.station, s.evse, s.connector, s.id_tag, s.hub,
               s.started_at, s.start_told, s.start_received, s.meter_start_wh, s.ended_at, s.end_told, s.end_received, s.meter_stop_wh,
               s.stop_reason, s.stop_id_tag, s.energy_wh, s.register_wh, s.register_base_wh, s.flags,
               s.end_inferred, s.end_due, s.last_owed, s.last_updated, s.reserved_at, s.station_transaction,
               m.counts, m.start_wh, m.register_wh, m.base_wh, m.energy_wh, m.at, m.serial, m.own_energy_wh, m.own_at, m.own_serial
        from session s left join session_terms t on t.number = s.number left join session_meter m on m.number = s.number 
        """;

    private const string Insert = """
        insert into session (id, status, station, evse, connector, id_tag, hub, started_at, start_told, start_received, meter_start_wh,
                             ended_at, end_told, end_received, meter_stop_wh, stop_reason, stop_id_tag, energy_wh, register_wh,
                             register_base_wh, flags, end_inferred, end_due, last_owed, last_updated, reserved_at, station_transaction, crc, number)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string Update = """
        update session set id = ?, status = ?, station = ?, evse = ?, connector = ?, id_tag = ?, hub = ?, started_at = ?, start_told = ?,
                           start_received = ?, meter_start_wh = ?, ended_at = ?, end_told = ?, end_received = ?, meter_stop_wh = ?, stop_reason = ?,
                           stop_id_tag = ?, energy_wh = ?, register_wh = ?, register_base_wh = ?, flags = ?, end_inferred = ?, end_due = ?, last_owed = ?,
                           last_updated = ?, reserved_at = ?, station_transaction = ?, crc = ?
        where number = ?
        """;

    /// <summary>What meter values move: no index but the one by last_updated is touched.</summary>
    private const string Advance = """
        update session set status = ?, energy_wh = ?, register_wh = ?, register_base_wh = ?, flags = ?, end_inferred = ?, end_due = ?, last_owed = ?,
                           last_updated = ?, crc = ?
        where number = ?
        """;

    /// <param name="before">As it is on disk, if that is known: then only what differs is written.</param>
    public static void Write(Database database, Session session, Session? before)
    {
        if (before is not null && OnlyAdvanced(before, session))
        {
            database.Prepared(Advance)
                .Bind(session.Status.ToString()).Bind(session.EnergyWh).Bind(session.RegisterWh).Bind(session.RegisterBaseWh)
                .Bind((long)session.Flags).Bind(session.EndInferred).Bind(session.EndDue).Bind(session.LastOwed).Bind(session.LastUpdated)
                .Bind(Checksum.Of(session)).Bind(session.Number).Run();
        }
        else if (WriteAll(database, Update, session) == 0)
        {
            WriteAll(database, Insert, session);
        }
        if (before is null || !ReferenceEquals(before.Terms, session.Terms) || !ReferenceEquals(before.Authorization, session.Authorization))
            WriteTerms(database, session);
        if (session.SiteMeter is { } meter && meter != before?.SiteMeter)
            WriteMeter(database, session.Number, meter);
        else if (session.SiteMeter is null && (before is null || before.SiteMeter is not null))
            database.Prepared("delete from session_meter where number = ?").Bind(session.Number).Run();
    }

    public static void WritePoint(Database database, int session, int n, CoursePoint point) => database
        .Prepared("insert or replace into course (session, n, at, energy_wh, activity, power_w, current_a, state_of_charge, crc) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(session).Bind(n).Bind(point.At).Bind(point.EnergyWh).Bind((long)point.Activity).Bind(point.PowerW).Bind(point.CurrentA)
        .Bind(point.StateOfCharge).Bind(Checksum.Of(session, n, point)).Run();

    /// <summary>A course that is another from its first point on.</summary>
    public static void RewriteCourse(Database database, int session, IReadOnlyList<CoursePoint> points)
    {
        database.Prepared("delete from course where session = ?").Bind(session).Run();
        for (var n = 0; n < points.Count; n++)
            WritePoint(database, session, n, points[n]);
    }

    public static void WriteHeard(Database database, int session, int n, HeardEvent heard)
    {
        var record = JsonSerializer.Serialize(heard, Records.Default.HeardEvent);
        database.Prepared("insert or replace into heard_event (session, n, record, crc) values (?, ?, ?, ?)")
            .Bind(session).Bind(n).Bind(record).Bind(CrcOfHeard(session, n, record)).Run();
    }

    public static void WriteSigned(Database database, int session, SignedReading reading)
    {
        var n = (int)database.Prepared("select coalesce(max(n) + 1, 0) from signed_reading where session = ?").Bind(session).Scalar()!.Value;
        database.Prepared("insert into signed_reading (session, n, at, nature, data, crc) values (?, ?, ?, ?, ?, ?)")
            .Bind(session).Bind(n).Bind(reading.At).Bind(reading.Nature).Bind(reading.Data).Bind(Checksum.Of(session, n, reading)).Run();
    }

    /// <summary>Reads what <see cref="Select"/> found, with courses and signed readings.</summary>
    /// <param name="damaged">Called for each that is not what was written; it is left out.</param>
    public static List<Session> Read(Database database, Statement found, Action<CorruptRecordException> damaged)
    {
        var sessions = new List<Session>();
        foreach (var session in found.Sound("session", Map, damaged))
        {
            try
            {
                sessions.Add(Complete(database, session));
            }
            catch (CorruptRecordException damage)
            {
                damaged(damage);
            }
        }
        return sessions;
    }

    private static int WriteAll(Database database, string sql, Session s) => database.Prepared(sql)
        .Bind(s.Id).Bind(s.Status.ToString()).Bind(s.At.Station).Bind(s.At.Evse).Bind(s.At.Connector).Bind(s.IdTag).Bind(s.Hub)
        .Bind(s.StartedAt).Bind(Statement.Told(s.StartTold)).Bind(s.StartReceived).Bind(s.MeterStartWh)
        .Bind(s.EndedAt).Bind(Statement.Told(s.EndTold)).Bind(s.EndReceived).Bind(s.MeterStopWh).Bind(s.StopReason).Bind(s.StopIdTag)
        .Bind(s.EnergyWh).Bind(s.RegisterWh).Bind(s.RegisterBaseWh).Bind((long)s.Flags).Bind(s.EndInferred).Bind(s.EndDue).Bind(s.LastOwed)
        .Bind(s.LastUpdated).Bind(s.ReservedAt).Bind(s.Transaction).Bind(Checksum.Of(s)).Bind(s.Number).Run();

    private static void WriteTerms(Database database, Session session)
    {
        var terms = JsonSerializer.Serialize(session.Terms, Records.Default.SessionTerms);
        var authorization = JsonSerializer.Serialize(session.Authorization, Records.Default.Authorization);
        database.Prepared("insert or replace into session_terms (number, terms, authorization, crc) values (?, ?, ?, ?)")
            .Bind(session.Number).Bind(terms).Bind(authorization).Bind(CrcOfTerms(session.Number, terms, authorization)).Run();
    }

    /// <summary>Under its session's checksum.</summary>
    private static void WriteMeter(Database database, int session, SiteTally meter) => database.Prepared("""
        insert or replace into session_meter (number, counts, start_wh, register_wh, base_wh, energy_wh, at, serial, own_energy_wh, own_at, own_serial)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
        .Bind(session).Bind(meter.Counts ? 1L : 0L).Bind(meter.StartWh).Bind(meter.RegisterWh).Bind(meter.BaseWh).Bind(meter.EnergyWh).Bind(meter.At)
        .Bind(meter.Serial).Bind(meter.OwnEnergyWh).Bind(meter.OwnAt).Bind(meter.OwnSerial).Run();

    private static SiteTally? MeterOf(Statement row) => row.LongOrNull() is not { } counts ? null : new()
    {
        Counts = counts is 0 or 1 ? counts == 1 : throw new CorruptRecordException("session_meter", $"{counts} is neither yes nor no"),
        StartWh = row.LongOrNull(),
        RegisterWh = row.LongOrNull(),
        BaseWh = row.LongOrNull(),
        EnergyWh = row.Long(),
        At = row.TimeOrNull(),
        Serial = row.TextOrNull(),
        OwnEnergyWh = row.Long(),
        OwnAt = row.TimeOrNull(),
        OwnSerial = row.TextOrNull(),
    };

    private static long CrcOfTerms(int number, string terms, string authorization) => new Checksum().Add(number).Add(terms).Add(authorization).Value;

    private static bool OnlyAdvanced(Session before, Session now) =>
        before.Id == now.Id && before.At == now.At && before.IdTag == now.IdTag && before.Hub == now.Hub
        && before.StartedAt == now.StartedAt && before.StartTold == now.StartTold && before.StartReceived == now.StartReceived
        && before.MeterStartWh == now.MeterStartWh && before.EndedAt == now.EndedAt && before.EndTold == now.EndTold
        && before.EndReceived == now.EndReceived && before.MeterStopWh == now.MeterStopWh && before.StopReason == now.StopReason
        && before.StopIdTag == now.StopIdTag && before.ReservedAt == now.ReservedAt && before.Transaction == now.Transaction;

    private static Session Map(Statement row)
    {
        var number = row.Int();
        var crc = row.Long();
        var crcOfTerms = row.LongOrNull();
        var terms = row.TextOrNull() ?? throw new CorruptRecordException("terms", "they are missing");
        var authorization = row.TextOrNull() ?? "";
        if (CrcOfTerms(number, terms, authorization) != crcOfTerms)
            throw new CorruptRecordException("terms", "checksum differs");
        var session = new Session
        {
            Number = number,
            Terms = JsonSerializer.Deserialize(terms, Records.Default.SessionTerms)!,
            Authorization = JsonSerializer.Deserialize(authorization, Records.Default.Authorization)!,
            Id = row.Text(),
            Status = row.Word<SessionStatus>(),
            At = new(row.Text(), row.Int(), row.Int()),
            IdTag = row.Text(),
            Hub = row.TextOrNull(),
            StartedAt = row.Time(),
            StartTold = row.ToldOrNull(),
            StartReceived = row.Time(),
            MeterStartWh = row.LongOrNull(),
            EndedAt = row.TimeOrNull(),
            EndTold = row.ToldOrNull(),
            EndReceived = row.TimeOrNull(),
            MeterStopWh = row.LongOrNull(),
            StopReason = row.TextOrNull(),
            StopIdTag = row.TextOrNull(),
            EnergyWh = row.Long(),
            RegisterWh = row.LongOrNull(),
            RegisterBaseWh = row.LongOrNull(),
            Flags = (SessionFlags)row.Int(),
            EndInferred = row.TimeOrNull(),
            EndDue = row.TimeOrNull(),
            LastOwed = row.Time(),
            LastUpdated = row.Time(),
            ReservedAt = row.TimeOrNull(),
            Transaction = row.TextOrNull(),
            SiteMeter = MeterOf(row),
        };
        return Checksum.Of(session) == crc ? session : throw new CorruptRecordException("row", "checksum differs");
    }

    private static Session Complete(Database database, Session session) => session with
    {
        Course = Series(
            session.Number,
            database.Prepared("select n, crc, at, energy_wh, activity, power_w, current_a, state_of_charge from course where session = ? order by n").Bind(session.Number),
            static row => new CoursePoint(row.Time(), row.LongOrNull(), (Activity)row.Int(), row.DecimalOrNull(), row.DecimalOrNull(), row.DecimalOrNull()),
            Checksum.Of),
        Signed = Series(
            session.Number,
            database.Prepared("select n, crc, at, nature, data from signed_reading where session = ? order by n").Bind(session.Number),
            static row => new SignedReading(row.Time(), row.Text(), row.Text()),
            Checksum.Of),
        Heard = session.Transaction is null ? null : Heard(database, session),
    };

    /// <summary>Null for a transaction whose events have gone by their age.</summary>
    private static HeardEvents? Heard(Database database, Session session)
    {
        var heard = Series(
            session.Number,
            database.Prepared("select n, crc, record from heard_event where session = ? order by n").Bind(session.Number),
            static row => row.Text(),
            CrcOfHeard);
        return heard.IsEmpty && !session.IsOpen ? null : [.. heard.Select(static record => JsonSerializer.Deserialize(record, Records.Default.HeardEvent)!)];
    }

    private static long CrcOfHeard(int session, int n, string record) => new Checksum().Add(session).Add(n).Add(record).Value;

    private static ImmutableList<T> Series<T>(int session, Statement found, Func<Statement, T> map, Func<int, int, T, long> crc)
    {
        var items = ImmutableList.CreateBuilder<T>();
        try
        {
            foreach (var (n, stored, item) in found.All(row => (row.Int(), row.Long(), map(row))))
            {
                if (n != items.Count || crc(session, n, item) != stored)
                    throw new CorruptRecordException($"session {session}", $"point {n} of its course or signed readings is not what was written");
                items.Add(item);
            }
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or FormatException)
        {
            throw new CorruptRecordException($"session {session}", e.Message);
        }
        return items.ToImmutable();
    }
}
