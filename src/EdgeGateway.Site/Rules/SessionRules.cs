using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>From the first word about a session to its CDR.</summary>
internal static class SessionRules
{
    /// <summary>Points of a course; beyond it only the energy goes on (I16). At one a minute it is enough for two weeks.</summary>
    public const int CourseLimit = 20_000;

    /// <summary>Signed values of a session; beyond it only that of the end is kept (I16).</summary>
    public const int SignedLimit = 2_000;

    public static SessionBegun Begin(TurnDraft draft, SessionBegan report)
    {
        if (Recognition.Repeated(draft, report) is { } known)
        {
            // Its queue is being emptied, in which the Stop may yet come.
            if (known is { IsOpen: true, EndInferred: not null })
                draft.Save(SignOfLife(draft, known, isNewer: false));
            return new(known.Number, known.Id, known.Authorization, Repeated: true);
        }

        ChargerClock.Observe(draft, report.At.Station, report.Told);
        var (at, repaired) = ChargerClock.Repair(draft, report.At.Station, report.Told);
        MakeRoom(draft, report.At, at, report.SiteMeter);
        var held = CommandRules.Take(draft, report.At, report.IdTag);
        var pending = held?.SessionNumber is { } number && draft.Sessions.TryGetValue(number, out var promised)
            ? promised
            : ReservationRules.Use(draft, report.At, held?.Authorization ?? report.Authorization, at, report.Reservation);
        var session = pending ?? New(draft, report.At, report.IdTag, held?.Authorization ?? report.Authorization, held?.Hub, at);
        session = session with
        {
            Status = SessionStatus.Active,
            IdTag = report.IdTag,
            StartedAt = at,
            StartTold = report.Told,
            StartReceived = draft.Now,
            Terms = TermsRules.At(draft.Configuration, report.At, session.Hub, session.Authorization.Token, at),
            MeterStartWh = report.MeterStartWh,
            RegisterWh = report.MeterStartWh,
            RegisterBaseWh = report.MeterStartWh,
            Flags = session.Flags | (repaired ? SessionFlags.ClockRepaired : SessionFlags.None) | (report.Incomplete is null && report.Told is not null ? SessionFlags.None : SessionFlags.Incomplete),
            Course = session.Course.Add(new(at, 0, Activity.Charging)),
        };
        session = MeterChoice.Begin(session, report.MeterStartWh, report.SiteMeter);
        session = pending is null ? draft.Add(session) : draft.Save(session);
        if (draft.OccupantOf(report.At) is not { } newer || newer.StartedAt <= at)
        {
            draft.Occupy(report.At, session);
            ReservationRules.GiveWay(draft, session);
        }
        RememberStart(draft, report);
        TellOfBegin(draft, session, report.Authorization.Because ?? report.Authorization.Status.ToString(), report.Incomplete);
        Owe(draft, session);
        StationRules.Restamp(draft, report.At);
        return new(session.Number, session.Id, session.Authorization, Repeated: false);
    }

    public static Recorded Meter(TurnDraft draft, Metered report)
    {
        ChargerClock.Observe(draft, report.At.Station, report.Readings.Max(r => r.Told));
        var newest = report.Readings.Select(r => ChargerClock.Repair(draft, report.At.Station, r.Told).At).DefaultIfEmpty(draft.Now).Max();
        var session = Recognition.Metered(draft, report, newest);
        draft.Record(new ReadingsKept(report.At, session?.Number, draft.Now, report.Readings));
        if (session is null)
            return Recorded.Instance;
        if (session.Transaction is not null)
        {
            TransactionRules.Meter(draft, session, report, newest);
            return Recorded.Instance;
        }
        var before = session;
        foreach (var reading in report.Readings)
            session = Take(draft, session, reading);
        if (report.Number is { } number && number != session.Number)
            session = session with { Flags = session.Flags | SessionFlags.Reattached };
        if (session.EndInferred is { } inferred)
            session = SignOfLife(draft, session, newest > inferred);
        if (session != before)
            SaveMetered(draft, session);
        return Recorded.Instance;
    }

    /// <summary>The site's own meter was read: it tells of the energy, and nothing of the charger. While that has no line, or is thought to have ended, nobody
    /// knows whose energy it is: what the charger says of it later has its own samples.</summary>
    public static Recorded Meter(TurnDraft draft, SiteMetered report)
    {
        if (draft.Sessions.GetValueOrDefault(report.Number) is { IsRunning: true, EndInferred: null } session && draft.Station(session.At.Station).Connected)
            MeterSite(draft, session, report.Sample, report.PowerW, report.CurrentA);
        return Recorded.Instance;
    }

