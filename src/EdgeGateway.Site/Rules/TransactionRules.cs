using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>Transactions that their station names and numbers itself (2.x). Whatever an event is about, in whatever order it comes: the first of an unknown
/// transaction makes a session, each is kept once, and the session is what all of them tell (<see cref="TransactionCourse"/>).</summary>
internal static class TransactionRules
{
    /// <summary>Events of a session that are kept; of what comes beyond it only the energy counts, and the end (I16). At one a minute it is two weeks.</summary>
    public const int HeardLimit = SessionRules.CourseLimit;

    /// <summary>Points of a course up to which each event hears what the session costs so far: beyond it pricing would cost more than recording. The end
    /// hears it always.</summary>
    private const int RunningCostLimit = 1_000;

    public static TransactionHeard Hear(TurnDraft draft, TransactionTold report)
    {
        if (!report.IsOffline)
            ChargerClock.Observe(draft, report.Station, report.Told);
        var session = draft.Find(TransactionKey.Of(report.Station, report.Transaction));
        if (session is { IsOpen: false })
            return LateEvents.Hear(draft, session, report);
        if (session is not null && IsTold(session.Heard!, report))
            return Answer(draft, HearAgain(draft, session), report, repeated: true);

        var heard = Heard(draft, report);
        session ??= Begin(draft, report, heard);
        var before = session;
        session = Place(draft, session, report);
        session = TransactionOwners.Settle(draft, session, report, ref heard);
        session = KeepSigned(session, report, heard.At);
        draft.Record(new ReadingsKept(session.At, session.Number, draft.Now, report.Readings));
        session = Tell(draft, session, heard);
        session = FollowStatus(draft, session, before, report);
        if (session.Heard!.End is not null)
            session = End(draft, session);
        else
            session = GoOn(draft, session, before, heard);
        return Answer(draft, session, report, repeated: false);
    }

    /// <summary>What the site's own meter showed, of the connector where a transaction runs.</summary>
    public static void Meter(TurnDraft draft, Session session, MeterSample sample, decimal? powerW, decimal? currentA) => Meter(draft, session, new()
    {
        Phase = TransactionPhase.Updated,
        At = sample.At,
        Received = draft.Now,
        Readings = powerW is null && currentA is null ? [] : [new(sample.At, null, powerW, currentA, null, null)],
        SiteMeter = sample,
        IsOfSite = true,
    });

    /// <summary>Values that a station tells outside of its transaction, of the connector where one runs.</summary>
    public static void Meter(TurnDraft draft, Session session, Metered report, DateTimeOffset newest) => Meter(draft, session, new()
    {
        Phase = TransactionPhase.Updated,
        At = newest,
        Received = draft.Now,
        Readings = Readings(draft, session.At.Station, report.Readings, draft.Now),
        SiteMeter = report.Readings.LastOrDefault(r => r.SiteMeter is not null)?.SiteMeter,
    });

    private static void Meter(TurnDraft draft, Session session, HeardEvent heard)
    {
        var before = session;
        session = Tell(draft, session, heard);
        if (session.EndInferred is null)
            GoOn(draft, session, before, heard);
        else
            draft.Save(session);
    }

    /// <summary>What it waited for has not come in time: it ends with what is known.</summary>
    public static Session Finish(TurnDraft draft, Session session)
    {
        var heard = session.Heard!;
        var ended = heard.End!;
        var isStartMissing = !heard.HasStart;
        var gap = TransactionCourse.HasGap(heard);
        session = TransactionOwners.SettleByStop(draft, session, ended) with { EndInferred = null, EndDue = null };
        session = session with
        {
            Flags = session.Flags | (isStartMissing ? SessionFlags.StartMissing : SessionFlags.None) | (gap ? SessionFlags.EventsMissing : SessionFlags.None),
        };
        var at = TransactionCourse.EndedAt(session, ended);
        if (isStartMissing)
            draft.Raise(Severity.Error, "StopWithoutStart", session.At.ToString(), $"Transaction {session.Number} ({session.Transaction}) ended, its Started event never came; {session.EnergyWh / 1000m:0.000} kWh are known of it.");
        if (gap)
            draft.Raise(Severity.Warning, "EventsMissing", session.At.ToString(), $"Of transaction {session.Number} ({session.Transaction}) {heard.Count} events came, not all.");
        if (!EnergyRegister.CanHaveFlowed(session, session.EnergyWh, at))
            draft.Raise(Severity.Warning, "EnergyImplausible", session.At.ToString(), $"Transaction {session.Number} is billed by its registers, {MeterChoice.RegistersOf(session)}: more than can have flowed in its time.");
        if (IsNothing(session))
            return Forget(draft, session, at);
        SessionEnds.Complete(draft, session, at);
        return draft.Find(session.Number)!;
    }

    /// <summary>Nobody was plugged in, or nobody was let: with no energy there is nothing to bill, as with a 1.6 station, which begins no transaction then.</summary>
    public static bool IsNothing(Session session) =>
        session.EnergyWh <= (session.CountedBy is null ? 0 : MeterChoice.StandbyWh) && (session.IdTag.Length == 0 || session.Heard?.Connected is null);

