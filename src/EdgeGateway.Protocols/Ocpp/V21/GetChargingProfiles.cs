using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report the profiles that match, in ReportChargingProfiles (K09).</summary>
public sealed record GetChargingProfilesRequest
{
    public required int RequestId { get; init; }

    public required ChargingProfileCriterion ChargingProfile { get; init; }

    [NotBelow(0)]
    public int? EvseId { get; init; }
}

/// <summary>Which profiles are wanted.</summary>
public sealed record ChargingProfileCriterion
{
    public ChargingProfilePurpose? ChargingProfilePurpose { get; init; }

    [NotBelow(0)]
    public int? StackLevel { get; init; }

    [AtLeastOne]
    public IReadOnlyList<int>? ChargingProfileId { get; init; }

    [AtLeastOne, AtMost(4), Text(20, TooLong.Keep), OneOfIn201("EMS", "Other", "SO", "CSO")]
    public IReadOnlyList<string>? ChargingLimitSource { get; init; }
}

public sealed record GetChargingProfilesResponse
{
    public required GetChargingProfileStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum GetChargingProfileStatus
{
    Accepted,
    NoProfiles,
}
