namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Free a connector that ReserveNow held (5.1).</summary>
public sealed record CancelReservationRequest
{
    public required int ReservationId { get; init; }
}

public sealed record CancelReservationResponse
{
    public required CancelReservationStatus Status { get; init; }
}

public enum CancelReservationStatus
{
    Accepted,
    Rejected,
}
