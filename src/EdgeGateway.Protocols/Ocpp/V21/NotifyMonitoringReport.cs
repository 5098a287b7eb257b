using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The monitors that GetMonitoringReport asked for (N02).</summary>
public sealed record NotifyMonitoringReportRequest
{
    public required int RequestId { get; init; }

    [NotBelow(0)]
    public required long SeqNo { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }

    [AtLeastOne]
    public IReadOnlyList<MonitoringData>? Monitor { get; init; }

    public bool? Tbc { get; init; }
}

/// <summary>The monitors of one variable.</summary>
public sealed record MonitoringData
{
    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<VariableMonitoring> VariableMonitoring { get; init; }
}

/// <summary>One monitor.</summary>
public sealed record VariableMonitoring
{
    [NotBelow(0)]
    public required int Id { get; init; }

    public required bool Transaction { get; init; }

    public required decimal Value { get; init; }

    public required MonitorKind Type { get; init; }

    [NotBelow(0)]
    public required int Severity { get; init; }

    [Since("2.1"), Mandatory]
    public EventNotification? EventNotificationType { get; init; }
}

public sealed record NotifyMonitoringReportResponse;
