using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using static EdgeGateway.Tests.Site.Pricing.Tariffs;

namespace EdgeGateway.Tests.Site.Pricing;

public sealed class PricerTests
{
    [Fact]
    public void Each_dimension_finds_its_own_first_element()
    {
        var tariff = With(
            Element(new TariffRestrictions { MinKwh = 1000m }, Energy(9m)),
            Element(null, Time(2m)),
            Element(null, Energy(0.30m), Time(9m)));
        var bill = Bill(tariff, 60, 10_000);
        Assert.Equal((3.00m, 2.00m), (bill.Energy!.ExclVat, bill.Time!.ExclVat));
        Assert.Null(bill.Fixed);
        Assert.Null(bill.ParkingTime);
    }

    [Fact]
    public void A_flat_fee_is_billed_once_from_the_element_that_is_first_at_the_start()
    {
        var tariff = With(
            Element(new TariffRestrictions { MinDuration = TimeSpan.FromMinutes(30) }, Flat(9m), Time(1m)),
            Element(null, Flat(2m), Energy(0.10m)));
        var bill = Bill(tariff, 60, 10_000);
        Assert.Equal(2m, bill.Fixed!.ExclVat);
        Assert.Equal(2, bill.Periods.Length); // the hour's price begins after 30 minutes
        Assert.Equal(3.5m, bill.Total.ExclVat);
    }

    [Fact]
    public void A_flat_fee_that_begins_later_begins_a_period()
    {
        var bill = Bill(With(Element(new TariffRestrictions { MinKwh = 5m }, Flat(2m))), 60, 10_000);
        Assert.Equal([5_000, 5_000], bill.Periods.Select(static p => p.EnergyWh));
        Assert.Equal(2m, bill.Total.ExclVat);
        Assert.Equal(0m, Bill(With(Element(new TariffRestrictions { MinKwh = 5m }, Flat(2m))), 60, 4_999).Total.ExclVat);
    }

