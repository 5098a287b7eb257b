using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.Faults;

/// <summary>A hub that answers badly holds up nobody, loses nothing and is not hammered.</summary>
public sealed class HubFaultTests
{
    // The others are held by DeliveryTests, in process: here it is the whole program that gets over them.
    [Theory]
    [InlineData(HubFaultKind.InternalError)]
    [InlineData(HubFaultKind.HalfAnswer)]
    public async Task What_a_hub_answers_badly_is_sent_again_until_it_answers_well(HubFaultKind kind)
    {
        await using var site = await SystemSite.CreateAsync();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await using var charger = site.Charger(1);
            charger.Start();
            await Poll.UntilAsync("the charger is served", () => charger.IsConnected);
            foreach (var module in new[] { "locations", "sessions", "cdrs" })
                site.Hub.Faults.Inject(new HubFault(kind) { Module = module, Times = 2 });
            await charger.VisitAsync(1, SystemSite.Uid(1), needWh: 400, TimeSpan.FromSeconds(10), default);
            await Poll.UntilAsync("the charger has said everything", () => charger.Waiting == 0);

            await site.SettledAsync(() => Task.FromResult(charger.Ledger.Entries), cdrs: 1);
            foreach (var module in new[] { "sessions", "cdrs" })
                Assert.Equal(2, site.Hub.Store.Requests.Count(r => r.Module == module && r.Fault == kind));
        });
    }

    [Fact]
    public async Task An_object_that_the_hub_refuses_for_good_is_set_aside_and_can_be_sent_again()
    {
        await using var site = await SystemSite.CreateAsync(stations: 2);
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await using var first = site.Charger(1);
            await using var second = site.Charger(2);
            first.Start();
            second.Start();
            await Poll.UntilAsync("the chargers are served", () => first.IsConnected && second.IsConnected);
            // Poison (I11): the CDRs of the first driver.
            site.Hub.Faults.Inject(new HubFault(HubFaultKind.Refuse2001) { Module = "cdrs", Containing = SystemSite.Uid(1) });
            await first.VisitAsync(1, SystemSite.Uid(1), needWh: 300, TimeSpan.FromSeconds(10), default);
            await second.VisitAsync(1, SystemSite.Uid(2), needWh: 300, TimeSpan.FromSeconds(10), default);
            await Poll.UntilAsync("the other driver's CDR is at the hub", () => site.Hub.Store.Cdrs.Count == 1);
            await Poll.UntilAsync("the poison is set aside", () => site.Gateway.Refused().Count == 1);

            var (code, output, _) = await site.Gateway.VerbAsync("outbox", "list", "--json");
            Assert.Equal(0, code);
            var refused = Assert.Single((JsonArray)JsonNode.Parse(string.Concat(output))!, e => (string?)e!["state"] is "Refused" or "refused");
            Assert.Contains("2001", (string?)refused!["lastError"], StringComparison.Ordinal);

            site.Hub.Faults.Clear();
            (code, _, _) = await site.Gateway.VerbAsync("outbox", "retry", $"{(long)refused["id"]!}");
            Assert.Equal(0, code);
            await site.SettledAsync(() => Task.FromResult<IReadOnlyList<Simulators.Charger.LedgerEntry>>([.. first.Ledger.Entries, .. second.Ledger.Entries]), cdrs: 2);
        });
    }

    [Fact]
    public async Task Charging_waits_for_a_hub_that_hangs_no_longer_than_a_driver_does()
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await EndToEnd.ChargingTests.BootAsync(site, chargers);
            site.Hub.Faults.Inject(HubFaultKind.Hang);
            // A stranger: nobody but the hub could know him.
            var asked = Stopwatch.StartNew();
            var answer = await chargers.DoAsync("CP-1", "authorize", new() { ["idTag"] = "STRANGER" });
            Assert.NotEqual("Accepted", (string?)answer!["idTagInfo"]!["status"]);
            Assert.True(asked.Elapsed < TimeSpan.FromSeconds(10), $"a driver waited {asked.Elapsed.TotalSeconds:0.0} s");

            var charged = Stopwatch.StartNew();
            for (var i = 0; i < 5; i++)
            {
                await chargers.StartAsync("CP-1", SystemSite.Uid(1));
                await chargers.MeterAsync("CP-1", 500);
                await chargers.StopAsync("CP-1");
            }
            // 15 messages; a hub that hangs is in the way of none of them (I7).
            Assert.True(charged.Elapsed < TimeSpan.FromSeconds(5), $"five sessions took {charged.Elapsed.TotalSeconds:0.0} s");
            site.Hub.Faults.Clear();
            // What hangs, hangs until the gateway's own limit.
            await site.SettledAsync(chargers.LedgerAsync, cdrs: 5);
        });
    }

    [Fact]
    public async Task A_hub_that_says_401_is_not_hammered()
    {
        await using var site = await SystemSite.CreateAsync();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await using var charger = site.Charger(1);
            charger.Start();
            await Poll.UntilAsync("the charger is served", () => charger.IsConnected);
            site.Hub.Faults.Inject(HubFaultKind.Unauthorized);
            for (var i = 0; i < 5; i++)
                await charger.VisitAsync(1, SystemSite.Uid(1), needWh: 100, TimeSpan.FromSeconds(5), default);
            await Poll.UntilAsync("the charger has said everything", () => charger.Waiting == 0);
            var refused = site.Hub.Store.Requests.Count(r => r.Fault == HubFaultKind.Unauthorized);
            Assert.InRange(refused, 1, 20);
            // Nothing was lost, and nothing was thrown away: it waits for a new token.
            Assert.True(site.Gateway.Owed() > 0, "what is owed was dropped");
        });
    }
}
