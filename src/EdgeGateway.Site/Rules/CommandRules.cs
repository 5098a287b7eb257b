using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>What is wanted of chargers, and how it went.</summary>
internal static class CommandRules
{
    /// <summary>The shortest limit of any charger (1.6: idTag 20): longer uids go to the charger under a name of ours.</summary>
    private const int ChargerTagLength = 20;

    public static Authorization Admit(TurnDraft draft, AdmitToken request)
    {
        if (request.Decision.Status is AuthorizationStatus.Accepted)
        {
            draft.Hold(new()
            {
                Id = $"card:{request.Station}:{request.IdTag}".ToUpperInvariant(),
                Station = request.Station,
                IdTag = request.IdTag,
                Authorization = request.Decision,
                Until = draft.Now + draft.Configuration.Timings.GrantLifetime,
            });
        }
        else
        {
            draft.Raise(Severity.Warning, "TokenRefused", request.Station, $"{Uid.Mask(request.IdTag)}: {request.Decision.Because ?? request.Decision.Status.ToString()}.");
        }
        return request.Decision;
    }

    /// <summary>The admission that a start was waiting for; it is used up by it.</summary>
    public static HeldAdmission? Take(TurnDraft draft, Position at, string idTag)
    {
        HeldAdmission? found = null;
        foreach (var held in draft.Admissions.Values)
        {
            var fits = held.Station == at.Station && Uid.Same(held.IdTag, idTag) && held.Until > draft.Now && (held.At is null || held.At == at);
            // A remote start says where, so it goes before a card that was shown somewhere at the station.
            if (fits && (found is null || held.At is not null))
                found = held;
        }
        if (found is not null)
            draft.Drop(found);
        return found;
    }

    public static Grant Start(TurnDraft draft, StartRemotely request)
    {
        if (request.Repeat is { } repeat && draft.Admissions.Values.FirstOrDefault(a => a.Repeat == repeat && a.Hub == request.Hub) is { OrderId: { } given })
            return Grant.Given(given);
        var candidates = Places.Named(draft, request.Hub, request.Location, request.Evse, request.Connector, out var refusal);
        if (request is { CanName: true, Evse: not null, Connector: null } && candidates.Count > 1)
            return Grant.Refused(Refusal.ConnectorNotNamed, "this EVSE has several connectors, and the driver uses one of them");
        candidates = Places.Reachable(draft, candidates, ref refusal);
        if (refusal is not null)
            return refusal;
        // A car that is plugged in at a 2.x station, whose driver nobody knows yet, is the one to start with (F02).
        candidates = candidates.FindAll(c => draft.OccupantOf(c.At) is null or { Status: SessionStatus.Pending, IdTag: "" } && !Places.IsPromised(draft, c.At));
        if (candidates.Count == 0)
            return Grant.Refused(request.Evse is null ? Refusal.NoFreeEvse : Refusal.Occupied, "a session is in progress there");
        candidates = candidates.FindAll(c => c.State is not (ConnectorState.Faulted or ConnectorState.Unavailable));
        if (candidates.Count == 0)
            return Grant.Refused(Refusal.Occupied, "the connector is out of service");
        // What is kept free is kept free for whoever it is kept for, and for nobody else.
        candidates = candidates.FindAll(c => ReservationRules.IsOpenTo(draft.Reservations.Values, c, request.Token, draft.Now));
        if (candidates.Count == 0)
            return Grant.Refused(request.Evse is null ? Refusal.NoFreeEvse : Refusal.Occupied, "it is reserved for another driver");

        // A car that is plugged in already is most likely the one that is meant.
        var at = (candidates.Find(c => ReservationRules.For(draft.Reservations.Values, c.At, request.Token, draft.Now) is not null)
            ?? candidates.Find(c => c.State is ConnectorState.Preparing or ConnectorState.Occupied) ?? candidates[0]).At;
        var id = draft.NextOrderId();
        // The charger knows a reservation by the tag that it was made with.
        var reserved = ReservationRules.For(draft.Reservations.Values, at, request.Token, draft.Now);
        var order = new StartOrder(id, at, reserved?.IdTag ?? TagFor(request.Token, $"REMOTE-{id}"));
        draft.Hold(new()
        {
            Id = $"order:{order.Id}",
            Station = at.Station,
            At = at,
            IdTag = order.IdTag,
            Authorization = new() { Status = AuthorizationStatus.Accepted, Token = request.Token, Method = request.Method, Reference = request.Reference },
            OrderId = order.Id,
            Repeat = request.Repeat,
            Hub = request.Hub,
            Until = draft.Now + draft.Configuration.Timings.GrantLifetime,
        });
        draft.Give(order);
        draft.Raise(Severity.Info, "StartOrdered", at.ToString(), $"{request.Hub ?? "The technician"} starts a session for {Uid.Mask(request.Token.Uid)}.");
        return Grant.Given(order.Id);
    }

