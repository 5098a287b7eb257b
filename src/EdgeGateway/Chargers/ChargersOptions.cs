using System.Collections.Immutable;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>Settings of the charger side. Read anew for each connection, so an edited file needs no restart.</summary>
public sealed record ChargersOptions
{
    public IReadOnlyList<StationAccess> Stations { get; init; } = [];

    /// <summary>Chargers without OCPP.</summary>
    public IReadOnlyList<Modbus.ModbusLine> ModbusLines { get; init; } = [];
    public UnknownStations UnknownStations { get; init; } = UnknownStations.Pending;

    /// <summary>Given to chargers in the boot answer, and the measure of how long a line without pongs may be silent.</summary>
    public int HeartbeatSeconds { get; init; } = 300;

    /// <summary>How often chargers are to measure during a transaction; 0 leaves them as they are.</summary>
    public int MeterValueSeconds { get; init; } = 60;

    /// <summary>Cards that a charger is given to accept by itself while it has no line, at most; 0: none.</summary>
    public int LocalListEntries { get; init; } = 500;

    /// <summary>How long a charger may take to answer.</summary>
    public int CallTimeoutSeconds { get; init; } = 30;

    /// <summary>Asked again by a charger in quarantine after this.</summary>
    public int PendingSeconds { get; init; } = 30;

    /// <summary>Nothing is sent to a charger before its Boot was answered or its line is this old (FIELD-NOTES 9).</summary>
    public int QuietSeconds { get; init; } = 5;

    /// <summary>Lines of stations that nobody has let in yet (S3).</summary>
    public int QuarantineLimit { get; init; } = 16;

    /// <summary>What one line may say in the long run, and all together; beyond their bursts they are slowed down (S5).</summary>
    public int LineMessagesPerSecond { get; init; } = 100;
    public int SiteMessagesPerSecond { get; init; } = 2000;

    /// <summary>All lines together; beyond it the answer is 503.</summary>
    public int LineLimit { get; init; } = 2000;

    /// <summary>Settings that every charger is brought to, where it knows them.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the installer's own files say of models; before the built-in book.</summary>
    public ImmutableArray<QuirkPage> QuirkPages { get; init; } = [];

    /// <summary>Firmware and logs, and where chargers fetch and bring them.</summary>
    public Files.FilesOptions Files { get; init; } = new();

    /// <summary>Whether the name is that of a charger without OCPP: whoever comes by OCPP under it is somebody else.</summary>
    public bool IsOverModbus(string station) => ModbusLines.Any(l => string.Equals(l.Station, station, StringComparison.OrdinalIgnoreCase));

    public StationAccess? Station(string id)
    {
        foreach (var station in Stations)
        {
            if (string.Equals(station.Id, id, StringComparison.OrdinalIgnoreCase))
                return station;
        }
        return null;
    }
}

/// <summary>How one charger is let in, and what its model needs (the quirks of FIELD-NOTES' twelfth).</summary>
public sealed record StationAccess
{
    public required string Id { get; init; }

    /// <summary>For Basic auth. Null: the one whose hash is in the database, if there is one.</summary>
    public string? Password { get; init; }

    /// <summary>Security profile 0, an explicit exception for this station (S1).</summary>
    public bool AllowWithoutPassword { get; init; }

    /// <summary>The least OCPP security profile that it is let in with: 1 a password, 2 over TLS, 3 a client certificate. Null: a password, over
    /// whatever it comes.</summary>
    public int? SecurityProfile { get; init; }

    /// <summary>CN of its vendor's certificate, where that is not its id.</summary>
    public string? CertificateName { get; init; }

    /// <summary>Subprotocol of a charger that offers none or a wrong one, for example <c>ocpp1.6</c> (FIELD-NOTES 5).</summary>
    public string? AssumeProtocol { get; init; }

    /// <summary>False: permessage-deflate is not agreed to (FIELD-NOTES 28). Null: as its model needs it.</summary>
    public bool? Compression { get; init; }

    /// <summary>A quiet line is pinged this often; 0 = never (FIELD-NOTES 16). Null: as its model needs it, else every <see cref="UsualPingSeconds"/>.</summary>
    public int? PingSeconds { get; init; }

    public const int UsualPingSeconds = 30;

    /// <summary>Commissioning: whatever is tolerated of this station is reported as an event.</summary>
    public bool Strict { get; init; }

    /// <summary>Settings that the charger is brought to: 1.6 keys, or <c>Component.Variable</c> of 2.x. They go before <see cref="ChargersOptions.Settings"/>.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Cut off the end of id tags (FIELD-NOTES 19), for example <c>_dummy1</c>; a lone <c>*</c> at its end stands for anything: <c>_*</c>.</summary>
    public string? IdTagSuffix { get; init; }

    /// <summary>Whether a line that was opened under the other may go on under this.</summary>
    public bool IsSameAtDoor(StationAccess other) => this with { Settings = other.Settings, Strict = other.Strict } == other;
}
