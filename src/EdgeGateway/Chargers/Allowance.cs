namespace EdgeGateway.Chargers;

/// <summary>So many at once, and then one more each so often.</summary>
public sealed class Allowance(int burst, TimeSpan refill, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private double _left = burst;
    private long _since = clock.GetTimestamp();

    public bool TryTake()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _left = Math.Min(burst, _left + (clock.GetElapsedTime(_since, now) / refill));
            _since = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
