using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Simulators;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Simulators.Modbus;

namespace EdgeGateway.Cli.Demo;

/// <summary>What of the demonstration's site speaks Modbus, on a real line: the meter at the grid, a charger without OCPP, and the meter that checks it.</summary>
internal sealed class DemoField : IAsyncDisposable
{
    public const string Station = "WB-1";
    public const string GridMeter = "grid";
    public const string StationMeter = "wb-1";
    private const string ChargerTemplate = "phoenix-charx";
    // Few requests and short pauses: both take the world's time, whatever the site's speed.
    private const string MeterTemplate = "siemens-pac2200";
    private const byte ChargerUnit = 255;
    private const byte GridUnit = 1;
    private const byte StationUnit = 2;
    private const int CarAmperes = 16;

    /// <summary>The building itself: lights, a lift, a kitchen.</summary>
    private const decimal HouseW = 4_200;

    private readonly TimeProvider _clock;
    private readonly SimulatedModbusServer _server;
    private readonly SimulatedModbusCharger _charger;
    private readonly EnergyShare _house;
    private readonly int _chargerPort;
    private readonly int _meterPort;

    /// <param name="chargers">Those that speak OCPP, as many as there are by then: the grid's meter measures them, too.</param>
    public DemoField(TimeProvider clock, Func<IEnumerable<SimulatedCharger>> chargers)
    {
        (_clock, _server) = (clock, new(clock));
        (_chargerPort, _meterPort) = (_server.ListenTcp(), _server.ListenTcp());
        _charger = new(_server.Unit(ChargerUnit), Template(ChargerTemplate), clock, new() { CarCurrentA = CarAmperes, MaxCurrentA = 32 });
        _house = new(clock, HouseW);
        var began = _charger.EnergyWh;
        MeasuredFlow Charger() => new(_charger.PowerW, _charger.EnergyWh - began);
        _ = new SimulatedMeter(_server.Unit(StationUnit), Template(MeterTemplate), clock, 20_000, Charger);
        _ = new SimulatedMeter(_server.Unit(GridUnit), Template(MeterTemplate), clock, 9_000_000, () => Sum([_house.Flow, Charger(), .. chargers().Select(c => c.Flow(1))]));
    }

    public static HubToken Card { get; } = new() { Uid = "04DEF1E1D0", ContractId = "DE-MSP-CDEMOWB01-X", LastUpdated = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero) };

    /// <summary>What it is, for the table.</summary>
    public static string Speaks => $"Modbus, {Template(ChargerTemplate).Vendor}";

    public JsonNode StationInFile(JsonNode evses) => new JsonObject
    {
        ["Id"] = Station,
        ["Modbus"] = new JsonObject { ["Template"] = ChargerTemplate, ["Transport"] = At(_chargerPort), ["Unit"] = ChargerUnit, ["PollSeconds"] = 4 },
        ["Evses"] = evses,
    };

    public JsonArray MetersInFile() => new(
        new JsonObject { ["Id"] = GridMeter, ["Role"] = "Grid", ["Template"] = MeterTemplate, ["Transport"] = At(_meterPort), ["Unit"] = GridUnit, ["PollSeconds"] = 10 },
        // It checks and does not bill: where a bill is made of a meter that has to answer within a second, and the site's is a fraction of the world's.
        new JsonObject
        {
            ["Id"] = StationMeter, ["Role"] = "Station", ["Station"] = Station, ["Evse"] = 1, ["Use"] = "Check", ["Template"] = MeterTemplate, ["Transport"] = At(_meterPort),
            ["Unit"] = StationUnit, ["PollSeconds"] = 10,
        });

    /// <summary>The line breaks for a moment.</summary>
    public Task CutLineAsync() => _server.CutLinesAsync();

    /// <summary>A car after the other until the demonstration closes.</summary>
    public async Task DriveAsync(DemoTeller teller, Random random, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await PauseAsync(random.Next(5, 40), over);
                var need = random.Next(200, 1200);
                _charger.PlugIn(need);
                _charger.ShowCard(Card.Uid);
                teller.Tell(Station, "a car is plugged in, a card shown");
                var until = _clock.GetUtcNow() + TimeSpan.FromMinutes(random.Next(3, 6));
                while (_clock.GetUtcNow() < until && _charger.EnergyWh - _charger.Visits[^1].MeterStartWh < need)
                    await PauseAsync(1, over);
                Leave(teller);
            }
        }
        catch (OperationCanceledException)
        {
            Leave(teller);
        }
    }

    /// <summary>What the judge believes of the charger: it knows of no sessions, only of cars.</summary>
    public IEnumerable<LedgerEntry> Ledger(IReadOnlyList<RecordedSession> recorded) => VisitLedger.Of(Station, Card.Uid, _charger.Visits, recorded);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string At(int port) => $"tcp://127.0.0.1:{port}";

    private Task PauseAsync(int seconds, CancellationToken over) => Task.Delay(TimeSpan.FromSeconds(seconds), _clock, over);

    private void Leave(DemoTeller teller)
    {
        if (_charger.Visits is not [.., { UnpluggedAt: null }])
            return;
        _charger.Unplug();
        teller.Tell(Station, $"the car leaves with {_charger.Visits[^1].DeliveredWh} Wh");
    }

    private static DeviceTemplate Template(string id) => TemplateBook.Embedded.Find(id) ?? throw new InvalidOperationException($"no template is called {id}");

    private static MeasuredFlow Sum(IReadOnlyList<MeasuredFlow> flows) => new(flows.Sum(f => f.PowerW), flows.Sum(f => f.EnergyWh));
}
