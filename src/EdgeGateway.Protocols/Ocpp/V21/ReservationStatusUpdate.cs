using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A reservation has ended at the station (H04).</summary>
public sealed record ReservationStatusUpdateRequest
{
    [NotBelow(0)]
    public required int ReservationId { get; init; }

    public required ReservationUpdateStatus ReservationUpdateStatus { get; init; }
}

public enum ReservationUpdateStatus
{
    Expired,
    Removed,
    [Since("2.1")] NoTransaction,
}

public sealed record ReservationStatusUpdateResponse;
