using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A tariff that a station can calculate with (block I).</summary>
public sealed record Tariff
{
    [Text(60, TooLong.Keep)]
    public required string TariffId { get; init; }

    [Text(3, TooLong.Keep)]
    public required string Currency { get; init; }

    [AtLeastOne, AtMost(10)]
    public IReadOnlyList<MessageContent>? Description { get; init; }

    public TariffEnergy? Energy { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public TariffTime? ChargingTime { get; init; }

    public TariffTime? IdleTime { get; init; }

    public TariffFixed? FixedFee { get; init; }

    public TariffTime? ReservationTime { get; init; }

    public TariffFixed? ReservationFixed { get; init; }

    public Price? MinCost { get; init; }

    public Price? MaxCost { get; init; }
}

/// <summary>Prices by energy.</summary>
public sealed record TariffEnergy
{
    [AtLeastOne]
    public required IReadOnlyList<TariffEnergyPrice> Prices { get; init; }

    [AtLeastOne, AtMost(5)]
    public IReadOnlyList<TaxRate>? TaxRates { get; init; }
}

/// <summary>A price for a kWh, under conditions.</summary>
public sealed record TariffEnergyPrice
{
    public required decimal PriceKwh { get; init; }

    public TariffConditions? Conditions { get; init; }
}

/// <summary>Prices by time.</summary>
public sealed record TariffTime
{
    [AtLeastOne]
    public required IReadOnlyList<TariffTimePrice> Prices { get; init; }

    [AtLeastOne, AtMost(5)]
    public IReadOnlyList<TaxRate>? TaxRates { get; init; }
}

/// <summary>A price for a minute, under conditions.</summary>
public sealed record TariffTimePrice
{
    public required decimal PriceMinute { get; init; }

    public TariffConditions? Conditions { get; init; }
}

/// <summary>Prices paid once.</summary>
public sealed record TariffFixed
{
    [AtLeastOne]
    public required IReadOnlyList<TariffFixedPrice> Prices { get; init; }

    [AtLeastOne, AtMost(5)]
    public IReadOnlyList<TaxRate>? TaxRates { get; init; }
}

/// <summary>A price paid once, under conditions.</summary>
public sealed record TariffFixedPrice
{
    public required decimal PriceFixed { get; init; }

    public TariffConditionsFixed? Conditions { get; init; }
}

/// <summary>An amount without tax, with tax, or both.</summary>
public sealed record Price
{
    public decimal? ExclTax { get; init; }

    public decimal? InclTax { get; init; }

    [AtLeastOne, AtMost(5)]
    public IReadOnlyList<TaxRate>? TaxRates { get; init; }
}

/// <summary>A tax, in percent.</summary>
public sealed record TaxRate
{
    [Text(20, TooLong.Keep)]
    public required string Type { get; init; }

    public required decimal Tax { get; init; }

    [NotBelow(0)]
    public int? Stack { get; init; }
}
