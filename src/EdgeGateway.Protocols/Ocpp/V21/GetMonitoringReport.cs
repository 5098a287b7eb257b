using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report the monitors that match, in NotifyMonitoringReport (N02).</summary>
public sealed record GetMonitoringReportRequest
{
    public required int RequestId { get; init; }

    [AtLeastOne]
    public IReadOnlyList<ComponentVariable>? ComponentVariable { get; init; }

    [AtLeastOne, AtMost(3)]
    public IReadOnlyList<MonitoringCriterion>? MonitoringCriteria { get; init; }
}

public enum MonitoringCriterion
{
    ThresholdMonitoring,
    DeltaMonitoring,
    PeriodicMonitoring,
}

public sealed record GetMonitoringReportResponse
{
    public required GenericDeviceModelStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
