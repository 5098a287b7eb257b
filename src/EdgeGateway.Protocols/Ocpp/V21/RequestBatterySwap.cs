namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Let a driver swap a battery (S02).</summary>
public sealed record RequestBatterySwapRequest
{
    public required IdToken IdToken { get; init; }

    public required int RequestId { get; init; }
}

public sealed record RequestBatterySwapResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
