using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>What is billed (checklist §10). Everything comes from the CDR itself, so that the same CDR gives the same bytes at any time.</summary>
internal static class CdrMapping
{
    /// <summary>A CDR's address and state may still be held to these by readers from before the errata; they are texts for people, so they are shortened.</summary>
    private const int AddressLength = 45;
    private const int StateLength = 20;
    private const int RemarkLength = 255;
    internal const int MeterIdLength = 255;

    /// <summary>What stands for an EVSE that nobody charged at.</summary>
    private const string NotApplicable = "#NA";

    public static Wire.Cdr Cdr(Party party, Cdr cdr, OcpiVersion version)
    {
        var (session, bill) = (cdr.Session, cdr.Bill);
        var amounts = new Amounts(session.Terms.Tariff);
        // Kept free and never used: a reservation's CDR belongs to no session (D9).
        var reservationOnly = bill.Periods.All(p => p.Activity == Activity.Reserved);
        // Sums of what the periods say, rounded as they are, so that they are the sums for the reader too (D6). A reservation is no part of the session.
        var parking = bill.Periods.Where(p => p.Activity == Activity.Parking).Sum(SessionMapping.Hours);
        return new()
        {
            CountryCode = party.CountryCode,
            PartyId = party.PartyId,
            Id = cdr.Id,
            // With a reservation it begins where that does (D9).
            StartDateTime = session.ReservedAt ?? session.StartedAt,
            EndDateTime = session.EndedAt ?? throw new UnshowableException("the session has no end"),
            SessionId = reservationOnly ? null : session.Id,
            CdrToken = TokenMapping.CdrToken(session.Authorization, version),
            AuthMethod = SessionMapping.Method(session.Authorization.Method),
            AuthorizationReference = session.Authorization.Reference,
            CdrLocation = Location(session, reservationOnly, version),
            MeterId = Short(session.MeterId, MeterIdLength),
            Currency = bill.Currency,
            Tariffs = session.Terms.Tariff is { } tariff ? [TariffMapping.Tariff(party, tariff, session.StartedAt, version)] : null,
            ChargingPeriods = SessionMapping.Periods(bill),
            SignedData = SignedValues.Of(session.Signed),
            // A credit repeats all of the original, and takes back its total alone (D7).
            TotalCost = cdr.CreditOf is null ? amounts.Total(bill.Total) : amounts.Negative(bill.Total),
            TotalFixedCost = amounts.Price(bill.Fixed),
            TotalEnergy = bill.EnergyWh / 1000m,
            TotalEnergyCost = amounts.Price(bill.Energy),
            TotalTime = bill.Periods.Where(p => p.Activity != Activity.Reserved).Sum(SessionMapping.Hours),
            TotalTimeCost = amounts.Price(bill.Time),
            TotalParkingTime = parking,
            TotalParkingCost = amounts.Price(bill.ParkingTime),
            TotalReservationCost = amounts.Price(bill.Reservation),
            Remark = Remark(cdr),
            Credit = cdr.CreditOf is null ? null : true,
            CreditReferenceId = cdr.CreditOf,
            LastUpdated = cdr.Created,
        };
    }

    private static Wire.CdrLocation Location(Session session, bool reservationOnly, OcpiVersion version)
    {
        var site = session.Terms.Site;
        var evse = session.Terms.Evse ?? throw new UnshowableException($"connector {session.At} is not configured");
        var connector = session.Terms.Connector ?? throw new UnshowableException($"connector {session.At} is not configured");
        return new()
        {
            Id = site.Id,
            Name = site.Name,
            Address = Short(site.Address, AddressLength)!,
            City = site.City,
            PostalCode = site.PostalCode,
            State = Short(site.State, StateLength),
            Country = site.Country,
            Coordinates = Wire.GeoLocation.Of(site.Latitude, site.Longitude),
            EvseUid = evse.Uid,
            EvseId = evse.EvseId ?? (reservationOnly
                ? NotApplicable
                : throw new UnshowableException($"EVSE {evse.Uid} has no EvseId, which a CDR cannot do without (LO3)")),
            ConnectorId = connector.Id.ToString(),
            ConnectorStandard = Words.Standard(connector.Standard, version),
            ConnectorFormat = Words.Format(connector.Format),
            ConnectorPowerType = Words.Power(connector.PowerType),
        };
    }

    private static string? Remark(Cdr cdr)
    {
        List<string> remarks = [];
        if (cdr.Remark is { Length: > 0 } said)
            remarks.Add(said);
        if (cdr.CorrectionOf is { } corrected)
            remarks.Add($"Replaces {corrected}.");
        remarks.AddRange(CdrRemarks.Of(cdr.Session));
        return remarks.Count == 0 ? null : Short(string.Join(' ', remarks), RemarkLength);
    }

    internal static string? Short(string? text, int length) => text?.Length > length ? text[..length] : text;
}
