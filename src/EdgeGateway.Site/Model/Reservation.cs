namespace EdgeGateway.Site.Model;

/// <summary>A connector, or an EVSE's any connector, kept free for one driver until a moment (checklist K7).</summary>
public sealed record Reservation
{
    /// <summary>What OCPP knows as reservationId; positive, never given twice.</summary>
    public required int Number { get; init; }

    /// <summary>Who reserved: a hub, or null for the technician.</summary>
    public string? Hub { get; init; }

    /// <summary>The reserving party and its own name for it: together they are its key (K7).</summary>
    public required Party Party { get; init; }
    public required string PartyReservationId { get; init; }

    /// <summary>The connector that is kept free; meanwhile no other of its EVSE is given away, because an EVSE charges one car.</summary>
    public required Position At { get; init; }
    public required Token Token { get; init; }

    /// <summary>As the charger knows the token.</summary>
    public required string IdTag { get; init; }
    public string? Reference { get; init; }
    public required DateTimeOffset Granted { get; init; }
    public required DateTimeOffset Expires { get; init; }

    /// <summary>What the charger has been asked to make of <see cref="Expires"/> (K7); null when nothing.</summary>
    public DateTimeOffset? NextExpires { get; init; }
    public required ReservationStage Stage { get; init; }

    /// <summary>The charger cannot reserve: the gateway turns others away itself.</summary>
    public bool HeldByGateway { get; init; }

    /// <summary>The session that shows it to its hub (status RESERVATION) until it begins.</summary>
    public int? SessionNumber { get; init; }

    /// <summary>Where the hub hears of an end that is ours (K7: CANCELED_RESERVATION).</summary>
    public string? ResponseUrl { get; init; }

    /// <summary>The order that is under way for it, or was last.</summary>
    public long? OrderId { get; init; }
}

public enum ReservationStage
{
    /// <summary>The charger has been asked and has not answered.</summary>
    Asked,
    Held,

    /// <summary>Its end has been asked for; the charger has not answered.</summary>
    Ending,
}

public enum ReservationEnd
{
    /// <summary>The driver came: its session goes on as a charging session.</summary>
    Used,

    /// <summary>Whoever reserved ended it.</summary>
    Canceled,

    /// <summary>Nobody came in time.</summary>
    Expired,

    /// <summary>We had to end it: the place failed, or the technician needs it. Whoever reserved is to hear so (K7: CANCELED_RESERVATION).</summary>
    ByUs,

    /// <summary>It never was: the charger said no.</summary>
    Refused,
}
