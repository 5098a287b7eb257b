using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Amounts on the wire, each rounded from its exact value (M10).</summary>
internal static class Amounts
{
    public static Wire.Price Total(Money money) => Price(money)!;

    public static Wire.Price? Price(Money? money) =>
        money is null ? null : Wire.Price.Of(Quantities.Money(money.ExclVat), money.InclVat is { } incl ? Quantities.Money(incl) : null);
}
