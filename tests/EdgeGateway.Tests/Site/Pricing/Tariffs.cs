using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>Short words for tariffs in tests.</summary>
internal static class Tariffs
{
    /// <summary>A Monday.</summary>
    public static DateTimeOffset Noon { get; } = new(2024, 2, 5, 12, 0, 0, TimeSpan.Zero);

    public static Tariff Of(params PriceComponent[] components) => With(Element(null, components));

    public static Tariff With(params TariffElement[] elements) => new() { Id = "T", Currency = "EUR", Elements = [.. elements] };

    public static TariffElement Element(TariffRestrictions? restrictions, params PriceComponent[] components) =>
        new() { Components = [.. components], Restrictions = restrictions };

    public static PriceComponent Energy(decimal price, decimal? vat = null, int step = 1) => new(PriceDimension.Energy, price, vat, step);

    public static PriceComponent Time(decimal price, decimal? vat = null, int step = 1) => new(PriceDimension.Time, price, vat, step);

    public static PriceComponent Parking(decimal price, decimal? vat = null, int step = 1) => new(PriceDimension.ParkingTime, price, vat, step);

    public static PriceComponent Flat(decimal price, decimal? vat = null) => new(PriceDimension.Flat, price, vat, 1);
}
