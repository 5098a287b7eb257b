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
            ? Derive(state.Configuration.Timings, state.Stations.GetValueOrDefault(station), known, state.OccupantOf, now)
            : EvseStatus.Removed;

    /// <summary>The session that holds a connector.</summary>
    public static Session? OccupantOf(this SiteState state, Position at) =>
        state.Occupants.TryGetValue(at, out var number) ? state.Sessions.GetValueOrDefault(number) : null;

    /// <summary>last_updated of an object (<see cref="StampName"/>); the start of our time when it has none yet.</summary>
    public static DateTimeOffset LastUpdated(this SiteState state, string @object) =>
        state.Stamps.TryGetValue(@object, out var stamp) ? stamp.LastUpdated : DateTimeOffset.UnixEpoch;

    /// <summary>EVSEs that hubs were shown and that the configuration names no more: they stay, as REMOVED (LO2).</summary>
    public static IEnumerable<EvseConfiguration> Removed(this SiteState state) => ConfigurationRules.Removed(state.Configuration, state.Shown);

    /// <summary>The bill of a session as it stands, by the code that makes its CDR (M10).</summary>
    public static Bill BillOf(this Session session, DateTimeOffset until) => SessionRules.BillOf(session, until);

    internal static EvseStatus Derive(
        SiteTimings timings, Station? station, EvseConfiguration evse, Func<Position, Session?> occupant, DateTimeOffset now)
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
        return statuses.Contains(EvseStatus.Available) ? EvseStatus.Available : statuses.FirstOrDefault(EvseStatus.Unknown);
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
            ConnectorState.Reserved => EvseStatus.Reserved,
            ConnectorState.Unavailable => EvseStatus.Inoperative,
            ConnectorState.Faulted => EvseStatus.OutOfOrder,
            _ => EvseStatus.Unknown,
        };
    }
}
