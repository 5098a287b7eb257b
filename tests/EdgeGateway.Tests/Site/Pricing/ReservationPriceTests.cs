using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using static EdgeGateway.Tests.Site.Pricing.Tariffs;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>M9: what keeping a place free costs, used or not. Granted at noon; driver comes at half past.</summary>
public sealed class ReservationPriceTests
{
    private static readonly TariffRestrictions Held = new() { Reservation = ReservationRestriction.Reservation };
    private static readonly TariffRestrictions Expired = new() { Reservation = ReservationRestriction.ReservationExpires };
    private static readonly DateTimeOffset Start = Noon.AddMinutes(30);

    [Fact]
    public void Time_and_fee_of_a_reservation_lead_the_session()
    {
        var tariff = With(Element(Held, Time(4m, 20m), Flat(1m, 20m)), Element(null, Energy(0.50m, 20m), Flat(3m, 20m)));
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Start, Start.AddHours(1), 10_000, [], reservedFrom: Noon);
        Assert.Equal(new Money(3m, 3.6m), bill.Reservation);
        Assert.Equal((3m, 5m, 11m), (bill.Fixed!.ExclVat, bill.Energy!.ExclVat, bill.Total.ExclVat));
        Assert.Equal([Activity.Reserved, Activity.Charging], bill.Periods.Select(static p => p.Activity));
        Assert.Equal((Noon, TimeSpan.FromMinutes(30), 0L), (bill.Periods[0].Start, bill.Periods[0].Duration, bill.Periods[0].EnergyWh));
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(30)), (bill.Duration, bill.Reserved));
    }

    [Fact]
    public void A_reservation_without_elements_for_it_is_free_and_shown()
    {
        var bill = Pricer.Price(Of(Energy(0.50m), Time(6m), Flat(3m)), TimeZoneInfo.Utc, Start, Start.AddHours(1), 10_000, [], reservedFrom: Noon);
        Assert.Null(bill.Reservation);
        Assert.Equal(5m + 6m + 3m, bill.Total.ExclVat);
        Assert.Equal(2, bill.Periods.Length);
    }

    [Theory]
    [InlineData(false, 3.5)] // 1.50 of time and a fee of 2
    [InlineData(true, 12.5)] // 0.5 h at 9 in place of 3, both fees
    public void Letting_it_expire_adds_its_fee_and_replaces_the_price_of_time(bool expired, double total)
    {
        var tariff = With(Element(Held, Time(3m), Flat(2m)), Element(Expired, Time(9m), Flat(6m)), Element(null, Flat(50m), Time(50m)));
        var bill = Pricer.PriceReservation(tariff, TimeZoneInfo.Utc, Noon, Start, expired);
        Assert.Equal((decimal)total, bill.Total.ExclVat);
        Assert.Equal((decimal)total, bill.Reservation!.ExclVat);
        Assert.Null(bill.Fixed);
        Assert.Null(bill.Time);
        Assert.Equal((0L, TimeSpan.Zero, TimeSpan.FromMinutes(30)), (bill.EnergyWh, bill.Duration, bill.Reserved));
    }

    [Fact]
    public void An_expiry_without_a_price_of_time_leaves_that_of_the_reservation()
    {
        var tariff = With(Element(Expired, Flat(6m)), Element(Held, Time(3m), Flat(2m)));
        Assert.Equal(6m + 1.5m + 2m, Pricer.PriceReservation(tariff, TimeZoneInfo.Utc, Noon, Start, expired: true).Total.ExclVat);
    }

    [Fact]
    public void Nobody_owes_the_least_price_of_a_session_that_never_was_nor_more_than_the_most()
    {
        var tariff = With(Element(Held, Time(3m)), Element(Expired, Flat(60m))) with { MinPrice = new Money(10m, null), MaxPrice = new Money(40m, null) };
        Assert.Equal(1.5m, Pricer.PriceReservation(tariff, TimeZoneInfo.Utc, Noon, Start, expired: false).Total.ExclVat);
        Assert.Equal(40m, Pricer.PriceReservation(tariff, TimeZoneInfo.Utc, Noon, Start, expired: true).Total.ExclVat);
        Assert.Equal(10m, Pricer.Price(tariff, TimeZoneInfo.Utc, Start, Start.AddHours(1), 0, [], reservedFrom: Noon).Total.ExclVat);
    }

    [Fact]
    public void Both_limits_are_of_reservation_and_session_together()
    {
        var tariff = With(Element(Held, Time(20m)), Element(null, Energy(1m))) with { MaxPrice = new Money(15m, null) };
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Start, Start.AddHours(1), 8_000, [], reservedFrom: Noon);
        Assert.Equal((10m, 8m, 15m), (bill.Reservation!.ExclVat, bill.Energy!.ExclVat, bill.Total.ExclVat));
    }

    [Fact]
    public void Steps_of_a_reservation_are_its_own()
    {
        var tariff = With(Element(Held, Time(6m, step: 600)), Element(null, Time(6m, step: 600)));
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Noon.AddMinutes(22), Noon.AddMinutes(22 + 31), 0, [], reservedFrom: Noon);
        Assert.Equal((3m, 4m), (bill.Reservation!.ExclVat, bill.Time!.ExclVat)); // 22 to 30, 31 to 40; together they would be 53 to 60
    }

    [Fact]
    public void A_price_of_time_that_changes_during_the_reservation_begins_a_period()
    {
        var tariff = With(Element(Held with { EndTime = new TimeOnly(12, 10) }, Time(6m)), Element(Held, Time(12m)));
        var bill = Pricer.PriceReservation(tariff, TimeZoneInfo.Utc, Noon, Start, expired: false);
        Assert.Equal([10d, 20d], bill.Periods.Select(static p => p.Duration.TotalMinutes));
        Assert.Equal(1m + 4m, bill.Total.ExclVat);
    }

    [Fact]
    public void Limits_of_the_session_count_from_its_own_start()
    {
        var tariff = With(Element(new TariffRestrictions { MaxDuration = TimeSpan.FromMinutes(30) }, Time(2m)), Element(null, Time(4m)));
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Start, Start.AddHours(1), 0, [], reservedFrom: Noon);
        Assert.Equal([30d, 30d, 30d], bill.Periods.Select(static p => p.Duration.TotalMinutes));
        Assert.Equal(3m, bill.Total.ExclVat);
    }

    [Fact]
    public void A_reservation_never_changes_what_the_session_itself_costs()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new RandomSessions(seed);
            var (zone, start, tariff) = (random.Zone(), random.Start(), random.Tariff());
            var (course, seconds, energyWh) = random.GoodCourse();
            course = course.ConvertAll(point => point with { At = start + (point.At - DateTimeOffset.UnixEpoch) });
            var from = start.AddSeconds(-1 - random.Next(7_200));
            var without = Pricer.Price(tariff, zone, start, start.AddSeconds(seconds), energyWh, course);
            var with = Pricer.Price(tariff, zone, start, start.AddSeconds(seconds), energyWh, course, reservedFrom: from);
            var alone = Pricer.PriceReservation(tariff, zone, from, start, expired: false);
            Assert.True((without.EnergyWh, without.Duration, without.Parking) == (with.EnergyWh, with.Duration, with.Parking), $"seed {seed}");
            Assert.True(
                (without.Fixed, without.Energy, without.Time, without.ParkingTime) == (with.Fixed, with.Energy, with.Time, with.ParkingTime), $"seed {seed}");
            Assert.True(with.Periods.SequenceEqual(alone.Periods.Concat(without.Periods)), $"seed {seed}: periods differ");
            Assert.True(with.Periods[0].Start == from && with.Reserved == start - from, $"seed {seed}: {with.Reserved}");
            var sum = without.Total.ExclVat + alone.Total.ExclVat;
            Assert.True(Math.Abs(with.Total.ExclVat - sum) < 1e-20m, $"seed {seed}: {with.Total} of {without.Total} and {alone.Total}");
            var again = Pricer.PricePeriods(tariff, zone, [.. alone.Periods.Select(static p => new MeteredPeriod(p.Start, p.Activity, p.Duration, 0m))]);
            Assert.True(alone.Reservation == again.Reservation, $"seed {seed}: {alone.Reservation}, again {again.Reservation}");
        }
    }

    [Fact]
    public void A_reservation_that_is_before_nothing_counts_as_none()
    {
        var tariff = With(Element(Held, Flat(9m)), Element(null, Energy(1m)));
        foreach (var from in new DateTimeOffset?[] { null, Start, Start.AddMinutes(1) })
            Assert.Equal(8m, Pricer.Price(tariff, TimeZoneInfo.Utc, Start, Start.AddHours(1), 8_000, [], reservedFrom: from).Total.ExclVat);
    }
}
