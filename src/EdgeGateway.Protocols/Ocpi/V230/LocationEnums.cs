using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Class Status of the standard.</summary>
[JsonConverter(typeof(EnumTextConverter<EvseStatus>))]
public enum EvseStatus
{
    Available,
    Blocked,
    Charging,
    Inoperative,
    Outoforder,
    Planned,
    Removed,
    Reserved,
    Unknown,
}

[JsonConverter(typeof(EnumTextConverter<Capability>))]
public enum Capability
{
    ChargingProfileCapable,
    ChargingPreferencesCapable,
    ChipCardSupport,
    ContactlessCardSupport,
    CreditCardPayable,
    DebitCardPayable,
    PedTerminal,
    RemoteStartStopCapable,
    Reservable,
    RfidReader,
    StartSessionConnectorRequired,
    TokenGroupCapable,
    UnlockCapable,
}

[JsonConverter(typeof(EnumTextConverter<ConnectorFormat>))]
public enum ConnectorFormat
{
    Socket,
    Cable,
}

[JsonConverter(typeof(EnumTextConverter<PowerType>))]
public enum PowerType
{
    [JsonStringEnumMemberName("AC_1_PHASE")]
    Ac1Phase,

    [JsonStringEnumMemberName("AC_2_PHASE")]
    Ac2Phase,

    [JsonStringEnumMemberName("AC_2_PHASE_SPLIT")]
    Ac2PhaseSplit,

    [JsonStringEnumMemberName("AC_3_PHASE")]
    Ac3Phase,
    Dc,
}

[JsonConverter(typeof(EnumTextConverter<ConnectorType>))]
public enum ConnectorType
{
    Chademo,
    Chaoji,
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
    DomesticM,
    DomesticN,
    DomesticO,
    GbtAc,
    GbtDc,

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

    [JsonStringEnumMemberName("NEMA_5_20")]
    Nema520,

    [JsonStringEnumMemberName("NEMA_6_30")]
    Nema630,

    [JsonStringEnumMemberName("NEMA_6_50")]
    Nema650,

    [JsonStringEnumMemberName("NEMA_10_30")]
    Nema1030,

    [JsonStringEnumMemberName("NEMA_10_50")]
    Nema1050,

    [JsonStringEnumMemberName("NEMA_14_30")]
    Nema1430,

    [JsonStringEnumMemberName("NEMA_14_50")]
    Nema1450,
    PantographBottomUp,
    PantographTopDown,
    TeslaR,
    TeslaS,

    [Since("2.3.0")]
    Mcs,

    [Since("2.3.0")]
    [JsonStringEnumMemberName("SAE_J3400")]
    SaeJ3400,
}

[JsonConverter(typeof(EnumTextConverter<ParkingType>))]
public enum ParkingType
{
    AlongMotorway,
    ParkingGarage,
    ParkingLot,
    OnDriveway,
    OnStreet,
    UndergroundGarage,
}

[JsonConverter(typeof(EnumTextConverter<ParkingRestriction>))]
public enum ParkingRestriction
{
    EvOnly,
    Plugged,
    Disabled,
    Customers,
    Motorcycles,

    [Since("2.3.0")]
    Employees,

    [Since("2.3.0")]
    Taxis,

    [Since("2.3.0")]
    Tenants,
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
    BikeSharing,
    BusStop,
    TaxiStand,
    TramStop,
    MetroStation,
    TrainStation,
    Airport,
    ParkingLot,
    CarpoolParking,
    FuelStation,
    Wifi,
}

[JsonConverter(typeof(EnumTextConverter<EnergySourceCategory>))]
public enum EnergySourceCategory
{
    Nuclear,
    GeneralFossil,
    Coal,
    Gas,
    GeneralGreen,
    Solar,
    Wind,
    Water,
}

[JsonConverter(typeof(EnumTextConverter<EnvironmentalImpactCategory>))]
public enum EnvironmentalImpactCategory
{
    NuclearWaste,
    CarbonDioxide,
}

[JsonConverter(typeof(EnumTextConverter<ConnectorCapability>))]
public enum ConnectorCapability
{
    [JsonStringEnumMemberName("ISO_15118_2_PLUG_AND_CHARGE")]
    Iso151182PlugAndCharge,

    [JsonStringEnumMemberName("ISO_15118_20_PLUG_AND_CHARGE")]
    Iso1511820PlugAndCharge,
}

[JsonConverter(typeof(EnumTextConverter<VehicleType>))]
public enum VehicleType
{
    Motorcycle,
    PersonalVehicle,
    PersonalVehicleWithTrailer,
    Van,
    SemiTractor,
    Rigid,
    TruckWithTrailer,
    Bus,
    Disabled,
}

[JsonConverter(typeof(EnumTextConverter<ParkingDirection>))]
public enum ParkingDirection
{
    Parallel,
    Perpendicular,
    Angle,
}

[JsonConverter(typeof(EnumTextConverter<EvsePosition>))]
public enum EvsePosition
{
    Left,
    Right,
    Center,
}
