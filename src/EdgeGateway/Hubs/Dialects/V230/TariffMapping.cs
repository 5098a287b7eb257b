using System.Globalization;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>A tariff as drivers' providers read it (checklist §11).</summary>
internal static class TariffMapping
{
    /// <summary>Decimals of a net price found by taking the tax out of a gross one: enough that a reader's sums agree with ours to the last place on the wire.</summary>
    private const int NetPriceDecimals = 10;

    public static Wire.Tariff Tariff(Party party, Tariff tariff, DateTimeOffset lastUpdated, OcpiVersion version) => new()
    {
        CountryCode = party.CountryCode,
        PartyId = party.PartyId,
        Id = tariff.Id,
        Currency = tariff.Currency,
        Type = Words.Of<Wire.TariffType>(tariff.Type, version),
        TariffAltText = tariff.AltText.IsDefaultOrEmpty ? null : [.. tariff.AltText.Select(Words.Text)],
        TariffAltUrl = tariff.AltUrl,
        MinPrice = Limit(tariff.MinPrice),
        MaxPrice = Limit(tariff.MaxPrice),
        Elements = [.. tariff.Elements.Select(e => Element(tariff, e, version))],
        TaxIncluded = tariff.TaxIncluded switch
        {
            TaxIncluded.Yes => Wire.TaxIncluded.Yes,
            TaxIncluded.NotApplicable => Wire.TaxIncluded.NotApplicable,
            _ => Wire.TaxIncluded.No,
        },
        StartDateTime = tariff.ValidFrom,
        EndDateTime = tariff.ValidUntil,
        LastUpdated = lastUpdated,
    };

    private static Wire.PriceLimit? Limit(Money? money) =>
        money is null ? null : new() { BeforeTaxes = money.ExclVat, AfterTaxes = money.InclVat };

    private static Wire.TariffElement Element(Tariff tariff, TariffElement element, OcpiVersion version) => new()
    {
        PriceComponents = [.. element.Components.Select(c => new Wire.PriceComponent
        {
            Type = c.Dimension switch
            {
                PriceDimension.Energy => Wire.TariffDimensionType.Energy,
                PriceDimension.Time => Wire.TariffDimensionType.Time,
                PriceDimension.ParkingTime => Wire.TariffDimensionType.ParkingTime,
                _ => Wire.TariffDimensionType.Flat,
            },
            Price = Price(tariff, c, version),
            // Where there are no taxes, a rate would contradict that.
            Vat = tariff.TaxIncluded == TaxIncluded.NotApplicable ? null : c.Vat,
            StepSize = c.StepSize,
        })],
        Restrictions = element.Restrictions is { } r ? Restrictions(r) : null,
    };

    /// <summary>Older versions know net prices only (checklist §11, end): without a rate a gross one has no form there.</summary>
    private static decimal Price(Tariff tariff, PriceComponent component, OcpiVersion version)
    {
        if (version >= OcpiVersion.V230 || tariff.TaxIncluded != TaxIncluded.Yes || component.Price == 0m)
            return component.Price;
        var rate = component.Vat ?? throw new UnshowableException(
            $"tariff {tariff.Id} has prices with tax and states no VAT: OCPI {version.Text()} has net prices only");
        return decimal.Round(component.Price * 100m / (100m + rate), NetPriceDecimals, MidpointRounding.AwayFromZero);
    }

    private static Wire.TariffRestrictions Restrictions(TariffRestrictions r) => new()
    {
        StartTime = r.StartTime?.ToString("HH:mm", CultureInfo.InvariantCulture),
        EndTime = r.EndTime?.ToString("HH:mm", CultureInfo.InvariantCulture),
        StartDate = r.StartDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        EndDate = r.EndDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        MinKwh = r.MinKwh,
        MaxKwh = r.MaxKwh,
        MinCurrent = r.MinCurrentA,
        MaxCurrent = r.MaxCurrentA,
        MinPower = r.MinPowerKw,
        MaxPower = r.MaxPowerKw,
        MinDuration = (int?)r.MinDuration?.TotalSeconds,
        MaxDuration = (int?)r.MaxDuration?.TotalSeconds,
        DayOfWeek = r.Days.IsDefaultOrEmpty ? null : [.. r.Days.Select(Day)],
        Reservation = r.Reservation switch
        {
            ReservationRestriction.Reservation => Wire.ReservationRestrictionType.Reservation,
            ReservationRestriction.ReservationExpires => Wire.ReservationRestrictionType.ReservationExpires,
            _ => null,
        },
    };

    private static Wire.DayOfWeek Day(DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => Wire.DayOfWeek.Monday,
        DayOfWeek.Tuesday => Wire.DayOfWeek.Tuesday,
        DayOfWeek.Wednesday => Wire.DayOfWeek.Wednesday,
        DayOfWeek.Thursday => Wire.DayOfWeek.Thursday,
        DayOfWeek.Friday => Wire.DayOfWeek.Friday,
        DayOfWeek.Saturday => Wire.DayOfWeek.Saturday,
        _ => Wire.DayOfWeek.Sunday,
    };
}
