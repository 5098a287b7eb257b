namespace EdgeGateway.Protocols.Mqtt;

/// <summary>A message, told or heard. What MQTT 5 added is left out towards a 3.1.1 broker, and absent from one.</summary>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Told: the broker keeps it for those who come later. Heard: it was kept, so it is no request of now.</summary>
    public bool Retain { get; init; }

    /// <summary>Where an answer is wanted (MQTT 5, 3.3.2.3.5).</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>What the answer must carry, so that the asker knows it (MQTT 5, 3.3.2.3.6); empty for none.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>How long it is worth anything, counted from here; whole seconds on the wire.</summary>
    public TimeSpan? Expiry { get; init; }

    public string? ContentType { get; init; }
}
