namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A sign of life; the answer sets the clock (G02).</summary>
public sealed record HeartbeatRequest;

public sealed record HeartbeatResponse
{
    public required DateTimeOffset CurrentTime { get; init; }
}
