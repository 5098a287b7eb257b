using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V211;

/// <summary>Section 9. Its times are spelled otherwise than everywhere else: <c>start_datetime</c>.</summary>
public sealed record Session
{
    [CiString(36)]
    public required string Id { get; init; }

    [JsonPropertyName("start_datetime")]
    public required DateTimeOffset StartDateTime { get; init; }

    [JsonPropertyName("end_datetime")]
    public DateTimeOffset? EndDateTime { get; init; }

    public required decimal Kwh { get; init; }

    [CiString(36)]
    public required string AuthId { get; init; }

    public required AuthMethod AuthMethod { get; init; }

    /// <summary>With just the EVSE and the connector of this session.</summary>
    public required Location Location { get; init; }

    [Text(255)]
    public string? MeterId { get; init; }

    [CiString(3, Min = 3)]
    public required string Currency { get; init; }

    public IReadOnlyList<ChargingPeriod>? ChargingPeriods { get; init; }

    /// <summary>Without VAT.</summary>
    public decimal? TotalCost { get; init; }

    public required SessionStatus Status { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary>Section 10. Times in hours, energy in kWh, cost without VAT.</summary>
public sealed record Cdr
{
    [CiString(36)]
    public required string Id { get; init; }

    public required DateTimeOffset StartDateTime { get; init; }

    public required DateTimeOffset StopDateTime { get; init; }

    [CiString(36)]
    public required string AuthId { get; init; }

    public required AuthMethod AuthMethod { get; init; }

    public required Location Location { get; init; }

    [Text(255)]
    public string? MeterId { get; init; }

    [CiString(3, Min = 3)]
    public required string Currency { get; init; }

    public IReadOnlyList<Tariff>? Tariffs { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<ChargingPeriod> ChargingPeriods { get; init; }

    public required decimal TotalCost { get; init; }

    public required decimal TotalEnergy { get; init; }

    public required decimal TotalTime { get; init; }

    public decimal? TotalParkingTime { get; init; }

    [Text(255)]
    public string? Remark { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record ChargingPeriod
{
    public required DateTimeOffset StartDateTime { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<CdrDimension> Dimensions { get; init; }
}

public sealed record CdrDimension
{
    public required CdrDimensionType Type { get; init; }

    /// <summary>kWh, hours or A, by the type; FLAT has no unit.</summary>
    public required decimal Volume { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<CdrDimensionType>))]
public enum CdrDimensionType
{
    Energy,
    Flat,
    MaxCurrent,
    MinCurrent,
    ParkingTime,
    Time,
}

[JsonConverter(typeof(EnumTextConverter<SessionStatus>))]
public enum SessionStatus
{
    Active,
    Completed,
    Invalid,
    Pending,
}

[JsonConverter(typeof(EnumTextConverter<AuthMethod>))]
public enum AuthMethod
{
    AuthRequest,
    Whitelist,
}
