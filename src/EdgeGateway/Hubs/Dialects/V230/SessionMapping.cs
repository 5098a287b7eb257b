using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>A session as it now is, priced by the same code as its CDR (checklist §9, M10).</summary>
internal static class SessionMapping
{
    private const decimal WhPerKwh = 1000m;

    public static Wire.Session Session(Party party, Session session)
    {
        var evse = session.Terms.Evse ?? throw new UnshowableException($"connector {session.At} is not configured");
        var connector = session.Terms.Connector ?? throw new UnshowableException($"connector {session.At} is not configured");
        // Priced up to the last that was measured, so that the object says the same whenever it is asked for (P6).
        var bill = session.BillOf(session.EndedAt ?? (session.Course.IsEmpty ? session.StartedAt : session.Course.Max(p => p.At)));
        return new()
        {
            CountryCode = party.CountryCode,
            PartyId = party.PartyId,
            Id = session.Id,
            StartDateTime = session.StartedAt,
            EndDateTime = session.IsOpen ? null : session.EndedAt ?? session.LastUpdated,
            Kwh = session.EnergyWh / WhPerKwh,
            CdrToken = TokenMapping.CdrToken(session.Authorization),
            AuthMethod = Method(session.Authorization.Method),
            AuthorizationReference = session.Authorization.Reference,
            LocationId = session.Terms.Site.Id,
            EvseUid = evse.Uid,
            ConnectorId = connector.Id.ToString(),
            Currency = bill.Currency,
            ChargingPeriods = Runs(session) ? Periods(bill) : null,
            // An unknown price is not a price of 0 (M12).
            TotalCost = Runs(session) && session.Terms.Tariff is not null ? Amounts.Total(bill.Total) : null,
            Status = session.Status switch
            {
                SessionStatus.Pending => Wire.SessionStatus.Pending,
                SessionStatus.Active => Wire.SessionStatus.Active,
                SessionStatus.Completed => Wire.SessionStatus.Completed,
                _ => Wire.SessionStatus.Invalid,
            },
            LastUpdated = session.LastUpdated,
        };
    }

    public static Wire.AuthMethod Method(AuthMethod method) => method switch
    {
        AuthMethod.AuthRequest => Wire.AuthMethod.AuthRequest,
        AuthMethod.Command => Wire.AuthMethod.Command,
        _ => Wire.AuthMethod.Whitelist,
    };

    /// <summary>Each with its own volumes (S6). Times are hours with six decimals.</summary>
    public static IReadOnlyList<Wire.ChargingPeriod> Periods(Bill bill) => [.. bill.Periods.Select(p => new Wire.ChargingPeriod
    {
        StartDateTime = p.Start,
        Dimensions = Dimensions(p),
        TariffId = p.TariffId,
    })];

    public static decimal Hours(ChargingPeriod period) => Quantities.Hours(period);

    private static bool Runs(Session session) => session.Status is SessionStatus.Active or SessionStatus.Completed;

    private static List<Wire.CdrDimension> Dimensions(ChargingPeriod period)
    {
        List<Wire.CdrDimension> dimensions = [];
        if (period.EnergyWh != 0 || period.Activity == Activity.Charging)
            dimensions.Add(new() { Type = Wire.CdrDimensionType.Energy, Volume = period.EnergyWh / WhPerKwh });
        var kind = period.Activity == Activity.Parking ? Wire.CdrDimensionType.ParkingTime : Wire.CdrDimensionType.Time;
        dimensions.Add(new() { Type = kind, Volume = Hours(period) });
        Add(Wire.CdrDimensionType.MinCurrent, period.MinCurrentA);
        Add(Wire.CdrDimensionType.MaxCurrent, period.MaxCurrentA);
        Add(Wire.CdrDimensionType.MinPower, period.MinPowerW / WhPerKwh);
        Add(Wire.CdrDimensionType.MaxPower, period.MaxPowerW / WhPerKwh);
        return dimensions;

        void Add(Wire.CdrDimensionType type, decimal? volume)
        {
            if (volume is { } known)
                dimensions.Add(new() { Type = type, Volume = known });
        }
    }
}
