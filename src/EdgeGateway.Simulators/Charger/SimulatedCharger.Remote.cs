using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What the central system has it do.</summary>
public sealed partial class SimulatedCharger
{
    /// <summary>A real charger acts after it has answered.</summary>
    private static readonly TimeSpan AnswerFirst = TimeSpan.FromMilliseconds(50);

    /// <summary>A remote start: the card needs no asking (AuthorizeRemoteTxRequests is false).</summary>
    internal bool StartRemotely(int? wanted, string idTag)
    {
        var place = _connectors.Values.FirstOrDefault(c => (wanted is null || c.Number == wanted) && c.Entry is null && c.Status != ChargePointStatus.Unavailable
            && (!_reserved.TryGetValue(c.Number, out var reserved) || string.Equals(reserved.IdTag, idTag, StringComparison.OrdinalIgnoreCase)));
        if (place is null)
            return false;
        Run(async () =>
        {
            await Task.Delay(AnswerFirst, _clock, _stopping.Token);
            if (place.NeedWh == 0)
                PlugIn(place.Number, Options.RemoteNeedWh);
            Begin(place.Number, idTag);
        });
        return true;
    }

    internal bool StopRemotely(int transactionId)
    {
        var place = _connectors.Values.FirstOrDefault(c => c.Entry is { } number && Ledger[number].TransactionId == transactionId);
        if (place is null)
            return false;
        Run(async () =>
        {
            await Task.Delay(AnswerFirst, _clock, _stopping.Token);
            Stop(place.Number, StopReason.Remote);
        });
        return true;
    }

    internal void SendTriggered(MessageTrigger message, int? connector) => Run(async () =>
    {
        if (message == MessageTrigger.BootNotification)
            await _line.BootAsync(_stopping.Token);
        else
            foreach (var number in connector is { } one ? [one] : Enumerable.Range(0, _connectors.Count + 1))
                await _line.TellStatusAsync(number, _stopping.Token);
    });

    internal void SetAvailable(int connector, bool available)
    {
        foreach (var place in _connectors.Values.Where(c => (connector == 0 || c.Number == connector) && c.Entry is null))
            SetStatus(place.Number, available ? ChargePointStatus.Available : ChargePointStatus.Unavailable);
    }

    internal bool SetMeterInterval(TimeSpan interval)
    {
        if (Options.FixedMeterInterval || interval <= TimeSpan.Zero)
            return false;
        _meterInterval = interval;
        return true;
    }
}
