using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>A limit over time (7.8).</summary>
public sealed record ChargingProfile
{
    public required int ChargingProfileId { get; init; }

    public int? TransactionId { get; init; }

    public required int StackLevel { get; init; }

    public required ChargingProfilePurpose ChargingProfilePurpose { get; init; }

    public required ChargingProfileKind ChargingProfileKind { get; init; }

    public RecurrencyKind? RecurrencyKind { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    public required ChargingSchedule ChargingSchedule { get; init; }
}

public enum ChargingProfilePurpose
{
    ChargePointMaxProfile,
    TxDefaultProfile,
    TxProfile,
}

public enum ChargingRateUnit
{
    A,
    W,
}

/// <summary>Limits in amperes or watts, by seconds from the start of the schedule (7.13).</summary>
public sealed record ChargingSchedule
{
    public int? Duration { get; init; }

    public DateTimeOffset? StartSchedule { get; init; }

    public required ChargingRateUnit ChargingRateUnit { get; init; }

    public required IReadOnlyList<ChargingSchedulePeriod> ChargingSchedulePeriod { get; init; }

    [Tenths]
    public decimal? MinChargingRate { get; init; }
}

/// <summary>From StartPeriod seconds on, this limit (7.14).</summary>
public sealed record ChargingSchedulePeriod
{
    public required int StartPeriod { get; init; }

    [Tenths]
    public required decimal Limit { get; init; }

    public int? NumberPhases { get; init; }
}

public enum ChargingProfileKind
{
    Absolute,
    Recurring,
    Relative,
}

public enum RecurrencyKind
{
    Daily,
    Weekly,
}
