using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>How sessions end: by their Stop, in time, late or without a Start, and what is billed of it.</summary>
internal static class SessionEnds
{
    public static Recorded End(TurnDraft draft, SessionEnded report)
    {
        ChargerClock.Observe(draft, report.Station, report.Told);
        var session = report.Number is { } number ? draft.Find(number) : null;
        if (session is not null && !string.Equals(session.At.Station, report.Station, StringComparison.OrdinalIgnoreCase))
        {
            // S10: a charger ends only its own. It gets its answer, so that it does not repeat for ever.
            draft.Raise(Severity.Warning, "ForeignStop", report.Station, $"Stop for transaction {session.Number}, which is another station's; recorded, without effect.");
            return Recorded.Instance;
        }
        if (session is { IsOpen: false } && Recognition.Successor(draft, session, report) is { } running)
            session = running with { Flags = running.Flags | SessionFlags.Reattached };
        session ??= Recognition.OnlyCandidate(draft, report);
        if (session is null)
            return EndOrphan(draft, report);
        if (!session.IsOpen)
            return EndAgain(draft, session, report);

        (session, var at) = Close(draft, session, report);
        Complete(draft, session, at);
        return Recorded.Instance;
    }

    /// <summary>A session as its Stop tells it, and when it ended.</summary>
    private static (Session Session, DateTimeOffset At) Close(TurnDraft draft, Session session, SessionEnded report)
    {
        foreach (var reading in report.Readings)
            session = SessionRules.Take(draft, session, reading);
        var (at, repaired) = ChargerClock.Repair(draft, report.Station, report.Told);
        session = MeterChoice.Close(session, report.MeterStopWh, isPair: true, report.SiteMeter, at);
        if (!EnergyRegister.CanHaveFlowed(session, session.EnergyWh, at))
            draft.Raise(Severity.Warning, "EnergyImplausible", session.At.ToString(), $"Transaction {session.Number} is billed by its registers, {MeterChoice.RegistersOf(session)}: more than can have flowed in its time.");
        if (at < session.StartedAt)
            (at, repaired) = (SessionRules.Latest(session), true);
        session = session with
        {
            StopReason = report.Reason,
            StopIdTag = report.IdTag,
            EndTold = report.Told,
            EndReceived = draft.Now,
            EndInferred = null,
            Flags = session.Flags
                | (repaired ? SessionFlags.ClockRepaired : SessionFlags.None)
                | (report.Incomplete is null && report.Told is not null ? SessionFlags.None : SessionFlags.Incomplete),
        };
        if (session.Hub is null && report.Authorization is { Status: AuthorizationStatus.Accepted, Token: { } token } authorization
            && session.Flags.HasFlag(SessionFlags.Unauthorized) && Uid.Same(token.Uid, session.IdTag))
            session = SessionRules.Own(draft, session, authorization);
        return (session, at);
    }

    /// <summary>Ends a session for good: bill, CDR, and what the hub is owed of both, in this order.</summary>
    public static void Complete(TurnDraft draft, Session session, DateTimeOffset at)
    {
        draft.Vacate(session);
        session = draft.Save(Completed(draft, session, at));
        TellOfMeters(draft, session, SessionFlags.None);
        var bill = SessionRules.BillOf(session, at);
        draft.Record(new CdrIssued(CdrOf(session, bill)));
        SessionRules.Owe(draft, session);
        draft.Owe(session.Hub, DeliveryKind.Cdr, session.Id);
        draft.Raise(
            Severity.Info, "SessionEnded", session.At.ToString(),
            $"Transaction {session.Number} ended ({session.StopReason ?? "no reason given"}): {session.EnergyWh / 1000m:0.000} kWh, {bill.Total.ExclVat:0.00} {bill.Currency}.");
        if (session.Hub is null && session.Flags.HasFlag(SessionFlags.Unauthorized) && session.EnergyWh > 0)
            draft.Raise(Severity.Warning, "SessionWithoutOwner", session.At.ToString(), $"Transaction {session.Number} belongs to no known token: its CDR is kept on site.");
        StationRules.Restamp(draft, session.At);
    }

    /// <summary>What is known by now of a session that was ended already, by a CDR that nobody was sent yet: it is what the CDR says (FIELD-NOTES 22).</summary>
    public static Session Revise(TurnDraft draft, Session known, Session told, DateTimeOffset at)
    {
        // Later than the one that it stands in for: that is how its sender knows which of the two he has read (P6).
        var session = Completed(draft, told, at) with { LastUpdated = draft.Second > known.LastUpdated ? draft.Second : known.LastUpdated.AddSeconds(1) };
        draft.Keep(session);
        TellOfMeters(draft, session, known.Flags);
        var bill = SessionRules.BillOf(session, at);
        draft.Revise(CdrOf(session, bill));
        SessionRules.Owe(draft, session);
        draft.Owe(session.Hub, DeliveryKind.Cdr, session.Id);
        draft.Raise(
            Severity.Info, "CdrRevised", session.At.ToString(),
            $"Transaction {session.Number} was closed with {known.EnergyWh} Wh; what came since makes it {session.EnergyWh} Wh. Its CDR had not been sent and is corrected.");
        return session;
    }

