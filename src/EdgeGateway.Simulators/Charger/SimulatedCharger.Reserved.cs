using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Simulators.Charger;

/// <summary>Places that the central system has it keep free, and limits that it has it keep to.</summary>
public sealed partial class SimulatedCharger
{
    private readonly Dictionary<int, ReserveNowRequest> _reserved = [];
    private readonly Dictionary<int, ChargingProfile> _profiles = [];

    /// <summary>Ids of the reservations in force.</summary>
    public IReadOnlyCollection<int> Reservations
    {
        get
        {
            lock (_lock)
                return [.. _reserved.Values.Select(r => r.ReservationId)];
        }
    }

    internal ReservationStatus Reserve(ReserveNowRequest request)
    {
        lock (_lock)
        {
            if (!_connectors.TryGetValue(request.ConnectorId, out var place))
                return ReservationStatus.Rejected;
            if (place.Status is ChargePointStatus.Faulted)
                return ReservationStatus.Faulted;
            if (place.Status is ChargePointStatus.Unavailable)
                return ReservationStatus.Unavailable;
            var isRenewed = _reserved.GetValueOrDefault(place.Number)?.ReservationId == request.ReservationId;
            if (place.Status is not ChargePointStatus.Available && !isRenewed)
                return ReservationStatus.Occupied;
            _reserved[place.Number] = request;
        }
        Run(async () =>
        {
            await Task.Delay(AnswerFirst, _clock, _stopping.Token);
            if (IsReserved(request))
                SetStatus(request.ConnectorId, ChargePointStatus.Reserved);
            if (request.ExpiryDate - Now is { Ticks: > 0 } left)
                await Task.Delay(left, _clock, _stopping.Token);
            Release(request);
        });
        return ReservationStatus.Accepted;
    }

    internal bool CancelReservation(int id)
    {
        ReserveNowRequest? known;
        lock (_lock)
            known = _reserved.Values.FirstOrDefault(r => r.ReservationId == id);
        if (known is not null)
            Release(known);
        return known is not null;
    }

    internal ChargingProfileStatus Limit(ChargingProfile profile)
    {
        lock (_lock)
        {
            if (!_connectors.Values.Any(c => c.Entry is { } number && Ledger[number].TransactionId == profile.TransactionId))
                return ChargingProfileStatus.Rejected;
            _profiles[profile.ChargingProfileId] = profile;
            return ChargingProfileStatus.Accepted;
        }
    }

    internal bool Unlimit(int? id)
    {
        lock (_lock)
        {
            if (id is { } one)
                return _profiles.Remove(one);
            var any = _profiles.Count > 0;
            _profiles.Clear();
            return any;
        }
    }

    /// <summary>The profile of the transaction that runs there; without one what the charger can.</summary>
    internal GetCompositeScheduleResponse Composite(GetCompositeScheduleRequest request)
    {
        lock (_lock)
        {
            if (!_connectors.TryGetValue(request.ConnectorId, out var place))
                return new() { Status = GetCompositeScheduleStatus.Rejected };
            var transaction = place.Entry is { } number ? Ledger[number].TransactionId : null;
            var set = _profiles.Values.FirstOrDefault(p => p.TransactionId == transaction)?.ChargingSchedule;
            return new()
            {
                Status = GetCompositeScheduleStatus.Accepted,
                ConnectorId = request.ConnectorId,
                ScheduleStart = Now,
                ChargingSchedule = (set ?? new() { ChargingRateUnit = ChargingRateUnit.W, ChargingSchedulePeriod = [new() { StartPeriod = 0, Limit = Options.PowerW }] })
                    with { Duration = request.Duration },
            };
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
        id = reserved.ReservationId;
        _reserved.Remove(connector);
        return true;
    }

    private bool IsReserved(ReserveNowRequest request)
    {
        lock (_lock)
            return ReferenceEquals(_reserved.GetValueOrDefault(request.ConnectorId), request);
    }

    private void Release(ReserveNowRequest request)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_reserved.GetValueOrDefault(request.ConnectorId), request))
                return;
            _reserved.Remove(request.ConnectorId);
            if (_connectors[request.ConnectorId].Status is not ChargePointStatus.Reserved)
                return;
        }
        SetStatus(request.ConnectorId, ChargePointStatus.Available);
    }
}
