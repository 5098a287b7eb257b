using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using Shared = EdgeGateway.Protocols.Ocpi.V230;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>A session as it now is, priced by the same code as its CDR (checklist §9, M10), with the place where it is inside it.</summary>
internal static class SessionMapping
{
    public static Wire.Session Session(Session session)
    {
        // Priced up to the last that was measured, so that the object says the same whenever it is asked for (P6).
        var bill = session.BillOf(session.EndedAt ?? (session.Course.IsEmpty ? session.StartedAt : session.Course.Max(p => p.At)));
        var runs = session.Status is SessionStatus.Active or SessionStatus.Completed;
        var periods = runs ? Periods(session, bill with { Periods = [.. bill.Periods.Where(IsOfSession)] }) : [];
        return new()
        {
            Id = session.Id,
            StartDateTime = session.StartedAt,
            EndDateTime = session.IsOpen ? null : session.EndedAt ?? session.LastUpdated,
            Kwh = Quantities.Kwh(session.EnergyWh),
            AuthId = AuthId(session.Authorization),
            AuthMethod = Method(session.Authorization.Method),
            Location = Location(session),
            MeterId = PlainText.Of(session.MeterId, CdrMapping.MeterIdLength),
            Currency = bill.Currency,
            ChargingPeriods = periods.Count > 0 ? periods : null,
            // An unknown price is not a price of 0 (M12).
            TotalCost = runs && session.Terms.Tariff is { } tariff && TariffMapping.HasNetPrices(tariff) ? Quantities.Money(bill.Total.ExclVat) : null,
            Status = session.Status switch
            {
                // A reservation is a session to come (S1).
                SessionStatus.Pending or SessionStatus.Reservation => Wire.SessionStatus.Pending,
                SessionStatus.Active => Wire.SessionStatus.Active,
                SessionStatus.Completed => Wire.SessionStatus.Completed,
                _ => Wire.SessionStatus.Invalid,
            },
            LastUpdated = session.LastUpdated,
        };
    }

    /// <summary>The contract; a card that nobody named one for is its own.</summary>
    public static string AuthId(Authorization authorization)
    {
        var token = authorization.Token ?? throw new UnshowableException("the session's token is not known");
        return token.ContractId ?? token.Uid;
    }

    /// <summary>A command of the driver's provider is its word for him: there is no COMMAND in 2.1.1.</summary>
    public static Wire.AuthMethod Method(AuthMethod method) => method == AuthMethod.Whitelist ? Wire.AuthMethod.Whitelist : Wire.AuthMethod.AuthRequest;

    /// <summary>The place as it was at the start, with just its EVSE and connector (D5): nothing that changes later alters it. Its EVSE is therefore
    /// always shown as taken by this session.</summary>
    public static Wire.Location Location(Session session)
    {
        var evse = session.Terms.Evse ?? throw new UnshowableException($"connector {session.At} is not configured");
        var connector = session.Terms.Connector ?? throw new UnshowableException($"connector {session.At} is not configured");
        return LocationMapping.Place(session.Terms.Site, session.StartedAt) with
        {
            Evses =
            [
                new()
                {
                    Uid = evse.Uid,
                    EvseId = evse.EvseId,
                    Status = session.Status == SessionStatus.Reservation ? Shared.EvseStatus.Reserved : Shared.EvseStatus.Charging,
                    Connectors = [LocationMapping.Connector(connector, TariffId(session.Terms.Tariff), session.StartedAt)],
                    PhysicalReference = PlainText.Of(evse.PhysicalReference, 16),
                    LastUpdated = session.StartedAt,
                },
            ],
        };
    }

    /// <summary>Each with its own volumes (S6).</summary>
    public static List<Wire.ChargingPeriod> Periods(Session session, Bill bill)
    {
        var flat = FlatPeriod(session, bill, [.. bill.Periods.Where(IsOfSession)]);
        return [.. bill.Periods.Select(p => new Wire.ChargingPeriod { StartDateTime = p.Start, Dimensions = Dimensions(p, p == flat) })];
    }

    public static bool IsOfSession(ChargingPeriod period) => period.Activity != Activity.Reserved;

    private static string? TariffId(Tariff? tariff) => tariff is not null && TariffMapping.Unsayable(tariff) is null ? tariff.Id : null;

    /// <summary>In which period the flat fee was billed (M2): the first in which the bill has it; mostly the first of all.</summary>
    private static ChargingPeriod? FlatPeriod(Session session, Bill bill, List<ChargingPeriod> periods)
    {
        if (bill.Fixed is not { ExclVat: not 0 } || periods.Count == 0)
            return null;
        var isRestricted = session.Terms.Tariff?.Elements.Any(e => e.Restrictions is not null && e.Components.Any(c => c.Dimension == PriceDimension.Flat)) ?? false;
        return (isRestricted ? periods.Find(p => session.BillOf(p.Start + p.Duration).Fixed is { ExclVat: not 0 }) : null) ?? periods[0];
    }

    private static List<Wire.CdrDimension> Dimensions(ChargingPeriod period, bool hasFlat)
    {
        // 2.1.1 has no dimension for the time of a reservation, and TIME (charging) or PARKING_TIME would be priced as what it is not. That no energy
        // flowed is true, and costs nothing (D6, D9).
        if (!IsOfSession(period))
            return [new() { Type = Wire.CdrDimensionType.Energy, Volume = 0 }];
        List<Wire.CdrDimension> dimensions = [];
        if (hasFlat)
            dimensions.Add(new() { Type = Wire.CdrDimensionType.Flat, Volume = 1 });
        if (period.EnergyWh != 0 || period.Activity == Activity.Charging)
            dimensions.Add(new() { Type = Wire.CdrDimensionType.Energy, Volume = Quantities.Kwh(period.EnergyWh) });
        var kind = period.Activity == Activity.Parking ? Wire.CdrDimensionType.ParkingTime : Wire.CdrDimensionType.Time;
        dimensions.Add(new() { Type = kind, Volume = Quantities.Hours(period) });
        if (period.MinCurrentA is { } least)
            dimensions.Add(new() { Type = Wire.CdrDimensionType.MinCurrent, Volume = least });
        if (period.MaxCurrentA is { } most)
            dimensions.Add(new() { Type = Wire.CdrDimensionType.MaxCurrent, Volume = most });
        return dimensions;
    }
}
