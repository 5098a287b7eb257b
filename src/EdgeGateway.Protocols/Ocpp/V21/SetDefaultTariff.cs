using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Install the tariff for drivers without one of their own (I07).</summary>
public sealed record SetDefaultTariffRequest
{
    [NotBelow(0)]
    public required int EvseId { get; init; }

    public required Tariff Tariff { get; init; }
}

public sealed record SetDefaultTariffResponse
{
    public required TariffSetStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum TariffSetStatus
{
    Accepted,
    Rejected,
    TooManyElements,
    ConditionNotSupported,
    DuplicateTariffId,
}
