namespace EdgeGateway.Protocols.Mqtt;

/// <summary>How the broker is reached and what is kept while it is away.</summary>
public sealed record MqttOptions
{
    /// <summary><c>mqtt://host:1883</c> or <c>mqtts://host:8883</c>; the port may be left out.</summary>
    public required Uri Broker { get; init; }

    /// <summary>The broker throws out the former of two clients with the same id, so each gateway has its own.</summary>
    public required string ClientId { get; init; }

    public string? Username { get; init; }
    public string? Password { get; init; }

    /// <summary>PEM file with the authorities that a broker's certificate may come from; null is the system's store. There is no switch to trust others (S7).</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with our certificate and its chain; with <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the key of <see cref="CertificateFile"/>, without a passphrase.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whole seconds, at least <see cref="MqttLimits.ShortestKeepAlive"/>. A silent broker is given up after twice this.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a v5 broker keeps our subscriptions and the requests that came meanwhile; a 3.1.1 broker chooses itself.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What the broker publishes in our name, at once, when the line breaks.</summary>
    public MqttMessage? Will { get; init; }

    /// <summary>Events that wait for the broker; the oldest is dropped, and counted, for one more.</summary>
    public int EventLimit { get; init; } = 1000;

    /// <summary>Retained topics that are ours; one more is refused.</summary>
    public int StateLimit { get; init; } = 10_000;

    /// <summary>The pause after a first failure; doubled for each further one, each time shortened by up to half at random.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause, and the one after a refusal that only people can mend.</summary>
    public TimeSpan RetryAtMost { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A broker that has not answered CONNECT, or not confirmed a message, for this long is given up.</summary>
    public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromSeconds(20);
}
