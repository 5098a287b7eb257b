using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Reports;

/// <summary>A transaction began. A repeat of the same content gets the same number (I8).</summary>
/// <param name="Told">The charger's time; null when it was missing or unreadable.</param>
/// <param name="MeterStartWh">Null when it was missing or unreadable.</param>
/// <param name="Authorization">What is known of the tag; the record is made whatever it says.</param>
/// <param name="Reservation">Number of the reservation that the charger says it uses up.</param>
/// <param name="SiteMeter">What the site's meter of that EVSE showed then; no word of the charger's, so a repeat may come with another.</param>
public sealed record SessionBegan(
    Position At, string IdTag, DateTimeOffset? Told, long? MeterStartWh, Authorization Authorization, string? Incomplete = null,
    int? Reservation = null, MeterSample? SiteMeter = null)
    : Report<SessionBegun>
{
    public long? MeterStartWh { get; init; } = MeterRegister.Readable(MeterStartWh);
}

/// <param name="Number">The transactionId.</param>
public sealed record SessionBegun(int Number, string SessionId, Authorization Authorization, bool Repeated);

/// <summary>Values were measured, within a session or without.</summary>
/// <param name="Number">The transactionId that the charger named, if any; it may be wrong (FIELD-NOTES 21).</param>
public sealed record Metered(Position At, int? Number, ImmutableArray<Reading> Readings) : Report<Recorded>;

/// <summary>A meter of the site was read while a session ran that is billed by it. Nothing that the charger said: no sign of its life, and no word about its
/// clock.</summary>
/// <param name="Number">The session's.</param>
/// <param name="Sample">By our own clock.</param>
/// <param name="CurrentA">Sum over all phases.</param>
public sealed record SiteMetered(int Number, MeterSample Sample, decimal? PowerW, decimal? CurrentA) : Report<Recorded>;

/// <summary>What was measured at one moment.</summary>
/// <param name="Told">The charger's time; null when it gave none.</param>
/// <param name="EnergyWh">Import register, rounded to whole Wh.</param>
/// <param name="CurrentA">Sum over all phases.</param>
/// <param name="Text">All values, for people: <c>E=12345Wh P=7400W I1=16A</c>.</param>
/// <param name="Context">OCPP's ReadingContext when it matters: Transaction.Begin, Transaction.End; else null.</param>
/// <param name="StateOfCharge">Percent.</param>
/// <param name="SiteMeter">What the site's meter of that EVSE showed then.</param>
public sealed record Reading(
    DateTimeOffset? Told, long? EnergyWh, decimal? PowerW, decimal? CurrentA, string Text, string? Context = null, string? Signed = null,
    decimal? StateOfCharge = null, MeterSample? SiteMeter = null)
{
    public long? EnergyWh { get; init; } = MeterRegister.Readable(EnergyWh);
}

/// <summary>A transaction ended. One that is unknown is recorded all the same (FIELD-NOTES 2, 3).</summary>
/// <param name="Number">The transactionId; null when unreadable.</param>
/// <param name="Authorization">What is known of the tag that stopped it, if one did.</param>
/// <param name="SiteMeter">What the site's meter of that EVSE showed then.</param>
public sealed record SessionEnded(
    string Station, int? Number, string? IdTag, DateTimeOffset? Told, long? MeterStopWh, string? Reason,
    ImmutableArray<Reading> Readings, Authorization? Authorization, string? Incomplete = null, MeterSample? SiteMeter = null) : Report<Recorded>
{
    public long? MeterStopWh { get; init; } = MeterRegister.Readable(MeterStopWh);
}

/// <summary>How a charger answered an order. The answer is how that counts: what the gateway does in the charger's place is done all the same.</summary>
/// <param name="Limits">What it was asked to tell: the course of limits in force.</param>
public sealed record OrderSettled(long OrderId, OrderOutcome Outcome, string? Detail, ChargingLimits? Limits = null) : Report<OrderSettled>;

public enum OrderOutcome
{
    Accepted,
    Rejected,

    /// <summary>The charger does not know how (UNLOCK: NotSupported).</summary>
    NotSupported,

    /// <summary>It tried and failed (UNLOCK: UnlockFailed).</summary>
    Failed,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>It has no line.</summary>
    Offline,

    /// <summary>The connector is taken (RESERVE_NOW: Occupied).</summary>
    Occupied,

    /// <summary>The connector does not work (RESERVE_NOW: Faulted, Unavailable).</summary>
    Inoperative,

    /// <summary>What was to be ended is not known (CANCEL_RESERVATION).</summary>
    Unknown,
}
