using System.Collections.Immutable;
using System.Globalization;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Rules;
using Shared = EdgeGateway.Protocols.Ocpi.V230;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>The site as one location of 2.1.1 (checklist §7): words that this version does not have are left out, and with a connector's own word the connector.</summary>
internal static class LocationMapping
{
    private const int AddressLength = 45;
    private const int TextLength = 512;

    /// <summary>What works here and can be asked for in this version (LO6): limits for charging cannot, whatever the EVSE is able to.</summary>
    private static readonly Wire.Capability[] Always =
        [Wire.Capability.RemoteStartStopCapable, Wire.Capability.RfidReader, Wire.Capability.UnlockCapable, Wire.Capability.Reservable];

    public static Wire.Location Location(SiteState state, DateTimeOffset now, string hub)
    {
        var configuration = state.Configuration;
        var (site, details) = (configuration.Site, configuration.Details);
        MustBePublished(site);
        var shown = configuration.EvsesFor(hub).ToList();
        var evses = shown.Where(s => HasWords(s.Evse)).Select(s => Evse(state, s.Station, s.Evse, now, hub))
            .Concat(state.RemovedFor(hub).Where(HasWords).Select(e => Removed(state, e, hub))).ToList();
        if (evses.Count == 0 && shown.Count > 0)
            throw new UnshowableException($"OCPI 2.1.1 has no word for any of its connectors ({string.Join(", ", shown.SelectMany(s => s.Evse.Connectors).Select(c => c.Standard).Distinct())})");
        return Place(site, state.LastUpdated(StampName.Location(site.Id))) with
        {
            RelatedLocations = Some(details.RelatedLocations.Items().Select(Related)),
            Evses = Some(evses),
            Directions = Texts(details.Directions),
            Operator = details.Operator is { } told ? Business(told) : new() { Name = PlainText.Needed(configuration.PartyName, 100, "the party's name") },
            Suboperator = details.Suboperator is { } suboperator ? Business(suboperator) : null,
            Owner = details.Owner is { } owner ? Business(owner) : null,
            Facilities = Known<Wire.Facility>(details.Facilities),
            OpeningTimes = Hours(details.OpeningTimes),
            ChargingWhenClosed = details.ChargingWhenClosed,
            Images = Some(details.Images.Items().Select(Image).OfType<Wire.Image>()),
            EnergyMix = details.EnergyMix is { } mix ? EnergyMix(mix) : null,
        };
    }

    /// <summary>2.1.1 has no word for a place that drivers are not to see: what is sent is seen.</summary>
    public static void MustBePublished(SiteDescription site)
    {
        if (!site.Publish)
            throw new UnshowableException("the location is not published, which OCPI 2.1.1 cannot say: it is held back");
    }

    /// <summary>Address and type alone: all that a session knows of its place, too.</summary>
    public static Wire.Location Place(SiteDescription site, DateTimeOffset lastUpdated) => new()
    {
        Id = site.Id,
        Type = Type(site.ParkingType),
        Name = PlainText.Of(site.Name, 255),
        Address = PlainText.Needed(site.Address, AddressLength, "the address"),
        City = PlainText.Needed(site.City, 45, "the city"),
        PostalCode = PlainText.Needed(site.PostalCode, 10, "the postal code"),
        Country = site.Country,
        Coordinates = Shared.GeoLocation.Of(site.Latitude, site.Longitude),
        TimeZone = site.TimeZone,
        LastUpdated = lastUpdated,
    };

    public static Wire.Evse Evse(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now, string hub)
    {
        var details = evse.Details ?? new();
        return new()
        {
            Uid = evse.Uid,
            EvseId = evse.EvseId,
            Status = Status(state.StatusOf(station.Id, evse.Id, now)),
            StatusSchedule = Some(details.StatusSchedule.Items().Select(s =>
                new Shared.StatusSchedule { PeriodBegin = s.Begin, PeriodEnd = s.End, Status = Status(s.Status) })),
            Capabilities = Capabilities(details),
            Connectors = Connectors(state, evse, hub),
            FloorLevel = PlainText.Of(details.FloorLevel, 4),
            Coordinates = details.Coordinates is { } at ? Shared.GeoLocation.Of(at.Latitude, at.Longitude) : null,
            PhysicalReference = PlainText.Of(evse.PhysicalReference, 16),
            Directions = Texts(details.Directions),
            ParkingRestrictions = Known<Wire.ParkingRestriction>(details.ParkingRestrictions),
            Images = Some(details.Images.Items().Select(Image).OfType<Wire.Image>()),
            LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
        };
    }

