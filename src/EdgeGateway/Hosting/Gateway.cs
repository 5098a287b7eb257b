using System.Net.Sockets;
using EdgeGateway.Admin;
using EdgeGateway.Chargers;
using EdgeGateway.Configuration;
using EdgeGateway.Hubs;
using EdgeGateway.Journal;
using EdgeGateway.Meters;
using EdgeGateway.Mqtt;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeGateway.Hosting;

/// <summary>How a gateway is started beyond its configuration.</summary>
public sealed record GatewayStart
{
    /// <summary>Followed for changes; null: the configuration stays as it is.</summary>
    public Sources? Follow { get; init; }

    /// <summary>Null: nobody is told.</summary>
    public Systemd? Systemd { get; init; }

    /// <summary>In place of the process's own log.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}

/// <summary>It could not start, for a reason a person can do something about; the message is that one line.</summary>
public sealed class GatewayStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The whole program, joined: store, site, chargers, hubs, technician. Started in the order in which each needs the one before, so that
/// whoever reaches a listener reaches a site that remembers everything.
/// </summary>
public sealed partial class Gateway : IAsyncDisposable
{
    /// <summary>Of the five seconds that an end may take, the store keeps one to itself (I21).</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private static readonly Uri NotYet = new("http://127.0.0.1/");

    private readonly Store _store;
    private readonly WebApplication _app;
    private readonly Doors _doors;
    private readonly Systemd _systemd;
    private readonly ILogger<Gateway> _log;
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task> _stopped;

    private Gateway(Store store, SiteEngine engine, WebApplication app, Doors doors, Systemd systemd)
    {
        _store = store;
        Engine = engine;
        _app = app;
        _doors = doors;
        _systemd = systemd;
        _log = app.Services.GetRequiredService<ILogger<Gateway>>();
        _stopped = new(StopAsync);
    }

    public SiteEngine Engine { get; }
    public IServiceProvider Services => _app.Services;

    /// <summary>Where chargers connect: <c>{this}ocpp/{stationId}</c>, as this machine reaches it.</summary>
    public IReadOnlyList<Uri> OcppUrls => _doors.Bound(Listener.Ocpp);
    public Uri OcpiUrl => _doors.Bound(Listener.Ocpi)[0];
    public Uri AdminUrl => _doors.Bound(Listener.Admin)[0];

    /// <summary>Completes when the gateway cannot go on, with the reason. It is then to be disposed, and its process ended.</summary>
    public Task<string> Failed => _failed.Task;

    /// <exception cref="GatewayStartException">A port is taken, the store cannot be opened, a certificate cannot be read.</exception>
    public static async Task<Gateway> StartAsync(
        GatewayConfiguration configuration, TimeProvider clock, GatewayStart? start = null, CancellationToken cancellationToken = default)
    {
        start ??= new();
        var logs = LoggerFactory.Create(start.Logging ?? (l => l.AddGatewayLog(configuration.Log)));
        Store? store = null;
        SiteEngine? engine = null;
        WebApplication? app = null;
        try
        {
            store = await Store.OpenAsync(configuration.Storage, clock, logs.CreateLogger<Store>());
            engine = new SiteEngine(SiteState.Restore(configuration.Site, await store.Journal.LoadAsync(cancellationToken)), store.Journal, clock);
            var certificates = new SiteCertificates(configuration.Certificates, clock);
            var doors = new Doors(configuration.Listeners, certificates, clock);
            var systemd = start.Systemd ?? new(null, null);
            var watch = new ConfigurationWatch(configuration, start.Follow, clock, logs.CreateLogger<ConfigurationWatch>());
            app = Build(store, engine, doors, certificates, systemd, watch, clock, logs);
            var gateway = new Gateway(store, engine, app, doors, systemd);
            gateway.Supervise(app.Services.GetRequiredService<Supervisor>());
            engine.Start(app.Services.GetRequiredService<IChargers>());
            await engine.RequestAsync(new Configure(configuration.Site), cancellationToken);
            await app.StartAsync(cancellationToken);
            gateway.Started();
            return gateway;
        }
        catch (Exception failure)
        {
            await EndAsync(app, engine, store);
            logs.Dispose();
            if (Explain(failure) is { } why)
                throw new GatewayStartException(why, failure);
            throw;
        }
    }

    /// <summary>Close frames to chargers, the commit in hand finished, the store closed in good order; at most five seconds (I21).</summary>
    public ValueTask DisposeAsync() => new(_stopped.Value);

    private static WebApplication Build(
        Store store, SiteEngine engine, Doors doors, SiteCertificates certificates, Systemd systemd, ConfigurationWatch watch, TimeProvider clock, ILoggerFactory logs)
    {
        // Empty: no second reading of appsettings.json, no ASPNETCORE_ variables that open further doors, no file watchers (FIELD pain 25).
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "edge-gateway" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(doors.Open);
        var services = builder.Services;
        services.RemoveAll<ILoggerFactory>();
        services.AddSingleton(logs);
        services.AddRouting();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ListenerPolicy>());
        services.Configure<HostOptions>(o => o.ShutdownTimeout = StopLimit);
        // Signals are the command line's business: a gateway in a test or demo must not take Ctrl+C away from its process.
        services.AddSingleton<IHostLifetime, QuietLifetime>();

