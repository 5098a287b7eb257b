using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Section 7. A change of a part moves <see cref="LastUpdated"/> of all that holds it (P6).</summary>
public sealed record Location
{
    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(36)]
    public required string Id { get; init; }

    public required bool Publish { get; init; }

    public IReadOnlyList<PublishTokenType>? PublishAllowedTo { get; init; }

    [Text(255)]
    public string? Name { get; init; }

    /// <summary>255 since the errata, 45 before.</summary>
    [Text(255)]
    public required string Address { get; init; }

    [Text(45)]
    public required string City { get; init; }

    [Text(10)]
    public string? PostalCode { get; init; }

    /// <summary>45 since the errata, 20 before.</summary>
    [Text(45)]
    public string? State { get; init; }

    /// <summary>Alpha-3, unlike every country_code.</summary>
    [CiString(3, Min = 3)]
    public required string Country { get; init; }

    public required GeoLocation Coordinates { get; init; }

    public IReadOnlyList<AdditionalGeoLocation>? RelatedLocations { get; init; }

    public Open<ParkingType>? ParkingType { get; init; }

    public IReadOnlyList<Evse>? Evses { get; init; }

    public IReadOnlyList<DisplayText>? Directions { get; init; }

    public BusinessDetails? Operator { get; init; }

    public BusinessDetails? Suboperator { get; init; }

    public BusinessDetails? Owner { get; init; }

    public IReadOnlyList<Open<Facility>>? Facilities { get; init; }

    /// <summary>IANA name.</summary>
    [Text(255)]
    public required string TimeZone { get; init; }

    public Hours? OpeningTimes { get; init; }

    public bool? ChargingWhenClosed { get; init; }

    public IReadOnlyList<Image>? Images { get; init; }

    public EnergyMix? EnergyMix { get; init; }

    [Since("2.3.0")]
    public IReadOnlyList<Parking>? ParkingPlaces { get; init; }

    [Since("2.3.0")]
    [CiString(25)]
    public string? HelpPhone { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary>Who may see a location that is not published.</summary>
public sealed record PublishTokenType
{
    [CiString(36)]
    public string? Uid { get; init; }

    public Open<TokenType>? Type { get; init; }

    [Text(64)]
    public string? VisualNumber { get; init; }

    [Text(64)]
    public string? Issuer { get; init; }

    [CiString(36)]
    public string? GroupId { get; init; }
}

/// <summary>Decimal degrees as text; six decimals when we write (1.2).</summary>
public sealed record GeoLocation
{
    [Form(StringForm.Latitude)]
    public required string Latitude { get; init; }

    [Form(StringForm.Longitude)]
    public required string Longitude { get; init; }

    public static GeoLocation Of(decimal latitude, decimal longitude) => new()
    {
        Latitude = latitude.ToString("0.000000", System.Globalization.CultureInfo.InvariantCulture),
        Longitude = longitude.ToString("0.000000", System.Globalization.CultureInfo.InvariantCulture),
    };
}

public sealed record AdditionalGeoLocation
{
    [Form(StringForm.Latitude)]
    public required string Latitude { get; init; }

    [Form(StringForm.Longitude)]
    public required string Longitude { get; init; }

    public DisplayText? Name { get; init; }
}

/// <summary>What one car uses at a time (LO4).</summary>
public sealed record Evse
{
    /// <summary>For ever, whatever hardware stands there (LO1).</summary>
    [CiString(36)]
    public required string Uid { get; init; }

    /// <summary>eMI3 id, <c>CC*PPP*E…</c>; mandatory in a CDR, so required of public EVSEs (LO3).</summary>
    [CiString(48)]
    public string? EvseId { get; init; }

    public required EvseStatus Status { get; init; }

    public IReadOnlyList<StatusSchedule>? StatusSchedule { get; init; }

    public IReadOnlyList<Open<Capability>>? Capabilities { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<Connector> Connectors { get; init; }

    [Text(4)]
    public string? FloorLevel { get; init; }

    public GeoLocation? Coordinates { get; init; }

    [Text(16)]
    public string? PhysicalReference { get; init; }

    public IReadOnlyList<DisplayText>? Directions { get; init; }

    public IReadOnlyList<Open<ParkingRestriction>>? ParkingRestrictions { get; init; }

    [Since("2.3.0")]
    public IReadOnlyList<EvseParking>? Parking { get; init; }

    public IReadOnlyList<Image>? Images { get; init; }

    [Since("2.3.0")]
    [Text(50)]
    public IReadOnlyList<string>? AcceptedServiceProviders { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary>The only PATCH we send (P3): an EVSE's status.</summary>
public sealed record EvseStatusPatch
{
    public required EvseStatus Status { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record StatusSchedule
{
    public required DateTimeOffset PeriodBegin { get; init; }

    public DateTimeOffset? PeriodEnd { get; init; }

    public required EvseStatus Status { get; init; }
}

public sealed record Connector
{
    [CiString(36)]
    public required string Id { get; init; }

    public required Open<ConnectorType> Standard { get; init; }

    public required ConnectorFormat Format { get; init; }

    public required PowerType PowerType { get; init; }

    /// <summary>V; line to neutral for three-phase AC.</summary>
    [Between(0, 1_000_000)]
    public required int MaxVoltage { get; init; }

    /// <summary>A per phase.</summary>
    [Between(0, 1_000_000)]
    public required int MaxAmperage { get; init; }

    /// <summary>W.</summary>
    [Between(0, 1_000_000_000)]
    public int? MaxElectricPower { get; init; }

    [CiString(36)]
    public IReadOnlyList<string>? TariffIds { get; init; }

    [Form(StringForm.Url)]
    public string? TermsAndConditions { get; init; }

    [Since("2.3.0")]
    public IReadOnlyList<Open<ConnectorCapability>>? Capabilities { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary><c>twentyfourseven</c> or regular hours, never both (LO8).</summary>
public sealed record Hours
{
    public required bool Twentyfourseven { get; init; }

    public IReadOnlyList<RegularHours>? RegularHours { get; init; }

    public IReadOnlyList<ExceptionalPeriod>? ExceptionalOpenings { get; init; }

    public IReadOnlyList<ExceptionalPeriod>? ExceptionalClosings { get; init; }
}

public sealed record RegularHours
{
    /// <summary>1 is Monday.</summary>
    [Between(1, 7)]
    public required int Weekday { get; init; }

    [Form(StringForm.TimeOfDay)]
    public required string PeriodBegin { get; init; }

    [Form(StringForm.TimeOfDay)]
    public required string PeriodEnd { get; init; }
}

public sealed record ExceptionalPeriod
{
    public required DateTimeOffset PeriodBegin { get; init; }

    public required DateTimeOffset PeriodEnd { get; init; }
}

public sealed record EnergyMix
{
    public required bool IsGreenEnergy { get; init; }

    public IReadOnlyList<EnergySource>? EnergySources { get; init; }

    public IReadOnlyList<EnvironmentalImpact>? EnvironImpact { get; init; }

    [Text(64)]
    public string? SupplierName { get; init; }

    [Text(64)]
    public string? EnergyProductName { get; init; }
}

public sealed record EnergySource
{
    public required EnergySourceCategory Source { get; init; }

    public required decimal Percentage { get; init; }
}

public sealed record EnvironmentalImpact
{
    public required Open<EnvironmentalImpactCategory> Category { get; init; }

    /// <summary>g per kWh.</summary>
    public required decimal Amount { get; init; }
}

/// <summary>A parking place beside EVSEs (2.3.0).</summary>
public sealed record Parking
{
    [CiString(36)]
    public required string Id { get; init; }

    [Text(12)]
    public string? PhysicalReference { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<Open<VehicleType>> VehicleTypes { get; init; }

    public decimal? MaxVehicleWeight { get; init; }

    public decimal? MaxVehicleHeight { get; init; }

    public decimal? MaxVehicleLength { get; init; }

    public decimal? MaxVehicleWidth { get; init; }

    public decimal? ParkingSpaceLength { get; init; }

    public decimal? ParkingSpaceWidth { get; init; }

    public bool? DangerousGoodsAllowed { get; init; }

    public Open<ParkingDirection>? Direction { get; init; }

    public bool? DriveThrough { get; init; }

    public required bool RestrictedToType { get; init; }

    public required bool ReservationRequired { get; init; }

    public decimal? TimeLimit { get; init; }

    public bool? Roofed { get; init; }

    public IReadOnlyList<Image>? Images { get; init; }

    public bool? Lighting { get; init; }

    public bool? RefrigerationOutlet { get; init; }

    [CiString(36)]
    public IReadOnlyList<string>? Standards { get; init; }

    [CiString(36)]
    public string? ApdsReference { get; init; }
}

public sealed record EvseParking
{
    [CiString(36)]
    public required string ParkingId { get; init; }

    public Open<EvsePosition>? EvsePosition { get; init; }
}