    /// <summary>As it last was, without what may be gone by now as well (LO2, LO7).</summary>
    public static Wire.Evse Removed(SiteState state, EvseConfiguration evse, string hub) => new()
    {
        Uid = evse.Uid,
        EvseId = evse.EvseId,
        Status = Shared.EvseStatus.Removed,
        Connectors = Connectors(state, evse with { Connectors = [.. evse.Connectors.Select(c => c with { Tariffs = [] })] }, hub),
        LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)),
    };

    public static Wire.Connector Connector(SiteState state, EvseConfiguration evse, ConnectorConfiguration connector, string hub) =>
        Connector(connector, TariffId(state, connector, hub), state.LastUpdated(StampName.Connector(evse.Uid, connector.Id)));

    public static Wire.Connector Connector(ConnectorConfiguration connector, string? tariffId, DateTimeOffset lastUpdated) => new()
    {
        Id = connector.Id.ToString(CultureInfo.InvariantCulture),
        Standard = EnumText.Find<Wire.ConnectorType>(connector.Standard) ?? throw new UnshowableException($"OCPI 2.1.1 knows no connector {connector.Standard}"),
        Format = EnumText.Find<Shared.ConnectorFormat>(connector.Format) ?? throw new UnshowableException($"connector format {connector.Format} is none of OCPI's"),
        PowerType = Power(connector.PowerType),
        Voltage = connector.MaxVoltage,
        Amperage = connector.MaxAmperage,
        TariffId = tariffId,
        TermsAndConditions = connector.TermsAndConditionsUrl,
        LastUpdated = lastUpdated,
    };

    public static Shared.EvseStatusPatch StatusPatch(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now)
    {
        MustBePublished(state.Configuration.Site);
        return HasWords(evse)
            ? new() { Status = Status(state.StatusOf(station.Id, evse.Id, now)), LastUpdated = state.LastUpdated(StampName.Evse(evse.Uid)) }
            : throw new UnshowableException($"OCPI 2.1.1 has no word for a connector of EVSE {evse.Uid}, so the hub was not shown it");
    }

    public static IReadOnlyList<Shared.DisplayText>? Texts(ImmutableArray<LocalizedText> texts) => Some(texts.Items()
        .Select(t => PlainText.Of(t.Text, TextLength) is { } plain ? new Shared.DisplayText { Language = t.Language, Text = plain } : null).OfType<Shared.DisplayText>());

    private static List<Wire.Connector> Connectors(SiteState state, EvseConfiguration evse, string hub) =>
        evse.Connectors.Where(HasWord).Select(c => Connector(state, evse, c, hub)).ToList() is { Count: > 0 } some
            ? some
            : throw new UnshowableException($"OCPI 2.1.1 has no word for a connector of EVSE {evse.Uid} ({string.Join(", ", evse.Connectors.Select(c => c.Standard))})");

    private static bool HasWords(EvseConfiguration evse) => evse.Connectors.Any(HasWord);

    private static bool HasWord(ConnectorConfiguration connector) => EnumText.Find<Wire.ConnectorType>(connector.Standard) is not null;

    /// <summary>There is room for one: the first that is for everybody (checklist §16). None rather than another where that one cannot be said: a driver
    /// who sees no price is not told a wrong one.</summary>
    private static string? TariffId(SiteState state, ConnectorConfiguration connector, string hub)
    {
        if (connector.Tariffs.IsDefaultOrEmpty)
            return null;
        var terms = state.Configuration.Hub(hub);
        var main = connector.Tariffs.Select(id => state.Configuration.Tariff(terms?.TariffShown(id) ?? id)).OfType<Tariff>().FirstOrDefault(TariffMapping.IsForEverybody);
        return main is not null && TariffMapping.UnsayableOffer(main, state.LastUpdated(StampName.Tariff(main.Id))) is null ? main.Id : null;
    }

    private static IReadOnlyList<Wire.Capability> Capabilities(EvseDetails details) =>
    [
        .. Always.Union(details.Capabilities.Items().Select(EnumText.Find<Wire.Capability>).OfType<Wire.Capability>())
            .Where(c => c != Wire.Capability.ChargingProfileCapable),
    ];

    private static Wire.LocationType Type(string? parkingType) => parkingType is null
        ? Wire.LocationType.Unknown
        : EnumText.Find<Wire.LocationType>(parkingType) ?? Wire.LocationType.Other; // ALONG_MOTORWAY, ON_DRIVEWAY: none of its kinds

    /// <summary>Two phases are shown as one: the power that follows from it is the least that a car gets, never more.</summary>
    private static Wire.PowerType Power(string text) => text.ToUpperInvariant() switch
    {
        "AC_2_PHASE" or "AC_2_PHASE_SPLIT" => Wire.PowerType.Ac1Phase,
        var other => EnumText.Find<Wire.PowerType>(other) ?? throw new UnshowableException($"power type {text} is none of OCPI's"),
    };

    private static Wire.Hours Hours(OpeningTimes? times) => times is null
        ? new() { Twentyfourseven = true }
        : new()
        {
            Twentyfourseven = times.Always,
            RegularHours = Some(times.Regular.Items().Select(r => new Shared.RegularHours
            {
                Weekday = r.Weekday,
                PeriodBegin = r.Begin.ToString("HH:mm", CultureInfo.InvariantCulture),
                PeriodEnd = r.End.ToString("HH:mm", CultureInfo.InvariantCulture),
            })),
            ExceptionalOpenings = Some(times.ExceptionalOpenings.Items().Select(Exceptional)),
            ExceptionalClosings = Some(times.ExceptionalClosings.Items().Select(Exceptional)),
        };

    private static Shared.ExceptionalPeriod Exceptional(Period period) => new() { PeriodBegin = period.Begin, PeriodEnd = period.End };

    private static Wire.EnergyMix EnergyMix(EnergyMix mix) => new()
    {
        IsGreenEnergy = mix.IsGreen,
        EnergySources = Some(mix.Sources.Items().Where(s => EnumText.Find<Shared.EnergySourceCategory>(s.Category) is not null).Select(s =>
            new Shared.EnergySource { Source = EnumText.Find<Shared.EnergySourceCategory>(s.Category)!.Value, Percentage = s.Amount })),
        EnvironImpact = Some(mix.Impacts.Items().Where(s => EnumText.Find<Shared.EnvironmentalImpactCategory>(s.Category) is not null).Select(s =>
            new Wire.EnvironmentalImpact { Source = EnumText.Find<Shared.EnvironmentalImpactCategory>(s.Category)!.Value, Amount = s.Amount })),
        SupplierName = PlainText.Of(mix.Supplier, 64),
        EnergyProductName = PlainText.Of(mix.Product, 64),
    };

    private static Wire.BusinessDetails Business(Business business) => new()
    {
        Name = PlainText.Needed(business.Name, 100, "a business's name"),
        Website = business.Website,
        Logo = business.Logo is { } logo ? Image(logo) : null,
    };

    private static Wire.Image? Image(Picture picture) => EnumText.Find<Shared.ImageCategory>(picture.Category) is { } category
        ? new() { Url = picture.Url, Thumbnail = picture.Thumbnail, Category = category, Type = picture.Type, Width = picture.Width, Height = picture.Height }
        : null;

    private static Shared.AdditionalGeoLocation Related(RelatedPlace place)
    {
        var at = Shared.GeoLocation.Of(place.At.Latitude, place.At.Longitude);
        return new() { Latitude = at.Latitude, Longitude = at.Longitude, Name = place.Name is { } name ? Texts([name])?[0] : null };
    }

    private static List<T>? Known<T>(ImmutableArray<string> words)
        where T : struct, Enum =>
        Some(words.Items().Select(EnumText.Find<T>).OfType<T>().Distinct());

    /// <summary>Lists without an element are left out (T9).</summary>
    private static List<T>? Some<T>(IEnumerable<T> items) => items.ToList() is { Count: > 0 } list ? list : null;

    /// <summary>Records from older files have no list where newer ones have an empty one.</summary>
    private static ImmutableArray<T> Items<T>(this ImmutableArray<T> list) => list.IsDefault ? [] : list;

    private static Shared.EvseStatus Status(EvseStatus status) => status switch
    {
        EvseStatus.Available => Shared.EvseStatus.Available,
        EvseStatus.Blocked => Shared.EvseStatus.Blocked,
        EvseStatus.Charging => Shared.EvseStatus.Charging,
        EvseStatus.Inoperative => Shared.EvseStatus.Inoperative,
        EvseStatus.OutOfOrder => Shared.EvseStatus.Outoforder,
        EvseStatus.Planned => Shared.EvseStatus.Planned,
        EvseStatus.Removed => Shared.EvseStatus.Removed,
        EvseStatus.Reserved => Shared.EvseStatus.Reserved,
        _ => Shared.EvseStatus.Unknown,
    };
}
