namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>What limit will hold in the next seconds, all profiles taken together (5.7)?</summary>
public sealed record GetCompositeScheduleRequest
{
    public required int ConnectorId { get; init; }

    public required int Duration { get; init; }

    public ChargingRateUnit? ChargingRateUnit { get; init; }
}

public sealed record GetCompositeScheduleResponse
{
    public required GetCompositeScheduleStatus Status { get; init; }

    public int? ConnectorId { get; init; }

    public DateTimeOffset? ScheduleStart { get; init; }

    public ChargingSchedule? ChargingSchedule { get; init; }
}

public enum GetCompositeScheduleStatus
{
    Accepted,
    Rejected,
}
