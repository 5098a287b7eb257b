using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>
/// One OCPP-J connection over an open WebSocket, the same for every version and for both sides. Three things go on at once and never
/// wait for each other: CALLs received are handled one at a time in their order; a CALL of ours waits for its answer, one at a time;
/// answers received reach their CALL at once.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor handle to release.")]
public sealed class RpcConnection
{
    private const int FirstReceiveBytes = 4096;

    private readonly WebSocket _socket;
    private readonly OcppVersion _version;
    private readonly CallHandler _handler;
    private readonly RpcOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILineTap? _tap;
    private readonly Channel<Waiting> _calls;
    private readonly OutgoingCalls _outgoing;
    private readonly FrameSender _sender;
    private readonly CancellationTokenSource _endedByUs = new();
    private readonly TaskCompletionSource _receivingEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LineEnd? _end;

    /// <param name="socket">Open; stays the caller's to dispose of.</param>
    /// <param name="handler">Serves the CALLs of the other side.</param>
    public RpcConnection(
        WebSocket socket, OcppVersion version, CallHandler handler, RpcOptions options, TimeProvider clock, ILineTap? tap = null)
    {
        if (options.MessageIdPrefix.Length > RpcOptions.MaxPrefixChars || options.MaxMessageBytes > FrameLimits.MessageBytes)
            throw new ArgumentException("a limit beyond what the frames allow", nameof(options));
        (_socket, _version, _handler, _options, _clock, _tap) = (socket, version, handler, options, clock, tap);
        // Synchronous continuations: a CALL is handled on the thread that received it, until its handler first waits for something.
        _calls = Channel.CreateBounded<Waiting>(
            new BoundedChannelOptions(options.MaxWaitingCalls) { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
        _sender = new FrameSender(socket, version, options.SendTimeout, clock, tap, () => Abort(LineEndCause.SendStalled, "the peer does not read"));
        _outgoing = new OutgoingCalls(options, clock, _sender);
    }

    public OcppVersion Version => _version;

    /// <summary>True from the first reason to end on; nothing is sent any more.</summary>
    public bool HasEnded => Volatile.Read(ref _end) is not null;

    /// <summary>Serves the line until it ends, for whatever reason; never throws. Call it once.</summary>
    /// <param name="stopping">Closes the line in an orderly way (1001).</param>
    public async Task<LineEnd> RunAsync(CancellationToken stopping)
    {
        await using var stop = stopping.UnsafeRegister(
            static line => _ = ((RpcConnection)line!).CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "going away"), this);
        var handling = HandleCallsAsync();
        await ReceiveAsync();
        _calls.Writer.Complete();
        _receivingEnded.TrySetResult();
        _outgoing.EndLine(_end!.Detail);
        await handling;
        await ReturnCloseAsync();
        _socket.Abort();
        return _end!;
    }

    /// <summary>
    /// Sends a CALL when its turn comes, and waits for the answer. Never throws for what the line or the charger does.
    /// </summary>
    /// <param name="cancel">Gives up waiting; a CALL already sent stays sent, and its answer is reported as unexpected.</param>
    /// <param name="messageId">Of a retry that keeps its id (1.6-J errata 3.1); null = a new one.</param>
    public async Task<CallOutcome> CallAsync(string action, Payload payload, CancellationToken cancel, string? messageId = null)
    {
        var outcome = await _outgoing.CallAsync(action, payload, messageId, () => HasEnded, cancel);
        if (outcome is CallUnanswered { Why: CallFailure.Unreadable, MessageId: { } id } unreadable)
            await RefuseResultAsync(id, new(OcppErrorCode.FormatViolation, unreadable.Detail));
        if (outcome is not CallUnanswered { Why: CallFailure.TimedOut } timedOut) return outcome;
        _tap?.OnTrouble(new(LineTroubleKind.CallTimedOut, timedOut.Detail));
        if (_outgoing.TimeoutsInARow >= _options.TimeoutsBeforeClose)
        {
            var why = new LineEnd(LineEndCause.Unresponsive, $"no answer to {_outgoing.TimeoutsInARow} calls");
            _ = CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "no answers", why);
        }
        return outcome;
    }

    /// <summary>Tells the other side that its result could not be used: CALLRESULTERROR of 2.1 (part 4, 4.2); the other versions have no word for it.</summary>
    /// <param name="messageId">Of the CALL and its result.</param>
    public async Task RefuseResultAsync(string messageId, OcppException why)
    {
        if (_version.HasSend) await _sender.SendErrorAsync(FrameType.CallResultError, messageId, null, why.Code, why.Message, why.DetailsJson);
    }

