using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site;

/// <summary>A row to be written. A turn's changes are committed together, in order, or not at all.</summary>
public abstract record Change;

/// <summary>A session is new, or differs. Its course and signed readings are only ever appended to, by the two changes below.</summary>
public sealed record SessionChanged(Session Session, bool IsNew) : Change;

/// <param name="First">Position of the first of these points in the session's course.</param>
public sealed record CourseGrew(int SessionNumber, int First, ImmutableArray<CoursePoint> Points) : Change;

/// <summary>Events came out of order: the session's course is another from the first point on.</summary>
public sealed record CourseRetold(int SessionNumber, ImmutableArray<CoursePoint> Points) : Change;

/// <param name="First">Position of the first of these among the session's events; what stood there and behind it before is no more.</param>
public sealed record HeardKept(int SessionNumber, int First, ImmutableArray<HeardEvent> Events) : Change;

public sealed record SignedReadingKept(int SessionNumber, SignedReading Reading) : Change;

/// <summary>Meter values for history; thinned by age.</summary>
/// <param name="SessionNumber">Null outside of a session.</param>
public sealed record ReadingsKept(Position At, int? SessionNumber, DateTimeOffset Received, ImmutableArray<Reading> Readings) : Change;

public sealed record StationChanged(Station Station) : Change;

/// <summary>A station that nobody let in had to make room for newer ones.</summary>
public sealed record StationForgotten(string Id) : Change;

public sealed record CdrIssued(Cdr Cdr) : Change;

/// <summary>The end that was told late takes the place of an estimated one in a CDR that nobody has been sent yet. The journal refuses it, and with it
/// the whole turn, where the CDR was frozen meanwhile (I4): <see cref="CdrFrozenException"/>.</summary>
public sealed record CdrRevised(Cdr Cdr) : Change;

/// <summary>An authorization is held for a start that has yet to come.</summary>
public sealed record AdmissionHeld(HeldAdmission Admission) : Change;

public sealed record AdmissionDropped(string Id) : Change;

public sealed record ReservationHeld(Reservation Reservation) : Change;

/// <summary>A reservation is no more.</summary>
/// <param name="Reservation">As it was last.</param>
public sealed record ReservationDropped(Reservation Reservation, ReservationEnd Why) : Change;

public sealed record StampChanged(Stamp Stamp) : Change;

/// <summary>An EVSE as hubs are shown it, kept beyond its place in the configuration: nothing that was shown ever vanishes (LO2).</summary>
public sealed record EvseShown(ShownEvse Shown) : Change;

/// <param name="Evse">As it was last shown.</param>
/// <param name="Hubs">Every hub that was ever shown it.</param>
public sealed record ShownEvse(EvseConfiguration Evse, ImmutableArray<string> Hubs);

public sealed record EventRaised(SiteEvent Event) : Change;

/// <summary>A message of a charger that no rule could take, kept whole.</summary>
/// <param name="Content">What tells it from other messages.</param>
/// <param name="Number">The transactionId that it was answered with, if any.</param>
public sealed record MessageParked(DateTimeOffset At, string Station, string Kind, string Content, SiteInput Input, int? Number, string Because) : Change;

/// <summary>Numbers that must never be given twice (I9): the next that is free.</summary>
public sealed record CountersMoved(SiteCounters Counters) : Change;

/// <param name="NextSession">transactionId of the next session.</param>
/// <param name="NextOrder">Id of the next order.</param>
/// <param name="NextReservation">OCPP reservationId of the next reservation.</param>
public sealed record SiteCounters(int NextSession, long NextOrder, int NextReservation = 1);

/// <summary>A token was accepted at a station, or ordered there from afar; the start that follows needs no further question (K4).</summary>
public sealed record HeldAdmission
{
    public required string Id { get; init; }
    public required string Station { get; init; }

    /// <summary>Set for a remote start; null when a card was shown to a 1.6 station, which does not say where.</summary>
    public Position? At { get; init; }
    public required string IdTag { get; init; }
    public required Authorization Authorization { get; init; }

    /// <summary>Set for a remote start: the order, and the repeat key of the command that caused it.</summary>
    public long? OrderId { get; init; }
    public string? Repeat { get; init; }

    /// <summary>Set once the charger has accepted the remote start: the PENDING session that waits for its transaction.</summary>
    public int? SessionNumber { get; init; }
    public string? Hub { get; init; }
    public required DateTimeOffset Until { get; init; }
}
