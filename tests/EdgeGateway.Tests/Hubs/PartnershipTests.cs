using System.Globalization;
using System.Text.Json.Nodes;
using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Tests.Hubs;

/// <summary>Handshakes that the hub begins: it has our token A, and a server of its own that we read during its POST.</summary>
public sealed class PartnershipTests : IAsyncLifetime
{
    private const string Ours = "token-A-that-we-gave";
    private const string Theirs = "token-B-of-the-hub";
    private LoopbackHttp _server = null!;
    private HubsHost _host = null!;
    private string _version = "2.2.1";
    private bool _down;

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackHttp.StartAsync(AnswerAsync);
        _host = await HubsHost.StartAsync(new()
        {
            Name = ExampleSite.Hub, VersionsUrl = _server.Url + "/versions", Initiator = HubInitiator.Hub, RegistrationToken = Ours, CountryCode = "DE", PartyId = "HUB",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_hub_registers_with_the_token_it_was_given_and_gets_one_of_its_own()
    {
        var answer = await PostAsync(Ours);
        Assert.Equal((200, 1000), (answer.Status, answer.Code));
        var token = (string)answer.Data!["token"]!;
        Assert.NotEqual(Ours, token);
        Assert.Equal(("CPO", "ABC"), ((string?)answer.Data["roles"]![0]!["role"], (string?)answer.Data["roles"]![0]!["party_id"]));
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", token)).Code);
        // Its first use has spent token A.
        await HubsHost.UntilAsync(async () => (await _host.CallAsync(HttpMethod.Get, "/versions", Ours)).Status == 401);
        Assert.Equal(405, (await PostAsync(token)).Status);
        var shown = await _host.CallAsync(HttpMethod.Get, "/2.2.1/credentials", token);
        Assert.Equal(token, (string?)shown.Data!["token"]);
        // And it is owed everything.
        await HubsHost.UntilAsync(() => _server.Requests.Any(r => r.Method == "PUT" && r.RawTarget.Contains("/locations/DE/ABC/BER01", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_registration_token_opens_the_way_to_registration_and_nothing_else()
    {
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "/versions", Ours)).Status);
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "/2.2.1", Ours)).Status);
        Assert.Equal(Ours, (string?)(await _host.CallAsync(HttpMethod.Get, "/2.2.1/credentials", Ours)).Data!["token"]);
        foreach (var path in new[] { "/2.2.1/locations", "/2.2.1/cdrs", "/2.2.1/nonsense" })
            Assert.Equal(401, (await _host.CallAsync(HttpMethod.Get, path, Ours)).Status);
        Assert.Equal(405, (await _host.CallAsync(HttpMethod.Put, "/2.2.1/credentials", Ours, Body())).Status);
        Assert.Equal(405, (await _host.CallAsync(HttpMethod.Delete, "/2.2.1/credentials", Ours)).Status);
    }

    [Fact]
    public async Task A_hub_whose_answer_got_lost_may_show_its_token_again()
    {
        Assert.Equal(1000, (await PostAsync(Ours)).Code);
        var second = await PostAsync(Ours);
        Assert.Equal(1000, second.Code);
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", (string?)second.Data!["token"])).Code);
    }

    [Fact]
    public async Task What_keeps_us_from_using_the_hub_is_said_in_its_code_and_leaves_token_A_good()
    {
        _down = true;
        Assert.Equal((200, 3001), Of(await PostAsync(Ours)));
        (_down, _version) = (false, "1.0");
        Assert.Equal((200, 3002), Of(await PostAsync(Ours)));
        _version = "2.2.1";
        Assert.Equal((200, 2001), Of(await PostAsync(Ours, "http://10.1.2.3/versions")));
        Assert.Equal((200, 2001), Of(await PostAsync(Ours, "https://elsewhere.example/versions")));
        Assert.Equal((200, 2001), Of(await _host.CallAsync(HttpMethod.Post, "/2.2.1/credentials", Ours, "{}")));
        Assert.Equal(HubState.Unregistered, (await _host.StatusAsync()).State);
        Assert.Equal((200, 1000), Of(await PostAsync(Ours)));
    }

