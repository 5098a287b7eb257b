using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>Rights the moments of a session that were reckoned by a clock which has since been found wrong, the charger's or ours. What was told stays.</summary>
internal static class SessionClock
{
    /// <param name="onlyRepaired">Only what was reckoned by our own clock: told times stay as they are.</param>
    public static void Move(TurnDraft draft, Session session, TimeSpan by, bool onlyRepaired)
    {
        var latest = draft.Now + draft.Configuration.Timings.FutureTolerance;
        DateTimeOffset Moved(DateTimeOffset at) =>
            at.UtcTicks + by.Ticks is var ticks && ticks >= DateTimeOffset.MinValue.UtcTicks && ticks <= latest.UtcTicks ? new(ticks, TimeSpan.Zero) : at;

        // The site's own meter is read by our clock, whatever the charger's says.
        HeardEvent MovedEvent(HeardEvent e)
        {
            if (onlyRepaired && e.SiteMeter is { } sample)
                e = e with { SiteMeter = sample with { At = Moved(sample.At) } };
            if (e.IsOfSite ? !onlyRepaired : onlyRepaired && !e.IsRepaired)
                return e;
            return e with { At = Moved(e.At), IsRepaired = !e.IsOfSite, Readings = [.. e.Readings.Select(r => r with { At = Moved(r.At) })] };
        }

        if (session.Heard is { } heard)
        {
            session = TransactionCourse.Retell(session with
            {
                Heard = [.. heard.Select(MovedEvent)],
            });
            draft.Reheard(session);
        }
        else
        {
            session = session with
            {
                StartedAt = Moved(session.StartedAt),
                Course = session.Course.ConvertAll(p => p.Activity is Activity.Reserved ? p : p with { At = Moved(p.At) }),
                Flags = session.Flags | SessionFlags.ClockRepaired,
            };
        }
        if (session.EndInferred is { } end)
            session = session with { EndInferred = Moved(end) };
        if (session.Authorization.Token is { } token)
            session = session with { Terms = TermsRules.For(draft.Configuration, session.Terms, session.Hub, token, session.StartedAt) };
        draft.Retold(session);
        SessionRules.Owe(draft, draft.Save(session));
    }

    /// <summary>When a place was reserved is known by our clock alone, and is billed (M9): it moves with it.</summary>
    public static void MoveReserved(TurnDraft draft, Session session, TimeSpan by)
    {
        session = session with
        {
            ReservedAt = session.ReservedAt + by,
            StartedAt = session.Status is SessionStatus.Reservation ? session.StartedAt + by : session.StartedAt,
            Course = session.Course.ConvertAll(p => p.Activity is Activity.Reserved ? p with { At = p.At + by } : p),
        };
        draft.Retold(session);
        SessionRules.Owe(draft, draft.Save(session));
    }
}
