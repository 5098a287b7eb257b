using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>Who sees what: two hubs at one gateway, and the log.</summary>
public sealed class PrivacyTests
{
    private const string Uid = "04CAFE77AB12CD";

    [Fact]
    public async Task Two_hubs_see_each_their_own_sessions_cdrs_and_tokens_and_command_their_own()
    {
        await using var first = await HubsHost.HubAsync();
        await using var second = await HubsHost.HubAsync(o => o with { RegistrationToken = "token-A2", Seed = 2 });
        await using var host = await TwoHubsAsync(first, second);
        var ours = await host.ChargeAsync(1, tag: "ONE", authorization: ExampleSite.Accepted("ONE"));
        var theirs = await host.ChargeAsync(1, tag: "TWO", authorization: ExampleSite.Accepted("TWO", "other"));
        // A card of the site with a contract is the first hub's; one without is nobody's (L6).
        var cards = host.Engine.State.Configuration.LocalTokens;
        var contract = await host.ChargeAsync(1, tag: cards[0].Uid, authorization: new() { Status = AuthorizationStatus.Accepted, Token = cards[0] });
        var here = await host.ChargeAsync(1, tag: cards[1].Uid, authorization: new() { Status = AuthorizationStatus.Accepted, Token = cards[1] });
        await HubsHost.UntilAsync(() => first.Store.Cdrs.Count == 2 && second.Store.Cdrs.Count == 1);
        await host.EmptyAsync();

        foreach (var module in new[] { "sessions", "cdrs" })
        {
            Assert.Equal(Sorted(ours, contract), Sorted(await PulledAsync(first, module)));
            Assert.Equal(Sorted(theirs), Sorted(await PulledAsync(second, module)));
        }
        Assert.Equal(Sorted(ours, contract), Sorted([.. first.Store.Sessions.Select(s => s.Id)]));
        Assert.Equal(Sorted(theirs), Sorted([.. second.Store.Sessions.Select(s => s.Id)]));
        Assert.DoesNotContain(here, first.Store.Requests.Concat(second.Store.Requests).Select(r => r.Subject));

        var token = new JsonObject
        {
            ["country_code"] = "DE", ["party_id"] = "MSP", ["uid"] = Uid, ["type"] = "RFID", ["contract_id"] = "DE-MSP-C9", ["issuer"] = "MSP", ["valid"] = true,
            ["whitelist"] = "ALLOWED", ["last_updated"] = "2026-03-02T08:00:00Z",
        };
        Assert.Equal(201, (await first.CallAsync(HttpMethod.Put, "tokens", "RECEIVER", $"/DE/MSP/{Uid}", token, CancellationToken.None)).HttpStatus);
        Assert.Equal(404, (await second.CallAsync(HttpMethod.Get, "tokens", "RECEIVER", $"/DE/MSP/{Uid}", null, CancellationToken.None)).HttpStatus);

        var running = await host.BeginAsync(2, "TWO", ExampleSite.Accepted("TWO", "other"));
        Assert.Equal("UNKNOWN_SESSION", (await first.Commands.StopSessionAsync(running.SessionId, CancellationToken.None)).Response);
        Assert.Equal("REJECTED", (await first.Commands.UnlockAsync("BER01", "CP-1-2", "1", CancellationToken.None)).Response);
        Assert.Equal("ACCEPTED", (await second.Commands.StopSessionAsync(running.SessionId, CancellationToken.None)).Response);
        Assert.Empty(first.Store.Breaches);
        Assert.Empty(second.Store.Breaches);
    }

    [Fact]
    public async Task One_hub_that_is_dead_keeps_nothing_from_the_other()
    {
        await using var first = await HubsHost.HubAsync();
        await using var second = await HubsHost.HubAsync(o => o with { RegistrationToken = "token-A2", Seed = 2 });
        await using var host = await TwoHubsAsync(first, second);
        first.Faults.Inject(HubFaultKind.Hang);
        for (var i = 0; i < 10; i++)
            await host.ChargeAsync(1, tag: "ONE", authorization: ExampleSite.Accepted("ONE"));
        var theirs = await host.ChargeAsync(1, tag: "TWO", authorization: ExampleSite.Accepted("TWO", "other"));
        await HubsHost.UntilAsync(() => second.Store.Find("cdrs", theirs) is not null);
    }

