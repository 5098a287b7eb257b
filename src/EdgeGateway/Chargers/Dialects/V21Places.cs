using System.Collections.Immutable;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>2.x numbers EVSEs from 1, and connectors within each from 1, as the site does; EVSE 0 is the station.</summary>
internal static class V21Places
{
    /// <summary>The highest number that is believed; whatever is told of a higher one is told of no place (I16).</summary>
    public const int MostNumber = ConnectorNumbers.MostNumber;

    /// <summary>
    /// Where a status is true. A connector 0 of an EVSE, as ocpp-go sends it, is all of its connectors (seen on the wire, 7); EVSE 0 is the station.
    /// Empty: there is no such place.
    /// </summary>
    public static ImmutableArray<Position> OfStatus(SiteState state, string station, int evse, int connector)
    {
        if (evse is < 0 or > MostNumber || connector is < 0 or > MostNumber)
            return [];
        if (evse == 0)
            return [new(station, 0, 0)];
        if (connector > 0)
            return [new(station, evse, connector)];
        return state.Configuration.Station(station)?.Evse(evse) is { Connectors.Length: > 0 } known
            ? [.. known.Connectors.Select(c => new Position(station, evse, c.Id))]
            : [new(station, evse, 1)];
    }

    /// <summary>Where a transaction is; null where the event does not say, or names the station itself (FIELD-NOTES 20, 23; shiv3: EVSE 0, connector 0).</summary>
    public static Position? OfTransaction(SiteState state, string station, EVSE? evse)
    {
        if (evse is not { Id: > 0 and <= MostNumber })
            return null;
        return evse.ConnectorId is { } connector and > 0 and <= MostNumber ? new(station, evse.Id, connector) : In(state, station, evse.Id);
    }

    /// <summary>Where values of an EVSE were measured: at the connector that is in use, else at its first. Without an EVSE, or of EVSE 0: the station's main meter.</summary>
    public static Position OfValues(SiteState state, string station, int? evse) =>
        evse is > 0 and <= MostNumber ? In(state, station, evse.Value) : new(station, 0, 0);

    private static Position In(SiteState state, string station, int evse)
    {
        if (state.Configuration.Station(station)?.Evse(evse) is not { Connectors: [var first, ..] connectors })
            return new(station, evse, 1);
        foreach (var connector in connectors)
        {
            var at = new Position(station, evse, connector.Id);
            if (state.OccupantOf(at) is not null)
                return at;
        }
        foreach (var connector in connectors)
        {
            var at = new Position(station, evse, connector.Id);
            if (state.Stations.GetValueOrDefault(station)?.Connectors.GetValueOrDefault(Connector.Key(at))?.State is ConnectorState.Occupied or ConnectorState.Preparing)
                return at;
        }
        return new(station, evse, first.Id);
    }
}
