namespace EdgeGateway.Hubs.Dialects;

/// <summary>An object as it goes on the wire, or why it cannot: what is not valid is never sent wrong.</summary>
public readonly record struct Rendered
{
    private Rendered(byte[]? json, string? refusal)
    {
        Json = json;
        Refusal = refusal;
    }

    /// <summary>UTF-8; null when refused.</summary>
    public byte[]? Json { get; }
    public string? Refusal { get; }

    public static Rendered As(byte[] json) => new(json, null);

    public static Rendered Refused(string why) => new(null, why);
}

/// <summary>What a hub sent, in the site's terms, or all its faults in one line.</summary>
public readonly record struct Understood<T>(T? Value, string? Faults)
    where T : class;
