using System.Collections.Concurrent;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>So many requests per second and so many at once, for each of a bounded number of callers (S3, S13).</summary>
public sealed class Allowance(TimeProvider clock)
{
    /// <summary>Callers remembered; beyond it all are forgotten and begin anew, which costs nobody his service.</summary>
    private const int CallersRemembered = 4096;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new();

    /// <summary>False when the caller has to wait.</summary>
    public bool Take(string caller, double perSecond, int burst)
    {
        if (_buckets.Count > CallersRemembered)
            _buckets.Clear();
        return _buckets.GetOrAdd(caller, _ => new(burst, clock.GetTimestamp())).Take(perSecond, burst, clock);
    }

    private sealed class Bucket(double filled, long since)
    {
        private readonly Lock _lock = new();
        private double _filled = filled;
        private long _since = since;

        public bool Take(double perSecond, int burst, TimeProvider clock)
        {
            lock (_lock)
            {
                var now = clock.GetTimestamp();
                _filled = Math.Min(burst, _filled + (clock.GetElapsedTime(_since, now).TotalSeconds * perSecond));
                _since = now;
                if (_filled < 1)
                    return false;
                _filled--;
                return true;
            }
        }
    }
}
