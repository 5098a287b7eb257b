using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGateway.Admin;

// What the technician's API shows: flat, in words, without secrets or whole uids. Times are UTC, units stand in the names.

public sealed record StatusView
{
    public required string Version { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required DateTimeOffset Started { get; init; }
    public required string SiteId { get; init; }
    public required string SiteName { get; init; }
    public required string Party { get; init; }
    public required IReadOnlyList<StationView> Stations { get; init; }
    public required int ActiveSessions { get; init; }
    public required IReadOnlyList<HubView> Hubs { get; init; }
    public required BacklogView Backlog { get; init; }
    public required IReadOnlyList<MeterView> Meters { get; init; }
    /// <summary>Null where no broker is configured.</summary>
    public MqttView? Mqtt { get; init; }
    public required StorageView Storage { get; init; }
    public required IReadOnlyList<Degradation> Degraded { get; init; }

    /// <summary>Lines that work and prove little (S1): security profiles 0 and 1.</summary>
    public required IReadOnlyList<Degradation> Weak { get; init; }
    public required LockedView Locked { get; init; }
}

/// <summary>How the broker is doing.</summary>
public sealed record MqttView
{
    public required string Broker { get; init; }

    /// <summary><c>Connecting</c>, <c>Online</c>, <c>Offline</c>, <c>Refused</c> or <c>Unavailable</c> (its library is not installed).</summary>
    public required string State { get; init; }
    public required DateTimeOffset Since { get; init; }
    public string? Why { get; init; }

    /// <summary>Of MQTT, while online.</summary>
    public string? Version { get; init; }
    public long Reconnects { get; init; }

    /// <summary>Messages that the broker has not confirmed yet.</summary>
    public int Waiting { get; init; }

    /// <summary>Events and sessions that were lost since the start, because too many waited.</summary>
    public long Dropped { get; init; }
}

/// <summary>Something that does not work as it should, while charging goes on.</summary>
/// <param name="Code">A stable word.</param>
public sealed record Degradation(string Code, string Subject, string Text);

/// <param name="Weak">Lines that prove little (S1); a password without TLS on the site's own network is no degradation.</param>
public sealed record HealthView(string Status, IReadOnlyList<Degradation> Degraded, IReadOnlyList<Degradation> Weak);

public sealed record StationView
{
    public required string Id { get; init; }

    /// <summary>False: it is in no configuration.</summary>
    public required bool Configured { get; init; }
    public required string Admission { get; init; }
    public required bool Connected { get; init; }

    /// <summary>When the line last came or went.</summary>
    public DateTimeOffset? LineChanged { get; init; }
    public string? Protocol { get; init; }
    public string? Remote { get; init; }

    /// <summary>In lists only; of one station it is at <c>…/line</c>.</summary>
    public LineView? Line { get; init; }
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Serial { get; init; }
    public string? Firmware { get; init; }
    public DateTimeOffset? Booted { get; init; }

    /// <summary>What is added to the charger's times, in seconds; null while its clock is right.</summary>
    public double? ClockOffsetSeconds { get; init; }
    public required IReadOnlyList<ConnectorView> Connectors { get; init; }

    /// <summary>Of one station that was asked for by its id; null in lists.</summary>
    public StationLore? Lore { get; init; }
}

public sealed record ConnectorView
{
    public required int Evse { get; init; }
    public required int Connector { get; init; }
    public string? EvseId { get; init; }
    public string? PhysicalReference { get; init; }

    /// <summary>As the charger told; null when it has not yet.</summary>
    public string? State { get; init; }

    /// <summary>As hubs are shown it.</summary>
    public required string Status { get; init; }
    public string? ErrorCode { get; init; }
    public string? VendorErrorCode { get; init; }
    public string? Info { get; init; }
    public DateTimeOffset? Since { get; init; }
    public string? Session { get; init; }
    public long? EnergyWh { get; init; }
    public decimal? PowerW { get; init; }
}

public sealed record SessionView
{
    public required string Id { get; init; }

    /// <summary>The transactionId that the charger knows.</summary>
    public required int Number { get; init; }
    public required string Station { get; init; }
    public required int Evse { get; init; }
    public required int Connector { get; init; }
    public required string Status { get; init; }

    /// <summary>Its first and last two characters.</summary>
    public required string IdTag { get; init; }
    public string? Hub { get; init; }
    public required DateTimeOffset Started { get; init; }
    public DateTimeOffset? Ended { get; init; }
    public required long EnergyWh { get; init; }
    public long? MeterStartWh { get; init; }
    public long? MeterStopWh { get; init; }

    /// <summary>The site's meter that it is billed by; null: the charger's own.</summary>
    public string? CountedBy { get; init; }

