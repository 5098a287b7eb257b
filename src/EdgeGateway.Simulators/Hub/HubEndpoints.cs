using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Simulators.Hub;

/// <summary>Everything that the hub serves, in one table.</summary>
internal sealed class HubEndpoints
{
    private static readonly string[] RoutingHeaders = ["OCPI-from-country-code", "OCPI-from-party-id", "OCPI-to-country-code", "OCPI-to-party-id"];

    /// <summary>Modules without routing headers (§6).</summary>
    private static readonly string[] Unrouted = ["versions", "credentials", "hubclientinfo"];

    private readonly SimulatedHubOptions _options;
    private readonly TimeProvider _clock;
    private readonly SimulatedHub _hub;
    private readonly HubPeer _peer;
    private readonly HubReceivers _receivers;
    private readonly ConcurrentDictionary<string, long> _requestIds = new();

    public HubEndpoints(SimulatedHubOptions options, TimeProvider clock, SimulatedHub hub, HubPeer peer)
    {
        (_options, _clock, _hub, _peer) = (options, clock, hub, peer);
        _receivers = new(options, clock, hub, peer);
        hub.Commands.Root = () => hub.Root;
    }

    public async Task<HubAnswer> AnswerAsync(HubRequest request, CancellationToken cancellationToken)
    {
        if (Callers(request).FirstOrDefault(t => _peer.Admits(t) || _peer.IsRegistrationToken(t)) is not { } token)
            return HubAnswer.Error(_clock, 401, 2000, "unknown token");
        // T4: a registration token opens nothing but the way to a registration.
        if (!_peer.Admits(token) && request.Module is not ("versions" or "credentials"))
            return HubAnswer.Error(_clock, 401, 2000, "not registered");
        CheckHeaders(request);
        if (request.Path is ["ocpi", "versions"])
            return request.Method == "GET" ? HubAnswer.Success(_clock, Versions()) : HubAnswer.Error(_clock, 405, 2000, "method not allowed");
        if (request.Path is not ["ocpi", ..] || request.Version is not { } version || !_hub.Versions.Contains(version))
            return HubAnswer.Error(_clock, 404, 2000, "no such path");
        if (request.Module is not ("versions" or "credentials") && !_peer.Speaks(version))
            _hub.Store.Breach("V2", request.Name, $"came in {version.Text()}, but {_peer.Version.Text()} was agreed on");
        CheckShape(request, version);

        return (request.Method, request.Rest) switch
        {
            ("GET", []) => HubAnswer.Success(_clock, HubForms.Details(version, _hub.Root)),
            (_, ["credentials"]) => await CredentialsAsync(request, version, token, cancellationToken),
            ("GET", ["tokens"]) => List(request, [.. Listed(request).Select(t => HubForms.Token(version, t))]),
            ("POST", ["tokens", var uid, "authorize"]) => Authorize(request, version, uid),
            ("POST", ["commands" or "chargingprofiles", var command, var id]) => Result(request, command, id),
            ("GET", ["hubclientinfo"]) when version != OcpiVersion.V211 => List(request, [.. _hub.Parties.All.Select(HubForms.ClientInfo)]),
            ("PUT", ["chargingprofiles", var session]) when version != OcpiVersion.V211 => Profile(request, session),
            (_, ["receiver", ..]) => _receivers.Answer(request),
            _ => HubAnswer.Error(_clock, 404, 2000, "no such path"),
        };
    }

