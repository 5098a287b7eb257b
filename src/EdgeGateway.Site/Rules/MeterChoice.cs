using System.Diagnostics.CodeAnalysis;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>Which of two meters a session is billed by, where the site has one of its own beside the charger's; the other only checks. Both are read by the
/// same rules (<see cref="EnergyRegister"/>), each with its own register, base and energy. Without a meter of the site's nothing here does anything.</summary>
internal static class MeterChoice
{
    /// <summary>Two meters that differ by less differ by their grain, and by when each was read.</summary>
    public const long LeastDeviationWh = 100;

    /// <summary>What a charger takes for itself while nobody charges: no session comes of so little by a meter before it.</summary>
    public const long StandbyWh = 100;

    /// <summary>Of a meter that is silent at the end the last value stands for the end's if it is no older; else the other meter does, where it knows more.
    /// A little more than chargers' clocks are off before it is noticed.</summary>
    private static readonly TimeSpan LastGoodFor = TimeSpan.FromMinutes(6);

    /// <summary>Decides at a session's start, once. What should count and tells nothing then gives way to the other, if that tells something.</summary>
    /// <param name="ownWh">What the charger told as its register at the start.</param>
    /// <param name="sample">What the site's showed then.</param>
    public static Session Begin(Session session, long? ownWh, MeterSample? sample)
    {
        if (session.Terms.Meter is not { } meter)
            return session.SiteMeter is null ? session : session with { SiteMeter = null };
        sample = IsOf(meter, sample) ? sample : null;
        var counts = Decide(meter.Use, ownWh, sample is not null);
        return session with
        {
            SiteMeter = new()
            {
                Counts = counts,
                StartWh = sample?.EnergyWh,
                RegisterWh = sample?.EnergyWh,
                BaseWh = sample?.EnergyWh,
                At = sample?.At,
                Serial = sample?.Serial ?? session.SiteMeter?.Serial,
                OwnSerial = session.SiteMeter?.OwnSerial,
            },
            Flags = session.Flags | (IsStandIn(meter.Use, counts) ? SessionFlags.MeterSilent : SessionFlags.None),
        };
    }

    /// <summary>As it was decided at the start: what its end had changed is to be decided anew.</summary>
    public static Session Reopen(Session session)
    {
        if (session.SiteMeter is not { } tally || session.Terms.Meter is not { } meter)
            return session;
        session = Count(session, Decide(meter.Use, session.MeterStartWh, tally.StartWh is not null));
        var isSilent = IsStandIn(meter.Use, session.SiteMeter!.Counts) || (session.SiteMeter.Counts && tally.StartWh is null);
        return session with
        {
            Flags = (session.Flags & ~(SessionFlags.MeterSilent | SessionFlags.MeterDeviates)) | (isSilent ? SessionFlags.MeterSilent : SessionFlags.None),
        };
    }

    /// <summary>Takes a value of the charger's own register.</summary>
    public static Session ReadOwn(Session session, long registerWh, DateTimeOffset at)
    {
        if (session.SiteMeter is not { Counts: true } tally)
            return EnergyRegister.Read(session, registerWh, at);
        var own = EnergyRegister.Read(session with { EnergyWh = tally.OwnEnergyWh }, registerWh, at, tally.OwnAt ?? session.StartedAt);
        // Both told nothing at the start: the first that does counts from now on.
        if (tally.At is null && own.EnergyWh > 0)
            return own with { SiteMeter = tally with { Counts = false, OwnEnergyWh = 0, OwnAt = null }, Flags = own.Flags | SessionFlags.MeterSilent };
        return own with
        {
            EnergyWh = session.EnergyWh,
            SiteMeter = tally with { OwnEnergyWh = own.EnergyWh, OwnAt = own.RegisterWh == registerWh && !(tally.OwnAt >= at) ? at : tally.OwnAt },
        };
    }

    /// <summary>Takes what the site's meter showed.</summary>
    public static Session ReadSite(Session session, MeterSample? sample)
    {
        if (!IsOf(session, sample))
            return session;
        var tally = session.SiteMeter!;
        return Taken(session, EnergyRegister.Read(AsSite(session), sample.EnergyWh, sample.At, tally.At ?? session.StartedAt), sample);
    }

    /// <summary>Wh since the start that a value of the charger's register stands for in the session's course; null where that meter does not count.</summary>
    public static long? EnergyAt(Session session, long registerWh) =>
        session.SiteMeter is { Counts: true } ? null : EnergyRegister.EnergyAt(session, registerWh);

    /// <summary>The same for a value of the site's.</summary>
    public static long? EnergyAt(Session session, MeterSample? sample) =>
        IsOf(session, sample) && session.SiteMeter!.Counts ? EnergyRegister.EnergyAt(AsSite(session), sample.EnergyWh) : null;

    /// <summary>The energy at the end by both meters, and which of them is billed.</summary>
    /// <param name="stopWh">The charger's register; null where it told none.</param>
    /// <param name="isPair">The charger's register at the start was told as such: then the pair is the billing truth (FIELD-NOTES 12).</param>
    /// <param name="sample">What the site's showed; null where it was silent.</param>
    public static Session Close(Session session, long? stopWh, bool isPair, MeterSample? sample, DateTimeOffset at)
    {
        if (session.SiteMeter is not { } tally)
            return CloseOwn(session, stopWh, isPair, at, null);
        if (tally.Counts)
        {
            var own = CloseOwn(session with { EnergyWh = tally.OwnEnergyWh }, stopWh, isPair, at, tally.OwnAt ?? session.StartedAt);
            session = own with { EnergyWh = session.EnergyWh, SiteMeter = tally with { OwnEnergyWh = own.EnergyWh, OwnAt = at } };
        }
        else
        {
            session = CloseOwn(session, stopWh, isPair, at, null);
        }
        if (!IsOf(session, sample))
            return Settle(session, at, stopWh is not null, isSiteSeen: false, isTold: true);
        session = Taken(session, EnergyRegister.Close(AsSite(session), sample.EnergyWh, sample.At, tally.At ?? session.StartedAt), sample);
        session = Settle(session, at, stopWh is not null, isSiteSeen: true, isTold: true);
        return isPair && stopWh is not null ? Deviation(session) : session;
    }

