using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>How the hub reads the CPO's lists (§4 of the checklist): links followed, and every page held to what a page must be.</summary>
internal sealed class HubPulls(HubPeer peer, HubStore store, TimeProvider clock)
{
    /// <summary>Pages of one list that are followed before the list is taken for endless.</summary>
    private const int PageLimit = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new();

    public Task<IReadOnlyList<JsonObject>> FullAsync(string module, CancellationToken cancellationToken) => SinceAsync(module, null, cancellationToken);

    public Task<IReadOnlyList<JsonObject>> DeltaAsync(string module, CancellationToken cancellationToken) =>
        SinceAsync(module, _last.TryGetValue(module, out var last) ? last : null, cancellationToken);

    /// <summary>A whole list.</summary>
    /// <exception cref="InvalidOperationException">A page is no success.</exception>
    public async Task<IReadOnlyList<JsonObject>> PullAsync(string module, string query, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        var seen = new HashSet<string>();
        var endpoint = peer.Endpoint(module, "SENDER");
        var url = endpoint + query;
        while (seen.Add(url) && seen.Count <= PageLimit)
        {
            var (answer, data) = await peer.CallAsync(HttpMethod.Get, url, module, null, cancellationToken);
            if (data is not JsonArray page)
                throw new InvalidOperationException($"GET {url} gave HTTP {answer.HttpStatus}: {Encoding.UTF8.GetString(answer.Body)}");
            items.AddRange(page.OfType<JsonObject>());
            CheckPage(answer, page, module);
            if (!answer.Headers.TryGetValue("Link", out var link))
                break;
            var next = link[(link.IndexOf('<') + 1)..link.IndexOf('>')];
            CheckLink(next, url, endpoint);
            url = next;
        }
        if (query.Contains("date_to", StringComparison.Ordinal))
            foreach (var twice in items.GroupBy(i => i.Text("id")).Where(g => g.Count() > 1))
                store.Breach("L4", module, $"{twice.Key} came {twice.Count()} times in one crawl");
        return items;
    }

    private async Task<IReadOnlyList<JsonObject>> SinceAsync(string module, DateTimeOffset? from, CancellationToken cancellationToken)
    {
        // date_to is exclusive (L1) and times are whole seconds: what changed within this second belongs to the next pull.
        var to = clock.GetUtcNow();
        var query = $"?date_to={OcpiText.Stamp(to)}&limit=1000{(from is { } since ? $"&date_from={OcpiText.Stamp(since)}" : "")}";
        var items = await PullAsync(module, query, cancellationToken);
        _last[module] = to;
        var (least, most) = (OcpiText.Time(from is { } f ? OcpiText.Stamp(f) : null), OcpiText.Time(OcpiText.Stamp(to)));
        foreach (var item in items)
            if (OcpiText.Time(item.Text("last_updated")) is var updated && (updated < least || updated >= most))
                store.Breach("L1", module, $"{item.Text("id")} of {item.Text("last_updated")} is outside of {query}");
        return items;
    }

    private void CheckPage(HeardAnswer answer, JsonArray page, string module)
    {
        if (!answer.Headers.TryGetValue("X-Total-Count", out var total) || !answer.Headers.TryGetValue("X-Limit", out var limit))
            store.Breach("L3", answer.Url, "a list without X-Total-Count or X-Limit");
        else if (page.Count > int.Parse(limit, null) || page.Count > int.Parse(total, null))
            store.Breach("L2", answer.Url, $"a page of {page.Count}, where X-Limit is {limit} and X-Total-Count is {total}");
        if (HubShapes.KindOf(module) is not { } kind)
            return;
        foreach (var item in page.OfType<JsonObject>())
            foreach (var fault in HubShapes.Faults(answer.Version, kind, Encoding.UTF8.GetBytes(item.ToJsonString())))
                store.Breach("shape", $"GET {module} {item.Text("id")}", $"{kind}: {fault}");
    }

    /// <summary>L3: absolute, where the peer reaches it, and with the filters of the first page.</summary>
    private void CheckLink(string next, string url, string endpoint)
    {
        if (!next.StartsWith(endpoint, StringComparison.Ordinal))
            store.Breach("L3", url, $"its Link leads to {next}");
        foreach (var filter in new Uri(url).Query.TrimStart('?').Split('&').Where(p => p.StartsWith("date_", StringComparison.Ordinal)))
            if (!Uri.UnescapeDataString(next).Contains(Uri.UnescapeDataString(filter), StringComparison.Ordinal))
                store.Breach("L3", url, $"its Link has lost {filter}");
    }
}
