using EdgeGateway.Protocols.Mqtt.Native;

namespace EdgeGateway.Protocols.Mqtt;

/// <summary>Why there is no line, in people's words.</summary>
/// <param name="NeedsPeople">It will hardly mend itself: the pause is the longest at once.</param>
internal sealed record MqttFailure(string Why, bool NeedsPeople = false)
{
    /// <summary>The broker does not speak version 5, or hung up on hearing it.</summary>
    public bool OtherVersion { get; init; }

    /// <summary>It said so, instead of only hanging up.</summary>
    public bool SaidSo { get; init; }

    /// <summary>The broker ended a line that stood, without a word.</summary>
    public bool HungUp { get; init; }
}

/// <summary>From errors of the library, the system and the broker to people's words.</summary>
internal static class MqttReasons
{
    /// <summary>Reason codes of MQTT 5 from here on are refusals (2.4).</summary>
    public const int FirstRefusal = 128;

    private const int Refused = 111;
    private const int TimedOut = 110;

    /// <summary>CONNACK (MQTT 5, 3.2.2.2; 1 to 5: 3.1.1, 3.2.2.3).</summary>
    public static MqttFailure ConnectRefused(int reason, MqttOptions options) => reason switch
    {
        1 or 132 => new("the broker does not speak this version of MQTT") { OtherVersion = true, SaidSo = true },
        2 or 133 => new($"the broker refused the client id {options.ClientId}", true),
        4 or 5 or 134 or 135 or 140 => new(options.Username is null ? "the broker refused us: it wants a user" : $"the broker refused the login (user {options.Username})", true),
        138 => new("the broker has banned us", true),
        3 or 136 or 137 or 151 or 159 => new("the broker is busy or not available"),
        _ => new($"the broker refused the connection (reason {reason})", true),
    };

    /// <summary>PUBACK or SUBACK (MQTT 5, 3.4.2.1, 3.9.3).</summary>
    public static string Denied(string what, string topic, int reason) => reason switch
    {
        128 or 135 => $"the broker does not allow us to {what} {topic}",
        144 => $"the broker finds the topic {topic} invalid",
        151 => $"the broker's quota is used up ({what} {topic})",
        _ => $"the broker refused to let us {what} {topic} (reason {reason})",
    };

    /// <summary>It hangs up whenever this message is sent.</summary>
    public static string HangsUpOn(string topic) => $"the broker hangs up on {topic}: does its access list forbid it?";

    /// <summary>It hangs up again and again.</summary>
    public static string Restless(MqttFailure failure, MqttOptions options) =>
        $"{failure.Why}, soon after its welcome and not for the first time: is the client id {options.ClientId} used twice, or a topic forbidden?";

    /// <summary>connect failed, before or while CONNECT was sent.</summary>
    public static MqttFailure NotReached(int result, int errno, IReadOnlyList<string> notes, MqttOptions options) => result switch
    {
        Mosquitto.ErrorName => new($"the name {options.Broker.IdnHost} cannot be resolved"),
        Mosquitto.ErrorTls => Tls(notes, options),
        Mosquitto.ErrorErrno => errno switch
        {
            Refused => new($"nobody listens at {Place(options)}"),
            TimedOut => new($"no answer from {Place(options)}"),
            100 or 101 or 113 => new($"there is no way to {Place(options)}: is the network up?"),
            _ => new($"{Place(options)} is not reached (error {errno} of the system)"),
        },
        _ => new($"{Place(options)} is not reached (error {result} of the library)"),
    };

    /// <summary>The line ended before the broker answered CONNECT.</summary>
    public static MqttFailure NotAnswered(int result, IReadOnlyList<string> notes, MqttOptions options)
    {
        // A client certificate is refused after the handshake (TLS 1.3), as a lost line with an alert in it.
        if (options.IsSecure && (result == Mosquitto.ErrorTls || notes.Any(note => note.Contains("OpenSSL", StringComparison.Ordinal))))
            return Tls(notes, options);
        return result switch
        {
            // A broker of version 3 answers version 5 with a CONNACK that is too short for it.
            Mosquitto.ErrorProtocol or Mosquitto.ErrorMalformed => new("what answers is no MQTT broker, or an old one") { OtherVersion = true, SaidSo = true },
            Mosquitto.ErrorKeepAlive => NoAnswer(options),
            _ => new($"the broker hung up at once{(options.IsSecure ? "" : ": does it want mqtts, or is there no more room?")}") { OtherVersion = true },
        };
    }

    public static MqttFailure NoAnswer(MqttOptions options) => new($"{Place(options)} takes the connection but does not answer");

    public static MqttFailure NotConfirmed(MqttOptions options) => new($"the broker has confirmed nothing for {options.ConfirmWithin.TotalSeconds:0.#} s");

    /// <summary>A line that stood ended.</summary>
    /// <param name="reason">The broker's, if it gave one (MQTT 5, 3.14.2.1).</param>
    public static MqttFailure Lost(int result, int? reason, MqttOptions options) => reason switch
    {
        139 => new("the broker is shutting down"),
        142 => new($"another client took our place: is the client id {options.ClientId} used twice?", true),
        138 or 152 => new("the broker threw us out", true),
        >= FirstRefusal => new($"the broker hung up (reason {reason})"),
        _ when result == Mosquitto.ErrorKeepAlive => new("the broker fell silent"),
        _ when result is Mosquitto.ErrorConnectionLost or Mosquitto.ErrorNoConnection or Mosquitto.ErrorErrno => new("the broker hung up") { HungUp = true },
        _ => new($"the line to the broker broke (error {result} of the library)"),
    };

    private static MqttFailure Tls(IReadOnlyList<string> notes, MqttOptions options)
    {
        if (Says("host name verification failed"))
            return new($"the broker's certificate is not for {options.Broker.IdnHost}", true);
        if (Says("certificate verify failed"))
            return new($"the broker's certificate is not trusted: not from {options.CaFile ?? "an authority of this system"}, or out of its dates (is the clock right?)", true);
        if (Says("Unable to load CA"))
            return new($"{options.CaFile} holds no certificate", true);
        if (Says("Unable to load client") || Says("inconsistent"))
            return new($"{options.CertificateFile} and {options.KeyFile} are no certificate with its key", true);
        if (Says("alert") && notes.Any(note => note.Contains("certificate", StringComparison.Ordinal) || note.Contains("unknown ca", StringComparison.Ordinal)))
            return new(options.CertificateFile is null ? "the broker wants a certificate of ours" : $"the broker refused our certificate {options.CertificateFile}", true);
        return Says("wrong version number") ? new($"{Place(options)} does not speak TLS", true) : new($"TLS failed with {Place(options)}");

        bool Says(string text) => notes.Any(note => note.Contains(text, StringComparison.OrdinalIgnoreCase));
    }

    private static string Place(MqttOptions options) => $"{options.Broker.IdnHost}:{options.Port}";
}
