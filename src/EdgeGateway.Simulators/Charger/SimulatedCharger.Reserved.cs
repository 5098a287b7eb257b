using EdgeGateway.Protocols.Ocpp.V21;
using ConnectorState = EdgeGateway.Protocols.Ocpp.V16.ChargePointStatus;

namespace EdgeGateway.Simulators.Charger;

/// <summary>Places that the central system has it keep free, and limits that it has it keep to.</summary>
public sealed partial class SimulatedCharger
{
    private readonly Dictionary<int, Held> _reserved = [];
    private readonly ChargerLimits _limits;

    /// <summary>Ids of the reservations in force.</summary>
    public IReadOnlyCollection<int> Reservations
    {
        get
        {
            lock (_lock)
                return [.. _reserved.Values.Select(r => r.Id)];
        }
    }

    internal ChargerLimits Limits => _limits;

    /// <param name="connector">Null: any that is free (2.x H01).</param>
    internal ReserveNowStatus Reserve(int? connector, int id, string idTag, DateTimeOffset expires)
    {
        Held held;
        lock (_lock)
        {
            var place = connector is { } one
                ? _connectors.GetValueOrDefault(one)
                : _connectors.Values.FirstOrDefault(c => c.Status is ConnectorState.Available) ?? _connectors[1];
            if (place is null)
                return ReserveNowStatus.Rejected;
            if (place.Status is ConnectorState.Faulted)
                return ReserveNowStatus.Faulted;
            if (place.Status is ConnectorState.Unavailable)
                return ReserveNowStatus.Unavailable;
            var isRenewed = _reserved.GetValueOrDefault(place.Number)?.Id == id;
            if (place.Status is not ConnectorState.Available && !isRenewed)
                return ReserveNowStatus.Occupied;
            _reserved[place.Number] = held = new(place.Number, id, idTag, expires);
        }
        Run(async () =>
        {
            await PauseAsync(AnswerFirst);
            if (IsInForce(held))
                SetStatus(held.Connector, ConnectorState.Reserved);
            if (held.Expires - Now is { Ticks: > 0 } left)
                await PauseAsync(left);
            Release(held);
        });
        return ReserveNowStatus.Accepted;
    }

    internal bool CancelReservation(int id)
    {
        Held? known;
        lock (_lock)
            known = _reserved.Values.FirstOrDefault(r => r.Id == id);
        if (known is not null)
            Release(known);
        return known is not null;
    }

    /// <param name="evse">0 = the whole station.</param>
    internal bool Limit(int evse, ChargingProfile profile)
    {
        var place = profile.TransactionId is { } named ? PlaceOf(named) : _connectors.GetValueOrDefault(evse);
        var isTaken = _limits.Set(evse, profile, place?.Entry is { } number && (evse == 0 || place.Number == evse) ? NameOf(number) : null);
        if (isTaken)
            KeepLimits();
        return isTaken;
    }

    internal bool Unlimit(int? id, int? evse, ChargingProfilePurpose? purpose, int? stackLevel)
    {
        var isGone = _limits.Clear(id, evse, purpose, stackLevel);
        KeepLimits();
        return isGone;
    }

    /// <summary>The schedule in force on a connector; without one what the charger can. Null: no such connector.</summary>
    internal ChargingSchedule? Composite(int connector)
    {
        lock (_lock)
        {
            if (!_connectors.TryGetValue(connector, out var place))
                return null;
            return _limits.ScheduleAt(connector, place.Entry is { } number ? NameOf(number) : null)
                ?? new() { Id = 0, ChargingRateUnit = ChargingRateUnit.W, ChargingSchedulePeriod = [new() { StartPeriod = 0, Limit = Options.PowerW }] };
        }
    }

    /// <summary>Whether this tag may start there; what was kept free for it is used up.</summary>
    private bool TakeReserved(int connector, string idTag, out int? id)
    {
        id = null;
        if (!_reserved.TryGetValue(connector, out var reserved))
            return true;
        if (!string.Equals(reserved.IdTag, idTag, StringComparison.OrdinalIgnoreCase))
            return false;
        id = reserved.Id;
        _reserved.Remove(connector);
        return true;
    }

    private bool IsInForce(Held held)
    {
        lock (_lock)
            return ReferenceEquals(_reserved.GetValueOrDefault(held.Connector), held);
    }

    private void Release(Held held)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_reserved.GetValueOrDefault(held.Connector), held))
                return;
            _reserved.Remove(held.Connector);
            if (_connectors[held.Connector].Status is not ConnectorState.Reserved)
                return;
        }
        SetStatus(held.Connector, ConnectorState.Available);
    }

    private sealed record Held(int Connector, int Id, string IdTag, DateTimeOffset Expires);
}
