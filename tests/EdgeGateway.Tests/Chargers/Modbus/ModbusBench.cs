using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Chargers.Modbus;

/// <summary>A charger behind Modbus at the real engine, with a clock in the hand: round after round by <see cref="RunAsync"/>. It survives restarts.</summary>
public sealed class ModbusBench : IAsyncDisposable, IChargers
{
    public const string Id = "CP-1";
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly SiteConfiguration _site;
    private readonly Func<ModbusLine, ModbusLine> _line;

    private ModbusBench(string template, Func<ModbusLine, ModbusLine>? line)
    {
        _line = line ?? (static l => l);
        _site = ExampleSite.Create() with { Stations = [ExampleSite.Station(Id) with { Evses = [ExampleSite.Station(Id).Evses[0]] }] };
        Device = new(TemplateBook.Embedded.Find(template)!);
        Begin();
    }

    public ManualClock Clock { get; } = new();
    public MemoryJournal Journal { get; } = new() { Seed = ExampleSite.Seed };
    public MemoryDocuments Documents { get; } = new();
    public MemoryFrames Frames { get; } = new();
    public MemoryCharger Device { get; }
    public SiteEngine Engine { get; private set; } = null!;
    public Authorizations Authorizations { get; private set; } = null!;
    public ModbusStation Station { get; private set; } = null!;
    public Position At { get; } = new(Id, 1, 1);
    public NoTokens Tokens { get; } = new();

    public Session? Running => Engine.State.Sessions.Values.FirstOrDefault(s => s.Status is SessionStatus.Active);
    public ConnectorState? Shown => Engine.State.Stations.GetValueOrDefault(Id)?.Connectors.GetValueOrDefault(Connector.Key(At))?.State;

    public static async Task<ModbusBench> StartAsync(string template = "alfen-eve", Func<ModbusLine, ModbusLine>? line = null)
    {
        var bench = new ModbusBench(template, line);
        await bench.RunAsync(4);
        return bench;
    }

    /// <summary>Rounds of one second each.</summary>
    public async Task RunAsync(int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            Device.Advance(Poll);
            Clock.Advance(Poll);
            await Station.CycleAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The gateway is away for a while and comes back.</summary>
    public async Task RestartAsync(TimeSpan? away = null)
    {
        await Engine.DisposeAsync();
        Device.Advance(away ?? TimeSpan.Zero);
        Clock.Advance(away ?? TimeSpan.Zero);
        Begin();
    }

    public async Task<Grant> StartRemotelyAsync()
    {
        var grant = await Engine.RequestAsync(new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, $"{Id}-1", 1, null, null), CancellationToken.None);
        if (grant.OrderId is { } order)
            await Engine.OutcomeAsync(order, CancellationToken.None);
        return grant;
    }

    public async Task<OrderSettled> SettledAsync(Grant grant)
    {
        Assert.NotNull(grant.OrderId);
        return await Engine.OutcomeAsync(grant.OrderId.Value, CancellationToken.None);
    }

    /// <summary>The site's orders go to the station, as <see cref="ChargingStations"/> brings them there.</summary>
    public Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken) => Station.CarryOutAsync(order, cancellationToken);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private void Begin()
    {
        Engine = new(SiteState.Restore(_site, Journal.Load()), Journal, Clock);
        Engine.Start(this);
        Authorizations = new(Engine, Tokens, new NoHubs(), Clock);
        var options = new ChargersOptions { MeterValueSeconds = 10 };
        var line = _line(new()
        {
            At = At, Template = Device.Template, Transport = new() { Wire = ModbusWire.Tcp, Host = "charger", Port = 502 }, Unit = 1, Poll = Poll,
            MaxCurrentA = 32, VoltageV = 230, Phases = 3,
        });
        Station = new(line, Device, new(Engine, Authorizations, Documents, Frames, new(Engine, Clock, NullLogger<Remarks>.Instance), new(Engine, Clock), () => options, Clock));
    }
}
