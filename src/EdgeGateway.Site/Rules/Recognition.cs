using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>Which session a message is about: said again, under a wrong number, or without a Start.</summary>
internal static class Recognition
{
    /// <summary>By which a repeated Stop without a transaction of ours is known again.</summary>
    public static SessionKey.ByStart OrphanKey(SiteConfiguration configuration, SessionEnded report) =>
        new(OrphanPlace(configuration, report.Station), report.IdTag ?? "", report.Told, OrphanMeter(report).Start);

    /// <summary>The session that a start told before, word for word (I8, FIELD-NOTES 1).</summary>
    public static Session? Repeated(TurnDraft draft, SessionBegan report)
    {
        bool IsSame(Session s) =>
            s.At == report.At && Uid.Same(s.IdTag, report.IdTag) && s.StartTold == report.Told && s.MeterStartWh == report.MeterStartWh
            && s.Status != SessionStatus.Pending && !IsOfStandingClock(s);

        if (report.Told is { } told && !(draft.Station(report.At.Station).LatestStart >= told))
            return null;
        if (draft.OccupantOf(report.At) is { } occupant && IsSame(occupant))
            return occupant;
        // Without a time of its own a start is a repeat only of what is still going on: some chargers never tell one.
        return report.Told is null
            ? null
            : draft.Sessions.Values.FirstOrDefault(IsSame) ?? draft.EndedNow.FirstOrDefault(IsSame) ?? draft.Recalled.FirstOrDefault(IsSame);
    }

    /// <summary>Began and ended at the same time by the charger's clock, but not by ours: its times tell nothing apart.</summary>
    private static bool IsOfStandingClock(Session s) => !s.IsOpen && s.EndTold == s.StartTold && s.EndReceived - s.StartReceived > TimeSpan.FromMinutes(1);

    /// <summary>Whose values these are: the named transaction's, or, under a wrong number, that of the session which holds the connector (FIELD-NOTES 21).</summary>
    /// <param name="newest">When the newest of them was measured.</param>
    public static Session? Metered(TurnDraft draft, Metered report, DateTimeOffset newest)
    {
        // The sum of several connectors is no session's (FIELD-NOTES 20).
        if (report.At.IsStation && draft.Configuration.Station(report.At.Station) is { } station && station.Evses.Sum(e => e.Connectors.Length) > 1)
            return null;
        var named = report.Number is { } number && draft.Sessions.TryGetValue(number, out var known) && known.At.Station == report.At.Station ? known : null;
        var holder = draft.OccupantOf(named?.At ?? report.At) is { Status: SessionStatus.Active } active ? active : null;
        if (named is not { Status: SessionStatus.Active })
            return holder;
        // Some chargers go on with the number of the session before. Which of the two it is, the registers say.
        var isStale = holder is not null && holder.Number != named.Number && holder.StartedAt >= named.StartedAt && newest >= holder.StartedAt
            && (report.Readings.LastOrDefault(r => r.EnergyWh is not null)?.EnergyWh is not { } wh
                || (holder.RegisterWh is { } its && named.RegisterWh is { } older && Math.Abs(wh - its) <= Math.Abs(wh - older)));
        return isStale ? holder : named;
    }

    /// <summary>A Stop under the number of the session before, which has had its own: it means the one that runs there now (FIELD-NOTES 21).</summary>
    public static Session? Successor(TurnDraft draft, Session ended, SessionEnded report) =>
        !ended.Flags.HasFlag(SessionFlags.EndEstimated) && report.MeterStopWh is { } stop && stop != ended.MeterStopWh && report.Told != ended.EndTold
        && draft.OccupantOf(ended.At) is { Status: SessionStatus.Active } running && running.StartedAt >= ended.EndedAt && Fits(running, report)
            ? running
            : null;

    /// <summary>Stop with -1, 0 or another number that we never gave: the one transaction of this station that it can mean (FIELD-NOTES 3, 21).</summary>
    public static Session? OnlyCandidate(TurnDraft draft, SessionEnded report)
    {
        if (draft.Recalled.Concat(draft.EndedNow).FirstOrDefault(s => IsOrphanOf(draft, s, report)) is { } repeat)
            return repeat;
        // Of several on one connector the newest: those before it had ended when it began.
        var candidates = draft.Sessions.Values
            .Where(s => s.Status == SessionStatus.Active && string.Equals(s.At.Station, report.Station, StringComparison.OrdinalIgnoreCase) && Fits(s, report))
            .GroupBy(s => s.At)
            .Select(g => g.MaxBy(s => (s.StartedAt, s.Number))!)
            .ToList();
        return candidates is [var only] ? only : null;
    }

    private static bool Fits(Session session, SessionEnded report) =>
        (report.IdTag is null || Uid.Same(report.IdTag, session.IdTag))
        && (report.MeterStopWh is null || session.MeterStartWh is null || report.MeterStopWh >= session.MeterStartWh)
        && (report.Told is null || session.StartTold is null || report.Told >= session.StartTold);

    private static bool IsOrphanOf(TurnDraft draft, Session session, SessionEnded report) =>
        session.Flags.HasFlag(SessionFlags.StartMissing)
        && session.At == OrphanPlace(draft.Configuration, report.Station)
        && session.EndTold == report.Told
        && session.MeterStopWh == report.MeterStopWh
        && (session.StopIdTag ?? "") == (report.IdTag ?? "");

    /// <summary>Where a Stop without a Start was: it does not say, so only a single connector is sure.</summary>
    public static Position OrphanPlace(SiteConfiguration configuration, string station) =>
        configuration.Station(station) is { Evses: [{ Connectors: [var only] } evse] } ? new(station, evse.Id, only.Id) : new(station, 0, 0);

    /// <summary>What the readings of a Stop without a Start tell of its beginning.</summary>
    public static (long? Start, DateTimeOffset? Told) OrphanMeter(SessionEnded report)
    {
        var first = report.Readings.FirstOrDefault(r => r.EnergyWh is not null && r.Context == "Transaction.Begin")
            ?? report.Readings.FirstOrDefault(r => r.EnergyWh is not null);
        return (first?.EnergyWh ?? report.MeterStopWh, first?.Told);
    }
}
