namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Restart the charge point (5.14).</summary>
public sealed record ResetRequest
{
    public required ResetType Type { get; init; }
}

public enum ResetType
{
    Hard,
    Soft,
}

public sealed record ResetResponse
{
    public required ResetStatus Status { get; init; }
}

public enum ResetStatus
{
    Accepted,
    Rejected,
}
