using System.Collections.Concurrent;
using System.Text.Json;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using NJsonSchema;

namespace EdgeGateway.Tests.Chargers;

/// <summary>A 2.x station by hand at a gateway that asks nothing of its own accord; all that the gateway sends is held to the version's own schemas.</summary>
internal sealed class V21Bench : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, JsonSchema> Schemas = new(StringComparer.Ordinal);
    private readonly string _version;

    private V21Bench(ChargersHost host, RawCharger charger, string version) => (Host, Charger, _version) = (host, charger, version);

    public ChargersHost Host { get; }
    public RawCharger Charger { get; }

    /// <param name="version"><c>2.0.1</c> or <c>2.1</c>.</param>
    public static async Task<V21Bench> StartAsync(string version, TimeProvider? clock = null)
    {
        var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0, MeterValueSeconds = 0 }, clock);
        host.Documents.All["charger/cp-1/learned-2"] = """{"noTriggers":true,"reportDone":true}""";
        var charger = await host.ConnectAsync(settings: s => s.Protocols = [$"ocpp{version}"]);
        var bench = new V21Bench(host, charger, version);
        await charger.CallAsync("hb", "Heartbeat", "{}");
        return bench;
    }

    /// <summary>A session that goes on under the station's own id.</summary>
    public async Task<int> BeginAsync(string transaction)
    {
        var heard = await Host.Engine.ReportAsync(
            new TransactionTold
            {
                Station = "CP-1", Transaction = transaction, Phase = TransactionPhase.Started, Sequence = 0, Told = new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero), At = new("CP-1", 1, 1),
                IdTag = "04A2B3C4", Authorization = new() { Status = AuthorizationStatus.Accepted },
            },
            CancellationToken.None);
        return heard.Number;
    }

    public Task<EdgeGateway.Site.OrderResult> OrderAsync(Order order) => Host.Stations.CarryOutAsync(order, CancellationToken.None);

    public Task<CareAnswer> CareAsync(CareTask task) => Host.Service<EdgeGateway.Site.IStationCare>().DoAsync("CP-1", task, "test", CancellationToken.None);

    /// <summary>The gateway's next CALL, of this action and with this payload.</summary>
    /// <returns>Its message id.</returns>
    public async Task<string> ExpectAsync(string action, string payload)
    {
        var (id, sent) = await ExpectAsync(action);
        Assert.Equal(payload, sent.GetRawText());
        return id;
    }

    public async Task<(string Id, JsonElement Payload)> ExpectAsync(string action)
    {
        var (id, sent, payload) = await Charger.ReceiveCallAsync();
        Assert.Equal(action, sent);
        MustFit($"{action}Request", payload.GetRawText());
        return (id, payload);
    }

    /// <summary>Answers with a payload that the standard allows.</summary>
    public Task AnswerAsync(string id, string action, string payload)
    {
        MustFit($"{action}Response", payload);
        return Charger.SendAsync($"[3,\"{id}\",{payload}]");
    }

    public Task RefuseAsync(string id, string code) => Charger.SendAsync($"[4,\"{id}\",\"{code}\",\"\",{{}}]");

    public async ValueTask DisposeAsync()
    {
        await Charger.DisposeAsync();
        await Host.DisposeAsync();
    }

    private void MustFit(string message, string json) => MustFit(_version, message, json);

    /// <summary>Against the published schema, if the checkout has `../shared` beside it.</summary>
    public static void MustFit(string version, string message, string json)
    {
        if (Folder is null)
            return;
        var schema = Schemas.GetOrAdd(
            Path.Combine(Folder, version, $"{message}.json"), static path => JsonSchema.FromJsonAsync(File.ReadAllText(path)).GetAwaiter().GetResult());
        var errors = schema.Validate(json);
        Assert.True(errors.Count == 0, $"{version} {message} refuses {json}:\n{string.Join('\n', errors)}");
    }

    private static string? Folder { get; } = FindFolder();

    private static string? FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var schemas = Path.Combine(folder.FullName, "shared", "spec", "ocpp");
            if (Directory.Exists(schemas))
                return schemas;
        }
        return null;
    }
}
