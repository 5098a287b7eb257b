using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Simulators.Hub;

/// <summary>A hub that speaks OCPI 2.1.1, 2.2.1 and 2.3.0 over real HTTP: registration with a real call-back, receivers, tokens, commands, pulls, and faults.</summary>
public sealed class SimulatedHub : IAsyncDisposable
{
    private const int BodyLimit = 4 * 1024 * 1024;

    private readonly SimulatedHubOptions _options;
    private readonly TimeProvider _clock;
    private readonly HubPeer _peer;
    private readonly HubEndpoints _endpoints;
    private readonly ConcurrentDictionary<string, int> _inFlight = new();
    private readonly List<Action<ReceivedRequest>> _watchers = [];
    private readonly HubPulls _pulls;
    private WebApplication? _listener;
    private int _port;

    private SimulatedHub(SimulatedHubOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _port = options.Port;
        _peer = new(options, Store, clock);
        Commands = new(_peer, clock);
        Versions = options.Versions;
        _pulls = new(_peer, Store, clock);
        _endpoints = new(options, clock, this, _peer);
    }

    public HubStore Store { get; } = new();

    public HubFaults Faults { get; } = new();

    public HubTokens Tokens { get; } = new();

    public HubCommands Commands { get; }

    /// <summary>What a CPO configures.</summary>
    public string VersionsUrl => $"{Root}/versions";

    /// <summary>What it offers from now on.</summary>
    public IReadOnlyList<OcpiVersion> Versions { get; set; }

    /// <summary>What was agreed on at the last registration.</summary>
    public OcpiVersion Version => _peer.Version;

    public HubParties Parties { get; } = new();

    public bool IsRegistered => _peer.IsRegistered;

    public bool IsUp => _listener is not null;

    /// <summary>Every answer that the CPO gave to this hub's own calls.</summary>
    public IReadOnlyList<HeardAnswer> Heard => _peer.Heard;

    internal string Root => $"http://127.0.0.1:{_port}/ocpi";

    public static async Task<SimulatedHub> StartAsync(SimulatedHubOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var hub = new SimulatedHub(options, clock);
        await hub.ComeUpAsync(cancellationToken);
        return hub;
    }

