using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>Tells a session from the events of its transaction, as if they had come in order: when it began, what was measured, what the vehicle did, and how
/// it ended. The same rules as for a charger that tells these one by one (1.6), so that the same measurements give the same CDR.</summary>
internal static class TransactionCourse
{
    /// <summary>What the events themselves decide; all other flags stay.</summary>
    private const SessionFlags Told = SessionFlags.ClockRepaired | SessionFlags.RegisterReset | SessionFlags.RegisterRelative | SessionFlags.Incomplete
        | SessionFlags.MeterSilent | SessionFlags.MeterDeviates;

    /// <summary>Whether an event does no more than go on where the last one ended: then what it says is added, and nothing need be told anew.</summary>
    public static bool GoesOn(Session session, HeardEvent heard) =>
        session.Status is SessionStatus.Active && heard is { Phase: TransactionPhase.Updated, IsAuthorized: null, IsRepaired: false, IsIncomplete: false }
        && (!heard.IsConnected || heard.Charging is not null)
        && session.Heard is [.., var last] && last.At < heard.At && session.Heard.Connected is not null
        && (session.MeterStartWh is not null || (session.SiteMeter is { Counts: true, StartWh: not null } && heard.Readings.All(r => r.EnergyWh is null)))
        && !(heard.SiteMeter is { } sample && session.Course is [.., var known] && sample.At <= known.At)
        && session.Course is [.., var newest] && newest.At < heard.At && !heard.Readings.Any(r => r.At <= newest.At || r.At > heard.At || r.Context == "Transaction.Begin");

    public static Session GoOn(Session session, HeardEvent heard)
    {
        var charged = session.Heard!.Any(e => e.Charging is ChargingPhase.Charging);
        foreach (var item in InOrder([heard]))
            (session, charged) = Take(session, item, charged);
        return session;
    }

    /// <summary>The session as all of its events tell it. Its course begins anew, but for the reservation before it.</summary>
    public static Session Retell(Session session)
    {
        var heard = session.Heard!;
        var items = InOrder(heard);
        var (start, startTold) = Began(heard);
        var begin = BeginOf(heard);
        var register = begin ?? items.FirstOrDefault(i => i.Reading?.EnergyWh is not null)?.Reading?.EnergyWh;
        var ended = heard.End;
        session = session with
        {
            StartedAt = start,
            StartTold = startTold,
            MeterStartWh = register,
            RegisterWh = register,
            RegisterBaseWh = register,
            EnergyWh = 0,
            MeterStopWh = null,
            Flags = (session.Flags & ~Told)
                | (heard.Any(e => e.IsRepaired) ? SessionFlags.ClockRepaired : SessionFlags.None)
                | (heard.Any(e => e.IsIncomplete) ? SessionFlags.Incomplete : SessionFlags.None),
            Course = [.. session.Course.Where(p => p.Activity == Activity.Reserved), new(start, 0, Activity.Charging)],
        };
        session = MeterChoice.Begin(session, begin, StartSample(heard, start));
        var charged = false;
        foreach (var item in items.Where(i => i.Sample is null || (i.Event != ended && (i.Event.IsOfSite || i.Event.At > start))))
            (session, charged) = Take(session, item, charged);
        return ended is null ? session : End(session, ended, begin is null);
    }

    /// <summary>When it began in the sense of money: when the driver was known and the vehicle plugged in, whatever the station begins its transactions
    /// by (TxStartPoint: EVConnected, Authorized, PowerPathClosed, ParkingBayOccupancy, …). That is when a 1.6 station begins one.</summary>
    public static (DateTimeOffset At, DateTimeOffset? Told) Began(HeardEvents heard)
    {
        var authorized = First(heard, e => e.IsAuthorized is true) ?? First(heard, e => e.IsAuthorized is not null);
        var connected = heard.Connected;
        var begin = authorized is null
            ? First(heard, e => e.Charging is ChargingPhase.Charging) ?? connected ?? First(heard, e => e.Phase is TransactionPhase.Started) ?? First(heard, e => !e.IsOfSite)
            : connected?.At > authorized.At ? connected : authorized;
        return (begin!.At, begin.Told);
    }

    /// <summary>2.0.1 E 1.3.2: with the numbers from the Started to the Ended event all there, so are the events. Stations that give all of them the same
    /// number (FIELD-NOTES 23), or none, tell nothing of gaps.</summary>
    public static bool HasGap(HeardEvents heard)
    {
        if (heard.End?.Sequence is not { } last || heard.Any(e => e is { Sequence: null, IsOfSite: false }))
            return false;
        var first = heard.Where(e => e.Phase is TransactionPhase.Started).Min(e => e.Sequence) ?? heard.Min(e => e.Sequence)!.Value;
        var between = heard.Where(e => !e.IsOfSite).Select(e => e.Sequence!.Value).Where(n => n >= first && n <= last).Distinct().Count();
        return last - (long)first + 1 > between;
    }

    private static HeardEvent? First(HeardEvents heard, Func<HeardEvent, bool> which)
    {
        HeardEvent? first = null;
        foreach (var e in heard)
        {
            if (which(e) && (first is null || e.IsBefore(first)))
                first = e;
        }
        return first;
    }

    /// <summary>The register of its beginning, where that is told as such.</summary>
    private static long? BeginOf(HeardEvents heard) =>
        heard.SelectMany(e => e.Readings).Where(r => r is { EnergyWh: not null, Context: "Transaction.Begin" }).MinBy(r => r.At)?.EnergyWh
        ?? heard.Where(e => e.Phase is TransactionPhase.Started).SelectMany(e => e.Readings).Where(r => r.EnergyWh is not null).MinBy(r => r.At)?.EnergyWh;