    /// <summary>Ends without a bill. A hub hears of it only where it had heard of the session (S2).</summary>
    public static Session Forget(TurnDraft draft, Session session, DateTimeOffset at)
    {
        draft.Vacate(session);
        session = draft.Save(session with { Status = SessionStatus.Invalid, EndedAt = at, EndInferred = null, EndDue = null });
        SessionRules.Owe(draft, session);
        draft.Raise(Severity.Info, "NothingCharged", session.At.ToString(), $"Transaction {session.Number} ended without a driver or a vehicle, and without energy.");
        StationRules.Restamp(draft, session.At);
        return session;
    }

    /// <summary>Whether it was told before. What the charger dates later than all else was not, so that little is looked through.</summary>
    public static bool IsTold(HeardEvents heard, TransactionTold report) =>
        !(report.Told > heard.LatestTold) && heard.Any(e => IsSame(e, report));

    /// <summary>The same event, said again: its answer was lost (I8). It tells the same each time; a station that numbers all alike and dates by whole seconds
    /// (FIELD-NOTES 23) tells two events apart by nothing else.</summary>
    private static bool IsSame(HeardEvent heard, TransactionTold report) =>
        heard.Phase == report.Phase && heard.Sequence == report.Sequence && heard.Told == report.Told
        && heard.Charging == report.Charging && (heard.IsAuthorized is not null || report.IdTag is null || IsStop(report))
        && heard.Readings.Select(r => r.EnergyWh).SequenceEqual(report.Readings.Select(r => r.EnergyWh));

    public static HeardEvent Heard(TurnDraft draft, TransactionTold report)
    {
        var (at, repaired) = ChargerClock.Repair(draft, report.Station, report.Told);
        var isStop = IsStop(report);
        return new()
        {
            Phase = report.Phase,
            Sequence = report.Sequence,
            Told = report.Told,
            At = at,
            Received = draft.Now,
            IsAuthorized = isStop || report.IdTag is null ? null : report.Authorization is { Status: AuthorizationStatus.Accepted, Token: not null },
            IsConnected = report.Charging is ChargingPhase.EVConnected or ChargingPhase.Charging or ChargingPhase.SuspendedEV or ChargingPhase.SuspendedEvse
                || report.Trigger is "CablePluggedIn",
            Charging = report.Charging,
            Readings = Readings(draft, report.Station, report.Readings, at),
            IdTag = isStop ? report.IdTag : null,
            Authorization = isStop ? report.Authorization : null,
            Reason = report.StopReason,
            IsRepaired = repaired || report.Readings.Any(r => ChargerClock.Repair(draft, report.Station, r.Told).Repaired),
            IsIncomplete = report.Told is null || (report.Incomplete is not null && report.Phase is not TransactionPhase.Updated),
            SiteMeter = report.SiteMeter,
        };
    }

    /// <summary>Whose token it names is whoever stops it, not whoever charges.</summary>
    public static bool IsStop(TransactionTold report) => report.Trigger is "StopAuthorized" || report.Phase is TransactionPhase.Ended;

    public static Session KeepSigned(Session session, TransactionTold report, DateTimeOffset at)
    {
        foreach (var reading in report.Readings.Where(r => r.Signed is not null))
        {
            if (session.Signed.Count < SessionRules.SignedLimit || reading.Context == "Transaction.End")
                session = session with { Signed = session.Signed.Add(new(reading.Told?.ToUniversalTime() ?? at, SessionRules.NatureOf(reading.Context), reading.Signed!)) };
        }
        return session;
    }

    public static TransactionHeard Answer(TurnDraft draft, Session session, TransactionTold report, bool repeated)
    {
        Authorization? authorization = null;
        if (report.IdTag is { } tag)
            authorization = Uid.Same(tag, session.IdTag) && session.Authorization.Status is AuthorizationStatus.Accepted ? session.Authorization : report.Authorization;
        // Whose charging is nobody's business, or is none, costs nothing that could be told.
        var isPriced = session is { Status: SessionStatus.Active or SessionStatus.Completed, Terms.Tariff: not null }
            && (session.Course.Count <= RunningCostLimit || report.Phase is TransactionPhase.Ended);
        var until = session.EndedAt ?? (session.EndInferred is { } end && session.Heard?.End is not null ? end : draft.Now);
        return new(session.Number, session.Id, authorization, repeated, isPriced ? session : null, until);
    }

