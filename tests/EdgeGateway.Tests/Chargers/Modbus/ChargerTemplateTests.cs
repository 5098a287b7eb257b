using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers.Modbus;

/// <summary>The device files of chargers: what each state means, and which registers are written in which order.</summary>
public sealed class ChargerTemplateTests
{
    private static DeviceTemplate Template(string id) => TemplateBook.Embedded.Find(id) ?? throw new ArgumentException("no such template", nameof(id));

    [Fact]
    public void Every_charger_of_the_issue_has_a_file_and_a_hint()
    {
        string[] ids =
        [
            "abb-terra-ac", "alfen-eve", "bender-cc", "heidelberg-energy-control", "keba-p30", "keba-p40", "phoenix-charx", "phoenix-ev-eth",
            "phoenix-ev-eth-1a", "phoenix-ev-ser", "webasto-next",
        ];
        var chargers = TemplateBook.Embedded.All.Where(static t => t.Kind is DeviceKind.Charger).ToList();
        Assert.Equal(ids, chargers.Select(static t => t.Id).Where(ids.Contains).Order(StringComparer.Ordinal));
        Assert.All(chargers, static t => Assert.NotNull(t.Hint));
    }

    [Theory]
    [InlineData("alfen-eve", "A", VehicleState.Absent)]
    [InlineData("alfen-eve", "B1", VehicleState.Connected)]
    [InlineData("alfen-eve", "B2", VehicleState.Connected)]
    [InlineData("alfen-eve", "C1", VehicleState.Connected)]
    [InlineData("alfen-eve", "C2", VehicleState.Charging)]
    [InlineData("alfen-eve", "D1", VehicleState.Connected)]
    [InlineData("alfen-eve", "D2", VehicleState.Charging)]
    [InlineData("alfen-eve", "E", VehicleState.Fault)]
    [InlineData("alfen-eve", "F", VehicleState.Fault)]
    [InlineData("alfen-eve", "Z", VehicleState.Unknown)]
    [InlineData("phoenix-charx", "A", VehicleState.Absent)]
    [InlineData("phoenix-charx", "B2", VehicleState.Connected)]
    [InlineData("phoenix-charx", "C2", VehicleState.Charging)]
    [InlineData("phoenix-charx", "C1", VehicleState.Connected)]
    [InlineData("phoenix-charx", "E", VehicleState.Fault)]
    [InlineData("phoenix-ev-eth", "A", VehicleState.Absent)]
    [InlineData("phoenix-ev-eth", "B", VehicleState.Connected)]
    [InlineData("phoenix-ev-eth-1a", "C", VehicleState.Charging)]
    [InlineData("phoenix-ev-ser", "D", VehicleState.Charging)]
    [InlineData("phoenix-ev-ser", "F", VehicleState.Fault)]
    [InlineData("keba-p30", "1", VehicleState.Connected)]
    [InlineData("keba-p30", "3", VehicleState.Charging)]
    [InlineData("keba-p40", "4", VehicleState.Fault)]
    [InlineData("keba-p40", "5", VehicleState.Connected)]
    [InlineData("keba-p40", "0", VehicleState.Unknown)]
    [InlineData("webasto-next", "0", VehicleState.Absent)]
    [InlineData("webasto-next", "1", VehicleState.Connected)]
    [InlineData("webasto-next", "3", VehicleState.Charging)]
    [InlineData("webasto-next", "4", VehicleState.Connected)]
    [InlineData("webasto-next", "7", VehicleState.Fault)]
    [InlineData("bender-cc", "1", VehicleState.Absent)]
    [InlineData("bender-cc", "2", VehicleState.Connected)]
    [InlineData("bender-cc", "3", VehicleState.Charging)]
    [InlineData("bender-cc", "5", VehicleState.Fault)]
    [InlineData("abb-terra-ac", "0", VehicleState.Absent)]
    [InlineData("abb-terra-ac", "2", VehicleState.Connected)]
    [InlineData("abb-terra-ac", "3", VehicleState.Connected)]
    [InlineData("abb-terra-ac", "4", VehicleState.Charging)]
    [InlineData("heidelberg-energy-control", "3", VehicleState.Absent)]
    [InlineData("heidelberg-energy-control", "5", VehicleState.Connected)]
    [InlineData("heidelberg-energy-control", "7", VehicleState.Charging)]
    [InlineData("heidelberg-energy-control", "10", VehicleState.Fault)]
    public async Task A_state_means_what_the_device_means_by_it(string template, string code, VehicleState state)
    {
        var device = new MemoryCharger(Template(template));
        device.Plug();
        device.OddStates.Enqueue(code);
        Assert.Equal(state, (await ShowAsync(device)).State);
    }

