using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Limits in amperes or watts, by seconds from the start of the schedule.</summary>
public sealed record ChargingSchedule
{
    public required int Id { get; init; }

    public required ChargingRateUnit ChargingRateUnit { get; init; }

    [AtLeastOne, AtMost(1024)]
    public required IReadOnlyList<ChargingSchedulePeriod> ChargingSchedulePeriod { get; init; }

    [Since("2.1")]
    public LimitAtSoC? LimitAtSoC { get; init; }

    public DateTimeOffset? StartSchedule { get; init; }

    /// <summary>In seconds.</summary>
    public int? Duration { get; init; }

    public decimal? MinChargingRate { get; init; }

    [Since("2.1")]
    public decimal? PowerTolerance { get; init; }

    [Since("2.1"), NotBelow(0)]
    public int? SignatureId { get; init; }

    [Since("2.1"), Text(88)]
    public string? DigestValue { get; init; }

    [Since("2.1")]
    public bool? UseLocalTime { get; init; }

    [Since("2.1"), NotBelow(0)]
    public int? RandomizedDelay { get; init; }

    public SalesTariff? SalesTariff { get; init; }

    [Since("2.1")]
    public AbsolutePriceSchedule? AbsolutePriceSchedule { get; init; }

    [Since("2.1")]
    public PriceLevelSchedule? PriceLevelSchedule { get; init; }
}

public enum ChargingRateUnit
{
    W,
    A,
}

/// <summary>From StartPeriod seconds on, these limits. 2.0.1 knows <see cref="Limit"/> only, and demands it.</summary>
public sealed record ChargingSchedulePeriod
{
    public required int StartPeriod { get; init; }

    [MandatoryIn201]
    public decimal? Limit { get; init; }

    [JsonPropertyName("limit_L2"), Since("2.1")]
    public decimal? LimitL2 { get; init; }

    [JsonPropertyName("limit_L3"), Since("2.1")]
    public decimal? LimitL3 { get; init; }

    [Between(0, 3)]
    public int? NumberPhases { get; init; }

    [Between(0, 3)]
    public int? PhaseToUse { get; init; }

    [Since("2.1"), NotAbove(0)]
    public decimal? DischargeLimit { get; init; }

    [JsonPropertyName("dischargeLimit_L2"), Since("2.1"), NotAbove(0)]
    public decimal? DischargeLimitL2 { get; init; }

    [JsonPropertyName("dischargeLimit_L3"), Since("2.1"), NotAbove(0)]
    public decimal? DischargeLimitL3 { get; init; }

    [Since("2.1")]
    public decimal? Setpoint { get; init; }

    [JsonPropertyName("setpoint_L2"), Since("2.1")]
    public decimal? SetpointL2 { get; init; }

    [JsonPropertyName("setpoint_L3"), Since("2.1")]
    public decimal? SetpointL3 { get; init; }

    [Since("2.1")]
    public decimal? SetpointReactive { get; init; }

    [JsonPropertyName("setpointReactive_L2"), Since("2.1")]
    public decimal? SetpointReactiveL2 { get; init; }

    [JsonPropertyName("setpointReactive_L3"), Since("2.1")]
    public decimal? SetpointReactiveL3 { get; init; }

    [Since("2.1")]
    public bool? PreconditioningRequest { get; init; }

    [Since("2.1")]
    public bool? EvseSleep { get; init; }

    [Since("2.1")]
    public decimal? V2xBaseline { get; init; }

    [Since("2.1")]
    public OperationMode? OperationMode { get; init; }

    [Since("2.1"), AtLeastOne, AtMost(20)]
    public IReadOnlyList<V2XFreqWattPoint>? V2xFreqWattCurve { get; init; }

    [Since("2.1"), AtLeastOne, AtMost(20)]
    public IReadOnlyList<V2XSignalWattPoint>? V2xSignalWattCurve { get; init; }
}

/// <summary>New values for the one period of a dynamic profile.</summary>
public sealed record ChargingScheduleUpdate
{
    public decimal? Limit { get; init; }

    [JsonPropertyName("limit_L2")]
    public decimal? LimitL2 { get; init; }

    [JsonPropertyName("limit_L3")]
    public decimal? LimitL3 { get; init; }

    [NotAbove(0)]
    public decimal? DischargeLimit { get; init; }

    [JsonPropertyName("dischargeLimit_L2"), NotAbove(0)]
    public decimal? DischargeLimitL2 { get; init; }

    [JsonPropertyName("dischargeLimit_L3"), NotAbove(0)]
    public decimal? DischargeLimitL3 { get; init; }

    public decimal? Setpoint { get; init; }

    [JsonPropertyName("setpoint_L2")]
    public decimal? SetpointL2 { get; init; }

    [JsonPropertyName("setpoint_L3")]
    public decimal? SetpointL3 { get; init; }

    public decimal? SetpointReactive { get; init; }

    [JsonPropertyName("setpointReactive_L2")]
    public decimal? SetpointReactiveL2 { get; init; }

    [JsonPropertyName("setpointReactive_L3")]
    public decimal? SetpointReactiveL3 { get; init; }
}

/// <summary>A lower limit once the battery is that full.</summary>
public sealed record LimitAtSoC
{
    [Between(0, 100)]
    public required int Soc { get; init; }

    public required decimal Limit { get; init; }
}

/// <summary>A point of a curve from grid frequency to power.</summary>
public sealed record V2XFreqWattPoint
{
    public required decimal Frequency { get; init; }

    public required decimal Power { get; init; }
}

/// <summary>A point of a curve from AFRR signal to power.</summary>
public sealed record V2XSignalWattPoint
{
    public required int Signal { get; init; }

    public required decimal Power { get; init; }
}

public enum OperationMode
{
    Idle,
    ChargingOnly,
    CentralSetpoint,
    ExternalSetpoint,
    ExternalLimits,
    CentralFrequency,
    LocalFrequency,
    LocalLoadBalancing,
}

public enum EnergyTransferMode
{
    [JsonStringEnumMemberName("AC_single_phase")] ACSinglePhase,
    [JsonStringEnumMemberName("AC_two_phase")] ACTwoPhase,
    [JsonStringEnumMemberName("AC_three_phase")] ACThreePhase,
    DC,
    [JsonStringEnumMemberName("AC_BPT"), Since("2.1")] ACBPT,
    [JsonStringEnumMemberName("AC_BPT_DER"), Since("2.1")] ACBPTDER,
    [JsonStringEnumMemberName("AC_DER"), Since("2.1")] ACDER,
    [JsonStringEnumMemberName("DC_BPT"), Since("2.1")] DCBPT,
    [JsonStringEnumMemberName("DC_ACDP"), Since("2.1")] DCACDP,
    [JsonStringEnumMemberName("DC_ACDP_BPT"), Since("2.1")] DCACDPBPT,
    [Since("2.1")] WPT,
}
