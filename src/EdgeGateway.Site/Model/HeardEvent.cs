using System.Collections.Immutable;
using System.Text.Json.Serialization;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Model;

/// <summary>What one event of a transaction told, as far as it makes the session. Kept in the order of arrival: the session is retold from all of them,
/// so that any order of arrival ends in the same CDR (FIELD-NOTES 3, 23).</summary>
public sealed record HeardEvent
{
    public required TransactionPhase Phase { get; init; }
    public int? Sequence { get; init; }

    /// <summary>As the charger told it.</summary>
    public DateTimeOffset? Told { get; init; }

    /// <summary>UTC; the charger's time, or ours where the charger's cannot be right.</summary>
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset Received { get; init; }

    /// <summary>Whether it names who charges, and whether he may; null where it does not.</summary>
    public bool? IsAuthorized { get; init; }

    /// <summary>From here on the vehicle is known to be plugged in.</summary>
    public bool IsConnected { get; init; }
    public ChargingPhase? Charging { get; init; }
    public ImmutableArray<HeardReading> Readings { get; init; } = [];

    /// <summary>Of an end: who stopped it, and what is known of him.</summary>
    public string? IdTag { get; init; }
    public Authorization? Authorization { get; init; }
    public string? Reason { get; init; }

    /// <summary>A time in it could not be right.</summary>
    public bool IsRepaired { get; init; }
    public bool IsIncomplete { get; init; }

    /// <summary>What the site's own meter showed then, by our clock.</summary>
    public MeterSample? SiteMeter { get; init; }

    /// <summary>No word of the charger's at all: only the site's own meter was read. Its times are those of our clock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOfSite { get; init; }

    public bool IsBefore(HeardEvent other) => At < other.At || (At == other.At && Sequence < other.Sequence);
}

/// <param name="At">UTC, repaired.</param>
/// <param name="Context">Transaction.Begin, Transaction.End; else null.</param>
public sealed record HeardReading(
    DateTimeOffset At, long? EnergyWh, decimal? PowerW, decimal? CurrentA, decimal? StateOfCharge, string? Context);
