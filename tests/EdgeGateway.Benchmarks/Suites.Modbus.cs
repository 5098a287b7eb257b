using System.Diagnostics;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Simulators.Modbus;

namespace EdgeGateway.Benchmarks;

/// <summary>Whether meters are read when they are due: all of them at the same moment, which is the worst one.</summary>
internal static partial class Suites
{
    private static readonly TimeSpan MetersMeasured = TimeSpan.FromSeconds(20);

    public static async Task ModbusAsync()
    {
        foreach (var dead in (bool[])[false, true])
        {
            await using var server = new SimulatedModbusServer(Clock) { Pace = new(115_200, TimeSpan.FromMilliseconds(3)) };
            var transport = new ModbusTransport { Wire = ModbusWire.Tcp, Host = "localhost", Port = server.ListenTcp() };
            await MetersAsync("32 meters, 3 blocks each, one TCP gateway that takes 3 ms", server, transport, 32, [30, 20, 10], TimeSpan.FromSeconds(1), dead);
        }
        const string Socat = "/usr/bin/socat";
        if (!File.Exists(Socat))
        {
            Console.WriteLine("the serial line is left out: socat is absent");
            return;
        }
        foreach (var dead in (bool[])[false, true])
        {
            await using var server = new SimulatedModbusServer(Clock) { Pace = new(9600, TimeSpan.FromMilliseconds(20)) };
            var device = $"/dev/shm/edge-gateway-bench-{Environment.ProcessId}";
            using var cable = Process.Start(Socat, [$"PTY,raw,echo=0,link={device}", $"TCP:127.0.0.1:{server.ListenRtuOverTcp()}"]);
            while (!File.Exists(device))
                await Task.Delay(10);
            var transport = new ModbusTransport { Wire = ModbusWire.Rtu, Device = device, Baud = 9600, Parity = SerialParity.Even };
            await MetersAsync("10 units, 40 registers each, 9600 8E1, devices that take 20 ms", server, transport, 10, [40], TimeSpan.FromSeconds(2), dead);
            cable.Kill();
            await cable.WaitForExitAsync();
            File.Delete(device);
        }
    }

    private static async Task MetersAsync(string what, SimulatedModbusServer server, ModbusTransport transport, int meters, int[] blocks, TimeSpan period, bool dead)
    {
        await using var buses = new ModbusBuses(Clock, new Random(1));
        var timing = new ModbusTiming { Response = TimeSpan.FromMilliseconds(300), Period = period };
        using var keeper = buses.Unit(transport, 1, timing);
        var begin = Clock.GetTimestamp();
        var end = MetersMeasured;
        var late = new List<double>[meters];
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, meters).Select(async n =>
        {
            late[n] = [];
            var isDead = dead && n == meters - 1;
            if (!isDead)
                server.Unit((byte)(n + 1)).Set(RegisterBank.Holding, 0, new ushort[125]);
            using var unit = buses.Unit(transport, (byte)(n + 1), timing);
            for (var due = TimeSpan.Zero; due < end; due += period)
            {
                if (due - Clock.GetElapsedTime(begin) is var wait && wait > TimeSpan.Zero)
                    await Task.Delay(wait);
                var good = true;
                foreach (var count in blocks)
                    good &= (await unit.ReadAsync(RegisterBank.Holding, 0, count, CancellationToken.None)).Succeeded;
                if (isDead)
                    continue;
                late[n].Add((Clock.GetElapsedTime(begin) - due).TotalMilliseconds);
                if (!good)
                    Interlocked.Increment(ref failed);
            }
        }));
        var all = late.SelectMany(l => l).Order().ToList();
        var figures = buses.Figures()[0];
        Console.WriteLine($"{what}{(dead ? ", one of them dead" : "")}, every {period.TotalSeconds:0} s:");
        Console.WriteLine(
            $"  {all.Count(l => l < period.TotalMilliseconds)} of {all.Count} readings were whole before the next was due, {failed} failed; whole after p50 {all[all.Count / 2]:0} ms, p99 {all[all.Count * 99 / 100]:0} ms, worst {all[^1]:0} ms"
            + $"; {figures.Requests} requests, {figures.Openings} openings, {figures.StrayBytes} stray bytes");
    }
}
