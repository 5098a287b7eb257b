namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>New values for a dynamic profile (K28).</summary>
public sealed record UpdateDynamicScheduleRequest
{
    public required int ChargingProfileId { get; init; }

    public required ChargingScheduleUpdate ScheduleUpdate { get; init; }
}

public sealed record UpdateDynamicScheduleResponse
{
    public required ChargingProfileStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
