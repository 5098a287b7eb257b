using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeGateway.Mqtt;
using EdgeGateway.Mqtt.Commands;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Mqtt;

/// <summary>A site in memory at a real broker: engine, meters and chargers that say yes to everything and note it.</summary>
internal sealed class MqttHost : IAsyncDisposable, IChargers, IStationCare, ISiteMeters
{
    public const string Base = "edge-gateway/BER01";

    private readonly List<Action<MeterReading>> _watchers = [];
    private MqttSettings _settings;

    private MqttHost(SiteConfiguration site, MqttSettings settings, MemoryDocuments documents)
    {
        (_settings, Documents) = (settings, documents);
        Engine = new(SiteState.Restore(site, Journal.Load()), Journal, TimeProvider.System);
        var authorizations = new Authorizations(Engine, new NoTokens(), new NoHubs(), TimeProvider.System);
        var parts = new MqttParts
        {
            Started = Started,
            Version = "1.2.3",
            Settings = () => Volatile.Read(ref _settings),
            ConfigHash = () => "0123456789abcdef",
            IsClockSynchronized = () => true,
            Storage = () => (3_000_000, 2_000_000_000),
            HubsAsync = _ => new([.. Hubs]),
            DegradedAsync = _ => new([.. Degraded]),
            LastSeen = id => Engine.State.Stations.GetValueOrDefault(id) is { Connected: true } ? Started : null,
            SyncHubAsync = (hub, _) =>
            {
                Done.Enqueue($"sync {hub}");
                return Task.FromResult<string?>(Hubs.Exists(h => h.Name == hub) ? "2 waiting are due now" : null);
            },
        };
        Actions = new(Engine, authorizations, this, new(Engine, this, parts, TimeProvider.System), parts, TimeProvider.System);
        Service = new(Engine, authorizations, this, this, documents, parts,
            TimeProvider.System, NullLogger<MqttService>.Instance, TimeSpan.FromMilliseconds(50));
    }

    public static DateTimeOffset Started { get; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public MemoryJournal Journal { get; } = new();
    public SiteEngine Engine { get; }
    public MqttService Service { get; }
    public CommandActions Actions { get; }
    public MemoryDocuments Documents { get; }
    public List<HubPayload> Hubs { get; } = [HubOf("Online")];
    public List<DegradedPayload> Degraded { get; } = [new() { Code = "StationOffline", Subject = "CP-2", Text = "has no line" }];

    /// <summary>Orders and tasks that were carried out.</summary>
    public ConcurrentQueue<string> Done { get; } = [];

    public MqttSettings Settings
    {
        get => Volatile.Read(ref _settings);
        set => Volatile.Write(ref _settings, value);
    }

    public ImmutableArray<MeterReading> Readings { get; set; } =
    [
        new()
        {
            Meter = "grid", Role = MeterRole.Grid, Quality = MeterQuality.Good, At = Started, EnergyWh = 1_234_567, ExportWh = 89, PowerW = 4321.5m, FrequencyHz = 50.01m,
            CurrentA = 18.7m, Phases = [new(230.1m, 6.2m, 1440m), new(229.8m, 6.3m, 1441m), new(231m, 6.2m, 1440.5m)], Vendor = "Eastron", Model = "SDM630", Serial = "123",
        },
        new() { Meter = "cp1", Role = MeterRole.Station, Station = "CP-1", Evse = 1, Quality = MeterQuality.None },
    ];

    public static HubPayload HubOf(string state) => new()
    {
        Name = "enapi", State = state, Online = state == "Online", Version = "2.3.0", Backlog = 2, Oldest = Started, DeadLetters = 1, LastDelivery = Started, Trouble = null,
    };

    public static async Task<MqttHost> StartAsync(
        Uri? broker, Func<MqttSettings, MqttSettings>? settings = null, Func<SiteConfiguration, SiteConfiguration>? site = null, MemoryDocuments? documents = null)
    {
        var usual = new MqttSettings { Broker = broker, BaseTopic = Base, Commands = true, HomeAssistantDiscovery = true, ClientId = "edge-gateway-BER01" };
        var configuration = ExampleSite.Create();
        var host = new MqttHost(site?.Invoke(configuration) ?? configuration, settings?.Invoke(usual) ?? usual, documents ?? new());
        host.Engine.Start(host);
        await host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "10.0.0.9"), CancellationToken.None);
        await host.Engine.ReportAsync(new StationBooted("CP-1", new("Vendor", "Model", "SN1", "1.0")), CancellationToken.None);
        await host.Service.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>A session at CP-1/1.</summary>
    public async Task<SessionBegun> BeginAsync(long meter = 1000)
    {
        await Engine.ReportAsync(new ConnectorReported(new("CP-1", 1, 1), ConnectorState.Charging, "NoError", null, null, null), CancellationToken.None);
        return await Engine.ReportAsync(new SessionBegan(new("CP-1", 1, 1), ExampleSite.Card, null, meter, ExampleSite.Accepted()), CancellationToken.None);
    }

    public Task MeterAsync(int number, long wh, decimal power = 11_000) =>
        Engine.ReportAsync(new Metered(new("CP-1", 1, 1), number, [new(null, wh, power, null, "E")]), CancellationToken.None);

    public Task RemarkAsync(string text) => Engine.ReportAsync(new Remarked(Severity.Info, "Test", "x", text), CancellationToken.None);

    public void Read(MeterReading reading)
    {
        Readings = [.. Readings.Where(r => r.Meter != reading.Meter), reading];
        foreach (var watcher in _watchers)
            watcher(reading);
    }

    IReadOnlyList<MeterReading> ISiteMeters.Newest => Readings;

    void ISiteMeters.Watch(Action<MeterReading> watcher) => _watchers.Add(watcher);

    ValueTask<MeterSample?> ISiteMeters.AtAsync(string station, int evse, DateTimeOffset at, MeterMoment moment, CancellationToken cancellationToken) => new((MeterSample?)null);

    Task<OrderResult> IChargers.CarryOutAsync(Order order, CancellationToken cancellationToken)
    {
        Done.Enqueue(order switch { StartOrder start => $"start {start.At} {start.IdTag}", StopOrder stop => $"stop {stop.Number}", UnlockOrder unlock => $"unlock {unlock.At}", _ => $"{order}" });
        return Task.FromResult(new OrderResult(OrderOutcome.Accepted));
    }

    Task<CareAnswer> IStationCare.DoAsync(string station, CareTask task, string by, CancellationToken cancellationToken)
    {
        Done.Enqueue($"{station} {task} by {by}");
        return Task.FromResult(CareAnswer.Of(CareOutcome.Done, "Accepted"));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.StopAsync(CancellationToken.None);
        Service.Dispose();
        await Engine.DisposeAsync();
    }
}
