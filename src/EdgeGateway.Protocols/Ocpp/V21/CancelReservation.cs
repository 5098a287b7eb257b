using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Free what ReserveNow held (H02).</summary>
public sealed record CancelReservationRequest
{
    [NotBelow(0)]
    public required int ReservationId { get; init; }
}

public sealed record CancelReservationResponse
{
    public required CancelReservationStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum CancelReservationStatus
{
    Accepted,
    Rejected,
}
