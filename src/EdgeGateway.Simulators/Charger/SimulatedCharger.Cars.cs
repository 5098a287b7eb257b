using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Simulators.Charger.Tongues;
using EdgeGateway.Simulators.Modbus;
using ConnectorState = EdgeGateway.Protocols.Ocpp.V16.ChargePointStatus;

namespace EdgeGateway.Simulators.Charger;

/// <summary>Cars and cards: what people do at it, and the transactions that come of it.</summary>
public sealed partial class SimulatedCharger
{
    private const string Accepted = "Accepted";

    private TransactionPoint StartPoint => Options.Version == OcppVersion.V16 ? TransactionPoint.PowerPathClosed : Options.StartPoint;

    private bool EndsWithTheCar => Options.Version != OcppVersion.V16 && Options.StopPoint == TransactionPoint.EVConnected;

    /// <summary>A car comes.</summary>
    /// <param name="needWh">What its battery takes.</param>
    public void PlugIn(int connector, long needWh)
    {
        lock (_lock)
        {
            var place = _connectors[connector];
            place.NeedWh = needWh;
            if (StartPoint == TransactionPoint.EVConnected && place.Entry is null)
            {
                var entry = Open(place, "") with { Admitted = LedgerEntry.NoCard };
                Ledger.Change(entry.Number, _ => entry);
                Owe(_tongue.Started(MomentOf(place, TriggerReason.CablePluggedIn, ChargingState.EVConnected)));
            }
        }
        SetStatus(connector, ConnectorState.Preparing);
    }

    /// <summary>The driver shows a card.</summary>
    /// <returns>The ledger's number of the transaction, or null when the card was refused.</returns>
    public async Task<int?> PresentAsync(int connector, string idTag, CancellationToken cancellationToken)
    {
        var known = LocalList.Cards.GetValueOrDefault(idTag);
        var status = known == Accepted && bool.Parse(Settings["LocalPreAuthorize"]!) ? known
            : IsConnected ? await _tongue.AuthorizeAsync(idTag, cancellationToken) : null;
        // No line, no answer: what the local list says, else what the charger does with cards that it cannot ask about (1.6 3.5.1, C13).
        status ??= bool.Parse(Settings["LocalAuthorizeOffline"]!) ? known : null;
        status ??= bool.Parse(Settings["AllowOfflineTxForUnknownId"]!) ? Accepted : null;
        if (status == Accepted)
            return Begin(connector, idTag, TriggerReason.Authorized);
        Tell(connector, $"card refused: {status ?? "nobody to ask"}");
        return null;
    }

    /// <summary>Ends what runs on a connector, if anything does.</summary>
    /// <param name="idTag">Of who stopped it; null = nobody's card.</param>
    public void Stop(int connector, Reason reason, string? idTag = null) => Stop(connector, reason, TriggerOf(reason), idTag);

    internal void Stop(int connector, Reason reason, TriggerReason trigger, string? idTag = null)
    {
        LedgerEntry entry;
        lock (_lock)
        {
            var place = _connectors[connector];
            if (place.Entry is not { } number || (place.Stopped is not null && !Ends(reason)))
                return;
            place.MeterLoop?.Cancel();
            place.Meter.Read();
            place.Meter.End();
            var wasCharging = place.IsCharging;
            place.IsCharging = false;
            var isEnd = Ends(reason);
            reason = place.Stopped ?? reason;
            var moment = MomentOf(place, trigger, isEnd && reason == Reason.EVDisconnected ? ChargingState.Idle : ChargingState.EVConnected) with { Reason = isEnd ? reason : null, IdTag = idTag };
            if (isEnd)
            {
                place.Entry = null;
                place.Stopped = null;
                var stopWh = Told(place);
                Ledger.Change(number, e => e with
                {
                    MeterStopWh = stopWh, StoppedAt = moment.At, Reason = $"{reason}", DeliveredWh = place.Meter.DeliveredWh, ClockWasRight = e.ClockWasRight && ClockIsRight,
                });
                if (NameOf(number) is { } transaction)
                    _limits.Forget(transaction);
                Owe(_tongue.Ended(moment with { Entry = Ledger[number] }));
            }
            else
            {
                place.Stopped = reason;
                Owe(_tongue.Updated(moment));
            }
            entry = Ledger[number];
            if (!wasCharging && isEnd && reason == Reason.EVDisconnected)
                return;
        }
        Tell(connector, $"stopped after {entry.DeliveredWh} Wh: {reason}");
        SetStatus(connector, ConnectorState.Finishing);
    }

