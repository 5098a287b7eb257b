using System.Collections.Immutable;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>A course of limits put the way that a charger takes it, never above what was asked.</summary>
internal static class LimitShapes
{
    /// <returns>Null when it cannot be said in that way.</returns>
    /// <param name="connector">Null where it is not configured: its voltage is not known then, and neither is what an ampere means in watts.</param>
    public static ChargingLimits? Shaped(ChargingLimits limits, LimitWay way, ConnectorConfiguration? connector, DateTimeOffset now)
    {
        var unit = way.Unit == "W" ? LimitUnit.Watts : LimitUnit.Amperes;
        if (InUnit(limits, unit, connector) is not { } said)
            return null;
        said = said with
        {
            Minimum = said.Minimum is { } minimum ? Tenths(minimum) : null,
            Steps = [.. said.Steps.Select(static s => s with { Limit = Tenths(s.Limit) })],
        };
        if (way.Kind == LimitLadder.Absolute)
            return said with { Start = said.Start ?? now };
        return said.Start is { } start ? FromNowOn(said, now - start) : said;
    }

    /// <summary>
    /// By the connector's nominal voltage (line to neutral) and the step's phases, else the connector's: it is assumed that the vehicle uses them all.
    /// One that uses fewer takes no more power than was asked, though over fewer phases. For DC the vehicle's battery makes the voltage, which nobody
    /// knows here: there is no other unit.
    /// </summary>
    private static ChargingLimits? InUnit(ChargingLimits limits, LimitUnit unit, ConnectorConfiguration? connector)
    {
        if (limits.Unit == unit)
            return limits;
        if (connector is not { MaxVoltage: > 0 } || PhasesOf(connector) is not { } phases)
            return null;
        return limits with
        {
            Unit = unit,
            Minimum = limits.Minimum is { } minimum ? Turned(minimum, phases) : null,
            Steps = [.. limits.Steps.Select(s => s with { Limit = Turned(s.Limit, s.Phases is > 0 and <= 3 ? s.Phases.Value : phases) })],
        };

        decimal Turned(decimal limit, int over) => unit is LimitUnit.Watts ? limit * connector.MaxVoltage * over : limit / (connector.MaxVoltage * over);
    }

    private static int? PhasesOf(ConnectorConfiguration connector) => connector.PowerType switch
    {
        "AC_1_PHASE" => 1,
        "AC_2_PHASE" or "AC_2_PHASE_SPLIT" => 2,
        "AC_3_PHASE" => 3,
        _ => null,
    };

    /// <summary>What is left of a course that began so long ago, counted from now. One that is yet to begin holds from now on: sooner is not above what was asked.</summary>
    private static ChargingLimits? FromNowOn(ChargingLimits limits, TimeSpan gone)
    {
        if (limits.Duration - gone is { } left && left <= TimeSpan.Zero)
            return null;
        var steps = ImmutableArray.CreateBuilder<LimitStep>();
        foreach (var step in limits.Steps)
        {
            var from = step.From - gone;
            if (steps.Count == 0 || from <= TimeSpan.Zero)
            {
                steps.Clear();
                from = TimeSpan.Zero;
            }
            steps.Add(step with { From = from });
        }
        return limits with { Start = null, Duration = limits.Duration - gone, Steps = steps.ToImmutable() };
    }

    // One decimal is all that 1.6 and 2.0.1 can say; a limit is never exceeded by rounding.
    private static decimal Tenths(decimal limit) => Math.Floor(limit * 10) / 10;
}
