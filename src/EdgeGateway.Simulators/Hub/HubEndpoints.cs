using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Simulators.Hub;

/// <summary>A request, taken apart.</summary>
/// <param name="Path">Segments, unescaped once (T13); the first is <c>ocpi</c>.</param>
internal sealed record HubRequest(
    long Sequence, DateTimeOffset At, string Method, string[] Path, IQueryCollection Query, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Module => Path switch
    {
        [_, "2.2.1", "receiver", var module, ..] => module,
        [_, "2.2.1", var module, ..] => module,
        _ => "versions",
    };

    /// <summary>What follows the module's endpoint.</summary>
    public IReadOnlyList<string> Below => Path switch
    {
        [_, "2.2.1", "receiver", _, .. var below] => below,
        [_, "2.2.1", _, .. var below] => below,
        _ => [],
    };

    public string Subject => string.Join('/', Below);
}

/// <summary>Everything that the hub serves, in one table.</summary>
internal sealed class HubEndpoints
{
    private static readonly string[] Received = ["locations", "sessions", "cdrs", "tariffs"];

    private readonly SimulatedHubOptions _options;
    private readonly TimeProvider _clock;
    private readonly SimulatedHub _hub;
    private readonly HubPeer _peer;
    private readonly ConcurrentDictionary<string, long> _requestIds = new();

    public HubEndpoints(SimulatedHubOptions options, TimeProvider clock, SimulatedHub hub, HubPeer peer)
    {
        (_options, _clock, _hub, _peer) = (options, clock, hub, peer);
        hub.Commands.Root = () => hub.Root;
    }

    public async Task<HubAnswer> AnswerAsync(HubRequest request, CancellationToken cancellationToken)
    {
        if (Caller(request) is not { } token || !(_peer.Admits(token) || _peer.IsRegistrationToken(token)))
            return HubAnswer.Error(_clock, 401, 2000, "unknown token");
        // T4: a registration token opens nothing but the way to a registration.
        if (!_peer.Admits(token) && request.Module is not ("versions" or "credentials"))
            return HubAnswer.Error(_clock, 401, 2000, "not registered");
        CheckHeaders(request);

        return (request.Method, request.Path) switch
        {
            ("GET", ["ocpi", "versions"]) => HubAnswer.Success(_clock, new JsonArray(new JsonObject { ["version"] = "2.2.1", ["url"] = $"{_hub.Root}/2.2.1" })),
            ("GET", ["ocpi", "2.2.1"]) => HubAnswer.Success(_clock, Details()),
            (_, ["ocpi", "2.2.1", "credentials"]) => await CredentialsAsync(request, token, cancellationToken),
            ("GET", ["ocpi", "2.2.1", "tokens"]) => TokenPage(request),
            ("POST", ["ocpi", "2.2.1", "tokens", var uid, "authorize"]) => Authorize(request, uid),
            ("POST", ["ocpi", "2.2.1", "commands", var command, var id]) => CommandResult(request, command, id),
            ("POST", ["ocpi", "2.2.1", "receiver", "cdrs"]) => PostCdr(request),
            ("GET", ["ocpi", "2.2.1", "receiver", "cdrs", var id]) => Show("cdrs", id, []),
            ("GET", ["ocpi", "2.2.1", "receiver", var module, _, _, var id, .. var below]) => Show(module, id, below),
            ("PUT", ["ocpi", "2.2.1", "receiver", "locations" or "sessions" or "tariffs", _, _, _, ..]) => Put(request),
            ("PATCH", ["ocpi", "2.2.1", "receiver", "locations" or "sessions", _, _, _, ..]) => Patch(request),
            ("DELETE", ["ocpi", "2.2.1", "receiver", "tariffs", _, _, var id]) =>
                _hub.Store.Delete("tariffs", id) ? HubAnswer.Success(_clock, null) : HubAnswer.Error(_clock, 404, 2000, "unknown tariff"),
            (_, ["ocpi", "2.2.1", "receiver", var module, ..]) when Received.Contains(module) => HubAnswer.Error(_clock, 405, 2000, "method not allowed"),
            _ => HubAnswer.Error(_clock, 404, 2000, "no such path"),
        };
    }

