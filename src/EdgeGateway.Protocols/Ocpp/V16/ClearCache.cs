namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Forget the tags accepted earlier (5.4).</summary>
public sealed record ClearCacheRequest;

public sealed record ClearCacheResponse
{
    public required ClearCacheStatus Status { get; init; }
}

public enum ClearCacheStatus
{
    Accepted,
    Rejected,
}
