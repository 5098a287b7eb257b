using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGateway.Tests.Protocols.Mqtt;

internal enum Bearing
{
    /// <summary>As it should be.</summary>
    Plain,

    /// <summary>CONNACK of version 5 with reason 0x84.</summary>
    RefusesFive,

    /// <summary>CONNACK of version 3.1.1 with reason 1, as brokers answer that never heard of 5.</summary>
    RefusesFiveAsThree,

    HangsUpOnFive,

    /// <summary>Takes the connection and what is sent, and answers nothing.</summary>
    Mute,

    /// <summary>Version 3.1.1 or 5, and nothing is ever confirmed.</summary>
    Deaf,

    /// <summary>DISCONNECT with reason 142 at the first message, as for a client whose id somebody else uses.</summary>
    ThrowsOut,

    /// <summary>Hangs up on topics that end in "bad", and never says why.</summary>
    HangsUpOnBad,
}

/// <summary>As much of a broker as mosquitto cannot be told to be.</summary>
internal sealed class BareBroker : IDisposable
{
    private readonly Bearing _bearing;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();

    public BareBroker(Bearing bearing)
    {
        _bearing = bearing;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Url => new($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Protocol levels of the CONNECTs: 5 is version 5, 4 is 3.1.1.</summary>
    public ConcurrentQueue<int> Connects { get; } = new();

    public ConcurrentQueue<(string Topic, string Payload)> Published { get; } = new();

    public int Accepted;

    public long Bytes;

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                Interlocked.Increment(ref Accepted);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        try
        {
            while (await PacketAsync(stream) is var (kind, body))
            {
                Interlocked.Add(ref Bytes, body.Length + 2);
                if (_bearing != Bearing.Mute && Answer(kind, body) is { } answer)
                    await stream.WriteAsync(answer, _ended.Token);
                else if (_bearing != Bearing.Mute)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private byte[]? Answer(int kind, byte[] body)
    {
        switch (kind >> 4)
        {
            case 1:
                Connects.Enqueue(body[6]);
                return body[6] == 4 ? [0x20, 2, 0, 0] : _bearing switch
                {
                    Bearing.RefusesFive => [0x20, 3, 0, 0x84, 0],
                    Bearing.RefusesFiveAsThree => [0x20, 2, 0, 1],
                    Bearing.HangsUpOnFive => null,
                    _ => [0x20, 3, 0, 0, 0],
                };
            case 3:
                var length = (body[0] << 8) | body[1];
                // Version 5 puts the length of its properties before the payload.
                var from = 4 + length + (Connects.Last() == 5 ? 1 + body[4 + length] : 0);
                Published.Enqueue((Encoding.UTF8.GetString(body, 2, length), Encoding.UTF8.GetString(body.AsSpan(from))));
                if (_bearing == Bearing.HangsUpOnBad && Published.Last().Topic.EndsWith("bad", StringComparison.Ordinal))
                    return null;
                return _bearing == Bearing.Deaf ? [] : _bearing == Bearing.ThrowsOut ? [0xE0, 2, 142, 0] : [0x40, 2, body[2 + length], body[3 + length]];
            case 8:
                return Connects.Last() == 5 ? [0x90, 4, body[0], body[1], 0, 1] : [0x90, 3, body[0], body[1], 1];
            case 12:
                return [0xD0, 0];
            default:
                return [];
        }
    }

    private async Task<(int Kind, byte[] Body)?> PacketAsync(NetworkStream stream)
    {
        var head = new byte[1];
        if (await stream.ReadAtLeastAsync(head, 1, false, _ended.Token) == 0)
            return null;
        var kind = head[0];
        int length = 0, shift = 0;
        do
        {
            await stream.ReadExactlyAsync(head, _ended.Token);
            length |= (head[0] & 127) << shift;
            shift += 7;
        }
        while (head[0] > 127);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _ended.Token);
        return (kind, body);
    }
}
