using System.Collections.Immutable;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Model;

/// <summary>A charging station as it is now. Belongs to the charger, not to its line (FIELD-NOTES 4).</summary>
public sealed record Station
{
    public required string Id { get; init; }

    /// <summary>A station that is not configured needs the technician's word or <see cref="UnknownStations.Accept"/>.</summary>
    public Admission Admission { get; init; } = Admission.Accepted;
    public bool Connected { get; init; }

    /// <summary>When the line last came or went.</summary>
    public DateTimeOffset LineChanged { get; init; }
    public string? Protocol { get; init; }
    public string? Remote { get; init; }
    public StationIdentity? Identity { get; init; }
    public DateTimeOffset? Booted { get; init; }

    /// <summary>What is to be added to the charger's times; null while its clock is right or not known.</summary>
    public TimeSpan? ClockOffset { get; init; }

    /// <summary>What live messages say of the charger's clock, while that is being found out. Not kept on disk.</summary>
    public ClockSample? ClockSeen { get; init; }

    /// <summary>The newest told time of a start: a later one cannot be a repeat, so that nothing has to be looked up for it.</summary>
    public DateTimeOffset? LatestStart { get; init; }
    public ImmutableSortedDictionary<int, Connector> Connectors { get; init; } = ImmutableSortedDictionary<int, Connector>.Empty;
}

/// <param name="Offset">Between our time and the charger's, at the first of these messages.</param>
/// <param name="Told">The newest of the charger's times.</param>
/// <param name="First">When the first of them came.</param>
/// <param name="Count">Messages that showed the same offset.</param>
public sealed record ClockSample(TimeSpan Offset, DateTimeOffset Told, DateTimeOffset First, int Count);

/// <summary>What a station tells of itself at boot.</summary>
public sealed record StationIdentity(string Vendor, string Model, string? Serial, string? Firmware, string? Meter = null, string? Iccid = null);

/// <summary>A connector's newest state. Keyed by <see cref="Key"/> within its station.</summary>
public sealed record Connector
{
    public required Position At { get; init; }
    public required ConnectorState State { get; init; }
    public string? ErrorCode { get; init; }
    public string? Info { get; init; }
    public string? VendorErrorCode { get; init; }

    /// <summary>By the charger's clock, repaired; an older one never overrides (FIELD-NOTES 3).</summary>
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset Received { get; init; }

    /// <summary>EVSE number times 100 plus connector number; 0 is the station itself.</summary>
    public static int Key(Position at) => (at.Evse * 100) + at.Connector;
}

public enum ConnectorState
{
    Available,

    /// <summary>Plugged in or otherwise taken, no transaction yet.</summary>
    Preparing,
    Charging,

    /// <summary>The vehicle does not ask for power.</summary>
    SuspendedEV,

    /// <summary>Our side withholds power.</summary>
    SuspendedEvse,
    Finishing,
    Reserved,
    Unavailable,
    Faulted,

    /// <summary>Taken, as a 2.x station tells it: by whom, and what he does, its transaction says.</summary>
    Occupied,
}

/// <summary>What the world is shown of an EVSE (LO5).</summary>
public enum EvseStatus
{
    Available,
    Blocked,
    Charging,
    Inoperative,
    OutOfOrder,
    Planned,
    Removed,
    Reserved,
    Unknown,
}
