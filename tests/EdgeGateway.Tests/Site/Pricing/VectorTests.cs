using System.Text.Json;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>Published test vectors: the CDR's own periods, priced by the tariff beside it, give the CDR's own totals.</summary>
public sealed class VectorTests
{
    private const decimal Tolerance = 0.0001m;

    [Theory]
    [InlineData("2.2.1/025kwh_min_price", "cdr1")]
    [InlineData("2.2.1/025kwh_min_price", "cdr2_less_than_2kWh")]
    [InlineData("2.2.1/025kwh_start", "cdr1")]
    [InlineData("2.2.1/multiple_flat_fees", "cdr")]
    [InlineData("2.2.1/simple_025kwh", "cdr1")]
    [InlineData("2.2.1/step_size", "cdr1")]
    [InlineData("2.2.1/step_size_energy", "cdr1")]
    [InlineData("2.1.1/025kwh", "cdr")]
    [InlineData("2.1.1/free_of_charge", "cdr")]
    [InlineData("2.1.1/step_size", "cdr")]
    [InlineData("2.1.1/step_size_energy", "cdr")]
    [InlineData("2.1.1/session_time", "cdr")]
    public void A_cdr_costs_what_it_says(string vector, string name)
    {
        if (vector.EndsWith("session_time", StringComparison.Ordinal))
        {
            // The one vector that stays out: 2.1.1 (tariffs, TariffDimensionType) lists ENERGY, FLAT, PARKING_TIME and TIME as all there is, and a price
            // per SESSION_TIME, counted while charging and parking alike, would be billed besides one of them: no rule says how its step_size and theirs go together.
            Assert.Skip("SESSION_TIME is not OCPI: no version of the specification says what it costs");
        }
        var tariff = TariffJson.Read($"pricing/vectors/{vector}/tariff.json");
        var cdr = TariffJson.Open($"pricing/vectors/{vector}/{name}.json");
        var costs = Pricer.PricePeriods(tariff, TimeZoneInfo.Utc, Periods(cdr));

        // This CDR leaves the tariff's min_price of 0.50 / 0.55 out of its total, against the specification.
        var total = name == "cdr2_less_than_2kWh" ? new Money(0.50m, 0.55m) : TariffJson.Money(cdr, "total_cost")!;

        // 0.55 is stated in cents there, of 0.5502.
        var tolerance = vector == "2.1.1/step_size" ? 0.005m : Tolerance;
        AssertNear(total, costs.Total, tolerance);
        AssertSubtotal(cdr, "total_fixed_cost", costs.Fixed);
        AssertSubtotal(cdr, "total_energy_cost", costs.Energy);
        AssertSubtotal(cdr, "total_time_cost", costs.Time);
        AssertSubtotal(cdr, "total_parking_cost", costs.ParkingTime);
    }

    [Fact]
    public void Every_vector_there_is_is_priced_here()
    {
        var listed = typeof(VectorTests).GetMethod(nameof(A_cdr_costs_what_it_says))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(static d => $"{d.Data[0]}/{d.Data[1]}.json");
        var published = TariffJson.Open("pricing/vectors-index.json").EnumerateArray().SelectMany(static entry =>
            entry.GetProperty("files").EnumerateArray().Select(static file => file.GetString()!).Where(static file => file != "tariff.json")
                .Select(file => $"{entry.GetProperty("version").GetString()}/{entry.GetProperty("case").GetString()}/{file}"));
        Assert.Equal(published.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static List<MeteredPeriod> Periods(JsonElement cdr) => [.. cdr.GetProperty("charging_periods").EnumerateArray().Select(static period =>
    {
        var volumes = period.GetProperty("dimensions").EnumerateArray()
            .ToDictionary(static d => d.GetProperty("type").GetString()!, static d => d.GetProperty("volume").GetDecimal());
        var parking = volumes.GetValueOrDefault("PARKING_TIME");
        return new MeteredPeriod(
            period.GetProperty("start_date_time").GetDateTimeOffset(),
            parking > 0 ? Activity.Parking : Activity.Charging,
            new TimeSpan((long)((parking > 0 ? parking : volumes.GetValueOrDefault("TIME")) * TimeSpan.TicksPerHour)),
            volumes.GetValueOrDefault("ENERGY"));
    })];

    private static void AssertSubtotal(JsonElement cdr, string name, Money? actual)
    {
        if (TariffJson.Money(cdr, name) is not { } expected)
            return;
        Assert.NotNull(actual);
        AssertNear(expected, actual, Tolerance);
    }

    /// <summary>The step_size files state an amount with VAT although no VAT is known; the site then states none (M6).</summary>
    private static void AssertNear(Money expected, Money actual, decimal tolerance)
    {
        Assert.InRange(actual.ExclVat, expected.ExclVat - tolerance, expected.ExclVat + tolerance);
        if (actual.InclVat is { } incl && expected.InclVat is { } stated)
            Assert.InRange(incl, stated - tolerance, stated + tolerance);
        else if (expected.InclVat is not null)
            Assert.Equal(expected.ExclVat, expected.InclVat);
    }
}
