using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Section 9.</summary>
public sealed record Session
{
    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(36)]
    public required string Id { get; init; }

    public required DateTimeOffset StartDateTime { get; init; }

    public DateTimeOffset? EndDateTime { get; init; }

    public required decimal Kwh { get; init; }

    public required CdrToken CdrToken { get; init; }

    public required AuthMethod AuthMethod { get; init; }

    [CiString(36)]
    public string? AuthorizationReference { get; init; }

    [CiString(36)]
    public required string LocationId { get; init; }

    [CiString(36)]
    public required string EvseUid { get; init; }

    [CiString(36)]
    public required string ConnectorId { get; init; }

    [Text(255)]
    public string? MeterId { get; init; }

    [CiString(3, Min = 3)]
    public required string Currency { get; init; }

    public IReadOnlyList<ChargingPeriod>? ChargingPeriods { get; init; }

    public Price? TotalCost { get; init; }

    public required SessionStatus Status { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary>A part of a session; it ends where the next begins (S6).</summary>
public sealed record ChargingPeriod
{
    public required DateTimeOffset StartDateTime { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<CdrDimension> Dimensions { get; init; }

    [CiString(36)]
    public string? TariffId { get; init; }
}

public sealed record CdrDimension
{
    public required Open<CdrDimensionType> Type { get; init; }

    /// <summary>kWh, hours, A or kW, by the type; this period's own, not a running total.</summary>
    public required decimal Volume { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<CdrDimensionType>))]
public enum CdrDimensionType
{
    /// <summary>Sessions only, like power, energy import and export and state of charge.</summary>
    Current,
    Energy,
    EnergyExport,
    EnergyImport,
    MaxCurrent,
    MinCurrent,
    MaxPower,
    MinPower,
    ParkingTime,
    Power,
    ReservationTime,
    StateOfCharge,
    Time,
}

[JsonConverter(typeof(EnumTextConverter<SessionStatus>))]
public enum SessionStatus
{
    Active,
    Completed,
    Invalid,
    Pending,
    Reservation,
}

[JsonConverter(typeof(EnumTextConverter<AuthMethod>))]
public enum AuthMethod
{
    AuthRequest,
    Command,
    Whitelist,
}

/// <summary>Body of PUT charging_preferences (S9).</summary>
public sealed record ChargingPreferences
{
    public required Open<ProfileType> ProfileType { get; init; }

    public DateTimeOffset? DepartureTime { get; init; }

    /// <summary>kWh.</summary>
    public decimal? EnergyNeed { get; init; }

    public bool? DischargeAllowed { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<ProfileType>))]
public enum ProfileType
{
    Cheap,
    Fast,
    Green,
    Regular,
}

[JsonConverter(typeof(EnumTextConverter<ChargingPreferencesResponse>))]
public enum ChargingPreferencesResponse
{
    Accepted,
    DepartureRequired,
    EnergyNeedRequired,
    NotPossible,
    ProfileTypeNotSupported,
}
