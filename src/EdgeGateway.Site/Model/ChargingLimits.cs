using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>A course of limits for a charging session (OCPI ChargingProfile, OCPP ChargingSchedule).</summary>
public sealed record ChargingLimits
{
    /// <summary>Null: counts from when the charger takes it.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Null: to the end of the session.</summary>
    public TimeSpan? Duration { get; init; }
    public required LimitUnit Unit { get; init; }

    /// <summary>Below it the car charges badly or not at all; in <see cref="Unit"/>.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>At least one; the first starts at 0.</summary>
    public required ImmutableArray<LimitStep> Steps { get; init; }
}

/// <param name="From">Since the start of the course.</param>
/// <param name="Limit">In the unit of the course; per phase for A.</param>
public sealed record LimitStep(TimeSpan From, decimal Limit, int? Phases = null);

public enum LimitUnit
{
    Watts,
    Amperes,
}
