using System.Collections.Immutable;

namespace EdgeGateway.Site.Pricing;

/// <summary>A location's wall clock, which decides over times of day and dates (M3). Moments are UTC ticks; asked in order of time.</summary>
internal sealed class LocalClock(TimeZoneInfo zone, ImmutableArray<TimeOnly> watched)
{
    private readonly SortedSet<long> _ahead = [];
    private long? _seenTo;

    /// <summary>What the clock shows; meaningless while nothing is watched, because then nobody asks.</summary>
    public DateTime At(long ticks) => watched.IsEmpty ? default : new DateTime(Shown(ticks, OffsetAt(ticks)));

    /// <summary>The next moment at which the clock shows a watched time, or is put forward or back; <see cref="long.MaxValue"/> = never.</summary>
    public long NextAfter(long ticks)
    {
        if (watched.IsEmpty)
            return long.MaxValue;
        while (_ahead.Count > 0 && _ahead.Min <= ticks)
            _ahead.Remove(_ahead.Min);
        while (_ahead.Count == 0)
        {
            var from = Math.Max(_seenTo ?? ticks, ticks);
            if (from > DateTime.MaxValue.Ticks - (2 * TimeSpan.TicksPerDay))
                return long.MaxValue;
            LookAhead(from);
        }
        return _ahead.Min;
    }

    /// <summary>Collects one day after a moment. A time that is skipped or shown twice needs no case of its own: candidates under both offsets
    /// and the change itself are moments to look at the clock again, no more.</summary>
    private void LookAhead(long from)
    {
        var to = from + TimeSpan.TicksPerDay;
        var (before, after) = (OffsetAt(from), OffsetAt(to));
        foreach (var time in watched)
        {
            _ahead.Add(NextShowing(time, from, before));
            _ahead.Add(NextShowing(time, from, after));
        }
        if (before != after)
            _ahead.Add(ChangeBetween(from, to, before));
        _seenTo = to;
    }

    /// <summary>Within a day after <paramref name="from"/>.</summary>
    private static long NextShowing(TimeOnly time, long from, long offset)
    {
        var wait = (time.Ticks - Shown(from, offset)) % TimeSpan.TicksPerDay;
        return from + (wait > 0 ? wait : wait + TimeSpan.TicksPerDay);
    }

    private long ChangeBetween(long from, long to, long before)
    {
        while (to - from > 1)
        {
            var middle = from + ((to - from) / 2);
            if (OffsetAt(middle) == before)
                from = middle;
            else
                to = middle;
        }
        return to;
    }

    private long OffsetAt(long ticks) => zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Utc)).Ticks;

    private static long Shown(long ticks, long offset) => Math.Clamp(ticks + offset, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
}
