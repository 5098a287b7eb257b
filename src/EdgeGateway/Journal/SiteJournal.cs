using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>The site's turns, and what it starts from.</summary>
internal sealed class SiteJournal : ISiteJournal
{
    internal const string Open = SessionRows.Select + "where s.status in ('Pending', 'Active', 'Reservation') order by s.number";
    internal const string ByStart = SessionRows.Select + """
        where s.station = ? and s.start_told is ? and s.meter_start_wh is ? and s.evse = ? and s.connector = ?
          and trim(s.id_tag) = trim(?) collate nocase -- as Uid.Same compares
        order by s.number desc limit 1
        """;

    internal const string ByCdr = SessionRows.Select + "where s.number = (select number from cdr where id = ?)";
    internal const string CdrsOf = CdrRows.Select + "where c.number = (select number from cdr where id = ?) order by c.entry";
    internal const string BeforeEnd = SessionRows.Select + "where s.station = ? and s.start_told <= ? order by s.start_told desc limit ?";

    internal const string ByTransaction = SessionRows.Select + "where s.station = ? and s.station_transaction = ? order by s.number desc limit 1";

    private readonly Writer _writer;
    private readonly Readers _readers;
    private readonly Damages _damages;
    private readonly TurnWriter _turns = new();
    private StoredSite? _loaded;

    /// <param name="loaded">What the opening read, since it had to see whether it can be read.</param>
    public SiteJournal(Writer writer, Readers readers, Damages damages, StoredSite loaded)
    {
        _writer = writer;
        _readers = readers;
        _damages = damages;
        _loaded = loaded;
        _writer.RolledBack = _turns.Forget;
    }

    public Task CommitAsync(Turn turn, CancellationToken cancellationToken)
    {
        _loaded = null;
        return _writer.DoAsync(transaction => _turns.Write(transaction, turn), cancellationToken);
    }

    public async Task<StoredSite> LoadAsync(CancellationToken cancellationToken) =>
        _loaded ?? await _readers.SnapshotAsync(database => Load(database, _damages.Found), cancellationToken);

    public ValueTask<Recalled> RecallAsync(IReadOnlyList<SessionKey> keys, CancellationToken cancellationToken) =>
        _readers.SnapshotAsync(database => Recall(database, keys), cancellationToken);

    /// <summary>Reads all that a site needs to go on.</summary>
    public static StoredSite Load(Database database, Action<CorruptRecordException> damaged)
    {
        var (seed, counters) = database.Prepared("select seed, next_session, next_order, next_reservation from site")
            .First(static row => (row.BlobOrNull()!, new SiteCounters(row.Int(), row.Long(), row.Int())));
        return new()
        {
            Seed = ImmutableArray.Create(seed),
            Counters = counters,
            Stations = StationRows.Read(database, damaged),
            OpenSessions = [.. SessionRows.Read(
                database,
                database.Prepared(Open),
                damaged)],
            Admissions = [.. database.Prepared("select id, record from admission order by until, id").Sound(
                "admission",
                static row =>
                {
                    row.Text();
                    return JsonSerializer.Deserialize(row.Text(), Records.Default.HeldAdmission)!;
                },
                damaged)],
            Stamps = [.. database.Prepared("select object, fingerprint, last_updated from stamp order by object")
                .All(static row => new Stamp(row.Text(), row.Text(), row.Time()))],
            Shown = [.. database.Prepared("select record from shown_evse order by uid")
                .Sound("EVSE", static row => JsonSerializer.Deserialize(row.Text(), Records.Default.ShownEvse)!, damaged)],
            Reservations = [.. ReservationRows.Read(database, damaged)],
        };
    }

    private Recalled Recall(Database database, IReadOnlyList<SessionKey> keys)
    {
        var found = new Dictionary<int, Session>();
        var cdrs = new Dictionary<string, Cdr>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var matching = key switch
            {
                SessionKey.ByCdr it => database.Prepared(ByCdr).Bind(it.Id),
                SessionKey.ByNumber it => database.Prepared(SessionRows.Select + "where s.number = ?").Bind(it.Number),

                // Several only where a charger told neither time nor meter: the newest is the one that a repeat can be of.
                SessionKey.ByStart it => database.Prepared(ByStart)
                    .Bind(it.At.Station).Bind(Statement.Told(it.Told)).Bind(it.MeterStartWh).Bind(it.At.Evse).Bind(it.At.Connector).Bind(it.IdTag),
                // A second more: as text, a time in whole seconds stands behind its fractions.
                SessionKey.BeforeEnd it => database.Prepared(BeforeEnd).Bind(it.Station).Bind(Statement.Told(it.Told.UtcTicks < DateTimeOffset.MaxValue.UtcTicks - TimeSpan.TicksPerSecond ? it.Told.AddSeconds(1) : it.Told)).Bind(SessionKey.BeforeEnd.Most),
                SessionKey.ByTransaction it => database.Prepared(ByTransaction).Bind(it.Station).Bind(it.Transaction),
                _ => throw new NotSupportedException($"The journal knows no {key.GetType().Name}."),
            };
            foreach (var session in SessionRows.Read(database, matching, _damages.Found))
                found[session.Number] = session;
            // Damaged ones are left out: with the original missing nothing can be credited, and that is told (I17).
            if (key is not SessionKey.ByCdr credited)
                continue;
            foreach (var cdr in database.Prepared(CdrsOf).Bind(credited.Id).Sound("CDR of session", CdrRows.Read, _damages.Found))
                cdrs[cdr.Id] = cdr;
        }
        return new([.. found.Values], [.. cdrs.Values])
        {
            Frozen = [.. found.Values.Where(s => s.Status is SessionStatus.Completed && CdrRows.IsFrozen(database, s.Id)).Select(static s => s.Number)],
        };
    }
}
