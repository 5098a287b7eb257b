using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>Chargers' clocks: 1970 after a power cut, local time marked Z, years ahead, months behind (FIELD-NOTES 11). Told times are kept; these are the
/// ones we reckon with.</summary>
internal static class ChargerClock
{
    /// <summary>No charger of ours told a right time before this.</summary>
    private static readonly DateTimeOffset Floor = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A clock that is off by no more is right: what it bills is off by no more either.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Live messages show the same offset within this; those of a queue, told minutes apart and sent at once, do not.</summary>
    private static readonly TimeSpan Steadiness = TimeSpan.FromSeconds(10);

    /// <summary>So many messages, over so long, show a steady offset: the charger's clock runs as ours does, and is wrong. A queue that is emptied slowly may
    /// look so for a while; and a session that is over before has the right length all the same.</summary>
    private const int SampleCount = 5;
    private static readonly TimeSpan SampleTime = TimeSpan.FromMinutes(10);

    /// <summary>When it really was. A time that cannot be right is moved by the station's known offset, else replaced by the time of receipt.</summary>
    public static (DateTimeOffset At, bool Repaired) Repair(TurnDraft draft, string station, DateTimeOffset? told)
    {
        if (told is not { } time)
            return (draft.Now, false);
        time = time.ToUniversalTime();
        if (IsPlausible(draft, time))
        {
            // A clock that is known to be wrong tells wrong times that could be right, too; what it would put into the future it told when it was right.
            return draft.Stations.GetValueOrDefault(station)?.ClockOffset is { } known && known.Duration() > Tolerance && Moved(Ceiling(draft), time, known) is { } right
                ? (right, true)
                : (time, false);
        }
        return (Moved(Ceiling(draft), time, Learn(draft, station, draft.Now - time)) ?? draft.Now, true);
    }

    /// <summary>The same without learning anything: for whoever looks something up before the message is handed in.</summary>
    public static DateTimeOffset Righted(SiteState state, string station, DateTimeOffset? told, DateTimeOffset now)
    {
        if (told?.ToUniversalTime() is not { } time)
            return now;
        var ceiling = now + state.Configuration.Timings.FutureTolerance;
        var offset = state.Stations.GetValueOrDefault(station)?.ClockOffset;
        var moved = offset is { } known ? Moved(ceiling, time, known) : null;
        return time < Floor || time > ceiling ? moved ?? now : offset?.Duration() > Tolerance ? moved ?? time : time;
    }

    /// <summary>Looks at the told time of a message as it comes. A time that could be right, months ago, is that of a message from a queue, or of a wrong
    /// clock: a queue's offsets shrink from message to message, a wrong clock's stays. With it known, the sessions that it began are righted.</summary>
    public static void Observe(TurnDraft draft, string id, DateTimeOffset? told)
    {
        if (told?.ToUniversalTime() is not { } time || !IsPlausible(draft, time))
            return;
        var seen = draft.Now - time;
        var station = draft.Station(id);
        var (offset, sample) = (station.ClockOffset, station.ClockSeen);
        if (seen.Duration() <= Tolerance)
        {
            // It has been set since, or always was right.
            if (sample is not null || offset?.Duration() < draft.Now - Floor)
                draft.Save(station with { ClockSeen = null, ClockOffset = offset?.Duration() < draft.Now - Floor ? null : offset });
        }
        else if (offset is { } known && (known - seen).Duration() <= Steadiness)
        {
            return;
        }
        else if (sample is null || (seen - sample.Offset).Duration() > Steadiness || time < sample.Told)
        {
            draft.Save(station with { ClockSeen = new(seen, time, draft.Now, 1) });
        }
        else if (time > sample.Told)
        {
            sample = sample with { Told = time, Count = sample.Count + 1 };
            var isSteady = sample.Count >= SampleCount && draft.Now - sample.First >= SampleTime;
            draft.Save(station with { ClockSeen = isSteady ? null : sample, ClockOffset = isSteady ? sample.Offset : offset });
            if (isSteady)
                Right(draft, id, sample.Offset);
        }
    }

    private static void Right(TurnDraft draft, string id, TimeSpan offset)
    {
        Tell(draft, id, offset);
        foreach (var session in draft.Sessions.Values.Where(s => s.IsRunning && s.StartTold is not null && !s.Flags.HasFlag(SessionFlags.ClockRepaired)
            && string.Equals(s.At.Station, id, StringComparison.OrdinalIgnoreCase)).ToList())
            SessionClock.Move(draft, session, offset, onlyRepaired: false);
    }

    /// <summary>Null where that is no time at which anything can have happened. Reckoned as ticks: an offset learned at one end of the calendar leads out of
    /// it at the other.</summary>
    private static DateTimeOffset? Moved(DateTimeOffset ceiling, DateTimeOffset time, TimeSpan offset)
    {
        var moved = time.UtcTicks + offset.Ticks;
        return moved >= Floor.UtcTicks && moved <= ceiling.UtcTicks ? new(moved, TimeSpan.Zero) : null;
    }

    private static bool IsPlausible(TurnDraft draft, DateTimeOffset time) => time >= Floor && time <= Ceiling(draft);

    private static DateTimeOffset Ceiling(TurnDraft draft) => draft.Now + draft.Configuration.Timings.FutureTolerance;

    /// <summary>Live messages show the offset as it is, queued ones a greater one: the smallest seen since boot is nearest to the truth.</summary>
    private static TimeSpan Learn(TurnDraft draft, string id, TimeSpan seen)
    {
        var station = draft.Station(id);
        if (station.ClockOffset is { } known && known <= seen + TimeSpan.FromSeconds(1))
            return known;
        draft.Save(station with { ClockOffset = seen });
        Tell(draft, id, seen);
        return seen;
    }

    private static void Tell(TurnDraft draft, string id, TimeSpan offset) => draft.Raise(
        Severity.Warning, "ChargerClockWrong", id, $"The charger's clock is off by {-offset:d\\.hh\\:mm\\:ss}; its times are repaired and marked.");
}
