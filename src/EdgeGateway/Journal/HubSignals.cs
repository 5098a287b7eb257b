using System.Collections.Concurrent;

namespace EdgeGateway.Journal;

/// <summary>Tells a hub's delivery loop that its part of the outbox changed, without polling and without losing a word between look and wait.</summary>
internal sealed class HubSignals(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Signal> _hubs = new(StringComparer.Ordinal);

    /// <summary>Something changed for this hub.</summary>
    public void Wake(string hub) => Of(hub).Set();

    /// <summary>Whoever looks now has seen all changes so far.</summary>
    public void Looking(string hub) => Of(hub).Clear();

    /// <summary>Completes at once if something changed since the last look.</summary>
    public async Task WaitAsync(string hub, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero)
            return;
        try
        {
            await Of(hub).Task.WaitAsync(atMost, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller looks again: that is what he asked for.
        }
    }

    private Signal Of(string hub) => _hubs.GetOrAdd(hub, static _ => new());

    private sealed class Signal
    {
        private TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => Volatile.Read(ref _set).Task;

        public void Set() => Volatile.Read(ref _set).TrySetResult();

        public void Clear()
        {
            if (Task.IsCompleted)
                Volatile.Write(ref _set, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }
}
