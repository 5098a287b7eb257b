using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A connector has a new status (G01).</summary>
public sealed record StatusNotificationRequest
{
    public required DateTimeOffset Timestamp { get; init; }

    public required ConnectorStatus ConnectorStatus { get; init; }

    [NotBelow(0)]
    public required int EvseId { get; init; }

    [NotBelow(0)]
    public required int ConnectorId { get; init; }
}

public enum ConnectorStatus
{
    Available,
    Occupied,
    Reserved,
    Unavailable,
    Faulted,
}

public sealed record StatusNotificationResponse;