    [Fact]
    public async Task A_renewal_gives_a_new_token_and_the_old_one_lives_until_the_new_is_used()
    {
        var first = (string)(await PostAsync(Ours)).Data!["token"]!;
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", first)).Code);
        var renewed = await _host.CallAsync(HttpMethod.Put, "/2.2.1/credentials", first, Body());
        var second = (string)renewed.Data!["token"]!;
        Assert.NotEqual(first, second);
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", first)).Code);
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", second)).Code);
        await HubsHost.UntilAsync(async () => (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", first)).Status == 401);
    }

    [Fact]
    public async Task A_hub_that_leaves_is_told_goodbye_and_known_no_more()
    {
        var token = (string)(await PostAsync(Ours)).Data!["token"]!;
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Delete, "/2.2.1/credentials", token)).Code);
        Assert.Equal(401, (await _host.CallAsync(HttpMethod.Get, "/versions", token)).Status);
        Assert.Equal(HubState.Unregistered, (await _host.StatusAsync()).State);
        await HubsHost.UntilAsync(() => _host.RaisedAsync("HubLeft"));
        var asked = _server.Requests.Count;
        await _host.ChargeAsync();
        Assert.True((await _host.StatusAsync()).Backlog > 0);
        Assert.Equal(asked, _server.Requests.Count);
    }

    [Fact]
    public void Tokens_change_hands_without_a_gap_and_without_piling_up()
    {
        var (now, limits) = (DateTimeOffset.UnixEpoch, new HubLimits());
        IReadOnlyList<InboundToken> tokens = InboundTokens.Confirm([], "first", now, limits);
        for (var i = 0; i < 20; i++)
            tokens = InboundTokens.Offer(tokens, $"offer{i}", now.AddMinutes(i), limits);
        // C5: the one in force and the last few offers; the handshake may end with any of these.
        Assert.Equal(5, tokens.Count);
        tokens = InboundTokens.Confirm(tokens, "offer19", now.AddHours(1), limits);
        Assert.Null(tokens.Single(t => t.Digest == InboundTokens.DigestOf("offer19")).Until);
        Assert.All(tokens.Where(t => t.Digest != InboundTokens.DigestOf("offer19")), t => Assert.NotNull(t.Until));
        Assert.Single(InboundTokens.Used(tokens));
        Assert.Single(InboundTokens.Offer(tokens, "later", now.AddDays(3), limits), t => !t.Offered);
    }

    private static (int Status, int Code) Of(HubsHost.Heard answer) => (answer.Status, answer.Code);

    [Fact]
    public async Task A_token_that_was_made_for_the_hub_registers_it_once_and_over_a_restart()
    {
        var first = (await _host.Operations.InviteAsync(ExampleSite.Hub, CancellationToken.None)).Invitation!;
        var made = (await _host.Operations.InviteAsync(ExampleSite.Hub, CancellationToken.None)).Invitation!;
        Assert.Equal(43, made.Length);
        Assert.NotNull((await _host.StatusAsync()).InvitedAt);
        await _host.GoDownAsync();
        await _host.ComeUpAsync();
        Assert.DoesNotContain(made, await _host.Store.Documents.ReadAsync("hub/hub", CancellationToken.None), StringComparison.Ordinal);
        // The later one replaces the earlier; the configured one is good beside it.
        Assert.Equal(401, (await _host.CallAsync(HttpMethod.Get, "/versions", first)).Status);
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "/versions", Ours)).Status);
        Assert.Equal(401, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", made)).Status);
        Assert.Equal(1000, (await PostAsync(made)).Code);
        // Our answer may have been lost: once more.
        var token = (string)(await PostAsync(made)).Data!["token"]!;
        Assert.Null((await _host.StatusAsync()).InvitedAt);
        Assert.Equal(1000, (await _host.CallAsync(HttpMethod.Get, "/2.2.1/locations", token)).Code);
        await HubsHost.UntilAsync(async () => (await _host.CallAsync(HttpMethod.Get, "/versions", made)).Status == 401);
        Assert.DoesNotContain(_host.Log.Lines, l => l.Contains(made, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_token_is_made_for_a_hub_that_we_register_with()
    {
        _host.Options = _host.Options with { Hubs = [_host.Options.Hubs[0] with { Initiator = HubInitiator.Us }] };
        var answer = await _host.Operations.InviteAsync(ExampleSite.Hub, CancellationToken.None);
        Assert.False(answer.Done);
        Assert.Null(answer.Invitation);
    }

    [Fact]
    public async Task A_hub_that_writes_its_token_as_it_is_gets_its_own_so_too()
    {
        var answer = await _host.CallAsync(HttpMethod.Post, "/2.2.1/credentials", null, Body(), ("Authorization", $"Token {Ours}"));
        Assert.Equal(1000, answer.Code);
        Assert.All(_server.Requests, r => Assert.Equal($"Token {Theirs}", r.Header("Authorization")));
    }

    private Task<HubsHost.Heard> PostAsync(string token, string? url = null) => _host.CallAsync(HttpMethod.Post, "/2.2.1/credentials", token, Body(url));

    private string Body(string? url = null) => new JsonObject
    {
        ["token"] = Theirs,
        ["url"] = url ?? _server.Url + "/versions",
        ["roles"] = new JsonArray(new JsonObject
        {
            ["role"] = "HUB", ["country_code"] = "DE", ["party_id"] = "HUB", ["business_details"] = new JsonObject { ["name"] = "Hub" },
        }),
    }.ToJsonString();

    private Task AnswerAsync(HttpContext context)
    {
        if (_down)
            return LoopbackHttp.Text("", 503)(context);
        JsonNode? data = context.Request.Path.Value switch
        {
            "/versions" => new JsonArray(new JsonObject { ["version"] = _version, ["url"] = _server.Url + "/2.2.1" }),
            "/2.2.1" => new JsonObject
            {
                ["version"] = "2.2.1",
                ["endpoints"] = new JsonArray(Endpoint("credentials", "SENDER"), Endpoint("locations", "RECEIVER"), Endpoint("tariffs", "RECEIVER"), Endpoint("sessions", "RECEIVER")),
            },
            _ => null,
        };
        var envelope = new JsonObject { ["status_code"] = 1000, ["timestamp"] = DateTimeOffset.UtcNow.ToString("s", CultureInfo.InvariantCulture) + "Z" };
        if (data is not null)
            envelope["data"] = data;
        return LoopbackHttp.Text(envelope.ToJsonString())(context);
    }

    private JsonObject Endpoint(string module, string role) => new() { ["identifier"] = module, ["role"] = role, ["url"] = $"{_server.Url}/2.2.1/{module}" };
}
