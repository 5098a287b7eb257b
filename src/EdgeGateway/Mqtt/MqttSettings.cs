namespace EdgeGateway.Mqtt;

/// <summary>Section <c>Mqtt</c> of the configuration.</summary>
public sealed record MqttSettings
{
    public const int UsualEventLimit = 1000;
    public const int UsualKeepAliveSeconds = 30;
    public const string UsualDiscoveryPrefix = "homeassistant";

    /// <summary><c>mqtt://host:1883</c> or <c>mqtts://host:8883</c>; null: there is none, and nothing of this runs.</summary>
    public Uri? Broker { get; init; }
    public string BaseTopic { get; init; } = "edge-gateway/site";

    /// <summary>Whether requests are taken.</summary>
    public bool Commands { get; init; }
    public bool HomeAssistantDiscovery { get; init; }
    public string DiscoveryPrefix { get; init; } = UsualDiscoveryPrefix;
    public string ClientId { get; init; } = "edge-gateway";
    public string? Username { get; init; }
    public string? Password { get; init; }

    /// <summary>PEM. Null: the machine's own authorities.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM, with <see cref="KeyFile"/>: what the gateway proves itself with.</summary>
    public string? CertificateFile { get; init; }
    public string? KeyFile { get; init; }
    public int KeepAliveSeconds { get; init; } = UsualKeepAliveSeconds;

    /// <summary>Events and sessions that are kept while the broker is away; then the oldest make room, and are counted.</summary>
    public int EventLimit { get; init; } = UsualEventLimit;

    /// <summary>Records print their members; a password is not to be printed (S11).</summary>
    public override string ToString() => Broker is null ? "no broker" : $"{Broker} below {BaseTopic}";
}
