using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Release the plug (F05).</summary>
public sealed record UnlockConnectorRequest
{
    [NotBelow(0)]
    public required int EvseId { get; init; }

    [NotBelow(0)]
    public required int ConnectorId { get; init; }
}

public sealed record UnlockConnectorResponse
{
    public required UnlockStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum UnlockStatus
{
    Unlocked,
    UnlockFailed,
    OngoingAuthorizedTransaction,
    UnknownConnector,
}
