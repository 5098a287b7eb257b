using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Start a transaction for this tag (5.11).</summary>
public sealed record RemoteStartTransactionRequest
{
    public int? ConnectorId { get; init; }

    [Text(20, TooLong.Keep)]
    public required string IdTag { get; init; }

    public ChargingProfile? ChargingProfile { get; init; }
}

public sealed record RemoteStartTransactionResponse
{
    public required RemoteStartStopStatus Status { get; init; }
}

public enum RemoteStartStopStatus
{
    Accepted,
    Rejected,
}
