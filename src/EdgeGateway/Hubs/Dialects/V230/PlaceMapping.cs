using System.Collections.Immutable;
using System.Globalization;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>What is told of a place beyond its address, part by part (checklist §7). Lists read back from a database may be default.</summary>
internal static class PlaceMapping
{
    /// <summary>Null for an empty list: absent is shorter, and means the same (T9).</summary>
    public static IReadOnlyList<TTo>? Each<TFrom, TTo>(ImmutableArray<TFrom> from, Func<TFrom, TTo> map) =>
        from.IsDefaultOrEmpty ? null : [.. from.Select(map)];

    public static Wire.GeoLocation Point(GeoPoint point) => Wire.GeoLocation.Of(point.Latitude, point.Longitude);

    public static Wire.Image Image(Picture picture) => new()
    {
        Url = picture.Url,
        Thumbnail = picture.Thumbnail,
        Category = EnumText.Find<Wire.ImageCategory>(picture.Category) ?? Wire.ImageCategory.Other,
        Type = picture.Type,
        Width = picture.Width,
        Height = picture.Height,
    };

    public static Wire.BusinessDetails? Business(Business? business) => business is null ? null : new()
    {
        Name = business.Name,
        Website = business.Website,
        Logo = business.Logo is { } logo ? Image(logo) : null,
    };

    /// <summary>Always said: without it some hubs show a site as closed (LO8).</summary>
    public static Wire.Hours Hours(OpeningTimes? times) => times is null ? new() { Twentyfourseven = true } : new()
    {
        Twentyfourseven = times.Always,
        RegularHours = Each(times.Regular, h => new Wire.RegularHours { Weekday = h.Weekday, PeriodBegin = Time(h.Begin), PeriodEnd = Time(h.End) }),
        ExceptionalOpenings = Each(times.ExceptionalOpenings, Exception),
        ExceptionalClosings = Each(times.ExceptionalClosings, Exception),
    };

    public static Wire.EnergyMix? Mix(EnergyMix? mix, OcpiVersion version) => mix is null ? null : new()
    {
        IsGreenEnergy = mix.IsGreen,
        EnergySources = Known<Wire.EnergySourceCategory, Wire.EnergySource>(mix.Sources, version, (c, a) => new() { Source = c, Percentage = a }),
        EnvironImpact = Known<Wire.EnvironmentalImpactCategory, Wire.EnvironmentalImpact>(mix.Impacts, version, (c, a) => new() { Category = c, Amount = a }),
        SupplierName = mix.Supplier,
        EnergyProductName = mix.Product,
    };

    public static Wire.AdditionalGeoLocation Related(RelatedPlace place)
    {
        var at = Point(place.At);
        return new() { Latitude = at.Latitude, Longitude = at.Longitude, Name = place.Name is { } name ? Words.Text(name) : null };
    }

    public static Wire.PublishTokenType Allowed(AllowedToken token, OcpiVersion version) => new()
    {
        Uid = token.Uid,
        Type = token.Type is { } type ? TokenMapping.Type(type, version) : null,
        VisualNumber = token.VisualNumber,
        Issuer = token.Issuer,
        GroupId = token.GroupId,
    };

    public static Wire.Parking Parking(ParkingPlace place) => new()
    {
        Id = place.Id,
        PhysicalReference = place.PhysicalReference,
        VehicleTypes = Each(place.VehicleTypes, t => new Open<Wire.VehicleType>(t)) ?? [],
        MaxVehicleWeight = place.MaxVehicleWeight,
        MaxVehicleHeight = place.MaxVehicleHeight,
        MaxVehicleLength = place.MaxVehicleLength,
        MaxVehicleWidth = place.MaxVehicleWidth,
        ParkingSpaceLength = place.ParkingSpaceLength,
        ParkingSpaceWidth = place.ParkingSpaceWidth,
        DangerousGoodsAllowed = place.DangerousGoodsAllowed,
        Direction = Words.Of<Wire.ParkingDirection>(place.Direction, OcpiVersion.V230),
        DriveThrough = place.DriveThrough,
        RestrictedToType = place.RestrictedToType,
        ReservationRequired = place.ReservationRequired,
        TimeLimit = place.TimeLimit,
        Roofed = place.Roofed,
        Images = Each(place.Images, Image),
        Lighting = place.Lighting,
        RefrigerationOutlet = place.RefrigerationOutlet,
        Standards = Each(place.Standards, s => s),
        ApdsReference = place.ApdsReference,
    };

    public static Wire.EvseParking Parking(ParkingOfEvse parking) =>
        new() { ParkingId = parking.ParkingId, EvsePosition = Words.Of<Wire.EvsePosition>(parking.Position, OcpiVersion.V230) };

    public static Wire.StatusSchedule Planned(PlannedStatus planned) =>
        new() { PeriodBegin = planned.Begin, PeriodEnd = planned.End, Status = Words.Status(planned.Status) };

    private static Wire.ExceptionalPeriod Exception(Period period) => new() { PeriodBegin = period.Begin, PeriodEnd = period.End };

    private static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static List<TWire>? Known<TWord, TWire>(ImmutableArray<EnergyShare> shares, OcpiVersion version, Func<TWord, decimal, TWire> map)
        where TWord : struct, Enum
    {
        if (shares.IsDefaultOrEmpty)
            return null;
        List<TWire> known = [];
        foreach (var share in shares)
        {
            if (EnumText.Find<TWord>(share.Category, version) is { } word)
                known.Add(map(word, share.Amount));
        }
        return known.Count > 0 ? known : null;
    }
}
