using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Tests.Chargers;

/// <summary>The chargers' side as it runs: a real Kestrel on loopback, the real engine, a journal in memory.</summary>
public sealed class ChargersHost : IAsyncDisposable
{
    public const string Password = "secret:with:colons";

    private readonly WebApplication _app;

    private ChargersHost(WebApplication app, SiteEngine engine, MemoryJournal journal, MemoryDocuments documents, MemoryFrames frames, Box box)
    {
        (_app, Engine, Journal, Documents, Frames, _box) = (app, engine, journal, documents, frames, box);
    }

    private readonly Box _box;

    public SiteEngine Engine { get; }
    public MemoryJournal Journal { get; }
    public MemoryDocuments Documents { get; }
    public MemoryFrames Frames { get; }

    public ChargersOptions Options
    {
        get => _box.Options;
        set => _box.Options = value;
    }

    public StationSecurity Security => _app.Services.GetRequiredService<StationSecurity>();
    public StationDoor Door => _app.Services.GetRequiredService<StationDoor>();
    public ChargingStations Stations => _app.Services.GetRequiredService<ChargingStations>();
    public IStationCare Care => _app.Services.GetRequiredService<IStationCare>();
    public EdgeGateway.Chargers.Dialects.StationDialects Dialects => _app.Services.GetRequiredService<EdgeGateway.Chargers.Dialects.StationDialects>();
    public DeviceModels Models => _app.Services.GetRequiredService<DeviceModels>();
    public StationPapers Papers => _app.Services.GetRequiredService<StationPapers>();
    public ChargerRegistry Registry => _app.Services.GetRequiredService<ChargerRegistry>();
    public T Service<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public IStationJobs Jobs => _app.Services.GetRequiredService<IStationJobs>();
    public Uri Address => new(_app.Urls.First());

    public static async Task<ChargersHost> StartAsync(
        Func<ChargersOptions, ChargersOptions>? options = null,
        TimeProvider? clock = null,
        Func<SiteConfiguration, SiteConfiguration>? site = null,
        MemoryDocuments? documents = null,
        ITokens? tokens = null,
        CertificateParts? certificates = null,
        Action<IServiceCollection>? services = null)
    {
        clock ??= TimeProvider.System;
        var settings = new ChargersOptions { Stations = [new() { Id = "CP-1", Password = Password }, new() { Id = "CP-2", Password = "00FFab12" }], QuietSeconds = 3600, LocalListEntries = 0 };
        var box = new Box { Options = options?.Invoke(settings) ?? settings };
        var journal = new MemoryJournal();
        var configuration = ExampleSite.Create() with { UnknownStations = box.Options.UnknownStations };
        var engine = new SiteEngine(SiteState.Restore(site?.Invoke(configuration) ?? configuration, journal.Load()), journal, clock);
        var frames = new MemoryFrames();
        documents ??= new();

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        builder.Services.AddSingleton(clock).AddSingleton(engine).AddSingleton<IDocuments>(documents).AddSingleton<IFrameLog>(frames);
        builder.Services.AddSingleton(tokens ?? new NoTokens()).AddSingleton<IHistory, NoHistory>().AddSingleton<IHubAuthorizer, NoHubs>().AddSingleton<Authorizations>();
        if (certificates is not null)
            builder.Services.AddSingleton(certificates);
        services?.Invoke(builder.Services);
        builder.Services.AddChargers(_ => () => box.Options);
        var app = builder.Build();
        app.MapChargers();
        engine.Start(app.Services.GetRequiredService<IChargers>());
        await app.StartAsync();
        return new(app, engine, journal, documents, frames, box);
    }

    /// <summary>Connects, and waits until the gateway knows the line: a charger sees its upgrade a moment before that.</summary>
    public async Task<RawCharger> ConnectAsync(string path = "CP-1", string? password = Password, Action<RawChargerSettings>? settings = null)
    {
        var before = Registry.Lines.ToHashSet();
        var charger = await RawCharger.ConnectAsync(this, path, password, settings);
        // Not for ever: a line may be turned away behind the upgrade.
        for (var i = 0; i < 100 && charger.Socket.State == WebSocketState.Open && !Registry.Lines.Any(l => !before.Contains(l)); i++)
            await Task.Delay(10);
        return charger;
    }

    /// <summary>Waits for something to become true; a test that hangs here says what it waited for.</summary>
    public static async Task UntilAsync(Func<bool> condition, Action? meanwhile = null, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        for (var i = 0; i < 1000; i++)
        {
            if (condition())
                return;
            meanwhile?.Invoke();
            await Task.Delay(10);
        }
        Assert.Fail($"never came true: {what}");
    }

