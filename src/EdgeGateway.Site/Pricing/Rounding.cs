using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>Amounts as they go on the wire: half away from zero, each from its exact value (M10).</summary>
public static class Rounding
{
    /// <summary>Decimals of amounts.</summary>
    public const int AmountDecimals = 4;

    public static decimal Round(decimal amount, int decimals = AmountDecimals) => Math.Round(amount, decimals, MidpointRounding.AwayFromZero);

    public static Money Round(Money money, int decimals = AmountDecimals) =>
        new(Round(money.ExclVat, decimals), money.InclVat is { } incl ? Round(incl, decimals) : null);

    /// <summary>Decimals of a currency's smallest coin (ISO 4217), for sites that state totals in it.</summary>
    public static int MinorUnit(string currency) => currency.ToUpperInvariant() switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF"
            or "UGX" or "UYI" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        _ => 2,
    };
}
