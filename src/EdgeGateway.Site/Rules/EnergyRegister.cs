using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>From registers as chargers tell them to the energy of a session: only ever growing, never a whole lifetime counter (FIELD-NOTES 12, I5).</summary>
internal static class EnergyRegister
{
    /// <summary>No connector delivers more: what can have flowed in a time is bounded by it.</summary>
    private const decimal MostPowerW = 400_000m;

    /// <summary>A value so near to zero is that of a register which has just restarted.</summary>
    private const decimal NearZeroWh = 1_000m;

    /// <summary>Allowed beyond it for a register that restarted: its first value may be told late, by a clock in whole minutes.</summary>
    private const decimal RestartWh = 10_000m;

    /// <summary>A step upwards is only doubted when it is more than a car takes: what it guards against is a counter's whole life. Simulators and test
    /// benches charge faster than any cable, and are believed.</summary>
    private const decimal CarWh = 200_000m;

    /// <summary>Takes a register value in Wh into a session.</summary>
    /// <param name="at">When it was measured.</param>
    /// <param name="newest">When this register was last read; null: as the session's course says.</param>
    public static Session Read(Session session, long registerWh, DateTimeOffset at, DateTimeOffset? newest = null)
    {
        if (session.RegisterBaseWh is null && session.MeterStartWh is null)
            return session with { RegisterBaseWh = registerWh - session.EnergyWh, RegisterWh = registerWh };

        var baseWh = NearestBase(session, registerWh);
        var energyWh = registerWh - baseWh;
        if (energyWh < session.EnergyWh)
            return Restarted(session, registerWh, at, newest);
        return CanHaveFlowed(session, energyWh, at) ? session with { RegisterBaseWh = baseWh, RegisterWh = registerWh, EnergyWh = energyWh } : session;
    }

    /// <summary>The session's energy at its end. The pair of Start and Stop is the billing truth wherever it makes sense (FIELD-NOTES 12, I5).</summary>
    public static Session Close(Session session, long? stopWh, DateTimeOffset at, DateTimeOffset? newest = null)
    {
        if (stopWh is not { } stop)
            return session with { Flags = session.Flags | SessionFlags.Incomplete };
        if (session.MeterStartWh is { } start && stop >= start && NearestBase(session, stop) == start)
            return session with { EnergyWh = stop - start, MeterStopWh = stop, RegisterWh = stop };
        return Read(session, stop, at, newest) with { MeterStopWh = stop };
    }

    /// <summary>Wh since the start that a register value stands for, where it fits what is known of the session; for its course.</summary>
    public static long? EnergyAt(Session session, long registerWh) =>
        registerWh - session.RegisterBaseWh is { } wh && wh >= 0 && wh <= session.EnergyWh ? wh : null;

    /// <summary>False for what no connector could have delivered since the start: a glitch upwards would be billed if no Stop came. Where the charger's
    /// clock is not to be trusted nothing can be said.</summary>
    public static bool CanHaveFlowed(Session session, long energyWh, DateTimeOffset at) =>
        session.StartTold is null || session.Flags.HasFlag(SessionFlags.ClockRepaired)
        || energyWh <= (MostPowerW * (decimal)Math.Max(0, (at - session.StartedAt).TotalHours)) + CarWh;

    /// <summary>The start's register, and the base that a restart of the counting left behind, are both possible. The smaller step, in either direction,
    /// is the believable one: a glitch to 0 that heals a little lower must not book the counter's whole life.</summary>
    private static long NearestBase(Session session, long registerWh)
    {
        var ofStart = session.MeterStartWh ?? session.RegisterBaseWh ?? 0;
        var ofRestart = session.RegisterBaseWh ?? ofStart;
        return Math.Abs(registerWh - ofStart - session.EnergyWh) <= Math.Abs(registerWh - ofRestart - session.EnergyWh) ? ofStart : ofRestart;
    }

    /// <summary>A value below what was already counted is a late message, or noise, or a register that counts from zero again: then it is far below, newer
    /// than all others, and no more than can have flowed since. Above the start's register only a value near zero is believed to be one.</summary>
    private static Session Restarted(Session session, long registerWh, DateTimeOffset at, DateTimeOffset? newest)
    {
        var zero = session.RegisterBaseWh ?? session.MeterStartWh ?? 0;
        if (registerWh > (session.RegisterWh ?? zero) / 2 || (registerWh >= zero && zero >= 0 && registerWh > NearZeroWh))
            return session;
        var elapsed = at - (newest ?? Newest(session));
        if (elapsed <= TimeSpan.Zero || registerWh > (MostPowerW * (decimal)elapsed.TotalHours) + RestartWh)
            return session;
        return session with
        {
            RegisterBaseWh = -session.EnergyWh,
            RegisterWh = registerWh,
            EnergyWh = session.EnergyWh + registerWh,
            Flags = session.Flags | (session.EnergyWh == 0 ? SessionFlags.RegisterRelative : SessionFlags.RegisterReset),
        };
    }

    private static DateTimeOffset Newest(Session session)
    {
        var newest = session.StartedAt;
        foreach (var point in session.Course)
        {
            if (point.EnergyWh is not null && point.At > newest)
                newest = point.At;
        }
        return newest;
    }
}