    /// <summary>The car leaves; what runs is ended.</summary>
    public void Unplug(int connector)
    {
        Stop(connector, Reason.EVDisconnected);
        SetStatus(connector, ConnectorState.Available);
    }

    /// <summary>Tells the register, as it also does by itself every so often; a car that is full is noticed then.</summary>
    public void Measure(int connector)
    {
        lock (_lock)
        {
            var place = _connectors[connector];
            KeepLimits();
            place.Meter.Read();
            var isFull = place is { IsCharging: true, Meter.IsFull: true, Status: ConnectorState.Charging };
            Sample(place, isFull ? TriggerReason.ChargingStateChanged : TriggerReason.MeterValuePeriodic);
            if (isFull)
                SetStatus(connector, ConnectorState.SuspendedEV);
        }
    }

    /// <summary>What flows through a connector, for a meter before it: W now, and Wh since the simulation began.</summary>
    public MeasuredFlow Flow(int connector)
    {
        lock (_lock)
        {
            var meter = _connectors[connector].Meter;
            return new(meter.PowerW, meter.Read() - Options.RegisterWh - (1000L * (connector - 1)));
        }
    }

    /// <summary>The card of what runs there turned out to be refused.</summary>
    internal void Deauthorize(LedgerEntry entry)
    {
        if (Ledger[entry.Number].IsRunning && _connectors[entry.Connector].Entry == entry.Number)
            Stop(entry.Connector, Reason.DeAuthorized);
    }

    /// <summary>The name that a transaction has on the wire; null while 1.6 has not given it one.</summary>
    internal string? NameOf(int number) => Ledger[number] is var entry ? entry.OwnId ?? entry.TransactionId?.ToString() : null;

    /// <summary>Tells the register now, as asked.</summary>
    internal bool SampleNow(int? connector)
    {
        lock (_lock)
        {
            var running = _connectors.Values.Where(c => c.Entry is not null && (connector is null or 0 || c.Number == connector)).ToArray();
            foreach (var place in running)
                Sample(place, TriggerReason.Trigger);
            return running.Length > 0;
        }
    }

    /// <summary>What a place's limits allow now is what flows.</summary>
    internal void KeepLimits()
    {
        lock (_lock)
        {
            foreach (var place in _connectors.Values.Where(c => c is { IsCharging: true, Entry: not null }))
            {
                var allowed = _limits.AllowedW(place.Number, NameOf(place.Entry!.Value), Ledger[place.Entry.Value].StartedAt, Now);
                place.Meter.Read();
                place.Meter.Draw(_clock.GetUtcNow() < place.DrawsFrom ? 0 : Math.Clamp(allowed ?? Options.PowerW, 0, Options.PowerW));
            }
        }
    }

