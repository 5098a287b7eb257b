using System.Text.Json.Nodes;
using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>The parties behind a hub (H1, TK3): what it pushes, what it lists, and what follows from it.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private static readonly Party Msp = new("DE", "MSP");
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

    [Fact]
    public async Task A_pushed_party_is_kept_shown_and_counted_over_a_restart()
    {
        var token = await _host.AdmitAsync();
        Assert.Equal(404, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/hubclientinfo/DE/MSP", token)).Status);
        Assert.Equal((201, 1000), Of(await PutAsync(token, Json("MSP", "SUSPENDED", 1))));
        Assert.Equal((201, 1000), Of(await PutAsync(token, Json("EM2", "CONNECTED", 1))));
        // Older news changes nothing.
        Assert.Equal((200, 1000), Of(await PutAsync(token, Json("MSP", "CONNECTED", 0))));
        Assert.Equal("SUSPENDED", (string?)(await _host.CallAsync(HttpMethod.Get, "/2.2.1/hubclientinfo/de/msp", token)).Data!["status"]);
        Assert.Equal((200, 2001), Of(await _host.CallAsync(HttpMethod.Put, "/2.2.1/hubclientinfo/DE/XYZ", token, Json("MSP", "CONNECTED", 2).ToJsonString())));
        Assert.Equal((200, 2001), Of(await _host.CallAsync(HttpMethod.Put, "/2.2.1/hubclientinfo/DE/XYZ", token, "{}")));
        await _host.GoDownAsync();
        await _host.ComeUpAsync();
        var status = await _host.StatusAsync();
        Assert.Equal(["DE*MSP"], status.SuspendedParties);
        Assert.Equal((1, 1), (status.Clients["CONNECTED"], status.Clients["SUSPENDED"]));
        Assert.Equal((200, 1000), Of(await PutAsync(token, Json("MSP", "CONNECTED", 2))));
        Assert.Empty((await _host.StatusAsync()).SuspendedParties);
    }

    [Fact]
    public async Task The_list_is_pulled_page_by_page_and_says_who_is_not_there()
    {
        _hub.When("GET", "hubclientinfo", context => context.Request.Query.ContainsKey("offset") && context.Request.Query["offset"] == "1"
            ? OddHub.Envelope(1000, data: $"[{Json("EM2", "OFFLINE", 1)},{{\"nonsense\":1}}]")(context)
            : OddHub.Envelope(1000, data: $"[{Json("MSP", "CONNECTED", 1)}]", headers: ("Link", $"<{_hub.Url}/2.2.1/hubclientinfo?offset=1>; rel=\"next\""))(context));
        await _host.Link.ChangeAsync(r => r with { Endpoints = [.. r.Endpoints, new("hubclientinfo", false, $"{_hub.Url}/2.2.1/hubclientinfo")] }, CancellationToken.None);
        await HubsHost.UntilAsync(() => _host.Link.Clients.Record.Clients.Count == 2);
        // Never with routing headers (checklist §6), and not again before a day is over.
        Assert.All(_hub.Of("GET", "hubclientinfo"), r => Assert.Null(r.Header("OCPI-from-party-id")));
        await _host.Link.ChangeAsync(r => r with { Welcomed = false }, CancellationToken.None);
        await Task.Delay(300);
        Assert.Equal(2, _hub.Of("GET", "hubclientinfo").Count);

        // TK3: with a role HUB in its credentials anybody may be behind it; with a list of partners, only they and those of the list.
        var token = await _host.AdmitAsync();
        Assert.Equal(201, (await PushTokenAsync(token, "XYZ")).Status);
        await _host.Link.ChangeAsync(r => r with { Parties = [new("EMSP", "NL", "AAA", "A")] }, CancellationToken.None);
        Assert.Equal((200, 2000), Of(await PushTokenAsync(token, "XYZ")));
        Assert.Equal(201, (await PushTokenAsync(token, "EM2")).Status);
    }

    [Fact]
    public async Task Without_a_whole_list_nobodys_token_is_refused()
    {
        await _host.Link.ChangeAsync(r => r with { Parties = [new("EMSP", "NL", "AAA", "A")] }, CancellationToken.None);
        await SuspendAsync();
        Assert.Equal(201, (await PushTokenAsync(await _host.AdmitAsync(), "XYZ")).Status);
    }

    [Theory]
    [InlineData(Whitelist.Never, AuthorizationStatus.Invalid)]
    [InlineData(Whitelist.AllowedOffline, AuthorizationStatus.Accepted)]
    public async Task A_suspended_partys_driver_is_decided_about_as_if_the_hub_were_away(Whitelist whitelist, AuthorizationStatus expected)
    {
        _hub.When("POST", "tokens", OddHub.Envelope(1000, data: "{\"allowed\":\"BLOCKED\"}"));
        await _host.Store.Tokens.StoreAsync(
            [new() { Uid = "CARD1", Owner = Msp, ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub, Whitelist = whitelist, LastUpdated = DateTimeOffset.UtcNow }], CancellationToken.None);
        await SuspendAsync();
        Assert.Equal(expected, (await DecideAsync()).Status);
        Assert.Empty(_hub.Of("POST", "tokens"));
        await _host.Link.Clients.KeepAsync(new("DE", "MSP", "EMSP", HubClientStatus.Connected, DateTimeOffset.UtcNow), CancellationToken.None);
        Assert.Equal(AuthorizationStatus.Blocked, (await DecideAsync()).Status);
    }

    [Fact]
    public async Task Nothing_is_routed_to_a_suspended_party_and_all_of_it_once_it_is_back()
    {
        _host.Options = _host.Options with { Hubs = [_hub.Options with { Routing = HubRouting.Owner }] };
        await SuspendAsync();
        var id = await _host.ChargeAsync();
        await HubsHost.UntilAsync(async () => (await _host.OutboxAsync()).Any(e => e.LastError?.Contains("suspended", StringComparison.Ordinal) is true));
        Assert.Empty(_hub.Of("PUT", "sessions"));
        await _host.Link.Clients.KeepAsync(new("DE", "MSP", "EMSP", HubClientStatus.Connected, DateTimeOffset.UtcNow), CancellationToken.None);
        await HubsHost.UntilAsync(() => _hub.Of("POST", "cdrs").Count == 1);
        Assert.Contains(id, System.Text.Encoding.UTF8.GetString(_hub.Of("POST", "cdrs")[0].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_parties_are_kept_than_there_may_be()
    {
        var many = Enumerable.Range(0, HubClients.Most + 10).Select(i => new HubClient("DE", $"{i:x4}", "EMSP", HubClientStatus.Connected, DateTimeOffset.UnixEpoch)).ToList();
        await _host.Link.Clients.ReplaceAsync(many, DateTimeOffset.UtcNow, null, CancellationToken.None);
        await SuspendAsync();
        Assert.Equal(HubClients.Most, _host.Link.Clients.Record.Clients.Count);
    }

    private Task SuspendAsync() =>
        _host.Link.Clients.KeepAsync(new("DE", "MSP", "EMSP", HubClientStatus.Suspended, DateTimeOffset.UtcNow.AddSeconds(-1)), CancellationToken.None);

    private Task<Authorization> DecideAsync() =>
        new Authorizations(_host.Engine, _host.Store.Tokens, _host.Get<IHubAuthorizer>(), TimeProvider.System).DecideAsync("CP-1", "CARD1", CancellationToken.None);

    private Task<HubsHost.Heard> PutAsync(string token, JsonObject client) =>
        _host.CallAsync(HttpMethod.Put, $"/2.2.1/hubclientinfo/DE/{client["party_id"]}", token, client.ToJsonString());

    private Task<HubsHost.Heard> PushTokenAsync(string token, string party) => _host.CallAsync(HttpMethod.Put, $"/2.2.1/tokens/DE/{party}/CARD9", token, new JsonObject
    {
        ["country_code"] = "DE", ["party_id"] = party, ["uid"] = "CARD9", ["type"] = "RFID", ["contract_id"] = "DE-XYZ-C9", ["issuer"] = "X",
        ["valid"] = true, ["whitelist"] = "ALLOWED", ["last_updated"] = "2026-01-01T00:00:00Z",
    }.ToJsonString());

    private static (int Status, int Code) Of(HubsHost.Heard heard) => (heard.Status, heard.Code);

    private static JsonObject Json(string party, string status, int day) => new()
    {
        ["country_code"] = "DE", ["party_id"] = party, ["role"] = "EMSP", ["status"] = status, ["last_updated"] = $"2026-01-0{day + 1}T00:00:00Z",
    };
}
