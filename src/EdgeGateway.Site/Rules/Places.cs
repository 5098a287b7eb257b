using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>A connector that a command may mean.</summary>
/// <param name="State">As the charger last told it; null when it never did.</param>
internal sealed record Place(Position At, ConnectorState? State);

/// <summary>Which connectors a command means: of what its hub is shown. The technician may name all.</summary>
internal static class Places
{
    /// <param name="refusal">Why there is none; null when there is at least one.</param>
    public static List<Place> Named(TurnDraft draft, string? hub, string? location, string? evse, int? connector, out Grant? refusal)
    {
        refusal = null;
        if (location is not null && !string.Equals(location, draft.Configuration.Site.Id, StringComparison.OrdinalIgnoreCase))
        {
            refusal = Grant.Refused(Refusal.UnknownLocation, "unknown location");
            return [];
        }
        var places = Of(draft, hub, evse);
        if (places.Count == 0)
            refusal = Grant.Refused(Refusal.UnknownEvse, "unknown EVSE");
        else if (connector is { } wanted && (places = places.FindAll(p => p.At.Connector == wanted)).Count == 0)
            refusal = Grant.Refused(Refusal.UnknownConnector, "unknown connector");
        return places;
    }

    /// <summary>Those of them whose station has a line.</summary>
    public static List<Place> Reachable(TurnDraft draft, List<Place> places, ref Grant? refusal)
    {
        if (refusal is not null)
            return [];
        places = places.FindAll(p => draft.Stations.GetValueOrDefault(p.At.Station) is { Connected: true });
        if (places.Count == 0)
            refusal = Grant.Refused(Refusal.StationOffline, "the charging station is offline");
        return places;
    }

    /// <summary>A start from afar is under way there.</summary>
    public static bool IsPromised(TurnDraft draft, Position at) => draft.Admissions.Values.Any(a => a.At == at && a.Until > draft.Now);

    private static List<Place> Of(TurnDraft draft, string? hub, string? evse)
    {
        var found = new List<Place>();
        foreach (var station in draft.Configuration.Stations)
        {
            foreach (var known in station.Evses)
            {
                if (evse is not null && !string.Equals(known.Uid, evse, StringComparison.OrdinalIgnoreCase))
                    continue;
                foreach (var connector in known.Connectors)
                {
                    var at = new Position(station.Id, known.Id, connector.Id);
                    if (hub is not null && !draft.Configuration.Shows(at, hub))
                        continue;
                    found.Add(new(at, draft.Stations.GetValueOrDefault(station.Id)?.Connectors.GetValueOrDefault(Connector.Key(at))?.State));
                }
            }
        }
        return found;
    }
}
