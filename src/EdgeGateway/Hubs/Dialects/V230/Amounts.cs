using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Exact inside, rounded here and nowhere else: half away from zero, each amount from its exact value (M10).</summary>
internal static class Amounts
{
    public const int Decimals = 4;

    public static Wire.Price Total(Money money) => Price(money)!;

    public static Wire.Price? Price(Money? money) =>
        money is null ? null : Wire.Price.Of(Round(money.ExclVat), money.InclVat is { } incl ? Round(incl) : null);

    private static decimal Round(decimal amount) => Math.Round(amount, Decimals, MidpointRounding.AwayFromZero);
}
