using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>Where things are.</summary>
public static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>The program as it was built: its own executable lies beside the tests that refer to it.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "edge-gateway");

    /// <summary>Ports that were free a moment ago. Fixed ones, because a gateway that was killed must come back where its chargers look for it.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
            listener.Stop();
        return ports;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGateway.sln")))
                return folder.FullName;
        throw new InvalidOperationException("no EdgeGateway.sln above the tests");
    }
}
