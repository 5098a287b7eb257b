using System.Net;
using System.Net.Sockets;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Lines;

namespace EdgeGateway.Tests.Protocols.Modbus;

public sealed class TcpLineTests : BusTest
{
    [Fact]
    public async Task One_connection_serves_all_units()
    {
        Server.MostConnections = 1;
        var transport = await LineAsync(ModbusWire.Tcp);
        var units = Enumerable.Range(1, 20).Select(n => Buses.Unit(transport, (byte)n, Timing)).ToList();
        for (byte n = 1; n <= 20; n++)
            Server.Unit(n).Set(Holding, 0, (ushort)(n * 100));
        var answers = await Task.WhenAll(units.Select(u => WordsAsync(u, 0)));
        Assert.Equal(Enumerable.Range(1, 20).Select(n => (ushort)(n * 100)), answers.Select(a => a[0]));
        Assert.Equal(1, Server.LinesOpened);
    }

    [Fact]
    public async Task An_answer_of_another_transaction_is_not_taken()
    {
        var device = Server.Unit(1);
        device.Set(Holding, 0, 5, 6);
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Tcp), 1, Timing);
        Assert.Equal([5], await WordsAsync(unit, 0));
        device.Trouble = new() { BadCrc = true, Times = 1 };
        Assert.Equal(ModbusFault.Garbled, (await FailureAsync(unit, 0, 1)).Fault);
        Assert.Equal([6], await WordsAsync(unit, 1));
        Assert.Equal(2, Server.LinesOpened);
    }

    [Fact]
    public async Task A_gateway_that_says_that_a_device_is_silent_keeps_its_connection()
    {
        Server.AbsentException = 11;
        Server.Unit(1).Set(Holding, 0, 5);
        var transport = await LineAsync(ModbusWire.Tcp);
        using var absent = Buses.Unit(transport, 2, Timing);
        using var unit = Buses.Unit(transport, 1, Timing);
        var failure = await FailureAsync(absent);
        Assert.Equal((ModbusFault.Silent, (byte)11), (failure.Fault, failure.Exception!.Value));
        Assert.Equal(ModbusFault.Resting, (await FailureAsync(absent)).Fault);
        Assert.Equal([5], await WordsAsync(unit, 0));
        Assert.Equal(1, Server.LinesOpened);
    }

    [Fact]
    public async Task A_connection_that_was_closed_meanwhile_is_made_again_without_anybody_noticing()
    {
        Server.Unit(1).Set(Holding, 0, 5);
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Tcp), 1, Timing);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal([5], await WordsAsync(unit, 0));
            await Server.CutLinesAsync();
        }
        Assert.Equal([5], await WordsAsync(unit, 0));
        Server.Unit(1).Trouble = new() { ClosesLine = true, Times = 1 };
        Assert.Equal([5], await WordsAsync(unit, 0));
        Assert.True(Figures() is { Failures: 0, Requests: 5 });
    }

    [Fact]
    public async Task A_device_that_closes_at_every_question_is_not_called_again_and_again()
    {
        Server.Unit(1).Trouble = new() { ClosesLine = true };
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Tcp), 1, Timing);
        for (var i = 0; i < 50; i++)
            Assert.Equal(ModbusFault.NoLine, (await FailureAsync(unit)).Fault);
        Assert.Equal(1, Server.LinesOpened);
        Clock.Advance(Reconnect.First * 1.2);
        Assert.Equal(ModbusFault.NoLine, (await FailureAsync(unit)).Fault);
        Assert.Equal(2, Server.LinesOpened);
    }

    [Fact]
    public async Task A_host_that_goes_down_comes_back_by_itself()
    {
        Server.Unit(1).Set(Holding, 0, 5);
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Tcp), 1, Timing);
        Assert.Equal([5], await WordsAsync(unit, 0));
        await Server.GoDownAsync();
        var failure = await FailureAsync(unit);
        Assert.Equal(ModbusFault.NoLine, failure.Fault);
        Assert.Contains("refuses the connection", failure.Text, StringComparison.Ordinal);
        Assert.Equal(failure.Text, Figures().Why);
        Server.ComeUp();
        Assert.Equal(failure, await FailureAsync(unit));
        Clock.Advance(Reconnect.MostForHosts * 1.2);
        Assert.Equal([5], await WordsAsync(unit, 0));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_said()
    {
        using var unit = Buses.Unit(Parse("tcp://meter.invalid:502"), 1, Timing);
        Assert.Equal(ModbusFault.NoLine, (await FailureAsync(unit)).Fault);
        Assert.StartsWith("meter.invalid:502: ", Figures().Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_takes_no_connection_costs_its_own_bus_only_and_closing_does_not_wait_for_it()
    {
        // A full backlog: the system drops what else comes, as a host does that is switched off.
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen(0);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var filler = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await filler.ConnectAsync(IPAddress.IPv6Loopback, port);
        Server.Unit(1).Set(Holding, 0, 5);
        using var living = Buses.Unit(await LineAsync(ModbusWire.Tcp), 1, Timing);
        using var unit = Buses.Unit(Parse($"tcp://[::1]:{port}"), 1, Timing);
        var asked = ReadAsync(unit, 0);
        for (var i = 0; i < 20; i++)
            Assert.Equal([5], await WordsAsync(living, 0));
        Assert.False(asked.IsCompleted);
        await Buses.DisposeAsync();
        Assert.Equal(ModbusFault.NotSent, (await asked).Failure!.Fault);
    }

    /// <summary>libmodbus would end the process: see <see cref="LowDescriptor"/>.</summary>
    [Fact]
    public async Task A_descriptor_beyond_what_the_library_can_wait_on_is_carried_by_a_low_one()
    {
        const int High = 1500;
        Server.Unit(1).Set(Holding, 0, 77);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Server.ListenTcp());
        Assert.Equal(High, Libc.Duplicate((int)socket.Handle, High, Libc.CloseOnExec));
        using var low = LowDescriptor.TryTake();
        Assert.NotNull(low);
        Assert.InRange(low.Number, 0, LowDescriptor.Limit - 1);
        Assert.True(low.Carry(High));
        _ = Libc.Close(High);
        Assert.Equal(77, ReadOne(low.Number));
        low.Rest();
        Assert.Equal(-1, ReadOne(low.Number));
    }

    private static int ReadOne(int descriptor)
    {
        var context = LibModbus.NewTcp("localhost", "502");
        _ = LibModbus.SetDescriptor(context, descriptor);
        _ = LibModbus.SetUnit(context, 1);
        var word = new ushort[1];
        var read = LibModbus.ReadHoldings(context, 0, 1, word);
        LibModbus.Free(context);
        return read == 1 ? word[0] : -1;
    }
}
