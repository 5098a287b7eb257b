using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>What the central system says of a tag (7.8).</summary>
public sealed record IdTagInfo
{
    public DateTimeOffset? ExpiryDate { get; init; }

    [Text(20, TooLong.Keep)]
    public string? ParentIdTag { get; init; }

    public required AuthorizationStatus Status { get; init; }
}

public enum AuthorizationStatus
{
    Accepted,
    Blocked,
    Expired,
    Invalid,
    ConcurrentTx,
}
