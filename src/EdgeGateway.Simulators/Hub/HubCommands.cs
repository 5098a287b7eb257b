using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Simulators.Hub;

/// <summary>Commands of the hub to the CPO, and the results that come back (§13).</summary>
public sealed class HubCommands
{
    private readonly HubPeer _peer;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, Asked> _waiting = new();
    private readonly ConcurrentQueue<string> _cancelled = [];
    private int _sent;

    internal HubCommands(HubPeer peer, TimeProvider clock)
    {
        _peer = peer;
        _clock = clock;
    }

    /// <summary>Set by the hub once it knows its address: where results are posted.</summary>
    internal Func<string> Root { get; set; } = () => "";

    /// <summary>Reservations that the CPO ended by itself: CANCELED_RESERVATION, posted where the RESERVE_NOW was answered (K7). Ids of exchanges.</summary>
    public IReadOnlyList<string> Cancelled => [.. _cancelled];

    public Task<CommandExchange> StartSessionAsync(
        HubToken token, string location, string? evse, string? connector, string? reference, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["token"] = Json(token), ["location_id"] = location };
        if (evse is not null)
            body["evse_uid"] = evse;
        // [211] knows neither.
        if (connector is not null && IsModern)
            body["connector_id"] = connector;
        if (reference is not null && IsModern)
            body["authorization_reference"] = reference;
        return SendAsync("START_SESSION", body, cancellationToken);
    }

    public Task<CommandExchange> StopSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync("STOP_SESSION", new() { ["session_id"] = sessionId }, cancellationToken);

    public Task<CommandExchange> UnlockAsync(string location, string evse, string connector, CancellationToken cancellationToken) =>
        SendAsync("UNLOCK_CONNECTOR", new() { ["location_id"] = location, ["evse_uid"] = evse, ["connector_id"] = connector }, cancellationToken);

    /// <param name="reservation">[211] a number, [22+] a text: written as the version has it.</param>
    public Task<CommandExchange> ReserveAsync(
        HubToken token, string location, string? evse, int reservation, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["token"] = Json(token),
            ["location_id"] = location,
            ["expiry_date"] = OcpiText.Stamp(expiry),
            ["reservation_id"] = IsModern ? $"{reservation}" : reservation,
        };
        if (evse is not null)
            body["evse_uid"] = evse;
        return SendAsync("RESERVE_NOW", body, cancellationToken);
    }

    /// <summary>[22+].</summary>
    public Task<CommandExchange> CancelReservationAsync(int reservation, CancellationToken cancellationToken) =>
        SendAsync("CANCEL_RESERVATION", new() { ["reservation_id"] = $"{reservation}" }, cancellationToken);

    /// <summary>Sends any command; response_url is added.</summary>
    public Task<CommandExchange> SendAsync(string command, JsonObject body, CancellationToken cancellationToken) => AskAsync(
        "commands", command,
        url =>
        {
            body["response_url"] = url;
            return _peer.CommandAsync(command, body, cancellationToken);
        });

    /// <summary>CP1 [22+].</summary>
    public Task<CommandExchange> SetProfileAsync(string sessionId, JsonObject profile, CancellationToken cancellationToken) => AskAsync(
        "chargingprofiles", "PUT",
        url => ProfilesAsync(HttpMethod.Put, $"/{Uri.EscapeDataString(sessionId)}", new() { ["charging_profile"] = profile, ["response_url"] = url }, cancellationToken));

    public Task<CommandExchange> GetProfileAsync(string sessionId, TimeSpan duration, CancellationToken cancellationToken) => AskAsync(
        "chargingprofiles", "GET",
        url => ProfilesAsync(
            HttpMethod.Get, $"/{Uri.EscapeDataString(sessionId)}?duration={(int)duration.TotalSeconds}&response_url={Uri.EscapeDataString(url)}", null, cancellationToken));

    public Task<CommandExchange> ClearProfileAsync(string sessionId, CancellationToken cancellationToken) => AskAsync(
        "chargingprofiles", "DELETE",
        url => ProfilesAsync(HttpMethod.Delete, $"/{Uri.EscapeDataString(sessionId)}?response_url={Uri.EscapeDataString(url)}", null, cancellationToken));

    /// <summary>A result came. False when there is no such command, or it has its result already (K1).</summary>
    internal bool Settle(string id, JsonObject result)
    {
        if (!_waiting.TryGetValue(id, out var waiting))
            return false;
        var outcome = new CommandOutcome(result.Text("result") ?? "", result.Array("message") is [var message, ..] ? message.Text("text") : null) { Whole = result };
        if (waiting.Outcome.TrySetResult(outcome))
            return true;
        if (waiting.Command != "RESERVE_NOW" || outcome.Result != "CANCELED_RESERVATION")
            return false;
        _cancelled.Enqueue(id);
        return true;
    }

    private bool IsModern => _peer.Version != OcpiVersion.V211;

    private JsonObject Json(HubToken token) => HubForms.Token(_peer.Version, token with { LastUpdated = _clock.GetUtcNow() });

    private Task<(HeardAnswer Answer, JsonNode? Data)> ProfilesAsync(HttpMethod method, string below, JsonObject? body, CancellationToken cancellationToken) =>
        _peer.CallAsync(method, _peer.Endpoint("chargingprofiles", "RECEIVER") + below, "chargingprofiles", body, cancellationToken);

    private async Task<CommandExchange> AskAsync(string module, string command, Func<string, Task<(HeardAnswer Answer, JsonNode? Data)>> ask)
    {
        var id = $"{Interlocked.Increment(ref _sent)}";
        var waiting = _waiting[id] = new(command, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var (answer, data) = await ask($"{Root()}/{_peer.Version.Text()}/{module}/{command}/{id}");
        var status = (int)(OcpiText.Object(answer.Body).Number("status_code") ?? 0);
        return new(id, data.Text("result") ?? "", status, (int?)data.Number("timeout"), waiting.Outcome.Task);
    }

    private sealed record Asked(string Command, TaskCompletionSource<CommandOutcome> Outcome);
}
