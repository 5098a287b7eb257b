using System.Globalization;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>Whose a transaction is that its station names itself: by the token of any of its events, by the order that it follows, or by a reservation.</summary>
internal static class TransactionOwners
{
    /// <summary>The session with the owner that this event brings. The first that is accepted stays; one that was refused gives way to one that is not.</summary>
    public static Session Settle(TurnDraft draft, Session session, TransactionTold report, ref HeardEvent heard)
    {
        if (TransactionRules.IsStop(report) || (report.IdTag is null && report.Order is null))
            return session;
        if (session is { Authorization.Status: AuthorizationStatus.Accepted, IdTag.Length: > 0 })
        {
            if (report.IdTag is { } other && !Uid.Same(other, session.IdTag) && heard.IsAuthorized is true && !IsOfGroup(report.Authorization!.Token!, session.Authorization.Token))
                draft.Raise(Severity.Warning, "TokenChanged", session.At.ToString(), $"Transaction {session.Number} of {Uid.Mask(session.IdTag)} names {Uid.Mask(other)} now; it stays with whom it began.");
            return session;
        }
        var held = Ordered(draft, report) ?? (report.IdTag is { } shown ? CommandRules.Take(draft, session.At, shown) : null);
        var authorization = held?.Authorization ?? report.Authorization;
        var tag = report.IdTag ?? held?.IdTag;
        if (tag is null || authorization is null)
            return session;
        var isAccepted = authorization is { Status: AuthorizationStatus.Accepted, Token: not null };
        if (session.IdTag.Length > 0 && !isAccepted)
            return session;
        heard = heard with { IsAuthorized = isAccepted };
        var promised = held?.SessionNumber is { } number && draft.Sessions.TryGetValue(number, out var pending) && pending.Transaction is null
            ? pending
            : ReservationRules.Use(draft, session.At, authorization, heard.At, report.Reservation);
        return promised is null
            ? SessionRules.Admit(draft, session, tag, authorization, held?.Hub, session.StartedAt)
            : Become(draft, session, promised, tag);
    }

    /// <summary>Nobody is known whose it is: then it is of whoever stopped it, as with a Stop without a Start.</summary>
    public static Session SettleByStop(TurnDraft draft, Session session, HeardEvent ended)
    {
        if (ended is not { IdTag: { } tag, Authorization: { Status: AuthorizationStatus.Accepted, Token: not null } authorization }
            || (session.IdTag.Length > 0 && !session.Flags.HasFlag(SessionFlags.Unauthorized)))
            return session;
        return SessionRules.Admit(draft, session, tag, authorization, null, session.StartedAt);
    }

    /// <summary>The start from afar that it follows (K4, F01). The event may come before the station's answer to the order.</summary>
    private static HeldAdmission? Ordered(TurnDraft draft, TransactionTold report)
    {
        if (report.Order is not { } order
            || !draft.Admissions.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"order:{order}"), out var held)
            || !string.Equals(held.Station, report.Station, StringComparison.OrdinalIgnoreCase) || held.Until <= draft.Now)
            return null;
        draft.Drop(held);
        return held;
    }

    /// <summary>The session that was promised (a start from afar, a reservation) is the one: it goes on as this transaction's, under the id that its hub
    /// knows (S3). The one that stood for the transaction until its driver was known is no more; nobody has heard of it.</summary>
    private static Session Become(TurnDraft draft, Session nobodys, Session promised, string tag)
    {
        draft.Vacate(nobodys);
        if (draft.Sessions.ContainsKey(nobodys.Number))
            draft.Save(nobodys with { Status = SessionStatus.Invalid, Transaction = null, Heard = null, EndedAt = draft.Now, EndInferred = null, EndDue = null });
        return promised with
        {
            Status = promised.Status is SessionStatus.Active ? SessionStatus.Active : SessionStatus.Pending,
            At = nobodys.At,
            IdTag = tag,
            Transaction = nobodys.Transaction,
            Heard = nobodys.Heard,
            Signed = nobodys.Signed,
            StartReceived = nobodys.StartReceived,
            EndInferred = nobodys.EndInferred,
            EndDue = nobodys.EndDue,
            Terms = TermsRules.At(draft.Configuration, nobodys.At, promised.Hub, promised.Authorization.Token, nobodys.StartedAt),
        };
    }

    private static bool IsOfGroup(Token token, Token? owner) =>
        owner is { GroupId.Length: > 0 } && Uid.Same(owner.GroupId, token.GroupId) && owner.Hub == token.Hub;
}
