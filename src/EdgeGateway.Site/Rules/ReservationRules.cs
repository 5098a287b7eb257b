using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>Places kept free for a driver, from the wish to the charger's yes, and to whatever ends it (K7). What a charger cannot keep free itself the
/// gateway keeps in its place.</summary>
internal static class ReservationRules
{
    /// <summary>1.6: idTag 20.</summary>
    private const int ParentTagLength = 20;

    /// <summary>A start that the charger says was so much before the reservation is of before it; clocks differ by less.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    public static Grant Reserve(TurnDraft draft, Reserve request)
    {
        if (request.Expires <= draft.Now)
            return Grant.Refused(Refusal.NotAllowed, "the reservation would end before it begins");
        var places = Places.Named(draft, request.Hub, request.Location, request.Evse, request.Connector, out var refusal);
        places = Places.Reachable(draft, places, ref refusal);
        if (refusal is not null)
            return refusal;
        var known = Known(draft, request.Hub, request.Party, request.PartyReservationId).FirstOrDefault(r => r.Stage is not ReservationStage.Ending);
        if (known is { Stage: ReservationStage.Asked, OrderId: { } given } && known.Expires == request.Expires && Uid.Same(known.Token.Uid, request.Token.Uid))
            return Grant.Given(given);
        if (known is not null && Uid.Same(known.Token.Uid, request.Token.Uid) && places.Exists(p => p.At == known.At))
        {
            var again = Order(draft, known.At, known.Number, known.IdTag, request);
            draft.Keep(known with { NextExpires = request.Expires, OrderId = again.Id, Reference = request.Reference ?? known.Reference, ResponseUrl = request.ResponseUrl });
            return Grant.Given(again.Id);
        }
        places = places.FindAll(p => p.State is not (ConnectorState.Faulted or ConnectorState.Unavailable));
        if (places.Count == 0)
            return Grant.Refused(Refusal.OutOfService, "the connector is out of service");
        if (places.Find(p => IsFree(draft, p, request)) is not { At: var at })
            return Grant.Refused(request.Evse is null ? Refusal.NoFreeEvse : Refusal.Occupied, "the connector is taken or reserved");

        var number = draft.NextReservationNumber();
        var order = Order(draft, at, number, CommandRules.TagFor(request.Token, $"RESERVE-{number}"), request);
        draft.Keep(new Reservation
        {
            Number = number,
            Hub = request.Hub,
            Party = request.Party,
            PartyReservationId = request.PartyReservationId,
            At = at,
            Token = request.Token,
            IdTag = order.IdTag,
            Reference = request.Reference,
            Granted = draft.Now,
            Expires = request.Expires,
            Stage = ReservationStage.Asked,
            ResponseUrl = request.ResponseUrl,
            OrderId = order.Id,
        });
        return Grant.Given(order.Id);
    }

    /// <summary>Whatever the charger will say, the reservation ends: who reserved does not want it any more. The technician's word ends it at once, and who
    /// reserved is told.</summary>
    public static Grant Cancel(TurnDraft draft, CancelReservation request)
    {
        var known = (request.Hub is null && request.Party is null
            ? draft.Reservations.Values.Where(r => Same(r.PartyReservationId, request.PartyReservationId))
            : Known(draft, request.Hub, request.Party, request.PartyReservationId)).MinBy(r => (r.Stage != ReservationStage.Held, r.Number));
        if (known is null)
            return Grant.Refused(Refusal.UnknownReservation, "unknown reservation");
        if (known is { Stage: ReservationStage.Ending, OrderId: { } given })
            return Grant.Given(given);
        var order = new CancelReservationOrder(draft.NextOrderId(), known.At.Station, known.Number);
        draft.Give(order);
        if (request.Hub is null)
            Close(draft, known, ReservationEnd.ByUs, "The technician ended the reservation.");
        else
            draft.Keep(known with { Stage = ReservationStage.Ending, OrderId = order.Id });
        return Grant.Given(order.Id);
    }

