using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using static EdgeGateway.Tests.Site.Pricing.Tariffs;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>The location's clock decides, also in the nights in which it is changed (M3).</summary>
public sealed class LocalTimeTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_night_passes_midnight() =>
        AssertStarts(Between("22:00", "06:00"), "2024-02-05T20:00:00Z", 12, "2024-02-05T20:00:00Z", "2024-02-05T21:00:00Z", "2024-02-06T05:00:00Z");

    [Fact]
    public void An_end_at_midnight_is_the_midnight_to_come() =>
        AssertStarts(Between("20:00", "00:00"), "2024-02-05T18:00:00Z", 8, "2024-02-05T18:00:00Z", "2024-02-05T19:00:00Z", "2024-02-05T23:00:00Z");

    [Theory]
    [InlineData("00:00", "00:00")]
    [InlineData("07:30", "07:30")]
    public void Equal_times_are_the_whole_day(string start, string end)
    {
        var bill = Price(Between(start, end), "2024-02-05T18:00:00Z", 30);
        Assert.Single(bill.Periods);
        Assert.Equal(30m, bill.Time!.ExclVat);
    }

    [Fact]
    public void A_start_alone_holds_until_midnight_and_an_end_alone_from_midnight()
    {
        AssertStarts(
            new() { StartTime = new TimeOnly(20, 0) }, "2024-02-05T18:00:00Z", 8, "2024-02-05T18:00:00Z", "2024-02-05T19:00:00Z", "2024-02-05T23:00:00Z");
        AssertStarts(
            new() { EndTime = new TimeOnly(2, 0) }, "2024-02-05T18:00:00Z", 8, "2024-02-05T18:00:00Z", "2024-02-05T23:00:00Z", "2024-02-06T01:00:00Z");
    }

    [Fact]
    public void Weekdays_change_at_local_midnight() =>
        AssertStarts(
            new() { Days = [DayOfWeek.Saturday] }, "2024-02-09T20:00:00Z", 36, "2024-02-09T20:00:00Z", "2024-02-09T23:00:00Z", "2024-02-10T23:00:00Z");

    [Fact]
    public void Dates_begin_inclusive_and_end_exclusive_at_local_midnight() =>
        AssertStarts(
            new() { StartDate = new DateOnly(2024, 2, 10), EndDate = new DateOnly(2024, 2, 12) },
            "2024-02-09T20:00:00Z", 72, "2024-02-09T20:00:00Z", "2024-02-09T23:00:00Z", "2024-02-11T23:00:00Z");

    [Fact]
    public void A_time_that_spring_skips_begins_with_the_change() =>
        // 02:30 is not shown on this night: the clock goes from 02:00 to 03:00 at 01:00Z.
        AssertStarts(Between("02:30", "04:00"), "2024-03-31T00:00:00Z", 4, "2024-03-31T00:00:00Z", "2024-03-31T01:00:00Z", "2024-03-31T02:00:00Z");

    [Fact]
    public void A_time_that_autumn_shows_twice_counts_twice() =>
        // The clock goes from 03:00 back to 02:00 at 01:00Z.
        AssertStarts(
            Between("02:30", "04:00"), "2024-10-27T00:00:00Z", 5,
            "2024-10-27T00:00:00Z", "2024-10-27T00:30:00Z", "2024-10-27T01:00:00Z", "2024-10-27T01:30:00Z", "2024-10-27T03:00:00Z");

    [Theory]
    [InlineData("2024-03-30T21:00:00Z", 7)]
    [InlineData("2024-10-26T20:00:00Z", 9)]
    [InlineData("2024-02-05T21:00:00Z", 8)]
    public void A_night_is_as_long_as_the_clock_makes_it(string evening, int hours) =>
        Assert.Equal(hours, Price(Between("22:00", "06:00"), evening, 12).Time!.ExclVat);

    [Fact]
    public void Energy_is_divided_at_the_switch_without_a_register_value()
    {
        var tariff = With(Element(Between("22:00", "06:00"), Energy(0.20m)), Element(null, Energy(0.40m)));
        var start = DateTimeOffset.Parse("2024-02-05T20:20:00Z");
        var bill = Pricer.Price(tariff, Berlin, start, start.AddMinutes(60), 10_001, []);
        Assert.Equal([6_667, 3_334], bill.Periods.Select(static p => p.EnergyWh));
        Assert.Equal((6.667m * 0.40m) + (3.334m * 0.20m), bill.Total.ExclVat);
    }

    [Fact]
    public void The_zone_of_the_session_is_the_location_not_the_offset_of_its_times()
    {
        var start = DateTimeOffset.Parse("2024-02-05T21:30:00+01:00");
        var bill = Pricer.Price(With(Element(Between("22:00", "06:00"), Time(1m))), Berlin, start, start.AddHours(1), 0, []);
        Assert.Equal(0.5m, bill.Total.ExclVat);
        Assert.All(bill.Periods, static p => Assert.Equal(TimeSpan.Zero, p.Start.Offset));
    }

    private static TariffRestrictions Between(string start, string end) => new() { StartTime = TimeOnly.Parse(start), EndTime = TimeOnly.Parse(end) };

    private static Bill Price(TariffRestrictions restrictions, string start, int hours)
    {
        var from = DateTimeOffset.Parse(start);
        return Pricer.Price(With(Element(restrictions, Time(1m))), Berlin, from, from.AddHours(hours), 0, []);
    }

    /// <summary>The first period is always one in which the restriction does not hold; from there they take turns.</summary>
    private static void AssertStarts(TariffRestrictions restrictions, string start, int hours, params string[] starts)
    {
        var bill = Price(restrictions, start, hours);
        Assert.Equal(starts.Select(static s => DateTimeOffset.Parse(s)), bill.Periods.Select(static p => p.Start));
        Assert.Equal(bill.Periods.Where(static (_, i) => i % 2 == 1).Sum(static p => p.Duration.Ticks) / (decimal)TimeSpan.TicksPerHour, bill.Time!.ExclVat);
    }
}
