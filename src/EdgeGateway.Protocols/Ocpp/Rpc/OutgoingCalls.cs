using System.Diagnostics.CodeAnalysis;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>Our CALLs on one line: one under way, the others wait their turn, answers find theirs by id.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no handle to release.")]
internal sealed class OutgoingCalls(RpcOptions options, TimeProvider clock, FrameSender sender)
{
    private readonly SemaphoreSlim _turn = new(1);
    private Pending? _pending;
    private int _queued;
    private int _lastNumber;
    private volatile int _timeoutsInARow;

    /// <summary>Any answer, a CALLERROR too, sets it back to 0.</summary>
    public int TimeoutsInARow => _timeoutsInARow;

    public string NextMessageId() => $"{options.MessageIdPrefix}-{Interlocked.Increment(ref _lastNumber)}";

    public string? ActionOf(string messageId) => Volatile.Read(ref _pending) is { } pending && pending.MessageId == messageId ? pending.Action : null;

    public bool TrySettle(string messageId, CallOutcome outcome)
    {
        if (Volatile.Read(ref _pending) is not { } pending || pending.MessageId != messageId) return false;
        _timeoutsInARow = 0;
        return pending.Outcome.TrySetResult(outcome);
    }

    /// <summary>Fails the CALL under way; those that wait see the end when their turn comes.</summary>
    public void EndLine(string why) => Volatile.Read(ref _pending)?.Outcome.TrySetResult(Lost(why));

    public async Task<CallOutcome> CallAsync(string action, Payload payload, string? messageId, Func<bool> hasEnded, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _queued) > options.MaxOutgoingCalls)
        {
            Interlocked.Decrement(ref _queued);
            return new CallUnanswered(CallFailure.QueueFull, $"{options.MaxOutgoingCalls} calls wait already");
        }
        try
        {
            await _turn.WaitAsync(cancel);
            try
            {
                return await SendAndWaitAsync(action, payload, messageId, hasEnded, cancel);
            }
            finally
            {
                Volatile.Write(ref _pending, null);
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
        }
    }

    private async Task<CallOutcome> SendAndWaitAsync(string action, Payload payload, string? messageId, Func<bool> hasEnded, CancellationToken cancel)
    {
        var pending = new Pending(messageId ?? NextMessageId(), action);
        // First to be found, then to look: the end of the line either sees this call, or this call sees the end.
        Interlocked.Exchange(ref _pending, pending);
        if (hasEnded() || !await sender.SendAsync(FrameType.Call, pending.MessageId, action, payload)) return Lost("the line has ended");
        try
        {
            return await pending.Outcome.Task.WaitAsync(options.CallTimeout, clock, cancel);
        }
        catch (TimeoutException)
        {
            _timeoutsInARow++;
            var patience = options.CallTimeout.TotalSeconds;
            return new CallUnanswered(CallFailure.TimedOut, $"no answer to {action} {pending.MessageId} within {patience:0.###} s");
        }
    }

    private static CallUnanswered Lost(string why) => new(CallFailure.LineEnded, why);

    private sealed record Pending(string MessageId, string Action)
    {
        public TaskCompletionSource<CallOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
