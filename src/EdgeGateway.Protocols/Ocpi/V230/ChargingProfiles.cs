using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Body of PUT chargingprofiles/{session_id} (CP1).</summary>
public sealed record SetChargingProfile
{
    public required ChargingProfile ChargingProfile { get; init; }

    [Form(StringForm.Url)]
    public required string ResponseUrl { get; init; }
}

/// <summary>A course of limits (CP2).</summary>
public sealed record ChargingProfile
{
    /// <summary>Absent: counts from the start of charging.</summary>
    public DateTimeOffset? StartDateTime { get; init; }

    /// <summary>Seconds; absent: to the end of the session.</summary>
    [Between(0, int.MaxValue)]
    public int? Duration { get; init; }

    public required ChargingRateUnit ChargingRateUnit { get; init; }

    /// <summary>Below it the car charges badly; one decimal at most.</summary>
    public decimal? MinChargingRate { get; init; }

    public IReadOnlyList<ChargingProfilePeriod>? ChargingProfilePeriod { get; init; }
}

public sealed record ChargingProfilePeriod
{
    /// <summary>Seconds since the start of the profile.</summary>
    [Between(0, int.MaxValue)]
    public required int StartPeriod { get; init; }

    /// <summary>W in all, or A per phase; one decimal at most.</summary>
    public required decimal Limit { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<ChargingRateUnit>))]
public enum ChargingRateUnit
{
    W,
    A,
}

/// <summary>The answer at once, which does not wait for the charger.</summary>
public sealed record ChargingProfileResponse
{
    public required Open<ChargingProfileResponseType> Result { get; init; }

    /// <summary>Seconds until the result comes at the latest.</summary>
    [Between(0, int.MaxValue)]
    public required int Timeout { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<ChargingProfileResponseType>))]
public enum ChargingProfileResponseType
{
    Accepted,
    NotSupported,
    Rejected,
    TooOften,
    UnknownSession,
}

[JsonConverter(typeof(EnumTextConverter<ChargingProfileResultType>))]
public enum ChargingProfileResultType
{
    Accepted,
    Rejected,
    Unknown,
}

/// <summary>Outcome of a PUT, posted to its response_url.</summary>
public sealed record ChargingProfileResult
{
    public required Open<ChargingProfileResultType> Result { get; init; }
}

/// <summary>Outcome of a DELETE.</summary>
public sealed record ClearProfileResult
{
    public required Open<ChargingProfileResultType> Result { get; init; }
}

/// <summary>Outcome of a GET.</summary>
public sealed record ActiveChargingProfileResult
{
    public required Open<ChargingProfileResultType> Result { get; init; }

    /// <summary>With ACCEPTED only.</summary>
    public ActiveChargingProfile? Profile { get; init; }
}

/// <summary>What is in force, as the charger counted it up at <see cref="StartDateTime"/>.</summary>
public sealed record ActiveChargingProfile
{
    public required DateTimeOffset StartDateTime { get; init; }

    public required ChargingProfile ChargingProfile { get; init; }
}
