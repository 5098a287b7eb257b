using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>Commands of the hub to the CPO, and the results that come back (§13).</summary>
public sealed class HubCommands
{
    private readonly HubPeer _peer;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<CommandOutcome>> _waiting = new();
    private int _sent;

    internal HubCommands(HubPeer peer, TimeProvider clock)
    {
        _peer = peer;
        _clock = clock;
    }

    /// <summary>Set by the hub once it knows its address: where results are posted.</summary>
    internal Func<string> Root { get; set; } = () => "";

    public Task<CommandExchange> StartSessionAsync(
        HubToken token, string location, string? evse, string? connector, string? reference, CancellationToken cancellationToken)
    {
        var json = token.ToJson();
        json["last_updated"] = OcpiText.Stamp(_clock.GetUtcNow());
        var body = new JsonObject { ["token"] = json, ["location_id"] = location };
        if (evse is not null)
            body["evse_uid"] = evse;
        if (connector is not null)
            body["connector_id"] = connector;
        if (reference is not null)
            body["authorization_reference"] = reference;
        return SendAsync("START_SESSION", body, cancellationToken);
    }

    public Task<CommandExchange> StopSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync("STOP_SESSION", new() { ["session_id"] = sessionId }, cancellationToken);

    public Task<CommandExchange> UnlockAsync(string location, string evse, string connector, CancellationToken cancellationToken) =>
        SendAsync("UNLOCK_CONNECTOR", new() { ["location_id"] = location, ["evse_uid"] = evse, ["connector_id"] = connector }, cancellationToken);

    /// <summary>Sends any command; response_url is added.</summary>
    public async Task<CommandExchange> SendAsync(string command, JsonObject body, CancellationToken cancellationToken)
    {
        var id = $"{Interlocked.Increment(ref _sent)}";
        var waiting = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        body["response_url"] = $"{Root()}/2.2.1/commands/{command}/{id}";
        var (answer, data) = await _peer.CommandAsync(command, body, cancellationToken);
        var status = (int)(OcpiText.Object(answer.Body).Number("status_code") ?? 0);
        return new(id, data.Text("result") ?? "", status, (int?)data.Number("timeout"), waiting.Task);
    }

    /// <summary>A result came. False when there is no such command, or it has its result already (K1).</summary>
    internal bool Settle(string id, JsonObject result) =>
        _waiting.TryGetValue(id, out var waiting)
        && waiting.TrySetResult(new(result.Text("result") ?? "", result.Array("message") is [var message, ..] ? message.Text("text") : null));
}
