using System.Collections.Concurrent;

namespace EdgeGateway.Journal;

/// <summary>Tells a hub's delivery loop that its part of the outbox changed, without polling and without losing a word between look and wait.</summary>
internal sealed class HubSignals(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Signal> _hubs = new(StringComparer.Ordinal);

    /// <summary>Something changed for this hub.</summary>
    public void Wake(string hub) => Of(hub).Set();

    /// <summary>Whoever looks now has seen all changes so far.</summary>
    public void Looking(string hub)
    {
        var signal = Of(hub);
        signal.Clear(signal.Current);
    }

    /// <summary>Completes at once if something changed since the last look or the last wait: each change wakes once, so that a loop which has no hands
    /// free to look (all slots taken, the hub away) does not spin.</summary>
    public async Task WaitAsync(string hub, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero)
            return;
        var signal = Of(hub);
        var set = signal.Current;
        try
        {
            await set.Task.WaitAsync(atMost, clock, cancellationToken);
            signal.Clear(set);
        }
        catch (TimeoutException)
        {
            // The caller looks again: that is what he asked for.
        }
    }

    private Signal Of(string hub) => _hubs.GetOrAdd(hub, static _ => new());

    private sealed class Signal
    {
        private TaskCompletionSource _current = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Current => Volatile.Read(ref _current);

        public void Set() => Current.TrySetResult();

        /// <summary>Takes back this very signal: one that a later change has set stays.</summary>
        public void Clear(TaskCompletionSource seen)
        {
            if (seen.Task.IsCompleted)
                Interlocked.CompareExchange(ref _current, new(TaskCreationOptions.RunContinuationsAsynchronously), seen);
        }
    }
}
