using System.Net.Sockets;
using System.Text;

namespace EdgeGateway.Tests.Hosting;

/// <summary>The end of sd_notify that systemd holds.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-").FullName;

    public NotifySocket(bool isAbstract = false)
    {
        Path = isAbstract ? $"@edge-gateway-test-{Environment.ProcessId}-{GetHashCode()}" : System.IO.Path.Combine(_folder, "socket");
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{Path[1..]}" : Path));
    }

    public string Path { get; }

    /// <summary>The next message of which this holds, within 20 s.</summary>
    public async Task<string> NextAsync(Func<string, bool> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        while (true)
        {
            var length = await _socket.ReceiveAsync(buffer, limit.Token);
            var message = Encoding.UTF8.GetString(buffer, 0, length);
            if (wanted(message))
                return message;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
