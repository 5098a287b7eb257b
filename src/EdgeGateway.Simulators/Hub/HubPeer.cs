using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>The CPO as the hub knows it: tokens, endpoints, and the calls that the hub makes to it.</summary>
internal sealed class HubPeer(SimulatedHubOptions options, HubStore store, TimeProvider clock) : IDisposable
{
    /// <summary>Pages of one list that are followed before the list is taken for endless.</summary>
    private const int PageLimit = 10_000;

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly ConcurrentQueue<HeardAnswer> _heard = [];
    private readonly Random _random = new(options.Seed);
    private ImmutableDictionary<(string Module, string Role), string> _endpoints = ImmutableDictionary<(string, string), string>.Empty;
    private string? _registrationToken = options.RegistrationToken;

    /// <summary>Token C: the CPO calls us with it.</summary>
    public string? TheirToken { get; private set; }

    /// <summary>The one before: valid until the new one is first used, as a lost answer would lock both out otherwise (C5).</summary>
    public string? TheirOldToken { get; private set; }

    /// <summary>Token B: we call the CPO with it.</summary>
    public string? OurToken { get; private set; }
    public string? VersionsUrl { get; private set; }
    public string CountryCode { get; private set; } = "";
    public string PartyId { get; private set; } = "";
    public bool IsRegistered => TheirToken is not null;
    public IReadOnlyList<HeardAnswer> Heard => [.. _heard];

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
    /// <returns>Null, or the OCPI status and why.</returns>
    public async Task<(int Status, string Why)?> TakeInAsync(JsonObject credentials, CancellationToken cancellationToken)
    {
        if (credentials.Text("token") is not { } token || credentials.Text("url") is not { } url || credentials.Array("roles") is not [var role, ..])
            return (2001, "token, url or roles missing");
        if (await FetchAsync("versions", url, token, cancellationToken) is not JsonArray versions)
            return (3001, "your versions could not be read");
        if (versions.FirstOrDefault(v => v.Text("version") == "2.2.1").Text("url") is not { } detailsUrl)
            return (3002, "no common version");
        if (await FetchAsync("versions", detailsUrl, token, cancellationToken) is not JsonObject details)
            return (3001, "your version details could not be read");
        var endpoints = details.Array("endpoints").ToImmutableDictionary(
            e => (e.Text("identifier") ?? "", e.Text("identifier") == "credentials" ? "" : e.Text("role") ?? ""), e => e.Text("url") ?? "");
        if (!endpoints.ContainsKey(("locations", "SENDER")) || !endpoints.ContainsKey(("credentials", "")))
            return (3003, "locations and credentials are needed");

        TheirOldToken = TheirToken;
        TheirToken = NewToken();
        (OurToken, VersionsUrl, _endpoints, _registrationToken) = (token, url, endpoints, null);
        (CountryCode, PartyId) = (role.Text("country_code") ?? "", role.Text("party_id") ?? "");
        return null;
    }

    /// <summary>A whole list of the CPO, following its links (§4).</summary>
    public async Task<IReadOnlyList<JsonObject>> PullAsync(string module, string query, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        var seen = new HashSet<string>();
        var url = Endpoint(module, "SENDER") + query;
        while (seen.Add(url) && seen.Count <= PageLimit)
        {
            var (answer, data) = await CallAsync(HttpMethod.Get, url, module, null, cancellationToken);
            if (data is not JsonArray page)
                throw new InvalidOperationException($"GET {url} gave HTTP {answer.HttpStatus}: {Encoding.UTF8.GetString(answer.Body)}");
            items.AddRange(page.OfType<JsonObject>());
            if (!answer.Headers.ContainsKey("X-Total-Count") || !answer.Headers.ContainsKey("X-Limit"))
                store.Breach("L3", url, "a list without X-Total-Count or X-Limit");
            if (!answer.Headers.TryGetValue("Link", out var link))
                break;
            url = link[(link.IndexOf('<') + 1)..link.IndexOf('>')];
        }
        return items;
    }

    public async Task<(HeardAnswer Answer, JsonNode? Data)> CommandAsync(string command, JsonObject body, CancellationToken cancellationToken) =>
        await CallAsync(HttpMethod.Post, $"{Endpoint("commands", "RECEIVER")}/{command}", "commands", body, cancellationToken);

    public async Task<(HeardAnswer Answer, JsonNode? Data)> CallAsync(
        HttpMethod method, string url, string module, JsonObject? body, CancellationToken cancellationToken) =>
        await CallAsync(method, url, module, body, OurToken ?? throw new InvalidOperationException("The CPO is not registered."), cancellationToken);

    public string Endpoint(string module, string role) =>
        _endpoints.TryGetValue((module, role), out var url) ? url : throw new InvalidOperationException($"The CPO has no endpoint {module} {role}.");

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> FetchAsync(string module, string url, string token, CancellationToken cancellationToken)
    {
        try
        {
            return (await CallAsync(HttpMethod.Get, url, module, null, token, cancellationToken)).Data;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<(HeardAnswer Answer, JsonNode? Data)> CallAsync(
        HttpMethod method, string url, string module, JsonObject? body, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url);
        var requestId = NewId();
        var credentials = options.PlainTokens ? token : Convert.ToBase64String(Encoding.UTF8.GetBytes(token));
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", credentials);
        request.Headers.Add("X-Request-ID", requestId);
        request.Headers.Add("X-Correlation-ID", NewId());
        if (module is not ("versions" or "credentials"))
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
        var answer = new HeardAnswer(method.Method, url, module, (int)response.StatusCode, headers, bytes);
        _heard.Enqueue(answer);
        CheckAnswer(answer, requestId);
        return (answer, OcpiText.Object(bytes)?["data"]);
    }

    private void CheckAnswer(HeardAnswer answer, string requestId)
    {
        if (answer.Headers.GetValueOrDefault("X-Request-ID") != requestId)
            store.Breach("T11", answer.Url, "the answer does not echo X-Request-ID");
        if (answer.Module is "versions" or "credentials")
            return;
        var from = $"{answer.Headers.GetValueOrDefault("OCPI-from-country-code")}-{answer.Headers.GetValueOrDefault("OCPI-from-party-id")}";
        if (!string.Equals(from, $"{CountryCode}-{PartyId}", StringComparison.OrdinalIgnoreCase))
            store.Breach("R2", answer.Url, $"the answer's routing headers are not ours swapped: from is {from}");
    }

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