    /// <summary>Sends a SEND of 2.1: it is not answered, and may go out while a CALL of ours is under way (2.1 part 4, 4.2).</summary>
    /// <returns>False if the line has ended.</returns>
    public async Task<bool> SendAsync(string action, Payload payload)
    {
        if (!_version.HasSend) throw new InvalidOperationException($"{_version} has no SEND");
        return !HasEnded && await _sender.SendAsync(FrameType.Send, _outgoing.NextMessageId(), action, payload);
    }

    /// <summary>
    /// Closes with a close frame; aborts if the other side has not closed within <see cref="RpcOptions.CloseTimeout"/>. CALLs that wait
    /// to be handled are forgotten: they had no answer, so they come again.
    /// </summary>
    public Task CloseAsync(WebSocketCloseStatus status, string reason) => CloseAsync(status, reason, new(LineEndCause.ClosedByUs, reason));

    /// <summary>Ends the line at once, without a close frame.</summary>
    public void Abort(string reason) => Abort(LineEndCause.ClosedByUs, reason);

    private async Task CloseAsync(WebSocketCloseStatus status, string reason, LineEnd end)
    {
        if (!EndByUs(end)) return;
        await _sender.CloseAsync(status, reason);
        try
        {
            await _receivingEnded.Task.WaitAsync(_options.CloseTimeout, _clock);
        }
        catch (TimeoutException)
        {
            _socket.Abort();
        }
    }

    private void Abort(LineEndCause cause, string detail)
    {
        EndByUs(new(cause, detail));
        _socket.Abort();
    }

    private bool EndByUs(LineEnd end)
    {
        var first = Interlocked.CompareExchange(ref _end, end, null) is null;
        // Also on a line that the peer ended: what waits to be handled there is then forgotten.
        _endedByUs.Cancel();
        return first;
    }

    private void EndByPeer(LineEndCause cause, string detail) => Interlocked.CompareExchange(ref _end, new(cause, detail), null);

