using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Does a transaction go on, and do messages of it still wait (E14)?</summary>
public sealed record GetTransactionStatusRequest
{
    [Text(36, TooLong.Keep)]
    public string? TransactionId { get; init; }
}

public sealed record GetTransactionStatusResponse
{
    public required bool MessagesInQueue { get; init; }

    public bool? OngoingIndicator { get; init; }
}
