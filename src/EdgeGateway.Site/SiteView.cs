using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using EdgeGateway.Site.Rules;

namespace EdgeGateway.Site;

/// <summary>Reading the state as the world is shown it: pure questions, no decisions.</summary>
public static class SiteView
{
    /// <summary>Status of an EVSE (LO5).</summary>
    public static EvseStatus StatusOf(this SiteState state, string station, int evse, DateTimeOffset now) =>
        state.Configuration.Station(station)?.Evse(evse) is { } known
            ? Derive(state.Configuration.Timings, state.Stations.GetValueOrDefault(station), known, state.OccupantOf, state.Reservations.Values, now)
            : EvseStatus.Removed;

    /// <summary>When it really was that a charger dates so, as far as its clock is known (FIELD-NOTES 11); now where it says nothing that can be right.</summary>
    public static DateTimeOffset RightedTime(this SiteState state, string station, DateTimeOffset? told, DateTimeOffset now) =>
        ChargerClock.Righted(state, station, told, now);

    /// <summary>The session that holds a connector.</summary>
    public static Session? OccupantOf(this SiteState state, Position at) =>
        state.Occupants.TryGetValue(at, out var number) ? state.Sessions.GetValueOrDefault(number) : null;

    /// <summary>The open session of a station's own transaction (2.x).</summary>
    public static Session? SessionOf(this SiteState state, string station, string transaction) =>
        state.Transactions.TryGetValue(TransactionKey.Of(station, transaction), out var number) ? state.Sessions.GetValueOrDefault(number) : null;

    /// <summary>last_updated of an object (<see cref="StampName"/>); the start of our time when it has none yet.</summary>
    public static DateTimeOffset LastUpdated(this SiteState state, string @object) =>
        state.Stamps.TryGetValue(@object, out var stamp) ? stamp.LastUpdated : DateTimeOffset.UnixEpoch;

    /// <summary>EVSEs that hubs were shown and that the configuration names no more: they stay, as REMOVED (LO2).</summary>
    public static IEnumerable<EvseConfiguration> Removed(this SiteState state) => ConfigurationRules.Removed(state.Configuration, state.Shown).Select(s => s.Evse);

