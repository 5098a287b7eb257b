using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A journal without a disk, for whole sites in memory: applies changes as rows, forgets what was never committed, and fails on demand.</summary>
public sealed class MemoryJournal : ISiteJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HeldAdmission> _admissions = [];

    public ImmutableArray<byte> Seed { get; init; } = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    public SiteCounters Counters { get; private set; } = new(1, 1);
    public Dictionary<int, Session> Sessions { get; } = [];
    public Dictionary<string, Cdr> Cdrs { get; } = [];
    public Dictionary<string, Station> Stations { get; } = new(StringComparer.OrdinalIgnoreCase);
    public Dictionary<string, Stamp> Stamps { get; } = [];
    public Dictionary<string, ShownEvse> Shown { get; } = new(StringComparer.OrdinalIgnoreCase);
    public Dictionary<int, Reservation> Reservations { get; } = [];
    public List<SiteEvent> Events { get; } = [];
    public List<Delivery> Owed { get; } = [];
    public List<MessageParked> Parked { get; } = [];

    /// <summary>CDRs that some hub has been sent (I4).</summary>
    public HashSet<string> Frozen { get; } = [];

    /// <summary>Asked before each commit; an exception it returns is thrown and nothing is written.</summary>
    public Func<Turn, Exception?>? Failing { get; set; }
    public int Commits { get; private set; }

    /// <summary>All that was committed, in order: to be written again elsewhere.</summary>
    public List<Turn> Turns { get; } = [];

    public Task CommitAsync(Turn turn, CancellationToken cancellationToken)
    {
        if (Failing?.Invoke(turn) is { } failure)
            return Task.FromException(failure);
        try
        {
            Commit(turn);
        }
        catch (CdrFrozenException frozen)
        {
            return Task.FromException(frozen);
        }
        return Task.CompletedTask;
    }

    public void Commit(Turn turn)
    {
        lock (_lock)
        {
            if (turn.Changes.OfType<CdrRevised>().FirstOrDefault(r => Frozen.Contains(r.Cdr.Id)) is { } late)
                throw new CdrFrozenException(late.Cdr.Id);
            Commits++;
            Turns.Add(turn);
            foreach (var change in turn.Changes)
                Apply(change);
            foreach (var delivery in turn.Deliveries)
            {
                if (!Owed.Contains(delivery))
                    Owed.Add(delivery);
            }
        }
    }

    public Task<StoredSite> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(Load());

    public StoredSite Load()
    {
        lock (_lock)
        {
            return new()
            {
                Seed = Seed,
                Counters = Counters,
                Stations = [.. Stations.Values.Select(s => s with { ClockSeen = null })],
                OpenSessions = [.. Sessions.Values.Where(s => s.IsOpen)],
                Admissions = [.. _admissions.Values],
                Stamps = [.. Stamps.Values],
                Shown = [.. Shown.Values],
                Reservations = [.. Reservations.Values],
            };
        }
    }

    public ValueTask<Recalled> RecallAsync(IReadOnlyList<SessionKey> keys, CancellationToken cancellationToken) => new(RecallAll(keys));

    /// <summary>Sessions, and the CDRs of those that a CDR named.</summary>
    public Recalled RecallAll(IReadOnlyList<SessionKey> keys)
    {
        lock (_lock)
        {
            var credited = keys.OfType<SessionKey.ByCdr>().Select(k => Cdrs.GetValueOrDefault(k.Id)?.Session.Number).ToHashSet();
            var found = Recall(keys);
            return new(found, [.. Cdrs.Values.Where(c => credited.Contains(c.Session.Number))])
            {
                Frozen = [.. found.Where(s => Frozen.Contains(s.Id)).Select(s => s.Number)],
            };
        }
    }

    public ImmutableArray<Session> Recall(IReadOnlyList<SessionKey> keys)
    {
        lock (_lock)
            return [.. keys.SelectMany(Matching).Distinct()];
    }

    private IEnumerable<Session> Matching(SessionKey key) => key is SessionKey.BeforeEnd end
        ? Sessions.Values.Where(s => string.Equals(s.At.Station, end.Station, StringComparison.OrdinalIgnoreCase) && s.StartTold <= end.Told)
            .OrderByDescending(s => s.StartTold).Take(SessionKey.BeforeEnd.Most)
        : Sessions.Values.Where(s => key is SessionKey.ByCdr cdr ? Fits(s, cdr) : Fits(s, key));

    private static bool Fits(Session session, SessionKey key) => key switch
    {
        SessionKey.ByNumber(var number) => session.Number == number,
        SessionKey.ByStart start => session.At == start.At && Uid.Same(session.IdTag, start.IdTag)
            && session.StartTold == start.Told && session.MeterStartWh == start.MeterStartWh,
        SessionKey.ByTransaction transaction => string.Equals(session.At.Station, transaction.Station, StringComparison.OrdinalIgnoreCase) && session.Transaction == transaction.Transaction,
        _ => false,
    };

    private bool Fits(Session session, SessionKey.ByCdr key) => Cdrs.GetValueOrDefault(key.Id)?.Session.Number == session.Number;

    private void Apply(Change change)
    {
        switch (change)
        {
            case SessionChanged { IsNew: true } added:
                Sessions.Add(added.Session.Number, added.Session with { Course = [], Signed = [], Heard = added.Session.Transaction is null ? null : [] });
                break;
            case SessionChanged changed:
                var known = Sessions[changed.Session.Number];
                Sessions[changed.Session.Number] = changed.Session with
                {
                    Course = known.Course, Signed = known.Signed, Heard = changed.Session.Transaction is null ? null : known.Heard ?? [],
                };
                break;
            case CourseGrew grew:
                var session = Sessions[grew.SessionNumber];
                Assert.Equal(session.Course.Count, grew.First);
                Sessions[grew.SessionNumber] = session with { Course = session.Course.AddRange(grew.Points) };
                break;
            case CourseRetold retold:
                Sessions[retold.SessionNumber] = Sessions[retold.SessionNumber] with { Course = [.. retold.Points] };
                break;
            case HeardKept heard:
                var before = Sessions[heard.SessionNumber].Heard!;
                Assert.True(heard.First == before.Count || heard is { First: 0, Events.Length: var all } && all >= before.Count);
                Sessions[heard.SessionNumber] = Sessions[heard.SessionNumber] with { Heard = [.. before.Take(heard.First), .. heard.Events] };
                break;
            case SignedReadingKept signed:
                Sessions[signed.SessionNumber] = Sessions[signed.SessionNumber] with { Signed = Sessions[signed.SessionNumber].Signed.Add(signed.Reading) };
                break;
            case CdrIssued issued:
                Cdrs.Add(issued.Cdr.Id, issued.Cdr);
                break;
            case CdrRevised revised:
                Assert.True(Cdrs.ContainsKey(revised.Cdr.Id) && revised.Cdr.Created > Cdrs[revised.Cdr.Id].Created);
                Cdrs[revised.Cdr.Id] = revised.Cdr;
                break;
            case StationChanged station:
                Stations[station.Station.Id] = station.Station;
                break;
            case StationForgotten forgotten:
                Stations.Remove(forgotten.Id);
                break;
            case EvseShown shown:
                Shown[shown.Shown.Evse.Uid] = shown.Shown;
                break;
            case AdmissionHeld held:
                _admissions[held.Admission.Id] = held.Admission;
                break;
            case AdmissionDropped dropped:
                _admissions.Remove(dropped.Id);
                break;
            case ReservationHeld held:
                Reservations[held.Reservation.Number] = held.Reservation;
                break;
            case ReservationDropped dropped:
                Reservations.Remove(dropped.Reservation.Number);
                break;
            case StampChanged stamp:
                if (Stamps.TryGetValue(stamp.Stamp.Object, out var last))
                    Assert.True(stamp.Stamp.LastUpdated >= last.LastUpdated, $"last_updated of {stamp.Stamp.Object} fell");
                Stamps[stamp.Stamp.Object] = stamp.Stamp;
                break;
            case EventRaised raised:
                Events.Add(raised.Event);
                break;
            case CountersMoved moved:
                Counters = moved.Counters;
                break;
            case MessageParked parked:
                Parked.Add(parked);
                break;
            case ReadingsKept:
                break;
            default:
                throw new NotSupportedException(change.GetType().Name);
        }
    }
}