    public static Grant Stop(TurnDraft draft, StopRemotely request)
    {
        var session = draft.Sessions.Values.FirstOrDefault(s => string.Equals(s.Id, request.SessionId, StringComparison.OrdinalIgnoreCase));
        if (session is null || (request.Hub is not null && session.Hub != request.Hub))
            return Grant.Refused(Refusal.UnknownSession, "unknown session");
        if (session.Status is not SessionStatus.Active)
            return Grant.Refused(Refusal.NotAllowed, "the session has not begun");
        if (draft.Stations.GetValueOrDefault(session.At.Station) is not { Connected: true })
            return Grant.Refused(Refusal.StationOffline, "the charging station is offline");
        var order = new StopOrder(draft.NextOrderId(), session.At.Station, session.Number);
        draft.Give(order);
        draft.Raise(Severity.Info, "StopOrdered", session.At.ToString(), $"{request.Hub ?? "The technician"} ends transaction {session.Number}.");
        return Grant.Given(order.Id);
    }

    public static Grant Unlock(TurnDraft draft, Unlock request)
    {
        var candidates = Places.Named(draft, request.Hub, request.Location, request.Evse, request.Connector, out var refusal);
        if (refusal is not null)
            return refusal;
        var found = candidates[0];
        // K6: only whose session it is may unlock it.
        if (request.Hub is not null && draft.OccupantOf(found.At) is { IdTag.Length: > 0 } session && session.Hub != request.Hub)
            return Grant.Refused(Refusal.NotAllowed, "another party's session is in progress there");
        if (draft.Stations.GetValueOrDefault(found.At.Station) is not { Connected: true })
            return Grant.Refused(Refusal.StationOffline, "the charging station is offline");
        var order = new UnlockOrder(draft.NextOrderId(), found.At);
        draft.Give(order);
        draft.Raise(Severity.Info, "UnlockOrdered", found.At.ToString(), $"{request.Hub ?? "The technician"} unlocks the connector.");
        return Grant.Given(order.Id);
    }

    /// <returns>How the order counts, as whoever asked for it hears.</returns>
    public static OrderSettled Settle(TurnDraft draft, OrderSettled report)
    {
        if (ReservationRules.Settle(draft, report) is { } settled)
            return settled;
        if (draft.Admissions.Values.FirstOrDefault(a => a.OrderId == report.OrderId) is not { At: { } at } held)
            return report;
        if (report.Outcome is not OrderOutcome.Accepted)
        {
            draft.Raise(Severity.Warning, "StartNotCarriedOut", at.ToString(), $"{report.Outcome} {report.Detail}".TrimEnd());
            // After a time-out the charger may have heard us all the same: its start is still welcome.
            if (report.Outcome is not OrderOutcome.TimedOut)
                draft.Drop(held);
            return report;
        }
        // The charger has said yes: from now on there is a session, though no transaction yet (S3).
        var session = ReservationRules.Use(draft, at, held.Authorization, draft.Now) is { } kept
            ? draft.Save(kept with { Status = SessionStatus.Pending })
            : draft.Add(SessionRules.New(draft, at, held.IdTag, held.Authorization, held.Hub, draft.Now));
        draft.Hold(held with { SessionNumber = session.Number });
        SessionRules.Owe(draft, session);
        return report;
    }

    /// <summary>The tag that a charger is told.</summary>
    /// <param name="name">For a uid that is too long.</param>
    public static string TagFor(Token token, string name) => token.Uid.Length <= ChargerTagLength ? token.Uid : name;
}
