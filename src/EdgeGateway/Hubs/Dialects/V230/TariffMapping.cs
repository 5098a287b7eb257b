using System.Globalization;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>A tariff as drivers' providers read it (checklist §11).</summary>
internal static class TariffMapping
{
    public static Wire.Tariff Tariff(Party party, Tariff tariff, DateTimeOffset lastUpdated) => new()
    {
        CountryCode = party.CountryCode,
        PartyId = party.PartyId,
        Id = tariff.Id,
        Currency = tariff.Currency,
        Type = tariff.Type is { } type ? new Open<Wire.TariffType>(type) : null,
        TariffAltText = tariff.AltText.IsDefaultOrEmpty ? null : [.. tariff.AltText.Select(t => new Wire.DisplayText { Language = t.Language, Text = t.Text })],
        TariffAltUrl = tariff.AltUrl,
        MinPrice = Limit(tariff.MinPrice),
        MaxPrice = Limit(tariff.MaxPrice),
        Elements = [.. tariff.Elements.Select(Element)],
        TaxIncluded = Wire.TaxIncluded.No,
        StartDateTime = tariff.ValidFrom,
        EndDateTime = tariff.ValidUntil,
        LastUpdated = lastUpdated,
    };

    private static Wire.PriceLimit? Limit(Money? money) =>
        money is null ? null : new() { BeforeTaxes = money.ExclVat, AfterTaxes = money.InclVat };

    private static Wire.TariffElement Element(TariffElement element) => new()
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
            Price = c.Price,
            Vat = c.Vat,
            StepSize = c.StepSize,
        })],
        Restrictions = element.Restrictions is { } r ? Restrictions(r) : null,
    };

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
