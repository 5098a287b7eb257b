namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Release the plug (5.18).</summary>
public sealed record UnlockConnectorRequest
{
    public required int ConnectorId { get; init; }
}

public sealed record UnlockConnectorResponse
{
    public required UnlockStatus Status { get; init; }
}

public enum UnlockStatus
{
    Unlocked,
    UnlockFailed,
    NotSupported,
}
