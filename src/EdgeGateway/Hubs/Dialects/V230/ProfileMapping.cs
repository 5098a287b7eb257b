using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Charging profiles both ways (CP2).</summary>
internal static class ProfileMapping
{
    /// <summary>A day in quarter hours many times over; no charger stores more.</summary>
    private const int MaxPeriods = 1000;

    /// <summary>Faults are 2001: a course that could be read in two ways must not limit anybody.</summary>
    public static ChargingLimits Limits(Wire.ChargingProfile profile)
    {
        var periods = profile.ChargingProfilePeriod ?? [];
        if (periods.Count is 0 or > MaxPeriods)
            throw OcpiException.InvalidParameters($"charging_profile.charging_profile_period: 1 to {MaxPeriods} periods are expected");
        if (periods[0].StartPeriod != 0)
            throw OcpiException.InvalidParameters("charging_profile.charging_profile_period[0].start_period: 0 is expected");
        if (periods.Zip(periods.Skip(1)).Any(pair => pair.First.StartPeriod >= pair.Second.StartPeriod))
            throw OcpiException.InvalidParameters("charging_profile.charging_profile_period: each is expected to start after the one before");
        if (periods.Any(p => p.Limit < 0) || profile.MinChargingRate < 0)
            throw OcpiException.InvalidParameters("charging_profile: no limit below 0 is expected");
        if (profile.Duration == 0)
            throw OcpiException.InvalidParameters("charging_profile.duration: more than 0 seconds are expected");
        return new()
        {
            Start = profile.StartDateTime,
            Duration = profile.Duration is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Unit = profile.ChargingRateUnit == Wire.ChargingRateUnit.W ? LimitUnit.Watts : LimitUnit.Amperes,
            Minimum = profile.MinChargingRate is { } least ? OneDecimal(least) : null,
            Steps = [.. periods.Select(p => new LimitStep(TimeSpan.FromSeconds(p.StartPeriod), OneDecimal(p.Limit)))],
        };
    }

    public static Wire.ActiveChargingProfile Active(ChargingLimits limits, DateTimeOffset now) => new()
    {
        StartDateTime = limits.Start ?? now,
        ChargingProfile = new()
        {
            StartDateTime = limits.Start,
            Duration = (int?)limits.Duration?.TotalSeconds,
            ChargingRateUnit = limits.Unit == LimitUnit.Watts ? Wire.ChargingRateUnit.W : Wire.ChargingRateUnit.A,
            MinChargingRate = limits.Minimum is { } least ? OneDecimal(least) : null,
            ChargingProfilePeriod = [.. limits.Steps.Select(s => new Wire.ChargingProfilePeriod { StartPeriod = (int)s.From.TotalSeconds, Limit = OneDecimal(s.Limit) })],
        },
    };

    /// <summary>One decimal is all that either protocol has; downwards, so that never more flows than was asked for.</summary>
    private static decimal OneDecimal(decimal limit) => Math.Floor(limit * 10m) / 10m;
}
