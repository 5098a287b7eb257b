using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A curve that an inverter follows.</summary>
public sealed record DERCurve
{
    [AtLeastOne, AtMost(10)]
    public required IReadOnlyList<DERCurvePoints> CurveData { get; init; }

    [NotBelow(0)]
    public required int Priority { get; init; }

    public required DERUnit YUnit { get; init; }

    public Hysteresis? Hysteresis { get; init; }

    public ReactivePowerParams? ReactivePowerParams { get; init; }

    public VoltageParams? VoltageParams { get; init; }

    public decimal? ResponseTime { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public decimal? Duration { get; init; }
}

/// <summary>A point of a curve.</summary>
public sealed record DERCurvePoints
{
    public required decimal X { get; init; }

    public required decimal Y { get; init; }
}

public enum DERUnit
{
    [JsonStringEnumMemberName("Not_Applicable")] NotApplicable,
    PctMaxW,
    PctMaxVar,
    PctWAvail,
    PctVarAvail,
    PctEffectiveV,
}

/// <summary>How a control comes back to rest.</summary>
public sealed record Hysteresis
{
    public decimal? HysteresisHigh { get; init; }

    public decimal? HysteresisLow { get; init; }

    public decimal? HysteresisDelay { get; init; }

    public decimal? HysteresisGradient { get; init; }
}

/// <summary>How a control of reactive power finds its reference voltage.</summary>
public sealed record ReactivePowerParams
{
    public decimal? VRef { get; init; }

    public bool? AutonomousVRefEnable { get; init; }

    public decimal? AutonomousVRefTimeConstant { get; init; }
}

/// <summary>How a control of voltage trips.</summary>
public sealed record VoltageParams
{
    public decimal? Hv10MinMeanValue { get; init; }

    public decimal? Hv10MinMeanTripDelay { get; init; }

    public PowerDuringCessation? PowerDuringCessation { get; init; }
}

public enum PowerDuringCessation
{
    Active,
    Reactive,
}
