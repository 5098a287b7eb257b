namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A signal of the grid operator for automatic frequency restoration, passed on to a transaction that follows it (Q08).</summary>
public sealed record AFRRSignalRequest
{
    public required DateTimeOffset Timestamp { get; init; }

    public required int Signal { get; init; }
}

public sealed record AFRRSignalResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
