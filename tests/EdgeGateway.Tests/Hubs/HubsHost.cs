using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Hosting;
using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Journal;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Authorization = EdgeGateway.Site.Model.Authorization;

namespace EdgeGateway.Tests.Hubs;

/// <summary>The hubs' side as it runs: the real store in a file, the real engine, a real Kestrel on loopback. Can be stopped and started again.</summary>
public sealed class HubsHost : IAsyncDisposable
{
    public const string TokenA = "token-A-of-the-hub";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hubs-");
    private readonly int _port = FreePort();
    private WebApplication? _app;
    private Store? _store;
    private SiteEngine? _engine;

    private HubsHost(HubsOptions options, SiteConfiguration site) => (Options, Site) = (options, site);

    /// <summary>May be replaced while running, as the file may.</summary>
    public HubsOptions Options { get; set; }

    /// <summary>What the file says at the next start.</summary>
    public SiteConfiguration Site { get; set; }
    public Store Store => _store!;
    public SiteEngine Engine => _engine!;
    public FakeChargers Chargers { get; } = new();
    public CollectedLog Log { get; } = new();
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>How long a commit is on disk before the engine hears of it.</summary>
    public TimeSpan CommitLag { get; set; }
    public string Root => $"http://127.0.0.1:{_port}/ocpi";
    public HubOperations Operations => Get<HubOperations>();
    public HubLink Link => Get<HubLinks>().Find(ExampleSite.Hub)!;

    /// <summary>Limits short enough for a test, long enough for a busy machine.</summary>
    public static HubLimits QuickLimits { get; } = new()
    {
        CallTimeout = TimeSpan.FromSeconds(5),
        AuthorizeTimeout = TimeSpan.FromSeconds(1),
        RetryFirst = TimeSpan.FromMilliseconds(40),
        RetryCap = TimeSpan.FromMilliseconds(400),
        RegistrationCap = TimeSpan.FromMilliseconds(400),
        SuspendedProbe = TimeSpan.FromMilliseconds(300),
    };

    public static HubOptions OptionsOf(SimulatedHub hub) => new()
    {
        Name = ExampleSite.Hub, VersionsUrl = hub.VersionsUrl, RegistrationToken = TokenA, Versions = ["2.3.0", "2.2.1"], CountryCode = "DE", PartyId = "HUB",
    };

    public static async Task<SimulatedHub> HubAsync(Func<SimulatedHubOptions, SimulatedHubOptions>? change = null)
    {
        // One version, so that a test that names its paths is about what was agreed on.
        var options = new SimulatedHubOptions { RegistrationToken = TokenA, Versions = [OcpiVersion.V221] };
        return await SimulatedHub.StartAsync(change?.Invoke(options) ?? options, TimeProvider.System, CancellationToken.None);
    }

    public static async Task<HubsHost> StartAsync(HubOptions hub, HubLimits? limits = null, SiteConfiguration? site = null, Func<HubsHost, Task>? before = null)
    {
        var host = new HubsHost(new() { PublicUrl = "http://127.0.0.1/ocpi", Hubs = [hub], Limits = limits ?? QuickLimits }, site ?? ExampleSite.Create());
        host.Options = host.Options with { PublicUrl = host.Root };
        await host.ComeUpAsync(before);
        return host;
    }

    /// <summary>Registered, with its first deliveries made.</summary>
    public static async Task<HubsHost> RegisteredAsync(
        SimulatedHub hub, HubLimits? limits = null, SiteConfiguration? site = null, Func<HubOptions, HubOptions>? options = null)
    {
        var host = await StartAsync(options?.Invoke(OptionsOf(hub)) ?? OptionsOf(hub), limits, site);
        await UntilAsync(() => hub.Store.Locations.Count == 1 && hub.Store.Tariffs.Count == 1);
        await host.EmptyAsync();
        return host;
    }

