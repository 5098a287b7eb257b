using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.Tests.Protocols.Mqtt;

/// <summary>A cable to a broker that can be cut; the next connection finds it mended.</summary>
internal sealed class CutLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<TcpClient> _ends = new();
    private readonly int _port;

    public CutLine(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Url => new($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Those that stand now; who comes back while this runs has a new one.</summary>
    public void Cut()
    {
        for (var count = _ends.Count; count > 0 && _ends.TryDequeue(out var end); count--)
            end.Dispose();
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync();
                var far = new TcpClient { NoDelay = true };
                await far.ConnectAsync(IPAddress.Loopback, _port);
                var (nearer, farther) = (near.GetStream(), far.GetStream());
                _ends.Enqueue(near);
                _ends.Enqueue(far);
                _ = CopyAsync(nearer, farther);
                _ = CopyAsync(farther, nearer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
        }
        await to.DisposeAsync();
    }
}
