using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Lines;
using EdgeGateway.Simulators.Modbus;

namespace EdgeGateway.Tests.Protocols.Modbus;

/// <summary>Serial lines, and what happens on them: FIELD pains 2 to 4 and 18.</summary>
public sealed class SerialLineTests : BusTest
{
    public static TheoryData<string, UnitTrouble, ModbusFault, string, string> Troubles => new()
    {
        { "wrong unit", new() { AnswersAs = 7 }, ModbusFault.Silent, "unit 1: no answer within 100 ms", "foreign unit 7" },
        { "wrong check sum", new() { BadCrc = true }, ModbusFault.Garbled, "unit 1: an answer with a wrong check sum", "wrong check sum" },
        { "truncated", new() { CutAfter = 5 }, ModbusFault.Garbled, "unit 1: only 5 of 9 bytes of an answer", "noise" },
        { "noise alone", new() { CutAfter = 0, Noise = new byte[] { 0xFF, 0xFE, 0xFD, 0xFC } }, ModbusFault.Garbled, "unit 1: 4 bytes of noise and no answer within 100 ms", "noise" },
        { "a driver's glitch alone", new() { CutAfter = 0, Noise = new byte[] { 0xFF } }, ModbusFault.Silent, "unit 1: no answer within 100 ms", "noise" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task What_is_wrong_with_an_answer_is_said_and_does_not_reach_the_next(string what, UnitTrouble trouble, ModbusFault fault, string text, string remark)
    {
        foreach (var wire in (ModbusWire[])[ModbusWire.RtuOverTcp, ModbusWire.Rtu])
        {
            var device = Server.Unit(1);
            device.Set(Holding, 0, 5, 6, 7, 8);
            var transport = await LineAsync(wire);
            Watch(transport);
            var (unit, hasty) = (Buses.Unit(transport, 1, Timing), Buses.Unit(transport, 1, Timing with { Response = TimeSpan.FromMilliseconds(100) }));
            Assert.Equal([5, 6], await WordsAsync(unit, 0, 2));
            device.Trouble = trouble with { Times = 1 };
            var failure = await FailureAsync(hasty);
            Assert.Equal((what, fault, text), (what, failure.Fault, failure.Text));
            Assert.Equal([7, 8], await WordsAsync(unit, 2, 2));
            Assert.Contains(Frames, f => !f.Sent && f.Remark == remark);
            Assert.True(Buses.Figures().Single(f => f.Transport == transport) is { StrayBytes: > 0, Openings: 1, Failures: 1 });
            Frames.Clear();
        }
    }

    [Fact]
    public async Task An_answer_behind_noise_is_taken()
    {
        var device = Server.Unit(1);
        device.Set(Holding, 0, 5);
        device.Trouble = new() { Noise = new byte[] { 0x00, 0x01, 0x03, 0xFA, 0x55 } };
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Rtu), 1, Timing);
        Assert.Equal([5], await WordsAsync(unit, 0));
        Assert.True(Figures() is { Failures: 0, StrayBytes: 5 });
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Seeded_rubbish_on_a_line_ends_in_the_right_value_or_in_none(int seed)
    {
        var random = new Random(seed);
        var device = Server.Unit(1);
        device.Set(Holding, 0, [.. Enumerable.Range(0, 100).Select(i => (ushort)(1000 + i))]);
        var transport = await LineAsync(ModbusWire.RtuOverTcp);
        using var unit = Buses.Unit(transport, 1, Timing);
        using var hasty = Buses.Unit(transport, 1, Timing with { Response = TimeSpan.FromMilliseconds(10) });
        for (var round = 0; round < 12; round++)
        {
            var noise = new byte[random.Next(1, 30)];
            random.NextBytes(noise);
            var (address, count) = (random.Next(80), random.Next(1, 20));
            var spoilt = random.Next(2) == 0;
            device.Trouble = new UnitTrouble { Noise = noise, Times = 1 } with
            {
                BadCrc = spoilt && round % 3 == 0,
                CutAfter = spoilt && round % 3 == 1 ? random.Next(5) : null,
                AnswersAs = spoilt && round % 3 == 2 ? (byte)random.Next(2, 247) : null,
            };
            var answer = await ReadAsync(spoilt ? hasty : unit, (ushort)address, count);
            Assert.True(answer.Succeeded != spoilt, $"seed {seed}, round {round}: {answer.Failure?.Text}");
            if (answer.Succeeded)
                Assert.Equal(Enumerable.Range(1000 + address, count), answer.Words.ToArray().Select(w => (int)w));
            Clock.Advance(UnitRest.Most);
        }
    }

    [Fact]
    public async Task A_late_answer_is_counted_and_ends_the_wait_for_it()
    {
        var device = Server.Unit(1);
        device.Set(Holding, 0, 5);
        Server.Unit(2).Set(Holding, 0, 6);
        var transport = await LineAsync(ModbusWire.Rtu);
        Watch(transport);
        using var slow = Buses.Unit(transport, 1, Timing with { Response = TimeSpan.FromMilliseconds(200) });
        using var other = Buses.Unit(transport, 2, Timing);
        Assert.Equal([6], await WordsAsync(other, 0));
        device.Trouble = new() { Late = TimeSpan.FromMilliseconds(300), Times = 1 };
        Assert.Equal(ModbusFault.Silent, (await FailureAsync(slow, 0, 1)).Fault);
        Assert.Equal([6], await WordsAsync(other, 0));
        Assert.Equal(1, Figures().LateAnswers);
        Assert.Contains(Frames, f => f.Remark == "late");
    }

    [Fact]
    public async Task An_adapter_that_hears_itself_is_understood()
    {
        Server.Echoes = true;
        Server.Unit(1).Set(Holding, 0, 5);
        var transport = await LineAsync(ModbusWire.Rtu);
        using var unit = Buses.Unit(transport, 1, Timing);
        using var hasty = Buses.Unit(transport, 1, Quick);
        Assert.Equal([5], await WordsAsync(unit, 0));
        Assert.True((await unit.WriteAsync(Holding, 0, new ushort[] { 6 }, false, CancellationToken.None)).Succeeded);
        Assert.Equal([6], await WordsAsync(unit, 0));
        Server.Unit(1).Trouble = new() { Silent = true };
        // The write comes back as its own answer would look; but nobody answered.
        Assert.Equal(ModbusFault.Silent, (await hasty.WriteAsync(Holding, 0, new ushort[] { 7 }, false, CancellationToken.None)).Failure?.Fault);
    }

    [Fact]
    public async Task An_adapter_that_is_pulled_and_plugged_in_again_is_found_by_its_name()
    {
        Server.Unit(1).Set(Holding, 0, 5);
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Rtu), 1, Timing);
        Assert.Equal([5], await WordsAsync(unit, 0));

