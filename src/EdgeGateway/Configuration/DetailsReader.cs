using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Site.Model;
using EnergyMix = EdgeGateway.Site.Model.EnergyMix;
using EvseStatus = EdgeGateway.Site.Model.EvseStatus;
using TokenType = EdgeGateway.Site.Model.TokenType;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Configuration;

/// <summary>What is told of the place, its EVSEs and connectors beyond what they are (checklist §7): our keys, below them OCPI's own members and limits.</summary>
internal static class DetailsReader
{
    private static readonly string[] OfLocation =
    [
        "OpeningTimes", "Images", "EnergyMix", "Facilities", "Directions", "Operator", "Suboperator", "Owner", "RelatedLocations", "ChargingWhenClosed",
        "ParkingPlaces", "HelpPhone", "PublishAllowedTo",
    ];

    private static readonly string[] OfEvse =
        ["FloorLevel", "Coordinates", "Directions", "ParkingRestrictions", "Images", "Capabilities", "Parking", "AcceptedServiceProviders", "StatusSchedule"];

    private static readonly string[] OfConnector = ["TermsAndConditions", "Capabilities"];

    public static LocationDetails Location(Section site)
    {
        if (Members(site, OfLocation) is not { Count: > 0 } members || Valid(site, OfLocation, ConfiguredLocation.ReadLocation(members)) is not { } location)
            return new();
        JudgeHours(site, location.OpeningTimes);
        JudgeAllowed(site, location.PublishAllowedTo ?? []);
        var places = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (place, i) in (location.ParkingPlaces ?? []).Select((p, i) => (p, i)))
        {
            if (!places.Add(place.Id))
                site.Findings.Fault($"{site.At("ParkingPlaces")}:{i}:id", place.Id, "an id that no other parking place has");
        }
        return new()
        {
            Directions = Texts(location.Directions),
            Facilities = [.. (location.Facilities ?? []).Select(f => f.Text)],
            Images = Pictures(location.Images),
            OpeningTimes = location.OpeningTimes is { } hours ? Hours(hours) : null,
            ChargingWhenClosed = location.ChargingWhenClosed,
            EnergyMix = location.EnergyMix is { } mix ? Mix(mix) : null,
            Operator = Firm(location.Operator),
            Suboperator = Firm(location.Suboperator),
            Owner = Firm(location.Owner),
            RelatedLocations = [.. (location.RelatedLocations ?? []).Select(r => new RelatedPlace(
                new(Degrees(r.Latitude), Degrees(r.Longitude)), r.Name is { } name ? new(name.Language, name.Text) : null))],
            ParkingPlaces = [.. (location.ParkingPlaces ?? []).Select(Place)],
            HelpPhone = location.HelpPhone,
            PublishAllowedTo = [.. (location.PublishAllowedTo ?? []).Select(a => new AllowedToken
            {
                Uid = a.Uid, Type = a.Type?.Known is { } type ? Enum.Parse<TokenType>(type.ToString()) : null, VisualNumber = a.VisualNumber, Issuer = a.Issuer, GroupId = a.GroupId,
            })],
        };
    }

    /// <returns>Null when nothing is told.</returns>
    public static EvseDetails? Evse(Section section, IReadOnlyCollection<string> parking)
    {
        if (Members(section, OfEvse) is not { Count: > 0 } members || Valid(section, OfEvse, ConfiguredLocation.ReadEvse(members)) is not { } evse)
            return null;
        foreach (var (place, i) in (evse.Parking ?? []).Select((p, i) => (p, i)))
        {
            if (!parking.Contains(place.ParkingId, StringComparer.OrdinalIgnoreCase))
                section.Findings.Fault($"{section.At("Parking")}:{i}:parking_id", place.ParkingId, "the id of a parking place in Gateway:Site:ParkingPlaces");
        }
        foreach (var (planned, i) in (evse.StatusSchedule ?? []).Select((p, i) => (p, i)))
        {
            if (planned.PeriodEnd <= planned.PeriodBegin)
                section.Findings.Fault($"{section.At("StatusSchedule")}:{i}:period_end", OcpiDateTime.Write(planned.PeriodEnd.Value), "a time after period_begin");
        }
        return new()
        {
            FloorLevel = evse.FloorLevel,
            Coordinates = evse.Coordinates is { } at ? new(Degrees(at.Latitude), Degrees(at.Longitude)) : null,
            Directions = Texts(evse.Directions),
            ParkingRestrictions = [.. (evse.ParkingRestrictions ?? []).Select(r => r.Text)],
            Images = Pictures(evse.Images),
            Capabilities = [.. (evse.Capabilities ?? []).Select(c => c.Text)],
            Parking = [.. (evse.Parking ?? []).Select(p => new ParkingOfEvse(p.ParkingId, p.EvsePosition?.Text))],
            AcceptedServiceProviders = [.. evse.AcceptedServiceProviders ?? []],
            StatusSchedule = [.. (evse.StatusSchedule ?? []).Select(s => new PlannedStatus(s.PeriodBegin, s.PeriodEnd, Enum.Parse<EvseStatus>(s.Status.ToString(), ignoreCase: true)))],
        };
    }

    public static (string? Terms, ImmutableArray<string> Capabilities) Connector(Section section) =>
        Members(section, OfConnector) is { Count: > 0 } members && Valid(section, OfConnector, ConfiguredLocation.ReadConnector(members)) is { } connector
            ? (connector.TermsAndConditions, [.. (connector.Capabilities ?? []).Select(c => c.Text)])
            : (null, []);

    private static JsonObject Members(Section section, string[] keys)
    {
        var members = new JsonObject();
        foreach (var key in keys)
        {
            if (section.Raw(key) is { } value)
                members[Name(key)] = value.DeepClone();
        }
        return members;
    }

    /// <summary>The object, or null and its faults: the first step of each path in the file's spelling, the rest in OCPI's.</summary>
    private static T? Valid<T>(Section section, string[] keys, OcpiRead<T> read) where T : class
    {
        foreach (var fault in read.Faults)
        {
            var end = fault.Path.IndexOfAny(['.', '[']);
            var first = end < 0 ? fault.Path : fault.Path[..end];
            var key = Array.Find(keys, k => Name(k) == first) ?? first;
            section.Findings.Fault(section.At(key), fault with { Path = end < 0 ? "" : fault.Path[end..].TrimStart('.') });
        }
        return read.Value;
    }

    private static string Name(string key) => JsonNamingPolicy.SnakeCaseLower.ConvertName(key);

    /// <summary>Always open, or regular hours: one of them, and not both (LO8).</summary>
    private static void JudgeHours(Section site, Hours? hours)
    {
        if (hours is null)
            return;
        var path = site.At("OpeningTimes");
        if (hours.Twentyfourseven == hours.RegularHours is { Count: > 0 })
            site.Findings.Fault(path, hours.Twentyfourseven ? "both" : "neither", "twentyfourseven true or regular_hours, and not both");
        Judge(hours.ExceptionalOpenings, "exceptional_openings");
        Judge(hours.ExceptionalClosings, "exceptional_closings");

        void Judge(IReadOnlyList<ExceptionalPeriod>? periods, string name)
        {
            foreach (var (period, i) in (periods ?? []).Select((p, i) => (p, i)))
            {
                if (period.PeriodEnd <= period.PeriodBegin)
                    site.Findings.Fault($"{path}:{name}:{i}:period_end", OcpiDateTime.Write(period.PeriodEnd), "a time after period_begin");
            }
        }
    }

    /// <summary>A uid needs its type, a visual number its issuer; nothing at all would mean everybody.</summary>
    private static void JudgeAllowed(Section site, IReadOnlyList<PublishTokenType> allowed)
    {
        foreach (var (token, i) in allowed.Select((t, i) => (t, i)))
        {
            var path = $"{site.At("PublishAllowedTo")}:{i}";
            if (token is { Uid: null, VisualNumber: null, Issuer: null, GroupId: null })
                site.Findings.Fault(path, "nobody", "uid and type, visual_number and issuer, issuer, or group_id");
            if (token is { Uid: not null, Type: null })
                site.Findings.Fault($"{path}:type", null, "the type of the token with this uid");
            if (token is { VisualNumber: not null, Issuer: null })
                site.Findings.Fault($"{path}:issuer", null, "the issuer of the token with this visual_number");
        }
    }

    private static decimal Degrees(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static ImmutableArray<LocalizedText> Texts(IReadOnlyList<DisplayText>? texts) => [.. (texts ?? []).Select(t => new LocalizedText(t.Language, t.Text))];

    private static ImmutableArray<Picture> Pictures(IReadOnlyList<Image>? images) => [.. (images ?? []).Select(Picture)];

    private static Picture Picture(Image image) =>
        new(image.Url, image.Category.Text, image.Type) { Thumbnail = image.Thumbnail, Width = image.Width, Height = image.Height };

    private static Business? Firm(BusinessDetails? business) =>
        business is null ? null : new(business.Name) { Website = business.Website, Logo = business.Logo is { } logo ? Picture(logo) : null };

    private static OpeningTimes Hours(Hours hours) => new()
    {
        Regular = [.. (hours.RegularHours ?? []).Select(h => new OpeningHours(h.Weekday, Time(h.PeriodBegin), Time(h.PeriodEnd)))],
        ExceptionalOpenings = [.. (hours.ExceptionalOpenings ?? []).Select(p => new Period(p.PeriodBegin, p.PeriodEnd))],
        ExceptionalClosings = [.. (hours.ExceptionalClosings ?? []).Select(p => new Period(p.PeriodBegin, p.PeriodEnd))],
    };

    private static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    private static EnergyMix Mix(Wire.EnergyMix mix) => new(mix.IsGreenEnergy)
    {
        Sources = [.. (mix.EnergySources ?? []).Select(s => new EnergyShare(EnumText.Of(s.Source), s.Percentage))],
        Impacts = [.. (mix.EnvironImpact ?? []).Select(i => new EnergyShare(i.Category.Text, i.Amount))],
        Supplier = mix.SupplierName,
        Product = mix.EnergyProductName,
    };

    private static ParkingPlace Place(Parking p) => new()
    {
        Id = p.Id,
        PhysicalReference = p.PhysicalReference,
        VehicleTypes = [.. p.VehicleTypes.Select(v => v.Text)],
        MaxVehicleWeight = p.MaxVehicleWeight,
        MaxVehicleHeight = p.MaxVehicleHeight,
        MaxVehicleLength = p.MaxVehicleLength,
        MaxVehicleWidth = p.MaxVehicleWidth,
        ParkingSpaceLength = p.ParkingSpaceLength,
        ParkingSpaceWidth = p.ParkingSpaceWidth,
        DangerousGoodsAllowed = p.DangerousGoodsAllowed,
        Direction = p.Direction?.Text,
        DriveThrough = p.DriveThrough,
        RestrictedToType = p.RestrictedToType,
        ReservationRequired = p.ReservationRequired,
        TimeLimit = p.TimeLimit,
        Roofed = p.Roofed,
        Images = Pictures(p.Images),
        Lighting = p.Lighting,
        RefrigerationOutlet = p.RefrigerationOutlet,
        Standards = [.. p.Standards ?? []],
        ApdsReference = p.ApdsReference,
    };
}