    /// <returns>How the order counts; null when it was none for a reservation.</returns>
    public static OrderSettled? Settle(TurnDraft draft, OrderSettled report)
    {
        if (draft.Reservations.Values.FirstOrDefault(r => r.OrderId == report.OrderId) is not { } reservation)
            return null;
        switch (reservation.Stage, report.Outcome)
        {
            case (ReservationStage.Ending, _):
                Close(draft, reservation, ReservationEnd.Canceled, "Whoever reserved ended the reservation.");
                return report with { Outcome = OrderOutcome.Accepted };
            case (_, OrderOutcome.Accepted):
                Hold(draft, reservation with { HeldByGateway = false });
                return report;
            case (_, OrderOutcome.NotSupported) when draft.OccupantOf(reservation.At) is null:
                Hold(draft, reservation with { HeldByGateway = true });
                return report with { Outcome = OrderOutcome.Accepted };
            case (ReservationStage.Held, _):
                draft.Keep(reservation with { NextExpires = null });
                draft.Raise(Severity.Warning, "ReservationNotReplaced", reservation.At.ToString(), $"{report.Outcome} {report.Detail}".TrimEnd());
                return report;
            default:
                // After a time-out the charger may have heard us all the same.
                if (report.Outcome is OrderOutcome.TimedOut)
                    draft.Give(new CancelReservationOrder(draft.NextOrderId(), reservation.At.Station, reservation.Number));
                Close(draft, reservation, ReservationEnd.Refused, $"{report.Outcome} {report.Detail}".TrimEnd());
                return report.Outcome is OrderOutcome.NotSupported ? report with { Outcome = OrderOutcome.Occupied } : report;
        }
    }

    /// <summary>The driver came: the session that stood for the reservation goes on as his (S3). Null when nothing is reserved for him there.</summary>
    /// <param name="number">The reservation that the charger names.</param>
    public static Session? Use(TurnDraft draft, Position at, Authorization authorization, DateTimeOffset moment, int? number = null)
    {
        if (authorization is not { Status: AuthorizationStatus.Accepted, Token: { } token })
            return null;
        var used = draft.Reservations.Values.FirstOrDefault(r => r.Stage is ReservationStage.Held && IsFor(r, token) && r.Granted - ClockTolerance <= moment
            && (Covers(r, at) || (r.Number == number && Same(r.At.Station, at.Station))));
        if (used is null)
            return null;
        draft.End(used, ReservationEnd.Used);
        draft.Raise(Severity.Info, "ReservationUsed", used.At.ToString(), $"Reservation {used.Number} is used by {Uid.Mask(token.Uid)}.");
        return used.SessionNumber is { } session && draft.Sessions.TryGetValue(session, out var kept)
            ? kept with { At = at, Authorization = authorization with { Method = AuthMethod.Command, Reference = authorization.Reference ?? kept.Authorization.Reference } }
            : null;
    }

    /// <summary>Somebody else charges where a place was kept free, and was let: the reservation cannot be honoured any more.</summary>
    public static void GiveWay(TurnDraft draft, Session session)
    {
        if (draft.Reservations.IsEmpty || session.Flags.HasFlag(SessionFlags.Unauthorized))
            return;
        foreach (var reservation in draft.Reservations.Values.Where(r => r.Stage is ReservationStage.Held && Covers(r, session.At)).ToList())
            EndByUs(draft, reservation, "Another driver charges there.");
    }

    /// <summary>What the station says of a reservation of its own accord (H04): as long as it was promised the gateway keeps it on, but for a driver who
    /// has been there.</summary>
    public static Recorded Lose(TurnDraft draft, ReservationLost report)
    {
        if (!draft.Reservations.TryGetValue(report.Number, out var reservation) || !Same(reservation.At.Station, report.Station) || reservation.Stage is ReservationStage.Asked)
            return Recorded.Instance;
        if (reservation.Stage is ReservationStage.Ending)
            Close(draft, reservation, ReservationEnd.Canceled, "Whoever reserved ended the reservation.");
        else if (report.Why is ReservationLoss.NoTransaction)
            Close(draft, reservation, ReservationEnd.Canceled, "The driver came and charged nothing.");
        else if (report.Why is ReservationLoss.Expired && reservation.Expires - ClockTolerance <= draft.Now)
            Expire(draft, reservation);
        else
            KeepInItsPlace(draft, reservation);
        return Recorded.Instance;
    }

    /// <summary>It forgot it over a reboot, or gave it up: the hub was promised otherwise.</summary>
    private static void KeepInItsPlace(TurnDraft draft, Reservation reservation)
    {
        draft.Keep(reservation with { HeldByGateway = true });
        draft.Raise(Severity.Warning, "ReservationForgotten", reservation.At.ToString(), $"The charger keeps reservation {reservation.Number} no more; the gateway does.");
    }

    /// <summary>What a connector's state says of the reservation on it.</summary>
    public static void Follow(TurnDraft draft, Connector connector, Connector? known)
    {
        if (draft.Reservations.IsEmpty)
            return;
        var here = draft.Reservations.Values.Where(r => r.Stage is ReservationStage.Held
            && (connector.At.IsStation ? Same(r.At.Station, connector.At.Station) : r.At == connector.At)).ToList();
        foreach (var reservation in here)
        {
            if (connector.State is ConnectorState.Faulted or ConnectorState.Unavailable)
            {
                EndByUs(draft, reservation, $"The connector is {connector.State}.");
            }
            else if (!reservation.HeldByGateway && known?.State is ConnectorState.Reserved && connector.State is ConnectorState.Available)
            {
                KeepInItsPlace(draft, reservation);
            }
        }
    }

