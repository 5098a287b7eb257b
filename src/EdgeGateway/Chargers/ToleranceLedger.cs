using System.Collections.Concurrent;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>What was tolerated of each station since the start, by its row in <see cref="Tolerances"/>. Where a station is held strictly each row becomes
/// an event: at the pace of all events, but no row is lost to it.</summary>
public sealed class ToleranceLedger(Func<ChargersOptions> options, Remarks remarks, TimeProvider clock)
{
    /// <summary>Stations that are counted; strangers beyond it are not (S3).</summary>
    public const int MaxStations = 4096;

    public const int TextChars = 200;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, Count>> _stations = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Station, string Code), Count> _owed = new();

    public void Add(string station, string code, string text)
    {
        if (!_stations.TryGetValue(station, out var codes))
        {
            if (_stations.Count >= MaxStations)
                return;
            codes = _stations.GetOrAdd(station, static _ => new(StringComparer.Ordinal));
        }
        var count = codes.GetOrAdd(code, static _ => new());
        count.Add(text.Length > TextChars ? $"{text[..TextChars]}…" : text, clock.GetUtcNow());
        if (options().Station(station)?.Strict == true && !Tell(station, code, count))
            _owed[(station, code)] = count;
    }

    /// <summary>By code; empty where nothing had to be tolerated.</summary>
    public IReadOnlyList<ToleratedCount> Of(string station) =>
        _stations.TryGetValue(station, out var codes) ? [.. codes.Select(static c => c.Value.As(c.Key)).OrderBy(static c => c.Code, StringComparer.Ordinal)] : [];

    /// <summary>Makes the events that were one too many when they happened.</summary>
    public void TellOwed()
    {
        foreach (var (key, count) in _owed)
        {
            if (options().Station(key.Station)?.Strict != true || Tell(key.Station, key.Code, count))
                _owed.TryRemove(key, out _);
        }
    }

    private bool Tell(string station, string code, Count count)
    {
        var seen = count.As(code);
        return remarks.Make(Severity.Info, "Tolerated", station, $"{code}: {seen.Text}{(seen.Times > 1 ? $" (so far {seen.Times} times)" : "")}", code);
    }

    private sealed class Count
    {
        private readonly Lock _lock = new();
        private long _times;
        private string _text = "";
        private DateTimeOffset _last;

        public void Add(string text, DateTimeOffset now)
        {
            lock (_lock)
                (_times, _text, _last) = (_times + 1, text, now);
        }

        public ToleratedCount As(string code)
        {
            lock (_lock)
                return new(code, _times, _last, _text);
        }
    }
}

/// <param name="Code">Of <see cref="Tolerances"/>.</param>
/// <param name="Text">What it was the last time.</param>
public sealed record ToleratedCount(string Code, long Times, DateTimeOffset Last, string Text);