    private static void MeterSite(TurnDraft draft, Session session, MeterSample sample, decimal? powerW = null, decimal? currentA = null)
    {
        if (!MeterChoice.IsOf(session, sample))
            return;
        if (session.Transaction is not null)
        {
            TransactionRules.Meter(draft, session, sample, powerW, currentA);
            return;
        }
        var known = session;
        session = TakeSite(session, sample, powerW, currentA);
        if (session != known)
            SaveMetered(draft, session);
    }

    private static void SaveMetered(TurnDraft draft, Session session)
    {
        if (IsDue(draft.Configuration, session, draft.Now))
            Owe(draft, draft.Save(session with { LastOwed = draft.Now, OwesUpdate = false }));
        else
            draft.Save(session with { OwesUpdate = true });
    }

    /// <summary>Something says that the session is over, but no Stop came: it waits a while for one (FIELD-NOTES 3, 22).</summary>
    /// <param name="sample">What the site's meter showed then.</param>
    public static void InferEnd(TurnDraft draft, Session session, DateTimeOffset at, MeterSample? sample = null)
    {
        if (session.EndInferred is not null)
            return;
        if (sample is not null)
        {
            MeterSite(draft, session, sample);
            session = draft.Find(session.Number)!;
        }
        draft.Vacate(session);
        draft.Save(session with { EndInferred = at < session.StartedAt ? session.StartedAt : at, EndDue = draft.Now + draft.Configuration.Timings.InferredEndHold });
        StationRules.Restamp(draft, session.At);
    }

    /// <summary>What was thought over waits this long from now on for a Stop: a line has come, or gone.</summary>
    public static void AwaitStops(TurnDraft draft, string station, TimeSpan hold)
    {
        foreach (var session in draft.Waiting(s => string.Equals(s.At.Station, station, StringComparison.OrdinalIgnoreCase)))
            draft.Save(session with { EndDue = draft.Now + hold });
    }

    public static bool HasRoom(Session session) => session.Course.Count < CourseLimit;

    /// <summary>The latest moment that is known of a session.</summary>
    public static DateTimeOffset Latest(Session session) => session.Course.IsEmpty ? session.StartedAt : session.Course.Max(p => p.At);

    /// <summary>A session that was thought over is heard of again. Values from after the inferred end prove it wrong; older ones say that a queue
    /// is being emptied, in which the Stop may yet come.</summary>
    public static Session SignOfLife(TurnDraft draft, Session session, bool isNewer)
    {
        if (!isNewer)
            return session with { EndDue = draft.Now + draft.Configuration.Timings.InferredEndHold };
        if (draft.OccupantOf(session.At) is null)
            draft.Occupy(session.At, session);
        return session with { EndInferred = null, EndDue = null };
    }

    /// <summary>A new session at a place, with the terms that hold from now on (D5).</summary>
    public static Session New(TurnDraft draft, Position at, string idTag, Authorization authorization, string? hub, DateTimeOffset start)
    {
        var (owner, terms, flags) = OwnershipOf(draft.Configuration, at, authorization, hub, start);
        var number = draft.NextSessionNumber();
        return new()
        {
            Id = draft.IdOf(number),
            Number = number,
            At = at,
            Status = SessionStatus.Pending,
            IdTag = idTag,
            Authorization = authorization,
            Hub = owner,
            StartedAt = start,
            StartReceived = draft.Now,
            Flags = flags,
            Terms = terms,
            LastOwed = draft.Now,
            LastUpdated = draft.Second,
        };
    }

    /// <summary>A session that learns only now whose it is, or where: with the terms that hold for him there (D5).</summary>
    public static Session Admit(TurnDraft draft, Session session, string idTag, Authorization authorization, string? hub, DateTimeOffset start)
    {
        var (owner, terms, flags) = OwnershipOf(draft.Configuration, session.At, authorization, hub, start);
        return session with
        {
            IdTag = idTag,
            Authorization = authorization,
            Hub = owner,
            Terms = terms,
            Flags = (session.Flags & ~(SessionFlags.Unauthorized | SessionFlags.Unconfigured)) | flags,
        };
    }

