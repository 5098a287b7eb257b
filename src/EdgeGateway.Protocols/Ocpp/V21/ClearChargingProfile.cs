using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Remove the profiles that match (K10).</summary>
public sealed record ClearChargingProfileRequest
{
    [Vital]
    public int? ChargingProfileId { get; init; }

    [Vital]
    public ClearChargingProfileCriteria? ChargingProfileCriteria { get; init; }
}

/// <summary>Which profiles are to go.</summary>
public sealed record ClearChargingProfileCriteria
{
    [Vital, NotBelow(0)]
    public int? EvseId { get; init; }

    [Vital]
    public ChargingProfilePurpose? ChargingProfilePurpose { get; init; }

    [Vital, NotBelow(0)]
    public int? StackLevel { get; init; }
}

public sealed record ClearChargingProfileResponse
{
    public required ClearChargingProfileStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum ClearChargingProfileStatus
{
    Accepted,
    Unknown,
}
