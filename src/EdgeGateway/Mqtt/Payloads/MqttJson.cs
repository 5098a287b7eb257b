using System.Text.Json.Serialization;

namespace EdgeGateway.Mqtt.Payloads;

/// <summary>Every member is always written: one that is null says that nothing is known, one that was missing would say nothing. What comes in is read strictly (S6).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = 8,
    Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(InfoPayload))]
[JsonSerializable(typeof(HubPayload))]
[JsonSerializable(typeof(StationPayload))]
[JsonSerializable(typeof(EvsePayload))]
[JsonSerializable(typeof(MeterPayload))]
[JsonSerializable(typeof(SessionPayload))]
[JsonSerializable(typeof(EventPayload))]
[JsonSerializable(typeof(StatusCommand))]
[JsonSerializable(typeof(StartCommand))]
[JsonSerializable(typeof(StopCommand))]
[JsonSerializable(typeof(UnlockCommand))]
[JsonSerializable(typeof(ResetCommand))]
[JsonSerializable(typeof(AvailabilityCommand))]
[JsonSerializable(typeof(TriggerCommand))]
[JsonSerializable(typeof(HubSyncCommand))]
[JsonSerializable(typeof(AcceptCommand))]
[JsonSerializable(typeof(AnswerPayload))]
[JsonSerializable(typeof(RetainedTopics))]
internal sealed partial class MqttJson : JsonSerializerContext;

/// <summary>What was retained where, kept in the database: what is gone has to be cleared, also by the next run of the program.</summary>
public sealed record RetainedTopics
{
    public required string Broker { get; init; }
    public IReadOnlyList<string> Topics { get; init; } = [];
}
