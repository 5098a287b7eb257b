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
        var holder = draft.OccupantOf(named?.At ?? report.At) is { IsRunning: true } active ? active : null;
        if (named is not { IsRunning: true })
            return holder ?? (ShowsCharging(draft, report.At) ? Waiting(draft, report.At) : null);
        if (holder is null && named.Flags.HasFlag(SessionFlags.Superseded) && newest > named.EndInferred)
            return null;
        // Some chargers go on with the number of the session before.
        return holder is not null && holder.StartedAt >= named.StartedAt && newest >= holder.StartedAt ? holder : named;
    }

    /// <summary>The session that was thought over and may yet go on at a connector: none did after it.</summary>
    public static Session? Waiting(TurnDraft draft, Position at) => draft.Waiting(s => s.At == at && !s.Flags.HasFlag(SessionFlags.Superseded)).LastOrDefault();

    /// <summary>After a boot a session may go on without a word but its values, under whatever number.</summary>
    private static bool ShowsCharging(TurnDraft draft, Position at) =>
        draft.Stations.GetValueOrDefault(at.Station)?.Connectors.GetValueOrDefault(Connector.Key(at))?.State
            is ConnectorState.Charging or ConnectorState.SuspendedEV or ConnectorState.SuspendedEvse;

    /// <summary>A Stop under the number of the session before, which has had its own: it means the one that runs there now (FIELD-NOTES 21).</summary>
    public static Session? Successor(TurnDraft draft, Session ended, SessionEnded report) =>
        !ended.Flags.HasFlag(SessionFlags.EndEstimated) && report.MeterStopWh is { } stop && stop != ended.MeterStopWh && report.Told != ended.EndTold
        && draft.OccupantOf(ended.At) is { Status: SessionStatus.Active } running && running.StartedAt >= ended.EndedAt && Fits(running, report)
            ? running
            : null;

    /// <summary>Stop with -1, 0 or another number that we never gave: the one transaction of this station that it can mean (FIELD-NOTES 3, 21).</summary>
    public static Session? OnlyCandidate(TurnDraft draft, SessionEnded report)
    {
        if (draft.Recalled.Concat(draft.EndedNow).FirstOrDefault(s => IsOrphanOf(draft, s, report) || IsEndOf(s, report)) is { } repeat)
            return repeat;
        // Of all that began on a connector before it, open or not, only the newest: the others had ended when that one began.
        var newest = draft.Sessions.Values.Where(static s => s.Status == SessionStatus.Active)
            .Concat(draft.EndedNow).Concat(draft.Recalled.Where(static s => !s.IsOpen))
            .Where(s => string.Equals(s.At.Station, report.Station, StringComparison.OrdinalIgnoreCase) && HadBegun(s, report))
            .GroupBy(s => s.At)
            .Select(g => g.MaxBy(s => (s.StartedAt, s.Number))!)
            .Where(s => Fits(s, report))
            .ToList();
        var open = newest.FindAll(s => s.IsOpen);
        if (open.Count > 1)
            open.RemoveAll(s => !FitsByMeter(s, report));
        if (open.Count > 0)
            return open is [var only] ? only : null;
        // It came too late for one whose end was estimated.
        return newest.Where(s => s.Flags.HasFlag(SessionFlags.EndEstimated)).MaxBy(s => (s.StartedAt, s.Number));
    }

    /// <summary>By its tag, where it names one: a register may have been reset meanwhile.</summary>
    private static bool Fits(Session session, SessionEnded report) =>
        HadBegun(session, report) && (report.IdTag is { } tag ? Uid.Same(tag, session.IdTag) : FitsByMeter(session, report));

    private static bool FitsByMeter(Session session, SessionEnded report) =>
        report.MeterStopWh is null || session.MeterStartWh is null || report.MeterStopWh >= session.MeterStartWh;

    private static bool HadBegun(Session session, SessionEnded report) =>
        report.Told is null || session.StartTold is null || report.Told >= session.StartTold;

    /// <summary>The Stop that ended a session, said again under whatever wrong number.</summary>
    private static bool IsEndOf(Session session, SessionEnded report) =>
        !session.IsOpen && report.Told is not null && session.EndTold == report.Told && session.MeterStopWh == report.MeterStopWh
        && session.StopIdTag == report.IdTag && string.Equals(session.At.Station, report.Station, StringComparison.OrdinalIgnoreCase);

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
