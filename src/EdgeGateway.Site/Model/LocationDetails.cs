using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>What drivers and hubs are told of the place beyond its address (checklist §7). Words of enumerations are OCPI's, as the installer wrote them;
/// a dialect leaves out or maps what its version does not have.</summary>
public sealed record LocationDetails
{
    public ImmutableArray<LocalizedText> Directions { get; init; } = [];

    /// <summary>OCPI Facility: <c>RESTAURANT</c>, …</summary>
    public ImmutableArray<string> Facilities { get; init; } = [];
    public ImmutableArray<Picture> Images { get; init; } = [];

    /// <summary>Null: always open.</summary>
    public OpeningTimes? OpeningTimes { get; init; }
    public bool? ChargingWhenClosed { get; init; }
    public EnergyMix? EnergyMix { get; init; }

    /// <summary>Null: the party itself.</summary>
    public Business? Operator { get; init; }
    public Business? Suboperator { get; init; }
    public Business? Owner { get; init; }
    public ImmutableArray<RelatedPlace> RelatedLocations { get; init; } = [];
    public ImmutableArray<ParkingPlace> ParkingPlaces { get; init; } = [];
    public string? HelpPhone { get; init; }

    /// <summary>Who may see the location though it is not published.</summary>
    public ImmutableArray<AllowedToken> PublishAllowedTo { get; init; } = [];
}

public sealed record Picture(string Url, string Category, string Type)
{
    public string? Thumbnail { get; init; }

    /// <summary>Pixels.</summary>
    public int? Width { get; init; }
    public int? Height { get; init; }
}

public sealed record Business(string Name)
{
    public string? Website { get; init; }
    public Picture? Logo { get; init; }
}

/// <summary>Always, or at regular hours; both with exceptions (LO8).</summary>
public sealed record OpeningTimes
{
    public ImmutableArray<OpeningHours> Regular { get; init; } = [];
    public bool Always => Regular.IsDefaultOrEmpty;

    /// <summary>UTC, from inclusive to exclusive.</summary>
    public ImmutableArray<Period> ExceptionalOpenings { get; init; } = [];
    public ImmutableArray<Period> ExceptionalClosings { get; init; } = [];
}

/// <param name="Weekday">1 is Monday.</param>
/// <param name="Begin">Local time of day.</param>
public sealed record OpeningHours(int Weekday, TimeOnly Begin, TimeOnly End);

public sealed record Period(DateTimeOffset Begin, DateTimeOffset End);

public sealed record EnergyMix(bool IsGreen)
{
    /// <summary>OCPI EnergySourceCategory and percent.</summary>
    public ImmutableArray<EnergyShare> Sources { get; init; } = [];

    /// <summary>OCPI EnvironmentalImpactCategory and g per kWh.</summary>
    public ImmutableArray<EnergyShare> Impacts { get; init; } = [];
    public string? Supplier { get; init; }
    public string? Product { get; init; }
}

public sealed record EnergyShare(string Category, decimal Amount);

/// <summary>WGS 84 degrees.</summary>
public sealed record GeoPoint(decimal Latitude, decimal Longitude);

public sealed record RelatedPlace(GeoPoint At, LocalizedText? Name);

public sealed record AllowedToken
{
    public string? Uid { get; init; }
    public TokenType? Type { get; init; }
    public string? VisualNumber { get; init; }
    public string? Issuer { get; init; }
    public string? GroupId { get; init; }
}

/// <summary>A parking place beside EVSEs, which refer to it by its id (2.3.0).</summary>
public sealed record ParkingPlace
{
    public required string Id { get; init; }
    public string? PhysicalReference { get; init; }

    /// <summary>OCPI VehicleType, at least one.</summary>
    public required ImmutableArray<string> VehicleTypes { get; init; }
    public decimal? MaxVehicleWeight { get; init; }
    public decimal? MaxVehicleHeight { get; init; }
    public decimal? MaxVehicleLength { get; init; }
    public decimal? MaxVehicleWidth { get; init; }
    public decimal? ParkingSpaceLength { get; init; }
    public decimal? ParkingSpaceWidth { get; init; }
    public bool? DangerousGoodsAllowed { get; init; }

    /// <summary>OCPI ParkingDirection.</summary>
    public string? Direction { get; init; }
    public bool? DriveThrough { get; init; }
    public required bool RestrictedToType { get; init; }
    public required bool ReservationRequired { get; init; }

    /// <summary>Minutes.</summary>
    public decimal? TimeLimit { get; init; }
    public bool? Roofed { get; init; }
    public ImmutableArray<Picture> Images { get; init; } = [];
    public bool? Lighting { get; init; }
    public bool? RefrigerationOutlet { get; init; }
    public ImmutableArray<string> Standards { get; init; } = [];
    public string? ApdsReference { get; init; }
}

/// <summary>What is told of an EVSE beyond its connectors.</summary>
public sealed record EvseDetails
{
    public string? FloorLevel { get; init; }
    public GeoPoint? Coordinates { get; init; }
    public ImmutableArray<LocalizedText> Directions { get; init; } = [];

    /// <summary>OCPI ParkingRestriction.</summary>
    public ImmutableArray<string> ParkingRestrictions { get; init; } = [];
    public ImmutableArray<Picture> Images { get; init; } = [];

    /// <summary>OCPI Capability: beyond those that the gateway knows by itself (LO6).</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Ids of the location's parking places, each with OCPI EvsePosition.</summary>
    public ImmutableArray<ParkingOfEvse> Parking { get; init; } = [];
    public ImmutableArray<string> AcceptedServiceProviders { get; init; } = [];
    public ImmutableArray<PlannedStatus> StatusSchedule { get; init; } = [];
}

public sealed record ParkingOfEvse(string ParkingId, string? Position);

public sealed record PlannedStatus(DateTimeOffset Begin, DateTimeOffset? End, EvseStatus Status);
