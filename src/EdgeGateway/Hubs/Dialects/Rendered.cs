using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Shapes;

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

    /// <summary>Valid by the version's own rules, or not sent at all.</summary>
    internal static Rendered Of<T>(OcpiFormat format, Func<T> map)
        where T : class
    {
        try
        {
            var json = format.Write(map(), out var faults);
            return faults.Count == 0 ? As(json) : Refused($"it would not be valid OCPI {format.Version.Text()}: {OcpiFault.Summary(faults)}");
        }
        catch (UnshowableException unshowable)
        {
            return Refused(unshowable.Message);
        }
    }
}

/// <summary>What a hub sent, in the site's terms, or all its faults in one line.</summary>
public readonly record struct Understood<T>(T? Value, string? Faults)
    where T : class;
