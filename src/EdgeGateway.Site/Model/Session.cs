using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace EdgeGateway.Site.Model;

/// <summary>Where something is: a connector of an EVSE of a station. EVSE 0 is the station itself (FIELD-NOTES 20).</summary>
public sealed record Position(string Station, int Evse, int Connector)
{
    public bool IsStation => Evse == 0;

    public override string ToString() => IsStation ? Station : $"{Station}/{Evse}/{Connector}";
}

public enum SessionStatus
{
    Pending,
    Active,
    Completed,
    Invalid,

    /// <summary>A connector is kept free for the driver; comes before <see cref="Pending"/> or <see cref="Active"/> (S1).</summary>
    Reservation,
}

/// <summary>What was unusual about a session; kept with it up to the CDR.</summary>
[Flags]
public enum SessionFlags
{
    None = 0,

    /// <summary>A Stop came for which no Start is known (FIELD-NOTES 3).</summary>
    StartMissing = 1,

    /// <summary>No Stop came; the end was inferred (FIELD-NOTES 22).</summary>
    EndEstimated = 2,

    /// <summary>A time of the charger was wrong and was replaced by ours (FIELD-NOTES 11).</summary>
    ClockRepaired = 4,

    /// <summary>The meter's register went backwards and its increments were summed up (FIELD-NOTES 12).</summary>
    RegisterReset = 8,

    /// <summary>The charger told values since the session's start in place of its lifetime register (FIELD-NOTES 12).</summary>
    RegisterRelative = 16,

    /// <summary>The tag was not authorized by us, the charger charged all the same.</summary>
    Unauthorized = 32,

    /// <summary>Start or Stop was incomplete or unreadable in parts and was recorded as far as it went.</summary>
    Incomplete = 64,

    /// <summary>The connector is in no configuration, so that no hub can be told of it.</summary>
    Unconfigured = 128,

    /// <summary>Meter values named a wrong transaction and were attached by place and time (FIELD-NOTES 21).</summary>
    Reattached = 256,

    /// <summary>A Stop came after the end had been inferred (FIELD-NOTES 22).</summary>
    LateStop = 512,

    /// <summary>The next session began on its connector before its Stop came: nothing that is measured there from then on is its own.</summary>
    Superseded = 1024,

    /// <summary>Of the station's numbered events some never came (2.0.1 E 1.3.2).</summary>
    EventsMissing = 2048,

    /// <summary>The charger's own meter and the site's differ by more than their set share.</summary>
    MeterDeviates = 4096,

    /// <summary>The meter that was to count was silent when it mattered: the other stands in, or its own last value.</summary>
    MeterSilent = 8192,
}

/// <summary>One charging session, from the first word about it to its end. <see cref="Id"/> is the same at charger, hub and CDR (S3).</summary>
public sealed record Session
{
    /// <summary>36 characters, not guessable, never given twice (I9, S10).</summary>
    public required string Id { get; init; }

    /// <summary>What a 1.6 charger knows as transactionId; positive, never given twice (I9).</summary>
    public required int Number { get; init; }
    public required Position At { get; init; }
    public required SessionStatus Status { get; init; }

    /// <summary>The station's own id of the transaction (2.x); null where the station uses <see cref="Number"/> (1.6) or has none yet.</summary>
    public string? Transaction { get; init; }

    /// <summary>As the charger sent it.</summary>
    public required string IdTag { get; init; }
    public required Authorization Authorization { get; init; }

    /// <summary>The hub that is owed this session and its CDR; null when it is nobody's but the site's.</summary>
    public string? Hub { get; init; }

    /// <summary>UTC; the charger's time, or ours where the charger's cannot be right.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>As the charger told it, null when it told none.</summary>
    public DateTimeOffset? StartTold { get; init; }
    public required DateTimeOffset StartReceived { get; init; }

