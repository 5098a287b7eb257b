using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Remove a control for distributed energy resources (R04).</summary>
public sealed record ClearDERControlRequest
{
    public required bool IsDefault { get; init; }

    public DERControl? ControlType { get; init; }

    [Text(36, TooLong.Keep)]
    public string? ControlId { get; init; }
}

public sealed record ClearDERControlResponse
{
    public required DERControlStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
