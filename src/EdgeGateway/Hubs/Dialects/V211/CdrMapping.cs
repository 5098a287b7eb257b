using System.Globalization;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>What is billed (checklist §10). Everything comes from the CDR itself, so that the same CDR gives the same bytes at any time.
/// Signed meter values have no place in 2.1.1.</summary>
internal static class CdrMapping
{
    private const int RemarkLength = 255;
    internal const int MeterIdLength = 255;

    public static Wire.Cdr Cdr(Cdr cdr)
    {
        var (session, bill) = (cdr.Session, cdr.Bill);
        // A corrected CDR without the credit before it would bill the same energy twice (D7).
        if (cdr.CreditOf is not null || cdr.CorrectionOf is not null)
            throw new UnshowableException("2.1.1 has no credit CDRs: agree by hand");
        if (session.Terms.Tariff is { } billedBy && !TariffMapping.HasNetPrices(billedBy))
            throw new UnshowableException($"total_cost is without VAT in OCPI 2.1.1, and the prices of tariff {billedBy.Id} include one of an unknown rate");
        var charged = bill.Periods.Where(SessionMapping.IsOfSession).ToList();
        if (charged.Count == 0)
            throw new UnshowableException("2.1.1 has no CDRs of a reservation without a session: agree by hand");
        var tariff = session.Terms.Tariff is { } priced && TariffMapping.Unsayable(priced) is null ? priced : null;
        return new()
        {
            Id = cdr.Id,
            // With a reservation it begins there (D9).
            StartDateTime = SessionMapping.IsOfSession(bill.Periods[0]) ? session.StartedAt : bill.Periods[0].Start,
            StopDateTime = session.EndedAt ?? throw new UnshowableException("the session has no end"),
            AuthId = SessionMapping.AuthId(session.Authorization),
            AuthMethod = SessionMapping.Method(session.Authorization.Method),
            Location = SessionMapping.Location(session),
            MeterId = PlainText.Of(session.MeterId, MeterIdLength),
            Currency = bill.Currency,
            Tariffs = tariff is not null ? [TariffMapping.Tariff(tariff, session.StartedAt)] : null,
            ChargingPeriods = SessionMapping.Periods(session, bill),
            TotalCost = Quantities.Money(bill.Total.ExclVat),
            TotalEnergy = Quantities.Kwh(bill.EnergyWh),
            // The sum of what the periods say, rounded as they are, so that it is the sum for the reader too (D6).
            TotalTime = charged.Sum(Quantities.Hours),
            TotalParkingTime = charged.Where(p => p.Activity == Activity.Parking).Sum(Quantities.Hours),
            Remark = Remark(cdr),
            LastUpdated = cdr.Created,
        };
    }

    private static string? Remark(Cdr cdr)
    {
        List<string> remarks = [.. cdr.Remark is { } told ? [told] : Array.Empty<string>(), .. CdrRemarks.Of(cdr.Session)];
        if (cdr.Bill.Reservation is { ExclVat: not 0 } reservation)
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"Includes {Quantities.Money(reservation.ExclVat):0.####} {cdr.Bill.Currency} for a reservation of {Quantities.Hours(cdr.Bill.Reserved):0.####} h."));
        if (cdr.Session.Terms.Tariff is { } tariff && TariffMapping.Unsayable(tariff) is { } why)
            remarks.Add($"Priced by tariff {tariff.Id}, which OCPI 2.1.1 cannot say: {why}.");
        return PlainText.Of(string.Join(' ', remarks), RemarkLength);
    }
}
