namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Which local authorization list is there (5.10)?</summary>
public sealed record GetLocalListVersionRequest;

public sealed record GetLocalListVersionResponse
{
    public required int ListVersion { get; init; }
}
