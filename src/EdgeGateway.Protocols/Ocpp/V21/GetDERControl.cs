using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report the controls that match, in ReportDERControl (R04).</summary>
public sealed record GetDERControlRequest
{
    public required int RequestId { get; init; }

    public bool? IsDefault { get; init; }

    public DERControl? ControlType { get; init; }

    [Text(36, TooLong.Keep)]
    public string? ControlId { get; init; }
}

public sealed record GetDERControlResponse
{
    public required DERControlStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
