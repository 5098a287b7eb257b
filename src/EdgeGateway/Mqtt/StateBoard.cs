using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Mqtt;

/// <summary>All that is retained, as it is now: topic and payload.</summary>
internal sealed class StateBoard(SiteEngine engine, ISiteMeters? meters, MqttParts parts, TimeProvider clock)
{
    /// <summary>When a station was last heard of changes with each message: what is shown follows in steps of this.</summary>
    public static readonly TimeSpan LastSeenStep = TimeSpan.FromMinutes(1);

    /// <summary>A database grows with every message: its size is shown in steps of this many bytes.</summary>
    public const long StorageStep = 1024 * 1024;

    private static readonly MqttJson Json = MqttJson.Default;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _lastSeen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Hubs as they were at the last look, for commands and discovery.</summary>
    public IReadOnlyList<HubPayload> Hubs { get; private set; } = [];
    public IReadOnlyList<MeterReading> Meters => meters?.Newest ?? [];
    public SiteState State => engine.State;

    public async Task<InfoPayload> InfoAsync(CancellationToken cancellationToken)
    {
        var state = engine.State;
        var (size, limit) = parts.Storage();
        var degraded = await parts.DegradedAsync(cancellationToken);
        return new()
        {
            SiteId = state.Configuration.Site.Id,
            SiteName = state.Configuration.Site.Name,
            Party = state.Configuration.Party.ToString(),
            Version = parts.Version,
            Started = parts.Started,
            ConfigHash = parts.ConfigHash(),
            Clock = parts.IsClockSynchronized() ? "synchronized" : "unknown",
            StorageBytes = (size + StorageStep - 1) / StorageStep * StorageStep,
            StorageLimitBytes = limit,
            ActiveSessions = state.Sessions.Values.Count(static s => s.Status is SessionStatus.Active),
            Problem = degraded.Count > 0,
            Degraded = degraded,
        };
    }

    /// <summary>The whole site.</summary>
    public async Task<Dictionary<string, byte[]>> AllAsync(Topics topics, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [topics.Info] = Bytes(await InfoAsync(cancellationToken), Json.InfoPayload) };
        Hubs = await parts.HubsAsync(cancellationToken);
        foreach (var hub in Hubs)
            all[topics.Hub(hub.Name)] = Bytes(hub, Json.HubPayload);
        var stations = engine.State.StationIds().ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var id in stations)
            AddStation(all, topics, id);
        foreach (var gone in _lastSeen.Keys.Where(k => !stations.Contains(k)))
            _lastSeen.TryRemove(gone, out _);
        foreach (var reading in Meters)
            all[topics.Meter(reading.Meter)] = Bytes(reading.View(), Json.MeterPayload);
        return all;
    }

    /// <summary>These stations and meters only.</summary>
    public Dictionary<string, byte[]> Some(Topics topics, IReadOnlyList<string> stations, IReadOnlyList<string> which)
    {
        var some = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var id in stations)
            AddStation(some, topics, id);
        if (which.Count > 0)
        {
            foreach (var reading in Meters.Where(m => which.Contains(m.Meter, StringComparer.OrdinalIgnoreCase)))
                some[topics.Meter(reading.Meter)] = Bytes(reading.View(), Json.MeterPayload);
        }
        return some;
    }

    /// <summary>Null when no station is called so.</summary>
    public StationPayload? Station(string id) => engine.State.Station(id, LastSeen(id));

    public IReadOnlyList<EvsePayload> Evses(string id) => [.. engine.State.Evses(id, clock.GetUtcNow())];

    public static byte[] Bytes<T>(T payload, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(payload, type);

    private void AddStation(Dictionary<string, byte[]> to, Topics topics, string id)
    {
        if (Station(id) is not { } station)
            return;
        to[topics.Station(station.Id)] = Bytes(station, Json.StationPayload);
        foreach (var evse in Evses(station.Id))
            to[topics.Evse(station.Id, evse.Evse)] = Bytes(evse, Json.EvsePayload);
    }

    private DateTimeOffset? LastSeen(string id)
    {
        if (parts.LastSeen(id) is { } now && (!_lastSeen.TryGetValue(id, out var shown) || (now - shown).Duration() >= LastSeenStep))
            _lastSeen[id] = now;
        return _lastSeen.TryGetValue(id, out var seen) ? seen : null;
    }
}
