using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Hubs.Dialects;

/// <summary>Exact inside, rounded here and nowhere else (M10): the same numbers in every version.</summary>
internal static class Quantities
{
    public const int MoneyDecimals = 4;

    private const int HourDecimals = 6;

    private const decimal WhPerKwh = 1000m;

    /// <summary>Half away from zero.</summary>
    public static decimal Money(decimal exact) => Math.Round(exact, MoneyDecimals, MidpointRounding.AwayFromZero);

    public static decimal Hours(TimeSpan duration) => Math.Round((decimal)duration.Ticks / TimeSpan.TicksPerHour, HourDecimals, MidpointRounding.AwayFromZero);

    public static decimal Hours(ChargingPeriod period) => Hours(period.Duration);

    public static decimal Kwh(long wh) => wh / WhPerKwh;
}
