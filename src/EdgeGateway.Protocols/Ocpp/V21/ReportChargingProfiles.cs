using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The profiles that GetChargingProfiles asked for (K09).</summary>
public sealed record ReportChargingProfilesRequest
{
    public required int RequestId { get; init; }

    [Text(20, TooLong.Keep), OneOfIn201("EMS", "Other", "SO", "CSO")]
    public required string ChargingLimitSource { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<ChargingProfile> ChargingProfile { get; init; }

    [NotBelow(0)]
    public required int EvseId { get; init; }

    public bool? Tbc { get; init; }
}

public sealed record ReportChargingProfilesResponse;
