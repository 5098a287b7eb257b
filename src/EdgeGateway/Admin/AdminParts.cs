using System.Text.Json;
using EdgeGateway.Site;

namespace EdgeGateway.Admin;

/// <summary>What the technician's listener needs of the parts of the program that it does not know itself; the joining code fills it in.</summary>
public sealed record AdminParts
{
    public required DateTimeOffset Started { get; init; }

    /// <summary>Basic auth's, any user; null: none is asked for (loopback only).</summary>
    public string? Password { get; init; }

    /// <summary>Sends a charger any message and waits for its answer. Never throws for what a charger does.</summary>
    public required Func<string, string, JsonElement, CancellationToken, Task<CallAnswer>> CallAsync { get; init; }

    /// <summary>A frame as people may see it: uids are masked.</summary>
    public required Func<Frame, Frame> Frame { get; init; }

    public required Func<CancellationToken, ValueTask<IReadOnlyList<HubView>>> HubsAsync { get; init; }

    /// <summary>Hub, <c>register</c>, <c>update</c> or <c>unregister</c>, and how.</summary>
    public required Func<string, string, HubRequest, CancellationToken, Task<HubActed>> HubActionAsync { get; init; }

    /// <summary>Chargers' lines.</summary>
    public required AdminLines Lines { get; init; }

    /// <summary>Firmware for chargers and logs of theirs.</summary>
    public required AdminFiles Files { get; init; }

    /// <summary>An entry of this hub's was made due by hand: it is not to wait for a hub that asked for patience.</summary>
    public Action<string> Hasten { get; init; } = static _ => { };
    /// <summary>What is known of a station beyond its state.</summary>
    public Func<string, CancellationToken, ValueTask<StationLore>> LoreAsync { get; init; } = static (_, _) => new(new StationLore());

    public required Func<StorageView> Storage { get; init; }

    /// <summary>How the broker is doing; null where none is configured.</summary>
    public Func<MqttView?> Mqtt { get; init; } = static () => null;

    /// <summary>JSON schemas of what is published there, by name; the empty name is their index.</summary>
    public Func<string, string?> Schema { get; init; } = static _ => null;

    public required SecurityParts Security { get; init; }

    /// <summary>The site's meters, and the lines that they are read on.</summary>
    public required MeterParts Meters { get; init; }

    /// <summary>What is degraded beyond what the site itself tells.</summary>
    public required Func<IEnumerable<Degradation>> Degraded { get; init; }
}

/// <summary>Files that go between chargers and people.</summary>
public sealed record AdminFiles
{
    public required Func<IReadOnlyList<FirmwareView>> Firmware { get; init; }

    /// <summary>Of one firmware file.</summary>
    public required Func<long> MostBytes { get; init; }

    /// <summary>Why not; null when it is here.</summary>
    public required Func<string, Stream, CancellationToken, Task<string?>> KeepAsync { get; init; }

    /// <summary>Why not; null when it is gone.</summary>
    public required Func<string, string?> Drop { get; init; }

    /// <summary>The log of a station's job; null when it is not here.</summary>
    public required Func<string, int, CancellationToken, Task<Stream?>> OpenLogAsync { get; init; }
}
