using System.Text;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Chargers.LocalLists;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using Direction = EdgeGateway.Site.FrameDirection;

namespace EdgeGateway.Chargers;

/// <summary>One open line of a charger. What belongs to the charger lives in the site; here is only what ends with the socket.</summary>
public sealed partial class ChargerLine : ILineTap
{
    /// <summary>Tolerances of one line that are written down; those beyond are only counted.</summary>
    public const int MaxNotes = 32;

    /// <summary>Notices of one line that become events at once.</summary>
    public const int EventsBurst = 60;

    /// <summary>Beyond them, one more each so often.</summary>
    private static readonly TimeSpan EventsRefill = TimeSpan.FromSeconds(10);

    private readonly SiteEngine _site;
    private readonly IFrameLog _frames;
    private readonly ToleranceLedger _tolerated;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _booted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);
    private readonly HashSet<Position> _told = [];
    private Numbering? _numbering;
    private long _messages;
    private readonly FrameHabits _habits = new();
    private long _warnings;

    public ChargerLine(
        Entry entry, LineOrigin origin, (OcppVersion Version, IStationDialect Dialect) spoken, SiteEngine site, IFrameLog frames, ToleranceLedger tolerated,
        TimeProvider clock, ILogger log)
    {
        (Entry, Origin, _site, _frames, _tolerated, _clock, _log) = (entry, origin, site, frames, tolerated, clock, log);
        (Version, Dialect) = spoken;
        Opened = clock.GetUtcNow();
        Events = new(EventsBurst, EventsRefill, clock);
        StreamsKept = new(1, EventsRefill, clock);
    }

    public Entry Entry { get; }

    /// <summary>Of this line, and of no other of the same charger (FIELD-NOTES 5).</summary>
    public OcppVersion Version { get; }
    public IStationDialect Dialect { get; }
    public LineOrigin Origin { get; }
    public string Station => Entry.Station;
    public DateTimeOffset Opened { get; }

    /// <summary>What this charger needs: by its configuration, else by what was learned of it, else by its model's file.</summary>
    public ModelQuirks Quirks { get; set; } = new();

    /// <summary>The same with the origin of each.</summary>
    public StationQuirks KnownQuirks
    {
        get;
        set => (field, Quirks) = (value, value.Quirks);
    } = new(new(), []);

    /// <summary>What its energy values count from. Used by the handler of its calls alone.</summary>
    public RegisterWatch Registers { get; } = new();

    /// <summary>What the quirks were found from; the desk's own.</summary>
    internal (ChargersOptions Options, StationIdentity? Identity, LearnedQuirks? Learned)? QuirkBasis { get; set; }

    /// <summary>Set before the line is served.</summary>
    public RpcConnection Rpc { get; set; } = null!;

    /// <summary>Frames received.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Things tolerated and troubles seen.</summary>
    public long Warnings => Interlocked.Read(ref _warnings);

    /// <summary>Completes when a Boot on this line was accepted.</summary>
    public Task Booted => _booted.Task;

    /// <summary>Completes once the charger may be asked things (FIELD-NOTES 9).</summary>
    public Task MayBeAsked { get; set; } = Task.CompletedTask;

    /// <summary>Completes when the gateway has asked all that it asks of its own accord.</summary>
    public Task SetUp { get; set; } = Task.CompletedTask;

    /// <summary>Completes when its settings are as the last edit of the configuration wants them, or as far as they go. Set by the registry alone.</summary>
    public Task Adjusted { get; set; } = Task.CompletedTask;

    /// <summary>How far its local list is.</summary>
    public LineLists Lists { get; } = new();

    /// <summary>Variables that a 2.x station gives or takes with one message; null until it was asked.</summary>
    public int? VariablesPerRead { get; set; }
    public int? VariablesPerWrite { get; set; }

    /// <summary>The password that a station came with is kept, or that it has a certificate, since it was let in. Set and read by the handler of its calls alone.</summary>
    public bool IsPasswordKept { get; set; }

    /// <summary>What a status notification that keeps coming said last, so that only changes become events (FIELD-NOTES 25).</summary>
    public Dictionary<string, string> LastSaid { get; } = new(StringComparer.Ordinal);

    /// <summary>What it tells in parts, as far as it has come.</summary>
    public LineReports Reports { get; } = new();

    /// <summary>What it was told of costs.</summary>
    public LineCosts Costs { get; } = new();

    /// <summary>Events that its notices may still become: a flood of them is only in its log (FIELD-NOTES 25, I16).</summary>
    public Allowance Events { get; }

    /// <summary>How often the newest of what it streams is kept: at our pace, whatever it sends.</summary>
    public Allowance StreamsKept { get; }

    /// <summary>False for a charger in quarantine; asked anew each time, since a person may let it in meanwhile.</summary>
    public bool IsAdmitted => !Entry.IsQuarantined || _site.State.Stations.GetValueOrDefault(Station)?.Admission == Admission.Accepted;

    public ConnectorNumbers Connectors
    {
        get
        {
            var configuration = _site.State.Configuration;
            if (_numbering is not { } numbering || !ReferenceEquals(configuration, numbering.Of))
                _numbering = numbering = new(configuration, new(Station, configuration.Station(Station)));
            return numbering.Connectors;
        }
    }

    public void BootAccepted() => _booted.TrySetResult();

    /// <summary>A connector told its status on this line.</summary>
    public void HasTold(Position at)
    {
        lock (_told)
            _told.Add(at);
    }

    public bool HasToldAll(IEnumerable<Position> connectors)
    {
        lock (_told)
            return _told.IsSupersetOf(connectors);
    }

    /// <summary>Something of <see cref="Tolerances"/> was needed.</summary>
    /// <param name="text">For people; foreign text is bounded by the caller.</param>
    public void Tolerated(string code, string text)
    {
        Interlocked.Increment(ref _warnings);
        _tolerated.Add(Station, code, text);
        lock (_noted)
        {
            if (_noted.Count >= MaxNotes || !_noted.Add(code))
                return;
        }
        Note(code, $"tolerated: {text}");
    }

    /// <summary>Counts what was tolerated in a message, and writes each kind of it down once.</summary>
    public void Tolerated(string action, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
            return;
        Interlocked.Add(ref _warnings, warnings.Count);
        foreach (var warning in warnings)
            _tolerated.Add(Station, Tolerances.OfReader(warning), $"{action}: {warning}");
        var note = string.Join("; ", warnings);
        lock (_noted)
        {
            if (_noted.Count >= MaxNotes || !_noted.Add($"{action} {note}"))
                return;
        }
        Note(action, $"tolerated: {note}");
    }

    /// <summary>A line of the frame log that is no frame.</summary>
    public void Note(string text, string? note = null) => _frames.Keep(new(_clock.GetUtcNow(), Station, Direction.Line, text, note));

    public void OnFrame(in TappedFrame frame)
    {
        var isIncoming = frame.Direction == Protocols.Ocpp.Rpc.FrameDirection.Received;
        if (isIncoming)
        {
            Interlocked.Increment(ref _messages);
            Origin.Stream?.Pace?.Message();
        }
        if (isIncoming)
            _habits.Look(frame, this);
        var text = FrameMasking.ForLog(frame.Action, Encoding.UTF8.GetString(frame.Text.Span));
        _frames.Keep(new(frame.At, Station, isIncoming ? Direction.In : Direction.Out, text));
    }

    public void OnTrouble(LineTrouble trouble)
    {
        Interlocked.Increment(ref _warnings);
        if (trouble.Kind is LineTroubleKind.FaultyFrame or LineTroubleKind.UnexpectedAnswer)
            _tolerated.Add(Station, trouble.Kind is LineTroubleKind.FaultyFrame ? Tolerances.FaultyFrame : Tolerances.AnswerToNothing, trouble.Detail);
        Note(trouble.Kind.ToString(), trouble.Detail);
        if (trouble.Cause is { } cause)
            LogFailed(cause, Station, trouble.Detail);
    }

    /// <summary>Swapped whole when the configuration changes: several loops read it.</summary>
    private sealed record Numbering(SiteConfiguration Of, ConnectorNumbers Connectors);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of {Station} could not be handled: {Detail}")]
    private partial void LogFailed(Exception cause, string station, string detail);
}

/// <summary>Where a line came from and what was agreed on it.</summary>
/// <param name="Remote">Address, without port.</param>
/// <param name="Protocol">For people: <c>OCPP 1.6</c>.</param>
/// <param name="Stream">Null where the bytes cannot be watched.</param>
/// <param name="Local">Of the listener, as this charger reaches it: <c>http://192.168.1.2:8887</c>.</param>
/// <param name="Host">What the charger itself calls us, with a port if it said one.</param>
public sealed record LineOrigin(string Remote, string Protocol, LineStream? Stream, Uri? Local = null, string? Host = null);
