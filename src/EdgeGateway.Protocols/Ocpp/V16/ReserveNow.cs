using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Hold a connector for a tag (5.13).</summary>
public sealed record ReserveNowRequest
{
    public required int ConnectorId { get; init; }

    public required DateTimeOffset ExpiryDate { get; init; }

    [Text(20, TooLong.Keep)]
    public required string IdTag { get; init; }

    [Text(20, TooLong.Keep)]
    public string? ParentIdTag { get; init; }

    public required int ReservationId { get; init; }
}

public sealed record ReserveNowResponse
{
    public required ReservationStatus Status { get; init; }
}

public enum ReservationStatus
{
    Accepted,
    Faulted,
    Occupied,
    Rejected,
    Unavailable,
}
