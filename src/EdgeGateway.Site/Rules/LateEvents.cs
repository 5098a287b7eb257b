using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>Events of a transaction that has been closed already: they correct a CDR that nobody was sent yet, and are recorded beside one that was (I4).</summary>
internal static class LateEvents
{
    public static TransactionHeard Hear(TurnDraft draft, Session session, TransactionTold report)
    {
        // Where its events are forgotten it is so old that only a charger's queue from long ago can speak of it.
        if (session.Heard is null || TransactionRules.IsTold(session.Heard, report))
            return TransactionRules.Answer(draft, session, report, repeated: true);
        if (session.Heard.Count >= TransactionRules.HeardLimit && report.Phase is TransactionPhase.Updated)
            return TransactionRules.Answer(draft, session, report, repeated: false);

        var heard = TransactionRules.Heard(draft, report);
        draft.Record(new ReadingsKept(session.At, session.Number, draft.Now, report.Readings));
        var known = TransactionRules.KeepSigned(session with { Heard = session.Heard.Add(heard) }, report, heard.At);
        var told = Told(draft, known, report);
        if (IsTheSame(session, told))
            draft.Keep(known);
        else if (draft.IsFrozen(session) || (session.Status is SessionStatus.Invalid && session.Hub is not null))
            known = TellOfFrozen(draft, known, told, heard);
        else
            known = Correct(draft, session, told);
        return TransactionRules.Answer(draft, known, report, repeated: false);
    }

    /// <summary>The session as it would have been, had the event come in time.</summary>
    private static Session Told(TurnDraft draft, Session session, TransactionTold report)
    {
        if (session.Hub is null && session.Flags.HasFlag(SessionFlags.Unauthorized))
        {
            var (tag, authorization) = report.IdTag is null || TransactionRules.IsStop(report) ? (session.IdTag, session.Authorization) : (report.IdTag, report.Authorization);
            if (authorization is { Status: AuthorizationStatus.Accepted, Token: not null })
                session = SessionRules.Admit(draft, session, tag, authorization, null, session.StartedAt);
        }
        session = TransactionCourse.Retell(TransactionRules.Place(draft, session, report));
        var flags = session.Flags;
        if (session.Heard!.HasStart)
            flags &= ~SessionFlags.StartMissing;
        if (!TransactionCourse.HasGap(session.Heard!))
            flags &= ~SessionFlags.EventsMissing;
        if (session.Heard!.End is not { } ended)
        {
            var last = SessionRules.Latest(session);
            var end = last > session.EndedAt ? last : session.EndedAt!.Value;
            return MeterChoice.CloseUntold(session with { Flags = flags, EndedAt = end, MeterStopWh = session.RegisterWh }, end);
        }
        if (flags.HasFlag(SessionFlags.EndEstimated))
            flags = (flags & ~SessionFlags.EndEstimated) | SessionFlags.LateStop;
        session = TransactionOwners.SettleByStop(draft, session with { Flags = flags }, ended);
        return session with { EndedAt = TransactionCourse.EndedAt(session, ended) };
    }

    private static bool IsTheSame(Session known, Session told) =>
        known.At == told.At
        && (known.StartedAt, known.EndedAt, known.EnergyWh, known.MeterStartWh, known.MeterStopWh, known.IdTag, known.Hub, known.Flags)
            == (told.StartedAt, told.EndedAt, told.EnergyWh, told.MeterStartWh, told.MeterStopWh, told.IdTag, told.Hub, told.Flags)
        && (known.CountedBy, known.OtherEnergyWh) == (told.CountedBy, told.OtherEnergyWh)
        && (known.Status is SessionStatus.Invalid || known.Course.Take(known.Course.Count - 1).SequenceEqual(told.Course));

    private static Session Correct(TurnDraft draft, Session known, Session told)
    {
        if (TransactionRules.IsNothing(told))
            return draft.Keep(known with { Heard = told.Heard, IdTag = told.IdTag, Authorization = told.Authorization, Signed = told.Signed }); // his, if anything comes yet
        draft.Retold(known);
        if (known.Status is not SessionStatus.Invalid)
            return SessionEnds.Revise(draft, known, told, told.EndedAt!.Value);
        SessionEnds.Complete(draft, told, told.EndedAt!.Value);
        return draft.Find(told.Number)!;
    }

    private static Session TellOfFrozen(TurnDraft draft, Session known, Session told, HeardEvent heard)
    {
        var isNews = known.EnergyWh != told.EnergyWh || heard.Phase is TransactionPhase.Ended;
        known = draft.Keep(known with { Flags = known.Flags | (heard.Phase is TransactionPhase.Ended ? SessionFlags.LateStop : SessionFlags.None) });
        if (isNews)
        {
            draft.Raise(
                Severity.Warning, "LateStop", known.At.ToString(),
                $"Transaction {known.Number} was closed with {known.EnergyWh} Wh and its CDR is out; an event that came since makes it {told.EnergyWh} Wh.");
        }
        return known;
    }
}
