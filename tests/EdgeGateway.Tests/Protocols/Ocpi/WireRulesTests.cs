using System.Text;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Times, urls, ids, routing and envelopes: the small rules of section 1.</summary>
public sealed class WireRulesTests
{
    [Theory]
    [InlineData("2026-03-01T12:00:00Z", 0)]
    [InlineData("2026-03-01T12:00:00", 0)]
    [InlineData("2026-03-01T12:00:00.000Z", 0)]
    [InlineData("2026-03-01T12:00:00.25", 2_500_000)]
    [InlineData("2026-03-01T12:00:00.123456789Z", 1_234_567)]
    [InlineData("2026-03-01T12:00:00+00:00", 0)]
    [InlineData("2026-03-01T14:00:00+02:00", 0)]
    [InlineData(" 2026-03-01T12:00:00Z ", 0)]
    public void Times_are_read_as_peers_write_them(string text, long ticks)
    {
        Assert.True(OcpiDateTime.TryRead(text, out var time));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(ticks), time);
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-01")]
    [InlineData("01.03.2026 12:00")]
    [InlineData("2026-02-30T12:00:00Z")]
    [InlineData("2026-03-01T25:00:00Z")]
    [InlineData("2026-03-01T12:00:00ZZ")]
    [InlineData("2026-03-01T12:00:00.Z.")]
    public void What_is_no_time_is_none(string text) => Assert.False(OcpiDateTime.TryRead(text, out _));

    [Fact]
    public void Times_are_written_in_UTC_and_whole_seconds()
    {
        var time = new DateTimeOffset(2026, 3, 1, 13, 0, 0, 999, TimeSpan.FromHours(1));
        Assert.Equal("2026-03-01T12:00:00Z", OcpiDateTime.Write(time));
        Assert.Equal(OcpiDateTime.Write(time), OcpiDateTime.Write(OcpiDateTime.WholeSeconds(time)));
        Assert.Equal(0, OcpiDateTime.WholeSeconds(time).Millisecond);
    }

    [Theory]
    [InlineData("https://h.example/locations", "https://h.example/locations/DE/ABC/L1")]
    [InlineData("https://h.example/locations/", "https://h.example/locations/DE/ABC/L1")]
    [InlineData("https://h.example/locations?tenant=7", "https://h.example/locations/DE/ABC/L1?tenant=7")]
    public void Segments_join_an_endpoint_with_one_slash_before_its_query(string endpoint, string url) =>
        Assert.Equal(url, OcpiUrl.Join(endpoint, "DE", "ABC", "L1"));

