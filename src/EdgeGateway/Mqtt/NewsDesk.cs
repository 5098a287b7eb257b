using System.Threading.Channels;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Mqtt;

/// <summary>Something to be told once, in order.</summary>
internal abstract record Story
{
    /// <param name="Seq">Given when it happened: what is dropped later leaves a gap that a consumer sees.</param>
    public sealed record Happened(long Seq, SiteEvent Event) : Story;

    public sealed record Session(Site.Model.Session Of, Cdr? Cdr) : Story;
}

/// <summary>
/// Where the engine and the meters leave what changed, in no time, and the publisher picks it up at its own pace: events and changes of sessions in
/// order and bounded, of all else only which object it was.
/// </summary>
internal sealed class NewsDesk
{
    /// <summary>Stories that wait to be written; then the oldest make room, and are counted. The broker's absence fills the connection's queue, not this.</summary>
    public const int StoryLimit = 4096;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _stations = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _meters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, SessionStatus> _told = [];
    private readonly OrderedDictionary<int, Story.Session> _running = [];
    private readonly Channel<Story> _stories;
    private SiteConfiguration? _configuration;
    private bool _isOpen;
    private bool _all;
    private long _seq;
    private long _dropped;

    public NewsDesk() => _stories = Channel.CreateBounded<Story>(
        new BoundedChannelOptions(StoryLimit) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => Interlocked.Increment(ref _dropped));

    public ChannelReader<Story> Stories => _stories.Reader;

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Nobody listens: nothing is kept. Opened anew, everything counts as changed; said again while it is open, too, and nothing that waits is lost.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
                return _isOpen;
        }
        set
        {
            lock (_gate)
            {
                _all = value;
                if (_isOpen == value)
                    return;
                _isOpen = value;
                _running.Clear();
                _told.Clear();
                while (!value && _stories.Reader.TryRead(out _))
                {
                    // What nobody was there for is in the events on disk.
                }
            }
        }
    }

    /// <summary>On the engine's own loop.</summary>
    public void Look(Turn turn)
    {
        lock (_gate)
        {
            if (!_isOpen)
                return;
            _all |= !ReferenceEquals(_configuration, turn.Next.Configuration);
            _configuration = turn.Next.Configuration;
            foreach (var change in turn.Changes)
                Look(turn, change);
        }
    }

    /// <summary>On the meters' own loops.</summary>
    public void Look(MeterReading reading)
    {
        lock (_gate)
        {
            if (_isOpen)
                _meters.Add(reading.Meter);
        }
    }

    /// <summary>What changed since it was last asked; sessions that only went on are stories from here on.</summary>
    public (bool All, IReadOnlyList<string> Stations, IReadOnlyList<string> Meters) Take()
    {
        lock (_gate)
        {
            foreach (var story in _running.Values)
                _stories.Writer.TryWrite(story);
            _running.Clear();
            (bool, IReadOnlyList<string>, IReadOnlyList<string>) taken = (_all, [.. _stations], [.. _meters]);
            _all = false;
            _stations.Clear();
            _meters.Clear();
            return taken;
        }
    }

    private void Look(Turn turn, Change change)
    {
        switch (change)
        {
            case EventRaised raised:
                _stories.Writer.TryWrite(new Story.Happened(++_seq, raised.Event));
                break;
            case StationChanged station:
                _stations.Add(station.Station.Id);
                break;
            case StationForgotten:
                _all = true;
                break;
            case ReservationHeld { Reservation: var reservation }:
                _stations.Add(reservation.At.Station);
                break;
            case ReservationDropped { Reservation: var reservation }:
                _stations.Add(reservation.At.Station);
                break;
            case SessionChanged { Session: var session }:
                _stations.Add(session.At.Station);
                Tell(session, Cdr(turn, session));
                break;
            case CdrRevised { Cdr: var cdr } when !turn.Changes.Any(c => c is SessionChanged changed && changed.Session.Number == cdr.Session.Number):
                _stories.Writer.TryWrite(new Story.Session(cdr.Session, cdr));
                break;
        }
    }

    /// <summary>Each change of its status at once; in between the newest of a session, when the publisher comes by.</summary>
    private void Tell(Session session, Cdr? cdr)
    {
        var isNew = !_told.TryGetValue(session.Number, out var told) || told != session.Status;
        if (session.IsOpen && !isNew)
        {
            _running[session.Number] = new(session, null);
            return;
        }
        if (_running.Remove(session.Number, out var before))
            _stories.Writer.TryWrite(before);
        if (session.IsOpen)
            _told[session.Number] = session.Status;
        else
            _told.Remove(session.Number);
        _stories.Writer.TryWrite(new Story.Session(session, cdr));
    }

    private static Cdr? Cdr(Turn turn, Session session) => turn.Changes.Select(static c => c switch
    {
        CdrIssued { Cdr: { CreditOf: null, CorrectionOf: null } issued } => issued,
        CdrRevised revised => revised.Cdr,
        _ => null,
    }).LastOrDefault(c => c?.Session.Number == session.Number);
}
