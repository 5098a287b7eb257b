namespace EdgeGateway.Site.Model;

/// <summary>What the site's own meter says of a session, beside what the charger's register says of it (<see cref="Session.MeterStartWh"/> and so on, which stay
/// as they were told), and which of the two counts.</summary>
public sealed record SiteTally
{
    /// <summary>The session is billed by it; else by the charger's own register.</summary>
    public required bool Counts { get; init; }

    /// <summary>Register at the session's start; null where it was silent then.</summary>
    public long? StartWh { get; init; }

    /// <summary>The last register value; increments count from here.</summary>
    public long? RegisterWh { get; init; }

    /// <summary>Register value that means 0 Wh of this session; may be negative after a reset.</summary>
    public long? BaseWh { get; init; }

    /// <summary>Wh since the start by this meter.</summary>
    public long EnergyWh { get; init; }

    /// <summary>When it was last read, by our clock; null while it has told nothing.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>As it tells it; null where it tells none.</summary>
    public string? Serial { get; init; }

    /// <summary>Wh since the start by the charger's own register, while that only checks; else 0, and the session's own energy says it.</summary>
    public long OwnEnergyWh { get; init; }

    /// <summary>When the charger's register was last read, by its clock, while it only checks.</summary>
    public DateTimeOffset? OwnAt { get; init; }

    /// <summary>Serial number of the charger's own meter, once the session has ended; null where it was not told.</summary>
    public string? OwnSerial { get; init; }
}