        await Pty.UnplugAsync();
        var failure = await FailureAsync(unit);
        Assert.Equal((ModbusFault.NoLine, $"{Pty.Device}: no such device (is the adapter plugged in?)"), (failure.Fault, failure.Text));
        // At once, and without trying: no hot loop.
        for (var i = 0; i < 100; i++)
            Assert.Equal(failure, await FailureAsync(unit));
        var figures = Figures();
        Assert.Equal((false, failure.Text, 2L), (figures.Open, figures.Why, figures.Requests));

        await Pty.PlugAsync();
        Clock.Advance(Reconnect.MostForDevices * 1.2);
        Assert.Equal([5], await WordsAsync(unit, 0));
        Assert.True(Figures() is { Open: true, Openings: 2, Why: null });
    }

    [Fact]
    public async Task A_line_that_another_holds_is_busy()
    {
        Server.Unit(1).Set(Holding, 0, 5);
        var transport = await LineAsync(ModbusWire.Rtu);
        using var first = Buses.Unit(transport, 1, Timing);
        Assert.Equal([5], await WordsAsync(first, 0));
        // The same device by another text is another bus: two masters on one wire.
        using var second = Buses.Unit(transport with { Baud = 9600 }, 1, Timing);
        var failure = await FailureAsync(second);
        Assert.Equal((ModbusFault.NoLine, $"{Pty.Device}: busy: another program holds the line"), (failure.Fault, failure.Text));
        Assert.Equal([5], await WordsAsync(first, 0));
    }

    [Theory]
    [InlineData("rtu:///dev/edge-gateway-none", "/dev/edge-gateway-none: no such device (is the adapter plugged in?)")]
    [InlineData("rtu:///dev/null", "/dev/null: this is no serial line")]
    public async Task What_cannot_be_opened_is_said_in_words(string transport, string text)
    {
        using var unit = Buses.Unit(Parse(transport), 1, Timing);
        var failure = await FailureAsync(unit);
        Assert.Equal((ModbusFault.NoLine, text), (failure.Fault, failure.Text));
        Assert.Equal(text, Figures().Why);
    }

    [Fact]
    public async Task A_port_that_is_not_ours_to_open_is_said_with_the_group()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Skip("root may open everything; the words are held in BusRulesTests");
        using var unit = Buses.Unit(new() { Wire = ModbusWire.Rtu, Device = "/etc/shadow" }, 1, Timing);
        Assert.Contains("dialout", (await FailureAsync(unit)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_serial_server_that_says_nothing_any_more_is_called_anew()
    {
        Server.Unit(1).Trouble = new() { Silent = true };
        using var unit = Buses.Unit(await LineAsync(ModbusWire.RtuOverTcp), 1, Timing with { Response = TimeSpan.FromMilliseconds(20) });
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(ModbusFault.Silent, (await FailureAsync(unit)).Fault);
            Clock.Advance(UnitRest.Most);
        }
        Assert.Equal(2, Figures().Openings);
    }

    [Fact]
    public async Task Direction_control_that_the_driver_cannot_do_is_said()
    {
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Rtu) with { KernelRs485 = true }, 1, Timing);
        Assert.Contains("rs485=kernel", (await FailureAsync(unit)).Text, StringComparison.Ordinal);
    }
}
