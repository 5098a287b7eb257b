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

    /// <summary>TIME and FLAT of a reservation together (M9); null without one.</summary>
    public Money? Reservation { get; init; }

    /// <summary>Quantities that had a price, with what step_size added (M7).</summary>
    public required decimal BilledEnergyWh { get; init; }
    public required decimal BilledTimeSeconds { get; init; }
    public required decimal BilledParkingSeconds { get; init; }
    public decimal BilledReservationSeconds { get; init; }
}

/// <summary>A period with the prices that hold in it; null = free.</summary>
/// <param name="TimePrice">Of TIME or PARKING_TIME, as <paramref name="Activity"/> says.</param>
/// <param name="Flat">Only in the period that it is billed in.</param>
internal readonly record struct PricedPeriod(
    Activity Activity, decimal EnergyWh, decimal Seconds, PriceComponent? EnergyPrice, PriceComponent? TimePrice, PriceComponent? Flat);

/// <summary>What was used for one purpose, charging or a reservation, with the prices that were there for it.</summary>
/// <param name="Extra">A FLAT beside those in the periods: that of letting a reservation expire.</param>
internal sealed record PricedUse(PriceList Prices, ImmutableArray<PricedPeriod> Periods, PriceComponent? Extra = null);

/// <summary>Adds up what periods cost (M6 to M8).</summary>
internal static class CostSheet
{
    /// <param name="session">Null: the driver never came.</param>
    /// <param name="reservation">Null: nothing was reserved.</param>
    public static Costs Sum(Tariff? tariff, PricedUse? session, PricedUse? reservation)
    {
        var taxes = tariff?.TaxIncluded ?? TaxIncluded.No;
        var (flat, energy, time, parking) = (
            new Column(Column.Once, taxes), new Column(Column.PerKwh, taxes), new Column(Column.PerHour, taxes), new Column(Column.PerHour, taxes));
        foreach (var period in session?.Periods ?? [])
        {
            if (period.Flat is not null)
                flat.Add(1m, period.Flat);
            energy.Add(period.EnergyWh, period.EnergyPrice);
            (period.Activity == Activity.Parking ? parking : time).Add(period.Seconds, period.TimePrice);
        }
        // Even a step of 1 makes whole Wh of the fractions in a foreign CDR; fractions of a second are our own clocks' and stay (M7).
        energy.RoundUp(from: 1);
        (parking.IsBilled ? parking : time).RoundUp(from: 2);

        // A reservation has steps of its own: 22 minutes in steps of 10 are 30, whatever is charged afterwards.
        var (fee, held) = (new Column(Column.Once, taxes), new Column(Column.PerHour, taxes));
        foreach (var period in reservation?.Periods ?? [])
        {
            if (period.Flat is not null)
                fee.Add(1m, period.Flat);
            held.Add(period.Seconds, period.TimePrice);
        }
        fee.Add(1m, reservation?.Extra);
        held.RoundUp(from: 2);

        var total = Tally.Sum(taxes, flat.Tally, energy.Tally, time.Tally, parking.Tally, fee.Tally, held.Tally).ToMoney();
        var prices = session?.Prices;
        return new Costs
        {
            // A limit is of "a charging session": nobody owes the least price of one that never was.
            Total = Clamp(total, session is null ? null : tariff?.MinPrice, tariff?.MaxPrice, taxes),
            Fixed = prices?.Has(PriceDimension.Flat) == true ? flat.Tally.ToMoney() : null,
            Energy = prices?.Has(PriceDimension.Energy) == true ? energy.Tally.ToMoney() : null,
            Time = prices?.Has(PriceDimension.Time) == true ? time.Tally.ToMoney() : null,
            ParkingTime = prices?.Has(PriceDimension.ParkingTime) == true ? parking.Tally.ToMoney() : null,
            Reservation = reservation is null || !(reservation.Extra is not null || reservation.Prices.Has(PriceDimension.Flat) || reservation.Prices.Has(PriceDimension.Time))
                ? null : Tally.Sum(taxes, fee.Tally, held.Tally).ToMoney(),
            BilledEnergyWh = energy.Billed,
            BilledTimeSeconds = time.Billed,
            BilledParkingSeconds = parking.Billed,
            BilledReservationSeconds = held.Billed,
        };
    }

    /// <summary>With and without VAT apart (M8). A limit that states no VAT leaves none to state where it bites.</summary>
    private static Money Clamp(Money total, Money? min, Money? max, TaxIncluded taxes)
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
        return new Money(excl, taxes == TaxIncluded.NotApplicable ? excl : incl);
    }

    /// <summary>One dimension over the whole session.</summary>
    /// <param name="weight">Which part of a <see cref="Pricing.Tally"/> one unit at a price of 1 is.</param>
    private sealed class Column(decimal weight, TaxIncluded taxes)
    {
        public const decimal Once = 3600m;
        public const decimal PerKwh = 3.6m;
        public const decimal PerHour = 1m;

        private decimal _used;
        private PriceComponent? _last;

        public Tally Tally { get; } = new(taxes);
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
            Tally.Add(quantity * weight * price.Price, price.Vat);
        }
    }
}
