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

    public bool IsSecure => Broker.Scheme == "mqtts";

    public int Port => Broker.Port > 0 ? Broker.Port : IsSecure ? 8883 : 1883;

    /// <returns>The first thing that cannot be, in people's words; null when all can.</returns>
    public string? Fault()
    {
        if (!Broker.IsAbsoluteUri || Broker.Scheme is not ("mqtt" or "mqtts") || Broker.Host.Length == 0)
            return "the broker must be given as mqtt://host:port or mqtts://host:port";
        if (!MqttLimits.IsTopic(ClientId))
            return "the client id must have characters, but none of +, # and controls";
        if (Password is not null && Username is null)
            return "a password needs a user";
        if (CertificateFile is null != KeyFile is null)
            return "a certificate needs its key, and a key its certificate";
        if (!IsSecure && (CaFile ?? CertificateFile) is not null)
            return "certificates need mqtts://";
        if (KeepAlive < MqttLimits.ShortestKeepAlive || KeepAlive.TotalSeconds > ushort.MaxValue)
            return $"the keep-alive must be from {MqttLimits.ShortestKeepAlive.TotalSeconds:0} to {ushort.MaxValue} seconds";
        if (Will is not null && (!MqttLimits.IsTopic(Will.Topic) || Will.Payload.Length > MqttLimits.Payload))
            return "the last will breaks a limit of topics or payloads";
        return EventLimit < 1 || StateLimit < 1 || RetryAfter <= TimeSpan.Zero || RetryAtMost < RetryAfter || ConfirmWithin <= TimeSpan.Zero
            ? "limits and times must be more than nothing, and the longest pause not shorter than the first"
            : null;
    }
}
