using System.Text;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Tests.Conformance.Ocpi;
using EdgeGateway.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Pulling a hub's list (section 4, "as client") from a real web server, with and without what hubs leave out.</summary>
public sealed class CrawlTests
{
    private static readonly OcpiFormat Format = OcpiJson.For(OcpiVersion.V221);
    private static readonly OcpiClientOptions Limits = new() { MaxPages = 10, CallTimeout = TimeSpan.FromSeconds(10) };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_token_comes_once_with_and_without_a_total(bool withTotal)
    {
        var tokens = Tokens(25);
        await using var hub = await ListAsync(() => tokens, withTotal);
        var pages = await CrawlAsync(new PageRequest { DateFrom = Instances.Noon.AddDays(-1), Limit = 10 }.AppendTo(hub.Url + "/tokens"));
        Assert.Equal([10, 10, 5], pages.Select(page => page.Items.Count));
        Assert.Equal(tokens.Select(token => token.Uid), pages.SelectMany(page => page.Items).Select(token => token.Uid));
        Assert.Equal([OcpiCrawlEnd.None, OcpiCrawlEnd.None, OcpiCrawlEnd.LastPage], pages.Select(page => page.End));
        Assert.Equal(withTotal ? 25 : null, pages[0].TotalCount);
        Assert.Single(hub.Requests.Select(asked => asked.Header("X-Correlation-ID")).Distinct(StringComparer.Ordinal));
        Assert.All(hub.Requests, asked => Assert.Contains("date_from=", asked.RawTarget, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_list_is_complete_whether_its_data_is_empty_null_or_missing()
    {
        foreach (var body in (string[])["""{"data":[],"status_code":1000}""", """{"data":null,"status_code":1000}""", """{"status_code":1000}"""])
        {
            await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(body));
            var page = Assert.Single(await CrawlAsync(hub.Url));
            Assert.Equal(OcpiCrawlEnd.LastPage, page.End);
            Assert.Empty(page.Items);
        }
    }

    [Fact]
    public async Task A_bad_token_is_skipped_and_reported_and_the_rest_is_used()
    {
        var good = Encoding.UTF8.GetString(Format.Write(Instances.Token));
        var bad = good.Replace("\"last_updated\":\"2026-03-01", "\"last_updated\":\"2026-02-30", StringComparison.Ordinal);
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text($$"""{"data":[{{good}},{{bad}},7,{{good}}],"status_code":1000}"""));
        var page = Assert.Single(await CrawlAsync(hub.Url));
        Assert.Equal(2, page.Items.Count);
        Assert.Equal(2, page.Skipped.Count);
        Assert.Equal("last_updated", Assert.Single(page.Skipped[0].Faults).Path);
        Assert.StartsWith("{\"country_code\"", page.Skipped[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crawl_that_fails_goes_on_where_it_failed()
    {
        var tokens = Tokens(25);
        var sick = true;
        await using var hub = await ListAsync(() => tokens, withTotal: true, before: async context =>
        {
            if (!sick || !context.Request.QueryString.Value!.Contains("offset=10", StringComparison.Ordinal))
                return false;
            await LoopbackHttp.Text("", 503)(context);
            return true;
        });
        var pages = await CrawlAsync(hub.Url + "/tokens?offset=0&limit=10");
        Assert.Equal([OcpiCrawlEnd.None, OcpiCrawlEnd.Failed], pages.Select(page => page.End));
        Assert.Equal(503, pages[1].Reply.HttpStatus);
        sick = false;
        var rest = await CrawlAsync(pages[1].Url);
        Assert.Equal(tokens.Select(token => token.Uid), pages.Concat(rest).SelectMany(page => page.Items).Select(token => token.Uid));
    }

    [Fact]
    public async Task Links_in_a_circle_and_links_without_end_stop()
    {
        await using var circle = await LoopbackHttp.StartAsync(context => LoopbackHttp.Text(
            """{"data":[],"status_code":1000}""", 200, ("Link", LinkHeader.Next($"http://{context.Request.Host}/tokens?offset={(context.Request.Query["offset"] == "1" ? 2 : 1)}")))(context));
        var pages = await CrawlAsync(circle.Url + "/tokens");
        Assert.Equal(OcpiCrawlEnd.RepeatedUrl, pages[^1].End);
        Assert.Equal(3, pages.Count);

        var number = 0;
        await using var endless = await LoopbackHttp.StartAsync(context => LoopbackHttp.Text(
            """{"data":[],"status_code":1000}""", 200, ("Link", LinkHeader.Next($"/tokens?cursor={++number}")))(context));
        pages = await CrawlAsync(endless.Url + "/tokens");
        Assert.Equal(OcpiCrawlEnd.PageLimit, pages[^1].End);
        Assert.Equal(Limits.MaxPages, pages.Count);
    }

    [Fact]
    public async Task Our_token_stays_with_the_hub_when_a_link_names_an_inner_host()
    {
        var tokens = Tokens(3);
        await using var hub = await ListAsync(() => tokens, withTotal: false, linkHost: "http://ocpi-7f9c.cluster.local:8080");
        var pages = await CrawlAsync(hub.Url + "/public/tokens?limit=2&offset=0");
        Assert.Equal(["t0", "t1", "t2"], pages.SelectMany(page => page.Items).Select(token => token.Uid));
        Assert.Equal("/public/tokens?offset=2&limit=2", hub.Requests[1].RawTarget);
    }

    [Fact]
    public async Task Tokens_that_vanish_during_a_crawl_take_none_with_them()
    {
        var tokens = Tokens(12);
        await using var hub = await ListAsync(() => tokens, withTotal: true);
        var seen = new List<string>();
        await foreach (var page in Client().GetPagesAsync<Token>(hub.Url + "/tokens?offset=0&limit=4", null, Stopping))
        {
            seen.AddRange(page.Items.Select(token => token.Uid));
            if (seen.Count == 4)
                tokens = [.. tokens.Skip(2)]; // two of the first page leave the list: those behind move two places forward
        }

        Assert.Empty(Enumerable.Range(0, 12).Select(number => $"t{number}").Except(seen, StringComparer.Ordinal));
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private static List<Token> Tokens(int count) => [.. Enumerable.Range(0, count).Select(number => Instances.Token with { Uid = $"t{number}" })];

    private static Task<LoopbackHttp> ListAsync(
        Func<IReadOnlyList<Token>> tokens, bool withTotal, Func<HttpContext, Task<bool>>? before = null, string? linkHost = null) => LoopbackHttp.StartAsync(async context =>
    {
        if (before is not null && await before(context))
            return;
        var list = tokens();
        var request = PageRequest.Parse(OcpiUrl.Query(context.Request.QueryString.Value!), maxLimit: 10);
        var items = list.Skip(request.Offset).Take(request.Limit).ToList();
        var publicUrl = linkHost is null ? $"http://{context.Request.Host}{context.Request.Path}" : linkHost + "/inner/tokens";
        var answer = OcpiAnswer.Page(items, Format, request.Headers(publicUrl, items.Count, list.Count));
        foreach (var (name, value) in answer.Headers.Where(header => withTotal || header.Key != "X-Total-Count"))
            context.Response.Headers[name] = value;
        await context.Response.Body.WriteAsync(answer.Body(Instances.Noon));
    });

    private static OcpiClient Client() => new(
        OcpiClient.CreateHttp(Limits), Limits, new OcpiAccess { Token = "s3cret", TokenEncoding = TokenEncoding.Base64, Format = Format }, TimeProvider.System);

    private static async Task<List<OcpiPage<Token>>> CrawlAsync(string url)
    {
        var pages = new List<OcpiPage<Token>>();
        await foreach (var page in Client().GetPagesAsync<Token>(url, null, Stopping))
            pages.Add(page);
        return pages;
    }
}