    [Fact]
    public async Task Bits_beside_the_state_are_not_the_state()
    {
        // ABB: bit 7 of the state's byte, and the bytes around it, say something else.
        var device = new MemoryCharger(Template("abb-terra-ac"));
        device.OddStates.Enqueue((0x84 | (0x55 << 8)).ToString());
        Assert.Equal(VehicleState.Charging, (await ShowAsync(device)).State);
    }

    [Fact]
    public async Task A_cable_without_a_vehicle_is_no_vehicle()
    {
        var device = new MemoryCharger(Template("keba-p30"));
        device.OddStates.Enqueue("1");
        Assert.Equal(VehicleState.Absent, (await ShowAsync(device)).State);
    }

    [Theory]
    [InlineData(20_000, 12_345_678)]
    [InlineData(10_200, 12_345_678)]
    public async Task Old_software_that_counts_in_another_unit_is_told_apart(long firmware, long wh)
    {
        var device = new MemoryCharger(Template("keba-p40")) { Firmware = firmware };
        Assert.Equal(wh, (await ShowAsync(device)).EnergyWh);
    }

    [Theory]
    [InlineData("alfen-eve", "04a2b3c4", null)]
    [InlineData("phoenix-charx", "04a2b3c4", "04A2B3C4")]
    [InlineData("phoenix-charx", "04:A2:B3:C4:D5:E6:F7", "04A2B3C4D5E6F7")]
    [InlineData("phoenix-charx", "00000000", null)]
    [InlineData("keba-p30", "04A2B3C4", "04A2B3C4")]
    [InlineData("bender-cc", " 04A2B3C4 ", "04A2B3C4")]
    public async Task A_cards_uid_is_written_as_everywhere(string template, string card, string? uid)
    {
        var device = new MemoryCharger(Template(template)) { Card = card };
        Assert.Equal(uid, (await ShowAsync(device)).Token);
    }

    /// <summary>Prepared with a safe current of 6 A, held back, let charge with 16 A, held back.</summary>
    [Theory]
    [InlineData("alfen-eve", "", "1210=0,0 x", "1210=16768,0 x")]
    [InlineData("phoenix-charx", "", "1300=0 x", "1301=16 x;1300=1 x")]
    [InlineData("phoenix-ev-eth", "", "coil 400=0", "528=160;coil 400=1")]
    [InlineData("phoenix-ev-eth-1a", "", "coil 400=0", "528=16;coil 400=1")]
    [InlineData("phoenix-ev-ser", "", "coil 20000=0", "22000=16;coil 20000=1")]
    [InlineData("keba-p30", "", "5014=0;5018=60", "5004=16000;5014=1;5018=60")]
    [InlineData("keba-p40", "", "5004=0;5018=60", "5004=16000;5018=60")]
    [InlineData("webasto-next", "2000=6;2002=60", "5004=0;6000=1", "5004=16;6000=1")]
    [InlineData("bender-cc", "", "1000=0 x", "1000=16 x")]
    [InlineData("abb-terra-ac", "16646=60", "16640=0,0 x", "16640=0,16000 x")]
    [InlineData("heidelberg-energy-control", "258=4;259=1;262=60;257=60000", "261=0", "261=160")]
    public async Task It_is_told_by_its_own_registers_in_their_order(string template, string prepared, string held, string allowed)
    {
        var device = new MemoryCharger(Template(template));
        var controls = new ChargerControls(Line(template), device, new ManualClock(), static (_, _) => { });
        Assert.Null(await controls.PrepareAsync(TestContext.Current.CancellationToken));
        Assert.Equal(prepared, Taken(device));
        await controls.ApplyAsync(0, TestContext.Current.CancellationToken);
        Assert.Equal(held, Taken(device));
        await controls.ApplyAsync(16, TestContext.Current.CancellationToken);
        Assert.Equal(allowed, Taken(device));
        await controls.ApplyAsync(0, TestContext.Current.CancellationToken);
        Assert.Equal(held, Taken(device));
    }

