using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Rules;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>The site as one location, its stations' EVSEs below it (checklist §7).</summary>
internal static class LocationMapping
{
    /// <summary>What works here, and what a hub may hold against our behaviour (LO6).</summary>
    private static readonly Open<Wire.Capability>[] Capabilities =
        [Wire.Capability.RemoteStartStopCapable, Wire.Capability.RfidReader, Wire.Capability.UnlockCapable];

    public static Wire.Location Location(SiteState state, DateTimeOffset now, string hub)
    {
        var site = state.Configuration.Site;
        var evses = state.Configuration.EvsesFor(hub).Select(s => Evse(state, s.Station, s.Evse, now, hub))
            .Concat(state.RemovedFor(hub).Select(e => Removed(state, e, hub))).ToList();
        return new()
        {
            CountryCode = state.Configuration.Party.CountryCode,
            PartyId = state.Configuration.Party.PartyId,
            Id = site.Id,
            Publish = site.Publish,
            Name = site.Name,
            Address = site.Address,
            City = site.City,
            PostalCode = site.PostalCode,
            Country = site.Country,
            Coordinates = Wire.GeoLocation.Of(site.Latitude, site.Longitude),
            Evses = evses.Count > 0 ? evses : null,
            Operator = new() { Name = state.Configuration.PartyName },
            TimeZone = site.TimeZone,
            // 24/7 until the configuration knows of hours; without it some hubs show a site as closed (LO8).
            OpeningTimes = new() { Twentyfourseven = true },
            LastUpdated = state.LastUpdated(StampName.Location(site.Id)),
        };
    }

    /// <summary>As it last was, without what may be gone by now as well (LO2, LO7).</summary>
    public static Wire.Evse Removed(SiteState state, EvseConfiguration evse, string hub) => new()
    {
        Uid = evse.Uid,
        EvseId = evse.EvseId,
        Status = Wire.EvseStatus.Removed,
        Connectors = [.. evse.Connectors.Select(c => Connector(state, evse, c with { Tariffs = [] }, hub))],
        LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
    };

    public static Wire.Evse Evse(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now, string hub) => new()
    {
        Uid = evse.Uid,
        EvseId = evse.EvseId,
        Status = Status(state.StatusOf(station.Id, evse.Id, now)),
        Capabilities = Capabilities,
        Connectors = [.. evse.Connectors.Select(c => Connector(state, evse, c, hub))],
        PhysicalReference = evse.PhysicalReference,
        LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
    };

    public static Wire.Connector Connector(SiteState state, EvseConfiguration evse, ConnectorConfiguration connector, string hub) => new()
    {
        Id = connector.Id.ToString(),
        Standard = new Open<Wire.ConnectorType>(connector.Standard),
        Format = Format(connector.Format),
        PowerType = Power(connector.PowerType),
        MaxVoltage = connector.MaxVoltage,
        MaxAmperage = connector.MaxAmperage,
        MaxElectricPower = connector.MaxElectricPowerW,
        // In the configured order: hubs that know but one tariff take the first (checklist §16).
        TariffIds = connector.Tariffs.IsDefaultOrEmpty ? null : [.. connector.Tariffs.Select(id => state.Configuration.Hub(hub)?.TariffShown(id) ?? id)],
        LastUpdated = state.LastUpdated(StampName.Connector(evse.Uid, connector.Id)),
    };

    public static Wire.EvseStatusPatch StatusPatch(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now) => new()
    {
        Status = Status(state.StatusOf(station.Id, evse.Id, now)),
        LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
    };

    public static Wire.ConnectorFormat Format(string text) =>
        EnumText.Find<Wire.ConnectorFormat>(text) ?? throw new UnshowableException($"connector format {text} is none of OCPI's");

    public static Wire.PowerType Power(string text) =>
        EnumText.Find<Wire.PowerType>(text) ?? throw new UnshowableException($"power type {text} is none of OCPI's");

    private static Wire.EvseStatus Status(EvseStatus status) => status switch
    {
        EvseStatus.Available => Wire.EvseStatus.Available,
        EvseStatus.Blocked => Wire.EvseStatus.Blocked,
        EvseStatus.Charging => Wire.EvseStatus.Charging,
        EvseStatus.Inoperative => Wire.EvseStatus.Inoperative,
        EvseStatus.OutOfOrder => Wire.EvseStatus.Outoforder,
        EvseStatus.Planned => Wire.EvseStatus.Planned,
        EvseStatus.Removed => Wire.EvseStatus.Removed,
        EvseStatus.Reserved => Wire.EvseStatus.Reserved,
        _ => Wire.EvseStatus.Unknown,
    };
}