    /// <summary>
    /// T2: as it is [211], Base64 [22+]; where versions are listed, either, as the peer has not chosen yet. Unless this hub is one of those that take
    /// plain tokens everywhere.
    /// </summary>
    private IEnumerable<string> Callers(HubRequest request)
    {
        if (request.Header("Authorization") is not { } header || !header.StartsWith("Token ", StringComparison.OrdinalIgnoreCase))
            yield break;
        var text = header["Token ".Length..].Trim();
        var isOpen = request.Version is null;
        if (_options.PlainTokens || request.Version == OcpiVersion.V211 || (isOpen && _hub.Versions.Contains(OcpiVersion.V211)))
            yield return text;
        var bytes = new byte[text.Length];
        if (!_options.PlainTokens && (isOpen ? _hub.Versions.Any(v => v != OcpiVersion.V211) : request.Version != OcpiVersion.V211)
            && Convert.TryFromBase64String(text, bytes, out var length))
            yield return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private JsonArray Versions() => [.. _hub.Versions.Select(v => new JsonObject { ["version"] = v.Text(), ["url"] = $"{_hub.Root}/{v.Text()}" })];

    private void CheckHeaders(HubRequest request)
    {
        foreach (var name in new[] { "X-Request-ID", "X-Correlation-ID" })
            if (request.Header(name) is null)
                _hub.Store.Breach("T11", request.Name, $"no {name}");
        if (request.Header("X-Request-ID") is { } id && !_requestIds.TryAdd(id, request.Sequence))
            _hub.Store.Breach("T11", request.Name, "X-Request-ID was used before");
        if (request.Body.Length > 0 && request.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            _hub.Store.Breach("T1", request.Name, "a body without Content-Type application/json");
        CheckRouting(request);
    }

    private void CheckRouting(HubRequest request)
    {
        var sent = RoutingHeaders.Where(h => request.Header(h) is not null).ToArray();
        // [211] has none, but a hub that stands before many parties takes them there too.
        if (request.Version == OcpiVersion.V211)
            return;
        if (Unrouted.Contains(request.Module))
        {
            if (sent.Length > 0)
                _hub.Store.Breach("§6", request.Name, $"carries {string.Join(", ", sent)}");
            return;
        }
        // A list that is read without a sender is borne, as hubs do for a party that is alone on its line (§16).
        var isAnonymous = request.Method == "GET" && request.Header(RoutingHeaders[0]) is null && request.Header(RoutingHeaders[1]) is null;
        if (!isAnonymous && !_peer.Is(request.Header(RoutingHeaders[0]), request.Header(RoutingHeaders[1])))
            _hub.Store.Breach("§6", request.Name, $"comes from {request.Header(RoutingHeaders[0])}/{request.Header(RoutingHeaders[1])}, not from {_peer.CountryCode}/{_peer.PartyId}");
        var (country, party) = (request.Header(RoutingHeaders[2]), request.Header(RoutingHeaders[3]));
        if ((country is null) != (party is null))
            _hub.Store.Breach("§6", request.Name, "has half of a receiver");
        if (country is null)
            return;
        var isHub = country == _options.CountryCode && party == _options.PartyId;
        if (!isHub && !_hub.Parties.All.Any(p => p.CountryCode == country && p.PartyId == party))
            _hub.Store.Breach("§6", request.Name, $"goes to {country}/{party}, whom this hub does not have");
        if (isHub && request.Module is "sessions" or "cdrs" && request.Method != "GET")
            _hub.Store.Breach("R1", request.Name, "is broadcast");
    }

    private void CheckShape(HubRequest request, OcpiVersion version)
    {
        if (request.Body.Length == 0 || HubShapes.KindOf(version, request.Method, request.Module, request.Below.Count) is not { } kind)
            return;
        foreach (var fault in HubShapes.Faults(version, kind, request.Body))
            _hub.Store.Breach("shape", $"{request.Name} {request.Subject}", $"{kind} {version.Text()}: {fault}");
    }

    private async Task<HubAnswer> CredentialsAsync(HubRequest request, OcpiVersion version, string token, CancellationToken cancellationToken)
    {
        var registered = !_peer.IsRegistrationToken(token);
        switch (request.Method)
        {
            case "GET":
                return HubAnswer.Success(_clock, Credentials(version, token));
            case "POST" when !registered:
            case "PUT" when registered:
                if (OcpiText.Object(request.Body) is not { } body)
                    return HubAnswer.Error(_clock, 400, 2001, "no JSON object");
                return await _peer.TakeInAsync(body, version, cancellationToken) is { } refusal
                    ? HubAnswer.Error(_clock, 200, refusal.Status, refusal.Why)
                    : HubAnswer.Success(_clock, Credentials(version, _peer.TheirToken!));
            case "DELETE" when registered:
                _peer.Forget();
                return HubAnswer.Success(_clock, null);
            default:
                return HubAnswer.Error(_clock, 405, 2000, registered ? "already registered" : "not registered");
        }
    }

    private JsonObject Credentials(OcpiVersion version, string token) => HubForms.Credentials(version, _options, token, _hub.VersionsUrl, _hub.Parties.All);

    private List<HubToken> Listed(HubRequest request) => _hub.Tokens.Listed(OcpiText.Time(request.Query["date_from"]), OcpiText.Time(request.Query["date_to"]));

    /// <summary>A page; without X-Total-Count unless asked for, as hubs do: only the Link says that more follows (§16).</summary>
    private HubAnswer List(HubRequest request, IReadOnlyList<JsonObject> all)
    {
        var offset = int.TryParse(request.Query["offset"], out var o) ? o : 0;
        var limit = Math.Min(int.TryParse(request.Query["limit"], out var l) ? l : _options.TokenPageSize, _options.TokenPageSize);
        var answer = HubAnswer.Success(_clock, new JsonArray([.. all.Skip(offset).Take(limit)]));
        if (_options.TotalCounts)
            answer.Headers["X-Total-Count"] = $"{all.Count}";
        if (offset + limit >= all.Count)
            return answer;
        var filters = string.Concat(request.Query.Where(q => q.Key.StartsWith("date_", StringComparison.Ordinal)).Select(q => $"&{q.Key}={Uri.EscapeDataString(q.Value.ToString())}"));
        answer.Headers["Link"] = $"<{_hub.Root}/{request.Version!.Value.Text()}/{request.Module}?offset={offset + limit}&limit={limit}{filters}>; rel=\"next\"";
        return answer;
    }

    /// <summary>Only where token and location are known is there anybody to ask (§16).</summary>
    private HubAnswer Authorize(HubRequest request, OcpiVersion version, string uid)
    {
        var location = OcpiText.Object(request.Body).Text("location_id");
        var token = _hub.Tokens.Find(uid);
        var allowed = token?.Allowed ?? "UNKNOWN";
        var type = request.Query["type"].ToString() is { Length: > 0 } named ? named : request.Query["token_type"].ToString();
        _hub.Tokens.Note(new(request.At, uid, type, location, allowed));
        if (location is null)
            return HubAnswer.Error(_clock, 200, 2002, "where?");
        if (_hub.Store.Find("locations", location) is null)
            return HubAnswer.Error(_clock, 200, 2003, "unknown location");
        if (token is null)
            return HubAnswer.Error(_clock, 404, version == OcpiVersion.V211 ? 2000 : 2004, "unknown token");
        var info = new JsonObject { ["allowed"] = allowed };
        if (version != OcpiVersion.V211)
            (info["token"], info["authorization_reference"]) = (HubForms.Token(version, token), $"AUTH-{request.Sequence}");
        return HubAnswer.Success(_clock, info);
    }

    private HubAnswer Result(HubRequest request, string command, string id)
    {
        if (OcpiText.Object(request.Body) is not { } result)
            return HubAnswer.Error(_clock, 400, 2001, "no JSON object");
        if (!_hub.Commands.Settle(id, result))
            _hub.Store.Breach("K1", $"{command} {id}", "a result for no command, or a second one");
        return HubAnswer.Success(_clock, null);
    }

    /// <summary>CP2: a profile that came to differ.</summary>
    private HubAnswer Profile(HubRequest request, string session)
    {
        if (OcpiText.Object(request.Body) is not { } profile)
            return HubAnswer.Error(_clock, 400, 2001, "no JSON object");
        _hub.Store.Put("chargingprofiles", session, new(request.Sequence, request.At, request.Method, request.Body, profile));
        return HubAnswer.Success(_clock, null);
    }
}
