namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Which set of monitors is active (N03).</summary>
public sealed record SetMonitoringBaseRequest
{
    public required MonitoringBase MonitoringBase { get; init; }
}

public enum MonitoringBase
{
    All,
    FactoryDefault,
    HardWiredOnly,
}

public sealed record SetMonitoringBaseResponse
{
    public required GenericDeviceModelStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
