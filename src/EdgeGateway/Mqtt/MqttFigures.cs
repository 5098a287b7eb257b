namespace EdgeGateway.Mqtt;

/// <summary>How the broker is doing, for people.</summary>
/// <param name="State"><c>Connecting</c>, <c>Online</c>, <c>Offline</c>, <c>Refused</c> or <c>Unavailable</c>.</param>
/// <param name="Why">Why it is so; null when all is well.</param>
/// <param name="Version">Of MQTT, while online.</param>
/// <param name="Waiting">Messages that the broker has not confirmed yet.</param>
/// <param name="Dropped">Events and sessions that were lost since the start, because too many waited.</param>
public sealed record MqttFigures(
    string Broker, string State, DateTimeOffset Since, string? Why, string? Version, long Reconnects, int Waiting, long Dropped)
{
    /// <summary>Whether a technician should look at it. A first attempt that is under way is nothing yet.</summary>
    public bool IsDegraded => State is not (nameof(Protocols.Mqtt.MqttState.Online) or nameof(Protocols.Mqtt.MqttState.Connecting));
}
