using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.Benchmarks;

internal static partial class Suites
{
    private const string Mosquitto = "/usr/sbin/mosquitto";

    /// <summary>What chargers notice of a broker: that there is one, that it is dead, that it takes nothing any more while its connection stays open
    /// (PRODUCT §5: charging goes on whatever happens to it; p99 at most twice as long).</summary>
    public static async Task MqttAsync()
    {
        const int Chargers = 20;
        if (!File.Exists(Mosquitto))
        {
            Console.WriteLine("  mosquitto is absent: apt-get install mosquitto");
            return;
        }
        foreach (var pause in new[] { TimeSpan.FromMilliseconds(500), TimeSpan.Zero })
        {
            Console.WriteLine(pause == TimeSpan.Zero ? "  as fast as they are answered" : $"  each charger a call every {pause.TotalMilliseconds:0} ms");
            double? calm = null;
            foreach (var (name, isThere, isFrozen) in new[] { ("no broker", false, false), ("broker", true, false), ("broker is dead", false, false), ("broker is frozen", true, true) })
            {
                using var folder = new Folder();
                var port = FreePort();
                using var broker = isThere ? await StartBrokerAsync(folder.Path, port) : null;
                await using var gateway = await GatewayUnderTest.StartAsync(folder.Path, Chargers, broker: name == "no broker" ? null : $"mqtt://127.0.0.1:{port}");
                if (isFrozen)
                {
                    await Task.Delay(TimeSpan.FromSeconds(2));
                    Signal(broker!, "STOP");
                }
                var figures = await new ChargerLoad(gateway.Ocpp, Chargers, GatewayUnderTest.Password) { Pause = pause }.RunAsync(gateway.Process, TimeSpan.FromSeconds(3), Measured);
                calm ??= figures.P99;
                Console.WriteLine($"  {name,-16} {figures}   p99 {figures.P99 / calm:0.0} x (limit 2), RSS {gateway.Process.Rss:0} MB");
                broker?.Kill();
            }
        }
    }

    private static async Task<Process> StartBrokerAsync(string folder, int port)
    {
        var file = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(file, $"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\n");
        var broker = Process.Start(new ProcessStartInfo(Mosquitto, ["-c", file]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        while (true)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return broker;
            }
            catch (SocketException) when (!broker.HasExited)
            {
                await Task.Delay(10);
            }
        }
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