    /// <param name="before">With the store open and nothing running yet.</param>
    public async Task ComeUpAsync(Func<HubsHost, Task>? before = null)
    {
        _store = await Store.OpenAsync(new() { Path = Path.Combine(_folder.FullName, "gateway.db") }, TimeProvider.System, NullLogger<Store>.Instance);
        _engine = new(SiteState.Restore(Site, await _store.Journal.LoadAsync(CancellationToken.None)), new LaggingJournal(_store.Journal, () => CommitLag), TimeProvider.System);
        if (before is not null)
            await before(this);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log);
        GatewayLog.AddLevels(builder.Logging, new() { Default = LogLevel.Debug });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(_engine).AddJournal(_store);
        builder.Services.AddHubs(() => Options, new Random(1));
        _app = builder.Build();
        _app.MapHubs();
        _engine.Start(Chargers, TimeSpan.FromMilliseconds(100));
        await _app.StartAsync();
    }

    public async Task GoDownAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
        await _engine!.DisposeAsync();
        await _store!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await GoDownAsync();
        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    public T Get<T>()
        where T : notnull =>
        _app!.Services.GetRequiredService<T>();

    /// <summary>A session from start to stop at CP-1, with a token of the hub.</summary>
    public async Task<string> ChargeAsync(int evse = 1, long wh = 5000, string tag = "HUBCARD1", Authorization? authorization = null)
    {
        var begun = await BeginAsync(evse, tag, authorization);
        await EndAsync(begun, wh);
        return begun.SessionId;
    }

    public async Task<SessionBegun> BeginAsync(int evse = 1, string tag = "HUBCARD1", Authorization? authorization = null)
    {
        await Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var told = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(10);
        return await Engine.ReportAsync(new SessionBegan(new("CP-1", evse, 1), tag, told, 1000, authorization ?? ExampleSite.Accepted(tag)), CancellationToken.None);
    }

    public Task EndAsync(SessionBegun begun, long wh) => Engine.ReportAsync(
        new SessionEnded("CP-1", begun.Number, null, DateTimeOffset.UtcNow, 1000 + wh, "Local", [], null), CancellationToken.None);

    public Task EmptyAsync() => UntilAsync(async () => (await Store.Outbox.FiguresAsync(ExampleSite.Hub, CancellationToken.None)).Waiting == 0);

    public async Task<IReadOnlyList<OutboxEntry>> OutboxAsync() => await Store.Outbox.ListAsync(null, null, 1000, CancellationToken.None);

    public async Task<bool> RaisedAsync(string code) => (await Store.History.EventsAsync(1000, CancellationToken.None)).Any(e => e.Code == code);

    public async Task<HubStatus> StatusAsync() => (await Operations.StatusAsync(ExampleSite.Hub, CancellationToken.None))!;

    /// <summary>A request to our endpoints, with any token.</summary>
    public async Task<Heard> CallAsync(HttpMethod method, string path, string? token, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Root + path));
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Token {Convert.ToBase64String(Encoding.UTF8.GetBytes(token))}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return new((int)response.StatusCode, all, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>A token by which the hub may call us, known to the test.</summary>
    public async Task<string> AdmitAsync(string token = "a-token-of-ours")
    {
        await Link.ChangeAsync(r => r with { InboundTokens = [.. r.InboundTokens, new(InboundTokens.DigestOf(token), DateTimeOffset.UtcNow, null, Offered: false)] }, CancellationToken.None);
        return token;
    }

    /// <summary>Waits for something to become true; a test that hangs here says what it waited for.</summary>
    public static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        UntilAsync(() => Task.FromResult(condition()), what);

    public static async Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        for (var i = 0; i < 1500; i++)
        {
            if (await condition())
                return;
            await Task.Delay(20);
        }
        Assert.Fail($"Waited in vain for: {what}");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public sealed record Heard(int Status, IReadOnlyDictionary<string, string> Headers, JsonNode? Json)
    {
        public int Code => (int)Json!["status_code"]!;
        public JsonNode? Data => Json!["data"];
    }

    private sealed class LaggingJournal(ISiteJournal journal, Func<TimeSpan> lag) : ISiteJournal
    {
        public async Task CommitAsync(Turn turn, CancellationToken cancellationToken)
        {
            await journal.CommitAsync(turn, cancellationToken);
            await Task.Delay(lag(), cancellationToken);
        }

        public Task<StoredSite> LoadAsync(CancellationToken cancellationToken) => journal.LoadAsync(cancellationToken);

        public ValueTask<Recalled> RecallAsync(IReadOnlyList<SessionKey> keys, CancellationToken cancellationToken) =>
            journal.RecallAsync(keys, cancellationToken);
    }

    /// <summary>Chargers that do as the test says.</summary>
    public sealed class FakeChargers : IChargers
    {
        private readonly ConcurrentQueue<Order> _orders = [];

        public IReadOnlyList<Order> Orders => [.. _orders];
        public Func<Order, Task<OrderOutcome>> Answer { get; set; } = _ => Task.FromResult(OrderOutcome.Accepted);

        public async Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken)
        {
            _orders.Enqueue(order);
            return new(await Answer(order).WaitAsync(cancellationToken));
        }
    }

    /// <summary>Everything that was logged, to look for what must not be in it.</summary>
    public sealed class CollectedLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyList<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            _lines.Enqueue($"Scope: {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Nothing to let go.
        }
    }
}
