using System.Collections.Immutable;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Meters;

/// <summary>Opens the way to one device. What it gives is disposed when it can be, once nobody reads that device any more.</summary>
public delegate IModbusUnit OpenUnit(ModbusTransport transport, byte unit, ModbusTiming timing);

/// <summary>
/// The site's own meters: a loop for each, looked after by one that keeps samples, follows the configuration and starts again whatever has died or
/// hangs. What it tells is in memory; what must survive lies in the log, a row a meter and minute (FIELD pain 12).
/// </summary>
public sealed partial class SiteMeters(
    Func<MetersOptions> options, OpenUnit open, IMeterLog log, SiteEngine engine, TimeProvider clock, ILogger<SiteMeters> logger) : BackgroundService, ISiteMeters
{
    /// <summary>How often it looks whether something is to be done.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often samples are kept.</summary>
    public static readonly TimeSpan KeepInterval = TimeSpan.FromMinutes(1);

    /// <summary>What is asked of a moment so short ago is asked of now: messages take their time.</summary>
    public static readonly TimeSpan NowReach = TimeSpan.FromSeconds(5);

    /// <summary>The first readings of one bus's meters are spread over at most so long.</summary>
    public static readonly TimeSpan MostStagger = TimeSpan.FromSeconds(5);

    /// <summary>Beyond its period, a beat that takes longer hangs: even a dead serial line answers its waiters sooner.</summary>
    public static readonly TimeSpan LongestBeat = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, (long Beats, long Since)> _beats = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DateTimeOffset> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<MeterLine> _lines = [];
    private ImmutableArray<Action<MeterReading>> _watchers = [];
    private IReadOnlyDictionary<string, KeptMeter> _last = new Dictionary<string, KeptMeter>();
    private MeterSurroundings? _around;
    private SessionValues? _sessions;
    private MetersOptions? _current;
    private long _rounds;
    private long _keptAt;

    /// <summary>Before the first look they are there, and not read yet: whoever shows what there is must not take them for gone.</summary>
    public IReadOnlyList<MeterReading> Newest => _ready.Task.IsCompleted
        ? [.. _lines.Select(static l => l.Newest)]
        : [.. options().Meters.Select(static m => MeterValues.Empty(m, MeterMemory.Of(m.Meter, null)))];

    /// <summary>In the order of the configuration.</summary>
    internal IReadOnlyList<MeterLine> Lines => _lines;

    /// <summary>Moves with each look: proof of life for the watchdog (FIELD pain 5).</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>Completes when the first meters are being read.</summary>
    public Task Ready => _ready.Task;

    public async ValueTask<MeterSample?> AtAsync(string station, int evse, DateTimeOffset at, MeterMoment moment, CancellationToken cancellationToken)
    {
        if (_lines.FirstOrDefault(l => l.Options.Meter is { Role: MeterRole.Station } m && m.Evse == evse && string.Equals(m.Station, station, StringComparison.OrdinalIgnoreCase)) is not { } line)
            return null;
        var now = clock.GetUtcNow();
        at = at > now ? now : at;
        var past = line.Memory.Past;
        if (now - at <= NowReach && !line.IsSilent)
        {
            await line.RefreshAsync(cancellationToken);
            // Read when the question was asked: it is what the meter shows at that moment, whichever side is wanted.
            if (past.Newest is { } fresh && fresh.At >= now - MeterLine.Fresh)
                return WithSerial(line, fresh);
        }
        var (before, after) = past.Around(at, MeterPast.Reach);
        if (before is null || after is null)
        {
            var kept = await log.AroundAsync(line.Options.Id, at, MeterPast.Reach, cancellationToken);
            (before, after) = (Nearer(before, kept.Before, at), Nearer(after, kept.After, at));
        }
        return MeterPast.Choose(before, after, at, moment) is { } sample ? WithSerial(line, sample) : null;
    }

    public void Watch(Action<MeterReading> watcher) => ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Add(one), watcher);

    /// <summary>All that a meter's device has, read now; null where no meter has that id.</summary>
    public async Task<(MeterOptions Options, DeviceReading Reading)?> ReadAsync(string id, CancellationToken cancellationToken) =>
        Find(id) is { } line ? (line.Options, await line.ReadAllAsync(cancellationToken)) : null;

    /// <summary>Its configuration and what it shows; null where no meter has that id.</summary>
    public (MeterOptions Options, MeterReading Newest)? Look(string id) => Find(id) is { } line ? (line.Options, line.Newest) : null;

    public IReadOnlyList<(MeterOptions Options, MeterReading Newest)> LookAtAll() => [.. _lines.Select(static l => (l.Options, l.Newest))];

    /// <summary>Completes with the next look.</summary>
    public async Task LookSoonAsync(CancellationToken cancellationToken)
    {
        var before = Rounds;
        while (Rounds == before)
            await Task.Delay(Interval / 4, clock, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not on the thread that starts the program.
        await Task.Yield();
        var remarks = new MeterRemarks(RemarkAsync, clock);
        _around = new(clock, remarks, Told, LogFault);
        _sessions = new(engine, clock);
        _last = await LastAsync(stoppingToken);
        _keptAt = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFault("meters", fault);
            }
            Interlocked.Increment(ref _rounds);
            _ready.TrySetResult();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var lines = _lines;
        // The counters' last word: the next start holds them against it.
        await KeepAsync(cancellationToken);
        await Task.WhenAll(lines.Select(static l => l.DisposeAsync().AsTask()));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(options(), _current))
            await FollowAsync(options());
        await ReviveAsync();
        _sessions!.Post(_lines, _current!.ValueInterval);
        if (clock.GetElapsedTime(_keptAt) >= KeepInterval)
        {
            _keptAt = clock.GetTimestamp();
            await KeepAsync(cancellationToken);
        }
    }

    /// <summary>Meters that were added, changed or removed. The others are read on as if nothing had happened; a changed one keeps what is known of it.</summary>
    private async Task FollowAsync(MetersOptions next)
    {
        var before = _lines.ToDictionary(static l => l.Options.Id, StringComparer.OrdinalIgnoreCase);
        var lines = ImmutableArray.CreateBuilder<MeterLine>(next.Meters.Length);
        var started = new List<MeterLine>();
        foreach (var meter in next.Meters)
        {
            if (before.Remove(meter.Id, out var line) && line.Options.IsSame(meter))
            {
                lines.Add(line);
                continue;
            }
            // The new way is opened before the old one is given back: the line that both use stays open.
            var fresh = Open(meter, line);
            started.Add(fresh);
            lines.Add(fresh);
            if (line is not null)
                await line.DisposeAsync();
        }
        _lines = lines.ToImmutable();
        _current = next;
        foreach (var line in started)
            line.Start(Turn(line));
        foreach (var gone in before.Values)
        {
            await gone.DisposeAsync();
            _beats.Remove(gone.Options.Id);
            _around!.Remarks.Forget(gone.Options.Id);
        }
    }

    private MeterLine Open(MeterOptions meter, MeterLine? former)
    {
        // With another role or place it is another meter under the same name; read elsewhere it may be another device, which its serial number tells or its count.
        var memory = former is not null && former.Options.Meter.Role == meter.Meter.Role ? former.Memory : MeterMemory.Of(meter.Meter, _last.GetValueOrDefault(meter.Id));
        if (former is not null && former.Options.Template.Id == meter.Template.Id && !former.Options.IsSameDevice(meter))
        {
            memory.Exchange();
            _around!.Remarks.Make(Severity.Warning, "MeterExchanged", meter.Id, $"it is read at {meter.Transport}, unit {meter.Unit}, now; its count begins anew");
        }
        return new(meter, memory, open(meter.Transport, meter.Unit, meter.Timing), _around!);
    }

    /// <summary>Meters of one bus take turns.</summary>
    private TimeSpan Turn(MeterLine line)
    {
        var neighbours = _lines.Where(l => l.Options.Transport == line.Options.Transport).ToList();
        var spread = line.Options.Period < MostStagger ? line.Options.Period : MostStagger;
        return spread * neighbours.IndexOf(line) / neighbours.Count;
    }

    /// <summary>A loop that ended or hangs is replaced by a new one: nothing of a meter's reading may end unseen (FIELD pain 5).</summary>
    private async Task ReviveAsync()
    {
        for (var i = 0; i < _lines.Length; i++)
        {
            var (line, now) = (_lines[i], clock.GetTimestamp());
            var known = _beats.GetValueOrDefault(line.Options.Id);
            if (known.Since == 0 || known.Beats != line.Beats)
                _beats[line.Options.Id] = known = (line.Beats, now);
            if (!line.HasDied && clock.GetElapsedTime(known.Since, now) < line.Options.Period + LongestBeat)
                continue;
            LogRevived(line.Options.Id);
            var fresh = new MeterLine(line.Options, line.Memory, open(line.Options.Transport, line.Options.Unit, line.Options.Timing), _around!);
            _lines = _lines.SetItem(i, fresh);
            _beats.Remove(line.Options.Id);
            fresh.Start(TimeSpan.Zero);
            await line.DisposeAsync();
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var news = _lines.Select(static l => l.Newest).Where(r => r is { Quality: MeterQuality.Good, At: not null } && _kept.GetValueOrDefault(r.Meter) != r.At).ToList();
        if (news.Count == 0)
            return;
        await log.KeepAsync(news, cancellationToken);
        foreach (var reading in news)
            _kept[reading.Meter] = reading.At!.Value;
    }

    private async Task<IReadOnlyDictionary<string, KeptMeter>> LastAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await log.LastAsync(cancellationToken)).ToDictionary(static k => k.Sample.Meter, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A store that cannot be read says so itself; meters begin as on their first day.
            LogFault("meters", fault);
            return new Dictionary<string, KeptMeter>();
        }
    }

    private MeterLine? Find(string id) => _lines.FirstOrDefault(l => string.Equals(l.Options.Id, id, StringComparison.OrdinalIgnoreCase));

    private static MeterSample WithSerial(MeterLine line, MeterSample sample) => sample with { Serial = line.Memory.Serial };

    private static MeterSample? Nearer(MeterSample? a, MeterSample? b, DateTimeOffset at) =>
        a is null || (b is not null && (b.At - at).Duration() < (a.At - at).Duration()) ? b : a;

    private void Told(MeterReading reading)
    {
        foreach (var watcher in _watchers)
            watcher(reading);
    }

    private async Task RemarkAsync(Remarked remark)
    {
        try
        {
            await engine.ReportAsync(remark, CancellationToken.None);
        }
        catch (NotRecordedException)
        {
            // The engine shows its own trouble.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Meter {Meter}: a fault of the gateway's own; it is read on")]
    private partial void LogFault(string meter, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Meter {Meter}: its reading stood still and was begun anew")]
    private partial void LogRevived(string meter);
}
