using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Requests;

/// <summary>A driver showed a token at a station; <paramref name="Decision"/> is what <see cref="Authorizations"/> found. An accepted one holds
/// for <see cref="SiteTimings.GrantLifetime"/> at this station, so that the start that follows asks nobody again.</summary>
public sealed record AdmitToken(string Station, string IdTag, Authorization Decision) : Request<Authorization>;

/// <summary>A hub wants a session started (K3 to K5, K8).</summary>
/// <param name="Evse">OCPI evse_uid; null: any free EVSE of the site.</param>
/// <param name="Connector">Connector number on its EVSE; null: the first.</param>
/// <param name="Repeat">What makes a repeat recognisable: the correlation id.</param>
/// <param name="CanName">Whether who asks could have named a connector: then an EVSE with several is not guessed at (K3, LO4).</param>
public sealed record StartRemotely(
    string? Hub, Token Token, string? Location, string? Evse, int? Connector, string? Reference, string? Repeat, bool CanName = false) : Request<Grant>
{
    /// <summary>How it was decided that the token may charge: a hub's own command says so, anybody else asks as for a card.</summary>
    public AuthMethod Method { get; init; } = AuthMethod.Command;
}

/// <summary>A hub (its own sessions only, K6) or, with a null hub, the technician wants a session ended.</summary>
public sealed record StopRemotely(string? Hub, string SessionId) : Request<Grant>;

/// <summary>A hub or, with a null hub, the technician wants a connector unlocked.</summary>
public sealed record Unlock(string? Hub, string? Location, string Evse, int Connector) : Request<Grant>;

/// <summary>A hub, or with a null hub the technician, wants a place kept free (RESERVE_NOW, K7). A known (party, id) is replaced.</summary>
/// <param name="Evse">OCPI evse_uid; null: any free EVSE of the site.</param>
public sealed record Reserve(
    string? Hub, Party Party, string PartyReservationId, Token Token, DateTimeOffset Expires, string? Location, string? Evse, int? Connector,
    string? Reference, string? ResponseUrl) : Request<Grant>;

/// <summary>Who reserved wants it ended (CANCEL_RESERVATION, K6: his own only); with a null hub the technician, any.</summary>
public sealed record CancelReservation(string? Hub, Party? Party, string PartyReservationId) : Request<Grant>;

/// <summary>A hub wants its session charged within limits (CP1); null limits: no longer. They end with the session (CP3).</summary>
public sealed record LimitCharging(string? Hub, string SessionId, ChargingLimits? Limits) : Request<Grant>;

/// <summary>A hub wants to know which limits are in force for its session; they come with <see cref="Reports.OrderSettled.Limits"/>.</summary>
public sealed record AskLimits(string? Hub, string SessionId, TimeSpan Duration) : Request<Grant>;

/// <summary>The operator takes back a CDR's cost (D7), and where he gives an energy, an end, or both, issues a corrected one in its place.</summary>
/// <param name="CdrId">The one to be credited.</param>
/// <param name="EnergyWh">Corrected total; null: as it was.</param>
/// <param name="EndedAt">Corrected end; null: as it was.</param>
/// <param name="Reissue">Whether a corrected CDR follows.</param>
public sealed record CreditCdr(string CdrId, string Because, bool Reissue, long? EnergyWh, DateTimeOffset? EndedAt) : Request<Credited>;

/// <param name="Credit">Id of the credit CDR; null when refused.</param>
/// <param name="Corrected">Id of the corrected CDR, if one was asked for.</param>
public sealed record Credited(string? Credit, string? Corrected, string? Refusal);

/// <summary>A hub did not know a place or a tariff that it should have by now: it is owed the location again.</summary>
public sealed record ShowLocation(string Hub) : Request<Recorded>;

/// <summary>The answer to a wish that takes a charger: an order that has been given, or why not.</summary>
/// <param name="OrderId">Null when refused; await its outcome with <see cref="SiteEngine.OutcomeAsync"/>.</param>
public sealed record Grant(long? OrderId, Refusal? Refusal, string? Because)
{
    public static Grant Given(long orderId) => new(orderId, null, null);

    public static Grant Refused(Refusal refusal, string because) => new(null, refusal, because);
}

public enum Refusal
{
    UnknownLocation,
    UnknownEvse,
    UnknownConnector,
    UnknownSession,
    NoFreeEvse,
    Occupied,
    StationOffline,
    NotAllowed,
    UnknownReservation,

    /// <summary>The EVSE has several connectors, and none was named.</summary>
    ConnectorNotNamed,

    /// <summary>The same was asked for too recently (CP1: TOO_OFTEN).</summary>
    TooOften,
    NotSupported,
    OutOfService,
}

/// <summary>The configuration file changed, or was read for the first time.</summary>
public sealed record Configure(SiteConfiguration Configuration) : Request<Configured>;

/// <param name="Changes">For the log: what differs, one line each.</param>
public sealed record Configured(IReadOnlyList<string> Changes);

/// <summary>The technician lets a pending station in.</summary>
public sealed record AcceptStation(string Station) : Request<bool>;

/// <summary>A hub has just become reachable as a partner: it is owed every tariff and location, as they are now.</summary>
public sealed record WelcomeHub(string Hub) : Request<Recorded>;

/// <summary>Tokens became known after sessions with them had begun: those without an owner get one.</summary>
public sealed record ClaimSession(string SessionId, Authorization Authorization) : Request<bool>;