    /// <summary>T2: the token is Base64 on the wire, unless this hub is one of those that do not.</summary>
    private string? Caller(HubRequest request)
    {
        if (!request.Headers.TryGetValue("Authorization", out var header) || !header.StartsWith("Token ", StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header["Token ".Length..].Trim();
        if (_options.PlainTokens)
            return text;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private void CheckHeaders(HubRequest request)
    {
        foreach (var name in new[] { "X-Request-ID", "X-Correlation-ID" })
            if (!request.Headers.ContainsKey(name))
                _hub.Store.Breach("T11", $"{request.Method} {request.Module}", $"no {name}");
        if (request.Headers.TryGetValue("X-Request-ID", out var id) && !_requestIds.TryAdd(id, request.Sequence))
            _hub.Store.Breach("T11", $"{request.Method} {request.Module}", "X-Request-ID was used before");
        if (request.Body.Length > 0
            && !(request.Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)))
            _hub.Store.Breach("T1", $"{request.Method} {request.Module}", "a body without Content-Type application/json");
    }

    private JsonObject Details()
    {
        JsonObject Endpoint(string module, string role, string path) => new() { ["identifier"] = module, ["role"] = role, ["url"] = $"{_hub.Root}/2.2.1/{path}" };
        var endpoints = new JsonArray(
            Endpoint("credentials", "SENDER", "credentials"), Endpoint("tokens", "SENDER", "tokens"), Endpoint("commands", "SENDER", "commands"));
        foreach (var module in Received)
            endpoints.Add((JsonNode)Endpoint(module, "RECEIVER", $"receiver/{module}"));
        return new() { ["version"] = "2.2.1", ["endpoints"] = endpoints };
    }

    private async Task<HubAnswer> CredentialsAsync(HubRequest request, string token, CancellationToken cancellationToken)
    {
        var registered = !_peer.IsRegistrationToken(token);
        switch (request.Method)
        {
            case "GET":
                return HubAnswer.Success(_clock, Credentials(token));
            case "POST" when !registered:
            case "PUT" when registered:
                if (OcpiText.Object(request.Body) is not { } body)
                    return HubAnswer.Error(_clock, 400, 2001, "no JSON object");
                return await _peer.TakeInAsync(body, cancellationToken) is { } refusal
                    ? HubAnswer.Error(_clock, 200, refusal.Status, refusal.Why)
                    : HubAnswer.Success(_clock, Credentials(_peer.TheirToken!));
            case "DELETE" when registered:
                _peer.Forget();
                return HubAnswer.Success(_clock, null);
            default:
                return HubAnswer.Error(_clock, 405, 2000, registered ? "already registered" : "not registered");
        }
    }

    private JsonObject Credentials(string token) => new()
    {
        ["token"] = token,
        ["url"] = _hub.VersionsUrl,
        ["roles"] = new JsonArray(new JsonObject
        {
            ["role"] = "HUB",
            ["country_code"] = _options.CountryCode,
            ["party_id"] = _options.PartyId,
            ["business_details"] = new JsonObject { ["name"] = _options.Name },
        }),
    };

    /// <summary>Without X-Total-Count, as hubs do; only the Link says that more follows.</summary>
    private HubAnswer TokenPage(HubRequest request)
    {
        var offset = int.TryParse(request.Query["offset"], out var o) ? o : 0;
        var limit = Math.Min(int.TryParse(request.Query["limit"], out var l) ? l : _options.TokenPageSize, _options.TokenPageSize);
        var all = _hub.Tokens.Listed(OcpiText.Time(request.Query["date_from"]), OcpiText.Time(request.Query["date_to"]));
        var answer = HubAnswer.Success(_clock, new JsonArray([.. all.Skip(offset).Take(limit).Select(t => t.ToJson())]));
        if (offset + limit >= all.Count)
            return answer;
        var filters = string.Concat(request.Query.Where(q => q.Key.StartsWith("date_", StringComparison.Ordinal)).Select(q => $"&{q.Key}={Uri.EscapeDataString(q.Value.ToString())}"));
        answer.Headers["Link"] = $"<{_hub.Root}/2.2.1/tokens?offset={offset + limit}&limit={limit}{filters}>; rel=\"next\"";
        return answer;
    }

    private HubAnswer Authorize(HubRequest request, string uid)
    {
        var location = OcpiText.Object(request.Body).Text("location_id");
        var token = _hub.Tokens.Find(uid);
        var allowed = token?.Allowed ?? "UNKNOWN";
        _hub.Tokens.Note(new(request.At, uid, request.Query["type"].ToString(), location, allowed));
        if (token is null)
            return HubAnswer.Error(_clock, 404, 2004, "unknown token");
        return HubAnswer.Success(_clock, new JsonObject
        {
            ["allowed"] = allowed,
            ["token"] = token.ToJson(),
            ["authorization_reference"] = $"AUTH-{request.Sequence}",
        });
    }

    private HubAnswer CommandResult(HubRequest request, string command, string id)
    {
        if (OcpiText.Object(request.Body) is not { } result)
            return HubAnswer.Error(_clock, 400, 2001, "no JSON object");
        if (!_hub.Commands.Settle(id, result))
            _hub.Store.Breach("K1", $"{command} {id}", "a result for no command, or a second one");
        return HubAnswer.Success(_clock, null);
    }

    private HubAnswer Put(HubRequest request)
    {
        if (OcpiText.Object(request.Body) is not { } body)
            return HubAnswer.Error(_clock, 400, 2001, "no JSON object");
        var id = request.Below[2];
        var below = request.Below.Skip(3).ToArray();
        if (body.Text(below.Length == 1 ? "uid" : "id") != (below.Length == 0 ? id : below[^1]))
            return HubAnswer.Error(_clock, 200, 2001, "the ids of URL and body differ");
        if (below.Length == 0)
            return HubAnswer.Success(_clock, null, _hub.Store.Put(request.Module, id, Version(request, body)) ? 201 : 200);
        return Merged(request, id, below, body);
    }

    private HubAnswer Patch(HubRequest request)
    {
        if (OcpiText.Object(request.Body) is not { } patch)
            return HubAnswer.Error(_clock, 400, 2001, "no JSON object");
        if (patch.Text("last_updated") is null)
        {
            _hub.Store.Breach("P2", request.Subject, "a PATCH without last_updated");
            return HubAnswer.Error(_clock, 200, 2001, "last_updated is missing");
        }
        return Merged(request, request.Below[2], [.. request.Below.Skip(3)], patch);
    }

    private HubAnswer Merged(HubRequest request, string id, string[] below, JsonObject members) =>
        _hub.Store.Patch(request.Module, id, below, members, whole => Version(request, whole))
            ? HubAnswer.Success(_clock, null)
            : HubAnswer.Error(_clock, 404, 2000, "unknown object: PUT it first");

    private HubAnswer PostCdr(HubRequest request)
    {
        if (OcpiText.Object(request.Body) is not { } cdr || cdr.Text("id") is not { } id)
            return HubAnswer.Error(_clock, 400, 2001, "no CDR");
        var known = _hub.Store.Find("cdrs", id) is not null;
        _hub.Store.PostCdr(id, Version(request, cdr));
        if (known && _options.RefusesRepeatedCdrs)
            return HubAnswer.Error(_clock, 200, 2000, "CDR already exists");
        var answer = HubAnswer.Success(_clock, null, known ? 200 : 201);
        answer.Headers["Location"] = $"{_hub.Root}/2.2.1/receiver/cdrs/{Uri.EscapeDataString(id)}";
        return answer;
    }

    private HubAnswer Show(string module, string id, IReadOnlyList<string> below)
    {
        var json = _hub.Store.Find(module, id)?.Latest;
        if (module == "locations" && json is not null)
            json = HubStore.Within(json, below);
        return json is null ? HubAnswer.Error(_clock, 404, 2000, "unknown object") : HubAnswer.Success(_clock, json.DeepClone());
    }

    private static StoredVersion Version(HubRequest request, JsonObject json) => new(request.Sequence, request.At, request.Method, request.Body, json);
}
