using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeGateway.Protocols.Ocpi.Http;

// Crawling a peer's list (section 4, "as client").
public sealed partial class OcpiClient
{
    /// <summary>
    /// Follows <c>Link</c> from the url (with filters: <see cref="PageRequest.AppendTo"/>) until there is none, whatever X-Total-Count says or
    /// does not say. The last page tells why the crawl ended; a failed one can be resumed with its url.
    /// </summary>
    public async IAsyncEnumerable<OcpiPage<T>> GetPagesAsync<T>(string url, OcpiCall? call = null, [EnumeratorCancellation] CancellationToken stopping = default)
        where T : class
    {
        // One chain: a technician finds all pages of a crawl by one id.
        call = (call ?? OcpiCall.Plain) with { CorrelationId = call?.CorrelationId ?? OcpiIds.New().CorrelationId };
        var visited = new HashSet<(string Url, long? Total)>();
        long? total = null;
        for (var number = 1; ; number++)
        {
            var exchange = await SendAsync(HttpMethod.Get, url, null, call, stopping);
            if (!exchange.Reply.IsSuccess)
            {
                yield return new OcpiPage<T> { Url = url, Reply = exchange.Reply, End = OcpiCrawlEnd.Failed };
                yield break;
            }

            var before = total;
            total = long.TryParse(exchange.TotalCount, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
            visited.Add((url, before));
            var next = before > total && SteppedBack(url, by: before.Value - total.Value) is { } again ? again : NextUrl(url, exchange);
            var end = next is null ? OcpiCrawlEnd.LastPage
                : visited.Contains((next, total)) ? OcpiCrawlEnd.RepeatedUrl
                : number >= _options.MaxPages ? OcpiCrawlEnd.PageLimit
                : OcpiCrawlEnd.None;
            var (items, skipped) = ReadItems<T>(exchange.Envelope?.Data);
            yield return new OcpiPage<T> { Url = url, Reply = exchange.Reply, Items = items, Skipped = skipped, TotalCount = total, End = end };
            if (end != OcpiCrawlEnd.None)
                yield break;
            url = next!;
        }
    }

    private static string? NextUrl(string url, Exchange exchange)
    {
        if (LinkHeader.FindNext(exchange.Link) is not { } link || !Uri.TryCreate(exchange.AnsweredBy, link, out var next))
            return null;
        var asked = new Uri(url);
        // A link with an inner host name is a classic mistake (17.7). Our token goes to the host that we were told and to no other:
        // there, the link's query is what matters.
        return string.Equals(next.Authority, asked.Authority, StringComparison.OrdinalIgnoreCase) && next.Scheme == asked.Scheme
            ? next.AbsoluteUri
            : asked.GetLeftPart(UriPartial.Path) + next.Query;    }

    /// <summary>
    /// Objects that left the list before this page was asked for have moved as many from it to where we have been: this page is asked for
    /// again from that far back. Null for the first page and for urls that keep their place by other means than an offset.
    /// </summary>
    private static string? SteppedBack(string url, long by)
    {
        var query = OcpiUrl.Query(url);
        if (!query.TryGetValue("offset", out var text) || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) || offset == 0)
            return null;
        var stepped = new StringBuilder(url[..url.IndexOf('?', StringComparison.Ordinal)]);
        var separator = '?';
        foreach (var (name, value) in query)
        {
            var now = name.Equals("offset", StringComparison.OrdinalIgnoreCase) ? Math.Max(0, offset - by).ToString(CultureInfo.InvariantCulture) : value;
            stepped.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(now));
            separator = '&';
        }

        return stepped.ToString();
    }
}
