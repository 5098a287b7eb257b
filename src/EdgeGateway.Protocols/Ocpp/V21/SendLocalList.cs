using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Replace or amend the local authorization list (D01).</summary>
public sealed record SendLocalListRequest
{
    public required int VersionNumber { get; init; }

    public required UpdateKind UpdateType { get; init; }

    [AtLeastOne]
    public IReadOnlyList<AuthorizationData>? LocalAuthorizationList { get; init; }
}

/// <summary>A token of the list; without information in a differential update: to be removed.</summary>
public sealed record AuthorizationData
{
    public required IdToken IdToken { get; init; }

    public IdTokenInfo? IdTokenInfo { get; init; }
}

public enum UpdateKind
{
    Differential,
    Full,
}

public sealed record SendLocalListResponse
{
    public required SendLocalListStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum SendLocalListStatus
{
    Accepted,
    Failed,
    VersionMismatch,
}
