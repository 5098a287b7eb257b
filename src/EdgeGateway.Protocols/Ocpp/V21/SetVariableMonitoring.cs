using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Watch variables (N04).</summary>
public sealed record SetVariableMonitoringRequest
{
    [AtLeastOne]
    public required IReadOnlyList<SetMonitoringData> SetMonitoringData { get; init; }
}

/// <summary>A monitor to set.</summary>
public sealed record SetMonitoringData
{
    public required decimal Value { get; init; }

    public required MonitorKind Type { get; init; }

    [NotBelow(0)]
    public required int Severity { get; init; }

    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    [NotBelow(0)]
    public int? Id { get; init; }

    [Since("2.1")]
    public PeriodicEventStreamParams? PeriodicEventStream { get; init; }

    public bool? Transaction { get; init; }
}

public sealed record SetVariableMonitoringResponse
{
    [AtLeastOne]
    public required IReadOnlyList<SetMonitoringResult> SetMonitoringResult { get; init; }
}

/// <summary>What became of one monitor.</summary>
public sealed record SetMonitoringResult
{
    public required SetMonitoringStatus Status { get; init; }

    public required MonitorKind Type { get; init; }

    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    [NotBelow(0)]
    public required int Severity { get; init; }

    [NotBelow(0)]
    public int? Id { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum SetMonitoringStatus
{
    Accepted,
    UnknownComponent,
    UnknownVariable,
    UnsupportedMonitorType,
    Rejected,
    Duplicate,
}