    /// <summary>The same for a session whose end nobody told: with what is known last.</summary>
    public static Session CloseUntold(Session session, DateTimeOffset at) =>
        session.SiteMeter is null ? session : Settle(session, at, isOwnSeen: false, isSiteSeen: false, isTold: false);

    /// <summary>For people: the register values that it is billed by.</summary>
    public static string RegistersOf(Session session) => session is { CountedBy: { } meter, SiteMeter: { } tally }
        ? $"of {meter}, {tally.StartWh} to {tally.RegisterWh} Wh"
        : $"{session.MeterStartWh} to {session.MeterStopWh} Wh";

    private static bool Decide(MeterUse use, long? ownWh, bool isSiteSeen) => use switch
    {
        MeterUse.Bill => isSiteSeen || !(ownWh > 0),
        MeterUse.Check => isSiteSeen && ownWh is null,
        // 0 is what a charger without a meter tells, too.
        _ => !(ownWh > 0),
    };

    private static bool IsStandIn(MeterUse use, bool counts) => use is MeterUse.Bill ? !counts : use is MeterUse.Check && counts;

    /// <summary>Whether it is of the meter that belongs to the session.</summary>
    public static bool IsOf(Session session, [NotNullWhen(true)] MeterSample? sample) =>
        session is { SiteMeter: not null, Terms.Meter: { } meter } && IsOf(meter, sample);

    private static bool IsOf(MeterConfiguration meter, [NotNullWhen(true)] MeterSample? sample) =>
        sample is not null && string.Equals(meter.Id, sample.Meter, StringComparison.OrdinalIgnoreCase);

    private static Session CloseOwn(Session session, long? stopWh, bool isPair, DateTimeOffset at, DateTimeOffset? newest) => isPair || stopWh is not { } register
        ? EnergyRegister.Close(session, stopWh, at, newest)
        : EnergyRegister.Read(session, register, at, newest) with { MeterStopWh = register };

    /// <summary>The session as if the site's meter were the charger's: so that one set of rules reads both.</summary>
    private static Session AsSite(Session session) => session.SiteMeter is not { } tally ? session : session with
    {
        MeterStartWh = tally.StartWh, RegisterWh = tally.RegisterWh, RegisterBaseWh = tally.BaseWh, EnergyWh = tally.EnergyWh,
    };

    private static Session Taken(Session session, Session site, MeterSample sample)
    {
        var tally = session.SiteMeter!;
        var isReset = site.RegisterBaseWh < tally.BaseWh;
        session = session with
        {
            SiteMeter = tally with
            {
                RegisterWh = site.RegisterWh,
                BaseWh = site.RegisterBaseWh,
                EnergyWh = site.EnergyWh,
                At = site.RegisterWh == sample.EnergyWh && !(tally.At >= sample.At) ? sample.At : tally.At,
                Serial = sample.Serial ?? tally.Serial,
            },
        };
        return !tally.Counts ? session : session with
        {
            EnergyWh = site.EnergyWh,
            Flags = session.Flags
                | (isReset ? SessionFlags.RegisterReset : SessionFlags.None)
                // Its first value comes late: what flowed before is not in it.
                | (tally.At is null ? SessionFlags.MeterSilent : SessionFlags.None),
        };
    }

    private static Session Settle(Session session, DateTimeOffset at, bool isOwnSeen, bool isSiteSeen, bool isTold)
    {
        var tally = session.SiteMeter!;
        if (tally.Counts)
        {
            if (isSiteSeen)
                return session;
            var isOld = tally.At is null || at - tally.At > LastGoodFor;
            if (isOld && tally.OwnEnergyWh > 0 && tally.OwnEnergyWh >= tally.EnergyWh)
                session = Count(session, bySite: false);
            return isTold || isOld ? session with { Flags = session.Flags | SessionFlags.MeterSilent } : session;
        }
        // A charger that never told a register has no meter, whatever was expected of it; one that tells none at the end has none then.
        var isOwnMissing = !session.HasOwnRegister || (isTold && !isOwnSeen && isSiteSeen);
        return isOwnMissing && tally.EnergyWh > session.EnergyWh
            ? Count(session, bySite: true) with { Flags = session.Flags | SessionFlags.MeterSilent }
            : session;
    }

    private static Session Count(Session session, bool bySite) => session.SiteMeter is not { } tally || tally.Counts == bySite ? session : session with
    {
        EnergyWh = bySite ? tally.EnergyWh : tally.OwnEnergyWh,
        SiteMeter = tally with { Counts = bySite, OwnEnergyWh = bySite ? session.EnergyWh : 0, OwnAt = null },
    };

    /// <summary>Compared only where both were seen at the start and at the end: else they measured different times.</summary>
    private static Session Deviation(Session session)
    {
        if (session is not { SiteMeter: { StartWh: not null } tally, MeterStartWh: not null, Terms.Meter: { } meter, OtherEnergyWh: { } other })
            return session;
        var apart = Math.Abs(session.EnergyWh - other);
        return apart > LeastDeviationWh && apart * 100m > meter.MostDeviationPercent * Math.Max(session.EnergyWh, other)
            ? session with { Flags = session.Flags | SessionFlags.MeterDeviates }
            : session;
    }
}
