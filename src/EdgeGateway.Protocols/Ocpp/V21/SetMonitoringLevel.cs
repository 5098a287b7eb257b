using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report monitors up to this severity only (N05).</summary>
public sealed record SetMonitoringLevelRequest
{
    [NotBelow(0)]
    public required int Severity { get; init; }
}

public sealed record SetMonitoringLevelResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