    private async Task ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstReceiveBytes);
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    if (length == buffer.Length) buffer = Enlarge(buffer);
                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    if (result.MessageType == WebSocketMessageType.Close)
                    {
                        var why = $"{_socket.CloseStatus} {Quote(_socket.CloseStatusDescription ?? "")}";
                        EndByPeer(LineEndCause.ClosedByPeer, $"closed by the peer: {why}");
                        return;
                    }
                    length += result.Count;
                    // What comes after our close frame is read only to reach theirs.
                    if (_endedByUs.IsCancellationRequested) length = 0;
                    if (length > _options.MaxMessageBytes)
                    {
                        var why = new LineEnd(LineEndCause.MessageTooBig, $"a message over {_options.MaxMessageBytes} bytes");
                        _ = CloseAsync(WebSocketCloseStatus.MessageTooBig, "message too big", why);
                        length = 0;
                    }
                }
                while (!result.EndOfMessage);

                if (_endedByUs.IsCancellationRequested) continue;
                if (await TakeAsync(buffer, length)) buffer = ArrayPool<byte>.Shared.Rent(FirstReceiveBytes);
            }
        }
        catch (Exception e) when (FrameSender.IsEndOfLine(e))
        {
            EndByPeer(LineEndCause.Lost, "the connection broke");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Enlarge(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Returns true if the buffer now belongs to a CALL that waits to be handled.</summary>
    private async ValueTask<bool> TakeAsync(byte[] buffer, int length)
    {
        var text = buffer.AsMemory(0, length);
        var frame = FrameReader.Read(text, _version);
        var now = _clock.GetUtcNow();
        switch (frame)
        {
            case CallFrame call:
                Tap(call.ExpectsAnswer ? FrameType.Call : FrameType.Send, call.MessageId, call.Action);
                return await QueueAsync(new(frame, buffer, now));

            case ResultFrame result:
                Tap(FrameType.CallResult, result.MessageId, _outgoing.ActionOf(result.MessageId));
                Settle(result.MessageId, new CallAnswered(result.Payload.ToArray(), result.MessageId));
                return false;

            case ErrorFrame { OfResult: true } error:
                Tap(FrameType.CallResultError, error.MessageId, null);
                _tap?.OnTrouble(new(LineTroubleKind.ResultRefused, $"{Quote(error.Code)} for the result of {Quote(error.MessageId)}"));
                return false;

            case ErrorFrame error:
                Tap(FrameType.CallError, error.MessageId, _outgoing.ActionOf(error.MessageId));
                Settle(error.MessageId, new CallRefused(
                    ErrorCodes.Read(error.Code), error.Code, error.Description, Encoding.UTF8.GetString(error.Details.Span)));
                return false;

            case FaultyFrame faulty:
                Tap(faulty.Type, faulty.MessageId, faulty.Action);
                _tap?.OnTrouble(new(LineTroubleKind.FaultyFrame, faulty.What));
                if (faulty.Type is FrameType.CallResult or FrameType.CallError && faulty.MessageId is { } id)
                    Settle(id, new CallUnanswered(CallFailure.Unreadable, faulty.What) { MessageId = faulty.Type == FrameType.CallResult ? id : null });
                return IdForAnswer(faulty) is not null && await QueueAsync(new(frame, buffer, now));

            default:
                throw new UnreachableException($"no such frame: {frame}");
        }

        void Tap(FrameType? type, string? id, string? action) => _tap?.OnFrame(new(FrameDirection.Received, type, id, action, text, now));
    }

    private void Settle(string messageId, CallOutcome outcome)
    {
        if (!_outgoing.TrySettle(messageId, outcome))
            _tap?.OnTrouble(new(LineTroubleKind.UnexpectedAnswer, $"an answer to {Quote(messageId)}, which is not asked (any more)"));
    }

    // A full queue stops the reading. Only an end by us can come meanwhile, and then nothing is to be handled.
    private async ValueTask<bool> QueueAsync(Waiting waiting)
    {
        if (_calls.Writer.TryWrite(waiting)) return true;
        try
        {
            await _calls.Writer.WriteAsync(waiting, _endedByUs.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private string? IdForAnswer(FaultyFrame faulty)
    {
        if (faulty.Code == OcppErrorCode.MessageTypeNotSupported && !_version.AnswersUnknownTypes) return null;
        return faulty.Type is null or FrameType.Call ? faulty.MessageId ?? _version.IdWhenUnreadable : null;
    }

    private async Task HandleCallsAsync()
    {
        await foreach (var (frame, buffer, receivedAt) in _calls.Reader.ReadAllAsync())
        {
            if (!_endedByUs.IsCancellationRequested)
            {
                if (frame is CallFrame call) await HandleAsync(call, receivedAt);
                else if (frame is FaultyFrame faulty)
                    await _sender.SendErrorAsync(FrameType.CallError, IdForAnswer(faulty)!, faulty.Action, faulty.Code, faulty.What, "{}");
            }
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask HandleAsync(CallFrame call, DateTimeOffset receivedAt)
    {
        try
        {
            var incoming = new IncomingCall(call.MessageId, call.Action, call.Payload, receivedAt, call.ExpectsAnswer);
            var answer = await _handler(incoming, _endedByUs.Token);
            if (call.ExpectsAnswer) await _sender.SendAsync(FrameType.CallResult, call.MessageId, call.Action, answer);
        }
        catch (DropLineException drop)
        {
            Abort(LineEndCause.Dropped, drop.Message);
        }
        catch (OperationCanceledException) when (_endedByUs.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception e)
        {
            await RefuseAsync(call, e);
        }
    }

    private async ValueTask RefuseAsync(CallFrame call, Exception cause)
    {
        if (cause is not OcppException error)
        {
            _tap?.OnTrouble(new(LineTroubleKind.HandlerFailed, $"{Quote(call.Action)} {Quote(call.MessageId)}: {cause.GetType().Name}", cause));
            error = new(OcppErrorCode.InternalError, "internal error");
        }
        if (!call.ExpectsAnswer) _tap?.OnTrouble(new(LineTroubleKind.SendIgnored, $"{Quote(call.Action)} {Quote(call.MessageId)}: {error.Message}"));
        else await _sender.SendErrorAsync(FrameType.CallError, call.MessageId, call.Action, error.Code, error.Message, error.DetailsJson);
    }

    private async Task ReturnCloseAsync()
    {
        if (_end!.Cause == LineEndCause.ClosedByPeer) await _sender.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
    }

    private static string Quote(string foreign) => ForeignText.Quote(foreign, FrameLimits.DescriptionChars);

    private readonly record struct Waiting(Frame Frame, byte[] Buffer, DateTimeOffset ReceivedAt);
}
