using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A limit over time.</summary>
public sealed record ChargingProfile
{
    public required int Id { get; init; }

    [NotBelow(0)]
    public required int StackLevel { get; init; }

    public required ChargingProfilePurpose ChargingProfilePurpose { get; init; }

    public required ChargingProfileKind ChargingProfileKind { get; init; }

    [AtLeastOne, AtMost(3)]
    public required IReadOnlyList<ChargingSchedule> ChargingSchedule { get; init; }

    public RecurrencyKind? RecurrencyKind { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    [Vital, Text(36, TooLong.Keep)]
    public string? TransactionId { get; init; }

    [Since("2.1")]
    public int? MaxOfflineDuration { get; init; }

    [Since("2.1")]
    public bool? InvalidAfterOfflineDuration { get; init; }

    [Since("2.1")]
    public int? DynUpdateInterval { get; init; }

    [Since("2.1")]
    public DateTimeOffset? DynUpdateTime { get; init; }

    [Since("2.1"), Text(256, TooLong.Keep)]
    public string? PriceScheduleSignature { get; init; }
}

public enum ChargingProfileKind
{
    Absolute,
    Recurring,
    Relative,
    [Since("2.1")] Dynamic,
}

public enum ChargingProfilePurpose
{
    ChargingStationExternalConstraints,
    ChargingStationMaxProfile,
    TxDefaultProfile,
    TxProfile,
    [Since("2.1")] PriorityCharging,
    [Since("2.1")] LocalGeneration,
}

public enum RecurrencyKind
{
    Daily,
    Weekly,
}

public enum ChargingProfileStatus
{
    Accepted,
    Rejected,
}