    [Theory]
    [InlineData("DE*ABC*E1")]
    [InlineData("a/b")]
    [InlineData("a+b c%2Fd")]
    [InlineData("ü?#&=")]
    [InlineData("...")]
    public void An_id_survives_the_way_through_a_url(string id)
    {
        var url = OcpiUrl.Join("https://h.example/tokens", id, "authorize");
        // Through .NET's Uri, as HttpClient sends it.
        Assert.Equal(["tokens", id, "authorize"], OcpiUrl.Segments(new Uri(url).PathAndQuery));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public void An_id_that_no_url_can_carry_is_refused(string id) => Assert.Throws<ArgumentException>(() => OcpiUrl.Join("https://h.example/tokens", id));

    [Fact]
    public void A_query_grows_behind_the_one_that_is_there_and_leaves_out_what_is_absent()
    {
        Assert.Equal("https://h/x?a=1%2B2", OcpiUrl.WithQuery("https://h/x", ("a", "1+2"), ("b", null)));
        Assert.Equal("https://h/x?t=7&a=1&c=3", OcpiUrl.WithQuery("https://h/x?t=7", ("a", "1"), ("c", "3")));
        Assert.Equal("https://h/x", OcpiUrl.WithQuery("https://h/x"));
        Assert.Equal("1+2", OcpiUrl.Query("/x?a=1%2B2&a=9")["A"]);
    }

    [Theory]
    [InlineData("https://hub.example/r/1", true)]
    [InlineData("https://HUB.example/r/1", true)]
    [InlineData("https://more.example/r", true)]
    [InlineData("https://hub.example.evil.example/r", false)]
    [InlineData("https://hub.example:22/r", false)]
    [InlineData("http://hub.example/r", false)]
    [InlineData("https://more.example:8080/r", false)]
    [InlineData("https://other.example:8443/r", true)]
    [InlineData("https://other.example/r", false)]
    [InlineData("https://user@evil.example/hub.example", false)]
    [InlineData("http://169.254.169.254/latest", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/r/1", false)]
    public void Only_known_hosts_get_our_token(string url, bool known) =>
        Assert.Equal(known, OcpiUrl.LeadsTo(url, ["https://hub.example/ocpi/2.2.1/commands", "more.example", "other.example:8443"]));

    [Fact]
    public void Ids_are_echoed_and_made_up_where_missing_or_unusable()
    {
        var headers = new Dictionary<string, string> { ["X-Request-ID"] = "r-1", ["X-Correlation-ID"] = new string('x', 1000) };
        var ids = OcpiIds.Of(name => headers.GetValueOrDefault(name));
        Assert.Equal("r-1", ids.RequestId);
        Assert.True(Guid.TryParse(ids.CorrelationId, out _));
        var retry = OcpiIds.Within(ids.CorrelationId);
        Assert.Equal(ids.CorrelationId, retry.CorrelationId);
        Assert.NotEqual(ids.RequestId, retry.RequestId);
    }

    [Fact]
    public void An_answer_goes_back_the_way_the_request_came()
    {
        var headers = new Dictionary<string, string>
        {
            ["OCPI-to-country-code"] = "de", ["OCPI-to-party-id"] = "abc", ["OCPI-from-country-code"] = "NL", ["OCPI-from-party-id"] = "MSP",
        };
        var routing = OcpiRouting.Of(name => headers.GetValueOrDefault(name));
        Assert.Equal(new OcpiParty("DE", "ABC"), routing.To);
        Assert.Equal(
            [new("OCPI-to-country-code", "NL"), new("OCPI-to-party-id", "MSP"), new("OCPI-from-country-code", "DE"), new("OCPI-from-party-id", "ABC")],
            routing.Swapped().Headers());
        Assert.Empty(OcpiRouting.Of(_ => null).Swapped().Headers());
        Assert.Null(OcpiRouting.Of(name => name == "OCPI-to-country-code" ? "DEU" : "X").To);
    }

    [Theory]
    [InlineData("""{"data":{"a":1},"status_code":1000,"timestamp":"2026-03-01T12:00:00Z","extra":[1]}""", 1000, true)]
    [InlineData("""{"status_code":1000}""", 1000, false)]
    [InlineData("""{"data":null,"status_code":2001,"status_message":null,"timestamp":"soon"}""", 2001, false)]
    [InlineData("""{"status_code":"3000","status_message":"busy"}""", 3000, false)]
    [InlineData("\uFEFF{\"status_code\":1000,\"data\":[]}", 1000, true)]
    public void Sloppy_envelopes_are_read(string text, int code, bool hasData)
    {
        var envelope = OcpiEnvelope.Parse(Encoding.UTF8.GetBytes(text));
        Assert.NotNull(envelope);
        Assert.Equal(code, envelope.StatusCode);
        Assert.Equal(hasData, envelope.Data is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Please log in</body></html>")]
    [InlineData("""{"data":{"uid":"0123""")]
    [InlineData("""[{"version":"2.2.1"}]""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"status_code":1000.5}""")]
    [InlineData("""{"status_code":99999999999}""")]
    [InlineData("null")]
    public void What_is_no_envelope_is_none(string text) => Assert.Null(OcpiEnvelope.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void An_envelope_nested_a_thousand_deep_is_none() =>
        Assert.Null(OcpiEnvelope.Parse(Encoding.UTF8.GetBytes($$"""{"status_code":1000,"data":{{new string('[', 1000)}}{{new string(']', 1000)}}}""")));

    [Fact]
    public void An_envelope_holds_data_in_success_and_none_in_an_error_and_frozen_bytes_unchanged()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var frozen = """{ "id" : "1",  "total_energy":1.50 }"""u8.ToArray();
        Assert.Equal(
            """{"data":[{ "id" : "1",  "total_energy":1.50 },{ "id" : "1",  "total_energy":1.50 }],"status_code":1000,"timestamp":"2026-03-01T12:00:00Z"}""",
            Encoding.UTF8.GetString(OcpiAnswer.PageRaw([frozen, frozen], []).Body(now)));
        Assert.Equal("""{"status_code":1000,"timestamp":"2026-03-01T12:00:00Z"}""", Encoding.UTF8.GetString(OcpiAnswer.Done().Body(now)));
        var error = OcpiAnswer.From(OcpiException.Unauthorized());
        Assert.Equal(401, error.HttpStatus);
        using var body = JsonDocument.Parse(error.Body(now));
        Assert.Equal(["status_code", "status_message", "timestamp"], body.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("2.2.1", OcpiVersion.V221)]
    [InlineData("2.3.0", OcpiVersion.V230)]
    [InlineData("2.1.1-d2", OcpiVersion.V211)]
    [InlineData("2.2", null)]
    [InlineData("3.0", null)]
    [InlineData(null, null)]
    public void Version_numbers_are_known_or_not(string? text, OcpiVersion? version) => Assert.Equal(version, OcpiVersions.Parse(text));

    [Fact]
    public void The_family_of_2_2_1_refuses_to_write_2_1_1() => Assert.Throws<ArgumentOutOfRangeException>(() => OcpiJson.For(OcpiVersion.V211));
}
