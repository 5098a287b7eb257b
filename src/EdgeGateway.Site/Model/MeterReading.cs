using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>What a meter of the site is there for.</summary>
public enum MeterRole
{
    /// <summary>Measures the site's connection to the grid.</summary>
    Grid,

    /// <summary>Measures what goes through one EVSE.</summary>
    Station,
}

/// <summary>Which meter counts for sessions at an EVSE that has one of the site's own.</summary>
public enum MeterUse
{
    /// <summary>The charger's own where it has one (its register is above 0 at the start), else the site's.</summary>
    Auto,

    /// <summary>The site's.</summary>
    Bill,

    /// <summary>The charger's own; the site's only checks it.</summary>
    Check,
}

/// <summary>A meter of the site, as far as its sessions have to do with it.</summary>
public sealed record MeterConfiguration
{
    public required string Id { get; init; }
    public required MeterRole Role { get; init; }

    /// <summary>Set for <see cref="MeterRole.Station"/>.</summary>
    public string? Station { get; init; }
    public int? Evse { get; init; }
    public MeterUse Use { get; init; }

    /// <summary>Where the charger's own meter and this one differ by more, an event says so and the session keeps it. Percent of the larger.</summary>
    public decimal MostDeviationPercent { get; init; } = 5;
}

public enum MeterQuality
{
    /// <summary>Nothing has been read since the start.</summary>
    None,
    Good,

    /// <summary>Older than three periods: the meter or its bus is silent.</summary>
    Stale,

    /// <summary>It says what cannot be; the values shown are the last that could.</summary>
    Implausible,
}

/// <summary>The newest that is known of a meter.</summary>
public sealed record MeterReading
{
    public required string Meter { get; init; }
    public required MeterRole Role { get; init; }
    public string? Station { get; init; }
    public int? Evse { get; init; }
    public required MeterQuality Quality { get; init; }

    /// <summary>When the values were read; null when none ever were.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Import register: from the grid towards the load.</summary>
    public long? EnergyWh { get; init; }
    public long? ExportWh { get; init; }

    /// <summary>Import positive.</summary>
    public decimal? PowerW { get; init; }
    public decimal? FrequencyHz { get; init; }
    public decimal? PowerFactor { get; init; }
    public decimal? ReactivePowerVar { get; init; }

    /// <summary>L1 to L3; empty where the meter tells none.</summary>
    public ImmutableArray<PhaseReading> Phases { get; init; } = [];

    /// <summary>Sum over the phases, or what the meter tells.</summary>
    public decimal? CurrentA { get; init; }

    /// <summary>Id of the map of registers that it is read by.</summary>
    public string? Template { get; init; }
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Serial { get; init; }

    /// <summary>Why it is not good, for people; null while it is.</summary>
    public string? Trouble { get; init; }
}

public sealed record PhaseReading(decimal? VoltageV, decimal? CurrentA, decimal? PowerW);

/// <summary>What a meter of the site showed at a moment.</summary>
/// <param name="Meter">Its id.</param>
/// <param name="At">When it was read: the moment asked for, or the nearest that is known on the side where no current flowed.</param>
/// <param name="EnergyWh">Import register.</param>
/// <param name="Serial">As the meter tells it, for whoever is billed by it; null where it tells none.</param>
public sealed record MeterSample(string Meter, DateTimeOffset At, long EnergyWh, string? Serial = null);
