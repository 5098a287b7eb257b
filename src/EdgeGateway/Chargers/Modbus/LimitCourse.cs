using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>A course of limits that the gateway follows in the charger's place (Modbus knows only one number that holds now).</summary>
/// <param name="Of">Number of the session that it is for.</param>
/// <param name="Taken">When it was ordered: where it has no start of its own, it counts from here.</param>
public sealed record LimitCourse(int Of, DateTimeOffset Taken, ChargingLimits Limits)
{
    /// <summary>A per phase at a moment; null: no limit holds then.</summary>
    /// <param name="phases">That the connector has, where a step does not say how many are used.</param>
    public decimal? At(DateTimeOffset moment, decimal voltageV, int phases)
    {
        var gone = moment - (Limits.Start ?? Taken);
        if (gone < TimeSpan.Zero || gone >= Limits.Duration || Limits.Steps.IsDefaultOrEmpty)
            return null;
        LimitStep? now = null;
        foreach (var step in Limits.Steps)
        {
            if (step.From <= gone && (now is null || step.From >= now.From))
                now = step;
        }
        return now is null ? null : Amperes(now.Limit, Limits.Unit, now.Phases ?? phases, voltageV);
    }

    /// <summary>The moments within a time at which another limit begins to hold.</summary>
    public IEnumerable<DateTimeOffset> Turns(DateTimeOffset from, DateTimeOffset until)
    {
        var start = Limits.Start ?? Taken;
        var all = Limits.Steps.IsDefaultOrEmpty ? [] : Limits.Steps.Select(s => start + s.From);
        if (Limits.Duration is { } duration)
            all = all.Append(start + duration);
        return all.Where(t => t > from && t < until).Order();
    }

    public static decimal Amperes(decimal limit, LimitUnit unit, int phases, decimal voltageV) =>
        unit is LimitUnit.Amperes ? limit : limit / (voltageV * Math.Clamp(phases, 1, 3));
}
