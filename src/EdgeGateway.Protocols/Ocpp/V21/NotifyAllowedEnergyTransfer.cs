using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Which energy transfer modes a transaction may use from now on (Q02).</summary>
public sealed record NotifyAllowedEnergyTransferRequest
{
    [Text(36, TooLong.Keep)]
    public required string TransactionId { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<EnergyTransferMode> AllowedEnergyTransfer { get; init; }
}

public sealed record NotifyAllowedEnergyTransferResponse
{
    public required NotifyAllowedEnergyTransferStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum NotifyAllowedEnergyTransferStatus
{
    Accepted,
    Rejected,
}