    private static (string? Hub, SessionTerms Terms, SessionFlags Flags) OwnershipOf(
        SiteConfiguration configuration, Position at, Authorization authorization, string? hub, DateTimeOffset start)
    {
        var accepted = authorization is { Status: AuthorizationStatus.Accepted, Token: not null };
        // What no hub can be shown a place for is no hub's session.
        var owner = accepted && (hub ?? OwnerOf(configuration, authorization.Token!)) is { } payer && configuration.Shows(at, payer) ? payer : null;
        var terms = TermsRules.At(configuration, at, owner, authorization.Token, start);
        return (owner, terms, (accepted ? SessionFlags.None : SessionFlags.Unauthorized) | (terms.Connector is null ? SessionFlags.Unconfigured : SessionFlags.None));
    }

    public static bool Claim(TurnDraft draft, ClaimSession request)
    {
        var session = draft.Sessions.Values.FirstOrDefault(s => s.Id == request.SessionId);
        if (session is null || session.Hub is not null || request.Authorization is not { Status: AuthorizationStatus.Accepted, Token: not null })
            return false;
        session = draft.Save(Own(draft, session, request.Authorization));
        Owe(draft, session);
        return session.Hub is not null;
    }

    /// <summary>Whether it is time to tell the hub of meter values again: by its own interval, or the site's.</summary>
    public static bool IsDue(SiteConfiguration configuration, Session session, DateTimeOffset now)
    {
        var interval = configuration.Hub(session.Hub)?.SessionUpdateInterval ?? configuration.Timings.SessionUpdateInterval;
        return now - session.LastOwed >= interval || session.LastOwed > now;
    }

    public static void Owe(TurnDraft draft, Session session) => draft.Owe(session.Hub, DeliveryKind.Session, session.Id);

    /// <summary>The bill of a session as it stands: the same code in progress and at the end (M10).</summary>
    public static Bill BillOf(Session session, DateTimeOffset until) => session.Status == SessionStatus.Reservation
        ? ReservationBill(session.Terms, session.ReservedAt ?? session.StartedAt, until, expired: false)
        : Stated(session.Terms, Pricer.Price(
            session.Terms.Tariff,
            TimeZones.Find(session.Terms.Site.TimeZone),
            session.StartedAt,
            until < session.StartedAt ? session.StartedAt : until,
            session.EnergyWh,
            // What was kept free is known from ReservedAt: a charger whose clock is slow begins before its grant, and charges from then on.
            [.. session.Course.Where(p => p.Activity != Activity.Reserved).OrderBy(p => p.At)],
            reservedFrom: session.ReservedAt));

    /// <summary>The bill of a reservation that no session followed (M9); costs nothing where the tariff has no elements for it.</summary>
    /// <param name="terms">As they were when it was granted.</param>
    public static Bill ReservationBill(SessionTerms terms, DateTimeOffset granted, DateTimeOffset ended, bool expired) =>
        Stated(terms, Pricer.PriceReservation(terms.Tariff, TimeZones.Find(terms.Site.TimeZone), granted, ended, expired));

    private static Bill Stated(SessionTerms terms, Bill bill) =>
        terms.RoundTotals ? bill with { Total = Rounding.Round(bill.Total, Rounding.MinorUnit(bill.Currency)) } : bill;

    /// <summary>A connector carries one session: an older one that still holds it has ended unseen, an older start leaves the newer one in place.</summary>
    /// <param name="sample">What the site's meter showed at that start: all until then went into the older one.</param>
    public static void MakeRoom(TurnDraft draft, Position at, DateTimeOffset start, MeterSample? sample)
    {
        if (draft.OccupantOf(at) is { IsRunning: true } occupant && occupant.StartedAt <= start)
            InferEnd(draft, occupant, start, sample);
        foreach (var older in draft.Waiting(s => s.At == at && s.StartedAt <= start && !s.Flags.HasFlag(SessionFlags.Superseded)))
            draft.Save(older with { Flags = older.Flags | SessionFlags.Superseded });
    }

    private static void RememberStart(TurnDraft draft, SessionBegan report)
    {
        var station = draft.Station(report.At.Station);
        if (report.Told is { } told && !(station.LatestStart >= told))
            draft.Save(station with { LatestStart = told });
    }