    private static Session Completed(TurnDraft draft, Session session, DateTimeOffset at) => session with
    {
        Status = SessionStatus.Completed, EndedAt = at, EndInferred = null, EndDue = null, Course = session.Course.Add(new(at, session.EnergyWh, Activity.Parking)),
        SiteMeter = session.SiteMeter is { } tally ? tally with { OwnSerial = draft.Station(session.At.Station).Identity?.Meter ?? tally.OwnSerial } : null,
    };

    /// <param name="known">What was told of it before.</param>
    private static void TellOfMeters(TurnDraft draft, Session session, SessionFlags known)
    {
        var news = session.Flags & ~known;
        if (session.Terms.Meter is not { } meter || session.SiteMeter is not { } tally)
            return;
        var (counted, other) = tally.Counts ? (meter.Id, "the charger's own") : ("the charger's own", meter.Id);
        if (news.HasFlag(SessionFlags.MeterSilent))
        {
            draft.Raise(
                Severity.Warning, "MeterSilent", session.At.ToString(),
                $"Transaction {session.Number} is billed by {counted} meter, {session.EnergyWh} Wh: the one that was to count was silent at its start or its end.");
        }
        if (news.HasFlag(SessionFlags.MeterDeviates))
        {
            draft.Raise(
                Severity.Warning, "MeterDeviation", session.At.ToString(),
                $"Transaction {session.Number}: {session.EnergyWh} Wh by {counted} meter, which is billed, and {session.OtherEnergyWh} Wh by {other}: more than {meter.MostDeviationPercent:0.##} % apart.");
        }
    }

    /// <summary>Signed values are told in the order in which they were made; those of a 1.6 session come in it.</summary>
    private static Cdr CdrOf(Session session, Bill bill) => new()
    {
        Id = session.Id,
        Session = session.Transaction is null ? session : session with { Heard = null, Signed = [.. session.Signed.OrderBy(r => r.At)] },
        Bill = bill,
        Created = session.LastUpdated,
    };

    /// <summary>A Stop without a Start: it is a session all the same, with what is known of it, and a flag (FIELD-NOTES 3).</summary>
    private static Recorded EndOrphan(TurnDraft draft, SessionEnded report)
    {
        var (end, repaired) = ChargerClock.Repair(draft, report.Station, report.Told);
        var (startWh, told) = Recognition.OrphanMeter(report);
        var start = told is null ? end : ChargerClock.Repair(draft, report.Station, told).At;
        var authorization = report.Authorization ?? Authorization.Refused(AuthorizationStatus.Invalid, "the Stop named no tag");
        var session = SessionRules.New(draft, Recognition.OrphanPlace(draft.Configuration, report.Station), report.IdTag ?? "", authorization, null, start < end ? start : end);
        session = session with
        {
            Status = SessionStatus.Active,
            StartTold = report.Told,
            MeterStartWh = startWh,
            RegisterWh = startWh,
            RegisterBaseWh = startWh,
            StopReason = report.Reason,
            StopIdTag = report.IdTag,
            EndTold = report.Told,
            EndReceived = draft.Now,
            Flags = session.Flags | SessionFlags.StartMissing | (repaired ? SessionFlags.ClockRepaired : SessionFlags.None),
            Course = session.Course.Add(new(session.StartedAt, 0, Activity.Charging)),
        };
        session = MeterChoice.Begin(session, startWh, sample: null);
        session = MeterChoice.Close(session, report.MeterStopWh, isPair: true, report.SiteMeter, end) with { MeterStopWh = report.MeterStopWh };
        draft.Raise(
            Severity.Error, "StopWithoutStart", report.Station,
            $"Stop of transaction {report.Number?.ToString() ?? "(unreadable)"} has no known Start; kept as {session.Number} with {session.EnergyWh / 1000m:0.000} kWh.");
        Complete(draft, draft.Add(session), end);
        return Recorded.Instance;
    }

    private static Recorded EndAgain(TurnDraft draft, Session session, SessionEnded report)
    {
        // The same Stop again: the answer was lost. Nothing new is said (I8).
        if (!session.Flags.HasFlag(SessionFlags.EndEstimated) || session.Flags.HasFlag(SessionFlags.LateStop))
            return Recorded.Instance;
        if (!draft.IsFrozen(session))
        {
            draft.Retold(session);
            var open = MeterChoice.Reopen(session);
            var (told, at) = Close(
                draft,
                open with
                {
                    MeterStopWh = null,
                    Flags = (open.Flags & ~SessionFlags.EndEstimated) | SessionFlags.LateStop,
                    // Without the point that the estimated end made.
                    Course = session.Course.RemoveAt(session.Course.Count - 1),
                },
                report);
            Revise(draft, session, told, at);
            return Recorded.Instance;
        }
        draft.Save(session with { Flags = session.Flags | SessionFlags.LateStop });
        draft.Raise(
            Severity.Warning, "LateStop", session.At.ToString(),
            $"Transaction {session.Number} was closed without a Stop at {session.EnergyWh} Wh and its CDR issued; the Stop now tells register {report.MeterStopWh} Wh (start {session.MeterStartWh} Wh).");
        return Recorded.Instance;
    }
}
