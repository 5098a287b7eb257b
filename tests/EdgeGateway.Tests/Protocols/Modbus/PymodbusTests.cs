using System.Net;
using System.Net.Sockets;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Lines;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Modbus;

/// <summary>Against devices that are not our own work (Debian's pymodbus), killed and started again in the middle.</summary>
public sealed class PymodbusTests : BusTest
{
    [Fact]
    public async Task Over_tcp()
    {
        var port = FreePort();
        await using var server = PymodbusServer.TcpOrSkip(port).With(1, Holding, 0, 0x4366, 0x8000).With(1, RegisterBank.Input, 5, 7).With(2, Holding, 0, 22);
        await server.StartAsync();
        var transport = Parse($"tcp://localhost:{port}");
        using var unit = Buses.Unit(transport, 1, Timing);
        await SpeaksAsync(unit);
        using var second = Buses.Unit(transport, 2, Timing);
        Assert.Equal([22], await WordsAsync(second, 0));

        await server.KillAsync();
        Assert.Equal(ModbusFault.NoLine, (await FailureAsync(unit)).Fault);
        await server.StartAsync();
        Clock.Advance(Reconnect.MostForHosts * 1.2);
        await SpeaksAsync(unit);
        Assert.Equal([22], await WordsAsync(second, 0));
    }

    [Fact]
    public async Task On_a_serial_line()
    {
        await using var cable = await PtyPair.OrSkipAsync();
        await using var server = PymodbusServer.RtuOrSkip(cable.FarDevice).With(1, Holding, 0, 0x4366, 0x8000).With(1, RegisterBank.Input, 5, 7);
        await server.StartAsync();
        using var unit = Buses.Unit(Parse(cable.Transport()), 1, Timing);
        using var hasty = Buses.Unit(Parse(cable.Transport()), 1, Quick);
        await SpeaksAsync(unit);

        await server.KillAsync();
        Assert.Equal(ModbusFault.Silent, (await FailureAsync(hasty)).Fault);
        Assert.Equal(ModbusFault.Silent, (await FailureAsync(hasty)).Fault);
        Assert.Equal(ModbusFault.Resting, (await FailureAsync(unit)).Fault);
        await server.StartAsync();
        Clock.Advance(UnitRest.Most);
        await SpeaksAsync(unit);
    }

    private static async Task SpeaksAsync(ModbusUnit unit)
    {
        Assert.Equal([0x4366, 0x8000], await WordsAsync(unit, 0, 2));
        Assert.Equal([7], (await unit.ReadAsync(RegisterBank.Input, 5, 1, CancellationToken.None)).Words.ToArray());
        Assert.Equal(2, (await FailureAsync(unit, 5_000)).Exception!.Value);
        Assert.True((await unit.WriteAsync(Holding, 1, new ushort[] { 0x8001 }, false, CancellationToken.None)).Succeeded);
        Assert.Equal([0x8001], await WordsAsync(unit, 1));
        Assert.True((await unit.WriteAsync(Holding, 0, new ushort[] { 0x4366, 0x8000 }, true, CancellationToken.None)).Succeeded);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
