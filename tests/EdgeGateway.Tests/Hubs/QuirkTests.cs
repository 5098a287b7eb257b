using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Hubs;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>What real peers were seen to do: borne, and settled right.</summary>
public sealed class QuirkTests : IAsyncLifetime
{
    private OddHub _hub = null!;
    private HubsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await OddHub.StartAsync();
        _host = await HubsHost.StartAsync(_hub.Options);
        await HubsHost.UntilAsync(() => _hub.Of("PUT", "locations").Count > 0);
        await _host.EmptyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(200, 1000, null)]
    [InlineData(200, 1000, "null")]
    [InlineData(201, 1000, "{}")]
    [InlineData(200, 1000, "[{\"id\":\"x\"}]")]
    [InlineData(202, 1999, null)]
    public async Task A_cdr_is_delivered_whatever_success_looks_like(int status, int code, string? data)
    {
        _hub.When("POST", "cdrs", OddHub.Envelope(code, status: status, data: data, headers: ("Location", "/2.2.1/cdrs/DE/ABC/7")));
        await _host.ChargeAsync();
        await HubsHost.UntilAsync(async () => (await _host.Store.History.RecentCdrsAsync(1, CancellationToken.None)) is [{ Delivery: "delivered" }]);
        var line = Assert.Single(await _host.Store.History.RecentCdrsAsync(1, CancellationToken.None));
        // D2: a relative place is one at the hub.
        Assert.Equal($"{_hub.Url}/2.2.1/cdrs/DE/ABC/7", line.Receipt);
        Assert.Single(_hub.Of("POST", "cdrs"));
    }

    [Theory]
    [InlineData(400, 2000, "CDR already exists")]
    [InlineData(409, 2001, "conflict")]
    [InlineData(200, 2001, "duplicate id")]
    [InlineData(200, 1000, null)]
    [InlineData(201, 1000, null)]
    public async Task A_repeated_cdr_is_delivered_whatever_the_hub_says_to_it(int status, int code, string? message)
    {
        var first = true;
        _hub.When("POST", "cdrs", async context =>
        {
            if (!first)
            {
                await OddHub.Envelope(code, message, status)(context);
                return;
            }
            first = false;
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("{\"status_co"));
            context.Abort();
        });
        await _host.ChargeAsync();
        await _host.EmptyAsync();
        Assert.Empty(await _host.OutboxAsync());
        var sent = _hub.Of("POST", "cdrs");
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0].Body, sent[1].Body);
    }

    [Theory]
    [InlineData(422, 2001)]
    [InlineData(403, 2001)]
    [InlineData(404, 2003)]
    [InlineData(400, 2000)]
    [InlineData(409, 2000)]
    [InlineData(200, 2004)]
    [InlineData(200, 4001)]
    public async Task A_refusal_of_an_object_is_one_in_whatever_status_it_comes_and_the_hub_stays_online(int status, int code)
    {
        _hub.When("POST", "cdrs", OddHub.Envelope(code, "not like this", status));
        var id = await _host.ChargeAsync();
        await HubsHost.UntilAsync(async () => (await _host.OutboxAsync()).Any(e => e.State == OwedState.Refused));
        var refused = Assert.Single(await _host.OutboxAsync());
        Assert.Equal((DeliveryKind.Cdr, id), (refused.Kind, refused.Object));
        Assert.Contains("not like this", refused.LastError, StringComparison.Ordinal);
        Assert.Equal(HubState.Online, (await _host.StatusAsync()).State);
        Assert.Single(_hub.Of("POST", "cdrs"));
    }

    [Theory]
    [InlineData(403, "")]
    [InlineData(403, "<html>forbidden</html>")]
    [InlineData(401, "{\"status_code\":2001,\"timestamp\":\"2026-01-01T00:00:00Z\"}")]
    public async Task A_refusal_of_ourselves_suspends_the_hub_and_sets_nothing_aside(int status, string body)
    {
        _hub.When("POST", "cdrs", LoopbackHttp.Text(body, status));
        await _host.ChargeAsync();
        await HubsHost.UntilAsync(async () => (await _host.StatusAsync()).State == HubState.Suspended);
        Assert.DoesNotContain(await _host.OutboxAsync(), e => e.State == OwedState.Refused);
    }

    [Fact]
    public async Task A_result_that_is_taken_with_202_and_nothing_is_posted_once()
    {
        await _host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var token = await _host.AdmitAsync();
        _hub.When("POST", "commands", LoopbackHttp.Text("", 202));
        var answer = await _host.CallAsync(HttpMethod.Post, "/2.2.1/commands/UNLOCK_CONNECTOR", token, Unlock($"{_hub.Url}/2.2.1/commands/UNLOCK_CONNECTOR/1"));
        Assert.Equal("ACCEPTED", (string?)answer.Data!["result"]);
        await HubsHost.UntilAsync(() => _hub.Of("POST", "commands").Count > 0);
        await Task.Delay(700);
        Assert.Single(_hub.Of("POST", "commands"));
    }

    [Fact]
    public async Task Another_port_of_the_hubs_machine_gets_no_result_unless_it_is_allowed()
    {
        await _host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var token = await _host.AdmitAsync();
        await using var other = await LoopbackHttp.StartAsync(OddHub.Envelope(1000));
        var refused = await _host.CallAsync(HttpMethod.Post, "/2.2.1/commands/UNLOCK_CONNECTOR", token, Unlock($"{other.Url}/r"));
        Assert.Equal(2001, refused.Code);
        Assert.Empty(_host.Chargers.Orders);
        _host.Options = _host.Options with { Hubs = [_hub.Options with { AllowedHosts = [$"127.0.0.1:{new Uri(other.Url).Port}"] }] };
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Post, "/2.2.1/commands/UNLOCK_CONNECTOR", token, Unlock($"{other.Url}/r"))).Code);
        await HubsHost.UntilAsync(() => other.Requests.Count == 1);
    }

    [Fact]
    public async Task One_correlation_id_for_everything_does_not_make_one_command_of_two()
    {
        await _host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var token = await _host.AdmitAsync();
        foreach (var (evse, card) in new[] { ("CP-1-1", "DRIVER1"), ("CP-1-2", "DRIVER2"), ("CP-1-2", "DRIVER2") })
        {
            var answer = await _host.CallAsync(HttpMethod.Post, "/2.2.1/commands/START_SESSION", token, Start(evse, card), ("X-Correlation-ID", "always-the-same"));
            Assert.Equal("ACCEPTED", (string?)answer.Data!["result"]);
        }
        await HubsHost.UntilAsync(() => _hub.Of("POST", "commands").Count == 3);
        // K8: the third one is the second again.
        Assert.Equal(["CP-1/1", "CP-1/2"], _host.Chargers.Orders.Cast<EdgeGateway.Site.Requests.StartOrder>().Select(o => $"{o.At.Station}/{o.At.Evse}").Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<>; rel=\"next\"")]
    [InlineData("<https://hub.example/x>; rel=\"prev\"")]
    public async Task A_page_of_tokens_without_a_next_one_is_the_last_however_that_is_written(string link)
    {
        _hub.When("GET", "tokens", OddHub.Envelope(1000, data: $"[{Token("CARD1")},{Token("CARD2")}]", headers: ("Link", link)));
        _host.Operations.PullTokens(ExampleSite.Hub);
        await HubsHost.UntilAsync(async () => (await _host.StatusAsync()).Tokens == 2);
        var asked = _hub.Of("GET", "tokens").Count;
        await Task.Delay(300);
        Assert.Equal(asked, _hub.Of("GET", "tokens").Count);
    }

    [Fact]
    public async Task A_list_of_one_in_place_of_an_object_and_an_object_in_place_of_a_list_are_read()
    {
        _hub.When("POST", "tokens", OddHub.Envelope(1000, data: "[{\"allowed\":\"ALLOWED\"}]"));
        var known = new Token { Uid = "CARD1", Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub };
        Assert.Equal(AuthorizationStatus.Accepted, (await _host.Get<IHubAuthorizer>().AskAsync("CARD1", known, "CP-1", CancellationToken.None))?.Status);
        _hub.When("GET", "tokens", OddHub.Envelope(1000, data: "null"));
        _host.Operations.PullTokens(ExampleSite.Hub);
        await Task.Delay(200);
        Assert.Equal(HubState.Online, (await _host.StatusAsync()).State);
    }

    [Fact]
    public async Task A_word_by_hand_overrides_a_long_retry_after_and_does_not_hammer()
    {
        var patient = true;
        _host.Options = _host.Options with { Limits = HubsHost.QuickLimits with { HastenedWait = TimeSpan.FromMilliseconds(300) } };
        _hub.When("POST", "cdrs", context => (patient ? OddHub.Envelope(2000, "slowly", 429, headers: ("Retry-After", "3000")) : OddHub.Envelope(1000))(context));
        await _host.ChargeAsync();
        await HubsHost.UntilAsync(async () => (await _host.StatusAsync()).State == HubState.Offline);
        Assert.True((await _host.StatusAsync()).NextProbe > DateTimeOffset.UtcNow.AddMinutes(40));
        patient = false;
        var before = _hub.Requests.Count;
        for (var i = 0; i < 50; i++)
        {
            foreach (var entry in await _host.OutboxAsync())
                await _host.Store.Outbox.RetryAsync(entry.Id, CancellationToken.None);
            _host.Operations.Hasten(ExampleSite.Hub);
        }
        await _host.EmptyAsync();
        // One look whether it is there, and the CDR.
        Assert.InRange(_hub.Requests.Count - before, 2, 4);
    }

    [Theory]
    [InlineData(200, 2003, "unknown location")]
    [InlineData(200, 2002, "location not found at this hub")]
    [InlineData(404, 2000, "Location BER01 is not known")]
    public async Task A_hub_that_does_not_know_the_place_is_shown_it_and_asked_again(int status, int code, string message)
    {
        var shown = _hub.Of("PUT", "locations").Count;
        _hub.When("POST", "tokens", context =>
            (_hub.Of("PUT", "locations").Count > shown ? OddHub.Envelope(1000, data: "{\"allowed\":\"ALLOWED\"}") : OddHub.Envelope(code, message, status))(context));
        var known = new Token { Uid = "CARD1", Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub };
        Assert.Equal(AuthorizationStatus.Accepted, (await _host.Get<IHubAuthorizer>().AskAsync("CARD1", known, "CP-1", CancellationToken.None))?.Status);
        Assert.Equal(2, _hub.Of("POST", "tokens").Count);
    }

    [Fact]
    public async Task A_hub_that_never_learns_the_place_is_asked_twice_and_no_more()
    {
        _hub.When("POST", "tokens", OddHub.Envelope(2003, "unknown location"));
        var known = new Token { Uid = "CARD1", Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub };
        Assert.Null(await _host.Get<IHubAuthorizer>().AskAsync("CARD1", known, "CP-1", CancellationToken.None));
        Assert.Equal(2, _hub.Of("POST", "tokens").Count);
    }

    private static string Unlock(string responseUrl) => new JsonObject
    {
        ["response_url"] = responseUrl, ["location_id"] = "BER01", ["evse_uid"] = "CP-1-1", ["connector_id"] = "1",
    }.ToJsonString();

    private string Start(string evse, string card) => new JsonObject
    {
        ["response_url"] = $"{_hub.Url}/2.2.1/commands/START_SESSION/{evse}", ["token"] = JsonNode.Parse(Token(card)), ["location_id"] = "BER01", ["evse_uid"] = evse,
    }.ToJsonString();

    private static string Token(string uid) => new JsonObject
    {
        ["country_code"] = "DE", ["party_id"] = "MSP", ["uid"] = uid, ["type"] = "RFID", ["contract_id"] = $"DE-MSP-{uid}", ["issuer"] = "MSP",
        ["valid"] = true, ["whitelist"] = "ALLOWED", ["last_updated"] = "2026-01-01T00:00:00Z",
    }.ToJsonString();
}
