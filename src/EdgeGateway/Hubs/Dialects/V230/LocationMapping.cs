using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Rules;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>The site as one location, its stations' EVSEs below it (checklist §7), for one hub in one version of the family.</summary>
internal sealed class LocationMapping(OcpiVersion version, string hub)
{
    /// <summary>What works at every EVSE, and what a hub may hold against our behaviour (LO6).</summary>
    private static readonly string[] Capabilities =
    [
        EnumText.Of(Wire.Capability.RemoteStartStopCapable), EnumText.Of(Wire.Capability.RfidReader), EnumText.Of(Wire.Capability.UnlockCapable),
        EnumText.Of(Wire.Capability.Reservable), EnumText.Of(Wire.Capability.ChargingProfileCapable), EnumText.Of(Wire.Capability.TokenGroupCapable),
    ];

    public Wire.Location Location(SiteState state, DateTimeOffset now)
    {
        var site = state.Configuration.Site;
        var details = state.Configuration.Details;
        // Where no connector has a word in this version, the EVSE is not shown: half an EVSE is none, and the rest of the site must not wait for it.
        var evses = state.Configuration.EvsesFor(hub).Where(s => Shown(s.Evse).Any()).Select(s => Evse(state, s.Station, s.Evse, now))
            .Concat(state.RemovedFor(hub).Where(e => Shown(e).Any()).Select(e => Removed(state, e))).ToList();
        return new()
        {
            CountryCode = state.Configuration.Party.CountryCode,
            PartyId = state.Configuration.Party.PartyId,
            Id = site.Id,
            Publish = site.Publish,
            // Says who may see a location that is not published, and nothing otherwise.
            PublishAllowedTo = site.Publish ? null : PlaceMapping.Each(details.PublishAllowedTo, t => PlaceMapping.Allowed(t, version)),
            Name = site.Name,
            Address = site.Address,
            City = site.City,
            PostalCode = site.PostalCode,
            State = site.State,
            Country = site.Country,
            Coordinates = Wire.GeoLocation.Of(site.Latitude, site.Longitude),
            RelatedLocations = PlaceMapping.Each(details.RelatedLocations, PlaceMapping.Related),
            ParkingType = Words.Of<Wire.ParkingType>(site.ParkingType, version),
            Evses = evses.Count > 0 ? evses : null,
            Directions = PlaceMapping.Each(details.Directions, Words.Text),
            Operator = PlaceMapping.Business(details.Operator) ?? new() { Name = state.Configuration.PartyName },
            Suboperator = PlaceMapping.Business(details.Suboperator),
            Owner = PlaceMapping.Business(details.Owner),
            Facilities = details.Facilities.IsDefaultOrEmpty ? null : Words.Of<Wire.Facility>(details.Facilities, version),
            TimeZone = site.TimeZone,
            OpeningTimes = PlaceMapping.Hours(details.OpeningTimes),
            ChargingWhenClosed = details.ChargingWhenClosed,
            Images = PlaceMapping.Each(details.Images, PlaceMapping.Image),
            EnergyMix = PlaceMapping.Mix(details.EnergyMix, version),
            ParkingPlaces = PlaceMapping.Each(details.ParkingPlaces, PlaceMapping.Parking),
            HelpPhone = details.HelpPhone,
            LastUpdated = state.LastUpdated(StampName.Location(site.Id)),
        };
    }

    /// <summary>As it last was, without what may be gone by now as well (LO2, LO7).</summary>
    public Wire.Evse Removed(SiteState state, EvseConfiguration evse) => new()
    {
        Uid = evse.Uid,
        EvseId = evse.EvseId,
        Status = Wire.EvseStatus.Removed,
        Connectors = [.. Known(evse).Select(c => Connector(state, evse, c with { Tariffs = [] }))],
        LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
    };

    public Wire.Evse Evse(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now)
    {
        var details = evse.Details ?? new();
        var connectors = Known(evse);
        return new()
        {
            Uid = evse.Uid,
            EvseId = evse.EvseId,
            Status = Words.Status(state.StatusOf(station.Id, evse.Id, now)),
            StatusSchedule = PlaceMapping.Each(details.StatusSchedule, PlaceMapping.Planned),
            Capabilities = Words.Of<Wire.Capability>(CapabilitiesOf(connectors.Count, details), version),
            Connectors = [.. connectors.Select(c => Connector(state, evse, c))],
            FloorLevel = details.FloorLevel,
            Coordinates = details.Coordinates is { } at ? PlaceMapping.Point(at) : null,
            PhysicalReference = evse.PhysicalReference,
            Directions = PlaceMapping.Each(details.Directions, Words.Text),
            ParkingRestrictions = details.ParkingRestrictions.IsDefaultOrEmpty ? null : Words.Of<Wire.ParkingRestriction>(details.ParkingRestrictions, version),
            Parking = PlaceMapping.Each(details.Parking, PlaceMapping.Parking),
            Images = PlaceMapping.Each(details.Images, PlaceMapping.Image),
            AcceptedServiceProviders = PlaceMapping.Each(details.AcceptedServiceProviders, p => p),
            LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
        };
    }

    public Wire.Connector Connector(SiteState state, EvseConfiguration evse, ConnectorConfiguration connector) => new()
    {
        Id = connector.Id.ToString(),
        Standard = Words.Standard(connector.Standard, version),
        Format = Words.Format(connector.Format),
        PowerType = Words.Power(connector.PowerType),
        MaxVoltage = connector.MaxVoltage,
        MaxAmperage = connector.MaxAmperage,
        MaxElectricPower = connector.MaxElectricPowerW,
        // In the configured order: hubs that know but one tariff take the first (checklist §16).
        TariffIds = connector.Tariffs.IsDefaultOrEmpty ? null : [.. connector.Tariffs.Select(id => state.Configuration.Hub(hub)?.TariffShown(id) ?? id)],
        TermsAndConditions = connector.TermsAndConditionsUrl,
        Capabilities = connector.Capabilities.IsDefaultOrEmpty ? null : Words.Of<Wire.ConnectorCapability>(connector.Capabilities, version),
        LastUpdated = state.LastUpdated(StampName.Connector(evse.Uid, connector.Id)),
    };

    public Wire.EvseStatusPatch StatusPatch(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now)
    {
        Known(evse);
        return new()
        {
            Status = Words.Status(state.StatusOf(station.Id, evse.Id, now)),
            LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
        };
    }

    private static IEnumerable<string> CapabilitiesOf(int connectors, EvseDetails details)
    {
        IEnumerable<string> capabilities = Capabilities;
        // Several connectors of which one works at a time: the driver must say which (LO4).
        if (connectors > 1)
            capabilities = capabilities.Append(EnumText.Of(Wire.Capability.StartSessionConnectorRequired));
        return details.Capabilities.IsDefaultOrEmpty ? capabilities : capabilities.Concat(details.Capabilities);
    }

    /// <summary>The connectors whose standard this version knows, at least one.</summary>
    private List<ConnectorConfiguration> Known(EvseConfiguration evse)
    {
        List<ConnectorConfiguration> known = [.. Shown(evse)];
        return known.Count > 0 ? known : throw new UnshowableException(
            $"EVSE {evse.Uid} has no connector with a word in OCPI {version.Text()}: {string.Join(", ", evse.Connectors.Select(c => c.Standard))}");
    }

    private IEnumerable<ConnectorConfiguration> Shown(EvseConfiguration evse) => evse.Connectors.Where(c => Words.Has(c.Standard, version));
}