    public bool HasEvent(string code, string? subject = null)
    {
        lock (Journal)
            return Journal.Events.ToArray().Any(e => e.Code == code && (subject is null || e.Subject == subject));
    }

    /// <summary>Whether an event's text begins with this.</summary>
    public bool HasEventText(string code, string text)
    {
        lock (Journal)
            return Journal.Events.ToArray().Any(e => e.Code == code && e.Text.StartsWith(text, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        await Engine.DisposeAsync();
    }

    private sealed class Box
    {
        public required ChargersOptions Options { get; set; }
    }
}

public sealed class MemoryDocuments : IDocuments
{
    public ConcurrentDictionary<string, string> All { get; } = new();

    public ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken) => new(All.GetValueOrDefault(name));

    public Task WriteAsync(string name, string? json, CancellationToken cancellationToken)
    {
        if (json is null)
            All.TryRemove(name, out _);
        else
            All[name] = json;
        return Task.CompletedTask;
    }
}

public sealed class MemoryFrames : IFrameLog
{
    private readonly ConcurrentQueue<Frame> _all = new();

    public IReadOnlyList<Frame> All => [.. _all];

    public void Keep(Frame frame) => _all.Enqueue(frame);

    public ValueTask<IReadOnlyList<Frame>> RecentAsync(string station, int most, CancellationToken cancellationToken) => new(All);

    public IAsyncEnumerable<Frame> FollowAsync(string? station, CancellationToken cancellationToken) => throw new NotSupportedException();
}

public sealed class NoTokens : ITokens
{
    public ValueTask<IReadOnlyList<Token>> FindAsync(string uid, CancellationToken cancellationToken) => new([]);

    public ValueTask<IReadOnlyList<Token>> FindByContractAsync(string contractId, CancellationToken cancellationToken) => new([]);

    public ValueTask<Token?> GetAsync(string hub, Party owner, string uid, TokenType type, CancellationToken cancellationToken) => new((Token?)null);

    public Task<int> StoreAsync(IReadOnlyList<Token> tokens, CancellationToken cancellationToken) => Task.FromResult(0);

    public ValueTask<long> CountAsync(string hub, CancellationToken cancellationToken) => new(0);

    public ValueTask<IReadOnlyList<Token>> OfflineAsync(int most, CancellationToken cancellationToken) => new((IReadOnlyList<Token>)[]);

    public void Watch(Action<TokenNews> watcher)
    {
        // Nothing ever changes.
    }
}

/// <summary>Nobody has charged here yet.</summary>
public sealed class NoHistory : IHistory
{
    public ValueTask<Page<Session>> SessionsAsync(PageQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Page<Cdr>> CdrsAsync(PageQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Session?> SessionAsync(string id, CancellationToken cancellationToken) => new((Session?)null);

    public ValueTask<Session?> SessionByNumberAsync(int number, CancellationToken cancellationToken) => new((Session?)null);

    public ValueTask<Cdr?> CdrAsync(string id, CancellationToken cancellationToken) => new((Cdr?)null);

    public ValueTask<byte[]?> FrozenCdrAsync(string hub, string id, string version, CancellationToken cancellationToken) => new((byte[]?)null);

    public ValueTask<IReadOnlyDictionary<string, byte[]>> FrozenCdrsAsync(string hub, IReadOnlyList<string> ids, string version, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Session>> RecentSessionsAsync(string? station, bool activeOnly, int most, CancellationToken cancellationToken) => new([]);

    public ValueTask<IReadOnlyList<CdrLine>> RecentCdrsAsync(int most, CancellationToken cancellationToken) => new([]);

    public ValueTask<IReadOnlyList<SiteEvent>> EventsAsync(int most, CancellationToken cancellationToken) => new([]);
}

/// <summary>Hubs that know nobody but two drivers whom they refuse.</summary>
public sealed class NoHubs : IHubAuthorizer
{
    public Task<EdgeGateway.Site.Model.Authorization?> AskAsync(string uid, Token? known, string station, CancellationToken cancellationToken) =>
        Task.FromResult(uid switch
        {
            "EMPTY" => EdgeGateway.Site.Model.Authorization.Refused(AuthorizationStatus.NoCredit, "the account is empty"),
            "ELSEWHERE" => EdgeGateway.Site.Model.Authorization.Refused(AuthorizationStatus.NotAllowed, "not here"),
            _ => null,
        });
}
