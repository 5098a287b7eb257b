using System.Net;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Configuration;

/// <summary>The broker, and what is told to it (PRODUCT §4).</summary>
internal static class MqttReader
{
    private const string BrokerExpected = "mqtt://host:1883 or mqtts://host:8883";
    private const string TopicExpected = "a topic without wildcards, not beginning with '$' and without a '/' at either end";

    public static MqttSettings Read(Section mqtt, string folder, string siteId)
    {
        var broker = Broker(mqtt);
        var (user, password) = (mqtt.Text("Username", 256), mqtt.Text("Password", 512, secret: true));
        if (password is not null && user is null)
            mqtt.Findings.Fault(mqtt.At("Username"), null, "a user, because there is a password");
        if (password is not null && broker is { Scheme: "mqtt" } && !IsThisMachine(broker))
            mqtt.Findings.Note($"{mqtt.At("Broker")}: the password goes to {broker.Host} in plain text; mqtts:// protects it.");
        var (ca, certificate, key) = (Pem(mqtt, "CaFile", folder), Pem(mqtt, "CertificateFile", folder), Pem(mqtt, "KeyFile", folder));
        if (certificate is null != key is null)
            mqtt.Findings.Fault(mqtt.At(certificate is null ? "CertificateFile" : "KeyFile"), null, "a PEM file: a certificate and its key belong together");
        if (broker is { Scheme: "mqtt" } && (ca ?? certificate) is not null)
            mqtt.Findings.Fault(mqtt.At("Broker"), broker.ToString(), "mqtts://, because certificates are named; with mqtt:// they would protect nothing");
        return new()
        {
            Broker = broker,
            BaseTopic = Topic(mqtt, "BaseTopic") ?? $"edge-gateway/{Topics.Level(siteId)}",
            Commands = mqtt.Flag("Commands", false),
            HomeAssistantDiscovery = mqtt.Flag("HomeAssistantDiscovery", false),
            DiscoveryPrefix = Topic(mqtt, "DiscoveryPrefix") ?? MqttSettings.UsualDiscoveryPrefix,
            ClientId = mqtt.Text("ClientId", 128, Forms.CiString) ?? $"edge-gateway-{siteId}",
            Username = user,
            Password = password,
            CaFile = ca,
            CertificateFile = certificate,
            KeyFile = key,
            KeepAliveSeconds = mqtt.Integer("KeepAliveSeconds", 5, 3600) ?? MqttSettings.UsualKeepAliveSeconds,
            EventLimit = mqtt.Integer("EventLimit", 1, 100_000) ?? MqttSettings.UsualEventLimit,
        };
    }

    private static Uri? Broker(Section mqtt)
    {
        if (mqtt.Text("Broker", 255) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "mqtt" or "mqtts" && url is { Host.Length: > 0, AbsolutePath: "" or "/", Query: "", Fragment: "" })
        {
            if (url.UserInfo.Length == 0)
                return url.Port > 0 ? url : new UriBuilder(url) { Port = url.Scheme == "mqtts" ? 8883 : 1883 }.Uri;
            // Told without the text: it holds a password (S11).
            mqtt.Findings.SecretFault(mqtt.At("Broker"), text, $"{BrokerExpected}, without a user: Gateway:Mqtt:Username and Password are for that");
            return null;
        }
        if (text.Contains('@', StringComparison.Ordinal))
            mqtt.Findings.SecretFault(mqtt.At("Broker"), text, BrokerExpected);
        else
            mqtt.Findings.Fault(mqtt.At("Broker"), text, BrokerExpected);
        return null;
    }

    private static string? Topic(Section mqtt, string key)
    {
        if (mqtt.Text(key, Topics.BaseLimit) is not { } topic)
            return null;
        if (Topics.IsName(topic, Topics.BaseLimit) && topic[0] != '/' && topic[^1] != '/')
            return topic;
        mqtt.Findings.Fault(mqtt.At(key), topic, TopicExpected);
        return null;
    }

    private static string? Pem(Section mqtt, string key, string folder)
    {
        if (mqtt.Text(key, 4000) is not { } text)
            return null;
        var file = Path.GetFullPath(text, folder);
        // Without its file, the library would speak to the broker in plain text: it is never started without.
        if (!File.Exists(file))
            mqtt.Findings.Fault(mqtt.At(key), file, "a PEM file that exists");
        return file;
    }

    private static bool IsThisMachine(Uri url) => url.IsLoopback || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
