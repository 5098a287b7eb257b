using System.Collections.Frozen;
using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>What the installer wrote down, checked and frozen. Replaced whole when the file changes.</summary>
public sealed record SiteConfiguration
{
    private readonly StationsById _stationsById = new();

    public required Party Party { get; init; }
    public required string PartyName { get; init; }
    public required SiteDescription Site { get; init; }
    public ImmutableArray<StationConfiguration> Stations { get; init; } = [];
    public UnknownStations UnknownStations { get; init; } = UnknownStations.Pending;
    public ImmutableArray<Token> LocalTokens { get; init; } = [];

    /// <summary>The site's own meters.</summary>
    public ImmutableArray<MeterConfiguration> Meters { get; init; } = [];
    public ImmutableArray<Tariff> Tariffs { get; init; } = [];

    /// <summary>In the order of the file. The first is owed the sessions of the site's own contract cards.</summary>
    public ImmutableArray<HubTerms> Hubs { get; init; } = [];

    /// <summary>What hubs are told of the place beyond its address.</summary>
    public LocationDetails Details { get; init; } = new();
    public SiteTimings Timings { get; init; } = new();

    /// <summary>Whether what a session costs in all is stated in whole coins of its currency, as it is paid (M10).</summary>
    public bool RoundTotals { get; init; }

    /// <summary>Whether hubs hear of the place at all: published, or shown to some drivers only (OCPI publish_allowed_to).</summary>
    public bool IsExposed => Site.Publish || !Details.PublishAllowedTo.IsDefaultOrEmpty;

    public StationConfiguration? Station(string id) => _stationsById.Of(Stations).GetValueOrDefault(id);

    public HubTerms? Hub(string? name) => name is null ? null : Hubs.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The site's own meter that measures what goes through an EVSE; null where it has none there.</summary>
    public MeterConfiguration? MeterOf(string station, int evse) => Meters.IsDefaultOrEmpty ? null : Meters.FirstOrDefault(m =>
        m.Role is MeterRole.Station && m.Evse == evse && string.Equals(m.Station, station, StringComparison.OrdinalIgnoreCase));

    public Tariff? Tariff(string id) => Tariffs.FirstOrDefault(t => string.Equals(t.Id, id, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Found on every message, so found by a table; says nothing of its own about a configuration, so equal to every other.</summary>
internal sealed class StationsById
{
    private Table? _table;

    public FrozenDictionary<string, StationConfiguration> Of(ImmutableArray<StationConfiguration> stations)
    {
        if (_table is not { } table || table.Stations != stations)
        {
            table = new(stations, stations.DistinctBy(s => s.Id, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(s => s.Id, StringComparer.OrdinalIgnoreCase));
            _table = table;
        }
        return table.ById;
    }

    public override bool Equals(object? obj) => obj is StationsById;

    public override int GetHashCode() => 0;

    private sealed record Table(ImmutableArray<StationConfiguration> Stations, FrozenDictionary<string, StationConfiguration> ById);
}

/// <summary>What to do with a charger that is not listed.</summary>
public enum UnknownStations
{
    Pending,
    Reject,
    Accept,
}

public sealed record SiteDescription
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Address { get; init; }
    public required string City { get; init; }
    public string? PostalCode { get; init; }

    /// <summary>State or province, where addresses name one.</summary>
    public string? State { get; init; }

    /// <summary>OCPI ParkingType (2.1.1: LocationType), for example <c>PARKING_LOT</c>; null = not said.</summary>
    public string? ParkingType { get; init; }

    /// <summary>ISO 3166-1 alpha-3, for example <c>DEU</c>.</summary>
    public required string Country { get; init; }

    /// <summary>WGS 84 degrees.</summary>
    public required decimal Latitude { get; init; }
    public required decimal Longitude { get; init; }

    /// <summary>IANA name, for example <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }
    public bool Publish { get; init; } = true;
}

public sealed record StationConfiguration
{
    public required string Id { get; init; }

    /// <summary>Hubs that are shown this station; its EVSEs and connectors can only narrow it.</summary>
    public Audience Publish { get; init; }
    public ImmutableArray<EvseConfiguration> Evses { get; init; } = [];

    public EvseConfiguration? Evse(int id) => Evses.FirstOrDefault(e => e.Id == id);
}

public sealed record EvseConfiguration
{
    /// <summary>1-based number on its station.</summary>
    public required int Id { get; init; }

    /// <summary>For ever and unique on this platform (LO1); by default <c>{station}-{evse}</c>.</summary>
    public required string Uid { get; init; }

    /// <summary>eMI3 id, for example <c>DE*ABC*E1001*1</c>; a CDR cannot do without it (LO3).</summary>
    public string? EvseId { get; init; }
    public string? PhysicalReference { get; init; }
    public Audience Publish { get; init; }
    public EvseDetails? Details { get; init; }
    public ImmutableArray<ConnectorConfiguration> Connectors { get; init; } = [];

    public ConnectorConfiguration? Connector(int id) => Connectors.FirstOrDefault(c => c.Id == id);
}

public sealed record ConnectorConfiguration
{
    /// <summary>1-based number on its EVSE.</summary>
    public required int Id { get; init; }

    /// <summary>OCPI's names, for example <c>IEC_62196_T2</c>, <c>SOCKET</c>, <c>AC_3_PHASE</c>: the field's common words.</summary>
    public required string Standard { get; init; }
    public required string Format { get; init; }
    public required string PowerType { get; init; }

    /// <summary>Volts; line to neutral for AC.</summary>
    public required int MaxVoltage { get; init; }

    /// <summary>Amperes per phase.</summary>
    public required int MaxAmperage { get; init; }
    public int? MaxElectricPowerW { get; init; }

    public Audience Publish { get; init; }
    public string? TermsAndConditionsUrl { get; init; }

    /// <summary>OCPI ConnectorCapability (2.3.0). Sessions that began under a former version were stored without: none, and not an array that cannot
    /// be written again with their CDR.</summary>
    public ImmutableArray<string> Capabilities { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Ids of tariffs; the first that is valid is the one that sessions are priced by.</summary>
    public ImmutableArray<string> Tariffs { get; init; } = [];
}

/// <summary>How long the site waits for what. All are settings; the defaults suit a site with a mobile uplink.</summary>
public sealed record SiteTimings
{
    /// <summary>A granted remote start that no transaction follows becomes INVALID after this (S2, K4: 15 minutes).</summary>
    public TimeSpan GrantLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A station without a line shows UNKNOWN after this (LO5).</summary>
    public TimeSpan OfflineGrace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a running session is owed anew to its hub because of meter values.</summary>
    public TimeSpan SessionUpdateInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a late Stop, or a sign of life, can still correct an inferred end.</summary>
    public TimeSpan InferredEndHold { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a transaction that was told to have ended waits for events that its numbering says are missing (2.x).</summary>
    public TimeSpan MissingEventsHold { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The same while the station has no line: the Stop may lie in its queue.</summary>
    public TimeSpan OfflineEndHold { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A station without a line for so long does not come back: its sessions end (FIELD-NOTES 22).</summary>
    public TimeSpan LostStation { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Given to chargers in the boot answer.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>A charger's time later than ours by more than this is wrong.</summary>
    public TimeSpan FutureTolerance { get; init; } = TimeSpan.FromMinutes(2);
}
