using System.Net.WebSockets;
using System.Text;

namespace EdgeGateway.Tests.Protocols.Ocpp.Rpc;

/// <summary>The other end of a line, by hand: sends any text and reads what comes.</summary>
internal sealed class RawPeer(WebSocket socket)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly byte[] _buffer = new byte[128 * 1024];

    public WebSocket Socket => socket;

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text, bool end = true) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), type, end, CancellationToken.None).WaitAsync(Patience);

    /// <summary>The next message; `close 1009` for a close frame, `lost` for a broken line.</summary>
    public async Task<string> ReceiveAsync()
    {
        var length = 0;
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).AsTask().WaitAsync(Patience);
                if (result.MessageType == WebSocketMessageType.Close) return $"close {(int)socket.CloseStatus!}";
                length += result.Count;
                if (result.EndOfMessage) return Encoding.UTF8.GetString(_buffer.AsSpan(0, length));
            }
        }
        catch (WebSocketException)
        {
            return "lost";
        }
    }
}
