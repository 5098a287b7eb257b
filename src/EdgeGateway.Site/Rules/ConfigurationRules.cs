using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>What the installer wrote, and which objects it changes for the hubs.</summary>
internal static class ConfigurationRules
{
    private const string Listed = "listed";

    /// <summary>In place of a fingerprint: the configuration has no such object any more.</summary>
    private const string Gone = "gone";

    public static object Configure(TurnDraft draft, Configure request)
    {
        var configuration = draft.Configuration = request.Configuration;
        var changes = new List<string>();
        foreach (var tariff in configuration.Tariffs)
        {
            if (!Renew(draft, StampName.Tariff(tariff.Id), Fingerprint(tariff)))
                continue;
            changes.Add($"tariff {tariff.Id}");
            draft.OweEveryHub(DeliveryKind.Tariff, tariff.Id);
        }
        foreach (var id in draft.Stamps.Keys.Select(StampName.TariffOf).OfType<string>().Where(id => configuration.Tariff(id) is null).Order(StringComparer.Ordinal).ToList())
        {
            if (!Renew(draft, StampName.Tariff(id), Gone))
                continue;
            changes.Add($"tariff {id}");
            draft.OweEveryHub(DeliveryKind.Tariff, id);
        }
        var moved = Renew(draft, StampName.Location(configuration.Site.Id), Fingerprint(configuration));
        PutOut(draft, changes);
        foreach (var station in configuration.Stations)
        {
            Renew(draft, StampName.Station(station.Id), Listed);
            if (draft.Stations.GetValueOrDefault(station.Id) is { Admission: not Admission.Accepted } known)
                draft.Save(known with { Admission = Admission.Accepted });
            foreach (var evse in station.Evses)
            {
                // A change of a connector moves connector, EVSE and location (P6).
                var differs = RenewEvse(draft, evse) | RenewConnectors(draft, evse);
                if (differs)
                    draft.Stamp(StampName.Evse(evse.Uid));
                if (differs && configuration.IsShown(station, evse))
                    moved = true;
                if (differs)
                    changes.Add($"EVSE {evse.Uid}");
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
        if (moved)
        {
            changes.Add($"location {configuration.Site.Id}");
            draft.Stamp(StampName.Location(configuration.Site.Id));
            draft.OweEveryHub(DeliveryKind.Location, configuration.Site.Id);
        }
        return new Configured(changes);
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
        foreach (var tariff in draft.Configuration.Tariffs)
            draft.Owe(request.Hub, DeliveryKind.Tariff, tariff.Id);
        draft.Owe(request.Hub, DeliveryKind.Location, draft.Configuration.Site.Id);
        draft.Raise(Severity.Info, "HubRegistered", request.Hub, "Credentials are exchanged; tariffs and locations are on their way.");
        return Recorded.Instance;
    }

    /// <summary>The hub lost our place, or never had it: all that it needs to route to us again.</summary>
    public static Recorded Show(TurnDraft draft, ShowLocation request)
    {
        draft.Owe(request.Hub, DeliveryKind.Location, draft.Configuration.Site.Id);
        return Recorded.Instance;
    }

    private static bool RenewEvse(TurnDraft draft, EvseConfiguration evse)
    {
        var name = StampName.Evse(evse.Uid);
        var last = draft.Stamps.GetValueOrDefault(name)?.Fingerprint ?? "";
        var content = Hash($"{evse.EvseId}\n{evse.PhysicalReference}");
        var status = last.Contains('|') ? last[(last.IndexOf('|') + 1)..] : "";
        return Renew(draft, name, $"{content}|{status}");
    }

    private static bool RenewConnectors(TurnDraft draft, EvseConfiguration evse)
    {
        var differs = false;
        foreach (var c in evse.Connectors)
        {
            var content = $"{c.Standard}\n{c.Format}\n{c.PowerType}\n{c.MaxVoltage}\n{c.MaxAmperage}\n{c.MaxElectricPowerW}\n{string.Join(',', c.Tariffs)}";
            differs |= Renew(draft, StampName.Connector(evse.Uid, c.Id), Hash(content));
        }
        return differs;
    }

    private static bool Renew(TurnDraft draft, string name, string fingerprint)
    {
        if (draft.Stamps.GetValueOrDefault(name)?.Fingerprint == fingerprint)
            return false;
        draft.Stamp(name, fingerprint);
        return true;
    }

    /// <summary>The location's own members and which EVSEs it shows; theirs are stamped apart.</summary>
    private static string Fingerprint(SiteConfiguration configuration)
    {
        var text = new StringBuilder(configuration.Site.ToString()).Append('\n').Append(configuration.Party).Append(configuration.PartyName);
        foreach (var station in configuration.Stations)
            text.Append('\n').AppendJoin(',', station.Evses.Where(e => configuration.IsShown(station, e)).Select(e => e.Uid));
        return Hash(text.ToString());
    }

    private static string Fingerprint(Tariff t)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{t.Currency} {t.Type} {t.AltUrl} {t.MinPrice} {t.MaxPrice} {t.ValidFrom:O} {t.ValidUntil:O}");
        text.AppendJoin('|', t.AltText);
        foreach (var element in t.Elements)
        {
            text.Append('\n').AppendJoin('|', element.Components).Append(element.Restrictions);
            if (element.Restrictions is { } restrictions)
                text.AppendJoin(',', restrictions.Days);
        }
        return Hash(text.ToString());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}
