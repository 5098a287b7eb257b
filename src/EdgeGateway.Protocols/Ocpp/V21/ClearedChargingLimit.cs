using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A limit from outside, told of by NotifyChargingLimit, is gone (K13).</summary>
public sealed record ClearedChargingLimitRequest
{
    [Text(20, TooLong.Keep), OneOfIn201("EMS", "Other", "SO", "CSO")]
    public required string ChargingLimitSource { get; init; }

    [NotBelow(0)]
    public int? EvseId { get; init; }
}

public sealed record ClearedChargingLimitResponse;
