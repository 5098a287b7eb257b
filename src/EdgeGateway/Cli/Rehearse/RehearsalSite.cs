using System.Net;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Configuration;
using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Cli.Rehearse;

/// <summary>A published connector at which the hub starts a session.</summary>
/// <param name="Number">As its charger counts.</param>
internal sealed record RehearsedPlace(string Station, string Evse, string Connector, int Number);

/// <summary>The installer's site as it is, on loopback ports, with a database of its own, a simulated hub and simulated chargers in place of the real ones.</summary>
internal sealed class RehearsalSite
{
    /// <summary>Stations that are charged at; more would say the same.</summary>
    public const int MostStations = 8;

    private const string RegistrationToken = "rehearsal-token-a-0123456789";
    private const string Password = "rehearsal-password-0123456789";
    private const int Seed = 1;

    private readonly GatewayConfiguration _file;
    private readonly string _folder;

    public RehearsalSite(GatewayConfiguration file, HubOptions hub, string folder)
    {
        (_file, Hub, _folder) = (file, hub, folder);
        Versions = [.. HubDialects.For(hub).Select(v => v.Text())];
        Places = [.. file.Site.Stations.Select(PlaceOf).OfType<RehearsedPlace>().Take(MostStations)];
        Chargers = [.. file.Site.Stations.Where(s => Places.Any(p => p.Station == s.Id))];
    }

    public HubOptions Hub { get; }

    /// <summary>What hub and gateway may agree on, the favourite first.</summary>
    public IReadOnlyList<string> Versions { get; }

    /// <summary>The first connector of each station that this hub is shown.</summary>
    public IReadOnlyList<RehearsedPlace> Places { get; }
    public IReadOnlyList<StationConfiguration> Chargers { get; }
    public SiteConfiguration Site => _file.Site;

    public SimulatedHubOptions HubOptions => new()
    {
        Name = Hub.Name,
        CountryCode = Hub.CountryCode ?? "DE",
        PartyId = Hub.PartyId ?? "HUB",
        RegistrationToken = RegistrationToken,
        Versions = [.. Hub.Versions.Select(OcpiVersions.Parse).OfType<OcpiVersion>()],
        PlainTokens = Hub.TokenEncoding == HubTokenEncoding.Plain,
        Seed = Seed,
    };

    /// <summary>A driver of a party behind the hub.</summary>
    public static HubToken Card(int number) => new()
    {
        Uid = $"04EE0000{number:X4}",
        ContractId = $"DE-MSP-CTEST{number:0000}-X",
        LastUpdated = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    public GatewayConfiguration Configuration(SimulatedHub hub) => _file with
    {
        Listeners = new() { Ocpp = [Anywhere()], Ocpi = Anywhere(), Admin = Anywhere() },
        Storage = _file.Storage with { Path = Path.Combine(_folder, "gateway.db") },
        Admin = new(),
        Hubs = _file.Hubs with
        {
            PublicUrl = "",
            AllowPlaintext = true,
            Hubs = [Hub with { VersionsUrl = hub.VersionsUrl, RegistrationToken = RegistrationToken, Initiator = HubInitiator.Us }],
        },
        Chargers = _file.Chargers with
        {
            Stations = [.. _file.Chargers.Stations.Select(s => s with { Password = Password, AllowWithoutPassword = false })],
        },
        // Updates within seconds: the driver of a rehearsal does not wait for a minute.
        Site = _file.Site with
        {
            Hubs = [(_file.Site.Hub(Hub.Name) ?? new(Hub.Name)) with { SessionUpdateInterval = TimeSpan.FromSeconds(1) }],
        },
    };

    public static SimulatedCharger Charger(StationConfiguration station, Uri ocpp)
    {
        var numbers = new ConnectorNumbers(station.Id, station);
        return new(
            new()
            {
                Identity = station.Id,
                Endpoint = $"ws://{ocpp.Authority}/ocpp",
                Password = Password,
                Connectors = numbers.Connectors.Select(numbers.NumberOf).DefaultIfEmpty(1).Max(),
                // So that Wh come in seconds.
                PowerW = 400_000,
                MeterInterval = TimeSpan.FromMilliseconds(400),
                FixedMeterInterval = true,
                RemoteNeedWh = 100_000,
                Seed = Seed,
            },
            TimeProvider.System);
    }

    private RehearsedPlace? PlaceOf(StationConfiguration station)
    {
        if (!Site.IsExposed || !station.Publish.Includes(Hub.Name))
            return null;
        foreach (var evse in station.Evses.Where(e => e.Publish.Includes(Hub.Name)))
            if (evse.Connectors.FirstOrDefault(c => c.Publish.Includes(Hub.Name)) is { } connector)
                return new(station.Id, evse.Uid, $"{connector.Id}", new ConnectorNumbers(station.Id, station).NumberOf(new(station.Id, evse.Id, connector.Id)));
        return null;
    }

    private static ListenUrl Anywhere() => ListenUrl.Http(IPAddress.Loopback, 0);
}
