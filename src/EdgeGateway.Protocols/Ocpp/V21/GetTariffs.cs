using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Which tariffs are there (I09)?</summary>
public sealed record GetTariffsRequest
{
    [NotBelow(0)]
    public required int EvseId { get; init; }
}

public sealed record GetTariffsResponse
{
    public required TariffGetStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [AtLeastOne]
    public IReadOnlyList<TariffAssignment>? TariffAssignments { get; init; }
}

public enum TariffGetStatus
{
    Accepted,
    Rejected,
    NoTariff,
}

/// <summary>A tariff, and for whom it holds.</summary>
public sealed record TariffAssignment
{
    [Text(60, TooLong.Keep)]
    public required string TariffId { get; init; }

    public required TariffKind TariffKind { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    [AtLeastOne, NotBelow(0)]
    public IReadOnlyList<int>? EvseIds { get; init; }

    [AtLeastOne, Text(255, TooLong.Keep)]
    public IReadOnlyList<string>? IdTokens { get; init; }
}

public enum TariffKind
{
    DefaultTariff,
    DriverTariff,
}
