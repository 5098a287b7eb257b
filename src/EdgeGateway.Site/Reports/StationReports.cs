using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Reports;

/// <summary>A station opened its line.</summary>
/// <param name="Station">Its id as configured, else as it named itself.</param>
/// <param name="Protocol">For people: <c>OCPP 1.6</c>.</param>
/// <param name="Remote">Address it came from.</param>
public sealed record StationConnected(string Station, string Protocol, string Remote) : Report<Recorded>;

public sealed record StationDisconnected(string Station, string Because) : Report<Recorded>;

/// <summary>A station started and told what it is.</summary>
public sealed record StationBooted(string Station, StationIdentity Identity) : Report<Admission>;

/// <summary>What a station is allowed to do.</summary>
public enum Admission
{
    Accepted,
    Pending,
    Rejected,
}

/// <summary>What a connector's state is, as the charger sees it.</summary>
/// <param name="At">The connector; EVSE 0 is the station itself.</param>
/// <param name="Told">The charger's time; null when it gave none.</param>
/// <param name="SiteMeter">What the site's meter of that EVSE showed then.</param>
public sealed record ConnectorReported(
    Position At, ConnectorState State, string? ErrorCode, string? Info, string? VendorErrorCode, DateTimeOffset? Told, MeterSample? SiteMeter = null)
    : Report<Recorded>;

/// <summary>The gateway has just started: no line is open yet. Posted by the engine.</summary>
public sealed record GatewayStarted : Report<Recorded>;

/// <summary>Something a technician should know, seen by an adapter.</summary>
public sealed record Remarked(Severity Severity, string Code, string Subject, string Text) : Report<Recorded>;

/// <summary>Our wall clock jumped (set by hand, or synchronised for the first time). All that waits is moved along with it (I15). Posted by the engine.</summary>
public sealed record ClockJumped(TimeSpan By) : Report<Recorded>;

/// <summary>Time went on: whatever has become due is done. Posted by the engine itself.</summary>
public sealed record TimePassed : Report<Recorded>
{
    public static TimePassed Instance { get; } = new();
}

/// <summary>A station keeps a reservation no more, of its own accord (2.x ReservationStatusUpdate).</summary>
/// <param name="Number">As the station was told it.</param>
public sealed record ReservationLost(string Station, int Number, ReservationLoss Why) : Report<Recorded>;

public enum ReservationLoss
{
    /// <summary>Nobody came in time, by the station's clock.</summary>
    Expired,

    /// <summary>It gave it up: a reset, a fault.</summary>
    Removed,

    /// <summary>The driver came, and began no transaction (2.1).</summary>
    NoTransaction,
}
