using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Let another tariff hold for a running transaction (I11).</summary>
public sealed record ChangeTransactionTariffRequest
{
    public required Tariff Tariff { get; init; }

    [Text(36, TooLong.Keep)]
    public required string TransactionId { get; init; }
}

public sealed record ChangeTransactionTariffResponse
{
    public required TariffChangeStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum TariffChangeStatus
{
    Accepted,
    Rejected,
    TooManyElements,
    ConditionNotSupported,
    TxNotFound,
    NoCurrencyChange,
}
