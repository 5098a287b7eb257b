using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Something happened that matters to security (security whitepaper, A04).</summary>
public sealed record SecurityEventNotificationRequest
{
    [Text(50, TooLong.Cut)]
    public required string Type { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    [Text(255, TooLong.Cut)]
    public string? TechInfo { get; init; }
}

public sealed record SecurityEventNotificationResponse;
