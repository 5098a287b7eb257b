namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>A sign of life; the answer sets the clock (4.6).</summary>
public sealed record HeartbeatRequest;

public sealed record HeartbeatResponse
{
    public required DateTimeOffset CurrentTime { get; init; }
}
