using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using static EdgeGateway.Tests.Site.Pricing.Tariffs;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>M11: whether prices are net, gross, or of a place without taxes.</summary>
public sealed class TaxTests
{
    [Fact]
    public void The_tax_is_taken_out_of_gross_prices()
    {
        var tariff = Of(Energy(0.595m, 19m), Flat(1.07m, 7m)) with { TaxIncluded = TaxIncluded.Yes };
        var bill = Bill(tariff, 10_000);
        Assert.Equal(new Money(5m, 5.95m), bill.Energy);
        Assert.Equal(new Money(1m, 1.07m), bill.Fixed);
        Assert.Equal(new Money(6m, 7.02m), bill.Total);
    }

    [Fact]
    public void Where_no_vat_is_stated_a_gross_price_has_none_in_it()
    {
        Assert.Equal(new Money(6m, 6.95m), Bill(Of(Energy(0.595m, 19m), Flat(1m)) with { TaxIncluded = TaxIncluded.Yes }, 10_000).Total);
        Assert.Equal(new Money(6m, null), Bill(Of(Energy(0.5m, 19m), Flat(1m)), 10_000).Total);
    }

    [Fact]
    public void Where_there_are_no_taxes_both_amounts_are_the_same_whatever_vat_says()
    {
        var bill = Bill(Of(Energy(0.5m, 19m), Flat(1m)) with { TaxIncluded = TaxIncluded.NotApplicable, MaxPrice = new Money(5.5m, null) }, 10_000);
        Assert.Equal((new Money(5m, 5m), new Money(1m, 1m), new Money(5.5m, 5.5m)), (bill.Energy, bill.Fixed, bill.Total));
    }

    [Fact]
    public void Limits_state_both_amounts_themselves()
    {
        var tariff = Of(Energy(1.19m, 19m)) with { TaxIncluded = TaxIncluded.Yes, MinPrice = new Money(2m, 2.38m), MaxPrice = new Money(8m, 9.52m) };
        Assert.Equal(new Money(2m, 2.38m), Bill(tariff, 1_000).Total);
        Assert.Equal(new Money(8m, 9.52m), Bill(tariff, 9_000).Total);
        Assert.Equal(new Money(5m, 5.95m), Bill(tariff, 5_000).Total);
    }

    [Fact]
    public void Two_rates_that_do_not_divide_evenly_still_make_the_half_that_they_are()
    {
        // 1/3 and 1/6 of a unit, at rates of 200 % and 500 %: half a ten-thousandth, which goes up.
        var tariff = Of(Flat(0.0001m, 200m), Energy(0.0001m, 500m)) with { TaxIncluded = TaxIncluded.Yes };
        Assert.Equal(0.0001m, Rounding.Round(Bill(tariff, 1_000).Total).ExclVat);
    }

    [Fact]
    public void Net_and_gross_of_the_same_tariff_give_the_same_bill()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new RandomSessions(seed);
            var (zone, start, net) = (random.Zone(), random.Start(), random.Tariff());
            var (course, seconds, energyWh) = random.GoodCourse();
            course = course.ConvertAll(point => point with { At = start + (point.At - DateTimeOffset.UnixEpoch) });
            var gross = net with
            {
                TaxIncluded = TaxIncluded.Yes,
                Elements = [.. net.Elements.Select(static e => e with { Components = [.. e.Components.Select(static c => c with { Price = c.Price * (100m + c.Vat!.Value) / 100m })] })],
            };
            var a = Pricer.Price(net, zone, start, start.AddSeconds(seconds), energyWh, course, reservedFrom: start.AddHours(-1));
            var b = Pricer.Price(gross, zone, start, start.AddSeconds(seconds), energyWh, course, reservedFrom: start.AddHours(-1));
            foreach (var (left, right) in new[] { (a.Total, b.Total), (a.Fixed, b.Fixed), (a.Energy, b.Energy), (a.Time, b.Time), (a.ParkingTime, b.ParkingTime), (a.Reservation, b.Reservation) })
            {
                Assert.True((left is null) == (right is null), $"seed {seed}: {left}, gross {right}");
                Assert.True(left is null || Math.Abs(left.ExclVat - right!.ExclVat) < 1e-18m, $"seed {seed}: {left}, gross {right}");
                Assert.True(left is null || Math.Abs(left.InclVat!.Value - right!.InclVat!.Value) < 1e-18m, $"seed {seed}: {left}, gross {right}");
            }
        }
    }

    private static Bill Bill(Tariff tariff, long energyWh) => Pricer.Price(tariff, TimeZoneInfo.Utc, Noon, Noon.AddHours(1), energyWh, []);
}
