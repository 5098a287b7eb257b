using System.Collections.Concurrent;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Simulators.Charger;

/// <summary>
/// An OCPP 1.6J charger over a real WebSocket: cars, cards and a meter on one side, a line that may break on the other, and a ledger of
/// what truly happened. Transaction messages are kept and sent again until they are answered; everything else is of the moment.
/// </summary>
public sealed partial class SimulatedCharger : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly ChargerLine _line;
    private readonly ChargerQueue _queue = new();
    private readonly Dictionary<int, ChargerConnector> _connectors = [];
    private readonly List<Action<ChargerEvent>> _watchers = [];
    private readonly ConcurrentDictionary<Task, bool> _errands = new();
    private readonly CancellationTokenSource _stopping = new();
    private TimeSpan _meterInterval;
    private TimeSpan _clockError;

    public SimulatedCharger(SimulatedChargerOptions options, TimeProvider clock)
    {
        Options = options;
        _clock = clock;
        _meterInterval = options.MeterInterval;
        for (var number = 1; number <= options.Connectors; number++)
            _connectors[number] = new(number, new ChargerMeter(options.RegisterWh + (1000L * (number - 1)), clock));
        _line = new(this, options, clock, _queue);
        PowerUpClock();
    }

    public SimulatedChargerOptions Options { get; }

    public string Identity => Options.Identity;

    public ChargerLedger Ledger { get; } = new();

    public ChargerFaults Faults { get; } = new();

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

    private bool ClockIsRight => _clockError.Duration() < TimeSpan.FromSeconds(30);

    internal IReadOnlyDictionary<int, ChargerConnector> Connectors => _connectors;

    /// <summary>Called for what happens; must be quick. Register before <see cref="Start"/>.</summary>
    public void Watch(Action<ChargerEvent> watcher) => _watchers.Add(watcher);

    /// <summary>Connects, and keeps on connecting until it is disposed of.</summary>
    public void Start() => _line.Start(_stopping.Token);

    /// <summary>A car comes.</summary>
    /// <param name="needWh">What its battery takes.</param>
    public void PlugIn(int connector, long needWh)
    {
        lock (_lock)
            _connectors[connector].NeedWh = needWh;
        SetStatus(connector, ChargePointStatus.Preparing);
    }

    /// <summary>The driver shows a card.</summary>
    /// <returns>The ledger's number of the transaction, or null when the card was refused.</returns>
    public async Task<int?> PresentAsync(int connector, string idTag, CancellationToken cancellationToken)
    {
        if (IsConnected)
        {
            var answer = await _line.CallAsync(V16Actions.Authorize, new AuthorizeRequest { IdTag = idTag }, cancellationToken);
            if (answer is { IdTagInfo.Status: not AuthorizationStatus.Accepted })
            {
                Tell(connector, $"card refused: {answer.IdTagInfo.Status}");
                return null;
            }
            if (answer is null && !Options.StartsOffline)
                return null;
        }
        else if (!Options.StartsOffline)
            return null;
        return Begin(connector, idTag);
    }

    /// <summary>Ends the transaction on a connector, if there is one.</summary>
    /// <param name="idTag">Of who stopped it; null = nobody's card.</param>
    public void Stop(int connector, StopReason reason, string? idTag = null)
    {
        LedgerEntry? ended = null;
        lock (_lock)
        {
            var place = _connectors[connector];
            if (place.Entry is not { } number)
                return;
            place.MeterLoop?.Cancel();
            var stopWh = place.Meter.Read();
            place.Meter.End();
            place.Entry = null;
            var at = Now;
            Ledger.Change(number, e => e with { MeterStopWh = stopWh, StoppedAt = at, Reason = $"{reason}", DeliveredWh = place.Meter.DeliveredWh, ClockWasRight = e.ClockWasRight && ClockIsRight });
            ended = Ledger[number];
            if (ended.TransactionId is { } transaction)
                _profiles.Remove(transaction);
            _queue.Add(ChargerMessages.Stop(Ledger, ended, reason, idTag));
        }
        Tell(connector, $"stopped after {ended.DeliveredWh} Wh: {reason}");
        SetStatus(connector, ChargePointStatus.Finishing);
    }

    /// <summary>The car leaves; what runs is ended.</summary>
    public void Unplug(int connector)
    {
        Stop(connector, StopReason.EVDisconnected);
        SetStatus(connector, ChargePointStatus.Available);
    }

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
            Stop(connector, StopReason.Local, idTag);
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

    /// <summary>The power fails and comes back: what runs ends with PowerLoss, the clock may be lost, a BootNotification follows.</summary>
    public void PowerCycle()
    {
        foreach (var connector in _connectors.Keys)
            Stop(connector, StopReason.PowerLoss);
        PowerUpClock();
        _line.ForgetBoot();
        _line.Abort("power cut");
    }

    /// <summary>The register falls back to 0, right after a reading was sent so that no Wh goes unseen (FIELD-NOTES 12).</summary>
    public void ResetRegister(int connector)
    {
        lock (_lock)
        {
            Sample(_connectors[connector]);
            _connectors[connector].Meter.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _line.DisposeAsync();
        await Task.WhenAll(_errands.Keys);
        _stopping.Dispose();
    }

    internal void Booted(BootNotificationResponse answer)
    {
        if (Options.ClockAfterPowerUp is not null)
            _clockError = answer.CurrentTime - _clock.GetUtcNow();
        Tell(0, "accepted");
    }

    internal void Tell(int connector, string what)
    {
        var happened = new ChargerEvent(_clock.GetUtcNow(), Identity, connector, what);
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

    private int? Begin(int connector, string idTag)
    {
        LedgerEntry entry;
        lock (_lock)
        {
            var place = _connectors[connector];
            if (place.Entry is not null || !TakeReserved(connector, idTag, out var reservation))
                return null;
            var startWh = place.Meter.Read();
            entry = Ledger.Open(number => new()
            {
                Charger = Identity, Connector = connector, Number = number, IdTag = idTag, MeterStartWh = startWh, StartedAt = Now, ClockWasRight = ClockIsRight, ReservationId = reservation,
            });
            place.Entry = entry.Number;
            place.Meter.Begin(Options.PowerW, place.NeedWh);
            _queue.Add(ChargerMessages.Start(Ledger, entry, refused: () => Stop(connector, StopReason.DeAuthorized)));
            place.MeterLoop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var loop = place.MeterLoop.Token;
            Run(() => MeterAsync(place, loop));
        }
        Tell(connector, $"charges, meter at {entry.MeterStartWh} Wh");
        SetStatus(connector, ChargePointStatus.Charging);
        return entry.Number;
    }

    private async Task MeterAsync(ChargerConnector place, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_meterInterval, _clock, cancellationToken);
            lock (_lock)
            {
                if (cancellationToken.IsCancellationRequested)
                    return;
                Sample(place);
            }
            if (place.Meter.IsFull && place.Status == ChargePointStatus.Charging)
                SetStatus(place.Number, ChargePointStatus.SuspendedEV);
        }
    }

    private void Sample(ChargerConnector place)
    {
        if (place.Entry is not { } number)
            return;
        var register = place.Meter.Read();
        Ledger.Change(number, e => e with { DeliveredWh = place.Meter.DeliveredWh });
        var told = Options.SessionRelativeMeter ? place.Meter.DeliveredWh : register;
        _queue.Add(ChargerMessages.Values(Ledger, Ledger[number], Now, told, place.Meter.PowerW));
    }

    private void SetStatus(int connector, ChargePointStatus status)
    {
        lock (_lock)
        {
            var place = _connectors[connector];
            if (place.Status == status)
                return;
            place.Status = status;
            place.Since = Now;
            if (status == ChargePointStatus.Available)
                place.NeedWh = 0;
        }
        Tell(connector, $"{status}");
        Run(() => _line.TellStatusAsync(connector, _stopping.Token));
    }

    private void PowerUpClock() => _clockError = Options.ClockAfterPowerUp is { } wrong ? wrong - _clock.GetUtcNow() : TimeSpan.Zero;
}

/// <summary>A connector as the charger knows it.</summary>
internal sealed class ChargerConnector(int number, ChargerMeter meter)
{
    public int Number => number;
    public ChargerMeter Meter => meter;
    public ChargePointStatus Status { get; set; } = ChargePointStatus.Available;
    public DateTimeOffset Since { get; set; }

    /// <summary>What the plugged car takes; 0 = no car.</summary>
    public long NeedWh { get; set; }

    /// <summary>The ledger's number of the running transaction.</summary>
    public int? Entry { get; set; }
    public CancellationTokenSource? MeterLoop { get; set; }
}
