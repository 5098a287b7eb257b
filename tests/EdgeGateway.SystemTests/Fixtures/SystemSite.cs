using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>A gateway process between chargers and a hub, each on a real socket. What fails is told with everything that was said.</summary>
public sealed class SystemSite : IAsyncDisposable
{
    public const string Location = "TEST01";
    public const string Password = "correct-horse-battery";

    /// <summary>Of every connector: 0.50 to begin, 0.40 per kWh, 1.20 per hour plugged in, and 19 % VAT.</summary>
    public static readonly JudgedTariff Tariff = new(0.50m, 0.40m, 1.20m, 19m);

    private const string RegistrationToken = "token-a-for-tests-0123456789";

    private readonly List<string> _notes = [];

    private SystemSite(string folder, SimulatedHub hub)
    {
        Folder = folder;
        Hub = hub;
        Gateway = new(folder);
    }

    public string Folder { get; }

    public SimulatedHub Hub { get; }

    public GatewayProcess Gateway { get; }

    /// <param name="stations">CP-1 to CP-n, each with one connector.</param>
    /// <param name="change">Of the configuration's section <c>Gateway</c>.</param>
    public static async Task<SystemSite> CreateAsync(int stations = 1, Action<JsonObject>? change = null, SimulatedHubOptions? hub = null)
    {
        var folder = Directory.CreateTempSubdirectory("edge-gateway-").FullName;
        var site = new SystemSite(folder, await SimulatedHub.StartAsync(hub ?? HubOf(OcpiVersion.V221), TimeProvider.System, default));
        foreach (var number in Enumerable.Range(1, stations))
            site.Hub.Tokens.Put(Card(number));
        var configuration = site.Configuration(stations);
        change?.Invoke(configuration);
        site.Gateway.Configure(configuration);
        return site;
    }

    /// <summary>A hub that speaks just this.</summary>
    public static SimulatedHubOptions HubOf(params OcpiVersion[] versions) => new() { RegistrationToken = RegistrationToken, Versions = versions };

    /// <summary>The card of the driver who charges at station <paramref name="number"/>; the hub's, allowed to start without asking while offline.</summary>
    public static HubToken Card(int number) => new()
    {
        Uid = $"04A2B3C4{number:X2}",
        ContractId = $"DE-MSP-C0000000{number}-X",
        Whitelist = "ALLOWED",
        LastUpdated = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    public static string Uid(int number) => Card(number).Uid;

    /// <summary>Starts the gateway and waits until hub and gateway know each other and the tokens are here.</summary>
    public async Task StartAsync()
    {
        await Gateway.StartAsync();
        await RegisteredAsync();
    }

    public async Task RegisteredAsync()
    {
        await Poll.UntilAsync("the gateway is registered with the hub", () => Hub.IsRegistered);
        await Poll.UntilAsync("the hub has the location", () => Hub.Store.Find("locations", Location) is not null);
        await Poll.UntilAsync("the gateway has pulled the tokens", () => Hub.Store.Requests.Any(r => r is { Method: "GET", Module: "tokens", OcpiStatus: 1000 }));
    }

    /// <param name="clock">Of the charger; null = the world's.</param>
    public SimulatedCharger Charger(int number, Func<SimulatedChargerOptions, SimulatedChargerOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new SimulatedChargerOptions
        {
            Identity = $"CP-{number}",
            Endpoint = Gateway.OcppEndpoint,
            Password = Password,
            // So that Wh come in seconds.
            PowerW = 1_000_000,
            MeterInterval = TimeSpan.FromMilliseconds(300),
            FixedMeterInterval = true,
            CallTimeout = TimeSpan.FromSeconds(5),
            ReconnectFirst = TimeSpan.FromMilliseconds(100),
            ReconnectLimit = TimeSpan.FromSeconds(1),
            ResendInterval = TimeSpan.FromMilliseconds(200),
            RegisterWh = 10_000 * number,
            Seed = number,
        };
        return new(change?.Invoke(options) ?? options, clock ?? TimeProvider.System);
    }

    /// <summary>Waits until nothing is owed and every session has come to the hub, then judges everything.</summary>
    /// <param name="bySchemas">Also by the published schemas, where they are there; not where other tests send the same objects.</param>
    public async Task SettledAsync(Func<Task<IReadOnlyList<LedgerEntry>>> ledger, int cdrs, bool bySchemas = true)
    {
        try
        {
            await Poll.UntilAsync($"the hub holds {cdrs} CDRs", () => Hub.Store.Cdrs.Count >= cdrs);
            await Poll.UntilAsync("nothing is owed any more", () => Gateway.Owed() == 0);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} {string.Join("; ", (await JudgeAsync(ledger)).Breaches)}", late);
        }
        Assert.Empty((await JudgeAsync(ledger)).Breaches);
        Assert.Empty(Gateway.Refused());
        if (bySchemas && SchemaCheck.IsPossible)
            await JudgeBySchemasAsync();
    }

