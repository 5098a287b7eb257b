using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>What is billed (checklist §10). Everything comes from the CDR itself, so that the same CDR gives the same bytes at any time.</summary>
internal static class CdrMapping
{
    /// <summary>A CDR's address may still be held to this by readers from before the errata; it is a text for people, so it is shortened.</summary>
    private const int AddressLength = 45;

    /// <summary>Greatest signed value that the protocol carries (D8).</summary>
    private const int SignedLength = 5000;

    public static Wire.Cdr Cdr(Party party, Cdr cdr)
    {
        var (session, bill) = (cdr.Session, cdr.Bill);
        var parking = bill.Periods.Where(p => p.Activity == Activity.Parking).Sum(SessionMapping.Hours);
        return new()
        {
            CountryCode = party.CountryCode,
            PartyId = party.PartyId,
            Id = cdr.Id,
            StartDateTime = session.StartedAt,
            EndDateTime = session.EndedAt ?? throw new UnshowableException("the session has no end"),
            SessionId = session.Id,
            CdrToken = TokenMapping.CdrToken(session.Authorization),
            AuthMethod = SessionMapping.Method(session.Authorization.Method),
            AuthorizationReference = session.Authorization.Reference,
            CdrLocation = Location(session),
            Currency = bill.Currency,
            Tariffs = session.Terms.Tariff is { } tariff ? [TariffMapping.Tariff(party, tariff, session.StartedAt)] : null,
            ChargingPeriods = SessionMapping.Periods(bill),
            SignedData = Signed(session),
            TotalCost = Amounts.Total(bill.Total),
            TotalFixedCost = Amounts.Price(bill.Fixed),
            TotalEnergy = bill.EnergyWh / 1000m,
            TotalEnergyCost = Amounts.Price(bill.Energy),
            // The sum of what the periods say, rounded as they are, so that it is the sum for the reader too (D6).
            TotalTime = bill.Periods.Sum(SessionMapping.Hours),
            TotalTimeCost = Amounts.Price(bill.Time),
            TotalParkingTime = parking,
            TotalParkingCost = Amounts.Price(bill.ParkingTime),
            Remark = Remark(session),
            LastUpdated = cdr.Created,
        };
    }

    private static Wire.CdrLocation Location(Session session)
    {
        var site = session.Terms.Site;
        var evse = session.Terms.Evse ?? throw new UnshowableException($"connector {session.At} is not configured");
        var connector = session.Terms.Connector ?? throw new UnshowableException($"connector {session.At} is not configured");
        return new()
        {
            Id = site.Id,
            Name = site.Name,
            Address = site.Address.Length > AddressLength ? site.Address[..AddressLength] : site.Address,
            City = site.City,
            PostalCode = site.PostalCode,
            Country = site.Country,
            Coordinates = Wire.GeoLocation.Of(site.Latitude, site.Longitude),
            EvseUid = evse.Uid,
            EvseId = evse.EvseId ?? throw new UnshowableException($"EVSE {evse.Uid} has no EvseId, which a CDR cannot do without (LO3)"),
            ConnectorId = connector.Id.ToString(),
            ConnectorStandard = new Open<Wire.ConnectorType>(connector.Standard),
            ConnectorFormat = LocationMapping.Format(connector.Format),
            ConnectorPowerType = LocationMapping.Power(connector.PowerType),
        };
    }

    /// <summary>Bytes unchanged, or not at all (D8).</summary>
    private static Wire.SignedData? Signed(Session session)
    {
        var values = session.Signed.Where(s => s.Data.Length is > 0 and <= SignedLength).ToList();
        if (values.Count == 0)
            return null;
        return new()
        {
            EncodingMethod = values[0].Data.StartsWith("OCMF|", StringComparison.Ordinal) ? "OCMF" : "Other",
            SignedValues = [.. values.Select(v => new Wire.SignedValue { Nature = v.Nature, PlainData = Plain(v.Data), SignedData = v.Data })],
        };
    }

    /// <summary>Of OCMF the payload between the bars; of other formats we know no plain part.</summary>
    private static string Plain(string data)
    {
        var parts = data.Split('|');
        return parts is ["OCMF", { Length: > 0 } payload, ..] ? payload : data;
    }

    private static string? Remark(Session session) => string.Join(' ', CdrRemarks.Of(session)) is { Length: > 0 } remarks ? remarks : null;
}
