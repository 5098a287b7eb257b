namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Take a connector (0: all) into or out of service (5.2).</summary>
public sealed record ChangeAvailabilityRequest
{
    public required int ConnectorId { get; init; }

    public required AvailabilityType Type { get; init; }
}

public enum AvailabilityType
{
    Inoperative,
    Operative,
}

public sealed record ChangeAvailabilityResponse
{
    public required AvailabilityStatus Status { get; init; }
}

public enum AvailabilityStatus
{
    Accepted,
    Rejected,
    Scheduled,
}
