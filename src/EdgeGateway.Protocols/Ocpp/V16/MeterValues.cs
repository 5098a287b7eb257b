namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Meter samples, of a transaction or on the clock (4.7).</summary>
public sealed record MeterValuesRequest
{
    public required int? ConnectorId { get; init; }

    public int? TransactionId { get; init; }

    public required IReadOnlyList<MeterValue> MeterValue { get; init; }
}

public sealed record MeterValuesResponse;
