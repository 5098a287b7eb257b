using System.Diagnostics;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>Waits for what must come to be, never for time to pass.</summary>
public static class Poll
{
    /// <summary>How long a thing may take on a machine that is busy with other tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task UntilAsync(string what, Func<bool> holds, TimeSpan? patience = null) =>
        UntilAsync(what, () => Task.FromResult(holds()), patience);

    public static async Task UntilAsync(string what, Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            if (waited.Elapsed > (patience ?? Patience))
                throw new TimeoutException($"Within {waited.Elapsed.TotalSeconds:0} s it did not come to be that {what}.");
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Delay(Interval);
        }
    }
}
