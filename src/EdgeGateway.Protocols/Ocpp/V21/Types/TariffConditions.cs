using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>When a price holds. Energy in Wh, current in A, power in W, times in seconds; a minimum is included, a maximum is not.</summary>
public sealed record TariffConditions
{
    public string? StartTimeOfDay { get; init; }

    public string? EndTimeOfDay { get; init; }

    [AtLeastOne, AtMost(7)]
    public IReadOnlyList<DayOfWeek>? DayOfWeek { get; init; }

    public string? ValidFromDate { get; init; }

    public string? ValidToDate { get; init; }

    public EvseKind? EvseKind { get; init; }

    public decimal? MinEnergy { get; init; }

    public decimal? MaxEnergy { get; init; }

    public decimal? MinCurrent { get; init; }

    public decimal? MaxCurrent { get; init; }

    public decimal? MinPower { get; init; }

    public decimal? MaxPower { get; init; }

    public int? MinTime { get; init; }

    public int? MaxTime { get; init; }

    public int? MinChargingTime { get; init; }

    public int? MaxChargingTime { get; init; }

    public int? MinIdleTime { get; init; }

    public int? MaxIdleTime { get; init; }
}

/// <summary>When a price that is paid once holds.</summary>
public sealed record TariffConditionsFixed
{
    public string? StartTimeOfDay { get; init; }

    public string? EndTimeOfDay { get; init; }

    [AtLeastOne, AtMost(7)]
    public IReadOnlyList<DayOfWeek>? DayOfWeek { get; init; }

    public string? ValidFromDate { get; init; }

    public string? ValidToDate { get; init; }

    public EvseKind? EvseKind { get; init; }

    [Text(20, TooLong.Keep)]
    public string? PaymentBrand { get; init; }

    [Text(20, TooLong.Keep)]
    public string? PaymentRecognition { get; init; }
}

public enum DayOfWeek
{
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

public enum EvseKind
{
    AC,
    DC,
}
