using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>Chargers' clocks: 1970 after a power cut, local time marked Z, years ahead (FIELD-NOTES 11). Told times are kept; these are the ones we reckon with.</summary>
internal static class ChargerClock
{
    /// <summary>No charger of ours told a right time before this.</summary>
    private static readonly DateTimeOffset Floor = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When it really was. A time that cannot be right is moved by the station's known offset, else replaced by the time of receipt.</summary>
    public static (DateTimeOffset At, bool Repaired) Repair(TurnDraft draft, string station, DateTimeOffset? told)
    {
        if (told is not { } time)
            return (draft.Now, false);
        time = time.ToUniversalTime();
        if (IsPlausible(draft, time))
            return (time, false);
        var offset = Learn(draft, station, draft.Now - time);
        // Reckoned as ticks: an offset learned at one end of the calendar leads out of it at the other.
        var moved = time.UtcTicks + offset.Ticks;
        return (moved >= Floor.UtcTicks && moved <= Ceiling(draft).UtcTicks ? new(moved, TimeSpan.Zero) : draft.Now, true);
    }

    /// <summary>Looks at the told time of a message as it comes; one that was queued says nothing of the clock.</summary>
    public static void Observe(TurnDraft draft, string station, DateTimeOffset? told)
    {
        _ = (draft, station, told);
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
        draft.Raise(Severity.Warning, "ChargerClockWrong", id, $"The charger's clock is off by {-seen:d\\.hh\\:mm\\:ss}; its times are repaired and marked.");
        return seen;
    }
}
