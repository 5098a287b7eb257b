using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Requests;

/// <summary>What a charger is to do because of a grant. Sent after the commit; the answer comes back as <see cref="Reports.OrderSettled"/>.</summary>
public abstract record Order(long Id, string Station);

public sealed record StartOrder(long Id, Position At, string IdTag) : Order(Id, At.Station);

public sealed record StopOrder(long Id, string Station, int Number) : Order(Id, Station);

public sealed record UnlockOrder(long Id, Position At) : Order(Id, At.Station);

/// <param name="Number">OCPP reservationId.</param>
/// <param name="ParentIdTag">Whoever shares it may use the reservation too.</param>
public sealed record ReserveOrder(long Id, Position At, int Number, string IdTag, string? ParentIdTag, DateTimeOffset Expires) : Order(Id, At.Station);

public sealed record CancelReservationOrder(long Id, string Station, int Number) : Order(Id, Station);

/// <param name="Number">The transactionId.</param>
/// <param name="Limits">Null: the site's limits for this transaction are taken off.</param>
public sealed record LimitOrder(long Id, Position At, int Number, ChargingLimits? Limits) : Order(Id, At.Station);

public sealed record AskLimitsOrder(long Id, Position At, int Number, TimeSpan Duration, LimitUnit Unit) : Order(Id, At.Station);
