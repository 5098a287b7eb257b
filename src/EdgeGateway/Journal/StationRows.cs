using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Journal;

/// <summary>Stations and their connectors as rows, and back.</summary>
internal static class StationRows
{
    /// <param name="before">As it is on disk, if that is known: then only connectors that differ are written.</param>
    public static void Write(Database database, Station station, Station? before)
    {
        if (before is null || before with { Connectors = station.Connectors, ClockSeen = station.ClockSeen } != station)
        {
            database.Prepared("""
                insert or replace into station (id, admission, connected, line_changed, protocol, remote, vendor, model, serial, firmware, meter, iccid,
                                                booted, clock_offset_ms, latest_start)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
                .Bind(station.Id).Bind(station.Admission.ToString()).Bind(station.Connected).Bind(station.LineChanged).Bind(station.Protocol)
                .Bind(station.Remote).Bind(station.Identity?.Vendor).Bind(station.Identity?.Model).Bind(station.Identity?.Serial)
                .Bind(station.Identity?.Firmware).Bind(station.Identity?.Meter).Bind(station.Identity?.Iccid).Bind(station.Booted)
                .Bind((long?)station.ClockOffset?.TotalMilliseconds).Bind(Statement.Told(station.LatestStart)).Run();
        }
        if (before is null)
            database.Prepared("delete from connector where station = ?").Bind(station.Id).Run();
        foreach (var (key, connector) in station.Connectors)
        {
            if (before is null || !before.Connectors.TryGetValue(key, out var old) || old != connector)
                Write(database, station.Id, connector);
        }
        foreach (var (key, connector) in before?.Connectors ?? ImmutableSortedDictionary<int, Connector>.Empty)
        {
            if (!station.Connectors.ContainsKey(key))
                database.Prepared("delete from connector where station = ? and evse = ? and connector = ?")
                    .Bind(station.Id).Bind(connector.At.Evse).Bind(connector.At.Connector).Run();
        }
    }

    public static ImmutableArray<Station> Read(Database database, Action<CorruptRecordException> damaged)
    {
        var connectors = database.Prepared("select station, evse, connector, state, error_code, info, vendor_error_code, since, received from connector")
            .Sound("connector of", static row => new Connector
            {
                At = new(row.Text(), row.Int(), row.Int()),
                State = row.Word<ConnectorState>(),
                ErrorCode = row.TextOrNull(),
                Info = row.TextOrNull(),
                VendorErrorCode = row.TextOrNull(),
                Since = row.Time(),
                Received = row.Time(),
            }, damaged)
            .ToLookup(static c => c.At.Station, StringComparer.OrdinalIgnoreCase);
        return database.Prepared("""
            select id, admission, connected, line_changed, protocol, remote, vendor, model, serial, firmware, meter, iccid, booted, clock_offset_ms,
                   latest_start
            from station order by id
            """).Sound("station", row => Map(row, connectors), damaged).ToImmutableArray();
    }

    private static void Write(Database database, string station, Connector connector) => database.Prepared("""
        insert or replace into connector (station, evse, connector, state, error_code, info, vendor_error_code, since, received)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
        .Bind(station).Bind(connector.At.Evse).Bind(connector.At.Connector).Bind(connector.State.ToString()).Bind(connector.ErrorCode)
        .Bind(connector.Info).Bind(connector.VendorErrorCode).Bind(connector.Since).Bind(connector.Received).Run();

    private static Station Map(Statement row, ILookup<string, Connector> connectors)
    {
        var id = row.Text();
        return new()
        {
            Id = id,
            Admission = row.Word<Admission>(),
            Connected = row.Bool(),
            LineChanged = row.Time(),
            Protocol = row.TextOrNull(),
            Remote = row.TextOrNull(),
            Identity = Identity(row.TextOrNull(), row.TextOrNull(), row.TextOrNull(), row.TextOrNull(), row.TextOrNull(), row.TextOrNull()),
            Booted = row.TimeOrNull(),
            ClockOffset = row.LongOrNull() is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            LatestStart = row.ToldOrNull(),
            Connectors = connectors[id].ToImmutableSortedDictionary(static c => Connector.Key(c.At), static c => c),
        };
    }

    private static StationIdentity? Identity(string? vendor, string? model, string? serial, string? firmware, string? meter, string? iccid) =>
        vendor is null && model is null ? null : new(vendor ?? "", model ?? "", serial, firmware, meter, iccid);
}
