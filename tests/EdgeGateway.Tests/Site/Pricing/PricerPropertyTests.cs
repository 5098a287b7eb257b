using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Tests.Site.Pricing;

public sealed class PricerPropertyTests
{
    [Fact]
    public void Any_course_gives_a_bill_whose_periods_sum_up_exactly()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new RandomSessions(seed);
            var start = random.Start().AddTicks(random.Next(2) * random.Next(10_000_000));
            var end = random.Next(10) == 0 ? start.AddMinutes(-random.Next(2)) : start.AddTicks(random.Next(86_400) * 10_000_001L);
            var energyWh = (long)random.Next(100_000) * random.Next(2);
            var tariff = random.Next(10) == 0 ? null : random.Tariff();
            var bill = Pricer.Price(tariff, random.Zone(), start, end, energyWh, random.AnyCourse(start));
            AssertSound(bill, start, end > start ? end : start, energyWh, seed);
        }
    }

    [Fact]
    public void Each_second_is_billed_at_what_then_held()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new RandomSessions(seed);
            var (zone, start, tariff) = (random.Zone(), random.Start(), random.Tariff());
            var (course, seconds, energyWh) = random.GoodCourse();
            course = At(start, course);
            var bill = Pricer.Price(tariff, zone, start, start.AddSeconds(seconds), energyWh, course);
            AssertSound(bill, start, start.AddSeconds(seconds), energyWh, seed);

            // At a limit in kWh the oracle is late by up to a second, in which 14 Wh at 1.00 may flow and an hour may cost 6.00.
            var expected = SecondBySecond.Cost(tariff, zone, start, course, seconds, energyWh);
            var tolerance = bill.Periods.Length * 0.02m;
            Assert.True(Math.Abs(bill.Total.ExclVat - expected) <= tolerance, $"seed {seed}: {bill.Total.ExclVat}, second by second {expected}");
            Assert.True(Math.Abs(bill.Total.InclVat!.Value - (bill.Total.ExclVat * 1.19m)) < 1e-20m, $"seed {seed}: {bill.Total}");
        }
    }

    [Fact]
    public void A_session_in_progress_is_priced_like_the_beginning_of_its_cdr()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomSessions(seed);
            var (zone, start) = (random.Zone(), random.Start());
            var tariff = random.Tariff() with { TaxIncluded = (TaxIncluded)random.Next(3) };
            var (course, seconds, energyWh) = random.GoodCourse();
            course = At(start, course);
            DateTimeOffset? reservedFrom = random.Next(2) == 0 ? start.AddSeconds(-random.Next(5_000)) : null;
            var whole = Pricer.Price(tariff, zone, start, start.AddSeconds(seconds), energyWh, course, reservedFrom: reservedFrom);
            var cost = 0m;
            for (var count = 1; count < course.Count; count++)
            {
                if (course[count].EnergyWh is not { } reachedWh)
                    continue;
                var so = Pricer.Price(tariff, zone, start, course[count].At, reachedWh, course[..count], reservedFrom: reservedFrom);
                Assert.True(so.Reservation == whole.Reservation && so.Reserved == whole.Reserved, $"seed {seed}, {count} points");
                Assert.True(so.Periods[..^1].SequenceEqual(whole.Periods[..(so.Periods.Length - 1)]), $"seed {seed}, {count} points");
                var (last, same) = (so.Periods[^1], whole.Periods[so.Periods.Length - 1]);
                Assert.True(last.Start == same.Start && last.Duration <= same.Duration && last.EnergyWh <= same.EnergyWh, $"seed {seed}, {count} points");
                Assert.True(so.Total.ExclVat >= cost, $"seed {seed}, {count} points: the cost fell");
                cost = so.Total.ExclVat;
            }
            Assert.True(whole.Total.ExclVat >= cost, $"seed {seed}: the cost fell at the end");
        }
    }

    [Fact]
    public void Who_prices_the_periods_of_a_bill_again_finds_its_total()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomSessions(seed);
            var (zone, start, tariff) = (random.Zone(), random.Start(), random.Tariff(readsLoad: false));
            var (course, seconds, energyWh) = random.GoodCourse();
            var bill = Pricer.Price(tariff, zone, start, start.AddSeconds(seconds), energyWh, At(start, course));
            var costs = Pricer.PricePeriods(tariff, zone, [.. bill.Periods.Select(static p => new MeteredPeriod(p.Start, p.Activity, p.Duration, p.EnergyWh / 1000m))]);
            Assert.True(bill.Total == costs.Total, $"seed {seed}: {bill.Total}, again {costs.Total}");
        }
    }

    [Fact]
    public void A_plain_tariff_makes_periods_of_charging_and_parking_only()
    {
        var tariff = Tariffs.Of(Tariffs.Energy(0.25m), Tariffs.Time(1m), Tariffs.Flat(1m));
        for (var seed = 0; seed < 300; seed++)
        {
            var (course, seconds, energyWh) = new RandomSessions(seed).GoodCourse();
            var runs = 1 + course.Skip(1).Where((point, i) => point.Activity != course[i].Activity).Count();
            foreach (var priced in new[] { tariff, null })
            {
                var bill = Pricer.Price(priced, TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(seconds), energyWh, course);
                Assert.True(runs == bill.Periods.Length, $"seed {seed}: {runs} runs, {bill.Periods.Length} periods");
            }
        }
    }

    [Fact]
    public void Long_courses_cost_time_in_proportion()
    {
        var course = new List<CoursePoint>();
        for (var i = 0; i < 200_000; i++)
            course.Add(new CoursePoint(Tariffs.Noon.AddSeconds(i), i, (i / 60 % 2) == 0 ? Activity.Charging : Activity.Parking, i % 50_000, i % 63));
        var tariff = new RandomSessions(1).Tariff();
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var bill = Pricer.Price(tariff, TimeZoneInfo.Utc, Tariffs.Noon, Tariffs.Noon.AddSeconds(200_000), 200_000, course);
        Assert.True(bill.Periods.Length > 3_000);
        Assert.True(clock.GetElapsedTime(began) < TimeSpan.FromSeconds(10)); // what is quadratic takes minutes
    }

    [Fact]
    public void More_energy_or_more_time_never_costs_less()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomSessions(seed);
            var (zone, start) = (random.Zone(), random.Start());

            // Without limits in kWh and W: more energy may reach a cheaper price sooner, which is the tariff's wish.
            var tariff = random.Tariff(readsLoad: false);
            tariff = tariff with
            {
                Elements = [.. tariff.Elements.Select(static e => e with { Restrictions = e.Restrictions is { } r ? r with { MinKwh = null, MaxKwh = null } : null })],
                MinPrice = random.Next(3) == 0 ? new Money(random.Next(20), random.Next(25)) : null,
                MaxPrice = random.Next(3) == 0 ? new Money(20 + random.Next(40), 25 + random.Next(40)) : null,
            };
            var (course, seconds, energyWh) = random.GoodCourse();
            course = At(start, course);
            var (less, more) = (Price(0, 0), Price(random.Next(5_000), 0));
            Assert.True(more.Total.ExclVat >= less.Total.ExclVat && more.Total.InclVat >= less.Total.InclVat, $"seed {seed}: {less.Total}, with more energy {more.Total}");
            var longer = Price(0, random.Next(5_000));
            Assert.True(longer.Time?.ExclVat >= less.Time?.ExclVat || less.Time is null, $"seed {seed}: {less.Time}, longer {longer.Time}");
            Assert.True(longer.ParkingTime?.ExclVat >= less.ParkingTime?.ExclVat || less.ParkingTime is null, $"seed {seed}: longer {longer.ParkingTime}");
            foreach (var total in new[] { less.Total, more.Total, longer.Total })
            {
                Assert.True(total.ExclVat >= 0m && total.InclVat >= 0m, $"seed {seed}: {total}");
                Assert.True(!(total.ExclVat < tariff.MinPrice?.ExclVat) && !(total.InclVat < tariff.MinPrice?.InclVat), $"seed {seed}: {total} below {tariff.MinPrice}");
                Assert.True(!(total.ExclVat > tariff.MaxPrice?.ExclVat) && !(total.InclVat > tariff.MaxPrice?.InclVat), $"seed {seed}: {total} above {tariff.MaxPrice}");
            }

            Bill Price(int moreWh, int longer) => Pricer.Price(tariff, zone, start, start.AddSeconds(seconds + longer), energyWh + moreWh, course);
        }
    }

    [Fact]
    public void A_period_that_is_split_costs_the_same_in_its_parts()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomSessions(seed);
            var (zone, start, tariff) = (random.Zone(), random.Start(), random.Tariff(readsLoad: false));
            var (course, seconds, energyWh) = random.GoodCourse();
            var bill = Pricer.Price(tariff, zone, start, start.AddSeconds(seconds), energyWh, At(start, course));
            var whole = bill.Periods.Select(static p => new MeteredPeriod(p.Start, p.Activity, p.Duration, p.EnergyWh / 1000m)).ToList();
            var at = random.Next(whole.Count);
            var (first, part) = (whole[at], whole[at].Duration * random.Next(100) / 100);
            var energy = first.EnergyKwh * random.Next(100) / 100m;
            whole[at] = first with { Duration = part, EnergyKwh = energy };
            whole.Insert(at + 1, first with { Start = first.Start + part, Duration = first.Duration - part, EnergyKwh = first.EnergyKwh - energy });
            var split = Pricer.PricePeriods(tariff, zone, whole);
            Assert.True(bill.Total == split.Total, $"seed {seed}: {bill.Total}, with period {at} in two {split.Total}");
        }
    }

    private static List<CoursePoint> At(DateTimeOffset start, List<CoursePoint> course) =>
        course.ConvertAll(point => point with { At = start + (point.At - DateTimeOffset.UnixEpoch) });

    private static void AssertSound(Bill bill, DateTimeOffset start, DateTimeOffset end, long energyWh, int seed)
    {
        Assert.True(bill.Periods.Length > 0, $"seed {seed}: no period");
        var at = start;
        foreach (var period in bill.Periods)
        {
            Assert.True(period.Start == at, $"seed {seed}: a period begins at {period.Start:O}, not at {at:O}");
            Assert.True(period.EnergyWh >= 0, $"seed {seed}: {period.EnergyWh} Wh");
            Assert.True(period.Duration > TimeSpan.Zero || (start == end && bill.Periods.Length == 1), $"seed {seed}: a period of {period.Duration}");
            at += period.Duration;
        }
        Assert.True(at == end, $"seed {seed}: the last period ends at {at:O}, not at {end:O}");
        Assert.True(bill.Duration == end - start, $"seed {seed}: {bill.Duration}");
        Assert.True(bill.EnergyWh == energyWh && bill.Periods.Sum(static p => p.EnergyWh) == energyWh, $"seed {seed}: {bill.EnergyWh} of {energyWh} Wh");
        var parking = bill.Periods.Where(static p => p.Activity == Activity.Parking).Sum(static p => p.Duration.Ticks);
        Assert.True(bill.Parking.Ticks == parking, $"seed {seed}: parking {bill.Parking}");
        Assert.True(bill.Total.ExclVat >= 0m, $"seed {seed}: {bill.Total}");
        var parts = new[] { bill.Fixed, bill.Energy, bill.Time, bill.ParkingTime }.Sum(static part => part?.ExclVat ?? 0m);
        Assert.True(Math.Abs(parts - bill.Total.ExclVat) < 1e-20m, $"seed {seed}: {parts} in parts, {bill.Total.ExclVat} in all");
    }
}
