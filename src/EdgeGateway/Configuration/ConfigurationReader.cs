using System.Text.Json.Nodes;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Configuration;

/// <summary>Reads the whole file and tells all faults in one go (PRODUCT §3). Touches nothing but the files it is pointed to.</summary>
public static class ConfigurationReader
{
    public static ConfigurationRead Read(Sources sources)
    {
        var findings = new Findings();
        var tree = sources.Read(findings);
        var configuration = tree is null ? null : Read(tree, Path.GetDirectoryName(sources.File)!, findings);
        return new(findings.Faults.Count == 0 ? configuration : null, findings, sources.File);
    }

    /// <summary>The files besides the configuration itself whose content matters: tariffs, models' quirks, devices on Modbus.</summary>
    public static IReadOnlyList<string> FurtherFiles(Sources sources)
    {
        var gateway = Gateway(sources.Read(new()), new());
        var folder = Path.GetDirectoryName(sources.File)!;
        return [.. TariffReader.Files(gateway, folder), .. QuirkReader.Files(gateway.Child("Ocpp"), folder), .. ModbusReader.Files(gateway, folder)];
    }

    /// <summary>Only where the technician's listener is: verbs need no more, and work beside a file that is being edited.</summary>
    public static (Listeners Listeners, AdminSettings Admin) ReadAdmin(Sources sources)
    {
        var findings = new Findings();
        var gateway = Gateway(sources.Read(findings), findings);
        var listeners = ListenerReader.Read(gateway.Child("Ocpp"), gateway.Child("Ocpi"), gateway.Child("Admin"), Path.GetDirectoryName(sources.File)!);
        return (listeners, new() { Password = gateway.Child("Admin").Text("Password", 128) });
    }

    /// <summary>Only the devices on Modbus that are known: built in, and the installer's own.</summary>
    public static TemplateBook ReadTemplates(Sources sources, Findings findings) =>
        new ModbusReader(Gateway(sources.Read(findings), findings), Path.GetDirectoryName(sources.File)!).Book;

    /// <summary>Where the party is wrong that is told once, and not again by everything that would bear its codes.</summary>
    private static readonly Party Nobody = new("XX", "XXX");

    private static GatewayConfiguration Read(JsonObject tree, string folder, Findings findings)
    {
        var root = new Section(tree, "", findings);
        _ = root.Text("$schema", 1024);
        var gateway = root.Child("Gateway");
        if (!gateway.IsPresent)
            findings.Fault("Gateway", null, "the section that says what this site is");

        var (party, ocpp, ocpi, admin) = (gateway.Child("Party"), gateway.Child("Ocpp"), gateway.Child("Ocpi"), gateway.Child("Admin"));
        var owner = SiteReader.Party(party, required: true) ?? Nobody;
        var (tariffs, tariffIds) = TariffReader.Read(gateway, folder, owner);
        var listeners = ListenerReader.Read(ocpp, ocpi, admin, folder);
        var (hubs, terms) = HubReader.Read(gateway, ocpi, listeners, tariffIds);
        var details = DetailsReader.Location(gateway.Child("Site"));
        var (modbus, cards) = (new ModbusReader(gateway, folder), SiteReader.LocalTokens(gateway, owner));
        var stations = new StationReader(tariffIds, [.. terms.Select(t => t.Name)], [.. details.ParkingPlaces.Select(p => p.Id)], new(modbus, cards)).Read(gateway);
        var chargers = Chargers(ocpp, folder, stations.Select(s => s.Access), gateway.Choice("UnknownStations", UnknownStations.Pending));
        var storage = SiteReader.Storage(gateway.Child("Storage"), folder);
        var meters = MeterReader.Read(gateway, modbus, stations.Select(static s => s.Configuration));
        var configuration = new GatewayConfiguration
        {
            Site = new()
            {
                Party = owner,
                PartyName = party.Text("Name", 100) ?? owner.PartyId,
                Site = SiteReader.Description(gateway.Child("Site")),
                Stations = [.. stations.Select(s => s.Configuration)],
                UnknownStations = chargers.UnknownStations,
                LocalTokens = cards,
                Meters = [.. meters.Select(static m => m.Meter)],
                Tariffs = tariffs,
                Hubs = terms,
                Details = details,
                RoundTotals = ocpi.Flag("RoundTotals", false),
                Timings = SiteReader.Timings(gateway.Child("Timings"), TimeSpan.FromSeconds(chargers.HeartbeatSeconds)),
            },
            Listeners = listeners,
            Chargers = chargers with { Files = FilesReader.Read(ocpp, folder, storage.Path), ModbusLines = [.. stations.Select(static s => s.Line).OfType<ModbusLine>()] },
            Meters = new() { Meters = meters, ValueInterval = TimeSpan.FromSeconds(chargers.MeterValueSeconds) },
            Templates = modbus.Book,
            Hubs = hubs,
            Mqtt = MqttReader.Read(gateway.Child("Mqtt"), folder, gateway.Child("Site").Text("Id", 36) ?? "site"),
            Storage = storage,
            Certificates = ListenerReader.Certificates(gateway.Child("Certificates"), folder, storage.Path, party.Text("Name", 100) ?? owner.PartyId),
            Admin = ListenerReader.Guard(ocpi, admin, listeners, hubs.AllowPlaintext),
            Log = SiteReader.Log(root.Child("Logging").Child("LogLevel")),
        };
        root.TellUnknownKeys();
        return configuration;
    }

    private static ChargersOptions Chargers(Section ocpp, string folder, IEnumerable<StationAccess?> access, UnknownStations unknown)
    {
        var usual = new ChargersOptions();
        return new()
        {
            Stations = [.. access.OfType<StationAccess>()],
            UnknownStations = unknown,
            HeartbeatSeconds = ocpp.Integer("HeartbeatSeconds", 1, 86_400) ?? usual.HeartbeatSeconds,
            MeterValueSeconds = ocpp.Integer("MeterValueSeconds", 0, 86_400) ?? usual.MeterValueSeconds,
            LineMessagesPerSecond = ocpp.Integer("LineMessagesPerSecond", 1, 100_000) ?? usual.LineMessagesPerSecond,
            SiteMessagesPerSecond = ocpp.Integer("SiteMessagesPerSecond", 1, 1_000_000) ?? usual.SiteMessagesPerSecond,
            CallTimeoutSeconds = ocpp.Integer("CallTimeoutSeconds", 1, 600) ?? usual.CallTimeoutSeconds,
            Settings = QuirkReader.Settings(ocpp.Child("Settings")),
            QuirkPages = QuirkReader.Pages(ocpp, folder),
            LocalListEntries = ocpp.Integer("LocalListEntries", 0, 10_000) ?? usual.LocalListEntries,
        };
    }

    private static Section Gateway(JsonObject? tree, Findings findings) => new Section(tree, "", findings).Child("Gateway");
}
