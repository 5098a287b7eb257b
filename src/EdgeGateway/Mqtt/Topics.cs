using System.Text;

namespace EdgeGateway.Mqtt;

/// <summary>Names of topics below a base. Ids become one level each, whatever they are made of (S6: nothing foreign becomes a path).</summary>
public sealed record Topics(string Base)
{
    public const string Online = "online";
    public const string Offline = "offline";

    /// <summary>Characters of a base topic.</summary>
    public const int BaseLimit = 200;

    /// <summary>Bytes of a topic that we publish to (MQTT allows 65535).</summary>
    public const int TopicLimit = 1024;

    public string Status { get; } = $"{Base}/status";
    public string Info { get; } = $"{Base}/info";
    public string Events { get; } = $"{Base}/events";

    /// <summary>What commands are subscribed to.</summary>
    public string Commands { get; } = $"{Base}/command/+";

    public string Hub(string name) => $"{Base}/hubs/{Level(name)}";

    public string Station(string id) => $"{Base}/stations/{Level(id)}";

    public string Evse(string station, int evse) => $"{Base}/stations/{Level(station)}/evses/{evse}";

    public string Session(string id) => $"{Base}/sessions/{Level(id)}";

    public string Meter(string id) => $"{Base}/meters/{Level(id)}";

    public string Command(string name) => $"{Base}/command/{name}";

    public string Response(string name) => $"{Base}/response/{name}";

    public bool IsBelow(string topic) => topic.StartsWith($"{Base}/", StringComparison.Ordinal) || topic == Base;

    public bool IsResponse(string topic) => topic.StartsWith($"{Base}/response/", StringComparison.Ordinal);

    /// <summary>The name of a command; null for a topic that is none.</summary>
    public string? CommandOf(string topic) =>
        topic.StartsWith($"{Base}/command/", StringComparison.Ordinal) ? topic[(Base.Length + "/command/".Length)..] : null;

    /// <summary>An id as one level: <c>/</c>, <c>+</c>, <c>#</c>, <c>%</c>, control characters and those beyond the basic plane are written as in URLs, <c>%2F</c>, byte by byte of UTF-8;
    /// an id of none is <c>%</c>. Any id can be read back, and no two ids share a level.</summary>
    public static string Level(string id)
    {
        if (id.Length == 0)
            return "%";
        if (!id.Any(NeedsEscape))
            return id;
        var level = new StringBuilder(id.Length + 8);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in id.EnumerateRunes())
        {
            if (rune.IsBmp && !NeedsEscape((char)rune.Value))
            {
                level.Append(rune.ToString());
                continue;
            }
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                level.Append($"%{b:X2}");
        }
        return level.ToString();
    }

    /// <summary>Whether somebody may be answered, or a base lie, there: a name without wildcards, control characters and the broker's own <c>$</c>.</summary>
    public static bool IsName(string topic, int limit) =>
        topic.Length > 0 && Encoding.UTF8.GetByteCount(topic) <= limit && topic[0] != '$' && !topic.AsSpan().ContainsAny('+', '#') && !topic.Any(static c => char.IsControl(c) || char.IsSurrogate(c));

    private static bool NeedsEscape(char c) => c is '/' or '+' or '#' or '%' || char.IsControl(c) || char.IsSurrogate(c);
}
