using EdgeGateway.Simulators.Hub;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>A charger that is not ours charges cars through the real program, and the hub holds what it must in the end.</summary>
public sealed class ChargingTests
{
    private const string Charger = "CP-1";

    [Fact]
    public async Task A_charged_car_comes_to_the_hub_as_location_session_and_one_CDR()
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await BootAsync(site, chargers);
            var card = await chargers.DoAsync(Charger, "authorize", new() { ["idTag"] = SystemSite.Uid(1) });
            Assert.Equal("Accepted", (string?)card!["idTagInfo"]!["status"]);

            await chargers.StartAsync(Charger, SystemSite.Uid(1));
            await Poll.UntilAsync("the hub shows the session as ACTIVE", () => site.Hub.Store.SessionsIn("ACTIVE").Any());
            await Poll.UntilAsync("the hub sees energy flow", async () =>
            {
                await chargers.MeterAsync(Charger, 123);
                return site.Hub.Store.SessionsIn("ACTIVE").Any(s => (decimal?)s.Latest["kwh"] > 0);
            });
            await chargers.StopAsync(Charger);

            await EndAsync(site, chargers, cdrs: 1);
            var cdr = site.Hub.Store.Cdrs[0].Latest;
            Assert.Equal((await chargers.LedgerAsync()).Single().DeliveredWh / 1000m, (decimal)cdr["total_energy"]!);
            Assert.Equal(SystemSite.Uid(1), (string?)cdr["cdr_token"]!["uid"]);
            Assert.Equal("DE*ABC*E0001*1", (string?)cdr["cdr_location"]!["evse_id"]);
        });
    }

    [Fact]
    public async Task A_hub_that_is_down_from_the_start_gets_everything_once_it_is_there()
    {
        await using var site = await SystemSite.CreateAsync(change: gateway => gateway["LocalTokens"] = LocalCard());
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.Hub.GoDownAsync();
            await site.Gateway.StartAsync();
            await BootAsync(site, chargers);
            for (var i = 0; i < 3; i++)
                await ChargeAsync(chargers, "LOCAL1", 1000 + i);
            Assert.Empty(site.Hub.Store.Requests);

            await site.Hub.ComeUpAsync(default);
            await EndAsync(site, chargers, cdrs: 3);
            Assert.Single(site.Hub.Store.Locations);
            Assert.Single(site.Hub.Store.Tariffs);
        });
    }

    [Fact]
    public async Task A_hub_that_goes_away_in_mid_session_is_told_the_end_when_it_is_back()
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await BootAsync(site, chargers);
            await chargers.StartAsync(Charger, SystemSite.Uid(1));
            await chargers.MeterAsync(Charger, 700);
            await Poll.UntilAsync("the hub has the session", () => site.Hub.Store.SessionsIn("ACTIVE").Any());

            await site.Hub.GoDownAsync();
            await chargers.MeterAsync(Charger, 800);
            await chargers.StopAsync(Charger);
            // A second car comes while nobody can be asked: its card is on the list and may start offline.
            await ChargeAsync(chargers, SystemSite.Uid(1), 900);

            await site.Hub.ComeUpAsync(default);
            await EndAsync(site, chargers, cdrs: 2);
            // I12: what happened meanwhile is not replayed state by state.
            var second = site.Hub.Store.Sessions[1];
            Assert.Equal("COMPLETED", (string?)second.Versions[0].Json["status"]);
        });
    }

    [Theory]
    [InlineData("cdrs", HubFaultKind.StoreThenDrop)]
    [InlineData("cdrs", HubFaultKind.HalfAnswer)]
    [InlineData("sessions", HubFaultKind.StoreThenDrop)]
    [InlineData("locations", HubFaultKind.StoreThenDrop)]
    public async Task An_answer_that_is_lost_after_the_hub_has_stored_doubles_nothing(string module, HubFaultKind fault)
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            site.Hub.Faults.Inject(new HubFault(fault) { Module = module, Times = 2 });
            await site.StartAsync();
            await BootAsync(site, chargers);
            await ChargeAsync(chargers, SystemSite.Uid(1), 2000);

            await EndAsync(site, chargers, cdrs: 1);
            Assert.True(site.Hub.Store.Requests.Count(r => r.Fault == fault) == 2, "the fault did not strike twice");
            Assert.Single(site.Hub.Store.Cdrs);
        });
    }

    [Fact]
    public async Task A_hub_that_refuses_a_CDR_it_has_already_is_taken_as_satisfied()
    {
        await using var site = await SystemSite.CreateAsync(hub: new() { RegistrationToken = "token-a-for-tests-0123456789", RefusesRepeatedCdrs = true });
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            site.Hub.Faults.Inject(new HubFault(HubFaultKind.StoreThenDrop) { Module = "cdrs", Times = 1 });
            await site.StartAsync();
            await BootAsync(site, chargers);
            await ChargeAsync(chargers, SystemSite.Uid(1), 2000);
            await EndAsync(site, chargers, cdrs: 1);
        });
    }

    [Fact]
    public async Task What_the_hub_pulls_is_what_it_was_pushed()
    {
        await using var site = await SystemSite.CreateAsync(stations: 2);
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await BootAsync(site, chargers);
            for (var i = 0; i < 5; i++)
                await ChargeAsync(chargers, SystemSite.Uid(1), 100 + i);
            await Poll.UntilAsync("the hub holds 5 CDRs", () => site.Hub.Store.Cdrs.Count == 5);

            foreach (var module in new[] { "locations", "sessions", "cdrs", "tariffs" })
            {
                // Pages of two, so that links are followed.
                var pulled = await site.Hub.PullAsync(module, default, "?limit=2");
                var pushed = module switch
                {
                    "locations" => site.Hub.Store.Locations,
                    "sessions" => site.Hub.Store.Sessions,
                    "cdrs" => site.Hub.Store.Cdrs,
                    _ => site.Hub.Store.Tariffs,
                };
                Assert.Equal(
                    pushed.Select(o => o.Id).Order(StringComparer.Ordinal), pulled.Select(o => (string)o["id"]!).Order(StringComparer.Ordinal));
            }
            await EndAsync(site, chargers, cdrs: 5);
            await site.JudgeBySchemasAsync();
        });
    }

    internal static async Task BootAsync(SystemSite site, NodeChargers chargers, int number = 1)
    {
        await chargers.MakeAsync($"CP-{number}", site.Gateway.OcppEndpoint, SystemSite.Password);
        await chargers.BootAsync($"CP-{number}");
    }

    private static async Task ChargeAsync(NodeChargers chargers, string idTag, int wh)
    {
        await chargers.StartAsync(Charger, idTag);
        await chargers.MeterAsync(Charger, wh);
        await chargers.StopAsync(Charger);
    }

    private static async Task EndAsync(SystemSite site, NodeChargers chargers, int cdrs)
    {
        await site.SettledAsync(chargers.LedgerAsync, cdrs);
        Assert.Empty(chargers.Complaints);
    }

    /// <summary>A card of the site with a contract: its sessions are owed to the first hub.</summary>
    private static System.Text.Json.Nodes.JsonArray LocalCard() =>
        new(new System.Text.Json.Nodes.JsonObject { ["Uid"] = "LOCAL1", ["ContractId"] = "DE-ABC-C00000001-1", ["Valid"] = true });
}
