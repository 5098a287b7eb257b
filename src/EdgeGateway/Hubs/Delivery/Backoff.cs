namespace EdgeGateway.Hubs.Delivery;

/// <summary>Full-jitter exponential waiting times (I13): a site of a thousand gateways does not come back in step. Safe from many threads.</summary>
public sealed class Backoff(Random random)
{
    /// <summary>Doublings beyond which every cap has long been reached.</summary>
    private const int MostDoublings = 24;

    /// <summary>A share of the step that is always waited, so that full jitter never means at once.</summary>
    private const double Floor = 0.25;

    private readonly Lock _lock = new();

    /// <param name="attempts">Failed so far, this one included; at least 1.</param>
    public TimeSpan After(int attempts, TimeSpan first, TimeSpan cap)
    {
        var step = Math.Min(cap.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, MostDoublings)));
        double share;
        lock (_lock)
            share = random.NextDouble();
        return TimeSpan.FromSeconds(step * (Floor + ((1 - Floor) * share)));
    }
}
