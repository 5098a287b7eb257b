using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeGateway.Meters;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Meters;

/// <summary>The site's meters on paper units, with a clock in the hand and a real site to tell.</summary>
internal sealed class MetersUnderTest : IAsyncDisposable
{
    private readonly SiteEngine _engine;
    private MetersOptions _options;

    private MetersUnderTest(MemoryMeterLog log, MeterOptions[] meters)
    {
        _options = new() { Meters = [.. meters] };
        Log = log;
        _engine = new(SiteState.Restore(ExampleSite.Create() with { Meters = [.. meters.Select(static m => m.Meter)] }, Journal.Load()), Journal, Clock);
        _engine.Start(new NoChargers());
        Meters = new(() => _options, (transport, unit, _) => Opened[(transport.ToString(), unit)] = new(), Log, _engine, Clock, NullLogger<SiteMeters>.Instance);
    }

    public ManualClock Clock { get; } = new();
    public MemoryJournal Journal { get; } = new() { Seed = ExampleSite.Seed };
    public MemoryMeterLog Log { get; }
    public SiteMeters Meters { get; }
    public SiteEngine Engine => _engine;

    /// <summary>By transport and unit.</summary>
    public ConcurrentDictionary<(string, byte), PaperMeter> Opened { get; } = new();

    public PaperMeter Paper(byte unit = 1) => Opened[("tcp://meter:502", unit)];

    public MeterReading this[string meter] => Meters.Newest.Single(m => m.Meter == meter);

    public static async Task<MetersUnderTest> StartAsync(MemoryMeterLog? log = null, params MeterOptions[] meters)
    {
        var under = new MetersUnderTest(log ?? new(), meters.Length == 0 ? [Station()] : meters);
        await under.Meters.StartAsync(CancellationToken.None);
        await under.Meters.Ready;
        await under.SettleAsync();
        return under;
    }

    public static MeterOptions Station(string id = "cp1", byte unit = 1, double seconds = 5, int evse = 1) => new()
    {
        Meter = new() { Id = id, Role = MeterRole.Station, Station = "CP-1", Evse = evse },
        Template = TemplateBook.Embedded.Find("eastron-sdm120")!,
        Transport = new() { Wire = ModbusWire.Tcp, Host = "meter", Port = 502 },
        Unit = unit,
        Period = TimeSpan.FromSeconds(seconds),
    };

    public static MeterOptions Grid(double seconds = 1) =>
        Station("grid", 9, seconds) with { Meter = new() { Id = "grid", Role = MeterRole.Grid } };

    public void Configure(params ImmutableArray<MeterOptions> meters) => _options = _options with { Meters = meters };

    /// <summary>Time goes on in steps; between two whoever is due has done what he does.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan? step = null)
    {
        var by = step ?? TimeSpan.FromSeconds(1);
        for (var passed = TimeSpan.Zero; passed < time; passed += by)
        {
            var rounds = Meters.Rounds;
            Clock.Advance(by);
            if (by >= SiteMeters.Interval)
                await ChargersHost.UntilAsync(() => Meters.Rounds > rounds);
            await SettleAsync();
        }
    }

    /// <summary>Until all who are due have read, and the site has all they said.</summary>
    public async Task SettleAsync()
    {
        await ChargersHost.UntilAsync(() => Meters.Lines.All(l => !l.IsDue || Opened[(l.Options.Transport.ToString(), l.Options.Unit)] is { Held.IsCompleted: false }));
        await Engine.ReportAsync(TimePassed.Instance, CancellationToken.None);
    }

    public IEnumerable<string> Events(string meter) => Journal.Events.ToArray().Where(e => e.Subject == meter).Select(static e => e.Code);

    public async ValueTask DisposeAsync()
    {
        await Meters.StopAsync(CancellationToken.None);
        Meters.Dispose();
        await _engine.DisposeAsync();
    }

    private sealed class NoChargers : IChargers
    {
        public Task<OrderResult> CarryOutAsync(EdgeGateway.Site.Requests.Order order, CancellationToken cancellationToken) => Task.FromResult(new OrderResult(OrderOutcome.Offline));
    }
}

/// <summary>What was kept, minute by minute.</summary>
internal sealed class MemoryMeterLog : IMeterLog
{
    public List<IReadOnlyList<MeterReading>> Commits { get; } = [];
    public List<KeptMeter> Last { get; } = [];
    public Dictionary<string, List<MeterSample>> Samples { get; } = [];

    public Task KeepAsync(IReadOnlyList<MeterReading> readings, CancellationToken cancellationToken)
    {
        Commits.Add(readings);
        return Task.CompletedTask;
    }

    public ValueTask<(MeterSample? Before, MeterSample? After)> AroundAsync(string meter, DateTimeOffset at, TimeSpan reach, CancellationToken cancellationToken)
    {
        var near = Samples.GetValueOrDefault(meter, []).Where(s => (s.At - at).Duration() <= reach).ToList();
        return new((near.Where(s => s.At <= at).MaxBy(static s => s.At), near.Where(s => s.At > at).MinBy(static s => s.At)));
    }

    public ValueTask<IReadOnlyList<KeptMeter>> LastAsync(CancellationToken cancellationToken) => new(Last);
}