    /// <summary>Everything that the hub received and was answered, by the published schemas; a test that calls this is skipped where they are absent.</summary>
    public async Task JudgeBySchemasAsync()
    {
        await using var schemas = OcpiSchemaJudge.StartOrSkip();
        Assert.Empty(await SchemaCheck.FaultsAsync(Hub, schemas));
    }

    private async Task<Verdict> JudgeAsync(Func<Task<IReadOnlyList<LedgerEntry>>> ledger) =>
        Judge.On(new() { Ledger = await ledger(), Hub = Hub.Store, Recorded = Gateway.Sessions(), Tariff = Tariff });

    /// <summary>Runs a test's story; when it fails, what processes and hub have to say goes with the failure.</summary>
    public async Task RunAsync(Func<Task> story)
    {
        try
        {
            await story();
        }
        catch (Exception failure) when (!failure.GetType().Name.StartsWith("Skip", StringComparison.Ordinal))
        {
            var requests = Hub.Store.Requests.TakeLast(30).Select(r => $"{r.Sequence} {r.At:HH:mm:ss.fff} {r.Method} {r.Module} {r.Subject} -> {r.Fault} {r.HttpStatus} {r.OcpiStatus}");
            throw new SystemTestException(
                $"{failure.Message}\n==== notes ====\n{string.Join('\n', _notes)}\n==== hub ====\n{string.Join('\n', requests)}\n==== gateway ====\n{Gateway.Tail()}\n", failure);
        }
    }

    /// <summary>Told if the test fails: seeds above all.</summary>
    public void Note(string text) => _notes.Add(text);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private JsonObject Configuration(int stations)
    {
        JsonObject Component(string type, decimal price) => new() { ["type"] = type, ["price"] = price, ["vat"] = Tariff.Vat, ["step_size"] = 1 };
        var station = (int n) => (JsonNode)new JsonObject
        {
            ["Id"] = $"CP-{n}",
            ["Password"] = Password,
            ["Evses"] = new JsonArray(new JsonObject
            {
                ["Id"] = 1,
                ["EvseId"] = $"DE*ABC*E{n:0000}*1",
                ["Connectors"] = new JsonArray(new JsonObject
                {
                    ["Id"] = 1, ["Standard"] = "IEC_62196_T2", ["Format"] = "SOCKET", ["PowerType"] = "AC_3_PHASE",
                    ["MaxVoltage"] = 230, ["MaxAmperage"] = 32, ["Tariffs"] = new JsonArray("AC"),
                }),
            }),
        };
        return new()
        {
            ["Party"] = new JsonObject { ["CountryCode"] = "DE", ["PartyId"] = "ABC", ["Name"] = "Example Charging" },
            ["Site"] = new JsonObject
            {
                ["Id"] = Location, ["Name"] = "Test site", ["Address"] = "Chausseestr. 1", ["City"] = "Berlin", ["PostalCode"] = "10115",
                ["Country"] = "DEU", ["Latitude"] = 52.5321, ["Longitude"] = 13.3849, ["TimeZone"] = "Europe/Berlin",
            },
            ["Stations"] = new JsonArray([.. Enumerable.Range(1, stations).Select(station)]),
            ["Tariffs"] = new JsonArray(new JsonObject
            {
                ["Id"] = "AC",
                ["Currency"] = "EUR",
                ["Elements"] = new JsonArray(new JsonObject
                {
                    ["price_components"] = new JsonArray(
                        Component("FLAT", Tariff.Flat), Component("ENERGY", Tariff.PerKwh), Component("TIME", Tariff.PerHour), Component("PARKING_TIME", Tariff.PerHour)),
                }),
            }),
            ["Hubs"] = new JsonArray(new JsonObject
            {
                ["Name"] = "sim", ["VersionsUrl"] = Hub.VersionsUrl, ["RegistrationToken"] = RegistrationToken, ["CountryCode"] = "DE", ["PartyId"] = "HUB",
            }),
            ["Timings"] = new JsonObject { ["SessionUpdateSeconds"] = 1 },
        };
    }
}

/// <summary>A failed system test with all that was said.</summary>
public sealed class SystemTestException(string message, Exception inner) : Exception(message, inner);
