using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Remove monitors (N06).</summary>
public sealed record ClearVariableMonitoringRequest
{
    [AtLeastOne, NotBelow(0)]
    public required IReadOnlyList<int> Id { get; init; }
}

public sealed record ClearVariableMonitoringResponse
{
    [AtLeastOne]
    public required IReadOnlyList<ClearMonitoringResult> ClearMonitoringResult { get; init; }
}

/// <summary>What became of one monitor.</summary>
public sealed record ClearMonitoringResult
{
    public required ClearMonitoringStatus Status { get; init; }

    [NotBelow(0)]
    public required int Id { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum ClearMonitoringStatus
{
    Accepted,
    Rejected,
    NotFound,
}
