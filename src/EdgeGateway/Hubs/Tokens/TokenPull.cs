using System.Text.Json;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Tokens;

/// <summary>Keeps one hub's tokens: all of them at first contact and weekly, what changed in between; page by page, never all in memory (TK4).</summary>
public sealed class TokenPull(
    HubLink link, Func<Party> us, ITokens tokens, IDocuments documents, SessionClaims claims, HubRemarks remarks, TimeProvider clock, ILogger log)
{
    /// <summary>A pull that broke off is gone on with after this, when the hub can be reached.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestNap = TimeSpan.FromMinutes(1);
    private bool _wanted;

    private string Document => $"hub/{link.Name}/tokens";

    /// <summary>By hand: all of them, now.</summary>
    public void Want()
    {
        Volatile.Write(ref _wanted, true);
        link.Stirred.Raise();
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var stirred = link.Stirred.Next;
            var nap = LongestNap;
            if (link.IsPartner && link.Circuit.IsClosed)
                nap = await StepAsync(Interlocked.Exchange(ref _wanted, false), stopping);
            await Task.WhenAny(stirred, Task.Delay(nap, clock, stopping));
        }
    }

    /// <summary>Pulls what is due; says when to look again.</summary>
    internal async Task<TimeSpan> StepAsync(bool anew, CancellationToken stopping)
    {
        if (link.Record.Endpoint("tokens", receiver: false) is not { } endpoint)
            return LongestNap;
        var record = await ReadAsync(stopping);
        var now = clock.GetUtcNow();
        // A new registration is a first contact, also when a restart came between the two.
        anew |= record.Registered != link.Record.RegisteredAt;
        if (anew || record.Page is null)
        {
            var full = anew || record.LastFull is not { } last || now - last >= link.Limits.TokenFullInterval || last > now;
            if (!full && record.LastStart is { } previous && now - previous < link.Limits.TokenDeltaInterval && previous <= now)
                return Min(previous + link.Limits.TokenDeltaInterval - now, LongestNap);
            // No date_to: a hub whose clock is ahead of ours would keep back what it has just issued.
            var from = full ? (DateTimeOffset?)null : record.LastStart - link.Limits.TokenDeltaOverlap;
            record = record with { Registered = link.Record.RegisteredAt, Full = full, Started = now, Page = new PageRequest { DateFrom = from, Limit = link.Limits.TokenPage }.AppendTo(endpoint) };
            await WriteAsync(record, stopping);
        }
        return await CrawlAsync(record, stopping) ? LongestNap : AfterFailure;
    }

    private async Task<bool> CrawlAsync(TokenPullRecord record, CancellationToken stopping)
    {
        if (link.Client() is not { } client || link.Dialect is not { } dialect)
            return false;
        var (count, changed) = (0L, 0L);
        List<string> skipped = [];
        var ticket = link.Circuit.Ticket();
        await foreach (var page in dialect.TokenPagesAsync(client, record.Page!, link.Name, link.PartyOf(null), new() { Routing = dialect.HasRouting ? Routing() : null }, stopping))
        {
            link.Circuit.Learn(ticket, page.Reply);
            ticket = link.Circuit.Ticket();
            if (page.End == OcpiCrawlEnd.Failed)
            {
                // A page that is refused for good, or that is not there any more, is not asked for again for ever: the next pull begins anew.
                var startAgain = page.Reply.Outcome is OcpiOutcome.Refused or OcpiOutcome.ModuleGone;
                await WriteAsync(record with { Page = startAgain ? null : page.Url, LastStart = startAgain ? clock.GetUtcNow() : record.LastStart }, stopping);
                log.PullFailed(link.Name, page.Reply.Reason);
                return false;
            }
            changed += await tokens.StoreAsync(page.Tokens, stopping);
            claims.Look(page.Tokens);
            count += page.Tokens.Count;
            skipped.AddRange(page.Skipped);
            // This page again after a restart: storing it twice changes nothing.
            record = record with { Page = page.Url };
            await WriteAsync(record, stopping);
            if (page.End is OcpiCrawlEnd.RepeatedUrl or OcpiCrawlEnd.PageLimit)
                remarks.Make(Severity.Warning, "TokenPullCut", link.Name, $"The hub's pages do not come to an end ({page.End}); what was read is used.");
        }
        await WriteAsync(record with { Page = null, LastStart = record.Started, LastFull = record.Full ? record.Started : record.LastFull }, stopping);
        log.TokensPulled(link.Name, count, changed, skipped.Count);
        if (skipped.Count > 0)
            remarks.Make(Severity.Warning, "TokensUnreadable", link.Name, $"{skipped.Count} tokens could not be read and were left out; the first: {skipped[0]}");
        return true;
    }

    /// <summary>A list through the hub: its own codes are the receiver (checklist §6).</summary>
    private OcpiRouting Routing() => new() { From = new OcpiParty(us().CountryCode, us().PartyId), To = link.Itself };

    private async Task<TokenPullRecord> ReadAsync(CancellationToken stopping) =>
        await documents.ReadAsync(Document, stopping) is { } json ? Read(json) : new();

    /// <summary>A damaged record only costs a full pull.</summary>
    private static TokenPullRecord Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, HubJsonContext.Default.TokenPullRecord) ?? new();
        }
        catch (JsonException)
        {
            return new();
        }
    }

    private Task WriteAsync(TokenPullRecord record, CancellationToken stopping) =>
        documents.WriteAsync(Document, JsonSerializer.Serialize(record, HubJsonContext.Default.TokenPullRecord), stopping);

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
