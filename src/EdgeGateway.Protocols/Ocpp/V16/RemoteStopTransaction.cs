namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Stop this transaction (5.12).</summary>
public sealed record RemoteStopTransactionRequest
{
    public required int TransactionId { get; init; }
}

public sealed record RemoteStopTransactionResponse
{
    public required RemoteStartStopStatus Status { get; init; }
}
