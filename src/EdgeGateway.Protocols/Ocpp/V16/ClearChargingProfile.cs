namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Remove the profiles that match (5.5).</summary>
public sealed record ClearChargingProfileRequest
{
    public int? Id { get; init; }

    public int? ConnectorId { get; init; }

    public ChargingProfilePurpose? ChargingProfilePurpose { get; init; }

    public int? StackLevel { get; init; }
}

public sealed record ClearChargingProfileResponse
{
    public required ClearChargingProfileStatus Status { get; init; }
}

public enum ClearChargingProfileStatus
{
    Accepted,
    Unknown,
}
