using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Charger;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>Files that a charger of node's opens a TLS line with (PEM).</summary>
/// <param name="Certificate">Its own, for mutual TLS; null = none.</param>
public sealed record NodeTls(string Ca, string? Certificate, string? Key);

/// <summary>Chargers on npm's <c>ocpp-rpc</c> in strict mode, in one node process (tests/node/charger.mjs).</summary>
public sealed class NodeChargers : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _waiting = new();
    private readonly ConcurrentQueue<JsonObject> _events = [];
    private readonly HashSet<string> _names = [];
    private Child _node = null!;
    private int _commands;
    private int _forgiven;

    /// <summary>Everything that happened at the chargers: <c>open</c>, <c>disconnect</c>, <c>call</c>, <c>invalid</c>, <c>refused</c>, <c>worked</c>.</summary>
    public IReadOnlyList<JsonObject> Events => [.. _events];

    /// <summary>Messages that the strict charger's own schemas refuse, and transaction messages that got a CALLERROR: there must be none.</summary>
    public IReadOnlyList<string> Complaints => [.. _events.Where(e => (string?)e["event"] is "invalid" or "refused" or "failed").Select(e => e.ToJsonString()).Skip(_forgiven)];

    /// <summary>A charger that is told to close while it says something fails with it, and takes the answer that still comes for a stranger's: its own doing.</summary>
    public void ForgiveClosing() => _forgiven += Complaints.Count;

    public static NodeChargers StartOrSkip()
    {
        if (!Directory.Exists(Path.Combine(Checkout.Root, "tests", "node", "node_modules", "ocpp-rpc")))
            Assert.Skip("tests/node/node_modules is absent: run npm ci in tests/node");
        var chargers = new NodeChargers();
        try
        {
            chargers._node = Child.Start("node", [Path.Combine(Checkout.Root, "tests", "node", "charger.mjs")], onLine: chargers.Take);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is absent");
        }
        return chargers;
    }

    /// <param name="protocol">Its subprotocol, the only one that it offers.</param>
    /// <param name="tls">For a <c>wss://</c> endpoint.</param>
    public async Task MakeAsync(string charger, string endpoint, string? password, string protocol = "ocpp1.6", NodeTls? tls = null)
    {
        _names.Add(charger);
        await DoAsync(charger, "make", new()
        {
            ["endpoint"] = endpoint, ["password"] = password, ["protocol"] = protocol, ["ca"] = tls?.Ca, ["cert"] = tls?.Certificate, ["key"] = tls?.Key,
        });
    }

    /// <summary>Connects and boots, as after a power-up; tells that every connector is free.</summary>
    public async Task BootAsync(string charger, int connectors = 1)
    {
        await DoAsync(charger, "connect");
        var boot = await DoAsync(charger, "boot");
        Assert.Equal("Accepted", (string?)boot!["status"]);
        for (var connector = 0; connector <= connectors; connector++)
            await DoAsync(charger, "status", new() { ["connector"] = connector, ["status"] = "Available" });
    }

    /// <summary>A car is plugged in, a card shown, and energy flows.</summary>
    public Task BeginAsync(string charger, string idTag, int connector = 1) =>
        DoAsync(charger, "start", new() { ["connector"] = connector, ["idTag"] = idTag });

    /// <returns>transactionId of 1.6.</returns>
    public async Task<int> StartAsync(string charger, string idTag, int connector = 1) =>
        (int)(await DoAsync(charger, "start", new() { ["connector"] = connector, ["idTag"] = idTag }))!["transactionId"]!;

    public Task MeterAsync(string charger, int wh, int powerW = 11_000, int connector = 1) =>
        DoAsync(charger, "meter", new() { ["connector"] = connector, ["wh"] = wh, ["powerW"] = powerW });

    public Task StopAsync(string charger, int connector = 1, string reason = "Local") =>
        DoAsync(charger, "stop", new() { ["connector"] = connector, ["reason"] = reason });

    /// <summary>Does something and waits for its end; throws what the charger says when it fails.</summary>
    public async Task<JsonNode?> DoAsync(string charger, string what, JsonObject? parameters = null)
    {
        var command = parameters ?? [];
        var id = Interlocked.Increment(ref _commands);
        (command["id"], command["charger"], command["do"]) = (id, charger, what);
        var waiting = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _node.SayAsync(command.ToJsonString());
        return await waiting.Task.WaitAsync(Poll.Patience);
    }

    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync()
    {
        var all = new List<LedgerEntry>();
        foreach (var name in _names.Order(StringComparer.Ordinal))
            all.AddRange(((JsonArray)(await DoAsync(name, "ledger"))!).Select((entry, i) => Entry((JsonObject)entry!, i + 1)));
        return all;
    }

    public int Count(string charger, string happening) =>
        _events.Count(e => (string?)e["charger"] == charger && (string?)e["event"] == happening);

    /// <summary>CALLs that the gateway made with this action.</summary>
    public IReadOnlyList<JsonObject> Calls(string charger, string action) =>
        [.. _events.Where(e => (string?)e["charger"] == charger && (string?)e["event"] == "call" && (string?)e["action"] == action)];

    public string Tail() => _node.Tail();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static LedgerEntry Entry(JsonObject e, int number)
    {
        var start = (long)e["meterStart"]!;
        var stop = (long?)e["meterStop"];
        int[] ids = [.. ((JsonArray)e["transactionIds"]!).Select(i => (int)i!)];
        return new()
        {
            Charger = (string)e["charger"]!,
            Connector = (int)e["connector"]!,
            Number = number,
            IdTag = (string)e["idTag"]!,
            MeterStartWh = start,
            MeterStopWh = stop,
            StartedAt = Whole((string)e["startedAt"]!),
            StoppedAt = (string?)e["stoppedAt"] is { } stopped ? Whole(stopped) : null,
            DeliveredWh = (stop ?? start) - start,
            TransactionIds = [.. ids],
            OwnId = (string?)e["ownId"],
            StartAnswered = (bool?)e["startAnswered"] ?? false,
            Admitted = (string?)e["status"],
            AnsweredWh = (long)e["answeredWh"]! - start,
            StopAnswered = (bool?)e["stopAnswered"] ?? false,
        };
    }

    private static DateTimeOffset Whole(string time)
    {
        var at = DateTimeOffset.Parse(time);
        return at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
    }

    private void Take(string line)
    {
        var said = (JsonObject)JsonNode.Parse(line)!;
        if (said["id"] is not { } id)
            _events.Enqueue(said);
        else if (_waiting.TryRemove((int)id, out var waiting))
        {
            if (said["error"] is { } error)
                waiting.TrySetException(new InvalidOperationException($"the charger says: {(string?)error}"));
            else
                waiting.TrySetResult(said["ok"]?.DeepClone());
        }
    }
}
