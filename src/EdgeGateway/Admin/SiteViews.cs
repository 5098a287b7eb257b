using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Admin;

/// <summary>The site's records as the technician reads them.</summary>
internal static class SiteViews
{
    public static IReadOnlyList<StationView> Stations(this SiteState state, DateTimeOffset now) =>
    [
        .. state.Configuration.Stations.Select(s => s.Id)
            .Concat(state.Stations.Keys.Order(StringComparer.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(id => state.View(id, now)!),
    ];

    /// <summary>Null when neither the configuration nor the site knows it.</summary>
    public static StationView? View(this SiteState state, string id, DateTimeOffset now)
    {
        var configured = state.Configuration.Station(id);
        state.Stations.TryGetValue(id, out var station);
        if (configured is null && station is null)
            return null;
        return new()
        {
            Id = configured?.Id ?? station!.Id,
            Configured = configured is not null,
            Admission = (station?.Admission ?? Site.Reports.Admission.Accepted).ToString(),
            Connected = station?.Connected ?? false,
            LineChanged = station?.LineChanged,
            Protocol = station?.Protocol,
            Remote = station?.Remote,
            Vendor = station?.Identity?.Vendor,
            Model = station?.Identity?.Model,
            Serial = station?.Identity?.Serial,
            Firmware = station?.Identity?.Firmware,
            Booted = station?.Booted,
            ClockOffsetSeconds = station?.ClockOffset?.TotalSeconds,
            Connectors = [.. Connectors(state, configured, station, now)],
        };
    }

    public static SessionView View(this Session session) => new()
    {
        Id = session.Id,
        Number = session.Number,
        Station = session.At.Station,
        Evse = session.At.Evse,
        Connector = session.At.Connector,
        Status = session.Status.ToString(),
        IdTag = Masked(session.IdTag),
        Hub = session.Hub,
        Started = session.StartedAt,
        Ended = session.EndedAt,
        EnergyWh = session.EnergyWh,
        MeterStartWh = session.MeterStartWh,
        MeterStopWh = session.MeterStopWh,
        CountedBy = session.CountedBy,
        OtherEnergyWh = session.OtherEnergyWh,
        Tariff = session.Terms.Tariff?.Id,
        StopReason = session.StopReason,
        Flags = session.Flags == SessionFlags.None ? [] : session.Flags.ToString().Split(", "),
        LastUpdated = session.LastUpdated,
    };

    public static CdrView View(this CdrLine line) => new()
    {
        Id = line.Cdr.Id,
        Station = line.Cdr.Session.At.Station,
        Evse = line.Cdr.Session.At.Evse,
        Started = line.Cdr.Session.StartedAt,
        Ended = line.Cdr.Session.EndedAt,
        EnergyWh = line.Cdr.Bill.EnergyWh,
        Currency = line.Cdr.Bill.Currency,
        TotalExclVat = line.Cdr.CreditOf is null ? line.Cdr.Bill.Total.ExclVat : -line.Cdr.Bill.Total.ExclVat,
        TotalInclVat = line.Cdr.CreditOf is null ? line.Cdr.Bill.Total.InclVat : -line.Cdr.Bill.Total.InclVat,
        CreditOf = line.Cdr.CreditOf,
        CorrectionOf = line.Cdr.CorrectionOf,
        Remark = line.Cdr.Remark,
        Hub = line.Cdr.Session.Hub,
        Delivery = line.Delivery,
        Receipt = line.Receipt,
        LastError = line.LastError,
        Created = line.Cdr.Created,
    };

    public static OutboxView View(this OutboxEntry entry) => new()
    {
        Id = entry.Id,
        Hub = entry.Hub,
        Kind = entry.Kind.ToString(),
        Object = entry.Object,
        Attempts = entry.Attempts,
        Due = entry.Due,
        State = entry.State.ToString(),
        LastError = entry.LastError,
        Since = entry.Since,
    };

    public static FrameView View(this Frame frame) => new(frame.At, frame.Station, frame.Direction.ToString(), frame.Text, frame.Note);

    public static EventView View(this SiteEvent happened) =>
        new(happened.At, happened.Severity.ToString(), happened.Code, happened.Subject, happened.Text);

    /// <summary>A uid is the key to somebody's account: nobody is shown it whole (S11).</summary>
    public static string Masked(string idTag) => idTag.Length <= 4 ? "…" : $"{idTag[..2]}…{idTag[^2..]}";

    private static IEnumerable<ConnectorView> Connectors(SiteState state, StationConfiguration? configured, Station? station, DateTimeOffset now)
    {
        var sessions = state.Sessions.Values.Where(s => s.IsOpen && station is not null && s.At.Station.Equals(station.Id, StringComparison.OrdinalIgnoreCase)).ToList();
        var places = (configured?.Evses ?? []).SelectMany(e => e.Connectors.Select(c => (Evse: e.Id, Connector: c.Id)))
            .Concat((station?.Connectors.Values ?? []).Where(c => !c.At.IsStation).Select(c => (c.At.Evse, c.At.Connector)))
            .Distinct().Order();
        foreach (var (evse, number) in places)
        {
            var setting = configured?.Evse(evse);
            var told = station?.Connectors.Values.FirstOrDefault(c => c.At.Evse == evse && c.At.Connector == number);
            var session = sessions.Find(s => s.At.Evse == evse && s.At.Connector == number);
            yield return new()
            {
                Evse = evse,
                Connector = number,
                EvseId = setting?.EvseId,
                PhysicalReference = setting?.PhysicalReference,
                State = told?.State.ToString(),
                Status = state.StatusOf(configured?.Id ?? station!.Id, evse, now).ToString(),
                ErrorCode = told?.ErrorCode is "NoError" ? null : told?.ErrorCode,
                VendorErrorCode = told?.VendorErrorCode,
                Info = told?.Info,
                Since = told?.Since,
                Session = session?.Id,
                EnergyWh = session?.EnergyWh,
                PowerW = session?.Course.LastOrDefault(p => p.PowerW is not null)?.PowerW,
            };
        }
    }
}
