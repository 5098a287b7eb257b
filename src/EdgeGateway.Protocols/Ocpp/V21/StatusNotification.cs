using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A connector has a new status (G01).</summary>
public sealed record StatusNotificationRequest
{
    /// <summary>Required by the standard. A charger that cannot tell the time must still be able to say that it is faulted (FIELD-NOTES 11), as in 1.6.</summary>
    [Mandatory]
    public DateTimeOffset? Timestamp { get; init; }

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
