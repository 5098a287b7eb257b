namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Set a limit over time (5.16).</summary>
public sealed record SetChargingProfileRequest
{
    public required int ConnectorId { get; init; }

    public required ChargingProfile CsChargingProfiles { get; init; }
}

public sealed record SetChargingProfileResponse
{
    public required ChargingProfileStatus Status { get; init; }
}

public enum ChargingProfileStatus
{
    Accepted,
    Rejected,
    NotSupported,
}
