using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>A session as it now is, priced by the same code as its CDR (checklist §9, M10).</summary>
internal static class SessionMapping
{
    private const decimal WhPerKwh = 1000m;

    /// <summary>A, kW: no meter in a charger says more.</summary>
    private const int MeasuredDecimals = 3;

    public static Wire.Session Session(Party party, Session session, OcpiVersion version)
    {
        var evse = session.Terms.Evse ?? throw new UnshowableException($"connector {session.At} is not configured");
        var connector = session.Terms.Connector ?? throw new UnshowableException($"connector {session.At} is not configured");
        // What a hub cannot have from the locations, it cannot have in a session either (S7).
        Words.Standard(connector.Standard, version);
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
            CdrToken = TokenMapping.CdrToken(session.Authorization, version),
            AuthMethod = Method(session.Authorization.Method),
            AuthorizationReference = session.Authorization.Reference,
            LocationId = session.Terms.Site.Id,
            EvseUid = evse.Uid,
            ConnectorId = connector.Id.ToString(),
            MeterId = CdrMapping.Short(session.MeterId, CdrMapping.MeterIdLength),
            Currency = bill.Currency,
            ChargingPeriods = Runs(session) ? Periods(bill, session.IsOpen ? session.Course : null) : null,
            // An unknown price is not a price of 0 (M12).
            TotalCost = Runs(session) && session.Terms.Tariff is { } tariff ? new Amounts(tariff).Total(bill.Total) : null,
            Status = session.Status switch
            {
                SessionStatus.Reservation => Wire.SessionStatus.Reservation,
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
    /// <param name="measured">What was measured so far; null for what has ended: these dimensions are of sessions in progress only, never of a CDR.</param>
    public static IReadOnlyList<Wire.ChargingPeriod> Periods(Bill bill, IReadOnlyList<CoursePoint>? measured = null) =>
        [.. bill.Periods.Select((p, index) => new Wire.ChargingPeriod
        {
            StartDateTime = p.Start,
            Dimensions = [.. Dimensions(p), .. measured is not null && index == bill.Periods.Length - 1 ? Momentary(p, measured) : []],
            TariffId = p.TariffId,
        })];

    public static decimal Hours(ChargingPeriod period) => Quantities.Hours(period);

    private static bool Runs(Session session) => session.Status is SessionStatus.Active or SessionStatus.Completed;

    /// <summary>Averages of what was measured in the period, and the newest state of charge.</summary>
    private static IEnumerable<Wire.CdrDimension> Momentary(ChargingPeriod period, IReadOnlyList<CoursePoint> measured)
    {
        var points = measured.Where(p => p.At >= period.Start).ToList();
        if (Average(points.Select(p => p.CurrentA)) is { } current)
            yield return new() { Type = Wire.CdrDimensionType.Current, Volume = current };
        if (Average(points.Select(p => p.PowerW / WhPerKwh)) is { } power)
            yield return new() { Type = Wire.CdrDimensionType.Power, Volume = power };
        if (points.Where(p => p.StateOfCharge is not null).MaxBy(p => p.At)?.StateOfCharge is { } charge)
            yield return new() { Type = Wire.CdrDimensionType.StateOfCharge, Volume = Math.Clamp(charge, 0m, 100m) };
    }

    private static decimal? Average(IEnumerable<decimal?> values) =>
        values.Average() is { } average ? Math.Round(average, MeasuredDecimals, MidpointRounding.AwayFromZero) : null;

    private static List<Wire.CdrDimension> Dimensions(ChargingPeriod period)
    {
        List<Wire.CdrDimension> dimensions = [];
        if (period.EnergyWh != 0 || period.Activity == Activity.Charging)
            Add(Wire.CdrDimensionType.Energy, period.EnergyWh / WhPerKwh);
        Add(
            period.Activity switch
            {
                Activity.Parking => Wire.CdrDimensionType.ParkingTime,
                Activity.Reserved => Wire.CdrDimensionType.ReservationTime,
                _ => Wire.CdrDimensionType.Time,
            },
            Hours(period));
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
