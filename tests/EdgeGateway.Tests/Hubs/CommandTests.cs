using System.Text.Json.Nodes;
using EdgeGateway.Hubs.Commands;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

public sealed class CommandTests
{
    private static readonly HubToken Driver = new() { Uid = "APP-1", Type = "APP_USER", ContractId = "DE-MSP-C7", Whitelist = "NEVER" };

    [Theory]
    [InlineData(OrderOutcome.Accepted, "ACCEPTED")]
    [InlineData(OrderOutcome.Rejected, "REJECTED")]
    [InlineData(OrderOutcome.Failed, "FAILED")]
    [InlineData(OrderOutcome.NotSupported, "NOT_SUPPORTED")]
    [InlineData(OrderOutcome.TimedOut, "TIMEOUT")]
    [InlineData(OrderOutcome.Offline, "EVSE_INOPERATIVE")]
    public async Task Each_outcome_is_posted_once_after_an_answer_that_did_not_wait_for_it(OrderOutcome outcome, string result)
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        var charger = new TaskCompletionSource<OrderOutcome>();
        host.Chargers.Answer = _ => charger.Task;
        var exchange = await hub.Commands.StartSessionAsync(Driver, "BER01", "CP-1-1", "1", "REF-1", CancellationToken.None);
        Assert.Equal(("ACCEPTED", 1000, 60), (exchange.Response, exchange.OcpiStatus, exchange.TimeoutSeconds));
        Assert.False(exchange.Outcome.IsCompleted);
        charger.SetResult(outcome);
        Assert.Equal(result, (await exchange.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task An_outcome_waits_for_the_answer_that_it_must_not_overtake()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        var answered = new TaskCompletionSource();
        var command = new HubCommand($"{hub.VersionsUrl.Replace("/versions", "", StringComparison.Ordinal)}/2.2.1/commands/UNLOCK_CONNECTOR/1", "x", new Unlock(ExampleSite.Hub, "BER01", "CP-1-1", 1));
        var order = new CommandOrder(host.Link, host.Link.Dialect!, "UNLOCK_CONNECTOR", command, "c-1", new());
        Assert.NotNull((await host.Get<CommandDesk>().TakeAsync(order, answered.Task, CancellationToken.None)).OrderId);
        await HubsHost.UntilAsync(() => host.Chargers.Orders.Count == 1);
        await Task.Delay(300);
        Assert.DoesNotContain(hub.Store.Requests, r => r.Module == "commands");
        answered.SetResult();
        await HubsHost.UntilAsync(() => hub.Store.Requests.Any(r => r.Module == "commands"));
    }

    [Fact]
    public async Task A_charger_that_never_answers_is_timed_out_by_ourselves()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub, seconds: 1);
        host.Chargers.Answer = _ => new TaskCompletionSource<OrderOutcome>().Task;
        var exchange = await hub.Commands.UnlockAsync("BER01", "CP-1-1", "1", CancellationToken.None);
        Assert.Equal(1, exchange.TimeoutSeconds);
        Assert.Equal("TIMEOUT", (await exchange.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
    }

    [Fact]
    public async Task A_remote_start_becomes_a_session_with_the_commands_token_and_reference()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        var exchange = await hub.Commands.StartSessionAsync(Driver, "BER01", null, null, "REF-1", CancellationToken.None);
        Assert.Equal("ACCEPTED", (await exchange.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        await HubsHost.UntilAsync(() => hub.Store.SessionsIn("PENDING").Any());
        var order = Assert.IsType<StartOrder>(Assert.Single(host.Chargers.Orders));
        var begun = await host.Engine.ReportAsync(
            new SessionBegan(order.At, order.IdTag, DateTimeOffset.UtcNow, 0, Authorization.Refused(AuthorizationStatus.Invalid, "unknown")), CancellationToken.None);
        await HubsHost.UntilAsync(() => hub.Store.SessionsIn("ACTIVE").Any());
        var session = hub.Store.Find("sessions", begun.SessionId)!.Latest;
        Assert.Equal(("COMMAND", "REF-1"), ((string?)session["auth_method"], (string?)session["authorization_reference"]));
        Assert.Equal(("APP-1", "APP_USER", "DE-MSP-C7"), ((string?)session["cdr_token"]!["uid"], (string?)session["cdr_token"]!["type"], (string?)session["cdr_token"]!["contract_id"]));
        // K4: it is not put into the list of tokens.
        Assert.Equal(0, (await host.StatusAsync()).Tokens);

        var stop = await hub.Commands.StopSessionAsync(begun.SessionId, CancellationToken.None);
        Assert.Equal("ACCEPTED", (await stop.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        Assert.Equal(begun.Number, Assert.IsType<StopOrder>(host.Chargers.Orders[1]).Number);
    }

    [Fact]
    public async Task The_same_command_twice_is_one_order_and_two_answers()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        var charger = new TaskCompletionSource<OrderOutcome>();
        host.Chargers.Answer = _ => charger.Task;
        var first = await hub.Commands.StartSessionAsync(Driver, "BER01", "CP-1-1", "1", null, CancellationToken.None);
        var second = await hub.Commands.StartSessionAsync(Driver, "BER01", "CP-1-1", "1", null, CancellationToken.None);
        charger.SetResult(OrderOutcome.Accepted);
        Assert.Equal("ACCEPTED", (await first.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        Assert.Equal("ACCEPTED", (await second.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        Assert.Single(host.Chargers.Orders);
    }

    [Fact]
    public async Task What_failed_may_be_tried_anew()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        host.Chargers.Answer = _ => Task.FromResult(OrderOutcome.Rejected);
        var first = await hub.Commands.StartSessionAsync(Driver, "BER01", "CP-1-1", "1", null, CancellationToken.None);
        Assert.Equal("REJECTED", (await first.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        host.Chargers.Answer = _ => Task.FromResult(OrderOutcome.Accepted);
        var second = await hub.Commands.StartSessionAsync(Driver, "BER01", "CP-1-1", "1", null, CancellationToken.None);
        Assert.Equal("ACCEPTED", (await second.Outcome.WaitAsync(TimeSpan.FromSeconds(10))).Result);
        Assert.Equal(2, host.Chargers.Orders.Count);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_at_once()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        Assert.Equal(2003, (await hub.Commands.StartSessionAsync(Driver, "BER99", null, null, null, CancellationToken.None)).OcpiStatus);
        Assert.Equal(2003, (await hub.Commands.StartSessionAsync(Driver, "BER01", "CP-9-1", null, null, CancellationToken.None)).OcpiStatus);
        Assert.Equal(2003, (await hub.Commands.UnlockAsync("BER01", "CP-1-1", "7", CancellationToken.None)).OcpiStatus);
        Assert.Equal(2001, (await hub.Commands.SendAsync("START_SESSION", new() { ["location_id"] = "BER01" }, CancellationToken.None)).OcpiStatus);
        // CP-2 has no line (K1).
        Assert.Equal("REJECTED", (await hub.Commands.StartSessionAsync(Driver, "BER01", "CP-2-1", null, null, CancellationToken.None)).Response);
        Assert.Equal("UNKNOWN_SESSION", (await hub.Commands.StopSessionAsync("nobody", CancellationToken.None)).Response);
        Assert.Equal(2001, (await hub.Commands.SendAsync("RESERVE_NOW", new() { ["location_id"] = "BER01" }, CancellationToken.None)).OcpiStatus);
        Assert.Empty(host.Chargers.Orders);
    }

    [Fact]
    public async Task A_session_of_another_is_unknown_to_this_hub()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        var begun = await host.BeginAsync(authorization: new() { Status = AuthorizationStatus.Accepted, Token = new() { Uid = ExampleSite.SiteOnlyCard, Owner = new("DE", "ABC") } });
        Assert.Equal("UNKNOWN_SESSION", (await hub.Commands.StopSessionAsync(begun.SessionId, CancellationToken.None)).Response);
        Assert.Empty(host.Chargers.Orders);
    }

    [Theory]
    [InlineData("http://10.0.0.1/admin")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://internal.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret@127.0.0.1/x")]
    public async Task A_response_url_that_is_not_the_hubs_is_refused_and_nothing_is_ordered(string url)
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await ConnectedAsync(hub);
        var answer = await hub.CallAsync(
            HttpMethod.Post, "commands", "RECEIVER", "/STOP_SESSION", new() { ["response_url"] = url, ["session_id"] = "x" }, CancellationToken.None);
        Assert.Equal(2001, (int)JsonNode.Parse(answer.Body)!["status_code"]!);
        Assert.Empty(host.Chargers.Orders);
    }

    private static async Task<HubsHost> ConnectedAsync(SimulatedHub hub, int seconds = 60)
    {
        var host = await HubsHost.RegisteredAsync(hub, HubsHost.QuickLimits with { CommandTimeout = TimeSpan.FromSeconds(seconds) });
        await host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        return host;
    }
}
