using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>
/// Calls one peer. Every answer, and every lack of one, becomes an <see cref="OcpiReply"/>; only a cancelled token throws.
/// Immutable but for its connections: <see cref="With"/> gives a client with other credentials over the same ones.
/// </summary>
public sealed partial class OcpiClient
{
    private readonly HttpClient _http;
    private readonly OcpiClientOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>The <paramref name="http"/> client must not follow redirects nor have a timeout of its own: take <see cref="CreateHttp"/>.</summary>
    public OcpiClient(HttpClient http, OcpiClientOptions options, OcpiAccess access, TimeProvider clock)
    {
        _http = http;
        _options = options;
        _clock = clock;
        Access = access;
    }

    public OcpiAccess Access { get; }

    /// <summary>One per hub, for the life of the hub: it holds the connections and their limit.</summary>
    public static HttpClient CreateHttp(OcpiClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // Authorization goes to the same host only (T10)
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConcurrentCalls,
            PooledConnectionLifetime = options.ConnectionLifetime,
            UseCookies = false,
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public OcpiClient With(OcpiAccess access) => new(_http, _options, access, _clock);

    /// <summary>One object. A list of one element is taken for it (T8); missing data is a sick peer, not an absent object (that is a 404).</summary>
    public async Task<OcpiReply<T>> GetAsync<T>(string url, OcpiCall? call = null, CancellationToken stopping = default)
        where T : class =>
        ReadData<T>(await SendAsync(HttpMethod.Get, url, null, call, stopping));

    /// <summary>
    /// A list that has no pages: versions. Missing data is an empty list; elements that cannot be read are left out and stand in the faults
    /// (a hub may list versions in a form of the future), unless none is left.
    /// </summary>
    public async Task<OcpiReply<IReadOnlyList<T>>> GetListAsync<T>(string url, OcpiCall? call = null, CancellationToken stopping = default)
        where T : class
    {
        var exchange = await SendAsync(HttpMethod.Get, url, null, call, stopping);
        if (!exchange.Reply.IsSuccess)
            return new OcpiReply<IReadOnlyList<T>>(exchange.Reply);
        var (items, skipped) = ReadItems<T>(exchange.Envelope?.Data);
        IReadOnlyList<OcpiFault> faults = [.. skipped.SelectMany(skip => skip.Faults)];
        return faults.Count > 0 && items.Count == 0
            ? Unreadable<IReadOnlyList<T>>(exchange.Reply, faults)
            : new OcpiReply<IReadOnlyList<T>>(exchange.Reply) { Data = items, Faults = faults };
    }

    /// <summary>
    /// The first call to a peer whose token form is not known (T2): after a 401 the other form is tried once. The client returned uses the
    /// form that worked, or the first one if neither did.
    /// </summary>
    public async Task<(OcpiReply<IReadOnlyList<T>> Reply, OcpiClient Client)> GetListTryingTokenFormsAsync<T>(
        string url, OcpiCall? call = null, CancellationToken stopping = default)
        where T : class
    {
        var first = await GetListAsync<T>(url, call, stopping);
        if (first.HttpStatus != 401)
            return (first, this);
        var other = With(Access with { TokenEncoding = Access.TokenEncoding == TokenEncoding.Base64 ? TokenEncoding.Plain : TokenEncoding.Base64 });
        var second = await other.GetListAsync<T>(url, call, stopping);
        return second.IsSuccess ? (second, other) : (first, this);
    }

    public Task<OcpiReply> PutAsync<T>(string url, T body, OcpiCall? call = null, CancellationToken stopping = default) =>
        SendForReplyAsync(HttpMethod.Put, url, Access.Format.Write(body), call, stopping);

    public Task<OcpiReply> PatchAsync<T>(string url, T body, OcpiCall? call = null, CancellationToken stopping = default) =>
        SendForReplyAsync(HttpMethod.Patch, url, Access.Format.Write(body), call, stopping);

    public Task<OcpiReply> PostAsync<T>(string url, T body, OcpiCall? call = null, CancellationToken stopping = default) =>
        SendForReplyAsync(HttpMethod.Post, url, Access.Format.Write(body), call, stopping);

    /// <summary>A body that already is JSON of the peer's version: PUT and PATCH of objects that were mapped and judged elsewhere.</summary>
    public Task<OcpiReply> SendBytesAsync(HttpMethod method, string url, ReadOnlyMemory<byte> body, OcpiCall? call = null, CancellationToken stopping = default) =>
        SendForReplyAsync(method, url, body, call, stopping);

    /// <summary>A body that was frozen earlier, byte for byte (CDRs, D3).</summary>
    public Task<OcpiReply> PostBytesAsync(string url, ReadOnlyMemory<byte> body, OcpiCall? call = null, CancellationToken stopping = default) =>
        SendForReplyAsync(HttpMethod.Post, url, body, call, stopping);

    /// <summary>For an answer that carries data: credentials, authorize, commands. A null body is sent as no body at all.</summary>
    public async Task<OcpiReply<TAnswer>> PostForAsync<TBody, TAnswer>(string url, TBody? body, OcpiCall? call = null, CancellationToken stopping = default)
        where TBody : class
        where TAnswer : class =>
        ReadData<TAnswer>(await SendAsync(HttpMethod.Post, url, body is null ? null : Access.Format.Write(body), call, stopping));

    public async Task<OcpiReply<TAnswer>> PutForAsync<TBody, TAnswer>(string url, TBody body, OcpiCall? call = null, CancellationToken stopping = default)
        where TAnswer : class =>
        ReadData<TAnswer>(await SendAsync(HttpMethod.Put, url, Access.Format.Write(body), call, stopping));

    public Task<OcpiReply> DeleteAsync(string url, OcpiCall? call = null, CancellationToken stopping = default) =>
        SendForReplyAsync(HttpMethod.Delete, url, null, call, stopping);

    private async Task<OcpiReply> SendForReplyAsync(HttpMethod method, string url, ReadOnlyMemory<byte>? body, OcpiCall? call, CancellationToken stopping) =>
        (await SendAsync(method, url, body, call, stopping)).Reply;

    private OcpiReply<T> ReadData<T>(Exchange exchange)
        where T : class
    {
        if (!exchange.Reply.IsSuccess)
            return new OcpiReply<T>(exchange.Reply);
        var data = exchange.Envelope?.Data;
        if (data is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1)
            data = list[0];
        if (data is not { } json)
            return Unreadable<T>(exchange.Reply, [new OcpiFault("data", "nothing", "an object")]);
        var read = Access.Format.Read<T>(json);
        return read.IsValid ? new OcpiReply<T>(exchange.Reply) { Data = read.Value } : Unreadable<T>(exchange.Reply, read.Faults);
    }

    private (IReadOnlyList<T> Items, IReadOnlyList<OcpiSkipped> Skipped) ReadItems<T>(JsonElement? data)
        where T : class
    {
        if (data is not { } json)
            return ([], []);
        if (json.ValueKind != JsonValueKind.Array)
        {
            var single = Access.Format.Read<T>(json);
            return single.IsValid ? ([single.Value], []) : ([], [OcpiSkipped.Of(json, single.Faults)]);
        }

        var items = new List<T>(json.GetArrayLength());
        List<OcpiSkipped> skipped = [];
        foreach (var element in json.EnumerateArray())
        {
            var read = Access.Format.Read<T>(element);
            if (read.IsValid)
                items.Add(read.Value);
            else
                skipped.Add(OcpiSkipped.Of(element, read.Faults));
        }

        return (items, skipped);
    }

    private static OcpiReply<T> Unreadable<T>(OcpiReply reply, IReadOnlyList<OcpiFault> faults)
        where T : class =>
        new(reply with
        {
            Outcome = OcpiOutcome.Retryable,
            Stage = OcpiStage.Data,
            Reason = $"the data cannot be read: {OcpiFault.Summary(faults)}",
        })
        {
            Faults = faults,
        };

    private HttpRequestMessage Request(HttpMethod method, Uri url, ReadOnlyMemory<byte>? body, OcpiIds ids, OcpiRouting? routing)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation("Authorization", OcpiToken.Header(Access.Token, Access.TokenEncoding));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in ids.Headers().Concat(routing?.Headers() ?? []))
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }
}
