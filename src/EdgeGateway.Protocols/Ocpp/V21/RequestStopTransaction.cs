using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Stop this transaction (F03).</summary>
public sealed record RequestStopTransactionRequest
{
    [Text(36, TooLong.Keep)]
    public required string TransactionId { get; init; }
}

public sealed record RequestStopTransactionResponse
{
    public required RequestStartStopStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