    /// <summary>Register at the start in Wh.</summary>
    public long? MeterStartWh { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? EndTold { get; init; }
    public DateTimeOffset? EndReceived { get; init; }
    public long? MeterStopWh { get; init; }
    public string? StopReason { get; init; }
    public string? StopIdTag { get; init; }

    /// <summary>Wh since the start, by the meter that counts; only grows (S5).</summary>
    public long EnergyWh { get; init; }

    /// <summary>What the site's own meter says of it; null where it has none at this EVSE.</summary>
    public SiteTally? SiteMeter { get; init; }

    /// <summary>The last register value seen in Wh, as told; increments count from here.</summary>
    public long? RegisterWh { get; init; }

    /// <summary>Register value that means 0 Wh of this session: the start's, or one that allows for a reset (FIELD-NOTES 12). May be negative.</summary>
    public long? RegisterBaseWh { get; init; }
    public SessionFlags Flags { get; init; }

    /// <summary>No Stop came, but something says that it ended then (FIELD-NOTES 22).</summary>
    public DateTimeOffset? EndInferred { get; init; }

    /// <summary>When the inferred end becomes final; until then a late Stop, or a sign of life, still counts.</summary>
    public DateTimeOffset? EndDue { get; init; }

    /// <summary>The events of a transaction that its station names itself (2.x), in order of arrival; null where there are none (1.6), where they are
    /// forgotten, and in a CDR. Kept in memory while the session is open.</summary>
    [JsonIgnore]
    public HeardEvents? Heard { get; init; }

    /// <summary>Energy and activity over time, in order of arrival. Kept in memory while the session is open.</summary>
    public ImmutableList<CoursePoint> Course { get; init; } = [];

    /// <summary>Place, tariff and time zone as they were at the start (D5).</summary>
    public required SessionTerms Terms { get; init; }

    /// <summary>Signed meter values, verbatim, in order of arrival (FIELD-NOTES 24).</summary>
    public ImmutableList<SignedReading> Signed { get; init; } = [];

    /// <summary>When its place was reserved; the CDR begins there (D9). Null without a reservation.</summary>
    public DateTimeOffset? ReservedAt { get; init; }

    /// <summary>When the session was last owed to its hub because of meter values.</summary>
    public DateTimeOffset LastOwed { get; init; }

    /// <summary>It changed since it was last owed, within the hub's interval: it goes out when that is over. Not kept on disk: after a restart a session
    /// that has changed since is taken for one.</summary>
    public bool OwesUpdate { get; init; }

    /// <summary>When its content last changed, in whole seconds; never falls (P6).</summary>
    public required DateTimeOffset LastUpdated { get; init; }

    /// <summary>A transaction is under way: an active session, or one of a 2.x station that has yet to learn whose it is, or to be plugged in.</summary>
    public bool IsRunning => Status is SessionStatus.Active || (Status is SessionStatus.Pending && Transaction is not null);

    public bool IsOpen => Status is SessionStatus.Pending or SessionStatus.Active or SessionStatus.Reservation;

    /// <summary>Which of the site's meters it is billed by; null: the charger's own.</summary>
    [JsonIgnore]
    public string? CountedBy => SiteMeter is { Counts: true } ? Terms.Meter?.Id : null;

    /// <summary>Wh since the start by the charger's own register, whether that counts or not.</summary>
    [JsonIgnore]
    public long OwnEnergyWh => SiteMeter is { Counts: true } meter ? meter.OwnEnergyWh : EnergyWh;

    /// <summary>Wh since the start by the meter that only checks; null where there is none, or it told nothing.</summary>
    [JsonIgnore]
    public long? OtherEnergyWh => SiteMeter switch
    {
        null => null,
        { Counts: true } => HasOwnRegister ? OwnEnergyWh : null,
        var meter => meter.At is null ? null : meter.EnergyWh,
    };

    /// <summary>What the meter that counts is called: by its serial number, else by the installer's name for it. Null where the site has no say in it, or
    /// the charger does not tell.</summary>
    [JsonIgnore]
    public string? MeterId => SiteMeter switch
    {
        null => null,
        { Counts: true } meter => meter.Serial ?? Terms.Meter?.Id,
        var meter => meter.OwnSerial,
    };

    /// <summary>A charger without a meter tells no register, or 0 from beginning to end.</summary>
    [JsonIgnore]
    public bool HasOwnRegister => MeterStartWh > 0 || RegisterWh > 0 || MeterStopWh > 0;
}

/// <summary>What the car does from a moment on.</summary>
public enum Activity
{
    /// <summary>Charging, wanting to, or held back by our side (SuspendedEVSE): counts as TIME.</summary>
    Charging,

    /// <summary>Plugged in, and the vehicle does not ask for power (SuspendedEV, Finishing): counts as PARKING_TIME.</summary>
    Parking,

    /// <summary>Kept free for the driver, who has not come yet: counts as RESERVATION_TIME (M9).</summary>
    Reserved,
}

/// <summary>A moment of a session.</summary>
/// <param name="At">UTC.</param>
/// <param name="EnergyWh">Wh since the session's start, if it was measured at this moment; else it is interpolated.</param>
/// <param name="Activity">From this moment on.</param>
/// <param name="PowerW">If measured.</param>
/// <param name="CurrentA">Sum over all phases, if measured.</param>
/// <param name="StateOfCharge">Of the vehicle's battery in percent, if told.</param>
public sealed record CoursePoint(
    DateTimeOffset At, long? EnergyWh, Activity Activity, decimal? PowerW = null, decimal? CurrentA = null, decimal? StateOfCharge = null);

/// <param name="At">UTC.</param>
/// <param name="Nature">Start, Intermediate or End.</param>
/// <param name="Data">As the charger sent it.</param>
public sealed record SignedReading(DateTimeOffset At, string Nature, string Data);

/// <summary>A copy of all that later changes must not alter (D5).</summary>
public sealed record SessionTerms
{
    public required SiteDescription Site { get; init; }

    /// <summary>Null when the connector is not configured.</summary>
    public EvseConfiguration? Evse { get; init; }
    public ConnectorConfiguration? Connector { get; init; }

    /// <summary>Null when the connector names none.</summary>
    public Tariff? Tariff { get; init; }

    /// <summary>The site's own meter at this EVSE; null where there is none.</summary>
    public MeterConfiguration? Meter { get; init; }

    /// <summary>Whether the total is stated in whole coins (M10): kept with the price, so that session and CDR agree.</summary>
    public bool RoundTotals { get; init; }
}
