using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>What the installer wrote, and which objects it changes for the hubs.</summary>
internal static class ConfigurationRules
{
    private const string Listed = "listed";

    /// <summary>In place of a fingerprint: the configuration has no such object any more.</summary>
    internal const string Gone = "gone";

    public static object Configure(TurnDraft draft, Configure request)
    {
        var configuration = draft.Configuration = request.Configuration;
        var changes = new List<string>();
        var views = new HubViews(draft);
        Tariffs(draft, views, changes);
        PutOut(draft, changes);
        var own = Renew(draft, StampName.Location(configuration.Site.Id), Fingerprints.Of(configuration));
        var concerned = configuration.Hubs.Where(h => own || !views.Knows(h)).Select(h => h.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var moved = own | Evses(draft, views, concerned, changes);
        if (moved)
        {
            changes.Add($"location {configuration.Site.Id}");
            draft.Stamp(StampName.Location(configuration.Site.Id));
        }
        foreach (var hub in configuration.Hubs.Where(h => concerned.Contains(h.Name)))
            draft.Owe(hub.Name, DeliveryKind.Location, configuration.Site.Id);
        return new Configured(changes);
    }

    /// <summary>A tariff is owed to the hubs for which it changed, came into view or went out of it; others never hear its name (L6).</summary>
    private static void Tariffs(TurnDraft draft, HubViews views, List<string> changes)
    {
        var configuration = draft.Configuration;
        var moved = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var tariff in configuration.Tariffs)
        {
            if (Renew(draft, StampName.Tariff(tariff.Id), Fingerprints.Of(tariff)))
                moved.Add(tariff.Id);
        }
        var all = draft.Stamps.Keys.Select(StampName.TariffOf).OfType<string>().Order(StringComparer.Ordinal).ToList();
        foreach (var id in all.Where(id => configuration.Tariff(id) is null))
        {
            if (Renew(draft, StampName.Tariff(id), Gone))
                moved.Add(id);
        }
        foreach (var hub in configuration.Hubs)
        {
            var shown = configuration.TariffsFor(hub.Name).Select(t => t.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var id in all)
            {
                var name = StampName.Tariff(id);
                var isShown = shown.Contains(id);
                if (!(isShown ? views.Show(hub, name, draft.Stamps[name].Fingerprint) : views.Hide(hub, name) || views.WasShownToAll(name)))
                    continue;
                draft.Owe(hub.Name, DeliveryKind.Tariff, id);
                // Come into view, it is new to whoever asks for what has changed since.
                if (moved.Add(id) && isShown && views.Knows(hub))
                    draft.Stamp(name);
            }
        }
        changes.AddRange(moved.Select(id => $"tariff {id}"));
    }

    /// <summary>A change of a connector moves connector, EVSE and location (P6), and is owed to the hubs that see it, or did until now.</summary>
    /// <returns>Whether the location moves.</returns>
    private static bool Evses(TurnDraft draft, HubViews views, HashSet<string> concerned, List<string> changes)
    {
        var configuration = draft.Configuration;
        var moved = false;
        foreach (var station in configuration.Stations)
        {
            Renew(draft, StampName.Station(station.Id), Listed);
            if (draft.Stations.GetValueOrDefault(station.Id) is { Admission: not Admission.Accepted } known)
                draft.Save(known with { Admission = Admission.Accepted });
            foreach (var evse in station.Evses)
            {
                var differs = RenewEvse(draft, evse) | RenewConnectors(draft, evse);
                var anew = RenewViews(draft, views, station, evse, concerned);
                if (differs || anew)
                {
                    draft.Stamp(StampName.Evse(evse.Uid));
                    changes.Add($"EVSE {evse.Uid}");
                }
                moved |= anew || (differs && configuration.IsShown(station, evse));
                if (differs)
                    concerned.UnionWith(configuration.Hubs.Where(h => configuration.Shows(station, evse, h.Name)).Select(h => h.Name));
                Show(draft, station, evse);
                StationRules.Restamp(draft, new(station.Id, evse.Id, 0));
            }
        }
        foreach (var (evse, _) in Removed(configuration, draft.Shown).ToList())
        {
            if (!Renew(draft, StampName.Evse(evse.Uid), $"{Gone}|{EvseStatus.Removed}"))
                continue;
            changes.Add($"EVSE {evse.Uid}");
            moved = true;
        }
        foreach (var hub in configuration.Hubs)
        {
            foreach (var uid in views.HideTheRest(hub).Select(StampName.EvseOf).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                concerned.Add(hub.Name);
                draft.Stamp(StampName.Evse(uid));
                moved = true;
            }
        }
        return moved;
    }

