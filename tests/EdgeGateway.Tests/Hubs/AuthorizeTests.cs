using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>The whitelist table of checklist §8, against a hub that answers, one that is away, and one that hangs.</summary>
public sealed class AuthorizeTests
{
    [Theory]
    [InlineData("ALWAYS", true, AuthMethod.Whitelist, 0)]
    [InlineData("ALLOWED", true, AuthMethod.Whitelist, 0)]
    [InlineData("ALLOWED", false, AuthMethod.AuthRequest, 1)]
    [InlineData("ALLOWED_OFFLINE", true, AuthMethod.AuthRequest, 1)]
    [InlineData("NEVER", true, AuthMethod.AuthRequest, 1)]
    public async Task A_hub_that_can_be_reached_is_asked_where_the_whitelist_says_so(string whitelist, bool valid, AuthMethod method, int asked)
    {
        await using var hub = await HubsHost.HubAsync();
        hub.Tokens.Put(new() { Uid = "DRIVER/1+*", ContractId = "DE-MSP-C1", Whitelist = whitelist, Valid = valid });
        await using var host = await HubsHost.RegisteredAsync(hub);
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 1);
        var answer = await AskAsync(host, "driver/1+*");
        Assert.Equal((AuthorizationStatus.Accepted, method), (answer.Status, answer.Method));
        Assert.Equal("DE-MSP-C1", answer.Token!.ContractId);
        Assert.Equal(asked, hub.Tokens.Asked.Count);
        if (asked == 0)
            return;
        // T13, TK5: the uid as it is stored, the place always.
        Assert.Equal(("DRIVER/1+*", "RFID", "BER01"), (hub.Tokens.Asked[0].Uid, hub.Tokens.Asked[0].Type, hub.Tokens.Asked[0].LocationId));
        Assert.StartsWith("AUTH-", answer.Reference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALWAYS", true, AuthorizationStatus.Accepted)]
    [InlineData("ALWAYS", false, AuthorizationStatus.Blocked)]
    [InlineData("ALLOWED", true, AuthorizationStatus.Accepted)]
    [InlineData("ALLOWED", false, AuthorizationStatus.Blocked)]
    [InlineData("ALLOWED_OFFLINE", true, AuthorizationStatus.Accepted)]
    [InlineData("ALLOWED_OFFLINE", false, AuthorizationStatus.Blocked)]
    [InlineData("NEVER", true, AuthorizationStatus.Invalid)]
    public async Task With_the_hub_away_the_whitelist_decides(string whitelist, bool valid, AuthorizationStatus expected)
    {
        await using var hub = await HubsHost.HubAsync();
        hub.Tokens.Put(new() { Uid = "DRIVER1", ContractId = "DE-MSP-C1", Whitelist = whitelist, Valid = valid });
        await using var host = await HubsHost.RegisteredAsync(hub);
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 1);
        await hub.GoDownAsync();
        Assert.Equal(expected, (await AskAsync(host, "DRIVER1")).Status);
    }

    [Theory]
    [InlineData("BLOCKED", AuthorizationStatus.Blocked)]
    [InlineData("EXPIRED", AuthorizationStatus.Expired)]
    [InlineData("NO_CREDIT", AuthorizationStatus.NoCredit)]
    [InlineData("NOT_ALLOWED", AuthorizationStatus.NotAllowed)]
    public async Task Only_allowed_starts(string allowed, AuthorizationStatus expected)
    {
        await using var hub = await HubsHost.HubAsync();
        hub.Tokens.Put(new() { Uid = "DRIVER1", ContractId = "DE-MSP-C1", Allowed = allowed, Unlisted = true });
        await using var host = await HubsHost.RegisteredAsync(hub);
        Assert.Equal(expected, (await AskAsync(host, "DRIVER1")).Status);
    }

    [Fact]
    public async Task A_card_that_the_hub_does_not_know_is_invalid_and_one_that_only_the_hub_knows_is_accepted()
    {
        await using var hub = await HubsHost.HubAsync();
        hub.Tokens.Put(new() { Uid = "NEWCARD", ContractId = "DE-MSP-C9", Unlisted = true });
        await using var host = await HubsHost.RegisteredAsync(hub);
        Assert.Equal(AuthorizationStatus.Invalid, (await AskAsync(host, "STRANGER")).Status);
        var known = await AskAsync(host, "NEWCARD");
        Assert.Equal((AuthorizationStatus.Accepted, ExampleSite.Hub), (known.Status, known.Token!.Hub));
        Assert.DoesNotContain(host.Log.Lines, l => l.Contains("STRANGER", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_driver_waits_for_a_hub_that_hangs_no_longer_than_the_limit_and_the_next_not_at_all()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub, HubsHost.QuickLimits with { RetryFirst = TimeSpan.FromMinutes(1), RetryCap = TimeSpan.FromMinutes(5) });
        hub.Faults.Inject(HubFaultKind.Hang);
        var start = DateTimeOffset.UtcNow;
        Assert.Equal(AuthorizationStatus.Invalid, (await AskAsync(host, "DRIVER1")).Status);
        Assert.InRange(DateTimeOffset.UtcNow - start, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(3));
        start = DateTimeOffset.UtcNow;
        Assert.Null(await host.Get<IHubAuthorizer>().AskAsync("DRIVER2", null, "CP-1", CancellationToken.None));
        Assert.True(DateTimeOffset.UtcNow - start < TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Nobody_is_asked_about_drivers_at_a_station_that_no_hub_is_shown()
    {
        await using var hub = await HubsHost.HubAsync();
        var site = ExampleSite.Create();
        await using var host = await HubsHost.RegisteredAsync(hub, site: site with { Stations = [site.Stations[0], site.Stations[1] with { Publish = false }] });
        Assert.Null(await host.Get<IHubAuthorizer>().AskAsync("DRIVER1", null, "CP-2", CancellationToken.None));
        Assert.Null(await host.Get<IHubAuthorizer>().AskAsync("..", null, "CP-1", CancellationToken.None));
        Assert.Empty(hub.Tokens.Asked);
    }

    private static Task<Authorization> AskAsync(HubsHost host, string uid) => new Authorizations(host.Engine, host.Store.Tokens, host.Get<IHubAuthorizer>(), TimeProvider.System)
        .DecideAsync("CP-1", uid, CancellationToken.None);
}