        services.AddSingleton(clock).AddSingleton(engine).AddSingleton(systemd).AddSingleton(watch).AddSingleton(_ => doors).AddSingleton(certificates);
        services.AddSingleton<Supervisor>().AddHostedService(s => s.GetRequiredService<Supervisor>());
        services.AddHostedService<ConfigurationFollower>();
        services.AddSingleton<Authorizations>();
        services.AddJournal(store);
        services.AddSingleton(_ => new ModbusBuses(clock));
        services.AddMeters(() => watch.Current.Meters, static s => s.GetRequiredService<ModbusBuses>().Unit);
        services.AddChargers(_ => () => watch.Current.Chargers);
        services.AddSingleton(certificates.Parts(watch.Current.Listeners.OcppCertificate));
        services.AddSingleton(watch.Current.Listeners).AddSingleton<CertificateCare>().AddHostedService(s => s.GetRequiredService<CertificateCare>());
        services.AddHubs(() => Hubs(watch.Current.Hubs, doors), new Random());
        services.AddMqtt(s => BrokerParts.Of(s, watch, clock));
        services.AddAdmin();
        services.AddSingleton(s => TechnicianParts.Of(s, store, watch, clock));

        var app = builder.Build();
        var remarks = app.Services.GetRequiredService<Remarks>();
        doors.HandshakeFailed = (address, why) => remarks.Make(Severity.Warning, "TlsRefused", StationDoor.Text(address), $"A TLS handshake of a charger failed: {why}");
        var guard = app.Services.GetRequiredService<AdminGuard>();
        app.UseWhen(c => c.Listener() == Listener.Admin, admin => admin.Use(guard.InvokeAsync));
        app.MapListener(Listener.Ocpp).MapChargers();
        app.MapListener(Listener.Ocpi).MapHubs();
        app.MapListener(Listener.Admin).MapAdmin();
        return app;
    }

    /// <summary>Without a public url, hubs on this machine reach us where we are bound; that is known only once we are.</summary>
    private static HubsOptions Hubs(HubsOptions options, Doors doors) =>
        options.PublicUrl.Length > 0 ? options : options with { PublicUrl = $"{(doors.Bound(Listener.Ocpi) is [var bound, ..] ? bound : NotYet)}ocpi" };

    /// <summary>What has to move for the watchdog to be fed. The journal's writer is behind the engine: a turn with something to write waits for it.</summary>
    private void Supervise(Supervisor supervisor)
    {
        supervisor.Watch("The site's engine", () => Engine.Turns, cancellationToken => Engine.ReportAsync(TimePassed.Instance, cancellationToken));
        var meters = Services.GetRequiredService<SiteMeters>();
        supervisor.Watch("The meters' keeper", () => meters.Rounds, meters.LookSoonAsync);
        var (buses, looks) = (Services.GetRequiredService<ModbusBuses>(), 0L);
        supervisor.Watch("A Modbus line", () => looks, _ =>
        {
            looks += buses.Figures().All(static f => f.SinceProgress <= ModbusBuses.LongestSilence) ? 1 : 0;
            return Task.CompletedTask;
        });
        foreach (var listener in Enum.GetValues<Listener>())
            supervisor.Watch($"The {listener} listener", () => _doors.Accepted(listener), cancellationToken => KnockAsync(listener, cancellationToken));
    }

    private async Task KnockAsync(Listener listener, CancellationToken cancellationToken)
    {
        var url = _doors.Bound(listener)[0];
        using var client = new TcpClient();
        await client.ConnectAsync(url.IdnHost, url.Port, cancellationToken);
        // The kernel connects by itself; only an accept loop that runs notices that we say nothing, and hangs up.
        client.Client.Shutdown(SocketShutdown.Send);
        while (await client.Client.ReceiveAsync(new byte[64], cancellationToken) > 0)
        {
            // Nothing is wanted of it.
        }
    }

    private void Started()
    {
        foreach (var task in Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(b => (b.GetType().Name, b.ExecuteTask)))
            _ = task.ExecuteTask?.ContinueWith(t => Fail($"{task.Name}: {t.Exception!.InnerException!.Message}"), TaskContinuationOptions.OnlyOnFaulted);
        _store.Broken.Register(() => Fail("The database turned out to be damaged; the next start saves what can be read."));
        var where = $"OCPP {string.Join(' ', OcppUrls)}, OCPI {OcpiUrl}, admin {AdminUrl}";
        Listening(Status.Version, where);
        _systemd.Ready($"Listening: {where}");
    }

    private void Fail(string why)
    {
        if (_failed.TrySetResult(why))
            CannotGoOn(why);
    }

    private async Task StopAsync()
    {
        _systemd.Stopping();
        Stopping();
        await EndAsync(_app, Engine, _store);
        _systemd.Dispose();
    }

    private static async Task EndAsync(WebApplication? app, SiteEngine? engine, Store? store)
    {
        if (app is not null)
        {
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await app.StopAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Whoever still has a connection loses it; what was answered is on disk.
            }
        }
        if (engine is not null)
            await engine.DisposeAsync();
        if (app is not null)
            await app.DisposeAsync();
        if (store is not null)
            await store.DisposeAsync();
    }

    /// <summary>Null for what nobody outside can mend: that deserves its stack trace.</summary>
    private static string? Explain(Exception failure) => failure switch
    {
        StorageException => failure.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"{failure.Message.TrimEnd('.')}. Is another gateway running?",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => $"An address to listen on is none of this machine: {failure.Message}",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"A port to listen on is not allowed for this user: {failure.Message}",
        IOException { InnerException: SocketException } => failure.Message,
        System.Security.Cryptography.CryptographicException => $"A certificate cannot be used: {failure.Message}",
        _ => null,
    };

    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "edge-gateway {Version} is listening: {Where}")]
    private partial void Listening(string version, string where);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping")]
    private partial void Stopping();

    [LoggerMessage(Level = LogLevel.Critical, Message = "The gateway cannot go on: {Why}")]
    private partial void CannotGoOn(string why);
}