    /// <summary>Listens, on the port it had before.</summary>
    public async Task ComeUpAsync(CancellationToken cancellationToken)
    {
        if (_listener is not null)
            return;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = BodyLimit);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var listener = builder.Build();
        listener.Run(ServeAsync);
        await listener.StartAsync(cancellationToken);
        var address = listener.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _port = new Uri(address).Port;
        _listener = listener;
    }

    /// <summary>Closes the listener and every connection, as a host that went away.</summary>
    public async Task GoDownAsync()
    {
        if (Interlocked.Exchange(ref _listener, null) is not { } listener)
            return;
        // A token that is already cancelled makes Kestrel abort what is in flight.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await listener.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // That was the point.
        }
        await listener.DisposeAsync();
    }

    /// <summary>Called for each request once its fate is known; must be quick. Register before requests come.</summary>
    public void Watch(Action<ReceivedRequest> watcher) => _watchers.Add(watcher);

    /// <summary>Pulls a whole list from the CPO.</summary>
    public Task<IReadOnlyList<JsonObject>> PullAsync(string module, CancellationToken cancellationToken, string query = "?limit=100") =>
        _pulls.PullAsync(module, query, cancellationToken);

    /// <summary>As on Saturdays: everything up to now, a thousand at a time.</summary>
    public Task<IReadOnlyList<JsonObject>> FullPullAsync(string module, CancellationToken cancellationToken) => _pulls.FullAsync(module, cancellationToken);

    /// <summary>As on other days: what changed between the start of the last pull of this list and now.</summary>
    public Task<IReadOnlyList<JsonObject>> DeltaPullAsync(string module, CancellationToken cancellationToken) => _pulls.DeltaAsync(module, cancellationToken);

    /// <summary>Tells the CPO of a party behind this hub (H1) [22+].</summary>
    public async Task<HeardAnswer> PushPartyAsync(HubParty party, CancellationToken cancellationToken)
    {
        Parties.Put(party);
        var below = $"/{party.CountryCode}/{party.PartyId}";
        return (await _peer.CallAsync(
            HttpMethod.Put, _peer.Endpoint("hubclientinfo", "RECEIVER") + below, "hubclientinfo", HubForms.ClientInfo(party), cancellationToken)).Answer;
    }

    /// <summary>Moves the CPO to another version, by PUT of the hub's credentials there (C3).</summary>
    public Task<HeardAnswer> MoveAsync(OcpiVersion version, CancellationToken cancellationToken) =>
        _peer.MoveAsync(version, token => HubForms.Credentials(version, _options, token, VersionsUrl, Parties.All), cancellationToken);

    /// <summary>Calls any endpoint of the CPO, for example to push a token.</summary>
    public async Task<HeardAnswer> CallAsync(
        HttpMethod method, string module, string role, string below, JsonObject? body, CancellationToken cancellationToken) =>
        (await _peer.CallAsync(method, _peer.Endpoint(module, role) + below, module, body, cancellationToken)).Answer;

    /// <summary>Throws the registration away and gives out a new token A.</summary>
    public void ResetRegistration(string registrationToken) => _peer.Reset(registrationToken);

    public async ValueTask DisposeAsync()
    {
        await GoDownAsync();
        _peer.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            await ServeRequestAsync(context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            context.Abort();
        }
    }

    private async Task ServeRequestAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var request = new HubRequest(Store.NextSequence(), _clock.GetUtcNow(), context.Request.Method, path, context.Request.Query, buffer.ToArray(), Headers(context));
        var fault = Faults.Take(request.Method, request.Module, target, Encoding.UTF8.GetString(request.Body));

        using var turn = EnterTurn(request);
        var answer = Befallen(fault) ?? await _endpoints.AnswerAsync(request, context.RequestAborted);
        var record = new ReceivedRequest
        {
            Sequence = request.Sequence,
            At = request.At,
            Method = request.Method,
            Version = request.Version,
            Module = request.Module,
            Subject = request.Subject,
            Headers = request.Headers,
            Body = request.Body,
            Fault = fault?.Kind,
            HttpStatus = fault?.Kind is HubFaultKind.Hang ? 0 : answer.HttpStatus,
            OcpiStatus = answer.OcpiStatus,
        };
        Store.Note(record);
        foreach (var watcher in _watchers)
            watcher(record);
        await WriteAsync(context, request, answer, fault);
    }

    /// <summary>An answer in place of the true one, for faults that keep a request from being served at all.</summary>
    private HubAnswer? Befallen(HubFault? fault) => fault?.Kind switch
    {
        HubFaultKind.Hang => new(0, []),
        HubFaultKind.InternalError => new(500, []),
        HubFaultKind.Html => new(200, "<!DOCTYPE html><html><body>Welcome to the guest network</body></html>"u8.ToArray(), 0, "text/html"),
        HubFaultKind.ServerError3000 => HubAnswer.Error(_clock, 200, 3000, "our database is away"),
        HubFaultKind.Unauthorized => HubAnswer.Error(_clock, 401, 2000, "unauthorized"),
        HubFaultKind.TooManyRequests => new(429, []) { Headers = { ["Retry-After"] = $"{Math.Ceiling(fault.RetryAfter.TotalSeconds)}" } },
        HubFaultKind.Refuse2001 => HubAnswer.Error(_clock, 200, 2001, "invalid parameters"),
        _ => null,
    };

    private async Task WriteAsync(HttpContext context, HubRequest request, HubAnswer answer, HubFault? fault)
    {
        switch (fault?.Kind)
        {
            case HubFaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, context.RequestAborted);
                return;
            case HubFaultKind.StoreThenDrop:
                context.Abort();
                return;
            case HubFaultKind.Slow:
                await Task.Delay(fault.Delay, _clock, context.RequestAborted);
                break;
        }
        context.Response.StatusCode = answer.HttpStatus;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        foreach (var name in new[] { "X-Request-ID", "X-Correlation-ID" })
            if (request.Headers.TryGetValue(name, out var value))
                context.Response.Headers[name] = value;
        if (fault?.Kind == HubFaultKind.HalfAnswer)
        {
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>P4: two requests about one object at once are a breach.</summary>
    private Turn EnterTurn(HubRequest request)
    {
        var name = $"{request.Module} {string.Join('/', request.Below.Take(3))}";
        if (request.Method is not ("PUT" or "PATCH") || request.Below.Count < 3)
            return default;
        if (_inFlight.AddOrUpdate(name, 1, (_, n) => n + 1) > 1)
            Store.Breach("P4", name, "two requests about it at once");
        return new(_inFlight, name);
    }

    private static Dictionary<string, string> Headers(HttpContext context) =>
        context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    private readonly struct Turn(ConcurrentDictionary<string, int> inFlight, string name) : IDisposable
    {
        public void Dispose() => inFlight?.AddOrUpdate(name, 0, (_, n) => n - 1);
    }
}
