using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>What becomes due because time goes on.</summary>
internal static class TimeRules
{
    public static bool IsDue(SiteState state, DateTimeOffset now)
    {
        var timings = state.Configuration.Timings;
        foreach (var held in state.Admissions.Values)
        {
            if (held.Until <= now)
                return true;
        }
        foreach (var reservation in state.Reservations.Values)
        {
            if (reservation.Expires <= now)
                return true;
        }
        foreach (var session in state.Sessions.Values)
        {
            if (session.EndDue <= now || IsUnsent(state.Configuration, session, now) || IsLost(session, state.Stations.GetValueOrDefault(session.At.Station), timings, now))
                return true;
        }
        foreach (var station in state.Stations.Values)
        {
            if (!station.Connected && now - station.LineChanged >= timings.OfflineGrace && IsShownAsAlive(state, station))
                return true;
        }
        return false;
    }

    public static Recorded Pass(TurnDraft draft)
    {
        foreach (var held in draft.Admissions.Values.Where(a => a.Until <= draft.Now).ToList())
        {
            draft.Drop(held);
            if (held.SessionNumber is { } number && draft.Sessions.TryGetValue(number, out var session) && session is { Status: SessionStatus.Pending, Transaction: null })
                GiveUp(draft, session);
        }
        foreach (var reservation in draft.Reservations.Values.Where(r => r.Expires <= draft.Now).ToList())
            ReservationRules.Expire(draft, reservation);
        foreach (var session in draft.Sessions.Values.ToList())
        {
            if (IsLost(session, draft.Stations.GetValueOrDefault(session.At.Station), draft.Configuration.Timings, draft.Now))
                SessionRules.InferEnd(draft, session, SessionRules.Latest(session));
        }
        foreach (var session in draft.Sessions.Values.Where(s => s.EndDue <= draft.Now).ToList())
        {
            if (session.Heard?.End is not null)
            {
                TransactionRules.Finish(draft, session);
                continue;
            }
            if (session.Heard is not null && TransactionRules.IsNothing(session))
            {
                TransactionRules.Forget(draft, session, session.EndInferred ?? draft.Now);
                continue;
            }
            var end = session.EndInferred ?? draft.Now;
            var closed = MeterChoice.CloseUntold(
                session with { Flags = session.Flags | SessionFlags.EndEstimated, MeterStopWh = session.RegisterWh, StopReason = "Other" }, end);
            draft.Raise(
                Severity.Warning, "EndEstimated", session.At.ToString(),
                $"No Stop came for transaction {session.Number}; it is closed with its last meter value, {closed.EnergyWh} Wh.");
            SessionEnds.Complete(draft, closed, end);
        }
        foreach (var session in draft.Sessions.Values.Where(s => IsUnsent(draft.Configuration, s, draft.Now)).ToList())
            SessionRules.Owe(draft, draft.Keep(session with { LastOwed = draft.Now, OwesUpdate = false }));
        foreach (var station in draft.Stations.Values.Where(s => !s.Connected))
            StationRules.RestampAll(draft, station.Id);
        return Recorded.Instance;
    }

    /// <summary>All that waits for a moment keeps waiting just as long (I15).</summary>
    public static Recorded Jump(TurnDraft draft, ClockJumped report)
    {
        foreach (var held in draft.Admissions.Values)
            draft.Hold(held with { Until = held.Until + report.By });
        // Until when a place is kept free was agreed with a hub and told to the charger as a moment of the world's time, whatever our clock said then (K7): it
        // stays, and no reservation outlives what was asked for. When it was granted only our clock knows: that moves with it.
        foreach (var reservation in draft.Reservations.Values)
            draft.Keep(reservation with { Granted = reservation.Granted + report.By });
        foreach (var session in draft.Sessions.Values.Where(s => s.ReservedAt is not null).ToList())
            SessionClock.MoveReserved(draft, session, report.By);
        // Times that no charger could be believed were reckoned by our clock, which was wrong itself: or a session from before our first synchronisation
        // would be billed for years.
        foreach (var session in draft.Sessions.Values.Where(s => s.IsRunning && s.Flags.HasFlag(SessionFlags.ClockRepaired)).ToList())
            SessionClock.Move(draft, session, report.By, onlyRepaired: true);
        foreach (var session in draft.Sessions.Values.Where(s => s.EndDue is not null))
            draft.Save(session with { EndDue = session.EndDue + report.By });
        foreach (var station in draft.Stations.Values)
            draft.Save(station with { LineChanged = station.LineChanged + report.By, ClockOffset = null, ClockSeen = null });
        draft.Raise(Severity.Warning, "ClockJumped", "gateway", $"The gateway's clock jumped by {report.By:d\\.hh\\:mm\\:ss}.");
        return Recorded.Instance;
    }

    /// <summary>A meter value came within the hub's interval, and none since that would have taken it along.</summary>
    private static bool IsUnsent(SiteConfiguration configuration, Session session, DateTimeOffset now) =>
        session is { OwesUpdate: true, Hub: not null } && SessionRules.IsDue(configuration, session, now);

    /// <summary>A session of a station that has been away for so long that it will not tell the end any more.</summary>
    private static bool IsLost(Session session, Station? station, SiteTimings timings, DateTimeOffset now) =>
        session is { IsRunning: true, EndInferred: null } && station is { Connected: false } && now - station.LineChanged >= timings.LostStation;

    /// <summary>S2: a PENDING session that never starts is INVALID, and the hub hears it.</summary>
    private static void GiveUp(TurnDraft draft, Session session)
    {
        session = draft.Save(session with { Status = SessionStatus.Invalid, EndedAt = draft.Now });
        SessionRules.Owe(draft, session);
        draft.Raise(Severity.Info, "StartNeverCame", session.At.ToString(), "The session that was started from afar never began.");
    }

    private static bool IsShownAsAlive(SiteState state, Station station)
    {
        foreach (var evse in state.Configuration.Station(station.Id)?.Evses ?? [])
        {
            if (state.Stamps.GetValueOrDefault(StampName.Evse(evse.Uid))?.Fingerprint.EndsWith($"|{EvseStatus.Unknown}", StringComparison.Ordinal) == false)
                return true;
        }
        return false;
    }
}
