using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>What a session costs and which quantities were billed for it. Amounts are exact (M10).</summary>
public sealed record Costs
{
    /// <summary>Clamped by the tariff's limits (M8).</summary>
    public required Money Total { get; init; }

    /// <summary>Subtotals; null where the tariff has no such component.</summary>
    public Money? Fixed { get; init; }
    public Money? Energy { get; init; }
    public Money? Time { get; init; }
    public Money? ParkingTime { get; init; }

    /// <summary>Quantities that had a price, with what step_size added (M7).</summary>
    public required decimal BilledEnergyWh { get; init; }
    public required decimal BilledTimeSeconds { get; init; }
    public required decimal BilledParkingSeconds { get; init; }
}

/// <summary>A period with the prices that hold in it; null = free.</summary>
/// <param name="TimePrice">Of TIME or PARKING_TIME, as <paramref name="Activity"/> says.</param>
/// <param name="Flat">Only in the period that it is billed in.</param>
internal readonly record struct PricedPeriod(
    Activity Activity, decimal EnergyWh, decimal Seconds, PriceComponent? EnergyPrice, PriceComponent? TimePrice, PriceComponent? Flat);

/// <summary>Adds up what periods cost (M6 to M8).</summary>
internal static class CostSheet
{
    public static Costs Sum(Tariff? tariff, PriceList prices, ImmutableArray<PricedPeriod> periods)
    {
        var (flat, energy, time, parking) = (new Column(Column.Once), new Column(Column.PerKwh), new Column(Column.PerHour), new Column(Column.PerHour));
        foreach (var period in periods)
        {
            if (period.Flat is not null)
                flat.Add(1m, period.Flat);
            energy.Add(period.EnergyWh, period.EnergyPrice);
            (period.Activity == Activity.Parking ? parking : time).Add(period.Seconds, period.TimePrice);
        }
        // Even a step of 1 makes whole Wh of the fractions in a foreign CDR; fractions of a second are our own clocks' and stay (M7).
        energy.RoundUp(from: 1);
        (parking.IsBilled ? parking : time).RoundUp(from: 2);
        var total = (flat.Amount + energy.Amount + time.Amount + parking.Amount).ToMoney();
        return new Costs
        {
            Total = Clamp(total, tariff?.MinPrice, tariff?.MaxPrice),
            Fixed = prices.Has(PriceDimension.Flat) ? flat.Amount.ToMoney() : null,
            Energy = prices.Has(PriceDimension.Energy) ? energy.Amount.ToMoney() : null,
            Time = prices.Has(PriceDimension.Time) ? time.Amount.ToMoney() : null,
            ParkingTime = prices.Has(PriceDimension.ParkingTime) ? parking.Amount.ToMoney() : null,
            BilledEnergyWh = energy.Billed,
            BilledTimeSeconds = time.Billed,
            BilledParkingSeconds = parking.Billed,
        };
    }

    /// <summary>With and without VAT apart (M8). A limit that states no VAT leaves none to state where it bites.</summary>
    private static Money Clamp(Money total, Money? min, Money? max)
    {
        var (excl, incl) = total;
        if (excl < min?.ExclVat)
            (excl, incl) = (min.ExclVat, min.InclVat is null ? null : incl);
        if (incl < min?.InclVat)
            incl = min.InclVat;
        if (excl > max?.ExclVat)
            (excl, incl) = (max.ExclVat, max.InclVat is null ? null : incl);
        if (incl > max?.InclVat)
            incl = max.InclVat;
        return new Money(excl, incl);
    }

    /// <summary>One dimension over the whole session.</summary>
    /// <param name="weight">Which <see cref="Amount"/> one unit at a price of 1 is.</param>
    private sealed class Column(decimal weight)
    {
        public const decimal Once = 3600m;
        public const decimal PerKwh = 3.6m;
        public const decimal PerHour = 1m;

        private decimal _used;
        private PriceComponent? _last;

        public Amount Amount { get; private set; } = new(0m, 0m);
        public decimal Billed { get; private set; }

        /// <summary>Whether anything had a price.</summary>
        public bool IsBilled => _last is not null;

        public void Add(decimal quantity, PriceComponent? price)
        {
            _used += quantity;
            if (price is null || quantity == 0m)
                return;
            _last = price;
            Bill(quantity, price);
        }

        /// <summary>Once per session: all that was used, free or not, up to a multiple of the last step; what is added has the last price (M7).</summary>
        public void RoundUp(int from)
        {
            if (_last is not null && _last.StepSize >= from)
                Bill((decimal.Ceiling(_used / _last.StepSize) * _last.StepSize) - _used, _last);
        }

        private void Bill(decimal quantity, PriceComponent price)
        {
            Billed += quantity;
            Amount += Amount.Of(quantity * weight * price.Price, price.Vat);
        }
    }

    /// <summary>Money in parts of 1/360000: hours counted in seconds and VAT counted in percent stay whole, so that nothing is divided before the
    /// end and a sum of thirds of an hour is exact.</summary>
    /// <param name="Incl">Null as soon as anything in it costs something and states no VAT (M6).</param>
    private readonly record struct Amount(decimal Excl, decimal? Incl)
    {
        private const decimal Parts = 360_000m;

        public static Amount operator +(Amount a, Amount b) => new(a.Excl + b.Excl, a.Incl + b.Incl);

        /// <param name="net">In parts of 1/3600.</param>
        /// <param name="vat">Percent.</param>
        public static Amount Of(decimal net, decimal? vat) => new(net * 100m, net == 0m ? 0m : net * (100m + vat));

        public Money ToMoney() => new(Excl / Parts, Incl / Parts);
    }
}
