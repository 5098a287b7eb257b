using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Amounts on the wire, each rounded from its exact value (M10), with what is known of their taxes.</summary>
internal sealed class Amounts(Tariff? tariff)
{
    /// <summary>By which a rounded tax may be off its rate.</summary>
    private const decimal SmallestAmount = 0.0001m;

    /// <summary>The tariff's rate of VAT in percent, where it has but one.</summary>
    private readonly decimal? _rate = tariff?.Elements.SelectMany(e => e.Components).Select(c => c.Vat).Distinct().ToList() is [{ } only] ? only : null;

    /// <summary>What a credit CDR takes back (D7).</summary>
    public Wire.Price Negative(Money money) => Price(new(-Math.Abs(money.ExclVat), money.InclVat is { } incl ? -Math.Abs(incl) : null))!;

    public Wire.Price Total(Money money) => Price(money)!;

    public Wire.Price? Price(Money? money)
    {
        if (money is null)
            return null;
        var before = Quantities.Money(money.ExclVat);
        if (tariff?.TaxIncluded == TaxIncluded.NotApplicable)
            return new() { BeforeTaxes = before, Taxes = [] };
        if (money.InclVat is not { } after)
            return new() { BeforeTaxes = before };
        var tax = Quantities.Money(after) - before;
        return new()
        {
            BeforeTaxes = before,
            Taxes = [new() { Name = Wire.TaxAmount.Vat, Percentage = IsOfRate(before, tax) ? _rate : null, Amount = tax }],
        };
    }

    /// <summary>A limit (M8) may have its own relation of net and gross: then the amount says what it is, and no rate beside it something else.</summary>
    private bool IsOfRate(decimal before, decimal tax) => _rate is { } rate && Math.Abs((before * rate / 100m) - tax) <= SmallestAmount;
}
