using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGateway.Benchmarks;

internal static partial class Suites
{
    private const int FloodConnections = 10_000;
    private const int FloodAddresses = 8;

    /// <summary>What chargers notice of 10 000 connections by nobody: some silent, some that ask without a password (S3: p99 at most twice as long).</summary>
    public static async Task FloodAsync()
    {
        const int Chargers = 20;
        // At a busy site's pace and as fast as the machine goes, with 10 000 new connections while it is measured, or as many as can be made: then
        // the flood's own work takes its share of the processor too.
        foreach (var (pause, every) in new[] { (500, 80), (0, 80), (500, 8) }.Select(static c => (TimeSpan.FromMilliseconds(c.Item1), TimeSpan.FromMilliseconds(c.Item2))))
        {
            using var folder = new Folder();
            await using var gateway = await GatewayUnderTest.StartAsync(folder.Path, Chargers);
            Console.WriteLine(pause == TimeSpan.Zero ? "  as fast as they are answered" : $"  each charger a call every {pause.TotalMilliseconds:0} ms");
            var calm = await Load(gateway, pause).RunAsync(gateway.Process, TimeSpan.FromSeconds(3), Measured);
            Console.WriteLine($"  calm    {calm}");
            using var end = new CancellationTokenSource();
            var flood = Enumerable.Range(0, FloodAddresses).Select(a => Task.Run(() => FloodFromAsync(IPAddress.Parse($"127.0.1.{a + 1}"), gateway.Ocpp.Port, FloodConnections / FloodAddresses, every, end.Token))).ToList();
            var flooded = await Load(gateway, pause).RunAsync(gateway.Process, TimeSpan.FromSeconds(3), Measured);
            await end.CancelAsync();
            var made = (await Task.WhenAll(flood)).Sum();
            Console.WriteLine($"  flooded {flooded}");
            Console.WriteLine($"  {made} connections tried beside {Chargers} chargers: p99 {flooded.P99 / calm.P99:0.0} x (limit 2), RSS {gateway.Process.Rss:0} MB");
        }

        static ChargerLoad Load(GatewayUnderTest gateway, TimeSpan pause) => new(gateway.Ocpp, Chargers, GatewayUnderTest.Password) { Pause = pause };
    }

    /// <summary>Keeps as many open as it is let, and makes new ones for those that were closed, until told to stop.</summary>
    private static async Task<long> FloodFromAsync(IPAddress from, int port, int atOnce, TimeSpan everyTen, CancellationToken stop)
    {
        var request = Encoding.ASCII.GetBytes("GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        var open = new Queue<Socket>();
        long made = 0;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Bind(new IPEndPoint(from, 0));
                    await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
                    // Every other one is silent.
                    if (made++ % 2 == 0)
                        await socket.SendAsync(request, stop);
                    open.Enqueue(socket);
                }
                catch (Exception fault) when (fault is SocketException or OperationCanceledException)
                {
                    socket.Dispose();
                }
                if (open.Count > atOnce)
                    open.Dequeue().Dispose();
                if (made % 10 == 0)
                    await Task.Delay(everyTen, CancellationToken.None);
            }
        }
        finally
        {
            foreach (var socket in open)
                socket.Dispose();
        }
        return made;
    }
}
