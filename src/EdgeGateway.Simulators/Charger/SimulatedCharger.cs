using System.Collections.Concurrent;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Simulators.Charger.Tongues;
using ConnectorState = EdgeGateway.Protocols.Ocpp.V16.ChargePointStatus;

namespace EdgeGateway.Simulators.Charger;

/// <summary>
/// An OCPP charger of any version over a real WebSocket: cars, cards and a meter on one side, a line that may break on the other, and a ledger of
/// what truly happened. Transaction messages are kept and sent again until they are answered; everything else is of the moment.
/// </summary>
public sealed partial class SimulatedCharger : IAsyncDisposable
{
    private const int DiaryLines = 200;

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly IChargerTongue _tongue;
    private readonly ChargerLine _line;
    private readonly ChargerErrands _tasks;
    private readonly ChargerQueue _queue = new();
    private readonly Dictionary<int, ChargerConnector> _connectors = [];
    private readonly List<Action<ChargerEvent>> _watchers = [];
    private readonly ConcurrentDictionary<Task, bool> _errands = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _diary = [];
    private TimeSpan _meterInterval;
    private TimeSpan _clockError;

    public SimulatedCharger(SimulatedChargerOptions options, TimeProvider clock)
    {
        Options = options;
        _clock = clock;
        _meterInterval = options.MeterInterval;
        for (var number = 1; number <= options.Connectors; number++)
            _connectors[number] = new(number, new ChargerMeter(options.RegisterWh + (1000L * (number - 1)), clock));
        Settings = new(options, TakeSetting);
        LocalList = new(options.LocalListEntries, options.LocalListPerMessage);
        _limits = new(options.Quirks);
        _tongue = options.Version == OcppVersion.V16 ? new Tongue16(this) : new Tongue2x(this, options.Version, options.Seed);
        _tasks = new(this, _tongue);
        _line = new(this, options, clock, _tongue, _queue);
        _password = options.Password is { } password ? Encoding.UTF8.GetBytes(password) : null;
        (ClientCertificate, FirmwareVersion) = (options.ClientCertificate, options.Firmware);
        PowerUpClock();
    }

    public SimulatedChargerOptions Options { get; }

    public string Identity => Options.Identity;

    public ChargerLedger Ledger { get; } = new();

    public ChargerFaults Faults { get; } = new();

    public ChargerSettings Settings { get; }

    public ChargerLocalList LocalList { get; }

    /// <summary>What it runs now; a fetched one is named by its first bytes.</summary>
    public string FirmwareVersion { get; private set; }

    public bool IsConnected => _line.IsServed;

    /// <summary>Transaction messages that wait for an answer.</summary>
    public int Waiting => _queue.Count;

    /// <summary>CALLERRORs that transaction messages got; there should never be one (FIELD-NOTES 2).</summary>
    public IReadOnlyList<string> Refusals => _line.Refusals;

    /// <summary>Wall clock of the charger, whole seconds.</summary>
    internal DateTimeOffset Now
    {
        get
        {
            var now = _clock.GetUtcNow() + _clockError;
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        }
    }

    /// <summary>What happened last, for a log that somebody asks for.</summary>
    internal IEnumerable<string> Diary => _diary;

    internal ChargerLine Line => _line;

    internal ChargerErrands Errands => _tasks;

    internal CancellationToken Stopping => _stopping.Token;

    private bool ClockIsRight => _clockError.Duration() < TimeSpan.FromSeconds(30);

    internal IReadOnlyDictionary<int, ChargerConnector> Connectors => _connectors;

    /// <summary>Called for what happens; must be quick. Register before <see cref="Start"/>.</summary>
    public void Watch(Action<ChargerEvent> watcher) => _watchers.Add(watcher);

    /// <summary>Connects, and keeps on connecting until it is disposed of.</summary>
    public void Start() => _line.Start(_stopping.Token);

