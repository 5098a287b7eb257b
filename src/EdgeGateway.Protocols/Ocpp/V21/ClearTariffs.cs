using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Remove tariffs, all or by id (I10).</summary>
public sealed record ClearTariffsRequest
{
    [AtLeastOne, Text(60, TooLong.Keep)]
    public IReadOnlyList<string>? TariffIds { get; init; }

    [NotBelow(0)]
    public int? EvseId { get; init; }
}

public sealed record ClearTariffsResponse
{
    [AtLeastOne]
    public required IReadOnlyList<ClearTariffsResult> ClearTariffsResult { get; init; }
}

/// <summary>What became of one tariff.</summary>
public sealed record ClearTariffsResult
{
    public required TariffClearStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [Text(60, TooLong.Keep)]
    public string? TariffId { get; init; }
}

public enum TariffClearStatus
{
    Accepted,
    Rejected,
    NoTariff,
}
