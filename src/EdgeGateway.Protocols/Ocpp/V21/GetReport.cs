using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report the components and variables that match, in NotifyReport (B08).</summary>
public sealed record GetReportRequest
{
    public required int RequestId { get; init; }

    [AtLeastOne]
    public IReadOnlyList<ComponentVariable>? ComponentVariable { get; init; }

    [AtLeastOne, AtMost(4)]
    public IReadOnlyList<ComponentCriterion>? ComponentCriteria { get; init; }
}

public enum ComponentCriterion
{
    Active,
    Available,
    Enabled,
    Problem,
}

public sealed record GetReportResponse
{
    public required GenericDeviceModelStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
