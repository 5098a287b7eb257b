using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A driver at the station asked for priority, or took it back (K22).</summary>
public sealed record NotifyPriorityChargingRequest
{
    [Text(36, TooLong.Keep)]
    public required string TransactionId { get; init; }

    public required bool Activated { get; init; }
}

public sealed record NotifyPriorityChargingResponse;