    private int? Begin(int connector, string idTag, TriggerReason trigger, int? remoteStartId = null)
    {
        LedgerEntry entry;
        lock (_lock)
        {
            var place = _connectors[connector];
            if (place.IsCharging || place.Stopped is not null || !TakeReserved(connector, idTag, out var reservation))
                return null;
            var isOpen = place.Entry is not null;
            entry = isOpen ? Ledger[place.Entry!.Value] : Open(place, idTag);
            Ledger.Change(entry.Number, e => e with { IdTag = idTag, ReservationId = reservation, Admitted = null, AuthorizedAt = isOpen ? Now : null });
            place.IsCharging = true;
            var state = StartPoint == TransactionPoint.PowerPathClosed ? ChargingState.Charging : ChargingState.EVConnected;
            var moment = MomentOf(place, trigger, state) with { IdTag = idTag, RemoteStartId = remoteStartId };
            Owe(isOpen ? _tongue.Updated(moment) : _tongue.Started(moment));
            place.Meter.Begin(Options.PowerW, place.NeedWh);
            place.DrawsFrom = _clock.GetUtcNow() + Options.DrawsAfter;
            KeepLimits();
            if (StartPoint != TransactionPoint.PowerPathClosed)
                Owe(_tongue.Updated(MomentOf(place, TriggerReason.ChargingStateChanged, ChargingState.Charging)));
            place.MeterLoop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var loop = place.MeterLoop.Token;
            Run(() => MeterAsync(place, loop));
            if (Options.DrawsAfter > TimeSpan.Zero)
                Run(() => DrawAsync(loop));
        }
        Tell(connector, $"charges, meter at {entry.MeterStartWh} Wh");
        SetStatus(connector, ConnectorState.Charging);
        return entry.Number;
    }

    private LedgerEntry Open(ChargerConnector place, string idTag)
    {
        place.Meter.Begin(0, 0);
        var startWh = Told(place);
        var entry = Ledger.Open(number => new()
        {
            Charger = Identity, Connector = place.Number, Number = number, IdTag = idTag, MeterStartWh = startWh, StartedAt = Now, ClockWasRight = ClockIsRight,
            OwnId = _tongue.NewTransactionId(),
        });
        place.Entry = entry.Number;
        return entry;
    }

    private async Task DrawAsync(CancellationToken cancellationToken)
    {
        // A trifle later, as a timer of the world may be a trifle early.
        await Task.Delay(Options.DrawsAfter + TimeSpan.FromMilliseconds(5), _clock, cancellationToken);
        KeepLimits();
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
                Measure(place.Number);
            }
        }
    }

    private void Sample(ChargerConnector place, TriggerReason trigger)
    {
        if (place.Entry is not { } number)
            return;
        place.Meter.Read();
        Ledger.Change(number, e => e with { DeliveredWh = place.Meter.DeliveredWh });
        Owe(_tongue.Updated(MomentOf(place, trigger, place.Meter.IsFull ? ChargingState.SuspendedEV : ChargingState.Charging)));
    }

    private TransactionMoment MomentOf(ChargerConnector place, TriggerReason trigger, ChargingState state)
    {
        place.Meter.Read();
        return new()
        {
            Entry = Ledger[place.Entry!.Value],
            At = Now,
            Trigger = trigger,
            State = state,
            ToldWh = !Options.HasMeter ? null : Options.SessionRelativeMeter ? place.Meter.DeliveredWh : place.Meter.Read(),
            PowerW = place.Meter.PowerW,
            IsOffline = !IsConnected,
        };
    }

    /// <summary>What a start or an end tells: of 1.6 the lifetime register, whatever the values between them are (FIELD-NOTES 12).</summary>
    private long Told(ChargerConnector place)
    {
        var register = Options.HasMeter ? place.Meter.Read() : 0;
        return Options.SessionRelativeMeter && Options.Version != OcppVersion.V16 ? place.Meter.DeliveredWh : register;
    }

    private void Owe(OwedMessage? message)
    {
        if (message is not null)
            _queue.Add(message);
    }

    private bool Ends(Reason reason) => !EndsWithTheCar || reason is Reason.EVDisconnected or Reason.PowerLoss or Reason.ImmediateReset or Reason.Reboot;

    private static TriggerReason TriggerOf(Reason reason) => reason switch
    {
        Reason.Remote => TriggerReason.RemoteStop,
        Reason.EVDisconnected => TriggerReason.EVCommunicationLost,
        Reason.DeAuthorized => TriggerReason.Deauthorized,
        Reason.ImmediateReset or Reason.Reboot => TriggerReason.ResetCommand,
        Reason.PowerLoss => TriggerReason.AbnormalCondition,
        _ => TriggerReason.StopAuthorized,
    };
}
