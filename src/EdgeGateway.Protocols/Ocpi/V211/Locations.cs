using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Protocols.Ocpi.V211;

/// <summary>Section 7. Whose it is stands in the url only.</summary>
public sealed record Location
{
    [CiString(39)]
    public required string Id { get; init; }

    public required LocationType Type { get; init; }

    [Text(255)]
    public string? Name { get; init; }

    [Text(45)]
    public required string Address { get; init; }

    [Text(45)]
    public required string City { get; init; }

    [Text(10)]
    public required string PostalCode { get; init; }

    /// <summary>Alpha-3.</summary>
    [CiString(3, Min = 3)]
    public required string Country { get; init; }

    public required GeoLocation Coordinates { get; init; }

    public IReadOnlyList<AdditionalGeoLocation>? RelatedLocations { get; init; }

    public IReadOnlyList<Evse>? Evses { get; init; }

    public IReadOnlyList<DisplayText>? Directions { get; init; }

    public BusinessDetails? Operator { get; init; }

    public BusinessDetails? Suboperator { get; init; }

    public BusinessDetails? Owner { get; init; }

    public IReadOnlyList<Facility>? Facilities { get; init; }

    /// <summary>IANA name; optional by the text, always sent.</summary>
    [Text(255)]
    public string? TimeZone { get; init; }

    public Hours? OpeningTimes { get; init; }

    public bool? ChargingWhenClosed { get; init; }

    public IReadOnlyList<Image>? Images { get; init; }

    public EnergyMix? EnergyMix { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record Evse
{
    /// <summary>For ever, whatever hardware stands there (LO1).</summary>
    [CiString(39)]
    public required string Uid { get; init; }

    [CiString(48)]
    public string? EvseId { get; init; }

    public required EvseStatus Status { get; init; }

    public IReadOnlyList<StatusSchedule>? StatusSchedule { get; init; }

    public IReadOnlyList<Capability>? Capabilities { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<Connector> Connectors { get; init; }

    [Text(4)]
    public string? FloorLevel { get; init; }

    public GeoLocation? Coordinates { get; init; }

    [Text(16)]
    public string? PhysicalReference { get; init; }

    public IReadOnlyList<DisplayText>? Directions { get; init; }

    public IReadOnlyList<ParkingRestriction>? ParkingRestrictions { get; init; }

    public IReadOnlyList<Image>? Images { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record Connector
{
    [CiString(36)]
    public required string Id { get; init; }

    public required ConnectorType Standard { get; init; }

    public required ConnectorFormat Format { get; init; }

    public required PowerType PowerType { get; init; }

    /// <summary>V; line to neutral for three-phase AC.</summary>
    [Between(0, 1_000_000)]
    public required int Voltage { get; init; }

    /// <summary>A per phase.</summary>
    [Between(0, 1_000_000)]
    public required int Amperage { get; init; }

    /// <summary>There is but one.</summary>
    [CiString(36)]
    public string? TariffId { get; init; }

    [Form(StringForm.Url)]
    public string? TermsAndConditions { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary><c>twentyfourseven</c> or regular hours (LO8).</summary>
public sealed record Hours
{
    public IReadOnlyList<RegularHours>? RegularHours { get; init; }

    /// <summary>Optional when read, since it is one of two; sent always, as the standard's own example has it.</summary>
    public bool? Twentyfourseven { get; init; }

    public IReadOnlyList<ExceptionalPeriod>? ExceptionalOpenings { get; init; }

    public IReadOnlyList<ExceptionalPeriod>? ExceptionalClosings { get; init; }
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

public sealed record EnvironmentalImpact
{
    /// <summary>Named <c>category</c> from 2.2 on.</summary>
    public required EnvironmentalImpactCategory Source { get; init; }

    /// <summary>g per kWh.</summary>
    public required decimal Amount { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<LocationType>))]
public enum LocationType
{
    OnStreet,
    ParkingGarage,
    UndergroundGarage,
    ParkingLot,
    Other,
    Unknown,
}

[JsonConverter(typeof(EnumTextConverter<Capability>))]
public enum Capability
{
    ChargingProfileCapable,
    CreditCardPayable,
    RemoteStartStopCapable,
    Reservable,
    RfidReader,
    UnlockCapable,
}

[JsonConverter(typeof(EnumTextConverter<PowerType>))]
public enum PowerType
{
    [JsonStringEnumMemberName("AC_1_PHASE")]
    Ac1Phase,

    [JsonStringEnumMemberName("AC_3_PHASE")]
    Ac3Phase,
    Dc,
}

[JsonConverter(typeof(EnumTextConverter<ConnectorType>))]
public enum ConnectorType
{
    Chademo,
    DomesticA,
    DomesticB,
    DomesticC,
    DomesticD,
    DomesticE,
    DomesticF,
    DomesticG,
    DomesticH,
    DomesticI,
    DomesticJ,
    DomesticK,
    DomesticL,

    [JsonStringEnumMemberName("IEC_60309_2_single_16")]
    Iec603092Single16,

    [JsonStringEnumMemberName("IEC_60309_2_three_16")]
    Iec603092Three16,

    [JsonStringEnumMemberName("IEC_60309_2_three_32")]
    Iec603092Three32,

    [JsonStringEnumMemberName("IEC_60309_2_three_64")]
    Iec603092Three64,

    [JsonStringEnumMemberName("IEC_62196_T1")]
    Iec62196T1,

    [JsonStringEnumMemberName("IEC_62196_T1_COMBO")]
    Iec62196T1Combo,

    [JsonStringEnumMemberName("IEC_62196_T2")]
    Iec62196T2,

    [JsonStringEnumMemberName("IEC_62196_T2_COMBO")]
    Iec62196T2Combo,

    [JsonStringEnumMemberName("IEC_62196_T3A")]
    Iec62196T3A,

    [JsonStringEnumMemberName("IEC_62196_T3C")]
    Iec62196T3C,
    TeslaR,
    TeslaS,
}

[JsonConverter(typeof(EnumTextConverter<ParkingRestriction>))]
public enum ParkingRestriction
{
    EvOnly,
    Plugged,
    Disabled,
    Customers,
    Motorcycles,
}

[JsonConverter(typeof(EnumTextConverter<Facility>))]
public enum Facility
{
    Hotel,
    Restaurant,
    Cafe,
    Mall,
    Supermarket,
    Sport,
    RecreationArea,
    Nature,
    Museum,
    BusStop,
    TaxiStand,
    TrainStation,
    Airport,
    CarpoolParking,
    FuelStation,
    Wifi,
}
