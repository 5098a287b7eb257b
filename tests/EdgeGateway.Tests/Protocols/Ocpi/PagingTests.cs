using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Checklist L1 to L6, both sides.</summary>
public sealed class PagingTests
{
    private const string Public = "https://gw.example/ocpi/2.2.1/cdrs";

    [Fact]
    public void A_request_without_parameters_is_the_first_page_of_all()
    {
        var page = Parse("/cdrs");
        Assert.Equal((null, null, 0, 1000), (page.DateFrom, page.DateTo, page.Offset, page.Limit));
    }

    [Fact]
    public void Filters_and_bounds_are_read()
    {
        var page = Parse("/cdrs?date_from=2026-01-01T00:00:00Z&date_to=2026-01-02T01:00:00%2B01:00&offset=50&limit=10");
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), page.DateFrom);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), page.DateTo);
        Assert.Equal((50, 10), (page.Offset, page.Limit));
    }

    [Theory]
    [InlineData("date_from=yesterday")]
    [InlineData("date_from=")]
    [InlineData("date_to=2026-13-01T00:00:00Z")]
    [InlineData("date_to=1767225600")]
    [InlineData("offset=-1")]
    [InlineData("offset=x")]
    [InlineData("limit=0")]
    [InlineData("limit=-5")]
    [InlineData("limit=1.5")]
    [InlineData("limit=")]
    public void What_cannot_be_read_is_2001_with_HTTP_200(string query)
    {
        var fault = Assert.Throws<OcpiException>(() => Parse("/cdrs?" + query));
        Assert.Equal((200, OcpiStatus.InvalidParameters), (fault.HttpStatus, fault.StatusCode));
        Assert.Contains(query.Split('=')[0], fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=5000", 1000)]
    [InlineData("limit=99999999999", 1000)]
    [InlineData("limit=7", 7)]
    public void A_greater_limit_is_shortened_not_refused(string query, int limit) => Assert.Equal(limit, Parse("/cdrs?" + query).Limit);

    [Fact]
    public void An_offset_that_was_not_encoded_right_is_understood() =>
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Parse("/cdrs?date_from=2026-01-01T00:00:00+00:00").DateFrom);

    [Fact]
    public void Every_page_but_the_last_links_to_the_next_with_all_filters_at_the_public_url()
    {
        var page = Parse("/inner/cdrs?date_from=2026-01-01T00:00:00.5Z&date_to=2026-01-02T00:00:00Z&limit=10");
        var headers = page.Headers(Public, returned: 10, total: 25).ToDictionary();
        Assert.Equal("25", headers["X-Total-Count"]);
        Assert.Equal("1000", headers["X-Limit"]);
        var next = LinkHeader.FindNext(headers["Link"])!;
        Assert.StartsWith(Public + "?", next, StringComparison.Ordinal);
        var second = Parse(next);
        Assert.Equal(page with { Offset = 10 }, second);
        Assert.True(second.Headers(Public, 10, 25).ToDictionary().ContainsKey("Link"));
        var third = Parse(LinkHeader.FindNext(second.Headers(Public, 10, 25).ToDictionary()["Link"])!);
        Assert.Equal(20, third.Offset);
        Assert.False(third.Headers(Public, 5, 25).ToDictionary().ContainsKey("Link"));
    }

    [Fact]
    public void A_link_keeps_the_parameters_of_the_module_itself()
    {
        var next = LinkHeader.FindNext(new PageRequest { Limit = 1 }.Headers(Public + "?type=RFID", 1, 2).ToDictionary()["Link"])!;
        Assert.Equal(Public + "?type=RFID&offset=1&limit=1", next);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 25, 100)]
    [InlineData(10, 10, 0)]
    public void An_empty_page_and_one_beyond_the_end_have_no_link(int returned, int total, int offset)
    {
        var headers = new PageRequest { Offset = offset }.Headers(Public, returned, total).ToDictionary();
        Assert.False(headers.ContainsKey("Link"));
        Assert.Equal(total.ToString(), headers["X-Total-Count"]);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("<https://h.example/t?offset=2>; rel=\"next\"", "https://h.example/t?offset=2")]
    [InlineData("<https://h.example/t?offset=2>; rel=next", "https://h.example/t?offset=2")]
    [InlineData("<https://h.example/t?offset=2>;rel='next'", null)]
    [InlineData("< /t?offset=2 > ; title=\"a, b\"; REL=\"Next\"", "/t?offset=2")]
    [InlineData("<https://h.example/1>; rel=\"prev\", <https://h.example/3?a=1,2>; rel=\"last next\"", "https://h.example/3?a=1,2")]
    [InlineData("<https://h.example/1>; rel=\"first\", <https://h.example/9>; rel=\"last\"", null)]
    [InlineData("<https://h.example/1; rel=\"next\"", null)]
    [InlineData("<>; rel=\"next\"", null)]
    [InlineData("https://h.example/1; rel=\"next\"", null)]
    public void The_next_link_is_found_in_all_that_peers_write(string? value, string? next) => Assert.Equal(next, LinkHeader.FindNext(value));

    private static PageRequest Parse(string url) => PageRequest.Parse(OcpiUrl.Query(url));
}