    /// <summary>EVSEs that this hub was shown once and is shown no more, taken from the configuration or from its audience (LO2).</summary>
    public static IEnumerable<EvseConfiguration> RemovedFor(this SiteState state, string hub) => state.Shown.Values
        .Where(s => s.Hubs.Contains(hub, StringComparer.OrdinalIgnoreCase) && !state.Configuration.EvsesFor(hub).Any(e => string.Equals(e.Evse.Uid, s.Evse.Uid, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(s => s.Evse.Uid, StringComparer.Ordinal)
        // At least one connector stays (LO2); those that were never this hub's business are left out as long as one is.
        .Select(s => s.Evse.Connectors.Any(c => c.Publish.Includes(hub)) ? s.Evse with { Connectors = [.. s.Evse.Connectors.Where(c => c.Publish.Includes(hub))] } : s.Evse);

    /// <summary>What this hub is shown: EVSEs with those of their connectors that it may see, at least one each.</summary>
    public static IEnumerable<(StationConfiguration Station, EvseConfiguration Evse)> EvsesFor(this SiteConfiguration configuration, string hub)
    {
        if (!configuration.IsExposed)
            yield break;
        foreach (var station in configuration.Stations)
        {
            foreach (var evse in station.Evses.Where(e => configuration.Shows(station, e, hub)))
                yield return (station, evse with { Connectors = [.. evse.Connectors.Where(c => c.Publish.Includes(hub))] });
        }
    }

    /// <summary>Whether a hub is shown this EVSE: the station, the EVSE and at least one connector are for it.</summary>
    public static bool Shows(this SiteConfiguration configuration, StationConfiguration station, EvseConfiguration evse, string hub) =>
        configuration.IsExposed && station.Publish.Includes(hub) && evse.Publish.Includes(hub) && evse.Connectors.Any(c => c.Publish.Includes(hub));

    /// <summary>Whether a hub is shown this connector, and so may start and be billed there.</summary>
    public static bool Shows(this SiteConfiguration configuration, Position at, string hub) =>
        configuration.IsExposed && configuration.Station(at.Station) is { } station && station.Publish.Includes(hub)
        && station.Evse(at.Evse) is { } evse && evse.Publish.Includes(hub) && evse.Connector(at.Connector) is { } connector && connector.Publish.Includes(hub);

    /// <summary>Whether any hub of the file is shown this EVSE.</summary>
    public static bool IsShown(this SiteConfiguration configuration, StationConfiguration station, EvseConfiguration evse) =>
        configuration.Hubs.Any(h => configuration.Shows(station, evse, h.Name));

    /// <summary>Tariffs that this hub is shown: its own in place of those that they stand for; another hub's own are none of its business (L6).</summary>
    public static IEnumerable<Tariff> TariffsFor(this SiteConfiguration configuration, string hub)
    {
        var own = configuration.Hub(hub)?.Tariffs;
        foreach (var tariff in configuration.Tariffs)
        {
            var isOwn = own is not null && own.ContainsValue(tariff.Id);
            var isReplaced = own is not null && own.ContainsKey(tariff.Id);
            var isOthers = configuration.Hubs.Any(h => h.Tariffs.ContainsValue(tariff.Id))
                && !configuration.Stations.Any(s => s.Evses.Any(e => e.Connectors.Any(c => c.Tariffs.Contains(tariff.Id, StringComparer.OrdinalIgnoreCase))));
            if (isOwn || (!isReplaced && !isOthers))
                yield return tariff;
        }
    }

    /// <summary>The bill of a session as it stands, by the code that makes its CDR (M10).</summary>
    public static Bill BillOf(this Session session, DateTimeOffset until) => SessionRules.BillOf(session, until);

    internal static EvseStatus Derive(
        SiteTimings timings, Station? station, EvseConfiguration evse, Func<Position, Session?> occupant,
        IEnumerable<Reservation> reservations, DateTimeOffset now)
    {
        if (station is null || (!station.Connected && now - station.LineChanged >= timings.OfflineGrace))
            return EvseStatus.Unknown;
        var whole = station.Connectors.GetValueOrDefault(0)?.State;
        if (whole is ConnectorState.Faulted)
            return EvseStatus.OutOfOrder;
        var statuses = evse.Connectors.Select(c => OfConnector(station, new(station.Id, evse.Id, c.Id), occupant)).ToList();
        if (statuses.Contains(EvseStatus.Charging))
            return EvseStatus.Charging;
        if (whole is ConnectorState.Unavailable)
            return EvseStatus.Inoperative;
        if (statuses.Contains(EvseStatus.Reserved))
            return EvseStatus.Reserved;
        // With several connectors one that works is enough.
        if (statuses.Contains(EvseStatus.Available))
            return ReservationRules.IsKept(reservations, new(station.Id, evse.Id, 0)) ? EvseStatus.Reserved : EvseStatus.Available;
        return statuses.FirstOrDefault(EvseStatus.Unknown);
    }

    private static EvseStatus OfConnector(Station station, Position at, Func<Position, Session?> occupant)
    {
        if (occupant(at) is { Status: SessionStatus.Active })
            return EvseStatus.Charging;
        return station.Connectors.GetValueOrDefault(Connector.Key(at))?.State switch
        {
            ConnectorState.Available => EvseStatus.Available,
            ConnectorState.Preparing or ConnectorState.Charging or ConnectorState.SuspendedEV or ConnectorState.SuspendedEvse
                or ConnectorState.Finishing => EvseStatus.Charging,
            ConnectorState.Occupied => EvseStatus.Blocked,
            ConnectorState.Reserved => EvseStatus.Reserved,
            ConnectorState.Unavailable => EvseStatus.Inoperative,
            ConnectorState.Faulted => EvseStatus.OutOfOrder,
            _ => EvseStatus.Unknown,
        };
    }
}
