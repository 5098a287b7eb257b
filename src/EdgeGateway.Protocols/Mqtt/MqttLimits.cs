using System.Text;

namespace EdgeGateway.Protocols.Mqtt;

/// <summary>What is let through, both ways (S6), and what topics and filters may be (MQTT 5, 4.7).</summary>
public static class MqttLimits
{
    /// <summary>Bytes of a topic or filter; MQTT allows 65535.</summary>
    public const int Topic = 1024;

    /// <summary>Bytes of a payload, either way.</summary>
    public const int Payload = 64 * 1024;

    /// <summary>Bytes of correlation data that are handed on.</summary>
    public const int Correlation = 1024;

    /// <summary>Messages that came and wait for their handler.</summary>
    public const int Inbound = 256;

    public const int Subscriptions = 64;

    /// <summary>What the library is given before the broker has confirmed; mosquitto takes 20 at a time.</summary>
    public const int Window = 20;

    /// <summary>libmosquitto takes none shorter.</summary>
    public static readonly TimeSpan ShortestKeepAlive = TimeSpan.FromSeconds(5);

    /// <summary>Whether a message may be published there: no wildcards, no controls, not the broker's own <c>$</c> tree.</summary>
    public static bool IsTopic(string topic) => IsText(topic) && topic[0] != '$' && topic.AsSpan().IndexOfAny('+', '#') < 0;

    /// <summary>Whether it may be subscribed to: wildcards stand for whole levels, <c>#</c> last.</summary>
    public static bool IsFilter(string filter)
    {
        if (!IsText(filter))
            return false;
        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            var wild = levels[i].AsSpan().IndexOfAny('+', '#') >= 0;
            if (wild && (levels[i].Length > 1 || (levels[i] == "#" && i < levels.Length - 1)))
                return false;
        }
        return true;
    }

    /// <summary>Whether a filter covers a topic (MQTT 5, 4.7.1); wildcards at the front leave the broker's <c>$</c> tree out (4.7.2).</summary>
    public static bool Covers(string filter, string topic)
    {
        var filters = filter.Split('/');
        var topics = topic.Split('/');
        if (topic.StartsWith('$') && filters[0] is "#" or "+")
            return false;
        for (var i = 0; i < filters.Length; i++)
        {
            if (filters[i] == "#")
                return true;
            if (i >= topics.Length || (filters[i] != "+" && filters[i] != topics[i]))
                return false;
        }
        return filters.Length == topics.Length;
    }

    /// <summary>Whether all of a message that is to be told is within the limits.</summary>
    public static bool Allows(MqttMessage message) =>
        IsTopic(message.Topic) && message.Payload.Length <= Payload && message.CorrelationData.Length <= Correlation
        && (message.ResponseTopic is null || IsTopic(message.ResponseTopic)) && (message.ContentType is null || IsText(message.ContentType));

    private static bool IsText(string text) =>
        text.Length > 0 && text.Length <= Topic && Encoding.UTF8.GetByteCount(text) <= Topic && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c));
}
