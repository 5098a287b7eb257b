using System.Globalization;
using EdgeGateway.Site.Model;
using Shared = EdgeGateway.Protocols.Ocpi.V230;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>A tariff in the few words of 2.1.1: net prices and no limits. What it cannot say is left out only where no driver would pay otherwise;
/// else the tariff is not shown at all (checklist §11).</summary>
internal static class TariffMapping
{
    /// <summary>A net price made of a gross one: enough that 1000 kWh are right to the cent.</summary>
    private const int NetPriceDecimals = 6;

    public static Wire.Tariff Tariff(Tariff tariff, DateTimeOffset lastUpdated) => new()
    {
        Id = tariff.Id,
        Currency = tariff.Currency,
        TariffAltText = LocationMapping.Texts(tariff.AltText),
        TariffAltUrl = tariff.AltUrl,
        Elements = Unsayable(tariff) is { } why
            ? throw new UnshowableException($"tariff {tariff.Id} cannot be said in OCPI 2.1.1 without changing what drivers pay: {why}")
            : Elements(tariff),
        LastUpdated = lastUpdated,
    };

    /// <summary>Null when 2.1.1 has words for all that makes its price.</summary>
    public static string? Unsayable(Tariff tariff)
    {
        if (tariff.MinPrice is { ExclVat: > 0 })
            return "it has a min_price";
        if (tariff.MaxPrice is not null)
            return "it has a max_price";
        if (!HasNetPrices(tariff))
            return "its prices include taxes of an unknown rate";
        if (tariff.Elements.Any(e => e.Restrictions is { Reservation: not null } && e.Components.Any(c => c.Price != 0)))
            return "it prices reservations";
        if (tariff.Elements.Any(e => IsOfSessions(e) && e.Restrictions is { MinCurrentA: > 0 } or { MaxCurrentA: not null }))
            return "it asks for the current";
        return tariff.Elements.Any(IsOfSessions) ? null : "it prices nothing but reservations";
    }

    /// <summary>Whether it is for whoever charges; 2.1.1 cannot say that one is for some drivers only.</summary>
    public static bool IsForEverybody(Tariff tariff) => tariff.Type is null or "REGULAR";

    /// <summary>The same of a tariff on offer, of which 2.1.1 cannot say either when it holds or for whom.</summary>
    /// <param name="lastUpdated">Its stamp: the moment since which it is known to be as it is.</param>
    public static string? UnsayableOffer(Tariff tariff, DateTimeOffset lastUpdated) =>
        !IsForEverybody(tariff) ? $"it is of the kind {tariff.Type}"
        : tariff.ValidUntil is not null ? "it ends some time"
        : tariff.ValidFrom > lastUpdated ? "it begins later"
        : Unsayable(tariff);

    /// <summary>Whether what was billed by it can be stated without taxes (M11): a gross price without a rate has no net one.</summary>
    public static bool HasNetPrices(Tariff tariff) =>
        tariff.TaxIncluded != TaxIncluded.Yes || tariff.Elements.All(e => e.Components.All(c => c.Vat is not null || c.Price == 0));

    private static bool IsOfSessions(TariffElement element) => element.Restrictions is not { Reservation: not null };

    private static List<Wire.TariffElement> Elements(Tariff tariff) => [.. tariff.Elements.Where(IsOfSessions).Select(element => new Wire.TariffElement
    {
        PriceComponents = [.. element.Components.Select(c => new Wire.PriceComponent
        {
            Type = c.Dimension switch
            {
                PriceDimension.Energy => Shared.TariffDimensionType.Energy,
                PriceDimension.Time => Shared.TariffDimensionType.Time,
                PriceDimension.ParkingTime => Shared.TariffDimensionType.ParkingTime,
                _ => Shared.TariffDimensionType.Flat,
            },
            Price = tariff.TaxIncluded == TaxIncluded.Yes ? Net(c.Price, c.Vat ?? 0) : c.Price,
            StepSize = c.StepSize,
        })],
        Restrictions = element.Restrictions is { } r ? Restrictions(r) : null,
    })];

    private static decimal Net(decimal gross, decimal vat) => Math.Round(gross / (1 + (vat / 100)), NetPriceDecimals, MidpointRounding.AwayFromZero);

    private static Wire.TariffRestrictions? Restrictions(TariffRestrictions r)
    {
        var restrictions = new Wire.TariffRestrictions
        {
            StartTime = r.StartTime?.ToString("HH:mm", CultureInfo.InvariantCulture),
            EndTime = r.EndTime?.ToString("HH:mm", CultureInfo.InvariantCulture),
            StartDate = r.StartDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            EndDate = r.EndDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            MinKwh = r.MinKwh,
            MaxKwh = r.MaxKwh,
            MinPower = r.MinPowerKw,
            MaxPower = r.MaxPowerKw,
            MinDuration = (int?)r.MinDuration?.TotalSeconds,
            MaxDuration = (int?)r.MaxDuration?.TotalSeconds,
            DayOfWeek = r.Days.IsDefaultOrEmpty ? null : [.. r.Days.Select(Day)],
        };
        return restrictions == new Wire.TariffRestrictions() ? null : restrictions;
    }

    private static Shared.DayOfWeek Day(DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => Shared.DayOfWeek.Monday,
        DayOfWeek.Tuesday => Shared.DayOfWeek.Tuesday,
        DayOfWeek.Wednesday => Shared.DayOfWeek.Wednesday,
        DayOfWeek.Thursday => Shared.DayOfWeek.Thursday,
        DayOfWeek.Friday => Shared.DayOfWeek.Friday,
        DayOfWeek.Saturday => Shared.DayOfWeek.Saturday,
        _ => Shared.DayOfWeek.Sunday,
    };
}