    /// <summary>A whole visit: plug, card, charge until full or <paramref name="atMost"/> has passed, stop, leave.</summary>
    /// <returns>The ledger's number of the transaction, or null when the card was refused.</returns>
    public async Task<int?> VisitAsync(int connector, string idTag, long needWh, TimeSpan atMost, CancellationToken cancellationToken)
    {
        PlugIn(connector, needWh);
        var number = await PresentAsync(connector, idTag, cancellationToken);
        if (number is { } started)
        {
            var until = _clock.GetUtcNow() + atMost;
            while (_clock.GetUtcNow() < until && Ledger[started].IsRunning && !IsFull(connector))
                await Task.Delay(TimeSpan.FromSeconds(1), _clock, cancellationToken);
            Stop(connector, Reason.Local, idTag);
        }
        Unplug(connector);
        return number;
    }

    public bool IsFull(int connector)
    {
        lock (_lock)
        {
            _connectors[connector].Meter.Read();
            return _connectors[connector].Meter.IsFull;
        }
    }

    /// <summary>The line breaks without a word; the charger comes back by itself.</summary>
    public void CutLine() => _line.Abort("cut by the script");

    /// <summary>The line is away until <see cref="RestoreLine"/>; what happens meanwhile waits.</summary>
    public void HoldLine() => _line.Hold();

    public void RestoreLine() => _line.Release();

    /// <summary>The power fails and comes back: what runs ends with PowerLoss, the clock may be lost, a BootNotification follows.</summary>
    public void PowerCycle() => Restart(Reason.PowerLoss, BootReason.PowerUp);

    internal void Restart(Reason reason, BootReason boot)
    {
        foreach (var connector in _connectors.Keys)
            Stop(connector, reason);
        PowerUpClock();
        _line.ForgetBoot(boot);
        _line.Abort(reason == Reason.PowerLoss ? "power cut" : "restart");
    }

    /// <summary>The register falls back to 0, right after a reading was sent so that no Wh goes unseen (FIELD-NOTES 12).</summary>
    public void ResetRegister(int connector)
    {
        lock (_lock)
        {
            Sample(_connectors[connector], TriggerReason.MeterValuePeriodic);
            _connectors[connector].Meter.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _line.DisposeAsync();
        await Task.WhenAll(_errands.Keys);
        _tasks.Dispose();
        _stopping.Dispose();
    }

    internal void Booted(BootAnswer answer)
    {
        if (Options.ClockAfterPowerUp is not null)
            _clockError = answer.CurrentTime - _clock.GetUtcNow();
        Tell(0, "accepted");
    }

    internal void Tell(int connector, string what)
    {
        var happened = new ChargerEvent(_clock.GetUtcNow(), Identity, connector, what);
        _diary.Enqueue($"{happened.At:O} {connector} {what}");
        if (_diary.Count > DiaryLines)
            _diary.TryDequeue(out _);
        foreach (var watcher in _watchers)
            watcher(happened);
    }

    internal TimeSpan MeterInterval => _meterInterval;

    /// <summary>Work beside the line's own loops; waited for at the end.</summary>
    internal void Run(Func<Task> errand)
    {
        async Task Guarded()
        {
            try
            {
                await errand();
            }
            catch (OperationCanceledException)
            {
                // The charger is going away.
            }
        }
        var task = Guarded();
        if (task.IsCompleted)
            return;
        _errands[task] = true;
        _ = task.ContinueWith(t => _errands.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void SetStatus(int connector, ConnectorState status)
    {
        lock (_lock)
        {
            var place = _connectors[connector];
            if (place.Status == status)
                return;
            place.Status = status;
            place.Since = Now;
            if (status == ConnectorState.Available)
                place.NeedWh = 0;
        }
        Tell(connector, $"{status}");
        Run(() => _line.TellStatusAsync(connector, _stopping.Token));
    }

    private void PowerUpClock() => _clockError = Options.ClockAfterPowerUp is { } wrong ? wrong - _clock.GetUtcNow() : TimeSpan.Zero;
}