    [Fact]
    public async Task No_whole_uid_is_ever_written_to_the_log()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var token = new JsonObject
        {
            ["country_code"] = "DE", ["party_id"] = "MSP", ["uid"] = Uid, ["type"] = "RFID", ["contract_id"] = "DE-MSP-C9", ["issuer"] = "MSP", ["valid"] = true,
            ["whitelist"] = "NEVER", ["last_updated"] = "2026-03-02T08:00:00Z",
        };
        await hub.CallAsync(HttpMethod.Put, "tokens", "RECEIVER", $"/DE/MSP/{Uid}", token, CancellationToken.None);
        await hub.CallAsync(HttpMethod.Put, "tokens", "RECEIVER", $"/DE/XXX/{Uid}", token, CancellationToken.None);
        await hub.CallAsync(HttpMethod.Patch, "tokens", "RECEIVER", $"/DE/MSP/{Uid}", new() { ["valid"] = false }, CancellationToken.None);
        await hub.CallAsync(HttpMethod.Get, "tokens", "RECEIVER", $"/DE/MSP/{Uid}", null, CancellationToken.None);
        await hub.CallAsync(HttpMethod.Delete, "tokens", "RECEIVER", $"/DE/MSP/{Uid}", null, CancellationToken.None);
        var exchange = await hub.Commands.StartSessionAsync(new() { Uid = Uid, ContractId = "DE-MSP-C9" }, "BER01", "CP-1-1", "1", null, CancellationToken.None);
        Assert.Equal("REJECTED", exchange.Response); // no station is there
        await host.Engine.ReportAsync(new EdgeGateway.Site.Reports.StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        exchange = await hub.Commands.StartSessionAsync(new() { Uid = Uid, ContractId = "DE-MSP-C9" }, "BER01", "CP-1-1", "1", null, CancellationToken.None);
        await exchange.Outcome.WaitAsync(TimeSpan.FromSeconds(10));
        await host.Get<EdgeGateway.Site.IHubAuthorizer>().AskAsync(Uid, null, "CP-1", CancellationToken.None);
        await host.ChargeAsync(2, tag: Uid, authorization: ExampleSite.Accepted(Uid));
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        await HubsHost.UntilAsync(() => host.Log.Lines.Any(l => l.Contains("START_SESSION", StringComparison.Ordinal) && l.Contains("Accepted", StringComparison.Ordinal)));
        Assert.DoesNotContain(host.Log.Lines, l => l.Contains(Uid, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_token_of_a_hub_that_the_file_names_no_more_starts_nothing()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var authorizations = new EdgeGateway.Site.Authorizations(
            host.Engine, host.Get<EdgeGateway.Site.ITokens>(), host.Get<EdgeGateway.Site.IHubAuthorizer>(), TimeProvider.System);
        await host.Store.Tokens.StoreAsync([new() { Uid = Uid, Owner = new("DE", "MSP"), ContractId = "DE-MSP-C9", Hub = ExampleSite.Hub }], CancellationToken.None);
        Assert.Equal(AuthorizationStatus.Accepted, (await authorizations.DecideAsync("CP-1", Uid, CancellationToken.None)).Status);
        await host.Engine.RequestAsync(new Configure(host.Engine.State.Configuration with { Hubs = [] }), CancellationToken.None);
        Assert.NotEqual(AuthorizationStatus.Accepted, (await authorizations.DecideAsync("CP-1", Uid, CancellationToken.None)).Status);
    }

    private static async Task<HubsHost> TwoHubsAsync(SimulatedHub first, SimulatedHub second)
    {
        var host = await HubsHost.StartAsync(HubsHost.OptionsOf(first), site: ExampleSite.Create(2, ExampleSite.Hub, "other"));
        host.Options = host.Options with { Hubs = [.. host.Options.Hubs, HubsHost.OptionsOf(second) with { Name = "other", RegistrationToken = "token-A2" }] };
        await HubsHost.UntilAsync(() => first.Store.Locations.Count == 1 && second.Store.Locations.Count == 1);
        return host;
    }

    private static async Task<string[]> PulledAsync(SimulatedHub hub, string module) =>
        [.. (await hub.PullAsync(module, CancellationToken.None)).Select(o => (string)o["id"]!)];

    private static string[] Sorted(params string[] ids) => [.. ids.Order(StringComparer.Ordinal)];
}
