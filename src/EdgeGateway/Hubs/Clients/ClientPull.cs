using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Clients;

/// <summary>Asks one hub once a day for the parties behind it (H1), where it has such a list.</summary>
public sealed class ClientPull(HubLink link, HubRemarks remarks, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan LongestNap = TimeSpan.FromMinutes(1);
    private long? _failed;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var stirred = link.Stirred.Next;
            var nap = link.IsPartner && link.Circuit.IsClosed ? await StepAsync(stopping) : LongestNap;
            await Task.WhenAny(stirred, Task.Delay(nap, clock, stopping));
        }
    }

    private async Task<TimeSpan> StepAsync(CancellationToken stopping)
    {
        var (hub, now) = (link.Record, clock.GetUtcNow());
        if (link.Client() is not { } client || link.Dialect is not { } dialect)
            return LongestNap;
        if (!dialect.HasClientInfo || hub.Endpoint("hubclientinfo", receiver: false) is not { } endpoint)
        {
            // What was heard under an earlier registration says nothing about a hub that has no list.
            if (link.Clients.Record is { Registered: { } then } && then != hub.RegisteredAt)
                await link.Clients.ForgetAsync(stopping);
            return LongestNap;
        }
        var record = link.Clients.Record;
        if (record.Registered == hub.RegisteredAt && record.LastFull is { } last && now - last < link.Limits.ClientPullInterval && last <= now)
            return LongestNap;
        if (_failed is { } failed && clock.GetElapsedTime(failed) < link.Limits.ClientPullRetry)
            return LongestNap;
        _failed = await PullAsync(client, dialect, endpoint, now, hub.RegisteredAt, stopping) ? null : clock.GetTimestamp();
        return LongestNap;
    }

    private async Task<bool> PullAsync(OcpiClient client, IHubDialect dialect, string endpoint, DateTimeOffset began, DateTimeOffset? registered, CancellationToken stopping)
    {
        List<HubClient> all = [];
        var skipped = 0;
        var url = new PageRequest { Limit = link.Limits.TokenPage }.AppendTo(endpoint);
        // Never with routing headers (checklist §6).
        await foreach (var page in dialect.ClientPagesAsync(client, url, new(), stopping))
        {
            if (page.End == OcpiCrawlEnd.Failed)
            {
                log.PullFailed(link.Name, $"its parties: {page.Reply.Reason}");
                return false;
            }
            all.AddRange(page.Clients);
            skipped += page.Skipped.Count;
            if (all.Count > HubClients.Most)
            {
                remarks.Make(Severity.Warning, "ClientsCut", link.Name, $"The hub lists more than {HubClients.Most} parties; the first of them are kept.");
                break;
            }
        }
        await link.Clients.ReplaceAsync(all, began, registered, stopping);
        log.ClientsPulled(link.Name, all.Count, skipped);
        return true;
    }
}