    /// <summary>By the meter that only checks, the charger's own or the site's; null where there is none, or it told nothing.</summary>
    public long? OtherEnergyWh { get; init; }
    public string? Tariff { get; init; }
    public string? StopReason { get; init; }
    public required IReadOnlyList<string> Flags { get; init; }
    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record CdrView
{
    public required string Id { get; init; }
    public required string Station { get; init; }
    public required int Evse { get; init; }
    public required DateTimeOffset Started { get; init; }
    public DateTimeOffset? Ended { get; init; }
    public required long EnergyWh { get; init; }
    public required string Currency { get; init; }

    /// <summary>Below 0 in a credit.</summary>
    public required decimal TotalExclVat { get; init; }
    public decimal? TotalInclVat { get; init; }

    /// <summary>In a credit: the CDR that it takes back.</summary>
    public string? CreditOf { get; init; }

    /// <summary>In a corrected CDR: the one that it stands in for.</summary>
    public string? CorrectionOf { get; init; }
    public string? Remark { get; init; }
    public string? Hub { get; init; }

    /// <summary><c>delivered</c>, <c>waiting</c>, <c>refused</c> or <c>site only</c>.</summary>
    public required string Delivery { get; init; }
    public string? Receipt { get; init; }
    public string? LastError { get; init; }
    public required DateTimeOffset Created { get; init; }
}

public sealed record OutboxView
{
    public required long Id { get; init; }
    public required string Hub { get; init; }
    public required string Kind { get; init; }
    public required string Object { get; init; }
    public required int Attempts { get; init; }
    public required DateTimeOffset Due { get; init; }
    public required string State { get; init; }
    public string? LastError { get; init; }
    public required DateTimeOffset Since { get; init; }
}

public sealed record BacklogView(long Waiting, long Refused, DateTimeOffset? Oldest);

public sealed record HubView
{
    public required string Name { get; init; }

    /// <summary><c>Unregistered</c>, <c>Online</c>, <c>Offline</c> or <c>Suspended</c>.</summary>
    public required string State { get; init; }
    public string? Version { get; init; }
    public string? Party { get; init; }

    /// <summary>Entries that wait.</summary>
    public long Backlog { get; init; }
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Entries that the hub refused for good.</summary>
    public long DeadLetters { get; init; }
    public DateTimeOffset? LastDelivery { get; init; }
    public long Tokens { get; init; }
    public string? Trouble { get; init; }

    /// <summary>A step of the credentials life cycle that has not ended, and is repeated.</summary>
    public string? Handshake { get; init; }

    /// <summary>Since when a registration token that was made for the hub waits to be used.</summary>
    public DateTimeOffset? Invited { get; init; }

    /// <summary>That token: only in the answer to the one who asked for it.</summary>
    public string? RegistrationToken { get; init; }

    /// <summary>Parties behind the hub by state.</summary>
    public IReadOnlyDictionary<string, int> Clients { get; init; } = new Dictionary<string, int>();
    public IReadOnlyList<string> SuspendedParties { get; init; } = [];
}

public sealed record StorageView(string Path, long SizeBytes, long LimitBytes);

public sealed record FrameView(DateTimeOffset At, string Station, string Direction, string Text, string? Note);

public sealed record EventView(DateTimeOffset At, string Severity, string Code, string Subject, string Text);

public sealed record CallRequest(string? Action, JsonElement? Payload);

/// <summary>Either the charger's result, or the error: its own, or why it could not be asked.</summary>
public sealed record CallAnswer(JsonElement? Result, CallError? Error);

public sealed record CallError(string Code, string Description);

/// <param name="Token">For <c>register</c>: in place of the one in the configuration.</param>
/// <param name="Listen">For <c>register</c>: make a token with which the hub may register with us.</param>
/// <param name="Force">For <c>unregister</c>: forget the hub here, whether it answers or not.</param>
public sealed record HubRequest(string? Token, bool Listen = false, bool Force = false);

/// <param name="Why">Null when it was done.</param>
/// <param name="RegistrationToken">One that was made for the hub.</param>
public sealed record HubActed(string? Why, string? RegistrationToken = null);

/// <param name="Because">Goes into the CDR's remark and the events.</param>
/// <param name="Reissue">Whether a corrected CDR follows.</param>
/// <param name="EnergyWh">Of the corrected CDR; null: as it was.</param>
/// <param name="EndedAt">Of the corrected CDR; null: as it was.</param>
public sealed record CreditRequest(string? Because, bool Reissue, long? EnergyWh, DateTimeOffset? EndedAt);

/// <param name="Credit">Id of the credit CDR.</param>
/// <param name="Corrected">Id of the corrected CDR, if one was asked for.</param>
public sealed record CreditView(string Credit, string? Corrected);

/// <summary>RFC 9457.</summary>
public sealed record Problem(string Type, string Title, int Status, string? Detail)
{
    /// <summary>What is wrong with the request, by member.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
