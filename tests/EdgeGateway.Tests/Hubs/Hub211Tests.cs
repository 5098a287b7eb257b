using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>A whole partnership in 2.1.1, from the handshake to the CDR, with a hub that speaks nothing else and notes every breach of its rules.</summary>
public sealed class Hub211Tests
{
    [Fact]
    public async Task The_handshake_ends_in_2_1_1_with_plain_tokens_and_flat_credentials()
    {
        await using var hub = await HubAsync();
        await using var host = await ConnectedAsync(hub);
        Assert.Equal("2.1.1", host.Link.Record.Version);
        var posted = Assert.Single(hub.Store.Requests, r => r is { Module: "credentials", Method: "POST" });
        var body = JsonNode.Parse(posted.Body)!;
        Assert.Equal(("DE", "ABC", null), ((string?)body["country_code"], (string?)body["party_id"], body["roles"]));
        Assert.Contains(hub.Store.Requests, r => r.Module == "locations");
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task A_session_is_pushed_and_billed_and_pulled_again_as_it_was_pushed()
    {
        await using var hub = await HubAsync();
        await using var host = await ConnectedAsync(hub);
        var id = await host.ChargeAsync(wh: 7_250);
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        await host.EmptyAsync();
        var (session, cdr) = (hub.Store.Find("sessions", id)!.Latest, hub.Store.Find("cdrs", id)!.Latest);
        Assert.Equal("COMPLETED", (string?)session["status"]);
        Assert.Equal(7.25m, (decimal)cdr["total_energy"]!);
        Assert.Equal(3.5525m, (decimal)cdr["total_cost"]!); // 7.25 kWh at 0.49
        Assert.Equal(3.5525m, (decimal)session["total_cost"]!);
        var pulled = await hub.PullAsync("cdrs", CancellationToken.None);
        Assert.Equal(cdr.ToJsonString(), Assert.Single(pulled).ToJsonString());
        foreach (var module in new[] { "locations", "sessions", "tariffs" })
            Assert.NotEmpty(await hub.PullAsync(module, CancellationToken.None));
        Assert.DoesNotContain(hub.Store.Requests, r => r.Headers.Keys.Any(h => h.StartsWith("OCPI-", StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task Tokens_are_pulled_as_the_hubs_own_and_asked_about_in_its_words()
    {
        await using var hub = await HubAsync();
        hub.Tokens.Put(new() { Uid = "DRIVER1", ContractId = "DE-MSP-C1", Whitelist = "NEVER" });
        await using var host = await ConnectedAsync(hub);
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Tokens == 1);
        var answer = await new Authorizations(host.Engine, host.Store.Tokens, host.Get<IHubAuthorizer>(), TimeProvider.System).DecideAsync("CP-1", "DRIVER1", CancellationToken.None);
        Assert.Equal((AuthorizationStatus.Accepted, AuthMethod.AuthRequest, "DE-MSP-C1"), (answer.Status, answer.Method, answer.Token!.ContractId));
        Assert.Equal(("DRIVER1", "RFID", "BER01"), (hub.Tokens.Asked[0].Uid, hub.Tokens.Asked[0].Type, hub.Tokens.Asked[0].LocationId));
        Assert.Empty(hub.Store.Breaches);
    }

    [Theory]
    [InlineData(OrderOutcome.Accepted, "ACCEPTED")]
    [InlineData(OrderOutcome.Offline, "REJECTED")]
    [InlineData(OrderOutcome.TimedOut, "TIMEOUT")]
    public async Task Commands_are_answered_and_settled_in_its_words(OrderOutcome outcome, string expected)
    {
        await using var hub = await HubAsync();
        await using var host = await ConnectedAsync(hub);
        await host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        host.Chargers.Answer = _ => Task.FromResult(outcome);
        var driver = new HubToken { Uid = "APP-1", Type = "OTHER", ContractId = "DE-MSP-C7", Whitelist = "NEVER" };
        var exchange = await hub.Commands.StartSessionAsync(driver, "BER01", "CP-1-1", null, null, CancellationToken.None);
        Assert.Equal(("ACCEPTED", 1000, null), (exchange.Response, exchange.OcpiStatus, exchange.TimeoutSeconds));
        Assert.Equal(expected, (await exchange.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task A_card_that_only_the_hub_knows_is_billed_to_the_hub_under_its_own_number()
    {
        await using var hub = await HubAsync();
        hub.Tokens.Put(new() { Uid = "NEWCARD", ContractId = "DE-MSP-C9", Unlisted = true });
        await using var host = await ConnectedAsync(hub);
        var answer = await new Authorizations(host.Engine, host.Store.Tokens, host.Get<IHubAuthorizer>(), TimeProvider.System).DecideAsync("CP-1", "NEWCARD", CancellationToken.None);
        Assert.Equal(AuthorizationStatus.Accepted, answer.Status);
        Assert.Equal(new("DE", "HUB"), answer.Token!.Owner);
        var id = await host.ChargeAsync(tag: "NEWCARD", authorization: answer);
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        Assert.Equal("NEWCARD", (string?)hub.Store.Find("cdrs", id)!.Latest["auth_id"]);
    }

    [Fact]
    public async Task Whatever_is_said_between_both_is_valid_by_schemas_that_are_not_ours()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        await using var hub = await HubAsync();
        hub.Tokens.Put(new() { Uid = "DRIVER1", ContractId = "DE-MSP-C1", Whitelist = "NEVER" });
        await using var host = await ConnectedAsync(hub);
        await new Authorizations(host.Engine, host.Store.Tokens, host.Get<IHubAuthorizer>(), TimeProvider.System).DecideAsync("CP-1", "DRIVER1", CancellationToken.None);
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        await host.EmptyAsync();
        var exchange = await hub.Commands.StopSessionAsync(id, CancellationToken.None);
        Assert.Equal("UNKNOWN_SESSION", exchange.Response);
        await hub.PullAsync("cdrs", CancellationToken.None);
        foreach (var request in hub.Store.Requests.Where(r => r.Body.Length > 0))
        {
            if (HubShapes.KindOf(OcpiVersion.V211, request.Method, request.Module, request.Subject.Split('/').Length) is { } schema)
                Assert.Empty((await judge.JudgeAsync(schema, request.Body, "2.1.1")).Select(f => $"{request.Method} {request.Module}: {f}"));
        }
        Assert.All(["locations", "sessions", "cdrs", "tariffs", "tokens", "credentials"], m => Assert.Contains(hub.Store.Requests, r => r.Module == m && r.Body.Length > 0));
        foreach (var answer in hub.Heard.Where(a => a.Module == "commands"))
            Assert.Empty(await judge.JudgeEnvelopeAsync("CommandResponse", answer.Body, version: "2.1.1"));
        foreach (var answer in hub.Heard.Where(a => a.Module == "cdrs"))
            Assert.Empty(await judge.JudgeEnvelopeAsync("CDR", answer.Body, list: true, version: "2.1.1"));
    }

    [Fact]
    public async Task A_reservation_by_number_is_held_and_shown_as_a_pending_session()
    {
        await using var hub = await HubAsync();
        await using var host = await ConnectedAsync(hub);
        await host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var driver = new HubToken { Uid = "APP-1", Type = "OTHER", ContractId = "DE-MSP-C7", Whitelist = "NEVER" };
        var exchange = await hub.Commands.ReserveAsync(driver, "BER01", "CP-1-1", 4711, DateTimeOffset.UtcNow.AddHours(1), CancellationToken.None);
        Assert.Equal("ACCEPTED", exchange.Response);
        Assert.Equal("ACCEPTED", (await exchange.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        await HubsHost.UntilAsync(() => hub.Store.Requests.Any(r => r.Module == "sessions"));
        var session = JsonNode.Parse(hub.Store.Requests.First(r => r.Module == "sessions").Body)!;
        Assert.Equal(("PENDING", "DE-MSP-C7"), ((string?)session["status"], (string?)session["auth_id"]));
        Assert.Equal("4711", Assert.Single(host.Engine.State.Reservations.Values).PartyReservationId);
        Assert.Empty(hub.Store.Breaches);
    }

    private static Task<SimulatedHub> HubAsync() => HubsHost.HubAsync(o => o with { Versions = [OcpiVersion.V211] });

    private static Task<HubsHost> ConnectedAsync(SimulatedHub hub) =>
        HubsHost.RegisteredAsync(hub, options: o => o with { Versions = ["2.3.0", "2.2.1", "2.1.1"] });
}
