using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Simulators.Modbus;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Simulators.Modbus;

/// <summary>Meters and chargers as their templates lay them out, read as the gateway reads them.</summary>
public sealed class SimulatedDeviceTests : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly SimulatedModbusServer _server;

    public SimulatedDeviceTests() => _server = new(_clock);

    public static TheoryData<string> Meters => [.. TemplateBook.Embedded.All.Where(t => t is { Kind: DeviceKind.Meter, IsSunSpec: false }).Select(t => t.Id)];

    public static TheoryData<string> Chargers => [.. TemplateBook.Embedded.All.Where(t => t.Kind == DeviceKind.Charger).Select(t => t.Id)];

    [Theory]
    [MemberData(nameof(Meters))]
    public void A_meter_of_any_template_shows_what_flows(string id)
    {
        var (unit, template) = (_server.Unit(1), TemplateBook.Embedded.Find(id)!);
        var meter = new SimulatedMeter(unit, template, _clock, registerWh: 12_345) { PowerW = 6900 };
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(12_345 + 3450, meter.EnergyWh);
        // What some count in kWh or tens of Wh is cut off, never rounded up.
        var energy = ReadAll(unit, template, Quantity.EnergyImport);
        Assert.InRange(energy, meter.EnergyWh - 1000, meter.EnergyWh);
        if (template.Points.Any(p => p.Quantity == Quantity.Power))
            Assert.InRange(ReadAll(unit, template, Quantity.Power), 6890, 6900);
        Assert.All(template.Points.Where(p => p is { Quantity: Quantity.Voltage, Phase: Phase.L1 }), p => Assert.InRange(Read(unit, p)!.Value, 229, 230));
    }

    [Fact]
    public void A_meter_that_measures_a_charger_shows_its_energy_to_the_watt_hour_and_may_jump()
    {
        var (unit, template) = (_server.Unit(1), TemplateBook.Embedded.Find("eastron-sdm120")!);
        var flow = new MeasuredFlow(11_000, 0);
        var meter = new SimulatedMeter(unit, template, _clock, registerWh: 100_000, () => flow);
        flow = flow with { EnergyWh = 1234 };
        Assert.Equal(101_234m, ReadAll(unit, template, Quantity.EnergyImport));
        meter.Jump(7);
        Assert.Equal(7m, ReadAll(unit, template, Quantity.EnergyImport));
    }

    [Theory]
    [MemberData(nameof(Chargers))]
    public void A_charger_of_any_template_charges_when_it_is_told_to_and_counts_it(string id)
    {
        var (unit, template) = (_server.Unit(1), TemplateBook.Embedded.Find(id)!);
        var charger = new SimulatedModbusCharger(unit, template, _clock, new() { CarCurrentA = 16 });
        Assert.Equal(VehicleState.Absent, charger.State);
        charger.PlugIn();
        Assert.Equal((VehicleState.Connected, 0m), (charger.State, charger.PowerW));

        Order(unit, template.Charger!, 10);
        Assert.Equal((VehicleState.Charging, 6900m), (charger.State, charger.PowerW));
        for (var minute = 0; minute < 60; minute++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            Order(unit, template.Charger!, 10);
        }
        Order(unit, template.Charger!, 0);
        Assert.Equal((VehicleState.Connected, 0m), (charger.State, charger.PowerW));
        charger.Unplug();
        Assert.Equal(2300, Assert.Single(charger.Visits).DeliveredWh);
    }

    [Fact]
    public void A_charger_that_nobody_feeds_falls_back_at_its_own_time_and_a_full_car_takes_no_more()
    {
        var (unit, template) = (_server.Unit(1), TemplateBook.Embedded.All.First(t => t.Vendor == "Alfen"));
        var period = template.Charger!.WatchdogPeriod!.Value;
        var charger = new SimulatedModbusCharger(unit, template, _clock, new() { CarCurrentA = 32, SafeCurrentA = 6 });
        charger.PlugIn(needWh: 2_000);
        Order(unit, template.Charger, 32);
        _clock.Advance(period + TimeSpan.FromSeconds(60));
        Assert.Equal((true, 6m), (charger.HasFallenBack, charger.AllowedA));
        // Full power until the end of the watchdog, 6 A from then on.
        var flowed = (long)(((3 * 230 * 32 * period.TotalSeconds) + (3 * 230 * 6 * 60)) / 3600);
        Assert.Equal(flowed, charger.EnergyWh - 500_000);
        Order(unit, template.Charger, 32);
        Assert.False(charger.HasFallenBack);
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            Order(unit, template.Charger, 32);
        }
        Assert.Equal((VehicleState.Connected, 502_000L), (charger.State, charger.EnergyWh));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>As a gateway writes: the limit, whether it may charge, and the sign of life.</summary>
    private static void Order(SimulatedUnit unit, ChargerMap map, decimal amperes)
    {
        Write(map.Limit, amperes / map.Limit.Scale);
        if (map.Enable is { } enable)
            Write(enable, amperes > 0 ? enable.Value : enable.Off);
        if (map.Watchdog is { } life)
            Write(life, life.Value);

        void Write(ControlPoint point, decimal raw) => Assert.Null(unit.Write(point.Bank, point.Address, RawWords.Of(point.Type, point.Order, raw)));
    }

    /// <summary>The whole, or the sum of the phases where the device has no other.</summary>
    private static decimal ReadAll(SimulatedUnit unit, DeviceTemplate template, Quantity quantity)
    {
        var points = template.Points.Where(p => p.Quantity == quantity).ToArray();
        return points.FirstOrDefault(p => p.Phase == Phase.All) is { } whole ? Read(unit, whole)!.Value : points.Sum(p => Read(unit, p)!.Value);
    }

    private static decimal? Read(SimulatedUnit unit, RegisterPoint point) =>
        RegisterDecoder.Decode(point, unit.Read(point.Bank, point.Address, point.Count)!, point.Scale).Number;
}
