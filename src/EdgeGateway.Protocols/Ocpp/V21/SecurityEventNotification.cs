using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Something happened that matters to security (A04).</summary>
public sealed record SecurityEventNotificationRequest
{
    [Text(50, TooLong.Keep)]
    public required string Type { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    [Text(255, TooLong.Cut)]
    public string? TechInfo { get; init; }
}

public sealed record SecurityEventNotificationResponse;