    /// <summary>Nobody came in time. Where the tariff prices that, there is a CDR of it (D9, M9).</summary>
    public static void Expire(TurnDraft draft, Reservation reservation)
    {
        if (reservation.Stage is not ReservationStage.Held)
        {
            Close(draft, reservation, reservation.Stage is ReservationStage.Asked ? ReservationEnd.Refused : ReservationEnd.Canceled, "Its time ran out before the charger answered.");
            return;
        }
        if (Close(draft, reservation, ReservationEnd.Expired, "Nobody came in time.") is not { } session)
            return;
        var bill = SessionRules.ReservationBill(session.Terms, session.ReservedAt ?? session.StartedAt, reservation.Expires, expired: true);
        if (bill.Total.ExclVat <= 0)
            return;
        draft.Record(new CdrIssued(new() { Id = session.Id, Session = session, Bill = bill, Created = session.LastUpdated }));
        draft.Owe(session.Hub, DeliveryKind.Cdr, session.Id);
    }

    /// <summary>After a restart nobody hears how the orders went that were under way.</summary>
    public static void DropOrders(TurnDraft draft)
    {
        foreach (var reservation in draft.Reservations.Values.Where(r => r.Stage is not ReservationStage.Held).ToList())
            Close(draft, reservation, reservation.Stage is ReservationStage.Asked ? ReservationEnd.Refused : ReservationEnd.Canceled, "The gateway was restarted before the charger answered.");
    }

    /// <summary>What is kept free for this driver at a place.</summary>
    public static Reservation? For(IEnumerable<Reservation> reservations, Position at, Token token, DateTimeOffset now) =>
        reservations.FirstOrDefault(r => r.Stage is ReservationStage.Held && r.Expires > now && Covers(r, at) && IsFor(r, token));

    /// <summary>What is kept free for whoever shows this tag at a station, or at a place of it.</summary>
    public static Reservation? For(IEnumerable<Reservation> reservations, string station, string idTag, Position? at, DateTimeOffset now) =>
        reservations.FirstOrDefault(r => r.Stage is ReservationStage.Held && r.Expires > now && Same(r.At.Station, station) && (at is null || Covers(r, at))
            && (Uid.Same(r.IdTag, idTag) || Uid.Same(r.Token.Uid, idTag)));

    /// <summary>Whether this driver may start at a place as far as reservations go; a connector that the charger itself calls reserved is open to none but
    /// whom we know it is for.</summary>
    public static bool IsOpenTo(IEnumerable<Reservation> reservations, Place place, Token token, DateTimeOffset now)
    {
        var here = reservations.Where(r => r.Expires > now && Covers(r, place.At)).ToList();
        return here.Count == 0 ? place.State is not ConnectorState.Reserved : here.TrueForAll(r => IsFor(r, token));
    }

    /// <summary>Whether the gateway, in the charger's place, turns this driver away there.</summary>
    public static bool TurnsAway(IEnumerable<Reservation> reservations, Position at, Token? token, DateTimeOffset now) =>
        reservations.Any(r => r is { Stage: ReservationStage.Held, HeldByGateway: true } && r.Expires > now && Covers(r, at) && !(token is not null && IsFor(r, token)));

    public static bool IsKept(IEnumerable<Reservation> reservations, Position at) =>
        reservations.Any(r => r.Stage is not ReservationStage.Asked && Covers(r, at));

    private static bool IsFree(TurnDraft draft, Place place, Reserve request)
    {
        var here = draft.Reservations.Values.Where(r => Covers(r, place.At)).ToList();
        return draft.OccupantOf(place.At) is null && !Places.IsPromised(draft, place.At)
            && here.TrueForAll(r => IsOf(r, request.Hub, request.Party, request.PartyReservationId))
            && (place.State is null or ConnectorState.Available || (place.State is ConnectorState.Reserved && here.Count > 0));
    }

