using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

public enum DERControl
{
    EnterService,
    FreqDroop,
    FreqWatt,
    FixedPFAbsorb,
    FixedPFInject,
    FixedVar,
    Gradients,
    HFMustTrip,
    HFMayTrip,
    HVMustTrip,
    HVMomCess,
    HVMayTrip,
    LimitMaxDischarge,
    LFMustTrip,
    LVMustTrip,
    LVMomCess,
    LVMayTrip,
    PowerMonitoringMustTrip,
    VoltVar,
    VoltWatt,
    WattPF,
    WattVar,
}

public enum DERControlStatus
{
    Accepted,
    Rejected,
    NotSupported,
    NotFound,
}

/// <summary>When a resource may connect to the grid again.</summary>
public sealed record EnterService
{
    [NotBelow(0)]
    public required int Priority { get; init; }

    public required decimal HighVoltage { get; init; }

    public required decimal LowVoltage { get; init; }

    public required decimal HighFreq { get; init; }

    public required decimal LowFreq { get; init; }

    public decimal? Delay { get; init; }

    public decimal? RandomDelay { get; init; }

    public decimal? RampRate { get; init; }
}

/// <summary>A fixed power factor.</summary>
public sealed record FixedPF
{
    [NotBelow(0)]
    public required int Priority { get; init; }

    public required decimal Displacement { get; init; }

    public required bool Excitation { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public decimal? Duration { get; init; }
}

/// <summary>A fixed reactive power.</summary>
public sealed record FixedVar
{
    [NotBelow(0)]
    public required int Priority { get; init; }

    public required decimal Setpoint { get; init; }

    public required DERUnit Unit { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public decimal? Duration { get; init; }
}

/// <summary>Power that follows the frequency.</summary>
public sealed record FreqDroop
{
    [NotBelow(0)]
    public required int Priority { get; init; }

    public required decimal OverFreq { get; init; }

    public required decimal UnderFreq { get; init; }

    public required decimal OverDroop { get; init; }

    public required decimal UnderDroop { get; init; }

    public required decimal ResponseTime { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public decimal? Duration { get; init; }
}

/// <summary>How fast power may change.</summary>
public sealed record Gradient
{
    [NotBelow(0)]
    public required int Priority { get; init; }

    [JsonPropertyName("gradient")]
    public required decimal Value { get; init; }

    public required decimal SoftGradient { get; init; }
}

/// <summary>The most that may be fed in.</summary>
public sealed record LimitMaxDischarge
{
    [NotBelow(0)]
    public required int Priority { get; init; }

    public decimal? PctMaxDischargePower { get; init; }

    public DERCurve? PowerMonitoringMustTrip { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public decimal? Duration { get; init; }
}
