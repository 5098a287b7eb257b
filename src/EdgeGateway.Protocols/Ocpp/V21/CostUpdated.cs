using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What a running transaction has cost so far, for the display (I02).</summary>
public sealed record CostUpdatedRequest
{
    /// <summary>With tax, in the currency of the device model's TariffCostCtrlr.Currency.</summary>
    public required decimal TotalCost { get; init; }

    [Text(36, TooLong.Keep)]
    public required string TransactionId { get; init; }
}

public sealed record CostUpdatedResponse;
