namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The station fetches the newest values of a dynamic profile (K28).</summary>
public sealed record PullDynamicScheduleUpdateRequest
{
    public required int ChargingProfileId { get; init; }
}

public sealed record PullDynamicScheduleUpdateResponse
{
    public required ChargingProfileStatus Status { get; init; }

    public ChargingScheduleUpdate? ScheduleUpdate { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
