namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report the device model in one of three standard selections (B07).</summary>
public sealed record GetBaseReportRequest
{
    public required int RequestId { get; init; }

    public required ReportBase ReportBase { get; init; }
}

public enum ReportBase
{
    ConfigurationInventory,
    FullInventory,
    SummaryInventory,
}

public sealed record GetBaseReportResponse
{
    public required GenericDeviceModelStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
