using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>A sum of money in parts of 1/360000: hours counted in seconds and VAT counted in percent stay whole, so that nothing is divided before
/// the end and a sum of thirds of an hour is exact.</summary>
internal sealed class Tally(TaxIncluded taxes)
{
    private const decimal Parts = 360_000m;

    /// <summary>Decimals of a net amount that was found by taking the tax out of a gross one: far beyond any coin, and few enough that the last
    /// digits of several divisions do not push a half cent to the wrong side.</summary>
    private const int DividedDecimals = 20;

    private decimal _excl;
    private decimal? _incl = 0m;

    /// <summary>Gross sums by rate of VAT: each rate is divided by once, at the end (M11).</summary>
    private Dictionary<decimal, decimal>? _grossByRate;

    /// <param name="price">In parts of 1/3600.</param>
    /// <param name="vat">Percent; null = not stated.</param>
    public void Add(decimal price, decimal? vat)
    {
        switch (taxes)
        {
            case TaxIncluded.No:
                // Unknown as soon as anything in it costs something and states no VAT (M6).
                _excl += price * 100m;
                _incl += price == 0m ? 0m : price * (100m + vat);
                break;
            case TaxIncluded.NotApplicable:
                _excl += price * 100m;
                _incl += price * 100m;
                break;
            default:
                // What the driver pays is stated, so it is known with or without a rate; where none is stated, "no VAT is applicable".
                _incl += price * 100m;
                AddGross(Math.Max(0m, vat ?? 0m), price * 100m);
                break;
        }
    }

    public static Tally Sum(TaxIncluded taxes, params ReadOnlySpan<Tally> addends)
    {
        var sum = new Tally(taxes);
        foreach (var addend in addends)
        {
            sum._excl += addend._excl;
            sum._incl += addend._incl;
            foreach (var (rate, gross) in addend._grossByRate ?? [])
                sum.AddGross(rate, gross);
        }
        return sum;
    }

    public Money ToMoney()
    {
        if (taxes != TaxIncluded.Yes)
            return new Money(_excl / Parts, _incl / Parts);
        var net = 0m;
        foreach (var (rate, gross) in _grossByRate ?? [])
            net += gross * 100m / ((100m + rate) * Parts);
        return new Money(Math.Round(net, DividedDecimals, MidpointRounding.AwayFromZero), _incl / Parts);
    }

    private void AddGross(decimal rate, decimal gross)
    {
        _grossByRate ??= [];
        _grossByRate[rate] = _grossByRate.GetValueOrDefault(rate) + gross;
    }
}
