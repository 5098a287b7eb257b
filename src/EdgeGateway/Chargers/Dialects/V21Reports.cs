using System.Collections.Concurrent;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Answers of 2.x stations that come later and in parts, each with the request's number: awaited here by who asked, brought by the dialect.</summary>
public sealed class V21Reports(TimeProvider clock)
{
    /// <summary>Parts of one report that are kept; those beyond are counted out.</summary>
    public const int MostParts = 4096;

    private readonly ConcurrentDictionary<(string Station, int Request), Awaited> _open = new();

    // Numbers of an earlier run may still be under way at a station.
    private int _last = (int)(clock.GetUtcNow().ToUnixTimeSeconds() % 1_000_000_000);

    /// <summary>A number for a request that nobody waits for.</summary>
    public int NextRequest() => Interlocked.Increment(ref _last) & int.MaxValue;

    /// <summary>Begins to listen, before the request is sent. To be disposed when nobody listens any more.</summary>
    public Awaited Await(ChargerLine line)
    {
        var awaited = new Awaited(this, line.Station.ToLowerInvariant(), NextRequest());
        _open[(awaited.Station, awaited.Request)] = awaited;
        return awaited;
    }

    /// <summary>A part came; nothing happens when nobody asked for it.</summary>
    /// <param name="isLast">No more are to come (tbc is false).</param>
    public void Heard(ChargerLine line, int request, object part, bool isLast)
    {
        if (_open.TryGetValue((line.Station.ToLowerInvariant(), request), out var awaited))
            awaited.Take(part, isLast);
    }

    /// <summary>A report that is being waited for.</summary>
    public sealed class Awaited(V21Reports owner, string station, int request) : IDisposable
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<object> _parts = [];

        public string Station => station;

        public int Request => request;

        /// <summary>What has come so far.</summary>
        public IReadOnlyList<T> Parts<T>()
        {
            lock (_parts)
                return [.. _parts.OfType<T>()];
        }

        /// <returns>False when its last part did not come in time.</returns>
        public async Task<bool> CompleteAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancel)
        {
            try
            {
                await _complete.Task.WaitAsync(patience, clock, cancel);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        public void Dispose() => owner._open.TryRemove((station, request), out _);

        internal void Take(object part, bool isLast)
        {
            lock (_parts)
            {
                if (_parts.Count < MostParts)
                    _parts.Add(part);
            }
            if (isLast)
                _complete.TrySetResult();
        }
    }
}
