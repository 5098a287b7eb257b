using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Site.Rules;

namespace EdgeGateway.Site;

/// <summary>A turn in the making: the state as far as it has got, and what will have to be written. Lives for one call of <c>SiteState.Handle</c>.</summary>
internal sealed class TurnDraft(SiteState before, Recalled recalled, DateTimeOffset now)
{
    private readonly List<Change> _changes = [];
    private readonly OrderedDictionary<Delivery, bool> _deliveries = [];
    private readonly HashSet<string> _restamped = [];
    private readonly List<Order> _orders = [];
    private readonly Dictionary<int, Session> _touched = [];
    private readonly HashSet<int> _fresh = [];
    private readonly HashSet<int> _retold = [];
    private readonly HashSet<int> _reheard = [];
    private readonly HashSet<string> _touchedStations = new(StringComparer.OrdinalIgnoreCase);
    private ImmutableDictionary<string, Station> _stations = before.Stations;
    private ImmutableDictionary<int, Session> _sessions = before.Sessions;
    private ImmutableDictionary<Position, int> _occupants = before.Occupants;
    private ImmutableHashSet<int> _waiting = before.Waiting;
    private ImmutableDictionary<TransactionKey, int> _transactions = before.Transactions;
    private ImmutableDictionary<string, HeldAdmission> _admissions = before.Admissions;
    private ImmutableDictionary<string, Stamp> _stamps = before.Stamps;
    private SiteCounters _counters = before.Counters;
    private ImmutableDictionary<string, ShownEvse> _shown = before.Shown;
    private ImmutableDictionary<int, Reservation> _reservations = before.Reservations;

    public DateTimeOffset Now { get; } = now;

    /// <summary>Now in whole seconds: the grain of last_updated.</summary>
    public DateTimeOffset Second { get; } = new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    public SiteConfiguration Configuration { get; set; } = before.Configuration;
    public ImmutableDictionary<int, Session> Sessions => _sessions;
    public ImmutableDictionary<string, Station> Stations => _stations;
    public ImmutableDictionary<LimitCall, DateTimeOffset> LimitCalls { get; set; } = before.LimitCalls;
    public ImmutableDictionary<string, HeldAdmission> Admissions => _admissions;
    public ImmutableDictionary<string, Stamp> Stamps => _stamps;
    public ImmutableDictionary<string, ShownEvse> Shown => _shown;
    public ImmutableDictionary<int, Reservation> Reservations => _reservations;

    /// <summary>A station as it is; one that was never heard of is nobody that was let in, unless the configuration says so.</summary>
    public Station Station(string id) => _stations.TryGetValue(id, out var station) ? station : new()
    {
        Id = id,
        LineChanged = Now,
        Admission = Configuration.Station(id) is not null ? Admission.Accepted : OfStranger,
    };

    /// <summary>What a station may do that is in no configuration and that nobody let in.</summary>
    public Admission OfStranger => Configuration.UnknownStations switch
    {
        UnknownStations.Accept => Admission.Accepted,
        UnknownStations.Pending => Admission.Pending,
        _ => Admission.Rejected,
    };

    public void Save(Station station)
    {
        _stations = _stations.SetItem(station.Id, station);
        _touchedStations.Add(station.Id);
    }

    public void Forget(Station station)
    {
        _stations = _stations.Remove(station.Id);
        _touchedStations.Remove(station.Id);
        _changes.Add(new StationForgotten(station.Id));
    }

    /// <summary>An open session, or one that this turn has ended, or one that the journal recalled.</summary>
    public Session? Find(int number) =>
        _sessions.TryGetValue(number, out var open) ? open
        : _touched.TryGetValue(number, out var ended) ? ended
        : Recalled.FirstOrDefault(s => s.Number == number);

    /// <summary>The session of a station's own transaction: open, ended in this turn, or recalled.</summary>
    public Session? Find(TransactionKey key) =>
        _transactions.TryGetValue(key, out var number) ? _sessions[number]
        : EndedNow.Concat(Recalled).FirstOrDefault(s => s.Transaction is { } id && TransactionKey.Of(s.At.Station, id) == key);

    public ImmutableArray<Session> Recalled { get; } = recalled.Sessions;

