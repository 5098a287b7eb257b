using System.Text.Json;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>Why a crawl ends with a page.</summary>
public enum OcpiCrawlEnd
{
    /// <summary>It does not: more follow.</summary>
    None,

    /// <summary>No link to a next page: complete.</summary>
    LastPage,

    /// <summary>The call failed; start again at <see cref="OcpiPage{T}.Url"/>.</summary>
    Failed,

    /// <summary>The peer's links go round in a circle.</summary>
    RepeatedUrl,

    /// <summary><see cref="OcpiClientOptions.MaxPages"/>.</summary>
    PageLimit,
}

/// <summary>A page of a list, or the failure to get it.</summary>
public sealed record OcpiPage<T>
    where T : class
{
    /// <summary>Where it was asked for: a crawl that failed here is resumed with it.</summary>
    public required string Url { get; init; }

    public required OcpiReply Reply { get; init; }

    public IReadOnlyList<T> Items { get; init; } = [];

    /// <summary>Objects that could not be read; the rest is used.</summary>
    public IReadOnlyList<OcpiSkipped> Skipped { get; init; } = [];

    /// <summary>X-Total-Count, which hubs may leave out.</summary>
    public long? TotalCount { get; init; }

    public required OcpiCrawlEnd End { get; init; }
}

/// <summary>An object of a list that was left out, with its faults and the beginning of its text.</summary>
public sealed record OcpiSkipped(string Text, IReadOnlyList<OcpiFault> Faults)
{
    public const int MaxTextLength = 300;

    internal static OcpiSkipped Of(JsonElement json, IReadOnlyList<OcpiFault> faults)
    {
        var text = json.GetRawText();
        return new OcpiSkipped(text.Length <= MaxTextLength ? text : text[..MaxTextLength], faults);
    }
}
