using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Mqtt.Payloads;

namespace EdgeGateway.Mqtt;

/// <summary>A topic, or all topics of a kind.</summary>
/// <param name="Name">Of the payload and its schema.</param>
/// <param name="Pattern">Below the base topic; a name in braces is one level.</param>
/// <param name="ByGateway">Whether the gateway publishes it; else it listens to it.</param>
/// <param name="When">When it is published.</param>
/// <param name="Payload">Null: a word and no JSON.</param>
internal sealed record TopicKind(string Name, string Pattern, bool Retained, bool ByGateway, string Meaning, string When, JsonTypeInfo? Payload)
{
    /// <summary>Where the payload is no JSON: what it can be.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}

/// <summary>The whole topic tree (PRODUCT §4), described once: <c>docs mqtt</c>, the schemas at the admin listener and what commands there are come from here.</summary>
internal static class TopicTree
{
    public const string Answer = "answer";

    private static readonly MqttJson Json = MqttJson.Default;

    public static IReadOnlyList<TopicKind> All { get; } =
    [
        new("status", "status", true, true, "Whether the gateway is there", "at each connect; offline at its end, by the broker if the line breaks", null) { Words = [Topics.Online, Topics.Offline] },
        new("info", "info", true, true, "The gateway as a whole", "when it changes, at most once in 5 s", Json.InfoPayload),
        new("hub", "hubs/{name}", true, true, "The link to a hub", "when it changes, at most once in 5 s", Json.HubPayload),
        new("station", "stations/{id}", true, true, "A station, configured or seen", "when it changes, at most once a second", Json.StationPayload),
        new("evse", "stations/{id}/evses/{n}", true, true, "An EVSE and what charges there", "when it changes, at most once a second", Json.EvsePayload),
        new("session", "sessions/{id}", false, true, "A charging session", "at each change of its status; while it runs with its energy, at most once a second; the last one with the CDR's total", Json.SessionPayload),
        new("meter", "meters/{id}", true, true, "The newest reading of a meter, with its quality", "when it changes, at most once a second", Json.MeterPayload),
        new("event", "events", false, true, "What a technician should know", "when it happened; kept in order while the broker is away, the newest EventLimit of them", Json.EventPayload),
        Command("status", "Tells the state of the site, or of one station, in the answer", Json.StatusCommand),
        Command("start", "Starts a session for a token, which is authorized as if its card were shown", Json.StartCommand),
        Command("stop", "Ends a session", Json.StopCommand),
        Command("unlock", "Releases the plug of a connector", Json.UnlockCommand),
        Command("reset", "Restarts a charger", Json.ResetCommand),
        Command("availability", "Takes a station, an EVSE or a connector into service or out of it", Json.AvailabilityCommand),
        Command("trigger", "Has a charger send a message of its own now", Json.TriggerCommand),
        Command("hub-sync", "Delivers what waits for a hub now, and pulls its tokens anew", Json.HubSyncCommand),
        Command("accept", "Lets a station in that waits for it", Json.AcceptCommand),
        new(Answer, "response/{name}", false, true, "The answer to a command, where its request names no response topic (MQTT 5) of its own", "once for each request", Json.AnswerPayload),
    ];

    /// <summary>Names of commands, in the order of the tree.</summary>
    public static IReadOnlyList<string> Commands { get; } = [.. All.Where(static k => !k.ByGateway).Select(static k => k.Pattern["command/".Length..])];

    public static JsonTypeInfo? PayloadOf(string command) => All.FirstOrDefault(k => k.Name == $"command-{command}")?.Payload;

    private static TopicKind Command(string name, string meaning, JsonTypeInfo payload) =>
        new($"command-{name}", $"command/{name}", false, false, meaning, "taken with Mqtt:Commands true, and never when retained", payload);
}
