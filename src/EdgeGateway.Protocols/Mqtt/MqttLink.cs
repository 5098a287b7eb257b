namespace EdgeGateway.Protocols.Mqtt;

public enum MqttState
{
    /// <summary>The first attempt is under way, or none was made yet.</summary>
    Connecting,

    Online,

    /// <summary>The broker is not reached; tried again by itself.</summary>
    Offline,

    /// <summary>The broker, or we, said no: login, certificate, a file that is missing. Tried again by itself, at the longest pause.</summary>
    Refused,

    /// <summary>The library is not installed.</summary>
    Unavailable,
}

/// <summary>How the broker is doing, for status and health.</summary>
public sealed record MqttLink
{
    public required MqttState State { get; init; }

    /// <summary>When <see cref="State"/> began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is so, in people's words; while online, what the broker refused last. Empty when all is well.</summary>
    public string Why { get; init; } = "";

    /// <summary><c>5</c> or <c>3.1.1</c> while online, else null.</summary>
    public string? Version { get; init; }

    /// <summary>Connections after the first.</summary>
    public long Reconnects { get; init; }

    /// <summary>Events lost: too many waited, too old, or refused by the broker.</summary>
    public long Dropped { get; init; }

    /// <summary>Messages lost on the way in: more came than were handled, or longer than <see cref="MqttLimits.Payload"/>.</summary>
    public long DroppedIn { get; init; }

    /// <summary>Events and states that the broker has not confirmed yet.</summary>
    public int Waiting { get; init; }
}
