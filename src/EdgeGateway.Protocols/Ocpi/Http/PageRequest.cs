using System.Globalization;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>What a list is asked for (L1, L2): <c>date_from</c> inclusive, <c>date_to</c> exclusive, both on last_updated.</summary>
public sealed record PageRequest
{
    /// <summary>Our own maximum (X-Limit); a greater limit is shortened, not refused (L2).</summary>
    public const int DefaultMaxLimit = 1000;

    public DateTimeOffset? DateFrom { get; init; }

    public DateTimeOffset? DateTo { get; init; }

    public int Offset { get; init; }

    /// <summary>Where the page before ended; then the offset says nothing. Objects that leave a list during a crawl shift its offsets, and whoever went
    /// on by them would miss one for each (L4).</summary>
    public PageCursor? After { get; init; }

    public int Limit { get; init; } = DefaultMaxLimit;

    /// <summary>The maximum in force, for the X-Limit header.</summary>
    public int MaxLimit { get; init; } = DefaultMaxLimit;

    /// <summary>Parses a query; negative, zero and unparseable values are 2001 (<see cref="OcpiException"/>).</summary>
    public static PageRequest Parse(IReadOnlyDictionary<string, string> query, int maxLimit = DefaultMaxLimit) => new()
    {
        DateFrom = Time(query, "date_from"),
        DateTo = Time(query, "date_to"),
        Offset = Number(query, "offset", least: 0) ?? 0,
        After = Cursor(query, "after"),
        Limit = Math.Min(Number(query, "limit", least: 1) ?? maxLimit, maxLimit),
        MaxLimit = maxLimit,
    };

    /// <summary>The same as parameters: for a request of ours, and for the link to a next page.</summary>
    public string AppendTo(string url) => OcpiUrl.WithQuery(
        url,
        ("date_from", DateFrom is { } from ? WriteExact(from) : null),
        ("date_to", DateTo is { } to ? WriteExact(to) : null),
        ("offset", Offset.ToString(CultureInfo.InvariantCulture)),
        ("limit", Limit.ToString(CultureInfo.InvariantCulture)),
        ("after", After?.ToString()));

    /// <summary>
    /// The headers of a page (L3). <paramref name="publicUrl"/> is the list's url as the peer reaches it, with filters of the module's own;
    /// there is a link on every page but the last.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers(string publicUrl, int returned, long total) =>
        Headers(publicUrl, total, returned > 0 && Offset + (long)returned < total ? this with { Offset = Offset + returned } : null);

    /// <summary>The same for a list that is gone on with behind the last object of this page; null: there is no next one.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers(string publicUrl, long total, PageCursor? last) =>
        Headers(publicUrl, total, last is null ? null : this with { Offset = (int)Math.Min((long)Offset + Limit, int.MaxValue), After = last });

    private List<KeyValuePair<string, string>> Headers(string publicUrl, long total, PageRequest? next)
    {
        List<KeyValuePair<string, string>> headers =
        [
            new(OcpiHeaders.TotalCount, total.ToString(CultureInfo.InvariantCulture)),
            new(OcpiHeaders.Limit, MaxLimit.ToString(CultureInfo.InvariantCulture)),
        ];
        if (next is not null)
            headers.Add(new(OcpiHeaders.Link, LinkHeader.Next(next.AppendTo(publicUrl))));
        return headers;
    }

    // A filter keeps the fraction it came with: cut to seconds, the second page of a list would be of another list than the first.
    private static string WriteExact(DateTimeOffset time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? OcpiDateTime.Write(time)
        : time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(IReadOnlyDictionary<string, string> query, string name)
    {
        if (!query.TryGetValue(name, out var text))
            return null;
        // An unencoded "+00:00" has become " 00:00" on its way through the query.
        return OcpiDateTime.TryRead(text.Replace(" 00:00", "+00:00", StringComparison.Ordinal), out var time)
            || OcpiDateTime.TryRead(text, out time)
            ? time
            : throw OcpiException.InvalidParameters($"{name}: a DateTime such as 2026-03-01T12:00:00Z is expected");
    }

    private static PageCursor? Cursor(IReadOnlyDictionary<string, string> query, string name) =>
        !query.TryGetValue(name, out var text) ? null
        : PageCursor.Read(text) ?? throw OcpiException.InvalidParameters($"{name}: only what stands in a link of ours is expected");

    private static int? Number(IReadOnlyDictionary<string, string> query, string name, int least)
    {
        if (!query.TryGetValue(name, out var text))
            return null;
        // What exceeds an int is still a number: beyond the end (offset) or above our maximum (limit), neither is a fault.
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? (int)Math.Min(number, int.MaxValue)
            : throw OcpiException.InvalidParameters($"{name}: a whole number of at least {least} is expected");
    }
}

/// <summary>A place in a list ordered by last_updated and id. Only who made a link reads it again.</summary>
public sealed record PageCursor(DateTimeOffset At, string Id)
{
    private const char Between = '_';

    public static PageCursor? Read(string text)
    {
        var between = text.IndexOf(Between);
        return between > 0 && long.TryParse(text.AsSpan(0, between), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && at <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new(DateTimeOffset.FromUnixTimeMilliseconds(at), text[(between + 1)..])
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.ToUnixTimeMilliseconds()}{Between}{Id}");
}
