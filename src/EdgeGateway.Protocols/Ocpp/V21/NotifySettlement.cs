using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>An ad hoc payment was settled with the payment provider (C21).</summary>
public sealed record NotifySettlementRequest
{
    [Text(255, TooLong.Keep)]
    public required string PspRef { get; init; }

    public required PaymentStatus Status { get; init; }

    public required decimal SettlementAmount { get; init; }

    public required DateTimeOffset SettlementTime { get; init; }

    [Text(36, TooLong.Keep)]
    public string? TransactionId { get; init; }

    [Text(500, TooLong.Cut)]
    public string? StatusInfo { get; init; }

    [Text(50, TooLong.Keep)]
    public string? ReceiptId { get; init; }

    [Text(2000, TooLong.Keep)]
    public string? ReceiptUrl { get; init; }

    public Address? VatCompany { get; init; }

    [Text(20, TooLong.Keep)]
    public string? VatNumber { get; init; }
}

public enum PaymentStatus
{
    Settled,
    Canceled,
    Rejected,
    Failed,
}

public sealed record NotifySettlementResponse
{
    [Text(2000, TooLong.Keep)]
    public string? ReceiptUrl { get; init; }

    [Text(50, TooLong.Keep)]
    public string? ReceiptId { get; init; }
}
