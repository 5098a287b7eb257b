using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Tests.Site.Pricing;

public sealed class RoundingTests
{
    [Fact]
    public void Halves_go_away_from_zero()
    {
        Assert.Equal((0.0003m, -0.0003m, 0.0002m), (Rounding.Round(0.00025m), Rounding.Round(-0.00025m), Rounding.Round(0.000249999m)));
        Assert.Equal(new Money(5.13m, null), Rounding.Round(new Money(5.125m, null), Rounding.MinorUnit("EUR")));
        Assert.Equal(new Money(5.13m, 6.24m), Rounding.Round(new Money(5.125m, 6.2375m), 2));
    }

    [Theory]
    [InlineData("EUR", 2)]
    [InlineData("jpy", 0)]
    [InlineData("KWD", 3)]
    public void A_currency_knows_its_smallest_coin(string currency, int decimals) => Assert.Equal(decimals, Rounding.MinorUnit(currency));
}