    private static void Hold(TurnDraft draft, Reservation reservation)
    {
        var authorization = new Authorization
        {
            Status = AuthorizationStatus.Accepted, Token = reservation.Token, Method = AuthMethod.Command, Reference = reservation.Reference,
        };
        var isNew = reservation.SessionNumber is null;
        reservation = reservation with { Stage = ReservationStage.Held, Expires = reservation.NextExpires ?? reservation.Expires, NextExpires = null };
        if (isNew)
        {
            // S3: from now on there is a session, under the id that its CDR will have.
            var session = SessionRules.New(draft, reservation.At, reservation.IdTag, authorization, reservation.Hub, draft.Now);
            session = draft.Add(session with { Status = SessionStatus.Reservation, ReservedAt = draft.Now, Course = [new(draft.Now, 0, Activity.Reserved)] });
            SessionRules.Owe(draft, session);
            reservation = reservation with { Granted = draft.Now, SessionNumber = session.Number };
        }
        else if (draft.Sessions.TryGetValue(reservation.SessionNumber!.Value, out var session) && session.Authorization.Reference != reservation.Reference)
        {
            SessionRules.Owe(draft, draft.Save(session with { Authorization = authorization }));
        }
        draft.Keep(reservation);
        draft.Raise(
            Severity.Info, "Reserved", reservation.At.ToString(),
            $"Reservation {reservation.Number} for {Uid.Mask(reservation.Token.Uid)} until {reservation.Expires:u}{(reservation.HeldByGateway ? ", kept by the gateway" : "")}.");
        // K7: the same party's same reservation somewhere else, or for somebody else, is replaced by this one.
        foreach (var replaced in Known(draft, reservation.Hub, reservation.Party, reservation.PartyReservationId).Where(r => r.Number != reservation.Number).ToList())
        {
            TellCharger(draft, replaced);
            Close(draft, replaced, ReservationEnd.Canceled, $"Reservation {reservation.Number} replaces it.");
        }
        StationRules.Restamp(draft, reservation.At);
    }

    private static void EndByUs(TurnDraft draft, Reservation reservation, string because)
    {
        TellCharger(draft, reservation);
        Close(draft, reservation, ReservationEnd.ByUs, because);
    }

    private static void TellCharger(TurnDraft draft, Reservation reservation)
    {
        if (!reservation.HeldByGateway)
            draft.Give(new CancelReservationOrder(draft.NextOrderId(), reservation.At.Station, reservation.Number));
    }

    /// <returns>Its session, if it ever had one, as it is now.</returns>
    private static Session? Close(TurnDraft draft, Reservation reservation, ReservationEnd why, string because)
    {
        draft.End(reservation, why);
        var (severity, code) = why switch
        {
            ReservationEnd.Expired => (Severity.Info, "ReservationExpired"),
            ReservationEnd.Refused => (Severity.Warning, "ReservationRefused"),
            ReservationEnd.ByUs => (Severity.Warning, "ReservationCanceled"),
            _ => (Severity.Info, "ReservationCanceled"),
        };
        draft.Raise(severity, code, reservation.At.ToString(), $"Reservation {reservation.Number}: {because}");
        StationRules.Restamp(draft, reservation.At);
        if (reservation.SessionNumber is not { } number || !draft.Sessions.TryGetValue(number, out var session))
            return null;
        // S1: never billed as a session.
        session = draft.Save(session with { Status = SessionStatus.Invalid, EndedAt = why is ReservationEnd.Expired ? reservation.Expires : draft.Now });
        SessionRules.Owe(draft, session);
        return session;
    }

    private static ReserveOrder Order(TurnDraft draft, Position at, int number, string idTag, Reserve request)
    {
        var parent = request.Token.GroupId is { Length: > 0 and <= ParentTagLength } group ? group : null;
        var order = new ReserveOrder(draft.NextOrderId(), at, number, idTag, parent, request.Expires);
        draft.Give(order);
        draft.Raise(Severity.Info, "ReservationOrdered", at.ToString(), $"{request.Hub ?? "The technician"} reserves for {Uid.Mask(request.Token.Uid)} until {request.Expires:u}.");
        return order;
    }

    private static IEnumerable<Reservation> Known(TurnDraft draft, string? hub, Party? party, string id) =>
        draft.Reservations.Values.Where(r => IsOf(r, hub, party, id));

    private static bool IsOf(Reservation reservation, string? hub, Party? party, string id) =>
        Same(reservation.Hub, hub) && reservation.Party.Is(party) && Same(reservation.PartyReservationId, id);

    private static bool Covers(Reservation reservation, Position at) => Same(reservation.At.Station, at.Station) && reservation.At.Evse == at.Evse;

    /// <summary>Its own token, or one of its group by the same issuer: groups of two hubs have nothing in common but a name.</summary>
    private static bool IsFor(Reservation reservation, Token token) =>
        (Uid.Same(reservation.Token.Uid, token.Uid) || (reservation.Token.GroupId is { Length: > 0 } group && Same(group, token.GroupId)))
        && Same(reservation.Token.Hub, token.Hub);

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
