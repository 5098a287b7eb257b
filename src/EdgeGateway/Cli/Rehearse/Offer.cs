using System.Text.Json.Nodes;
using EdgeGateway.Hosting;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site;

namespace EdgeGateway.Cli.Rehearse;

/// <summary>What the hub is offered, as it reads it: the places, the prices, and whether each place has its price.</summary>
internal sealed class Offer(RehearsalSite site, Gateway gateway, SimulatedHub hub)
{
    public IEnumerable<Point> Judge(IReadOnlyList<JsonObject> locations, IReadOnlyList<JsonObject> tariffs)
    {
        var evses = locations.SelectMany(l => Objects(l, "evses")).Where(e => (string?)e["status"] != "REMOVED").ToArray();
        var connectors = evses.SelectMany(e => Objects(e, "connectors").Select(c => (Name: $"{e["uid"]}/{c["id"]}", Connector: c))).ToArray();
        yield return Locations(locations, evses, connectors.Length);

        var shown = tariffs.Select(t => (string?)t["id"]).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var held = Held(shown);
        yield return held.Count == 0
            ? Point.Pass("tariffs", shown.Count == 0 ? "none" : string.Join(", ", shown))
            : Point.Fail("tariffs", $"not shown in OCPI {hub.Version.Text()}: {string.Join("; ", held.Select(h => $"{h.Id}: {h.Why}"))}", "write this tariff so that the hub's version can show it, or give the hub another one (Hubs: Tariffs)");

        var bare = connectors.Where(c => !OcpiWords.Tariffs(c.Connector).Any()).Select(c => c.Name).ToArray();
        var dangling = connectors.SelectMany(c => OcpiWords.Tariffs(c.Connector).Where(t => !shown.Contains(t)).Select(t => $"{c.Name} names {t}")).ToArray();
        yield return bare.Length > 0
                ? Point.Fail("connectors and tariffs", $"without a tariff: {string.Join(", ", bare)}", "name a tariff in the connector's Tariffs; without one nobody can be billed")
            : dangling.Length > 0
                ? Point.Fail("connectors and tariffs", $"{string.Join(", ", dangling)}, which the hub cannot read", "see the tariffs above")
            : connectors.Length == 0
                ? Point.Fail("connectors and tariffs", "no connector to look at", "see the locations above")
            : Point.Pass("connectors and tariffs", $"{Terminal.Count(connectors.Length, "connector")}, each with its tariff");
    }

    private Point Locations(IReadOnlyList<JsonObject> locations, JsonObject[] evses, int connectors)
    {
        const string Name = "locations";
        if (!site.Site.IsExposed)
            return Point.Fail(Name, "the hub is shown nothing", "Site: Publish is false; set it to true, or no hub hears of this place");
        if (site.Places.Count == 0 || evses.Length == 0)
            return Point.Fail(
                Name, $"the hub is shown {Terminal.Count(locations.Count, "location")} without an EVSE",
                site.Site.Stations.Length == 0 ? "name a station in Stations" : "Publish is false, or names other hubs, at every station: publish at least one connector");
        var nameless = evses.Where(e => e["evse_id"] is null).Select(e => $"{e["uid"]}").ToArray();
        return nameless.Length > 0
            ? Point.Fail(Name, $"without EvseId: {string.Join(", ", nameless)}", "put the EVSE's id into EvseId, for example DE*ABC*E1001*1: no session of it can be billed without")
            : Point.Pass(Name, $"{Terminal.Count(evses.Length, "EVSE")} with {Terminal.Count(connectors, "connector")}");
    }

    /// <summary>Tariffs that are meant for this hub and that it cannot read, with the reason.</summary>
    private List<(string Id, string Why)> Held(HashSet<string> shown)
    {
        var state = gateway.Engine.State;
        var dialect = HubDialects.For(hub.Version.Text(), site.Hub)!;
        return
        [
            .. state.Configuration.TariffsFor(site.Hub.Name).Where(t => !shown.Contains(t.Id))
                .Select(t => (t.Id, Why: dialect.Tariff(state, t).Refusal))
                .Where(t => t.Why is not null).Select(t => (t.Id, t.Why!)),
        ];
    }

    private static IEnumerable<JsonObject> Objects(JsonObject whole, string list) => (whole[list] as JsonArray ?? []).OfType<JsonObject>();
}
