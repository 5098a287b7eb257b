using System.ComponentModel;

namespace EdgeGateway.Mqtt.Payloads;

// What is retained: each message says all that is known of its object, so that whoever comes later needs nothing else. Descriptions are what
// `docs mqtt` prints and what the schemas carry.

public sealed record InfoPayload
{
    [Description("The site's id")]
    public required string SiteId { get; init; }

    [Description("The site's name")]
    public required string SiteName { get; init; }

    [Description("Country code and party id of the operator, for example DE-ABC")]
    public required string Party { get; init; }

    [Description("Version of the gateway")]
    public required string Version { get; init; }

    [Description("When the gateway was started")]
    public required DateTimeOffset Started { get; init; }

    [Description("Changes whenever another configuration is in force; says nothing about what is in it")]
    public required string ConfigHash { get; init; }

    [Description("Whether this machine's clock is known to be synchronized")]
    [OneOf("synchronized", "unknown")]
    public required string Clock { get; init; }

    [Description("Size of the database in bytes")]
    public required long StorageBytes { get; init; }

    [Description("Size in bytes that the database may grow to")]
    public required long StorageLimitBytes { get; init; }

    [Description("Sessions that charge now")]
    public required int ActiveSessions { get; init; }

    [Description("Something does not work as it should; degraded says what")]
    public required bool Problem { get; init; }

    [Description("What does not work as it should, while charging goes on")]
    public required IReadOnlyList<DegradedPayload> Degraded { get; init; }
}

public sealed record DegradedPayload
{
    [Description("A stable word, for example StationOffline")]
    public required string Code { get; init; }

    [Description("What it is about, for example a station's id")]
    public required string Subject { get; init; }

    [Description("For people")]
    public required string Text { get; init; }
}

public sealed record HubPayload
{
    [Description("The hub's name in the configuration")]
    public required string Name { get; init; }

    [Description("State of the link")]
    [OneOf("Unregistered", "Online", "Offline", "Suspended")]
    public required string State { get; init; }

    [Description("The state is Online")]
    public required bool Online { get; init; }

    [Description("OCPI version that is spoken with it; null while none is agreed on")]
    public required string? Version { get; init; }

    [Description("Messages that wait to be delivered")]
    public required long Backlog { get; init; }

    [Description("Since when the oldest of them waits; null when none does")]
    public required DateTimeOffset? Oldest { get; init; }

    [Description("Messages that the hub refused for good")]
    public required long DeadLetters { get; init; }

    [Description("When something was last delivered; null when nothing ever was")]
    public required DateTimeOffset? LastDelivery { get; init; }

    [Description("Why it is not online, for people; null while it is")]
    public required string? Trouble { get; init; }
}

public sealed record StationPayload
{
    [Description("The station's id")]
    public required string Id { get; init; }

    [Description("False: it is in no configuration")]
    public required bool Configured { get; init; }

    [Description("Whether it was let in")]
    [OneOf("Accepted", "Pending", "Rejected")]
    public required string Admission { get; init; }

    [Description("It has a line to the gateway")]
    public required bool Connected { get; init; }

    [Description("When the line last came or went; null when it was never there")]
    public required DateTimeOffset? LineChanged { get; init; }

    [Description("What is spoken on its line, for example OCPP 1.6")]
    public required string? Protocol { get; init; }

    [Description("Version of OCPP on its line; null without OCPP")]
    public required string? OcppVersion { get; init; }

    [Description("As the station told")]
    public required string? Vendor { get; init; }

    [Description("As the station told")]
    public required string? Model { get; init; }

    [Description("As the station told")]
    public required string? Serial { get; init; }

    [Description("As the station told")]
    public required string? Firmware { get; init; }

    [Description("When something was last heard of it, to about a minute; null when nothing was since the gateway started")]
    public required DateTimeOffset? LastSeen { get; init; }

    [Description("What is added to the station's times, in seconds; null while its clock is right")]
    public required double? ClockOffsetSeconds { get; init; }

    [Description("Error codes of its connectors, for example 1/1 GroundFailure; empty when there is none")]
    public required IReadOnlyList<string> Faults { get; init; }
}

public sealed record EvsePayload
{
    [Description("The station's id")]
    public required string Station { get; init; }

    [Description("1-based number of the EVSE on its station")]
    public required int Evse { get; init; }

    [Description("eMI3 id, for example DE*ABC*E1001*1; null when none is configured")]
    public required string? EvseId { get; init; }

    [Description("What is written on it, for example Bay 1")]
    public required string? PhysicalReference { get; init; }

