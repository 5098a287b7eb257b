using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>A transaction has begun, now or while the line was down (4.8).</summary>
public sealed record StartTransactionRequest
{
    public required int? ConnectorId { get; init; }

    [Text(20, TooLong.Keep)]
    public required string? IdTag { get; init; }

    public required long? MeterStart { get; init; }

    public int? ReservationId { get; init; }

    public required DateTimeOffset? Timestamp { get; init; }
}

public sealed record StartTransactionResponse
{
    public required IdTagInfo IdTagInfo { get; init; }

    public required int TransactionId { get; init; }
}
