using EdgeGateway.Protocols.Modbus;

namespace EdgeGateway.Tests.Protocols.Modbus;

/// <summary>What holds on every wire, over a real one of each kind.</summary>
public sealed class EveryWireTests : BusTest
{
    public static TheoryData<ModbusWire> Wires => [ModbusWire.Tcp, ModbusWire.RtuOverTcp, ModbusWire.Rtu];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task All_four_tables_are_read_and_two_are_written(ModbusWire wire)
    {
        var device = Server.Unit(3);
        var bits = (ushort[])[1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1];
        device.Set(RegisterBank.Coil, 10, bits);
        device.Set(RegisterBank.Discrete, 20, bits);
        device.Set(Holding, 0, [.. Enumerable.Range(0, 125).Select(i => (ushort)(i * 500))]);
        device.Set(RegisterBank.Input, 65535, 7);
        var transport = await LineAsync(wire);
        Watch(transport);
        using var unit = Buses.Unit(transport, 3, Timing);

        Assert.Equal(bits, (await unit.ReadAsync(RegisterBank.Coil, 10, 11, CancellationToken.None)).Words.ToArray());
        Assert.Equal(bits, (await unit.ReadAsync(RegisterBank.Discrete, 20, 11, CancellationToken.None)).Words.ToArray());
        Assert.Equal(device.Get(Holding, 0, 125), await WordsAsync(unit, 0, 125));
        Assert.Equal([7], (await unit.ReadAsync(RegisterBank.Input, 65535, 1, CancellationToken.None)).Words.ToArray());
        Assert.True((await unit.WriteAsync(Holding, 5, new ushort[] { 11 }, false, CancellationToken.None)).Succeeded);
        Assert.True((await unit.WriteAsync(Holding, 6, new ushort[] { 12 }, true, CancellationToken.None)).Succeeded);
        Assert.True((await unit.WriteAsync(Holding, 7, new ushort[] { 13, 14 }, false, CancellationToken.None)).Succeeded);
        Assert.True((await unit.WriteAsync(RegisterBank.Coil, 11, new ushort[] { 1 }, false, CancellationToken.None)).Succeeded);
        Assert.Equal([11, 12, 13, 14], device.Get(Holding, 5, 4));
        Assert.Equal(1, device.Get(RegisterBank.Coil, 11));
        Assert.Equal([1, 2, 3, 4, 6, 16, 16, 5], device.Heard.Select(h => (int)h.Function));

        Assert.Equal(16, Frames.Count);
        Assert.Equal("unit 3: read 11 coil from 10", Frames.First().Remark);
        Assert.Equal((true, false), (Frames.First().Sent, Frames.ElementAt(1).Sent));
        Assert.Equal("unit 3: 7", Frames.ElementAt(7).Remark);
        var figures = Figures();
        Assert.True(figures is { Open: true, Why: null, Requests: 8, Failures: 0, Openings: 1, Waiting: 0, StrayBytes: 0 });
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_refusal_is_an_answer_and_costs_nothing_else(ModbusWire wire)
    {
        Server.Unit(3).Set(Holding, 0, 42);
        using var unit = Buses.Unit(await LineAsync(wire), 3, Timing);
        var failure = await FailureAsync(unit, 1, 1);
        Assert.Equal((ModbusFault.Refused, (byte)2), (failure.Fault, failure.Exception!.Value));
        Assert.Equal([42], await WordsAsync(unit, 0));
        Assert.True(Figures() is { Failures: 0, Openings: 1 });
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task What_modbus_cannot_carry_is_not_sent(ModbusWire wire)
    {
        using var unit = Buses.Unit(await LineAsync(wire), 3, Timing);
        Assert.Equal(ModbusFault.NotSent, (await FailureAsync(unit, 0, 126)).Fault);
        Assert.Equal(ModbusFault.NotSent, (await FailureAsync(unit, 65535, 2)).Fault);
        Assert.True(Figures() is { Openings: 0, Requests: 0 });
    }

    /// <summary>FIELD pain 4: the answer to a question that was given up must never be another register's value.</summary>
    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_late_answer_is_never_the_next_questions(ModbusWire wire)
    {
        var device = Server.Unit(1);
        for (var i = 0; i < 8; i++)
            device.Set(Holding, i * 10, (ushort)(1000 + i));
        var transport = await LineAsync(wire);
        using var hasty = Buses.Unit(transport, 1, Timing with { Response = TimeSpan.FromMilliseconds(120) });
        using var unit = Buses.Unit(transport, 1, Timing);
        Assert.Equal([1000], await WordsAsync(unit, 0));
        foreach (var late in (int[])[180, 250])
        {
            device.Trouble = new() { Late = TimeSpan.FromMilliseconds(late), Times = 1 };
            var question = ReadAsync(hasty, 10);
            var next = ReadAsync(unit, 20);
            Assert.Equal(ModbusFault.Silent, (await question).Failure?.Fault);
            Assert.Equal([1002], (await next).Words.ToArray());
            Assert.Equal([1003], await WordsAsync(unit, 30));
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_dead_unit_rests_and_costs_the_living_nothing(ModbusWire wire)
    {
        Server.Unit(1).Set(Holding, 0, 1);
        var transport = await LineAsync(wire);
        using var alive = Buses.Unit(transport, 1, Timing);
        using var dead = Buses.Unit(transport, 2, Quick);
        using var again = Buses.Unit(transport, 2, Timing);
        Assert.Equal("unit 2: no answer within 60 ms", (await FailureAsync(dead)).Text);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([1], await WordsAsync(alive, 0));
            Assert.Equal(ModbusFault.Resting, (await FailureAsync(dead)).Fault);
        }
        Assert.True(Figures() is { Requests: 21, Failures: 1 } and { Resting: [{ Unit: 2, Silences: 1 }] });

        // One probe each time, and those who ask beside it wait for nothing.
        Clock.Advance(TimeSpan.FromSeconds(2));
        var probe = FailureAsync(dead);
        Assert.Equal(ModbusFault.Resting, (await FailureAsync(dead)).Fault);
        Assert.Equal(ModbusFault.Silent, (await probe).Fault);
        Clock.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Equal("unit 2 did not answer 2 times; asked again in 1 s", (await FailureAsync(dead)).Text);

        Server.Unit(2).Set(Holding, 0, 22, 23);
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal([22, 23], await WordsAsync(again, 0, 2));
        Assert.Equal([22, 23], await WordsAsync(again, 0, 2));
        Assert.Empty(Figures().Resting);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_request_that_is_cancelled_takes_nothing_with_it(ModbusWire wire)
    {
        var device = Server.Unit(1);
        device.Set(Holding, 0, 1, 2);
        device.Trouble = new() { Late = TimeSpan.FromMilliseconds(80), Times = 1 };
        using var unit = Buses.Unit(await LineAsync(wire), 1, Timing);
        using var giveUp = new CancellationTokenSource();
        var asked = unit.ReadAsync(Holding, 0, 1, giveUp.Token);
        var waiting = unit.ReadAsync(Holding, 0, 1, giveUp.Token);
        var kept = ReadAsync(unit, 1);
        await UntilAsync(() => Server.Requests == 1);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal([2], (await kept).Words.ToArray());
        Assert.Equal([1], await WordsAsync(unit, 0));
        Assert.True(Figures() is { Requests: 3, Failures: 0, Openings: 1 });
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Closing_does_not_wait_for_devices(ModbusWire wire)
    {
        Server.Unit(1).Trouble = new() { Silent = true };
        using var unit = Buses.Unit(await LineAsync(wire), 1, Timing with { Response = TimeSpan.FromSeconds(60) });
        var onTheLine = ReadAsync(unit, 0);
        var waiting = ReadAsync(unit, 1);
        await UntilAsync(() => Server.Requests == 1);
        // An answer is waited for 10 s at most; whoever waits for it is late for this.
        await Buses.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(ModbusFault.NotSent, (await onTheLine).Failure!.Fault);
        Assert.Equal(ModbusFault.NotSent, (await waiting).Failure!.Fault);
        Assert.Equal(ModbusFault.NotSent, (await FailureAsync(unit)).Fault);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task With_its_last_unit_a_bus_closes_its_line_and_opens_it_again_for_the_next(ModbusWire wire)
    {
        Server.Unit(1).Set(Holding, 0, 9);
        var transport = await LineAsync(wire);
        for (var i = 1; i <= 3; i++)
        {
            var one = Buses.Unit(transport, 1, Timing);
            using (Buses.Unit(transport, 1, Timing))
                Assert.Equal([9], await WordsAsync(one, 0));
            Assert.Equal([9], await WordsAsync(one, 0));
            one.Dispose();
            Assert.Equal(ModbusFault.NotSent, (await FailureAsync(one)).Fault);
            await UntilAsync(() => Buses.Figures().Count == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_tap_that_fails_is_taken_off_and_the_bus_goes_on(ModbusWire wire)
    {
        Server.Unit(1).Set(Holding, 0, 9);
        var transport = await LineAsync(wire);
        var called = 0;
        using var tap = Buses.Tap(transport, _ =>
        {
            called++;
            throw new InvalidOperationException("a watcher's fault");
        });
        using var unit = Buses.Unit(transport, 1, Timing);
        Assert.Equal([9], await WordsAsync(unit, 0));
        Assert.Equal([9], await WordsAsync(unit, 0));
        Assert.Equal(1, called);
    }

    [Fact]
    public async Task More_than_can_wait_is_refused()
    {
        Server.Unit(1).Set(Holding, 0, 9);
        Server.Unit(1).Trouble = new() { Late = TimeSpan.FromMilliseconds(100), Times = 1 };
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Tcp), 1, Timing with { Gap = TimeSpan.Zero });
        var all = Enumerable.Range(0, 600).Select(_ => ReadAsync(unit, 0)).ToList();
        var answers = await Task.WhenAll(all);
        Assert.All(answers, a => Assert.True(a.Succeeded || a.Failure!.Fault == ModbusFault.NotSent, a.Failure?.Text));
        Assert.InRange(answers.Count(a => a.Succeeded), 512, 514);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(2, patience.Token);
    }
}