    [Description("OCPI EVSE status, as hubs are shown it")]
    [OneOf("AVAILABLE", "BLOCKED", "CHARGING", "INOPERATIVE", "OUTOFORDER", "PLANNED", "REMOVED", "RESERVED", "UNKNOWN")]
    public required string Status { get; init; }

    [Description("As the charger told it of the connector that is in use, else of the first; null when it has not yet")]
    [OneOf("Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEvse", "Finishing", "Reserved", "Unavailable", "Faulted", "Occupied")]
    public required string? ConnectorStatus { get; init; }

    [Description("Power of the session in W; 0 while there is none, null where it is not told")]
    public required decimal? PowerW { get; init; }

    [Description("Energy of the session in Wh since its start; null while there is none")]
    public required long? EnergyWh { get; init; }

    [Description("Id of the session; null while there is none")]
    public required string? Session { get; init; }

    [Description("When the session began")]
    public required DateTimeOffset? SessionStarted { get; init; }

    [Description("Each connector")]
    public required IReadOnlyList<ConnectorPayload> Connectors { get; init; }
}

public sealed record ConnectorPayload
{
    [Description("1-based number of the connector on its EVSE")]
    public required int Connector { get; init; }

    [Description("As the charger told; null when it has not yet")]
    [OneOf("Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEvse", "Finishing", "Reserved", "Unavailable", "Faulted", "Occupied")]
    public required string? Status { get; init; }

    [Description("As the charger told; null without a fault")]
    public required string? ErrorCode { get; init; }

    [Description("As the charger told; null without a fault")]
    public required string? VendorErrorCode { get; init; }

    [Description("As the charger told, for people")]
    public required string? Info { get; init; }

    [Description("Since when it is in this state")]
    public required DateTimeOffset? Since { get; init; }

    [Description("Id of the session; null while there is none")]
    public required string? Session { get; init; }
}

public sealed record MeterPayload
{
    [Description("The meter's id")]
    public required string Id { get; init; }

    [Description("What it is there for")]
    [OneOf("Grid", "Station")]
    public required string Role { get; init; }

    [Description("The station that it measures; null for the grid's")]
    public required string? Station { get; init; }

    [Description("The EVSE that it measures; null for the grid's")]
    public required int? Evse { get; init; }

    [Description("None: nothing was read yet; Stale: it is silent; Implausible: it says what cannot be, and the values are the last that could")]
    [OneOf("None", "Good", "Stale", "Implausible")]
    public required string Quality { get; init; }

    [Description("When the values were read; null when none ever were")]
    public required DateTimeOffset? At { get; init; }

    [Description("Import register in Wh: from the grid towards the load")]
    public required long? EnergyWh { get; init; }

    [Description("Export register in Wh")]
    public required long? ExportWh { get; init; }

    [Description("Power in W, import positive")]
    public required decimal? PowerW { get; init; }

    [Description("Reactive power in var")]
    public required decimal? ReactivePowerVar { get; init; }

    [Description("Power factor")]
    public required decimal? PowerFactor { get; init; }

    [Description("Frequency in Hz")]
    public required decimal? FrequencyHz { get; init; }

    [Description("Current in A, sum over the phases")]
    public required decimal? CurrentA { get; init; }

    [Description("Voltage of phase L1 to neutral in V")]
    public required decimal? VoltageL1V { get; init; }

    [Description("Voltage of phase L2 to neutral in V")]
    public required decimal? VoltageL2V { get; init; }

    [Description("Voltage of phase L3 to neutral in V")]
    public required decimal? VoltageL3V { get; init; }

    [Description("Current of phase L1 in A")]
    public required decimal? CurrentL1A { get; init; }

    [Description("Current of phase L2 in A")]
    public required decimal? CurrentL2A { get; init; }

    [Description("Current of phase L3 in A")]
    public required decimal? CurrentL3A { get; init; }

    [Description("Power of phase L1 in W")]
    public required decimal? PowerL1W { get; init; }

    [Description("Power of phase L2 in W")]
    public required decimal? PowerL2W { get; init; }

    [Description("Power of phase L3 in W")]
    public required decimal? PowerL3W { get; init; }

    [Description("As the meter told")]
    public required string? Vendor { get; init; }

    [Description("As the meter told")]
    public required string? Model { get; init; }

    [Description("As the meter told")]
    public required string? Serial { get; init; }

    [Description("Why it is not good, for people; null while it is")]
    public required string? Trouble { get; init; }
}
