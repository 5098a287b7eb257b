using System.Collections.Concurrent;
using EdgeGateway.Site;

namespace EdgeGateway.Journal;

/// <summary>
/// The newest frames of each station, in memory: those that wait for a commit are among them, and a station that floods the log on disk pushes
/// nobody else's out of here.
/// </summary>
internal sealed class NewestFrames
{
    /// <summary>Of one station.</summary>
    public const int MostFrames = 50;

    /// <summary>Of one station's; the newest frame is kept whatever its length.</summary>
    public const int MostChars = 32 * 1024;

    /// <summary>Names are cheap (S3): those beyond it are on disk only.</summary>
    public const int MostStations = 4096;

    private readonly ConcurrentDictionary<string, Ring> _rings = new(StringComparer.OrdinalIgnoreCase);

    public void Add(Frame frame)
    {
        if (_rings.TryGetValue(frame.Station, out var ring) || (_rings.Count < MostStations && (ring = _rings.GetOrAdd(frame.Station, static _ => new())) is not null))
            ring.Add(frame);
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Frame> Of(string station) => _rings.TryGetValue(station, out var ring) ? ring.All() : [];

    /// <summary>What is on disk with what is here after it: the end of the one is the beginning of the other.</summary>
    public static IReadOnlyList<Frame> Joined(IReadOnlyList<Frame> onDisk, IReadOnlyList<Frame> here, int most)
    {
        if (here.Count == 0)
            return onDisk;
        var from = onDisk.Count;
        while (from > 0 && !IsSame(onDisk[from - 1], here[0]))
            from--;
        // Not among them: all that was kept since came too fast for the disk, or what is here is younger than all of it.
        var older = from > 0 ? onDisk.Take(from - 1) : onDisk.Where(f => f.At.ToUnixTimeMilliseconds() < here[0].At.ToUnixTimeMilliseconds());
        return [.. older.Concat(here).TakeLast(most)];
    }

    /// <summary>The disk keeps milliseconds.</summary>
    private static bool IsSame(Frame one, Frame other) =>
        one.At.ToUnixTimeMilliseconds() == other.At.ToUnixTimeMilliseconds() && one.Direction == other.Direction && one.Text == other.Text && one.Note == other.Note;

    private sealed class Ring
    {
        private readonly Queue<Frame> _frames = new();
        private int _chars;

        public void Add(Frame frame)
        {
            lock (_frames)
            {
                _frames.Enqueue(frame);
                _chars += frame.Text.Length;
                while (_frames.Count > 1 && (_frames.Count > MostFrames || _chars > MostChars))
                    _chars -= _frames.Dequeue().Text.Length;
            }
        }

        public IReadOnlyList<Frame> All()
        {
            lock (_frames)
                return [.. _frames];
        }
    }
}
