using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dapper;
using EdgeGateway.Simulators;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>The real program as a child process, with its file, its database and its fixed ports in a folder of its own.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly List<string> _earlier = [];
    private readonly int[] _ports = Checkout.FreePorts(3);
    private Child? _child;

    static GatewayProcess() =>
        // Binds SQLite to the system's library, in this process too.
        RuntimeHelpers.RunModuleConstructor(typeof(Configuration.GatewayConfiguration).Module.ModuleHandle);

    public GatewayProcess(string folder) => Folder = folder;

    public string Folder { get; }

    public string ConfigPath => Path.Combine(Folder, "appsettings.json");

    public string DatabasePath => Path.Combine(Folder, "gateway.db");

    public string OcppEndpoint => $"ws://127.0.0.1:{_ports[0]}/ocpp";

    public string OcpiUrl => $"http://127.0.0.1:{_ports[1]}/ocpi";

    public string AdminUrl => $"http://127.0.0.1:{_ports[2]}";

    public bool IsRunning => _child is { HasExited: false };

    public void Configure(JsonObject gateway)
    {
        gateway["Ocpp"] ??= new JsonObject();
        gateway["Ocpp"]!["Listen"] = new JsonArray($"http://127.0.0.1:{_ports[0]}");
        gateway["Ocpi"] = new JsonObject { ["Listen"] = $"http://127.0.0.1:{_ports[1]}", ["PublicUrl"] = OcpiUrl };
        gateway["Admin"] = new JsonObject { ["Listen"] = AdminUrl };
        gateway["Storage"] = new JsonObject { ["Path"] = DatabasePath };
        File.WriteAllText(ConfigPath, new JsonObject { ["Gateway"] = gateway.DeepClone() }.ToJsonString());
    }

    /// <summary>Starts the process without waiting for it to serve.</summary>
    public void Launch()
    {
        if (_child is not null)
            _earlier.Add(_child.Tail());
        _child = Child.Start(Checkout.Program, ["run", "--config", ConfigPath], Folder);
    }

    public async Task StartAsync()
    {
        Launch();
        await Poll.UntilAsync("the gateway is ready", async () => _child!.HasExited ? throw new InvalidOperationException("the gateway ended at its start") : await IsReadyAsync());
    }

    public async Task KillAsync() => await _child!.KillAsync();

    /// <summary>SIGTERM, and how it went.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync()
    {
        var took = Stopwatch.StartNew();
        _child!.Terminate();
        return (await _child.ExitAsync(Poll.Patience), took.Elapsed);
    }

    /// <summary>Runs another verb of the program beside it.</summary>
    public async Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)> VerbAsync(params string[] arguments)
    {
        await using var child = Child.Start(Checkout.Program, [.. arguments, "--config", ConfigPath], Folder);
        var code = await child.ExitAsync(Poll.Patience);
        return (code, child.Output, child.Errors);
    }

    public async Task<JsonNode?> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(new Uri(AdminUrl + path)));

    /// <summary>The sessions as they are on disk.</summary>
    public IReadOnlyList<RecordedSession> Sessions() => Query(connection => connection.Query<(string Id, long Number, string Station, string Status, long Wh, long? Start, long? Stop, string? Own)>(
            "select id, number, station, status, energy_wh, meter_start_wh, meter_stop_wh, station_transaction from session")
        .Select(s => new RecordedSession(s.Id, (int)s.Number, s.Station, s.Status.ToUpperInvariant(), s.Wh, s.Start, s.Stop, s.Own)).ToArray());

    /// <summary>What is still owed to hubs and not refused by them.</summary>
    public long Owed() => Query(connection => connection.ExecuteScalar<long>("select count(*) from outbox where state <> 'refused'"));

    /// <summary>What hubs refused for good, with their words.</summary>
    public IReadOnlyList<string> Refused() => Query(connection =>
        connection.Query<string>("select id || ' ' || kind || ' ' || object || ': ' || coalesce(last_error, '') from outbox where state = 'refused'").ToArray());

    public string Tail() => string.Join("\n---- killed, started again ----\n", _earlier.TakeLast(2).Append(_child?.Tail() ?? ""));

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync();
        _http.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(AdminUrl + "/readyz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private T Query<T>(Func<SqliteConnection, T> query)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = DatabasePath, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 10,
        }.ToString());
        connection.Open();
        return query(connection);
    }
}
