using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The controls that GetDERControl asked for (R04).</summary>
public sealed record ReportDERControlRequest
{
    public required int RequestId { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<DERCurveGet>? Curve { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<EnterServiceGet>? EnterService { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<FixedPFGet>? FixedPFAbsorb { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<FixedPFGet>? FixedPFInject { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<FixedVarGet>? FixedVar { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<FreqDroopGet>? FreqDroop { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<GradientGet>? Gradient { get; init; }

    [AtLeastOne, AtMost(24)]
    public IReadOnlyList<LimitMaxDischargeGet>? LimitMaxDischarge { get; init; }

    public bool? Tbc { get; init; }
}

/// <summary>A curve as it is set.</summary>
public sealed record DERCurveGet
{
    public required DERCurve Curve { get; init; }

    [Text(36, TooLong.Keep)]
    public required string Id { get; init; }

    public required DERControl CurveType { get; init; }

    public required bool IsDefault { get; init; }

    public required bool IsSuperseded { get; init; }
}

/// <summary>A reconnection rule as it is set.</summary>
public sealed record EnterServiceGet
{
    public required EnterService EnterService { get; init; }

    [Text(36, TooLong.Keep)]
    public required string Id { get; init; }
}

/// <summary>A fixed power factor as it is set.</summary>
public sealed record FixedPFGet
{
    public required FixedPF FixedPF { get; init; }

    [Text(36, TooLong.Keep)]
    public required string Id { get; init; }

    public required bool IsDefault { get; init; }

    public required bool IsSuperseded { get; init; }
}

/// <summary>A fixed reactive power as it is set.</summary>
public sealed record FixedVarGet
{
    public required FixedVar FixedVar { get; init; }

    [Text(36, TooLong.Keep)]
    public required string Id { get; init; }

    public required bool IsDefault { get; init; }

    public required bool IsSuperseded { get; init; }
}

/// <summary>A frequency droop as it is set.</summary>
public sealed record FreqDroopGet
{
    public required FreqDroop FreqDroop { get; init; }

    [Text(36, TooLong.Keep)]
    public required string Id { get; init; }

    public required bool IsDefault { get; init; }

    public required bool IsSuperseded { get; init; }
}

/// <summary>A gradient as it is set.</summary>
public sealed record GradientGet
{
    public required Gradient Gradient { get; init; }

    [Text(36, TooLong.Keep)]
    public required string Id { get; init; }
}

/// <summary>A discharge limit as it is set.</summary>
public sealed record LimitMaxDischargeGet
{
    [Text(36, TooLong.Keep)]
    public required string Id { get; init; }

    public required bool IsDefault { get; init; }

    public required bool IsSuperseded { get; init; }

    public required LimitMaxDischarge LimitMaxDischarge { get; init; }
}

public sealed record ReportDERControlResponse;