    /// <summary>Whether a session's CDR may not change any more (I4).</summary>
    public bool IsFrozen(Session session) => recalled.Frozen.Contains(session.Number);

    /// <summary>CDRs of the sessions that are to be credited.</summary>
    public ImmutableArray<Cdr> RecalledCdrs { get; } = recalled.Cdrs;

    /// <summary>CDRs that this very turn has issued.</summary>
    public IEnumerable<Cdr> IssuedNow => _changes.OfType<CdrIssued>().Select(static issued => issued.Cdr);

    /// <summary>Sessions that ended in this very turn.</summary>
    public IEnumerable<Session> EndedNow => _touched.Values.Where(static s => !s.IsOpen);

    /// <summary>Sessions that are thought over and wait for a Stop, the oldest first.</summary>
    public List<Session> Waiting(Func<Session, bool> which) =>
        _waiting.IsEmpty ? [] : [.. _waiting.Select(n => _sessions[n]).Where(which).OrderBy(s => (s.StartedAt, s.Number))];

    public Session? OccupantOf(Position at) => _occupants.TryGetValue(at, out var number) ? _sessions.GetValueOrDefault(number) : null;

    public void Occupy(Position at, Session session) => _occupants = _occupants.SetItem(at, session.Number);

    public void Vacate(Session session)
    {
        if (_occupants.TryGetValue(session.At, out var number) && number == session.Number)
            _occupants = _occupants.Remove(session.At);
    }

    public Session Add(Session session)
    {
        Expect(session);
        return Save(session);
    }

    /// <summary>A new session that will be saved, unless it turns out to be another one.</summary>
    public void Expect(Session session) => _fresh.Add(session.Number);

    /// <summary>Keeps a session's new content, with a last_updated of its own (P6).</summary>
    public Session Save(Session session) => Keep(session with { LastUpdated = After(session.LastUpdated) });

    /// <summary>Keeps what nobody outside sees of a session: its last_updated stays (P6).</summary>
    public Session Keep(Session session)
    {
        _touched[session.Number] = session;
        _sessions = session.IsOpen ? _sessions.SetItem(session.Number, session) : _sessions.Remove(session.Number);
        if (session.Transaction is { } transaction)
        {
            var key = TransactionKey.Of(session.At.Station, transaction);
            _transactions = session.IsOpen ? _transactions.SetItem(key, session.Number) : _transactions.Remove(key);
        }
        _waiting = session is { IsOpen: true, EndInferred: not null } ? _waiting.Add(session.Number) : _waiting.Remove(session.Number);
        return session;
    }

    /// <summary>The session's course may be another from its first point on.</summary>
    public void Retold(Session session) => _retold.Add(session.Number);

    /// <summary>The session's events are others from the first on.</summary>
    public void Reheard(Session session) => _reheard.Add(session.Number);

    /// <summary>last_updated never falls: with a clock that stepped back it goes on by seconds (P6).</summary>
    public DateTimeOffset After(DateTimeOffset last) => Second >= last ? Second : last.AddSeconds(1);

    public void Stamp(string @object, string? fingerprint = null)
    {
        var last = _stamps.GetValueOrDefault(@object);
        var stamp = new Stamp(@object, fingerprint ?? last?.Fingerprint ?? "", last is null ? Second : After(last.LastUpdated));
        if (stamp == last)
            return;
        _stamps = _stamps.SetItem(@object, stamp);
        _restamped.Add(@object);
    }

    public void Hold(HeldAdmission admission)
    {
        _admissions = _admissions.SetItem(admission.Id, admission);
        _changes.Add(new AdmissionHeld(admission));
    }

    public void Drop(HeldAdmission admission)
    {
        _admissions = _admissions.Remove(admission.Id);
        _changes.Add(new AdmissionDropped(admission.Id));
    }

    public Reservation Keep(Reservation reservation)
    {
        _reservations = _reservations.SetItem(reservation.Number, reservation);
        _changes.Add(new ReservationHeld(reservation));
        return reservation;
    }

    public void End(Reservation reservation, ReservationEnd why)
    {
        _reservations = _reservations.Remove(reservation.Number);
        _changes.Add(new ReservationDropped(reservation, why));
    }