    [Theory]
    [InlineData("alfen-eve", 24)]
    [InlineData("keba-p30", 24)]
    [InlineData("webasto-next", 24)]
    [InlineData("abb-terra-ac", 24)]
    [InlineData("heidelberg-energy-control", 24)]
    [InlineData("phoenix-charx", 30)]
    public async Task A_charger_is_fed_in_less_than_half_of_its_time_and_no_sooner(string template, int seconds)
    {
        var (device, clock) = (new MemoryCharger(Template(template)), new ManualClock());
        var controls = new ChargerControls(Line(template), device, clock, static (_, _) => { });
        await controls.ApplyAsync(16, TestContext.Current.CancellationToken);
        Taken(device);
        clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await controls.ApplyAsync(16, TestContext.Current.CancellationToken);
        Assert.Empty(device.Writes);
        clock.Advance(TimeSpan.FromSeconds(1));
        await controls.ApplyAsync(16, TestContext.Current.CancellationToken);
        Assert.NotEmpty(device.Writes);
        Assert.True(Template(template).Charger!.WatchdogPeriod is not { } period || seconds < period.TotalSeconds / 2);
    }

    [Fact]
    public async Task What_was_not_taken_is_written_again()
    {
        var device = new MemoryCharger(Template("alfen-eve")) { Refuses = { 1210 } };
        var controls = new ChargerControls(Line("alfen-eve"), device, new ManualClock(), static (_, _) => { });
        Assert.NotNull(await controls.ApplyAsync(16, TestContext.Current.CancellationToken));
        device.Refuses.Clear();
        Assert.Null(await controls.ApplyAsync(16, TestContext.Current.CancellationToken));
        Assert.Equal(16, device.LimitA);
    }

    [Fact]
    public void Connectors_of_one_device_lie_a_thousand_apart_and_what_is_the_devices_stays()
    {
        var third = Template("phoenix-charx").ForConnector(3);
        Assert.Equal(3299, third.Points.Single(static p => p.Quantity is Quantity.State).Address);
        Assert.Equal(110, third.Points.Single(static p => p.Quantity is Quantity.Firmware).Address);
        Assert.Equal((3301, 3300), (third.Charger!.Limit.Address, third.Charger.Enable!.Address));
    }

    private static ModbusLine Line(string template) => new()
    {
        At = new("CP-1", 1, 1), Template = Template(template), Transport = new() { Wire = ModbusWire.Tcp, Host = "charger", Port = 502 }, Unit = 1,
        MaxCurrentA = 32, VoltageV = 230, Phases = 3, SafeCurrentA = 6,
    };

    private static string Taken(MemoryCharger device)
    {
        var taken = string.Join(';', device.Writes);
        device.Writes.Clear();
        return taken;
    }

    private static async Task<ChargerShow> ShowAsync(MemoryCharger device) =>
        ChargerShow.Of(device.Template, await new DeviceReader(device, device.Template).ReadAsync(ChargerShow.Needed, TestContext.Current.CancellationToken));
}
