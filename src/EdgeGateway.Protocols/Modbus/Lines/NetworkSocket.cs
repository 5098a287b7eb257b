using System.Net.Sockets;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>A connection to a device or a serial server. Ours and not libmodbus's: it is given up when the program ends, and says what was wrong (libmodbus calls all of it "refused").</summary>
internal sealed class NetworkSocket : IByteLine
{
    /// <summary>Covers one lost packet (sent again after 1 s), and is over before a stopping service is killed.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1.5);

    private readonly ModbusTransport _transport;
    private readonly Socket _socket;

    private NetworkSocket(ModbusTransport transport, Socket socket) => (_transport, _socket) = (transport, socket);

    public int Descriptor => (int)_socket.Handle;

    /// <summary>Something came without being asked: the other side hung up, or an answer is too late. Either way this connection is spent.</summary>
    public bool Spent => _socket.Poll(0, SelectMode.SelectRead);

    public static NetworkSocket? TryOpen(ModbusTransport transport, CancellationToken stopping, out string? why)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            limit.CancelAfter(ConnectLimit);
            socket.ConnectAsync(transport.Host, transport.Port, limit.Token).AsTask().GetAwaiter().GetResult();
            why = null;
            return new(transport, socket);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            socket.Dispose();
            why = LineTrouble.OfHost(transport.Host, transport.Port, e is SocketException { SocketErrorCode: var code } ? code : SocketError.TimedOut);
            return null;
        }
    }

    /// <summary>Wakes whoever waits for bytes of it, from any thread.</summary>
    public void HangUp()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    /// <summary>What has come was read while the line settled; what is on its way cannot be taken back.</summary>
    public void Flush()
    {
    }

    public string Explain(int errno) => $"{_transport.Host}:{_transport.Port}: the connection broke";

    public void Dispose() => _socket.Dispose();
}
