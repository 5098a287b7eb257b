namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Which local authorization list is there (D02)?</summary>
public sealed record GetLocalListVersionRequest;

public sealed record GetLocalListVersionResponse
{
    public required int VersionNumber { get; init; }
}
