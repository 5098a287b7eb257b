using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace EdgeGateway.Benchmarks;

/// <summary>The real program in a process of its own, with as many configured stations as wanted.</summary>
internal sealed class GatewayUnderTest : IAsyncDisposable
{
    public const string Password = "benchmark-password-0123456789";

    private readonly ChildProcess _process;

    private GatewayUnderTest(ChildProcess process, Uri ocpp, Uri admin) => (_process, Ocpp, Admin) = (process, ocpp, admin);

    public Uri Ocpp { get; }
    public Uri Admin { get; }
    public ChildProcess Process => _process;

    /// <summary>That its certificate is of; null without TLS.</summary>
    public X509Certificate2? Root { get; private init; }

    /// <summary>From the process's start to the first connection that its OCPP listener took.</summary>
    public TimeSpan Listening { get; private init; }

    public static string DatabaseOf(string folder) => Path.Combine(folder, "gateway.db");

    public static async Task<GatewayUnderTest> StartAsync(string folder, int stations, string? hubUrl = null, string? token = null, string? ocpiPath = null, bool tls = false, string? broker = null)
    {
        var (ocpp, ocpi, admin) = (FreePort(), FreePort(), FreePort());
        var configuration = Path.Combine(folder, "appsettings.json");
        var configured = Configuration(stations, ocpp, ocpi, admin, hubUrl, token, ocpiPath);
        if (broker is not null)
            configured["Gateway"]!["Mqtt"] = new JsonObject { ["Broker"] = broker };
        await File.WriteAllTextAsync(configuration, configured.ToJsonString());
        // With a certificate the same port answers TLS too.
        X509Certificate2? root = null;
        if (tls)
        {
            var authority = Certificates.SiteAuthority.Create(new() { Directory = Path.Combine(folder, "certificates") }, TimeProvider.System);
            authority.IssueServer(["127.0.0.1"]).Dispose();
            root = authority.Root;
        }
        var clock = TimeProvider.System;
        var begin = clock.GetTimestamp();
        // EDGE_GATEWAY: another build of the program, for example a published one.
        var program = Environment.GetEnvironmentVariable("EDGE_GATEWAY") ?? Path.Combine(AppContext.BaseDirectory, "edge-gateway.dll");
        var process = ChildProcess.Start(program, ["run", "--config", configuration], line => Say(folder, line));
        while (!await AcceptsAsync(ocpp))
        {
            if (clock.GetElapsedTime(begin) > TimeSpan.FromSeconds(60))
                throw new TimeoutException($"The gateway does not listen; see {folder}/log.");
            await Task.Delay(5);
        }
        return new(process, new($"{(tls ? "wss" : "ws")}://127.0.0.1:{ocpp}/"), new($"http://127.0.0.1:{admin}/")) { Listening = clock.GetElapsedTime(begin), Root = root };
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static JsonObject Configuration(int stations, int ocpp, int ocpi, int admin, string? hubUrl, string? token, string? ocpiPath)
    {
        var list = new JsonArray();
        for (var i = 0; i < stations; i++)
        {
            list.Add(new JsonObject
            {
                ["Id"] = ChargerLoad.StationId(i),
                ["Password"] = Password,
                ["Evses"] = new JsonArray(new JsonObject
                {
                    ["Id"] = 1,
                    ["EvseId"] = $"DE*ABC*E{i + 1}*1",
                    ["Connectors"] = new JsonArray(new JsonObject
                    {
                        ["Id"] = 1, ["Standard"] = "IEC_62196_T2", ["Format"] = "SOCKET", ["PowerType"] = "AC_3_PHASE",
                        ["MaxVoltage"] = 230, ["MaxAmperage"] = 32, ["Tariffs"] = new JsonArray("AC"),
                    }),
                }),
            });
        }
        return new()
        {
            ["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Warning" } },
            ["Gateway"] = new JsonObject
            {
                ["Party"] = new JsonObject { ["CountryCode"] = "DE", ["PartyId"] = "ABC", ["Name"] = "Benchmark" },
                ["Site"] = new JsonObject
                {
                    ["Id"] = "BENCH", ["Name"] = "Benchmark", ["Address"] = "Street 1", ["City"] = "Berlin", ["PostalCode"] = "10115",
                    ["Country"] = "DEU", ["Latitude"] = 52.5321, ["Longitude"] = 13.3849, ["TimeZone"] = "Europe/Berlin",
                },
                ["Stations"] = list,
                ["LocalTokens"] = new JsonArray(new JsonObject { ["Uid"] = "04A2B3C4", ["ContractId"] = "DE-ABC-C00000001-1" }),
                ["Tariffs"] = new JsonArray(new JsonObject
                {
                    ["Id"] = "AC", ["Currency"] = "EUR",
                    ["Elements"] = new JsonArray(new JsonObject
                    {
                        ["price_components"] = new JsonArray(new JsonObject { ["type"] = "ENERGY", ["price"] = 0.45, ["vat"] = 19.0, ["step_size"] = 1 }),
                    }),
                }),
                [nameof(Ocpp)] = new JsonObject 
                {
                    ["Listen"] = new JsonArray($"http://127.0.0.1:{ocpp}"),
                    // No site talks as fast as what is measured here (S5).
                    ["LineMessagesPerSecond"] = 100_000, ["SiteMessagesPerSecond"] = 1_000_000,
                },
                ["Ocpi"] = new JsonObject { ["Listen"] = $"http://127.0.0.1:{ocpi}", ["PublicUrl"] = $"http://127.0.0.1:{ocpi}/{ocpiPath ?? "ocpi"}" },
                [nameof(Admin)] = new JsonObject { ["Listen"] = $"http://127.0.0.1:{admin}" },
                ["Hubs"] = hubUrl is null
                    ? []
                    : new JsonArray(new JsonObject
                    {
                        ["Name"] = "hub", ["VersionsUrl"] = hubUrl, ["RegistrationToken"] = token, ["Versions"] = new JsonArray("2.2.1"),
                        ["CountryCode"] = "DE", ["PartyId"] = "HUB",
                    }),
                ["Storage"] = new JsonObject { ["Path"] = "gateway.db", ["MaxSizeMb"] = 4096 },
            },
        };
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Say(string folder, string line)
    {
        lock (Password)
            File.AppendAllText(Path.Combine(folder, "log"), line + "\n");
    }
}
