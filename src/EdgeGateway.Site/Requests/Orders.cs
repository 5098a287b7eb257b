using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Requests;

/// <summary>What a charger is to do because of a grant. Sent after the commit; the answer comes back as <see cref="Reports.OrderSettled"/>.</summary>
public abstract record Order(long Id, string Station);

public sealed record StartOrder(long Id, Position At, string IdTag) : Order(Id, At.Station);

public sealed record StopOrder(long Id, string Station, int Number) : Order(Id, Station);

public sealed record UnlockOrder(long Id, Position At) : Order(Id, At.Station);
