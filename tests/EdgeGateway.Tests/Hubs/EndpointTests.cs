using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>What hubs ask of us, over real HTTP: who may, what comes back, and what is said to nonsense.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private SimulatedHub _hub = null!;
    private HubsHost _host = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _hub = await HubsHost.HubAsync();
        _host = await HubsHost.RegisteredAsync(_hub);
        _token = await _host.AdmitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/versions", null, 401, 2000)]
    [InlineData("GET", "/versions", "not ours", 401, 2000)]
    [InlineData("GET", "/2.2.1/locations", "not ours", 401, 2000)]
    [InlineData("GET", "/nonsense", null, 401, 2000)]
    [InlineData("GET", "/nonsense", "ours", 404, 2000)]
    [InlineData("GET", "/2.0", "ours", 404, 2000)]
    [InlineData("GET", "/2.2.1/locations/BER99", "ours", 404, 2000)]
    [InlineData("GET", "/2.2.1/locations/BER01/CP-9-1", "ours", 404, 2000)]
    [InlineData("GET", "/2.2.1/locations/BER01/CP-1-1/9", "ours", 404, 2000)]
    [InlineData("GET", "/2.2.1/sessions/some", "ours", 404, 2000)]
    [InlineData("GET", "/2.2.1/tokens/DE/MSP/NOBODY", "ours", 404, 2000)]
    [InlineData("PATCH", "/2.2.1/locations", "ours", 405, 2000)]
    [InlineData("DELETE", "/2.2.1/tokens/DE/MSP/X", "ours", 405, 2000)]
    [InlineData("GET", "/2.2.1/commands/START_SESSION", "ours", 405, 2000)]
    [InlineData("POST", "/2.2.1/commands/DANCE", "ours", 404, 2000)]
    [InlineData("POST", "/2.2.1/credentials", "ours", 405, 2000)]
    [InlineData("PUT", "/2.2.1/sessions/x/charging_preferences", "ours", 404, 2001)]
    [InlineData("GET", "/2.2.1/cdrs?limit=0", "ours", 200, 2001)]
    [InlineData("GET", "/2.2.1/cdrs?limit=-1", "ours", 200, 2001)]
    [InlineData("GET", "/2.2.1/cdrs?limit=ten", "ours", 200, 2001)]
    [InlineData("GET", "/2.2.1/cdrs?offset=-1", "ours", 200, 2001)]
    [InlineData("GET", "/2.2.1/sessions?date_from=yesterday", "ours", 200, 2001)]
    [InlineData("GET", "/2.2.1/sessions?date_to=2026-13-01T00:00:00Z", "ours", 200, 2001)]
    public async Task What_cannot_be_served_is_said_with_status_code_and_an_envelope(string method, string path, string? token, int status, int code)
    {
        var body = method is "POST" or "PUT" or "PATCH"
            ? """{"token":"x","url":"https://x.example/versions","roles":[{"role":"HUB","party_id":"HUB","country_code":"DE","business_details":{"name":"x"}}]}""" : null;
        var answer = await _host.CallAsync(new(method), path, token == "ours" ? _token : token, body, ("X-Request-ID", "r-1"), ("X-Correlation-ID", "c-1"));
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Null(answer.Data);
        Assert.NotNull(answer.Json!["timestamp"]);
        Assert.Equal(("r-1", "c-1"), (answer.Headers["X-Request-ID"], answer.Headers["X-Correlation-ID"]));
        if (status == 405 && !path.EndsWith("credentials", StringComparison.Ordinal))
            Assert.NotEmpty(answer.Headers["Allow"]);
        if (status == 401)
            Assert.DoesNotContain("hub", answer.Json["status_message"]!.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("<html>", 400)]
    [InlineData("", 400)]
    [InlineData("[]", 200)]
    [InlineData("\"text\"", 200)]
    [InlineData("{}", 200)]
    public async Task A_body_that_is_no_json_is_a_400_and_one_that_is_wrong_a_2001(string body, int status)
    {
        var answer = await _host.CallAsync(HttpMethod.Post, "/2.2.1/commands/STOP_SESSION", _token, body);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 400 ? 2000 : 2001, answer.Code);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_a_413()
    {
        var answer = await _host.CallAsync(HttpMethod.Put, "/2.2.1/tokens/DE/MSP/X", _token, $"{{\"x\":\"{new string('x', 300_000)}\"}}");
        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task A_token_is_recognised_as_base64_and_as_it_is()
    {
        using var raw = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.Root + "/versions"));
        raw.Headers.TryAddWithoutValidation("Authorization", $"Token {_token}");
        using var response = await _host.Http.SendAsync(raw);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "/versions", _token)).Status);
    }

    [Fact]
    public async Task Versions_and_details_name_what_works_under_the_public_url()
    {
        _host.Options = _host.Options with { PublicUrl = "https://gw.example.com/ocpi/" };
        var versions = await _host.CallAsync(HttpMethod.Get, "/versions", _token);
        Assert.Equal(["https://gw.example.com/ocpi/2.3.0", "https://gw.example.com/ocpi/2.2.1"], versions.Data!.AsArray().Select(v => (string)v!["url"]!));
        var details = await _host.CallAsync(HttpMethod.Get, "/2.2.1", _token);
        Assert.Equal(
            ["credentials SENDER", "locations SENDER", "sessions SENDER", "cdrs SENDER", "tariffs SENDER", "tokens RECEIVER", "commands RECEIVER",
                "chargingprofiles RECEIVER", "hubclientinfo RECEIVER"],
            details.Data!["endpoints"]!.AsArray().Select(e => $"{e!["identifier"]} {e["role"]}"));
        Assert.All(details.Data["endpoints"]!.AsArray(), e => Assert.StartsWith("https://gw.example.com/ocpi/2.2.1/", (string?)e!["url"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Routing_headers_come_back_swapped_and_a_stranger_as_receiver_is_refused()
    {
        (string, string)[] from = [("OCPI-from-country-code", "DE"), ("OCPI-from-party-id", "MSP")];
        var well = await _host.CallAsync(HttpMethod.Get, "/2.2.1/tariffs", _token, null, [.. from, ("OCPI-to-country-code", "de"), ("OCPI-to-party-id", "abc")]);
        Assert.Equal(1000, well.Code);
        Assert.Equal(("DE", "ABC", "DE", "MSP"), (well.Headers["OCPI-from-country-code"], well.Headers["OCPI-from-party-id"], well.Headers["OCPI-to-country-code"], well.Headers["OCPI-to-party-id"]));
        var foreign = await _host.CallAsync(HttpMethod.Get, "/2.2.1/tariffs", _token, null, [.. from, ("OCPI-to-country-code", "NL"), ("OCPI-to-party-id", "XYZ")]);
        Assert.Equal((200, 2000), (foreign.Status, foreign.Code));
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/tariffs", _token)).Code);
        // R3, R4: the hub's own codes mean us too, it is the hub that speaks.
        var hubs = await _host.CallAsync(HttpMethod.Get, "/2.2.1/tariffs", _token, null, ("OCPI-to-country-code", "DE"), ("OCPI-to-party-id", "HUB"));
        Assert.Equal(1000, hubs.Code);
    }

    [Fact]
    public async Task A_crawl_over_small_pages_sees_every_cdr_once_with_filters_in_its_links()
    {
        for (var i = 0; i < 7; i++)
            await _host.ChargeAsync(1 + (i % 2));
        List<string> seen = [];
        var url = "/2.2.1/cdrs?limit=3&date_from=2020-01-01T00:00:00Z&date_to=2099-01-01T00:00:00Z";
        for (var pages = 1; ; pages++)
        {
            var page = await _host.CallAsync(HttpMethod.Get, url, _token);
            Assert.Equal(("7", "1000"), (page.Headers["X-Total-Count"], page.Headers["X-Limit"]));
            seen.AddRange(page.Data!.AsArray().Select(c => (string)c!["id"]!));
            if (!page.Headers.TryGetValue("Link", out var link))
            {
                Assert.Equal(3, pages);
                break;
            }
            Assert.Contains("date_from=", link, StringComparison.Ordinal);
            Assert.Contains("date_to=", link, StringComparison.Ordinal);
            Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
            url = link[1..link.IndexOf('>', StringComparison.Ordinal)][_host.Root.Length..];
        }
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&date_to=2099-01-01T00:00:00Z")]
    public async Task A_crawl_misses_no_session_though_others_leave_their_place_meanwhile(string filter)
    {
        List<string> ids = [];
        var running = await _host.BeginAsync(2);
        await Task.Delay(1100);
        for (var i = 0; i < 6; i++)
            ids.Add(await _host.ChargeAsync(tag: $"CARD{i}"));
        // last_updated has whole seconds: the one that is running came first, so that it is on this page and leaves it.
        var first = await _host.CallAsync(HttpMethod.Get, $"/2.2.1/sessions?limit=3{filter}", _token);
        var seen = first.Data!.AsArray().Select(s => (string)s!["id"]!).ToList();
        Assert.Contains(running.SessionId, seen);
        await Task.Delay(1100);
        await _host.EndAsync(running, 1000);
        for (var link = first.Headers.GetValueOrDefault("Link"); link is not null;)
        {
            var page = await _host.CallAsync(HttpMethod.Get, link[1..link.IndexOf('>', StringComparison.Ordinal)][_host.Root.Length..], _token);
            seen.AddRange(page.Data!.AsArray().Select(s => (string)s!["id"]!));
            link = page.Headers.GetValueOrDefault("Link");
        }
        Assert.Empty(ids.Except(seen));
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/sessions?after=nonsense", _token)).Status);
        Assert.Equal(2001, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/sessions?after=nonsense", _token)).Code);
    }

    [Fact]
    public async Task A_cdr_that_was_pulled_before_it_was_pushed_is_the_same_and_no_refusal()
    {
        _hub.Faults.Inject(HubFaultKind.InternalError);
        var id = await _host.ChargeAsync();
        var pulled = await _host.CallAsync(HttpMethod.Get, "/2.2.1/cdrs", _token);
        Assert.Equal(id, (string?)Assert.Single(pulled.Data!.AsArray())!["id"]);
        Assert.NotNull(await _host.Store.History.FrozenCdrAsync(ExampleSite.Hub, id, "2.2.1", CancellationToken.None));
        var frozen = await _host.Store.History.FrozenCdrAsync(ExampleSite.Hub, id, "2.2.1", CancellationToken.None);
        Assert.Contains(Encoding.UTF8.GetString(frozen!), pulled.Data!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        _hub.Faults.Clear();
        await HubsHost.UntilAsync(() => _hub.Store.Find("cdrs", id) is not null);
        Assert.Equal(frozen, _hub.Store.Find("cdrs", id)!.Versions[0].Body);
    }

    [Theory]
    [InlineData("/2.2.1/cdrs?date_from=2099-01-01T00:00:00Z")]
    [InlineData("/2.2.1/sessions?date_to=2020-01-01T00:00:00Z")]
    [InlineData("/2.2.1/locations?date_from=2099-01-01T00:00:00Z")]
    [InlineData("/2.2.1/tariffs?date_to=2020-01-01T00:00:00Z")]
    public async Task An_empty_result_is_an_empty_list(string path)
    {
        await _host.ChargeAsync();
        var page = await _host.CallAsync(HttpMethod.Get, path, _token);
        Assert.Equal((200, 1000, "0"), (page.Status, page.Code, page.Headers["X-Total-Count"]));
        Assert.Empty(page.Data!.AsArray());
        Assert.False(page.Headers.ContainsKey("Link"));
    }

    [Fact]
    public async Task An_offset_beyond_the_end_is_an_empty_page_that_knows_the_total()
    {
        await _host.ChargeAsync();
        var page = await _host.CallAsync(HttpMethod.Get, "/2.2.1/cdrs?offset=50", _token);
        Assert.Empty(page.Data!.AsArray());
        Assert.Equal("1", page.Headers["X-Total-Count"]);
        Assert.False(page.Headers.ContainsKey("Link"));
    }

    [Fact]
    public async Task A_pulled_cdr_is_the_very_bytes_that_were_pushed()
    {
        var id = await _host.ChargeAsync();
        await HubsHost.UntilAsync(() => _hub.Store.Find("cdrs", id) is not null);
        await _hub.PullAsync("cdrs", CancellationToken.None);
        var pulled = Encoding.UTF8.GetString(_hub.Heard[^1].Body);
        Assert.Contains(Encoding.UTF8.GetString(_hub.Store.Find("cdrs", id)!.Versions[0].Body), pulled, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_sees_its_own_sessions_and_no_others()
    {
        var mine = await _host.ChargeAsync();
        await _host.ChargeAsync(evse: 2, authorization: new()
        {
            Status = EdgeGateway.Site.Model.AuthorizationStatus.Accepted, Token = new() { Uid = ExampleSite.SiteOnlyCard, Owner = new("DE", "ABC") },
        });
        Assert.Equal([mine], (await _hub.PullAsync("sessions", CancellationToken.None)).Select(s => (string?)s["id"]));
        Assert.Equal([mine], (await _hub.PullAsync("cdrs", CancellationToken.None)).Select(s => (string?)s["id"]));
    }

    [Fact]
    public async Task Single_objects_are_the_parts_of_the_location()
    {
        var location = (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations/ber01", _token)).Data!;
        var evse = (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations/BER01/CP-1-1", _token)).Data!;
        var connector = (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations/BER01/CP-1-1/1", _token)).Data!;
        Assert.Equal(location["evses"]![0]!.ToJsonString(), evse.ToJsonString());
        Assert.Equal(evse["connectors"]![0]!.ToJsonString(), connector.ToJsonString());
    }

    [Fact]
    public async Task What_is_not_published_is_not_there()
    {
        var site = _host.Engine.State.Configuration;
        await _host.Engine.RequestAsync(new Configure(site with { Stations = [site.Stations[0], site.Stations[1] with { Publish = false }] }), CancellationToken.None);
        // It was shown before, and nothing that was shown ever vanishes (LO2).
        Assert.Equal("REMOVED", (string?)(await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations/BER01/CP-2-1", _token)).Data!["status"]);
        await _host.Engine.RequestAsync(new Configure(site with { Stations = [.. site.Stations, ExampleSite.Station("CP-9") with { Publish = false }] }), CancellationToken.None);
        Assert.Equal(404, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations/BER01/CP-9-1", _token)).Status);
        await _host.Engine.RequestAsync(new Configure(site with { Site = site.Site with { Publish = false } }), CancellationToken.None);
        Assert.Empty((await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", _token)).Data!.AsArray());
        Assert.Equal(404, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations/BER01", _token)).Status);
    }

    [Fact]
    public async Task Too_many_requests_are_told_so_and_strangers_sooner()
    {
        _host.Options = _host.Options with { Limits = HubsHost.QuickLimits with { RequestsPerSecond = 1, RequestBurst = 5, StrangersPerMinute = 3 } };
        List<int> statuses = [];
        for (var i = 0; i < 8; i++)
            statuses.Add((await _host.CallAsync(HttpMethod.Get, "/versions", _token)).Status);
        Assert.Equal(200, statuses[0]);
        Assert.Equal(429, statuses[^1]);
        List<int> strangers = [];
        for (var i = 0; i < 6; i++)
            strangers.Add((await _host.CallAsync(HttpMethod.Get, "/versions", "guess" + i)).Status);
        Assert.Equal((401, 429), (strangers[0], strangers[^1]));
    }

    [Fact]
    public async Task Versions_answer_even_when_there_is_no_store_any_more()
    {
        // V5: hubs ask them whether we are alive, and ask often.
        await _host.Store.DisposeAsync();
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "/versions", _token)).Status);
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "/2.2.1", _token)).Status);
        Assert.NotEqual(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/cdrs", _token)).Code);
    }

    [Fact]
    public async Task Ids_with_slashes_and_spaces_are_decoded_once()
    {
        var json = Token("A/B +*%2F");
        var url = "/2.2.1/tokens/DE/MSP/" + Uri.EscapeDataString("A/B +*%2F");
        Assert.Equal(201, (await RawAsync("PUT", url, json)).Status);
        Assert.Equal("A/B +*%2F", (string?)(await RawAsync("GET", url, null)).Data!["uid"]);
    }

    [Fact]
    public async Task Every_answer_is_valid_by_the_published_schemas()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        await _host.ChargeAsync();
        await JudgeAsync("/versions", "Version", list: true, "2.3.0");
        await JudgeAsync("/2.2.1/locations", "Location", list: true);
        await JudgeAsync("/2.2.1/locations/BER01/CP-1-1", "EVSE", list: false);
        await JudgeAsync("/2.2.1/locations/BER01/CP-1-1/1", "Connector", list: false);
        await JudgeAsync("/2.2.1/tariffs", "Tariff", list: true);
        await JudgeAsync("/2.2.1/sessions", "Session", list: true);
        await JudgeAsync("/2.2.1/cdrs", "CDR", list: true);
        await JudgeAsync("/2.2.1/credentials", "Credentials", list: false);
        await JudgeAsync("/2.2.1/cdrs?limit=0", null, list: false);

        async Task JudgeAsync(string path, string? schema, bool list, string version = "2.2.1")
        {
            var answer = await _host.CallAsync(HttpMethod.Get, path, _token);
            Assert.Empty(await judge.JudgeEnvelopeAsync(schema, Encoding.UTF8.GetBytes(answer.Json!.ToJsonString()), list, version));
        }
    }

    private static string Token(string uid) => new JsonObject
    {
        ["country_code"] = "DE", ["party_id"] = "MSP", ["uid"] = uid, ["type"] = "RFID", ["contract_id"] = "DE-MSP-C1", ["issuer"] = "MSP",
        ["valid"] = true, ["whitelist"] = "ALWAYS", ["last_updated"] = "2026-01-01T00:00:00Z",
    }.ToJsonString();

    /// <summary>Past the framework's own ideas of a url: the request line as it is written here.</summary>
    private async Task<HubsHost.Heard> RawAsync(string method, string target, string? body)
    {
        var root = new Uri(_host.Root);
        using var client = new TcpClient();
        await client.ConnectAsync(root.Host, root.Port);
        await using var stream = client.GetStream();
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var head = $"{method} /ocpi{target} HTTP/1.1\r\nHost: {root.Authority}\r\nAuthorization: Token {Convert.ToBase64String(Encoding.UTF8.GetBytes(_token))}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(bytes);
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync();
        return new(int.Parse(text.Split(' ')[1]), new Dictionary<string, string>(), JsonNode.Parse(text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]));
    }
}
