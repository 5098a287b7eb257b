using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Set a limit over time (K01).</summary>
public sealed record SetChargingProfileRequest
{
    [NotBelow(0)]
    public required int EvseId { get; init; }

    public required ChargingProfile ChargingProfile { get; init; }
}

public sealed record SetChargingProfileResponse
{
    public required ChargingProfileStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
