using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Simulators.Hub;

/// <summary>The CPO as the hub knows it: tokens, endpoints, and the calls that the hub makes to it.</summary>
internal sealed class HubPeer(SimulatedHubOptions options, HubStore store, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly ConcurrentQueue<HeardAnswer> _heard = [];
    private readonly Random _random = new(options.Seed);
    private ImmutableDictionary<(string Module, string Role), string> _endpoints = ImmutableDictionary<(string, string), string>.Empty;
    private OcpiVersion? _next;
    private string? _registrationToken = options.RegistrationToken;

    /// <summary>Token C: the CPO calls us with it.</summary>
    public string? TheirToken { get; private set; }

    /// <summary>The one before: valid until the new one is first used, as a lost answer would lock both out otherwise (C5).</summary>
    public string? TheirOldToken { get; private set; }

    /// <summary>Token B: we call the CPO with it.</summary>
    public string? OurToken { get; private set; }
    public string? VersionsUrl { get; private set; }

    /// <summary>What was agreed on at the last registration.</summary>
    public OcpiVersion Version { get; private set; } = OcpiVersion.V221;
    /// <summary>While the hub moves: the CPO may speak the new version before its answer is read here.</summary>
    public bool Speaks(OcpiVersion version) => version == Version || version == _next;

    public string CountryCode { get; private set; } = "";
    public string PartyId { get; private set; } = "";
    public bool IsRegistered => TheirToken is not null;
    public IReadOnlyList<HeardAnswer> Heard => [.. _heard];

    public bool Is(string? country, string? party) =>
        string.Equals(country, CountryCode, StringComparison.OrdinalIgnoreCase) && string.Equals(party, PartyId, StringComparison.OrdinalIgnoreCase);

    public bool IsRegistrationToken(string token) => token == _registrationToken;

    public bool Admits(string token)
    {
        if (token == TheirToken)
            TheirOldToken = null;
        return token == TheirToken || (TheirOldToken is not null && token == TheirOldToken);
    }

    /// <summary>A new registration token, as after a call to the hub's support (C6).</summary>
    public void Reset(string registrationToken)
    {
        _registrationToken = registrationToken;
        (TheirToken, TheirOldToken, OurToken) = (null, null, null);
    }

    public void Forget() => (TheirToken, TheirOldToken, OurToken) = (null, null, null);

    /// <summary>POST or PUT of credentials: reads the CPO's versions with its token while its request waits, and takes it in if all is well.</summary>
    /// <param name="version">Whose credentials endpoint was called: the one that is spoken from now on (C3).</param>
    /// <returns>Null, or the OCPI status and why.</returns>
    public async Task<(int Status, string Why)?> TakeInAsync(JsonObject credentials, OcpiVersion version, CancellationToken cancellationToken)
    {
        var role = version == OcpiVersion.V211 ? credentials : credentials.Array("roles") is [var first, ..] ? first : null;
        if (credentials.Text("token") is not { } token || credentials.Text("url") is not { } url || role.Text("party_id") is null)
            return (2001, "token, url or party missing");
        var (endpoints, refusal) = await EndpointsAsync(url, token, version, cancellationToken);
        if (endpoints is null)
            return refusal;
        TheirOldToken = TheirToken;
        TheirToken = NewToken();
        (OurToken, VersionsUrl, Version, _endpoints, _registrationToken) = (token, url, version, endpoints, null);
        (CountryCode, PartyId) = (role.Text("country_code") ?? "", role.Text("party_id") ?? "");
        return null;
    }

    /// <summary>The hub's own wish to speak another version, by PUT of its credentials there (C3).</summary>
    /// <param name="ours">The hub's credentials in that version, with the token given.</param>
    public async Task<HeardAnswer> MoveAsync(OcpiVersion version, Func<string, JsonObject> ours, CancellationToken cancellationToken)
    {
        var (endpoints, refusal) = await EndpointsAsync(VersionsUrl!, OurToken!, version, cancellationToken);
        if (endpoints is null)
            throw new InvalidOperationException($"The CPO cannot be moved to {version.Text()}: {refusal?.Why}");
        (TheirOldToken, TheirToken) = (TheirToken, NewToken());
        _next = version;
        var (answer, data) = await CallAsync(
            HttpMethod.Put, endpoints[("credentials", "")], "credentials", ours(TheirToken), OurToken!, version, cancellationToken);
        if (data.Text("token") is { } token)
            (OurToken, Version, _endpoints) = (token, version, endpoints);
        _next = null;
        return answer;
    }

    public async Task<(HeardAnswer Answer, JsonNode? Data)> CommandAsync(string command, JsonObject body, CancellationToken cancellationToken) =>
        await CallAsync(HttpMethod.Post, $"{Endpoint("commands", "RECEIVER")}/{command}", "commands", body, cancellationToken);

    public async Task<(HeardAnswer Answer, JsonNode? Data)> CallAsync(
        HttpMethod method, string url, string module, JsonObject? body, CancellationToken cancellationToken) =>
        await CallAsync(method, url, module, body, OurToken ?? throw new InvalidOperationException("The CPO is not registered."), Version, cancellationToken);

    /// <summary>[211] endpoints have no roles.</summary>
    public string Endpoint(string module, string role) =>
        _endpoints.TryGetValue((module, role), out var url) || _endpoints.TryGetValue((module, ""), out url) ? url : throw new InvalidOperationException($"The CPO has no endpoint {module} {role}.");

    public void Dispose() => _http.Dispose();

    private async Task<(ImmutableDictionary<(string, string), string>? Endpoints, (int Status, string Why)? Refusal)> EndpointsAsync(
        string versionsUrl, string token, OcpiVersion version, CancellationToken cancellationToken)
    {
        if (await FetchAsync(versionsUrl, token, version, cancellationToken) is not JsonArray versions)
            return (null, (3001, "your versions could not be read"));
        if (versions.FirstOrDefault(v => OcpiVersions.Parse(v.Text("version")) == version).Text("url") is not { } detailsUrl)
            return (null, (3002, "no common version"));
        if (await FetchAsync(detailsUrl, token, version, cancellationToken) is not JsonObject details)
            return (null, (3001, "your version details could not be read"));
        foreach (var endpoint in details.Array("endpoints"))
            if ((endpoint.Text("role") is null) != (version == OcpiVersion.V211))
                store.Breach("V1", detailsUrl, $"endpoint {endpoint.Text("identifier")} {(version == OcpiVersion.V211 ? "has a role" : "has no role")}");
        var endpoints = details.Array("endpoints").ToImmutableDictionary(
            e => (e.Text("identifier") ?? "", e.Text("identifier") == "credentials" ? "" : e.Text("role") ?? ""), e => e.Text("url") ?? "");
        var locations = ("locations", version == OcpiVersion.V211 ? "" : "SENDER");
        return endpoints.ContainsKey(locations) && endpoints.ContainsKey(("credentials", ""))
            ? (endpoints, null)
            : (null, (3003, "locations and credentials are needed"));
    }

    private async Task<JsonNode?> FetchAsync(string url, string token, OcpiVersion version, CancellationToken cancellationToken)
    {
        try
        {
            return (await CallAsync(HttpMethod.Get, url, "versions", null, token, version, cancellationToken)).Data;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<(HeardAnswer Answer, JsonNode? Data)> CallAsync(
        HttpMethod method, string url, string module, JsonObject? body, string token, OcpiVersion version, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url);
        var requestId = NewId();
        var isPlain = options.PlainTokens || version == OcpiVersion.V211;
        var credentials = isPlain ? token : Convert.ToBase64String(Encoding.UTF8.GetBytes(token));
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", credentials);
        request.Headers.Add("X-Request-ID", requestId);
        request.Headers.Add("X-Correlation-ID", NewId());
        if (IsRouted(module, version))
        {
            request.Headers.Add("OCPI-from-country-code", options.CountryCode);
            request.Headers.Add("OCPI-from-party-id", options.PartyId);
            request.Headers.Add("OCPI-to-country-code", CountryCode);
            request.Headers.Add("OCPI-to-party-id", PartyId);
        }
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

        using var timeout = new CancellationTokenSource(CallTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var response = await _http.SendAsync(request, either.Token);
        var bytes = await response.Content.ReadAsByteArrayAsync(either.Token);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        var answer = new HeardAnswer(method.Method, url, module, (int)response.StatusCode, headers, bytes) { Version = version };
        _heard.Enqueue(answer);
        CheckAnswer(answer, requestId);
        return (answer, OcpiText.Object(bytes)?["data"]);
    }

    private void CheckAnswer(HeardAnswer answer, string requestId)
    {
        if (answer.Headers.GetValueOrDefault("X-Request-ID") != requestId)
            store.Breach("T11", answer.Url, "the answer does not echo X-Request-ID");
        if (!IsRouted(answer.Module, answer.Version))
            return;
        var from = $"{answer.Headers.GetValueOrDefault("OCPI-from-country-code")}-{answer.Headers.GetValueOrDefault("OCPI-from-party-id")}";
        if (!string.Equals(from, $"{CountryCode}-{PartyId}", StringComparison.OrdinalIgnoreCase))
            store.Breach("R2", answer.Url, $"the answer's routing headers are not ours swapped: from is {from}");
    }

    private static bool IsRouted(string module, OcpiVersion version) =>
        version != OcpiVersion.V211 && module is not ("versions" or "credentials" or "hubclientinfo");

    private string NewToken()
    {
        var bytes = new byte[24];
        lock (_random)
            _random.NextBytes(bytes);
        return Convert.ToHexString(bytes);
    }

    private string NewId()
    {
        var bytes = new byte[16];
        lock (_random)
            _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
