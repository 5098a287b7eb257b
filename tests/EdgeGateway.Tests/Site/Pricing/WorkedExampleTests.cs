using System.Globalization;
using System.Text.Json;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using EdgeGateway.Tests.Protocols.Ocpi;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>The price examples that the specification prints, as sessions with a course.</summary>
public sealed class WorkedExampleTests
{
    public static TheoryData<string, string> Examples()
    {
        var data = new TheoryData<string, string>();
        if (OcpiExamples.Folder is null)
        {
            data.Add("absent", "");
            return data;
        }
        foreach (var example in TariffJson.Open("pricing/worked-examples.json").GetProperty("examples").EnumerateArray())
        {
            foreach (var version in example.GetProperty("versions").EnumerateArray())
                data.Add(example.GetProperty("id").GetString()!, version.GetString()!);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_session_costs_what_the_specification_prints(string id, string version)
    {
        var example = TariffJson.Open("pricing/worked-examples.json").GetProperty("examples").EnumerateArray()
            .Single(e => e.GetProperty("id").GetString() == id);
        var segments = example.GetProperty("segments").EnumerateArray().ToList();
        var tariff = TariffJson.Read($"{version}/examples/{example.GetProperty("tariff").GetString()}");
        var bill = Price(tariff, example, segments);

        var expected = example.GetProperty("expected");
        AssertPrinted(expected.GetProperty("total_excl_vat"), bill.Total.ExclVat);
        AssertPrinted(expected.GetProperty("total_incl_vat"), bill.Total.InclVat);
        if (tariff.Elements.SelectMany(static element => element.Components).Any(static component => component.Vat is null))
            Assert.Null(bill.Total.InclVat);
        AssertParts(expected, bill);
    }

    [Fact]
    public void Power_bands_make_a_period_each()
    {
        var example = TariffJson.Open("pricing/worked-examples.json").GetProperty("examples").EnumerateArray()
            .Single(static e => e.GetProperty("id").GetString() == "max_power_bands");
        var tariff = TariffJson.Read($"2.2.1/examples/{example.GetProperty("tariff").GetString()}");
        var bill = Price(tariff, example, [.. example.GetProperty("segments").EnumerateArray()]);
        Assert.Equal([1_000, 40_000, 500], bill.Periods.Select(static period => period.EnergyWh));
        Assert.Equal([6_000m, 48_000m, 4_000m], bill.Periods.Select(static period => period.MaxPowerW!.Value));
    }

    [Theory]
    [InlineData("115.2", 1, "116", "0.029")]
    [InlineData("115.2", 25, "125", "0.03125")]
    public void Energy_is_billed_in_steps(string wh, int step, string billedWh, string cost)
    {
        var costs = Pricer.PricePeriods(
            Tariffs.Of(Tariffs.Energy(0.25m, step: step)), TimeZoneInfo.Utc,
            [new MeteredPeriod(Tariffs.Noon, Activity.Charging, TimeSpan.FromHours(1), Number(wh) / 1000m)]);
        Assert.Equal(Number(billedWh), costs.BilledEnergyWh);
        Assert.Equal(Number(cost), costs.Total.ExclVat);
    }

    [Fact]
    public void Parking_is_billed_in_steps()
    {
        var costs = Pricer.PricePeriods(
            Tariffs.Of(Tariffs.Parking(1m, step: 300)), TimeZoneInfo.Utc,
            [new MeteredPeriod(Tariffs.Noon, Activity.Parking, TimeSpan.FromMinutes(8), 0m)]);
        Assert.Equal(600m, costs.BilledParkingSeconds);
    }

    [Fact]
    public void A_step_that_is_not_full_is_filled_at_the_last_price()
    {
        var tariff = Tariffs.With(
            Tariffs.Element(new TariffRestrictions { EndTime = new TimeOnly(17, 0) }, Tariffs.Energy(0.20m, step: 500)),
            Tariffs.Element(null, Tariffs.Energy(0.27m, step: 500)));
        var switched = Tariffs.Noon.AddHours(5);
        var bill = Pricer.Price(
            tariff, TimeZoneInfo.Utc, Tariffs.Noon, Tariffs.Noon.AddHours(6), 5_400, [new CoursePoint(switched, 4_300, Activity.Charging)]);
        Assert.Equal([4_300, 1_100], bill.Periods.Select(static period => period.EnergyWh));
        Assert.Equal((4.3m * 0.20m) + (1.2m * 0.27m), bill.Total.ExclVat);
    }

    [Theory]
    [InlineData(16, 600, 20)]
    [InlineData(7, 300, 10)]
    public void Only_parking_is_rounded_when_both_are_billed(int parkedMinutes, int step, int billedMinutes)
    {
        var tariff = Tariffs.Of(Tariffs.Time(1.00m, step: step), Tariffs.Parking(2.00m, step: step));
        var parked = Tariffs.Noon.AddMinutes(21);
        var bill = Pricer.Price(
            tariff, TimeZoneInfo.Utc, Tariffs.Noon, parked.AddMinutes(parkedMinutes), 0, [new CoursePoint(parked, null, Activity.Parking)]);
        Assert.Equal(new Money(21m / 60m, null), bill.Time);
        Assert.Equal(new Money(billedMinutes * 2m / 60m, null), bill.ParkingTime);
    }

    private static Bill Price(Tariff tariff, JsonElement example, List<JsonElement> segments)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(example.GetProperty("time_zone").GetString()!);
        var local = example.GetProperty("start_local").GetDateTime();
        var granted = new DateTimeOffset(local, zone.GetUtcOffset(local));
        var held = segments.Where(static segment => segment.GetProperty("kind").GetString() == "reservation").ToList();
        var start = granted.AddMinutes(held.Sum(static segment => segment.GetProperty("minutes").GetDouble()));
        if (example.GetProperty("reservation_expired").GetBoolean())
            return Pricer.PriceReservation(tariff, zone, granted, start, expired: true);
        var (at, wh) = (start, 0m);
        var course = new List<CoursePoint>();
        foreach (var segment in segments.Except(held))
        {
            course.Add(new CoursePoint(
                at, (long)wh, segment.GetProperty("kind").GetString() == "parking" ? Activity.Parking : Activity.Charging,
                TariffJson.Number(segment, "power_kw") * 1000m, TariffJson.Number(segment, "current_a")));
            at += TimeSpan.FromMinutes(segment.GetProperty("minutes").GetDouble());
            wh += segment.GetProperty("kwh").GetDecimal() * 1000m;
        }
        return Pricer.Price(tariff, zone, start, at, (long)wh, course, reservedFrom: granted);
    }

    private static void AssertParts(JsonElement expected, Bill bill)
    {
        if (!expected.TryGetProperty("parts", out var parts))
            return;
        foreach (var part in parts.EnumerateObject())
        {
            var amount = part.Name switch { "flat" => bill.Fixed, "energy" => bill.Energy, "time" => bill.Time, "parking" => bill.ParkingTime, "reservation" => bill.Reservation, _ => null };
            if (part.Value.ValueKind != JsonValueKind.Array)
                continue; // per band: see Power_bands_make_a_period_each
            Assert.NotNull(amount);
            AssertPrinted(part.Value[0], amount.ExclVat);
            AssertPrinted(part.Value[1], amount.InclVat);
        }
    }

    /// <summary>Rounded to the cent, unless more digits are printed; null = the text states none.</summary>
    private static void AssertPrinted(JsonElement printed, decimal? actual)
    {
        if (printed.GetString() is not { } text)
            return;
        Assert.NotNull(actual);
        Assert.Equal(Number(text), Rounding.Round(actual.Value, Math.Max(2, text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1)));
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
