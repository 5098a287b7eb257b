namespace EdgeGateway.Hubs;

/// <summary>Something happened: whoever waits looks again. What is raised while nobody waits is not lost to one who took <see cref="Next"/> before looking.</summary>
public sealed class Signal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes with the next <see cref="Raise"/>. Take it first, then look, then wait.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
