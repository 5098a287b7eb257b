using EdgeGateway.Mqtt.Payloads;

namespace EdgeGateway.Mqtt;

/// <summary>What MQTT shows and does of parts of the program that it does not know itself; the joining code fills it in.</summary>
public sealed record MqttParts
{
    public required DateTimeOffset Started { get; init; }
    public required string Version { get; init; }

    /// <summary>The settings in force, read anew at each use.</summary>
    public required Func<MqttSettings> Settings { get; init; }

    /// <summary>Of the configuration in force, keyed so that nothing of it can be guessed.</summary>
    public required Func<string> ConfigHash { get; init; }
    public required Func<bool> IsClockSynchronized { get; init; }

    /// <summary>Size and limit in bytes.</summary>
    public required Func<(long Size, long Limit)> Storage { get; init; }

    public required Func<CancellationToken, ValueTask<IReadOnlyList<HubPayload>>> HubsAsync { get; init; }

    /// <summary>What is degraded in the whole program.</summary>
    public required Func<CancellationToken, ValueTask<IReadOnlyList<DegradedPayload>>> DegradedAsync { get; init; }

    /// <summary>When something was last heard of a station; null when it has no line.</summary>
    public required Func<string, DateTimeOffset?> LastSeen { get; init; }

    /// <summary>Delivers what waits for a hub now and pulls its tokens; how that went in words, or null when there is no such hub.</summary>
    public required Func<string, CancellationToken, Task<string?>> SyncHubAsync { get; init; }
}