    public static void TellOfBegin(TurnDraft draft, Session session, string because, string? incomplete)
    {
        var place = session.At.ToString();
        draft.Raise(Severity.Info, "SessionStarted", place, $"Transaction {session.Number} with {Uid.Mask(session.IdTag)}.");
        if (session.Flags.HasFlag(SessionFlags.Unauthorized))
            draft.Raise(Severity.Warning, "SessionUnauthorized", place, $"Transaction {session.Number} began with a tag that is not accepted ({because}).");
        if (session.Flags.HasFlag(SessionFlags.Unconfigured))
            draft.Raise(Severity.Warning, "ConnectorUnconfigured", place, "A session began on a connector that is not in the configuration; no hub can be told of it.");
        if (session.Terms is { Tariff: null, Connector.Tariffs: { IsDefaultOrEmpty: false } named })
            draft.Raise(Severity.Warning, "NoTariffHolds", place, $"Of the tariffs {string.Join(", ", named)} none is valid now and meant for this driver: transaction {session.Number} costs nothing.");
        if (incomplete is { } what)
            draft.Raise(Severity.Warning, "StartIncomplete", place, $"Transaction {session.Number}: {what}.");
    }

    public static Session Take(TurnDraft draft, Session session, Reading reading)
    {
        var (at, repaired) = ChargerClock.Repair(draft, session.At.Station, reading.Told);
        if (reading.Signed is { } signed && (session.Signed.Count < SignedLimit || reading.Context == "Transaction.End"))
            session = session with { Signed = session.Signed.Add(new(at, NatureOf(reading.Context), signed)) };
        if (repaired)
            session = session with { Flags = session.Flags | SessionFlags.ClockRepaired };
        if (at < session.StartedAt)
            return session;
        if (reading is not { EnergyWh: null, PowerW: null, CurrentA: null, StateOfCharge: null })
        {
            long? energy = null;
            if (reading.EnergyWh is { } register)
            {
                session = MeterChoice.ReadOwn(session, register, at);
                energy = MeterChoice.EnergyAt(session, register);
            }
            session = WithPoint(session, new(at, energy, ActivityAt(session, at), reading.PowerW, reading.CurrentA, reading.StateOfCharge));
        }
        return TakeSite(session, reading.SiteMeter);
    }

    /// <summary>Takes what the site's meter showed. Only of one that counts the course is any business.</summary>
    public static Session TakeSite(Session session, MeterSample? sample, decimal? powerW = null, decimal? currentA = null)
    {
        if (!MeterChoice.IsOf(session, sample))
            return session;
        session = MeterChoice.ReadSite(session, sample);
        if (session.CountedBy is null || sample.At <= session.StartedAt)
            return session;
        var energy = MeterChoice.EnergyAt(session, sample);
        return energy is null && powerW is null && currentA is null ? session : WithPoint(session, new(sample.At, energy, ActivityAt(session, sample.At), powerW, currentA));
    }

    public static Session WithPoint(Session session, CoursePoint point) =>
        HasRoom(session) ? session with { Course = session.Course.Add(point) } : session;

    /// <summary>What the vehicle did at a moment: a Stop may tell values from long before what is known last.</summary>
    private static Activity ActivityAt(Session session, DateTimeOffset at)
    {
        if (session.Course is [.., var last] && last.At <= at)
            return last.Activity;
        CoursePoint? newest = null;
        foreach (var point in session.Course)
        {
            if (point.At <= at && (newest is null || point.At >= newest.At))
                newest = point;
        }
        return newest?.Activity ?? Activity.Charging;
    }

    public static Session Own(TurnDraft draft, Session session, Authorization authorization)
    {
        var token = authorization.Token!;
        var hub = session.Terms.Connector is not null && OwnerOf(draft.Configuration, token) is { } owner && draft.Configuration.Shows(session.At, owner) ? owner : null;
        return session with
        {
            Authorization = authorization,
            Hub = hub,
            Terms = TermsRules.For(draft.Configuration, session.Terms, hub, token, session.StartedAt),
            Flags = session.Flags & ~SessionFlags.Unauthorized,
        };
    }

    /// <summary>A hub's token is that hub's; a site card with a contract is the first hub's; a card without one stays here (L6).</summary>
    private static string? OwnerOf(SiteConfiguration configuration, Token token) =>
        token.Hub ?? (token.ContractId is null || configuration.Hubs.IsEmpty ? null : configuration.Hubs[0].Name);

    public static string NatureOf(string? context) => context switch
    {
        "Transaction.Begin" => "Start",
        "Transaction.End" => "End",
        _ => "Intermediate",
    };
}
