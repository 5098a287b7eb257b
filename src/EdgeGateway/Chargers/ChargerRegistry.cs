using System.Collections.Concurrent;
using System.Net.WebSockets;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers;

/// <summary>The open lines: one for each station, the newest (I18, S4). A line comes here only after its station proved who it is.</summary>
public sealed class ChargerRegistry : IDisposable
{
    private static readonly TimeSpan RoundEvery = TimeSpan.FromSeconds(1);

    private readonly Func<ChargersOptions> _options;
    private readonly SiteEngine _site;
    private readonly Remarks _remarks;
    private readonly QuirkDesk _quirks;
    private readonly ToleranceLedger _tolerated;
    private readonly ConcurrentDictionary<string, ChargerLine> _lines = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _order = new();
    private readonly ITimer _round;
    private ChargersOptions? _settings;

    public ChargerRegistry(Func<ChargersOptions> options, SiteEngine site, Remarks remarks, QuirkDesk quirks, ToleranceLedger tolerated, TimeProvider clock)
    {
        (_options, _site, _remarks, _quirks, _tolerated) = (options, site, remarks, quirks, tolerated);
        _round = clock.CreateTimer(_ => LookAround(), null, RoundEvery, RoundEvery);
    }

    public IEnumerable<ChargerLine> Lines => _lines.Values;

    public int Count => _lines.Count;

    public ChargerLine? Find(string station) => _lines.GetValueOrDefault(station);

    public int CountQuarantined() => _lines.Values.Count(static l => !l.IsAdmitted);

    /// <summary>Whether the station has a line that proved who it is: one that did not never replaces it (S4).</summary>
    public bool IsHeldAgainst(Entry entry) => !entry.IsAuthenticated && Find(entry.Station) is { Entry.IsAuthenticated: true };

    /// <summary>Makes this the station's line, and closes the one it replaces. Completes when it is recorded.</summary>
    /// <exception cref="NotRecordedException">It could not be recorded.</exception>
    public async Task OpenAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        ChargerLine? replaced;
        Task recorded;
        // Who is registered and what the site is told change together, so that the site never believes an older word than the newest line's.
        lock (_order)
        {
            if (IsHeldAgainst(line.Entry))
                throw new NotRecordedException("A line that proved who it is has come first.");
            replaced = _lines.GetValueOrDefault(line.Station);
            _lines[line.Station] = line;
            recorded = _site.ReportAsync(new StationConnected(line.Station, line.Origin.Protocol, line.Origin.Remote), cancellationToken);
        }
        if (replaced is not null)
        {
            var isElsewhere = replaced.Origin.Remote != line.Origin.Remote;
            line.Tolerated(Tolerances.LineReplaced, $"a line from {replaced.Origin.Remote} was still open");
            replaced.Note("replaced", $"by a newer line from {line.Origin.Remote}");
            _remarks.Make(isElsewhere ? Severity.Warning : Severity.Info, "StationReplaced", line.Station,
                isElsewhere ? $"A line from {line.Origin.Remote} replaced the one from {replaced.Origin.Remote}." : "A newer line replaced one that was still open.");
            _ = replaced.Rpc.CloseAsync(WebSocketCloseStatus.PolicyViolation, "replaced by a newer connection");
        }
        await recorded;
    }

    /// <summary>Takes the line out, unless a newer one stands in its place already.</summary>
    public async Task CloseAsync(ChargerLine line, string because)
    {
        Task recorded;
        lock (_order)
        {
            if (!_lines.TryRemove(KeyValuePair.Create(line.Station, line)))
                return;
            recorded = _site.ReportAsync(new StationDisconnected(line.Station, because), CancellationToken.None);
        }
        try
        {
            await recorded;
        }
        catch (NotRecordedException)
        {
            // Whether a line is open is known by whether it is here; what the disk says of it is set right at the next start.
        }
    }

    public void Dispose() => _round.Dispose();

    /// <summary>What is wanted of a charger's settings holds for open lines too, after what was wanted before.</summary>
    private static async Task AdjustAsync(ChargerLine line, Task before)
    {
        await Task.WhenAll(line.SetUp, before);
        await line.Dialect.AdjustAsync(line, CancellationToken.None);
    }

    /// <summary>Pings the quiet lines and gives up the dead.</summary>
    private void LookAround()
    {
        var settings = _options();
        var heartbeat = settings.HeartbeatSeconds;
        var isEdited = !ReferenceEquals(settings, _settings);
        var isFirst = _settings is null;
        _settings = settings;
        _tolerated.TellOwed();
        foreach (var line in _lines.Values)
        {
            _quirks.Refresh(line);
            // What was agreed at the door no longer holds: the charger comes again and is asked anew.
            if (isEdited && (settings.IsOverModbus(line.Station) || !(settings.Station(line.Station) ?? new StationAccess { Id = line.Station }).IsSameAtDoor(line.Entry.Access)))
                _ = line.Rpc.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "the station's settings were changed");
            else if (isEdited && !isFirst)
                line.Adjusted = AdjustAsync(line, line.Adjusted);
            // A certificate that was taken back speaks for nobody, on an open line either: whoever has it now may not be the charger.
            if (line.Entry is { Profile: SecurityProfiles.Certificate, Transport.Certificate: { } shown } && shown.IsRevoked())
                line.Rpc.Abort("its certificate was revoked");
            var ping = line.Quirks.PingSeconds ?? StationAccess.UsualPingSeconds;
            if (ping <= 0 || line.Origin.Stream is not { } lifeline)
                continue;
            lifeline.PingAfter(TimeSpan.FromSeconds(ping));
            // A charger that answers pings must go on doing so; one that never did is judged by its heartbeats (FIELD-NOTES 16).
            var limit = TimeSpan.FromSeconds(2.5 * (lifeline.AnswersPings ? ping : Math.Max(ping, heartbeat)));
            if (lifeline.Silence > limit)
                line.Rpc.Abort($"nothing came for {lifeline.Silence.TotalSeconds:0} s");
        }
    }
}
