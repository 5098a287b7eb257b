using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>From registers as chargers tell them to the energy of a session: only ever growing, never a whole lifetime counter (FIELD-NOTES 12, I5).</summary>
internal static class EnergyRegister
{
    /// <summary>No connector delivers more: what a register that restarted at 0 can have counted since is bounded by it.</summary>
    private const decimal MostPowerW = 400_000m;

    /// <summary>Allowed beyond it, for times in whole minutes and values from before the session's start.</summary>
    private const decimal SlackWh = 1_000m;

    /// <summary>Takes a register value in Wh into a session.</summary>
    /// <param name="elapsed">Since the value before it, or since the start.</param>
    public static Session Read(Session session, long registerWh, TimeSpan elapsed)
    {
        if (session.RegisterBaseWh is null && session.MeterStartWh is null)
            return session with { RegisterBaseWh = registerWh - session.EnergyWh, RegisterWh = registerWh };

        // The start's register, and the base that a reset left behind, are both possible; the smaller step is the believable one:
        // a glitch to 0 that heals must not book the counter's whole life.
        var best = Candidate(session, registerWh, session.MeterStartWh);
        var other = Candidate(session, registerWh, session.RegisterBaseWh);
        if (other is not null && (best is null || other.Value.Energy < best.Value.Energy))
            best = other;
        if (best is { } step)
            return session with { RegisterBaseWh = step.Base, RegisterWh = registerWh, EnergyWh = step.Energy };

        // Below what was already counted: a message that comes late, or noise. Only a fall far below the start is a register that
        // counts from zero, and only as much as can have flowed since.
        var zero = session.RegisterBaseWh ?? session.MeterStartWh ?? 0;
        var sinceReset = (MostPowerW * (decimal)Math.Max(0, elapsed.TotalHours)) + SlackWh;
        if (registerWh < 0 || registerWh > sinceReset || (registerWh >= zero && zero >= 0) || registerWh > (session.RegisterWh ?? zero) / 2)
            return session;
        var flag = session.EnergyWh == 0 ? SessionFlags.RegisterRelative : SessionFlags.RegisterReset;
        return session with
        {
            RegisterBaseWh = -session.EnergyWh, RegisterWh = registerWh, EnergyWh = session.EnergyWh + registerWh, Flags = session.Flags | flag,
        };
    }

    /// <summary>The session's energy at its end. The pair of Start and Stop is the billing truth wherever it makes sense (FIELD-NOTES 12, I5).</summary>
    public static Session Close(Session session, long? stopWh, TimeSpan elapsed)
    {
        const SessionFlags Odd = SessionFlags.RegisterReset | SessionFlags.RegisterRelative;
        if (stopWh is not { } stop || stop < 0)
            return session with { Flags = session.Flags | SessionFlags.Incomplete };
        if (session.MeterStartWh is { } start && stop >= start && (session.Flags & Odd) == SessionFlags.None)
            return session with { EnergyWh = stop - start, MeterStopWh = stop, RegisterWh = stop };
        return Read(session, stop, elapsed) with { MeterStopWh = stop };
    }

    private static (long Energy, long Base)? Candidate(Session session, long registerWh, long? baseWh) =>
        baseWh is { } zero && registerWh - zero >= session.EnergyWh ? (registerWh - zero, zero) : null;
}
