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
        var configuration = draft.Configuration;
        if (request.Location is { } location && !string.Equals(location, configuration.Site.Id, StringComparison.OrdinalIgnoreCase))
            return Grant.Refused(Refusal.UnknownLocation, "unknown location");
        var candidates = Candidates(draft, request.Hub, request.Evse);
        if (candidates.Count == 0)
            return Grant.Refused(Refusal.UnknownEvse, "unknown EVSE");
        if (request.Connector is { } wanted && (candidates = candidates.FindAll(c => c.At.Connector == wanted)).Count == 0)
            return Grant.Refused(Refusal.UnknownConnector, "unknown connector");
        if ((candidates = candidates.FindAll(c => draft.Stations.GetValueOrDefault(c.At.Station) is { Connected: true })).Count == 0)
            return Grant.Refused(Refusal.StationOffline, "the charging station is offline");
        candidates = candidates.FindAll(c => draft.OccupantOf(c.At) is null && !IsPromised(draft, c.At));
        if (candidates.Count == 0)
            return Grant.Refused(request.Evse is null ? Refusal.NoFreeEvse : Refusal.Occupied, "a session is in progress there");
        candidates = candidates.FindAll(c => c.State is not (ConnectorState.Faulted or ConnectorState.Unavailable or ConnectorState.Reserved));
        if (candidates.Count == 0)
            return Grant.Refused(Refusal.Occupied, "the connector is out of service");

        // A car that is plugged in already is most likely the one that is meant.
        var at = (candidates.Find(c => c.State is ConnectorState.Preparing) ?? candidates[0]).At;
        var order = new StartOrder(draft.NextOrderId(), at, request.Token.Uid.Length <= ChargerTagLength ? request.Token.Uid : "");
        if (order.IdTag.Length == 0)
            order = order with { IdTag = $"REMOTE-{order.Id}" };
        draft.Hold(new()
        {
            Id = $"order:{order.Id}",
            Station = at.Station,
            At = at,
            IdTag = order.IdTag,
            Authorization = new() { Status = AuthorizationStatus.Accepted, Token = request.Token, Method = AuthMethod.Command, Reference = request.Reference },
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
        if (session.Status is SessionStatus.Pending)
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
        var configuration = draft.Configuration;
        if (request.Location is { } location && !string.Equals(location, configuration.Site.Id, StringComparison.OrdinalIgnoreCase))
            return Grant.Refused(Refusal.UnknownLocation, "unknown location");
        var candidates = Candidates(draft, request.Hub, request.Evse);
        if (candidates.Count == 0)
            return Grant.Refused(Refusal.UnknownEvse, "unknown EVSE");
        if (candidates.Find(c => c.At.Connector == request.Connector) is not { } found)
            return Grant.Refused(Refusal.UnknownConnector, "unknown connector");
        // K6: only whose session it is may unlock it.
        if (request.Hub is not null && draft.OccupantOf(found.At) is { } session && session.Hub != request.Hub)
            return Grant.Refused(Refusal.NotAllowed, "another party's session is in progress there");
        if (draft.Stations.GetValueOrDefault(found.At.Station) is not { Connected: true })
            return Grant.Refused(Refusal.StationOffline, "the charging station is offline");
        var order = new UnlockOrder(draft.NextOrderId(), found.At);
        draft.Give(order);
        draft.Raise(Severity.Info, "UnlockOrdered", found.At.ToString(), $"{request.Hub ?? "The technician"} unlocks the connector.");
        return Grant.Given(order.Id);
    }

    public static Recorded Settle(TurnDraft draft, OrderSettled report)
    {
        if (draft.Admissions.Values.FirstOrDefault(a => a.OrderId == report.OrderId) is not { At: { } at } held)
            return Recorded.Instance;
        if (report.Outcome is not OrderOutcome.Accepted)
        {
            draft.Raise(Severity.Warning, "StartNotCarriedOut", at.ToString(), $"{report.Outcome} {report.Detail}".TrimEnd());
            // After a time-out the charger may have heard us all the same: its start is still welcome.
            if (report.Outcome is not OrderOutcome.TimedOut)
                draft.Drop(held);
            return Recorded.Instance;
        }
        // The charger has said yes: from now on there is a session, though no transaction yet (S3).
        var session = draft.Add(SessionRules.New(draft, at, held.IdTag, held.Authorization, held.Hub, draft.Now));
        draft.Hold(held with { SessionNumber = session.Number });
        SessionRules.Owe(draft, session);
        return Recorded.Instance;
    }

    private static bool IsPromised(TurnDraft draft, Position at) => draft.Admissions.Values.Any(a => a.At == at && a.Until > draft.Now);

    /// <summary>Connectors that a hub may name: of published stations only. The technician may name all.</summary>
    private static List<Candidate> Candidates(TurnDraft draft, string? hub, string? evse)
    {
        var found = new List<Candidate>();
        foreach (var station in draft.Configuration.Stations)
        {
            foreach (var known in station.Evses)
            {
                if (evse is not null && !string.Equals(known.Uid, evse, StringComparison.OrdinalIgnoreCase))
                    continue;
                foreach (var connector in known.Connectors)
                {
                    var at = new Position(station.Id, known.Id, connector.Id);
                    if (hub is not null && !draft.Configuration.Shows(at, hub))
                        continue;
                    found.Add(new(at, draft.Stations.GetValueOrDefault(station.Id)?.Connectors.GetValueOrDefault(Connector.Key(at))?.State));
                }
            }
        }
        return found;
    }

    private sealed record Candidate(Position At, ConnectorState? State);
}
