using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Replace or amend the local authorization list (5.15).</summary>
public sealed record SendLocalListRequest
{
    public required int ListVersion { get; init; }

    public IReadOnlyList<AuthorizationData>? LocalAuthorizationList { get; init; }

    public required UpdateType UpdateType { get; init; }
}

public enum UpdateType
{
    Differential,
    Full,
}

public sealed record AuthorizationData
{
    [Text(20, TooLong.Keep)]
    public required string IdTag { get; init; }

    public IdTagInfo? IdTagInfo { get; init; }
}

public sealed record SendLocalListResponse
{
    public required UpdateStatus Status { get; init; }
}

public enum UpdateStatus
{
    Accepted,
    Failed,
    NotSupported,
    VersionMismatch,
}