    /// <summary>Which connectors of an EVSE each hub sees, and under which tariffs.</summary>
    /// <returns>Whether that differs for a hub that was there before.</returns>
    private static bool RenewViews(TurnDraft draft, HubViews views, StationConfiguration station, EvseConfiguration evse, HashSet<string> concerned)
    {
        var moved = false;
        foreach (var hub in draft.Configuration.Hubs)
        {
            foreach (var connector in evse.Connectors)
            {
                var name = StampName.Connector(evse.Uid, connector.Id);
                var differs = draft.Configuration.Shows(new Position(station.Id, evse.Id, connector.Id), hub.Name)
                    ? views.Show(hub, name, Fingerprints.OfTariffs(connector, hub))
                    : views.Hide(hub, name);
                if (!differs)
                    continue;
                concerned.Add(hub.Name);
                if (!views.Knows(hub))
                    continue;
                draft.Stamp(name);
                moved = true;
            }
        }
        return moved;
    }

    /// <summary>What the file let in and names no more is as strange as any other station (S2), were the gateway stopped meanwhile or not.</summary>
    private static void PutOut(TurnDraft draft, List<string> changes)
    {
        foreach (var stamp in draft.Stamps.Values.Where(s => s.Fingerprint == Listed && s.Object.StartsWith(StampName.Stations, StringComparison.Ordinal)).ToList())
        {
            var id = stamp.Object[StampName.Stations.Length..];
            if (draft.Configuration.Station(id) is not null)
                continue;
            draft.Stamp(stamp.Object, "");
            changes.Add($"station {id} is listed no more");
            if (draft.Stations.TryGetValue(id, out var station))
                draft.Save(station with { Admission = draft.OfStranger });
        }
    }

    /// <summary>What hubs were shown and the configuration names no more (LO2).</summary>
    public static IEnumerable<ShownEvse> Removed(SiteConfiguration configuration, ImmutableDictionary<string, ShownEvse> shown) => shown.Values
        .Where(e => !configuration.Stations.Any(s => s.Evses.Any(known => string.Equals(known.Uid, e.Evse.Uid, StringComparison.OrdinalIgnoreCase))))
        .OrderBy(e => e.Evse.Uid, StringComparer.Ordinal);

    private static void Show(TurnDraft draft, StationConfiguration station, EvseConfiguration evse)
    {
        var now = draft.Configuration.Hubs.Where(h => draft.Configuration.Shows(station, evse, h.Name)).Select(h => h.Name).ToList();
        var known = draft.Shown.GetValueOrDefault(evse.Uid);
        if (now.Count == 0 || (known is not null && known.Evse == evse && now.TrueForAll(known.Hubs.Contains)))
            return;
        draft.Show(new(evse, [.. (known?.Hubs ?? []).Union(now)]));
    }

    /// <summary>A new partner has nothing of us yet.</summary>
    public static Recorded Welcome(TurnDraft draft, WelcomeHub request)
    {
        OweAll(draft, request.Hub);
        draft.Raise(Severity.Info, "HubRegistered", request.Hub, "Credentials are exchanged; tariffs and locations are on their way.");
        return Recorded.Instance;
    }

    /// <summary>What a hub should have by now, and has lost.</summary>
    public static Recorded ShowAgain(TurnDraft draft, ShowLocation request)
    {
        OweAll(draft, request.Hub);
        draft.Raise(Severity.Info, "LocationShownAgain", request.Hub, "It did not know a place or a tariff of ours: tariffs and locations are on their way again.");
        return Recorded.Instance;
    }

    /// <summary>Tariffs first: a location names them (LO7).</summary>
    private static void OweAll(TurnDraft draft, string hub)
    {
        foreach (var tariff in draft.Configuration.TariffsFor(hub))
            draft.Owe(hub, DeliveryKind.Tariff, tariff.Id);
        draft.Owe(hub, DeliveryKind.Location, draft.Configuration.Site.Id);
    }

    private static bool RenewEvse(TurnDraft draft, EvseConfiguration evse)
    {
        var name = StampName.Evse(evse.Uid);
        var last = draft.Stamps.GetValueOrDefault(name)?.Fingerprint ?? "";
        var status = last.Contains('|') ? last[(last.IndexOf('|') + 1)..] : "";
        return Renew(draft, name, $"{Fingerprints.Of(evse)}|{status}");
    }

    private static bool RenewConnectors(TurnDraft draft, EvseConfiguration evse)
    {
        var differs = false;
        foreach (var c in evse.Connectors)
            differs |= Renew(draft, StampName.Connector(evse.Uid, c.Id), Fingerprints.Of(c));
        return differs;
    }

    private static bool Renew(TurnDraft draft, string name, string fingerprint)
    {
        if (draft.Stamps.GetValueOrDefault(name)?.Fingerprint == fingerprint)
            return false;
        draft.Stamp(name, fingerprint);
        return true;
    }
}
