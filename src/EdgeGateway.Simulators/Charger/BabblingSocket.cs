using System.Net.WebSockets;
using System.Text;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What a charger sends that is no message: truncated, of the wrong type, binary, too long (FIELD-NOTES 6, 7). It goes out between good messages.</summary>
internal sealed class BabblingSocket(WebSocket inner, Random random, double share, Action<string> tell) : WebSocket
{
    /// <summary>Over the 64 KiB that a gateway takes (S5); the line does not outlive it, so a line has few.</summary>
    private const int TooLongBytes = 80 * 1024;

    private static readonly string[] Rubbish =
    [
        """[2,"bad-1","StatusNotification",{"connectorId":1,"errorCode":"NoErr""",
        """[2,"bad-2","StatusNotification",{"connectorId":"one","evseId":{},"connectorStatus":7,"status":[],"timestamp":false}]""",
        """[2,"bad-3","BootNotification",["no","object"]]""",
        """{"not":"a frame"}""",
        """[2,,"bad-4"]""",
        """[9,"bad-5","Nothing",{}]""",
        """[3,"never-asked",{}]""",
        """[2,"bad-6","NoSuchAction",{}]""",
        "\"",
        "",
    ];

    private bool _isWithin;

    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    public override WebSocketState State => inner.State;

    public override string? SubProtocol => inner.SubProtocol;

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (!_isWithin && random.NextDouble() < share)
            await BabbleAsync(cancellationToken);
        _isWithin = !endOfMessage;
        await inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
    }

    public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        await SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken);

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReceiveAsync(buffer, cancellationToken);

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => inner.ReceiveAsync(buffer, cancellationToken);

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Abort() => inner.Abort();

    public override void Dispose() => inner.Dispose();

    private async Task BabbleAsync(CancellationToken cancellationToken)
    {
        switch (random.Next(12))
        {
            case 0:
                tell("babbles: too long");
                await inner.SendAsync(new byte[TooLongBytes].AsMemory(), WebSocketMessageType.Text, true, cancellationToken);
                break;
            case 1 or 2:
                var bytes = new byte[random.Next(1, 200)];
                random.NextBytes(bytes);
                tell("babbles: binary");
                await inner.SendAsync(bytes.AsMemory(), WebSocketMessageType.Binary, true, cancellationToken);
                break;
            default:
                var text = Rubbish[random.Next(Rubbish.Length)];
                tell($"babbles: {text}");
                await inner.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, true, cancellationToken);
                break;
        }
    }
}
