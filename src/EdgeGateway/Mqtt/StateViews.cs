using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Mqtt;

/// <summary>The site's records as they are published: flat, units in the names, no whole uid (S11).</summary>
internal static class StateViews
{
    /// <summary>Stations, configured or seen; the configuration's spelling of an id comes first.</summary>
    public static IEnumerable<string> StationIds(this SiteState state) =>
        state.Configuration.Stations.Select(static s => s.Id).Concat(state.Stations.Keys).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when neither the configuration nor the site knows it.</summary>
    public static StationPayload? Station(this SiteState state, string id, DateTimeOffset? lastSeen)
    {
        var configured = state.Configuration.Station(id);
        state.Stations.TryGetValue(id, out var station);
        if (configured is null && station is null)
            return null;
        const string Ocpp = "OCPP ";
        return new()
        {
            Id = configured?.Id ?? station!.Id,
            Configured = configured is not null,
            Admission = (station?.Admission ?? Admission.Accepted).ToString(),
            Connected = station?.Connected ?? false,
            LineChanged = station?.LineChanged,
            Protocol = station?.Protocol,
            OcppVersion = station?.Protocol is { } protocol && protocol.StartsWith(Ocpp, StringComparison.OrdinalIgnoreCase) ? protocol[Ocpp.Length..] : null,
            Vendor = station?.Identity?.Vendor,
            Model = station?.Identity?.Model,
            Serial = station?.Identity?.Serial,
            Firmware = station?.Identity?.Firmware,
            LastSeen = lastSeen,
            ClockOffsetSeconds = station?.ClockOffset?.TotalSeconds,
            Faults = [.. (station?.Connectors.Values ?? []).Where(static c => IsFault(c.ErrorCode)).Select(static c => $"{c.At.Evse}/{c.At.Connector} {c.ErrorCode}")],
        };
    }

    /// <summary>Each EVSE of a station, configured or told of, by its number.</summary>
    public static IEnumerable<EvsePayload> Evses(this SiteState state, string id, DateTimeOffset now)
    {
        var configured = state.Configuration.Station(id);
        state.Stations.TryGetValue(id, out var station);
        var places = (configured?.Evses ?? []).SelectMany(static e => e.Connectors.Select(c => (Evse: e.Id, Connector: c.Id)))
            .Concat((station?.Connectors.Values ?? []).Where(static c => !c.At.IsStation).Select(static c => (c.At.Evse, c.At.Connector)))
            .Distinct().Order();
        foreach (var evse in places.GroupBy(static p => p.Evse))
            yield return state.Evse(configured, station, configured?.Id ?? station!.Id, evse.Key, [.. evse.Select(static p => p.Connector)], now);
    }

    public static SessionPayload View(this Session session, Cdr? cdr)
    {
        var newest = session.IsOpen ? session.Course.LastOrDefault(static p => p.PowerW is not null) : null;
        return new()
        {
            Id = session.Id,
            Number = session.Number,
            Station = session.At.Station,
            Evse = session.At.Evse,
            Connector = session.At.Connector,
            Status = session.Status.ToString(),
            Last = !session.IsOpen,
            IdTag = Uid.Mask(session.IdTag),
            Hub = session.Hub,
            Started = session.StartedAt,
            Ended = session.EndedAt,
            EnergyWh = cdr?.Bill.EnergyWh ?? session.EnergyWh,
            PowerW = newest?.PowerW,
            StateOfChargePercent = session.Course.LastOrDefault(static p => p.StateOfCharge is not null)?.StateOfCharge,
            StopReason = session.StopReason,
            Flags = session.Flags == SessionFlags.None ? [] : session.Flags.ToString().Split(", "),
            Cdr = cdr?.Id,
            Currency = cdr?.Bill.Currency,
            TotalExclVat = cdr?.Bill.Total.ExclVat,
            TotalInclVat = cdr?.Bill.Total.InclVat,
            DurationSeconds = cdr?.Bill.Duration.TotalSeconds,
            ParkingSeconds = cdr?.Bill.Parking.TotalSeconds,
            LastUpdated = session.LastUpdated,
        };
    }

