using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Set a control for distributed energy resources (R04).</summary>
public sealed record SetDERControlRequest
{
    public required bool IsDefault { get; init; }

    [Text(36, TooLong.Keep)]
    public required string ControlId { get; init; }

    public required DERControl ControlType { get; init; }

    public DERCurve? Curve { get; init; }

    public EnterService? EnterService { get; init; }

    public FixedPF? FixedPFAbsorb { get; init; }

    public FixedPF? FixedPFInject { get; init; }

    public FixedVar? FixedVar { get; init; }

    public FreqDroop? FreqDroop { get; init; }

    public Gradient? Gradient { get; init; }

    public LimitMaxDischarge? LimitMaxDischarge { get; init; }
}

public sealed record SetDERControlResponse
{
    public required DERControlStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [AtLeastOne, AtMost(24), Text(36, TooLong.Keep)]
    public IReadOnlyList<string>? SupersededIds { get; init; }
}
