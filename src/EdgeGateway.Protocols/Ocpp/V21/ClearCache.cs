namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Forget the tokens accepted earlier (C11).</summary>
public sealed record ClearCacheRequest;

public sealed record ClearCacheResponse
{
    public required ClearCacheStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum ClearCacheStatus
{
    Accepted,
    Rejected,
}
