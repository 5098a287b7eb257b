using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Hubs;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Tests.Hubs;

public sealed class TokenTests
{
    [Fact]
    public async Task All_tokens_are_pulled_page_by_page_from_a_hub_that_counts_nothing()
    {
        await using var hub = await HubsHost.HubAsync(o => o with { TokenPageSize = 10 });
        for (var i = 0; i < 57; i++)
            hub.Tokens.Put(new() { Uid = $"CARD{i:000}", ContractId = $"DE-MSP-C{i:000}", LastUpdated = DateTimeOffset.UtcNow.AddDays(-100 + i) });
        await using var host = await HubsHost.RegisteredAsync(hub);
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 57);
        Assert.Equal(6, hub.Store.Requests.Count(r => r is { Module: "tokens", Method: "GET" }));
        var found = Assert.Single(await host.Store.Tokens.FindAsync("card007", CancellationToken.None));
        Assert.Equal(("CARD007", "DE-MSP-C007", ExampleSite.Hub), (found.Uid, found.ContractId, found.Hub));
    }

    [Fact]
    public async Task After_the_full_pull_only_what_changed_is_asked_for()
    {
        await using var hub = await HubsHost.HubAsync();
        hub.Tokens.Put(new() { Uid = "OLD", ContractId = "DE-MSP-C1", LastUpdated = DateTimeOffset.UtcNow.AddDays(-100) });
        await using var host = await HubsHost.RegisteredAsync(hub, HubsHost.QuickLimits with { TokenDeltaInterval = TimeSpan.FromSeconds(1) });
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 1);
        hub.Tokens.Put(new() { Uid = "NEW", ContractId = "DE-MSP-C2", LastUpdated = DateTimeOffset.UtcNow });
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 2);
        Assert.NotNull(await ReadAsync(host, r => r.LastFull));
    }

    [Fact]
    public async Task A_pull_that_breaks_off_goes_on_where_it_was_after_a_restart_too()
    {
        await using var hub = await HubsHost.HubAsync(o => o with { TokenPageSize = 5 });
        for (var i = 0; i < 20; i++)
            hub.Tokens.Put(new() { Uid = $"CARD{i:000}", ContractId = $"DE-MSP-C{i:000}", LastUpdated = DateTimeOffset.UtcNow.AddDays(-100 + i) });
        hub.Faults.Inject(new HubFault(HubFaultKind.InternalError) { Module = "tokens", Containing = "offset=10" });
        await using var host = await HubsHost.RegisteredAsync(hub);
        await HubsHost.UntilAsync(async () => (await ReadAsync(host, r => r.Page))?.Contains("offset=10", StringComparison.Ordinal) is true);
        Assert.Equal(10, (await host.StatusAsync()).Tokens);
        await host.GoDownAsync();
        hub.Faults.Clear();
        var before = hub.Store.Requests.Count;
        await host.ComeUpAsync();
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 20);
        Assert.Equal(2, hub.Store.Requests.Skip(before).Count(r => r is { Module: "tokens", Method: "GET" }));
        await HubsHost.UntilAsync(async () => await ReadAsync(host, r => r.LastFull) is not null);
    }

    [Fact]
    public async Task A_token_with_a_bad_date_is_left_out_and_told_and_the_rest_is_used()
    {
        string[] good = ["GOOD1", "GOOD2"];
        await using var server = await LoopbackHttp.StartAsync(context => Answer(context, context.Request.Path.Value!.EndsWith("/tokens", StringComparison.Ordinal)
            ? new JsonArray(Json(good[0]), Json("BADCARD99", "yesterday"), Json(good[1]), new JsonObject { ["uid"] = 7 }) : null));
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.Link.ChangeAsync(r => r with { Endpoints = [.. r.Endpoints.Where(e => e.Module != "tokens"), new("tokens", false, server.Url + "/tokens")] }, CancellationToken.None);
        Assert.True(host.Operations.PullTokens(ExampleSite.Hub).Done);
        await HubsHost.UntilAsync(() => host.RaisedAsync("TokensUnreadable"));
        foreach (var uid in good)
            Assert.Single(await host.Store.Tokens.FindAsync(uid, CancellationToken.None));
        Assert.Empty(await host.Store.Tokens.FindAsync("BADCARD99", CancellationToken.None));
        var told = (await host.Store.History.EventsAsync(100, CancellationToken.None)).First(e => e.Code == "TokensUnreadable");
        Assert.StartsWith("2 tokens", told.Text, StringComparison.Ordinal);
        Assert.Contains("last_updated", told.Text, StringComparison.Ordinal);
        // A whole uid is in no event and in no log line (S11).
        Assert.DoesNotContain("BADCARD99", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Lines, l => l.Contains("BADCARD99", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<html>login</html>", 200)]
    [InlineData("""{"status_code":3000,"timestamp":"2026-01-01T00:00:00Z"}""", 200)]
    [InlineData("""{"status_code":1000,"data":[{"uid":""", 200)]
    [InlineData("", 502)]
    public async Task A_pull_that_gets_nonsense_stores_nothing_and_is_made_again(string text, int status)
    {
        var well = false;
        await using var server = await LoopbackHttp.StartAsync(context => well ? Answer(context, new JsonArray(Json("GOOD1"))) : LoopbackHttp.Text(text, status)(context));
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.Link.ChangeAsync(r => r with { Endpoints = [.. r.Endpoints.Where(e => e.Module != "tokens"), new("tokens", false, server.Url + "/tokens")] }, CancellationToken.None);
        host.Operations.PullTokens(ExampleSite.Hub);
        await HubsHost.UntilAsync(() => host.Log.Lines.Any(l => l.Contains("broke off", StringComparison.Ordinal)));
        Assert.Equal(0, (await host.StatusAsync()).Tokens);
        well = true;
        await HubsHost.UntilAsync(() => host.Link.Circuit.IsClosed);
        host.Operations.PullTokens(ExampleSite.Hub);
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 1);
    }

    [Fact]
    public async Task Pushed_tokens_are_stored_changed_and_shown()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        Assert.Equal((201, 1000), await PushAsync(hub, HttpMethod.Put, Json("CARD1")));
        Assert.Equal((200, 1000), await PushAsync(hub, HttpMethod.Put, Json("CARD1")));
        Assert.Equal((200, 1000), await PushAsync(hub, HttpMethod.Patch, new() { ["valid"] = false, ["last_updated"] = "2026-02-01T00:00:00Z" }));
        var stored = Assert.Single(await host.Store.Tokens.FindAsync("CARD1", CancellationToken.None));
        Assert.False(stored.Valid);
        Assert.Equal("DE-MSP-C1", stored.ContractId);

        // TK2: an older one changes nothing and is no fault.
        Assert.Equal((200, 1000), await PushAsync(hub, HttpMethod.Put, Json("CARD1", "2025-01-01T00:00:00Z")));
        Assert.False(Assert.Single(await host.Store.Tokens.FindAsync("CARD1", CancellationToken.None)).Valid);
        var shown = await hub.CallAsync(HttpMethod.Get, "tokens", "RECEIVER", "/DE/MSP/CARD1?type=RFID", null, CancellationToken.None);
        Assert.False((bool)JsonNode.Parse(shown.Body)!["data"]!["valid"]!);
    }

    [Fact]
    public async Task Pushes_that_make_no_sense_are_refused_in_ocpis_words()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        Assert.Equal((200, 2004), await PushAsync(hub, HttpMethod.Patch, new() { ["valid"] = false, ["last_updated"] = "2026-02-01T00:00:00Z" }));
        Assert.Equal((200, 2001), await PushAsync(hub, HttpMethod.Put, Json("CARD2")));
        Assert.Equal((200, 2001), await PushAsync(hub, HttpMethod.Put, Json("CARD1", "yesterday")));
        Assert.Equal((201, 1000), await PushAsync(hub, HttpMethod.Put, Json("CARD1")));
        Assert.Equal((200, 2001), await PushAsync(hub, HttpMethod.Patch, new() { ["valid"] = false }));
        Assert.Equal((200, 2001), await PushAsync(hub, HttpMethod.Patch, new() { ["uid"] = "CARD9", ["last_updated"] = "2026-02-01T00:00:00Z" }));
        Assert.True(Assert.Single(await host.Store.Tokens.FindAsync("CARD1", CancellationToken.None)).Valid);
    }

    [Fact]
    public async Task A_session_that_began_with_a_card_nobody_knew_gets_its_owner_when_the_token_comes()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var begun = await host.BeginAsync(tag: "CARD1", authorization: Authorization.Refused(AuthorizationStatus.Invalid, "unknown"));
        Assert.True(host.Engine.State.Sessions[begun.Number].Flags.HasFlag(SessionFlags.Unauthorized));
        await PushAsync(hub, HttpMethod.Put, Json("CARD1"));
        await HubsHost.UntilAsync(() => hub.Store.Find("sessions", begun.SessionId) is not null);
        await host.EndAsync(begun, 4000);
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", begun.SessionId) is not null);
        Assert.Empty(hub.Store.Breaches);
    }

    private static async Task<(int Status, int Code)> PushAsync(SimulatedHub hub, HttpMethod method, JsonObject body)
    {
        var answer = await hub.CallAsync(method, "tokens", "RECEIVER", "/DE/MSP/CARD1", body, CancellationToken.None);
        return (answer.HttpStatus, (int)JsonNode.Parse(answer.Body)!["status_code"]!);
    }

    private static async Task<T?> ReadAsync<T>(HubsHost host, Func<TokenPullRecord, T> what) =>
        await host.Store.Documents.ReadAsync("hub/hub/tokens", CancellationToken.None) is { } json
            ? what(JsonSerializer.Deserialize(json, HubJsonContext.Default.TokenPullRecord)!) : default;

    private static JsonObject Json(string uid, string updated = "2026-01-01T00:00:00Z") => new()
    {
        ["country_code"] = "DE", ["party_id"] = "MSP", ["uid"] = uid, ["type"] = "RFID", ["contract_id"] = "DE-MSP-C1", ["issuer"] = "MSP",
        ["valid"] = true, ["whitelist"] = "ALWAYS", ["last_updated"] = updated,
    };

    private static Task Answer(HttpContext context, JsonNode? data) => LoopbackHttp.Text(
        new JsonObject { ["status_code"] = 1000, ["timestamp"] = DateTimeOffset.UtcNow.ToString("s", CultureInfo.InvariantCulture) + "Z", ["data"] = data }.ToJsonString())(context);
}
