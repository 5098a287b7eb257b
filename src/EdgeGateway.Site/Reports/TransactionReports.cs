using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Site.Reports;

/// <summary>
/// What happened in a transaction that its station names itself (2.x TransactionEvent). It may come in any order, twice, or never (FIELD-NOTES 3, 23);
/// the same (transaction, sequence, phase, told time) is one event (I8).
/// </summary>
public sealed record TransactionTold : Report<TransactionHeard>
{
    public required string Station { get; init; }

    /// <summary>The station's own id of it, unique on that station; at most 36 characters are kept as they are, compared exactly.</summary>
    public required string Transaction { get; init; }
    public required TransactionPhase Phase { get; init; }

    /// <summary>seqNo; null when it was missing or unreadable.</summary>
    public required int? Sequence { get; init; }

    /// <summary>The charger's time; null when it was missing or unreadable.</summary>
    public required DateTimeOffset? Told { get; init; }

    /// <summary>Null where the event does not say: then it is where the transaction is known to be, else the station's only connector.</summary>
    public Position? At { get; init; }

    /// <summary>The token that this event names; null for none.</summary>
    public string? IdTag { get; init; }

    /// <summary>What is known of that token; null when the event names none.</summary>
    public Authorization? Authorization { get; init; }
    public ImmutableArray<Reading> Readings { get; init; } = [];

    /// <summary>What the vehicle does from this moment on, by the event's charging state; null where it does not say.</summary>
    public ChargingPhase? Charging { get; init; }

    /// <summary>What the event came about by, in OCPP's words, for example <c>CablePluggedIn</c>.</summary>
    public string? Trigger { get; init; }

    /// <summary>The order that it follows (remoteStartId).</summary>
    public long? Order { get; init; }

    /// <summary>Number of the reservation that the charger says it uses up.</summary>
    public int? Reservation { get; init; }

    /// <summary>Of an end: OCPP's stoppedReason.</summary>
    public string? StopReason { get; init; }

    /// <summary>What the site's meter of that EVSE showed then; no word of the charger's.</summary>
    public MeterSample? SiteMeter { get; init; }

    /// <summary>The charger says that it happened while the line was down.</summary>
    public bool IsOffline { get; init; }

    /// <summary>What was missing or unreadable, for people.</summary>
    public string? Incomplete { get; init; }
}

public enum TransactionPhase
{
    Started,
    Updated,
    Ended,
}

/// <summary>Where a transaction is on its way (2.x ChargingStateEnumType).</summary>
public enum ChargingPhase
{
    /// <summary>Nothing is plugged in.</summary>
    Idle,
    EVConnected,
    Charging,
    SuspendedEV,
    SuspendedEvse,
}

/// <param name="Number">The session's number with us.</param>
/// <param name="Authorization">What holds for the token that the event named; null when it named none.</param>
/// <param name="Repeated">It was told before.</param>
/// <param name="Priced">The session as it was then; null where no tariff holds or there is nothing to be billed.</param>
/// <param name="Until">Up to when it is priced.</param>
public sealed record TransactionHeard(int Number, string SessionId, Authorization? Authorization, bool Repeated, Session? Priced, DateTimeOffset Until)
{
    /// <summary>What the session costs so far, or in all once it has ended; null where there is nothing to be billed. Reckoned when it is asked for, by
    /// whoever asks: most stations are not told, and the site's one writer has others to serve.</summary>
    public Bill? Cost => Priced?.BillOf(Until);
}
