using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Take the station, an EVSE or a connector into or out of service (G03, G04).</summary>
public sealed record ChangeAvailabilityRequest
{
    public required OperationalStatus OperationalStatus { get; init; }

    /// <summary>Null: the whole station.</summary>
    [Vital]
    public EVSE? Evse { get; init; }
}

public enum OperationalStatus
{
    Inoperative,
    Operative,
}

public sealed record ChangeAvailabilityResponse
{
    public required ChangeAvailabilityStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum ChangeAvailabilityStatus
{
    Accepted,
    Rejected,
    Scheduled,
}