    public void Show(ShownEvse shown)
    {
        _shown = _shown.SetItem(shown.Evse.Uid, shown);
        _changes.Add(new EvseShown(shown));
    }

    public void Record(Change change) => _changes.Add(change);

    /// <summary>A CDR as it is by what is known now; one of this very turn has never been another.</summary>
    public void Revise(Cdr cdr)
    {
        var issued = _changes.FindIndex(c => (c is CdrIssued i && i.Cdr.Id == cdr.Id) || (c is CdrRevised r && r.Cdr.Id == cdr.Id));
        if (issued >= 0)
            _changes[issued] = _changes[issued] is CdrIssued ? new CdrIssued(cdr) : new CdrRevised(cdr);
        else
            _changes.Add(new CdrRevised(cdr));
    }

    public void Raise(Severity severity, string code, string subject, string text) =>
        _changes.Add(new EventRaised(new(Now, severity, code, subject, text)));

    public void Owe(string? hub, DeliveryKind kind, string @object)
    {
        if (hub is null)
            return;
        _deliveries.TryAdd(new(hub, kind, @object), true);
    }

    public string IdOf(int number) => SessionId.Of(before.Seed.AsSpan(), number);

    public void Give(Order order) => _orders.Add(order);

    public int NextSessionNumber()
    {
        var number = _counters.NextSession;
        // A 1.6 transactionId is a positive 32-bit integer. At the end of the numbers nothing is given twice: the site stops (I9).
        _counters = _counters with { NextSession = checked(number + 1) };
        return number;
    }

    public int NextReservationNumber()
    {
        var number = _counters.NextReservation;
        _counters = _counters with { NextReservation = checked(number + 1) };
        return number;
    }

    public long NextOrderId()
    {
        var id = _counters.NextOrder;
        _counters = _counters with { NextOrder = id + 1 };
        return id;
    }

    public Turn Finish(ImmutableArray<object> answers)
    {
        var changes = ImmutableArray.CreateBuilder<Change>(_changes.Count + _touched.Count + 4);
        if (_counters != before.Counters)
            changes.Add(new CountersMoved(_counters));
        foreach (var id in _touchedStations)
            changes.Add(new StationChanged(_stations[id]));
        foreach (var (number, session) in _touched)
        {
            changes.Add(new SessionChanged(session, _fresh.Contains(number)));
            var (course, signed, heard) = Earlier(number);
            if (_retold.Contains(number) && !course.SequenceEqual(session.Course.Take(course.Count)))
                changes.Add(new CourseRetold(number, [.. session.Course]));
            else if (session.Course.Count > course.Count)
                changes.Add(new CourseGrew(number, course.Count, [.. session.Course.GetRange(course.Count, session.Course.Count - course.Count)]));
            for (var i = signed; i < session.Signed.Count; i++)
                changes.Add(new SignedReadingKept(number, session.Signed[i]));
            if (_reheard.Contains(number))
                heard = 0;
            if (session.Heard is { } events && events.Count > heard)
                changes.Add(new HeardKept(number, heard, events.From(heard)));
        }
        foreach (var @object in _restamped)
            changes.Add(new StampChanged(_stamps[@object]));
        changes.AddRange(_changes);
        return new()
        {
            Next = before with
            {
                Configuration = Configuration,
                Counters = _counters,
                Stations = _stations,
                Sessions = _sessions,
                Occupants = _occupants,
                Waiting = _waiting,
                Transactions = _transactions,
                Admissions = _admissions,
                Stamps = _stamps,
                Shown = _shown,
                Reservations = _reservations,
                LimitCalls = LimitCalls,
            },
            Changes = changes.DrainToImmutable(),
            Deliveries = [.. _deliveries.Keys],
            Orders = [.. _orders],
            Answers = answers,
        };
    }

    /// <summary>A session's course, and how much of its signed readings and events is on disk already.</summary>
    private (ImmutableList<CoursePoint> Course, int Signed, int Heard) Earlier(int number)
    {
        var known = before.Sessions.GetValueOrDefault(number) ?? Recalled.FirstOrDefault(s => s.Number == number);
        return known is null ? ([], 0, 0) : (known.Course, known.Signed.Count, known.Heard?.Count ?? 0);
    }
}