    /// <summary>Takes an event into the session's memory, and what it tells into the session.</summary>
    private static Session Tell(TurnDraft draft, Session session, HeardEvent heard)
    {
        var events = session.Heard ?? [];
        if (events.End is null && TransactionCourse.GoesOn(session, heard))
        {
            session = TransactionCourse.GoOn(session, heard);
            return events.Count < HeardLimit ? session with { Heard = events.Add(heard) } : session;
        }
        if (events.Count >= HeardLimit && heard.Phase is TransactionPhase.Updated)
            return session;
        var started = session.StartedAt;
        session = TransactionCourse.Retell(session with { Heard = events.Add(heard) });
        draft.Retold(session);
        return session.StartedAt == started || session.Authorization.Token is not { } token ? session
            : session with { Terms = TermsRules.For(draft.Configuration, session.Terms, session.Hub, token, session.StartedAt) };
    }

    private static Session Begin(TurnDraft draft, TransactionTold report, HeardEvent heard)
    {
        var at = report.At ?? Recognition.OrphanPlace(draft.Configuration, report.Station);
        SessionRules.MakeRoom(draft, at, heard.At, report.SiteMeter);
        var session = SessionRules.New(draft, at, "", Authorization.Refused(AuthorizationStatus.Invalid, "no token was shown"), null, heard.At);
        draft.Expect(session);
        return session with { Transaction = report.Transaction, Heard = [] };
    }

    /// <summary>Some events do not say where; the Started one, where it does, knows it (FIELD-NOTES 23).</summary>
    public static Session Place(TurnDraft draft, Session session, TransactionTold report)
    {
        if (report.At is not { } at || at == session.At || !(report.Phase is TransactionPhase.Started || session.At.IsStation))
            return session;
        if (session.IsOpen)
        {
            draft.Vacate(session);
            SessionRules.MakeRoom(draft, at, session.StartedAt, sample: null);
        }
        session = session with { At = at };
        return SessionRules.Admit(draft, session, session.IdTag, session.Authorization, session.Hub, session.StartedAt);
    }

    /// <summary>PENDING until it is known whose it is, and that there is a vehicle; then the connector is its own.</summary>
    private static Session FollowStatus(TurnDraft draft, Session session, Session before, TransactionTold report)
    {
        var begins = session.IdTag.Length > 0 && (session.EnergyWh > 0 || session.Heard!.Connected is not null);
        if (begins && session.Status is not SessionStatus.Active)
        {
            session = session with { Status = SessionStatus.Active };
            ReservationRules.GiveWay(draft, session);
            SessionRules.TellOfBegin(draft, session, session.Authorization.Because ?? session.Authorization.Status.ToString(), report.Incomplete);
        }
        if (session.EndInferred is null && (draft.OccupantOf(session.At) is not { } holder || holder.Number == session.Number || holder.StartedAt <= session.StartedAt))
            draft.Occupy(session.At, session);
        if (before.At != session.At)
            StationRules.Restamp(draft, before.At);
        return session;
    }

    /// <summary>Keeps what an event changed, and owes it to the hub at once where it is more than meter values.</summary>
    private static Session GoOn(TurnDraft draft, Session session, Session before, HeardEvent heard)
    {
        if (session.EndInferred is { } inferred)
            session = SessionRules.SignOfLife(draft, session, heard.At > inferred);
        var isNews = session.Status != before.Status || session.Hub != before.Hub || session.Transaction != before.Transaction
            || session.Course.LastOrDefault()?.Activity != before.Course.LastOrDefault()?.Activity;
        if (isNews || SessionRules.IsDue(draft.Configuration, session, draft.Now))
            SessionRules.Owe(draft, session = draft.Save(session with { LastOwed = draft.Now, OwesUpdate = false }));
        else
            session = draft.Save(session with { OwesUpdate = true });
        StationRules.Restamp(draft, session.At);
        return session;
    }

    /// <summary>With all of its events there it ends at once; else it waits a while for the others, which may lie in the station's queue.</summary>
    private static Session End(TurnDraft draft, Session session)
    {
        var isWhole = session.Heard!.HasStart;
        if (isWhole && !TransactionCourse.HasGap(session.Heard!))
            return Finish(draft, session);
        var at = TransactionCourse.EndedAt(session, session.Heard!.End!);
        var hold = isWhole ? draft.Configuration.Timings.MissingEventsHold : draft.Configuration.Timings.InferredEndHold;
        draft.Vacate(session);
        session = draft.Save(session with { EndInferred = at, EndDue = draft.Now + hold });
        StationRules.Restamp(draft, session.At);
        return session;
    }

    /// <summary>Its queue is being emptied, in which what is missing may yet come.</summary>
    private static Session HearAgain(TurnDraft draft, Session session) =>
        session.EndInferred is null ? session : draft.Save(SessionRules.SignOfLife(draft, session, isNewer: false));

    private static ImmutableArray<HeardReading> Readings(TurnDraft draft, string station, ImmutableArray<Reading> readings, DateTimeOffset at) => readings.IsDefaultOrEmpty ? [] :
    [
        .. readings.Select(r => new HeardReading(
            r.Told is null ? at : ChargerClock.Repair(draft, station, r.Told).At, r.EnergyWh, r.PowerW, r.CurrentA, r.StateOfCharge,
            r.Context is "Transaction.Begin" or "Transaction.End" ? r.Context : null)),
    ];
}
