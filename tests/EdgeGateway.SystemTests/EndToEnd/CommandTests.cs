using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>The hub's commands reach a charger that is not ours, and each has one result.</summary>
public sealed class CommandTests
{
    private const string Charger = "CP-1";
    private const string Evse = "CP-1-1";

    [Fact]
    public async Task A_session_is_started_and_stopped_by_the_hub()
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await ChargingTests.BootAsync(site, chargers);
            // Not in any list: the command itself authorizes (K4).
            var card = SystemSite.Card(1) with { Uid = "APP-7F3A", Type = "APP_USER", Unlisted = true };
            var start = await site.Hub.Commands.StartSessionAsync(card, SystemSite.Location, Evse, "1", "REF-1", default);
            Assert.Equal("ACCEPTED", start.Response);
            Assert.Equal("ACCEPTED", (await start.Outcome.WaitAsync(Poll.Patience)).Result);

            await Poll.UntilAsync("the hub shows the session as ACTIVE", () => site.Hub.Store.SessionsIn("ACTIVE").Any());
            var session = site.Hub.Store.Sessions.Single();
            Assert.Equal("REF-1", (string?)session.Latest["authorization_reference"]);
            Assert.Equal("COMMAND", (string?)session.Latest["auth_method"]);
            Assert.Equal("APP-7F3A", (string?)session.Latest["cdr_token"]!["uid"]);
            Assert.Empty(site.Hub.Tokens.Asked);
            await chargers.MeterAsync(Charger, 3000);

            var stop = await site.Hub.Commands.StopSessionAsync(session.Id, default);
            Assert.Equal("ACCEPTED", stop.Response);
            Assert.Equal("ACCEPTED", (await stop.Outcome.WaitAsync(Poll.Patience)).Result);
            await site.SettledAsync(chargers.LedgerAsync, cdrs: 1);
            Assert.Equal("REF-1", (string?)site.Hub.Store.Cdrs.Single().Latest["authorization_reference"]);
            Assert.Empty(chargers.Complaints);
        });
    }

    [Theory]
    [InlineData("Unlocked", "ACCEPTED")]
    [InlineData("UnlockFailed", "FAILED")]
    [InlineData("NotSupported", "NOT_SUPPORTED")]
    public async Task A_connector_is_unlocked_as_the_charger_says(string answer, string expected)
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await ChargingTests.BootAsync(site, chargers);
            await chargers.DoAsync(Charger, "answer", new()
            {
                ["action"] = "UnlockConnector", ["payload"] = new System.Text.Json.Nodes.JsonObject { ["status"] = answer },
            });
            var unlock = await site.Hub.Commands.UnlockAsync(SystemSite.Location, Evse, "1", default);
            Assert.Equal("ACCEPTED", unlock.Response);
            Assert.Equal(expected, (await unlock.Outcome.WaitAsync(Poll.Patience)).Result);
            Assert.Single(chargers.Calls(Charger, "UnlockConnector"));
            Assert.Empty(site.Hub.Store.Breaches);
        });
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_at_once()
    {
        await using var site = await SystemSite.CreateAsync(stations: 2);
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await ChargingTests.BootAsync(site, chargers);
            var hub = site.Hub.Commands;
            Assert.Equal("UNKNOWN_SESSION", (await hub.StopSessionAsync("no-such-session", default)).Response);
            Assert.Equal(2003, (await hub.StartSessionAsync(SystemSite.Card(1), "NOWHERE", null, null, null, default)).OcpiStatus);
            // CP-2 never connected (K1).
            Assert.Equal("REJECTED", (await hub.StartSessionAsync(SystemSite.Card(2), SystemSite.Location, "CP-2-1", "1", null, default)).Response);
            Assert.Empty(site.Hub.Store.Breaches);
        });
    }
}
