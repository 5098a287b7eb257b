namespace EdgeGateway.Chargers;

/// <summary>Counts failures per key within the last minute. Bounded: under a flood of keys the count starts over for all, never grows.</summary>
/// <param name="limit">Failures that are allowed in a minute.</param>
public sealed class FailureWindow(int limit, TimeProvider clock)
{
    /// <summary>Keys that are counted at the same time.</summary>
    public const int MaxKeys = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, (long Since, int Count)> _counts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();

    public bool IsFull(string key)
    {
        lock (_lock)
            return _counts.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.Since) < Window && entry.Count >= limit;
    }

    /// <summary>Adds one; true if it was still within the limit.</summary>
    public bool Add(string key)
    {
        lock (_lock)
        {
            if (!_counts.TryGetValue(key, out var entry) || clock.GetElapsedTime(entry.Since) >= Window)
            {
                if (_counts.Count >= MaxKeys)
                    Shrink();
                entry = (clock.GetTimestamp(), 0);
            }
            _counts[key] = (entry.Since, entry.Count + 1);
            return entry.Count < limit;
        }
    }

    /// <summary>Keys that have reached the limit, as of now.</summary>
    public IReadOnlyList<string> Full()
    {
        lock (_lock)
            return [.. _counts.Where(c => c.Value.Count >= limit && clock.GetElapsedTime(c.Value.Since) < Window).Select(static c => c.Key)];
    }

    private void Shrink()
    {
        foreach (var (key, entry) in _counts)
        {
            if (clock.GetElapsedTime(entry.Since) >= Window)
                _counts.Remove(key);
        }
        if (_counts.Count >= MaxKeys)
            _counts.Clear();
    }
}
