namespace EdgeGateway.Site;

/// <summary>Something a hub is owed: which object, not its bytes. Owed twice, it is sent once, as it then is (P7); a CDR never merges.</summary>
/// <param name="Object">Location id, <c>evse_uid</c>, tariff id, session id or CDR id.</param>
public sealed record Delivery(string Hub, DeliveryKind Kind, string Object);

/// <summary>In the order in which they go out (P9).</summary>
public enum DeliveryKind
{
    Tariff = 0,
    Location = 1,

    /// <summary>Only the status of one EVSE changed: a PATCH, and the whole location where that fails (P3).</summary>
    EvseStatus = 2,
    Session = 3,
    Cdr = 4,
}