    [Fact]
    public void A_limit_in_kwh_is_found_between_two_register_values()
    {
        var tariff = With(Element(new TariffRestrictions { MaxKwh = 10m }, Energy(0.20m), Time(1m)), Element(null, Energy(0.50m)));
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 20_000, [new CoursePoint(Noon.AddMinutes(20), 8_000, Activity.Charging)]);
        Assert.Equal([10_000, 10_000], bill.Periods.Select(static p => p.EnergyWh));
        Assert.Equal(Noon.AddMinutes(20 + (40d * 2 / 12)), bill.Periods[1].Start, TimeSpan.FromTicks(1));
        Assert.Equal(2m + 5m, bill.Energy!.ExclVat);
    }

    [Fact]
    public void A_limit_in_kwh_that_is_reached_exactly_is_reached_at_the_register_value()
    {
        var tariff = With(Element(new TariffRestrictions { MaxKwh = 10m }, Energy(0.20m)), Element(null, Energy(0.50m)));
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 20_000, [new CoursePoint(Noon.AddMinutes(20), 10_000, Activity.Charging)]);
        Assert.Equal(Noon.AddMinutes(20), bill.Periods[1].Start);
    }

    [Fact]
    public void Limits_in_minutes_count_from_the_start_of_the_session()
    {
        var tariff = With(
            Element(new TariffRestrictions { MinDuration = TimeSpan.FromMinutes(90), MaxDuration = TimeSpan.FromMinutes(100) }, Parking(6m)));
        var parked = new CoursePoint(Noon.AddMinutes(80), null, Activity.Parking);
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(120), 5_000, [parked]);
        Assert.Equal([80d, 10d, 10d, 20d], bill.Periods.Select(static p => p.Duration.TotalMinutes));
        Assert.Equal(1m, bill.Total.ExclVat);
    }

    [Fact]
    public void Without_measured_power_the_registers_tell_it()
    {
        var tariff = With(Element(new TariffRestrictions { MaxPowerKw = 16m }, Energy(0.20m)), Element(null, Energy(0.50m)));
        CoursePoint[] course = [new(Noon, 0, Activity.Charging, 0m), new(Noon.AddMinutes(30), 5_000, Activity.Charging)];
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 25_000, course);
        Assert.Equal([5_000, 20_000], bill.Periods.Select(static p => p.EnergyWh)); // 10 kW, then 40 kW
        Assert.Equal(11m, bill.Total.ExclVat);
    }

    [Fact]
    public void A_parked_car_draws_nothing_whatever_was_measured_before()
    {
        var tariff = With(Element(new TariffRestrictions { MinCurrentA = 10m }, Parking(60m)), Element(null, Parking(1m)));
        CoursePoint[] course = [new(Noon, 0, Activity.Charging, 7_000m, 32m), new(Noon.AddMinutes(30), null, Activity.Parking)];
        Assert.Equal(0.5m, Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 3_500, course).Total.ExclVat);
    }

    [Fact]
    public void Periods_tell_what_was_measured_in_them()
    {
        CoursePoint[] course =
        [
            new(Noon.AddMinutes(-1), 0, Activity.Charging, 1_000m, 5m),
            new(Noon.AddMinutes(10), 100, Activity.Charging, 7_000m, 32m),
            new(Noon.AddMinutes(20), 200, Activity.Parking),
        ];
        var bill = Pricer.Price(Of(Energy(1m)), TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 300, course);
        Assert.Equal(
            [(1_000m, 7_000m, 5m, 32m), (null, null, null, null)],
            bill.Periods.Select(static p => (p.MinPowerW, p.MaxPowerW, p.MinCurrentA, p.MaxCurrentA)));
        Assert.All(bill.Periods, static p => Assert.Equal("T", p.TariffId));
    }

    [Fact]
    public void Without_any_vat_there_is_no_amount_with_vat()
    {
        var bill = Bill(Of(Energy(0.25m, vat: 20m), Time(1m)), 60, 10_000);
        Assert.Equal(new Money(3.5m, null), bill.Total);
        Assert.Equal(new Money(2.5m, 3m), bill.Energy);
        Assert.Equal(new Money(1m, null), bill.Time);
    }

    [Fact]
    public void What_costs_nothing_needs_no_vat()
    {
        Assert.Equal(Money.Zero, Bill(Of(Flat(0m)), 60, 10_000).Total);
        Assert.Equal(new Money(2.5m, 3m), Bill(Of(Energy(0.25m, vat: 20m), Time(0m), Parking(5m)), 60, 10_000).Total);
    }

    [Fact]
    public void Thirds_of_an_hour_add_up_to_exact_amounts()
    {
        var elements = Enumerable.Range(1, 3)
            .Select(static i => Element(new TariffRestrictions { MaxDuration = TimeSpan.FromMinutes(i * 20) }, Time(1m, 19m, step: i * 2))).ToArray();
        var bill = Bill(With(elements), 60, 0);
        Assert.Equal(3, bill.Periods.Length);
        Assert.Equal(new Money(1m, 1.19m), bill.Total);
    }

    [Fact]
    public void A_step_never_makes_something_of_nothing()
    {
        var tariff = Of(Energy(1m, step: 1_000), Time(1m, step: 900), Parking(1m, step: 900));
        Assert.Equal(0m, Bill(tariff, 0, 0).Total.ExclVat);
        Assert.Equal(0m, Bill(tariff, 60, 0).Energy!.ExclVat);
    }

    [Fact]
    public void A_step_counts_all_that_was_used_also_what_was_free()
    {
        var tariff = With(Element(new TariffRestrictions { MinDuration = TimeSpan.FromMinutes(30) }, Energy(1m, step: 1_000)));
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 7_300, [new CoursePoint(Noon.AddMinutes(30), 2_500, Activity.Charging)]);
        Assert.Equal(4.8m + 0.7m, bill.Total.ExclVat); // 7.3 kWh become 8, of which 2.5 are free
    }

    [Fact]
    public void Parking_that_is_free_leaves_the_charging_time_to_be_rounded()
    {
        var parked = new CoursePoint(Noon.AddMinutes(21), null, Activity.Parking);
        var bill = Pricer.Price(Of(Time(1m, step: 1_800)), TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 0, [parked]);
        Assert.Equal(0.5m, bill.Total.ExclVat);
        Assert.Equal(TimeSpan.FromMinutes(39), bill.Parking); // rounding is for money, volumes stay as they were
    }

    [Theory]
    [InlineData(1_000, "0.50", "0.55")] // both raised
    [InlineData(2_050, "0.5125", "0.61")] // only the gross one
    [InlineData(20_000, "5.00", "5.95")]
    [InlineData(44_000, "10.00", "13.00")] // both cut
    public void Limits_hold_with_and_without_vat_apart(long energyWh, string excl, string incl)
    {
        var tariff = Of(Energy(0.25m, vat: 19m)) with { MinPrice = new Money(0.50m, energyWh == 1_000 ? 0.55m : 0.61m), MaxPrice = new Money(10m, 13m) };
        Assert.Equal((excl, incl), (Text(Bill(tariff, 60, energyWh).Total.ExclVat, excl), Text(Bill(tariff, 60, energyWh).Total.InclVat, incl)));
    }

    [Fact]
    public void A_limit_without_vat_leaves_no_vat_where_it_bites()
    {
        var tariff = Of(Energy(0.25m, vat: 20m)) with { MinPrice = new Money(1m, null), MaxPrice = new Money(10m, null) };
        Assert.Equal(new Money(1m, null), Bill(tariff, 60, 1_000).Total);
        Assert.Equal(new Money(2.5m, 3m), Bill(tariff, 60, 10_000).Total);
        Assert.Equal(new Money(10m, null), Bill(tariff, 60, 100_000).Total);
    }

    [Theory]
    [InlineData(ReservationRestriction.Reservation)]
    [InlineData(ReservationRestriction.ReservationExpires)]
    public void Elements_for_reservations_never_price_a_session(ReservationRestriction reservation)
    {
        var bill = Bill(With(Element(new TariffRestrictions { Reservation = reservation }, Flat(9m), Time(9m)), Element(null, Energy(0.25m))), 60, 10_000);
        Assert.Equal(2.5m, bill.Total.ExclVat);
        Assert.Null(bill.Time);
        Assert.Null(bill.Fixed);
    }

    [Fact]
    public void Without_a_tariff_a_session_is_free()
    {
        var bill = Pricer.Price(null, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 7_000, [new CoursePoint(Noon.AddMinutes(40), 7_000, Activity.Parking)], "CHF");
        Assert.Equal(("CHF", Money.Zero), (bill.Currency, bill.Total));
        Assert.Equal([(7_000, Activity.Charging), (0, Activity.Parking)], bill.Periods.Select(static p => (p.EnergyWh, p.Activity)));
        Assert.All(bill.Periods, static p => Assert.Null(p.TariffId));
    }

    [Fact]
    public void A_session_without_length_is_one_period_with_all_its_energy()
    {
        var tariff = With(Element(new TariffRestrictions { MaxKwh = 1m }, Energy(0.20m), Flat(1m)), Element(null, Energy(0.50m)));
        var bill = Bill(tariff, 0, 3_000);
        var period = Assert.Single(bill.Periods);
        Assert.Equal((Noon, TimeSpan.Zero, 3_000), (period.Start, period.Duration, period.EnergyWh));
        Assert.Equal(1.6m, bill.Total.ExclVat);
    }

    [Fact]
    public void A_limit_that_falls_into_no_time_makes_no_period_without_length()
    {
        var tariff = With(Element(new TariffRestrictions { MaxKwh = 1m }, Energy(0.20m)), Element(null, Energy(0.50m)));
        CoursePoint[] course = [new(Noon.AddMinutes(30), 0, Activity.Charging), new(Noon.AddMinutes(30).AddTicks(1), 8_000, Activity.Charging)];
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 9_000, course);
        Assert.Equal([(18_000_000_001, 8_000), (17_999_999_999, 1_000)], bill.Periods.Select(static p => (p.Duration.Ticks, p.EnergyWh)));
    }

    [Fact]
    public void A_register_that_falls_or_runs_ahead_is_held_between_what_was_and_the_total()
    {
        CoursePoint[] course =
        [
            new(Noon.AddMinutes(10), 4_000, Activity.Charging), new(Noon.AddMinutes(20), 1_000, Activity.Charging), new(Noon.AddMinutes(30), 90_000, Activity.Parking),
        ];
        var bill = Pricer.Price(Of(Energy(1m)), TimeZoneInfo.Utc, Noon, Noon.AddMinutes(60), 5_000, course);
        Assert.Equal([5_000, 0], bill.Periods.Select(static p => p.EnergyWh));
    }

    private static Bill Bill(Tariff tariff, int minutes, long energyWh) =>
        Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddMinutes(minutes), energyWh, []);

    private static string? Text(decimal? amount, string like) =>
        amount?.ToString($"F{like.Length - like.IndexOf('.', StringComparison.Ordinal) - 1}");
}
