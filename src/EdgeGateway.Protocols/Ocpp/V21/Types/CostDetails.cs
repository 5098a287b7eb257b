using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What the station reckons a transaction costs.</summary>
public sealed record CostDetails
{
    public required TotalCost TotalCost { get; init; }

    public required TotalUsage TotalUsage { get; init; }

    [AtLeastOne]
    public IReadOnlyList<ChargingPeriod>? ChargingPeriods { get; init; }

    public bool? FailureToCalculate { get; init; }

    [Text(500, TooLong.Cut)]
    public string? FailureReason { get; init; }
}

/// <summary>What one stretch of a transaction came to.</summary>
public sealed record ChargingPeriod
{
    public required DateTimeOffset StartPeriod { get; init; }

    [AtLeastOne]
    public IReadOnlyList<CostDimension>? Dimensions { get; init; }

    [Text(60, TooLong.Keep)]
    public string? TariffId { get; init; }
}

/// <summary>A quantity that is paid for.</summary>
public sealed record CostDimension
{
    public required CostDimensionKind Type { get; init; }

    public required decimal Volume { get; init; }
}

public enum CostDimensionKind
{
    Energy,
    MaxCurrent,
    MinCurrent,
    MaxPower,
    MinPower,
    IdleTIme,
    ChargingTime,
}

/// <summary>The parts of a cost, and their sum.</summary>
public sealed record TotalCost
{
    [Text(3, TooLong.Keep)]
    public required string Currency { get; init; }

    public required TariffCost TypeOfCost { get; init; }

    public required TotalPrice Total { get; init; }

    public Price? Fixed { get; init; }

    public Price? Energy { get; init; }

    public Price? ChargingTime { get; init; }

    public Price? IdleTime { get; init; }

    public Price? ReservationTime { get; init; }

    public Price? ReservationFixed { get; init; }
}

public enum TariffCost
{
    NormalCost,
    MinCost,
    MaxCost,
}

/// <summary>A sum without tax, with tax, or both.</summary>
public sealed record TotalPrice
{
    public decimal? ExclTax { get; init; }

    public decimal? InclTax { get; init; }
}

/// <summary>Energy in kWh, times in seconds.</summary>
public sealed record TotalUsage
{
    public required decimal Energy { get; init; }

    public required int ChargingTime { get; init; }

    public required int IdleTime { get; init; }

    public int? ReservationTime { get; init; }
}