    /// <summary>What the site's meter showed when it began: with the newest word of the charger's until then, since nothing flows before.</summary>
    private static MeterSample? StartSample(HeardEvents heard, DateTimeOffset start) =>
        heard.Where(e => e is { SiteMeter: not null, IsOfSite: false } && e.At <= start).MaxBy(e => (e.At, e.Sequence))?.SiteMeter;

    private static List<Item> InOrder(IEnumerable<HeardEvent> heard)
    {
        var items = new List<Item>();
        foreach (var e in heard)
        {
            if (e.Charging is not null)
                items.Add(new(e.At, e, null));
            if (e.SiteMeter is { } sample)
                items.Add(new(sample.At, e, e is { IsOfSite: true, Readings: [var measured] } ? measured : null, sample));
            foreach (var reading in e.IsOfSite ? [] : e.Readings)
                items.Add(new(reading.At, e, reading));
        }
        items.Sort(static (a, b) =>
        {
            var order = a.At.CompareTo(b.At);
            // At the same moment the vehicle's doings come first: they hold from then on.
            if (order == 0)
                order = a.Kind.CompareTo(b.Kind);
            if (order == 0)
                order = Nullable.Compare(a.Event.Sequence, b.Event.Sequence);
            if (order == 0)
                order = a.Event.Phase.CompareTo(b.Event.Phase);
            if (order == 0)
                order = Nullable.Compare(a.Event.Charging, b.Event.Charging);
            return order == 0 ? Nullable.Compare(a.Reading?.EnergyWh ?? a.Sample?.EnergyWh, b.Reading?.EnergyWh ?? b.Sample?.EnergyWh) : order;
        });
        // An end tells again what was measured on the way.
        for (var i = items.Count - 1; i > 0; i--)
        {
            if (items[i] is { Sample: null, Reading: { } reading } && items[i - 1] is { Sample: null, Reading: { } before } && reading with { Context = before.Context } == before)
                items.RemoveAt(i);
        }
        return items;
    }

    private static (Session Session, bool Charged) Take(Session session, Item item, bool charged)
    {
        if (item.Sample is { } sample)
            return (SessionRules.TakeSite(session, sample, item.Reading?.PowerW, item.Reading?.CurrentA), charged);
        if (item.Reading is { } reading)
            return (Take(session, reading), charged);
        charged |= item.Event.Charging is ChargingPhase.Charging;
        if (ActivityOf(item.Event.Charging, charged) is not { } activity || session.Course[^1].Activity == activity)
            return (session, charged);
        // What it did before it began in the sense of money holds from that beginning on.
        if (item.At < session.StartedAt)
            return (session with { Course = session.Course.SetItem(session.Course.Count - 1, session.Course[^1] with { Activity = activity }) }, charged);
        return (SessionRules.HasRoom(session) ? session with { Course = session.Course.Add(new(item.At, null, activity)) } : session, charged);
    }

    private static Session Take(Session session, HeardReading reading)
    {
        long? energy = null;
        if (reading.EnergyWh is { } register)
        {
            session = MeterChoice.ReadOwn(session, register, reading.At);
            energy = MeterChoice.EnergyAt(session, register);
        }
        return reading is { EnergyWh: null, PowerW: null, CurrentA: null, StateOfCharge: null } || reading.At < session.StartedAt || !SessionRules.HasRoom(session)
            ? session
            : session with { Course = session.Course.Add(new(reading.At, energy, session.Course[^1].Activity, reading.PowerW, reading.CurrentA, reading.StateOfCharge)) };
    }

    private static Session End(Session session, HeardEvent ended, bool isStartGuessed)
    {
        var stop = (ended.Readings.Where(r => r is { EnergyWh: not null, Context: "Transaction.End" }).MaxBy(r => r.At)
            ?? ended.Readings.Where(r => r.EnergyWh is not null).MaxBy(r => r.At))?.EnergyWh;
        // Where no register was told as that of the beginning, the pair is no better than any two values.
        session = MeterChoice.Close(session, stop, isPair: !isStartGuessed, ended.SiteMeter, ended.At);
        return session with
        {
            StopReason = ended.Reason,
            StopIdTag = ended.IdTag,
            EndTold = ended.Told,
            EndReceived = ended.Received,
            Flags = session.Flags | (ended.At < session.StartedAt ? SessionFlags.ClockRepaired : SessionFlags.None),
        };
    }

    /// <summary>When it ended; never before it began.</summary>
    public static DateTimeOffset EndedAt(Session session, HeardEvent ended) => ended.At < session.StartedAt ? SessionRules.Latest(session) : ended.At;

    /// <summary>As 1.6's connector states tell it: our holding back (SuspendedEVSE) is charging time, the vehicle's is parking; a cable that is in is neither
    /// before the first charging, and parking after it.</summary>
    private static Activity? ActivityOf(ChargingPhase? phase, bool charged) => phase switch
    {
        ChargingPhase.Charging or ChargingPhase.SuspendedEvse => Activity.Charging,
        ChargingPhase.SuspendedEV => Activity.Parking,
        ChargingPhase.EVConnected or ChargingPhase.Idle => charged ? Activity.Parking : null,
        _ => null,
    };

    private sealed record Item(DateTimeOffset At, HeardEvent Event, HeardReading? Reading, MeterSample? Sample = null)
    {
        public int Kind => Sample is not null ? 2 : Reading is not null ? 1 : 0;
    }
}
