using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>EVSEs and connectors as people name them, in 1.6's one row of numbers.</summary>
internal static class V16Places
{
    /// <summary>The connectorIds that are meant; 0 for the whole station.</summary>
    /// <param name="connector">Null: all of the EVSE.</param>
    public static IReadOnlyList<int> Numbers(ChargerLine line, int? evse, int? connector)
    {
        if (evse is not { } id)
            return [0];
        if (connector is { } one)
            return [line.Connectors.NumberOf(new(line.Station, id, one))];
        int[] known = [.. line.Connectors.Connectors.Where(c => c.Evse == id).Select(line.Connectors.NumberOf).Order()];
        return known.Length > 0 ? known : [id];
    }

    /// <summary>Why a place makes no sense; null where it does, or where the station is in no configuration that would tell.</summary>
    /// <param name="at">With connector 0: any of the EVSE.</param>
    public static CareAnswer? Unknown(ChargerLine line, Position at)
    {
        var known = line.Connectors.Connectors;
        if (known.Count == 0 || known.Any(c => c.Evse == at.Evse && (at.Connector == 0 || c.Connector == at.Connector)))
            return null;
        var all = string.Join(", ", known.OrderBy(c => c.Evse).ThenBy(c => c.Connector).Select(c => $"{c.Evse}/{c.Connector}"));
        return CareAnswers.Invalid($"{line.Station} has no {(at.Connector == 0 ? $"EVSE {at.Evse}" : $"connector {at.Evse}/{at.Connector}")}; its connectors are {all}.");
    }
}
