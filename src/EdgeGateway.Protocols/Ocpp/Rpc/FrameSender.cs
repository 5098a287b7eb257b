using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>The one writer of a socket: a frame at a time, in pooled memory, with a time limit.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no handle, the writer no stream: nothing to release.")]
internal sealed class FrameSender(
    WebSocket socket, OcppVersion version, TimeSpan sendTimeout, TimeProvider clock, ILineTap? tap, Action onStalled)
{
    private const int MaxReasonBytes = 123;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, FrameWriter.WriterOptions);
    private PooledBuffer _buffer = new();

    /// <summary>False if the line cannot take it any more. Throws only what a message's serialiser throws.</summary>
    public async ValueTask<bool> SendAsync(FrameType type, string messageId, string? action, Payload payload)
    {
        await _turn.WaitAsync();
        try
        {
            _writer.Reset(_buffer);
            switch (type)
            {
                case FrameType.Call: FrameWriter.WriteCall(_writer, messageId, action!, payload); break;
                case FrameType.Send: FrameWriter.WriteSend(_writer, messageId, action!, payload); break;
                default: FrameWriter.WriteResult(_writer, messageId, payload); break;
            }
            return await SendWrittenAsync(type, messageId, action);
        }
        finally
        {
            _buffer.Release();
            _turn.Release();
        }
    }

    /// <param name="type">CALLERROR, or CALLRESULTERROR of 2.1.</param>
    public async ValueTask<bool> SendErrorAsync(
        FrameType type, string messageId, string? action, OcppErrorCode code, string description, string detailsJson)
    {
        await _turn.WaitAsync();
        try
        {
            _writer.Reset(_buffer);
            FrameWriter.WriteError(_writer, type, messageId, ErrorCodes.Spell(code, version), description, detailsJson);
            return await SendWrittenAsync(type, messageId, action);
        }
        finally
        {
            _buffer.Release();
            _turn.Release();
        }
    }

    /// <summary>Sends the close frame, if the state of the socket still lets it.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        await _turn.WaitAsync();
        try
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
            await socket.CloseOutputAsync(status, Cut(reason), CancellationToken.None).WaitAsync(sendTimeout, clock);
        }
        catch (Exception e) when (e is TimeoutException || IsEndOfLine(e))
        {
            socket.Abort();
        }
        finally
        {
            _turn.Release();
        }
    }

    // A control frame holds 125 bytes, two of them the status.
    private static string Cut(string reason)
    {
        while (Encoding.UTF8.GetByteCount(reason) > MaxReasonBytes) reason = reason[..^1];
        return reason;
    }

    private async ValueTask<bool> SendWrittenAsync(FrameType type, string messageId, string? action)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return false;
        tap?.OnFrame(new(FrameDirection.Sent, type, messageId, action, _buffer.Written, clock.GetUtcNow()));
        try
        {
            // No token: a cancelled send breaks the socket. Nearly all sends complete at once and need no timer.
            var send = socket.SendAsync(_buffer.Written, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            if (send.IsCompletedSuccessfully) await send;
            else await send.AsTask().WaitAsync(sendTimeout, clock);
            return true;
        }
        catch (TimeoutException)
        {
            // The send may still read its memory, which therefore must not go back to the pool.
            _buffer = new();
            onStalled();
            return false;
        }
        catch (Exception e) when (IsEndOfLine(e))
        {
            return false;
        }
    }

    /// <summary>What a socket throws when it is at its end, at whichever moment that shows.</summary>
    public static bool IsEndOfLine(Exception e) =>
        e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException;
}
