using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using EdgeGateway.Certificates;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Simulators;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;

namespace EdgeGateway.Cli.Demo;

/// <summary>What the demonstration's site consists of: its file, its cards, its chargers.</summary>
internal static class DemoSite
{
    public const string Location = "DEMO01";
    public const string HubName = "demo-hub";
    public const string RegistrationToken = "demo-token-a-0123456789abcdef";

    /// <summary>Net: 0.50 to begin, 0.42 per kWh, 0.60 per hour plugged in; 19 % VAT.</summary>
    public static readonly JudgedTariff Tariff = new(0.50m, 0.42m, 0.60m, 19m);

    private const string Password = "demo-password-0123456789";

    /// <summary>By turns, so that a site of three has every one.</summary>
    private static readonly OcppVersion[] Versions = [OcppVersion.V16, OcppVersion.V201, OcppVersion.V21];

    public static string Station(int number) => $"CP-{number}";

    public static OcppVersion Version(int number) => Versions[(number - 1) % Versions.Length];

    /// <summary>Every other charger proves itself by a certificate of the site's authority (profile 3), the rest by a password.</summary>
    public static bool HasCertificate(int number) => number % 2 == 0;

    public static HubToken Card(int number) => new()
    {
        Uid = $"04DE3000{number:X4}",
        ContractId = $"DE-MSP-CDEMO{number:0000}-X",
        LastUpdated = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    /// <summary>The site's authority, with the listener's certificate beside the database, where the gateway looks for it.</summary>
    public static SiteAuthority Authority(string folder, TimeProvider clock)
    {
        var authority = SiteAuthority.Create(new() { Directory = Path.Combine(folder, "certificates"), Organization = "Example Charging" }, clock);
        authority.IssueServer(["127.0.0.1"]).Dispose();
        return authority;
    }

    public static SimulatedCharger Charger(int number, Uri ocpp, SiteAuthority authority, TimeProvider clock, int seed) => new(
        new()
        {
            Identity = Station(number),
            Version = Version(number),
            Endpoint = $"{(HasCertificate(number) ? "wss" : "ws")}://{ocpp.Authority}/ocpp",
            Password = HasCertificate(number) ? null : Password,
            ClientCertificate = HasCertificate(number) ? CertificateOf(number, authority) : null,
            TrustedRoot = authority.Root,
            PowerW = number % 2 == 0 ? 22_000 : 11_000,
            MeterInterval = TimeSpan.FromSeconds(30),
            RegisterWh = 100_000 * number,
            RemoteNeedWh = 900,
            Seed = seed + number,
        },
        clock);

    private static X509Certificate2 CertificateOf(int number, SiteAuthority authority)
    {
        var (certificate, key) = authority.IssueStation(Station(number), null);
        using (certificate)
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
    }

    /// <summary>The configuration as an installer would write it, with ports that the system chooses.</summary>
    public static JsonObject Configuration(int stations, DemoField field, string database, string versionsUrl)
    {
        const string Anywhere = "http://127.0.0.1:0";
        return new()
        {
            ["Gateway"] = new JsonObject
            {
                ["Party"] = new JsonObject { ["CountryCode"] = "DE", ["PartyId"] = "ABC", ["Name"] = "Example Charging" },
                ["Site"] = new JsonObject
                {
                    ["Id"] = Location, ["Name"] = "Demonstration", ["Address"] = "Chausseestr. 1", ["City"] = "Berlin", ["PostalCode"] = "10115",
                    ["Country"] = "DEU", ["Latitude"] = 52.5321m, ["Longitude"] = 13.3849m, ["TimeZone"] = "Europe/Berlin",
                },
                ["Stations"] = new JsonArray([.. Enumerable.Range(1, stations).Select(StationOf), field.StationInFile(EvsesOf(stations + 1))]),
                ["Meters"] = field.MetersInFile(),
                ["Tariffs"] = new JsonArray(TariffOf()),
                ["Hubs"] = new JsonArray(new JsonObject { ["Name"] = HubName, ["VersionsUrl"] = versionsUrl, ["RegistrationToken"] = RegistrationToken }),
                ["Ocpp"] = new JsonObject { ["Listen"] = new JsonArray(Anywhere), ["MeterValueSeconds"] = 30 },
                ["Ocpi"] = new JsonObject { ["Listen"] = Anywhere },
                ["Admin"] = new JsonObject { ["Listen"] = Anywhere },
                ["Storage"] = new JsonObject { ["Path"] = database },
            },
        };
    }

    private static JsonNode StationOf(int number) => new JsonObject
    {
        ["Id"] = Station(number),
        [HasCertificate(number) ? "SecurityProfile" : "Password"] = HasCertificate(number) ? 3 : Password,
        ["Evses"] = EvsesOf(number),
    };

    private static JsonArray EvsesOf(int number) => new(new JsonObject
    {
        ["Id"] = 1,
        ["EvseId"] = $"DE*ABC*E{number:0000}*1",
        ["PhysicalReference"] = $"Bay {number}",
        ["Connectors"] = new JsonArray(new JsonObject
        {
            ["Id"] = 1, ["Standard"] = "IEC_62196_T2", ["Format"] = "SOCKET", ["PowerType"] = "AC_3_PHASE", ["MaxVoltage"] = 230,
            ["MaxAmperage"] = 32, ["Tariffs"] = new JsonArray("AC"),
        }),
    });

    private static JsonObject TariffOf()
    {
        JsonObject Component(string type, decimal price) => new() { ["type"] = type, ["price"] = price, ["vat"] = Tariff.Vat, ["step_size"] = 1 };
        return new()
        {
            ["Id"] = "AC",
            ["Currency"] = "EUR",
            ["Elements"] = new JsonArray(new JsonObject
            {
                ["price_components"] = new JsonArray(
                    Component("FLAT", Tariff.Flat), Component("ENERGY", Tariff.PerKwh), Component("TIME", Tariff.PerHour),
                    Component("PARKING_TIME", Tariff.PerHour)),
            }),
        };
    }
}