    public static MeterPayload View(this MeterReading reading) => new()
    {
        Id = reading.Meter,
        Role = reading.Role.ToString(),
        Station = reading.Station,
        Evse = reading.Evse,
        Quality = reading.Quality.ToString(),
        At = reading.At,
        EnergyWh = reading.EnergyWh,
        ExportWh = reading.ExportWh,
        PowerW = reading.PowerW,
        ReactivePowerVar = reading.ReactivePowerVar,
        PowerFactor = reading.PowerFactor,
        FrequencyHz = reading.FrequencyHz,
        CurrentA = reading.CurrentA,
        VoltageL1V = Phase(reading, 0)?.VoltageV,
        VoltageL2V = Phase(reading, 1)?.VoltageV,
        VoltageL3V = Phase(reading, 2)?.VoltageV,
        CurrentL1A = Phase(reading, 0)?.CurrentA,
        CurrentL2A = Phase(reading, 1)?.CurrentA,
        CurrentL3A = Phase(reading, 2)?.CurrentA,
        PowerL1W = Phase(reading, 0)?.PowerW,
        PowerL2W = Phase(reading, 1)?.PowerW,
        PowerL3W = Phase(reading, 2)?.PowerW,
        Vendor = reading.Vendor,
        Model = reading.Model,
        Serial = reading.Serial,
        Trouble = reading.Trouble,
    };

    /// <summary>OCPI's words.</summary>
    public static string Word(EvseStatus status) => status is EvseStatus.OutOfOrder ? "OUTOFORDER" : status.ToString().ToUpperInvariant();

    private static EvsePayload Evse(this SiteState state, StationConfiguration? configured, Station? station, string id, int number, IReadOnlyList<int> connectors, DateTimeOffset now)
    {
        var setting = configured?.Evse(number);
        var views = connectors.Select(c => state.Connector(station, new(id, number, c))).ToList();
        var session = connectors.Select(c => state.SessionAt(new(id, number, c))).FirstOrDefault(static s => s is not null);
        return new()
        {
            Station = id,
            Evse = number,
            EvseId = setting?.EvseId,
            PhysicalReference = setting?.PhysicalReference,
            Status = Word(state.StatusOf(id, number, now)),
            ConnectorStatus = (views.Find(v => v.Session is not null && v.Session == session?.Id) ?? views.FirstOrDefault())?.Status,
            PowerW = session is null ? 0 : session.Course.LastOrDefault(static p => p.PowerW is not null)?.PowerW,
            EnergyWh = session?.EnergyWh,
            Session = session?.Id,
            SessionStarted = session?.StartedAt,
            Connectors = views,
        };
    }

    private static ConnectorPayload Connector(this SiteState state, Station? station, Position at)
    {
        var told = station?.Connectors.GetValueOrDefault(Site.Model.Connector.Key(at));
        return new()
        {
            Connector = at.Connector,
            Status = told?.State.ToString(),
            ErrorCode = IsFault(told?.ErrorCode) ? told!.ErrorCode : null,
            VendorErrorCode = told?.VendorErrorCode,
            Info = told?.Info,
            Since = told?.Since,
            Session = state.SessionAt(at)?.Id,
        };
    }

    /// <summary>The session that holds a connector, or else one that is promised there.</summary>
    private static Session? SessionAt(this SiteState state, Position at) => state.OccupantOf(at) ?? state.Sessions.Values
        .Where(s => s.At.Evse == at.Evse && s.At.Connector == at.Connector && s.EndInferred is null && string.Equals(s.At.Station, at.Station, StringComparison.OrdinalIgnoreCase))
        .MaxBy(static s => s.Number);

    private static bool IsFault(string? code) => code is not (null or "NoError");

    private static PhaseReading? Phase(MeterReading reading, int index) =>
        !reading.Phases.IsDefault && index < reading.Phases.Length ? reading.Phases[index] : null;
}
