using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>The real program with a hub of each version, and with two hubs of different versions at once (V2). The hub forgives nothing.</summary>
public sealed class VersionTests
{
    private const string Evse = "CP-1-1";
    private const string TokenA = "token-a-of-the-second-0123456789";

    [Theory]
    [InlineData(OcpiVersion.V211)]
    [InlineData(OcpiVersion.V221)]
    [InlineData(OcpiVersion.V230)]
    public async Task A_hub_of_any_version_has_all_that_it_asks_of_a_CPO(OcpiVersion version)
    {
        await using var site = await SystemSite.CreateAsync(hub: SystemSite.HubOf(version));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            Assert.Equal(version, site.Hub.Version);
            await using var charger = site.Charger(1, o => o with { RemoteNeedWh = 100_000 });
            charger.Start();
            await Poll.UntilAsync("the charger is served", () => charger.IsConnected);
            await Poll.UntilAsync("the hub shows the EVSE as free", () => Status(site.Hub) == "AVAILABLE");

            await ByCommandAsync(site, charger);
            await ByCardAsync(site, charger);
            await site.SettledAsync(() => Task.FromResult(charger.Ledger.Entries), cdrs: 2);

            // As ENAPI at night: everything with date_to alone, then what changed since.
            await Poll.UntilAsync("the last second is over", () => DateTimeOffset.UtcNow > LastChange(site.Hub).AddSeconds(1));
            foreach (var module in new[] { "locations", "tariffs", "sessions", "cdrs" })
                Assert.Equal(
                    site.Hub.Store.Of(module).Select(o => o.Id).Order(StringComparer.Ordinal),
                    (await site.Hub.FullPullAsync(module, default)).Select(o => (string)o["id"]!).Order(StringComparer.Ordinal));
            foreach (var module in new[] { "locations", "tariffs", "sessions", "cdrs" })
                Assert.Empty(await site.Hub.DeltaPullAsync(module, default));
            Assert.Empty(site.Hub.Store.Breaches);
            await site.JudgeBySchemasAsync();
        });
    }

    [Fact]
    public async Task A_hub_that_offers_all_versions_is_spoken_to_in_the_highest()
    {
        await using var site = await SystemSite.CreateAsync(hub: SystemSite.HubOf(OcpiVersion.V211, OcpiVersion.V221, OcpiVersion.V230));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            Assert.Equal(OcpiVersion.V230, site.Hub.Version);
            Assert.Empty(site.Hub.Store.Breaches);
        });
    }

    [Fact]
    public async Task Two_hubs_are_served_each_in_its_version_with_its_own_drivers_and_prices()
    {
        await using var second = await SimulatedHub.StartAsync(
            new() { RegistrationToken = TokenA, Name = "Old hub", PartyId = "OLD", Versions = [OcpiVersion.V211] }, TimeProvider.System, default);
        second.Tokens.Put(SystemSite.Card(2));
        await using var site = await SystemSite.CreateAsync(stations: 2, hub: SystemSite.HubOf(OcpiVersion.V230), change: gateway =>
        {
            var wholesale = gateway["Tariffs"]![0]!.DeepClone();
            wholesale["Id"] = "WHOLESALE";
            ((JsonArray)gateway["Tariffs"]!).Add(wholesale);
            ((JsonArray)gateway["Hubs"]!).Add((JsonNode)new JsonObject
            {
                ["Name"] = "old", ["VersionsUrl"] = second.VersionsUrl, ["RegistrationToken"] = TokenA, ["CountryCode"] = "DE", ["PartyId"] = "OLD",
                ["Tariffs"] = new JsonObject { ["AC"] = "WHOLESALE" },
            });
        });
        // The second station's driver is the second hub's alone.
        site.Hub.Tokens.Put(SystemSite.Card(2) with { Unlisted = true, Allowed = "BLOCKED" });
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await Poll.UntilAsync("the second hub has the location", () => second.IsRegistered && second.Store.Locations.Count == 1);
            await Poll.UntilAsync("the second hub's tokens are here", () => second.Store.Requests.Any(r => r is { Method: "GET", Module: "tokens", OcpiStatus: 1000 }));
            Assert.Equal(OcpiVersion.V230, site.Hub.Version);
            Assert.Equal(OcpiVersion.V211, second.Version);
            await using var one = site.Charger(1);
            await using var two = site.Charger(2);
            foreach (var charger in new[] { one, two })
                charger.Start();
            await Poll.UntilAsync("the chargers are served", () => one.IsConnected && two.IsConnected);
            await Task.WhenAll(
                one.VisitAsync(1, SystemSite.Uid(1), needWh: 800, TimeSpan.FromSeconds(10), default),
                two.VisitAsync(1, SystemSite.Uid(2), needWh: 800, TimeSpan.FromSeconds(10), default));

            await Poll.UntilAsync("each hub has its CDR", () => site.Hub.Store.Cdrs.Count == 1 && second.Store.Cdrs.Count == 1);
            Assert.Equal(SystemSite.Uid(1), OcpiWords.Token(site.Hub.Store.Cdrs[0].Latest));
            Assert.Equal(SystemSite.Card(2).ContractId, OcpiWords.Token(second.Store.Cdrs[0].Latest));
            Assert.Equal(["AC"], site.Hub.Store.Tariffs.Select(t => t.Id));
            Assert.Equal(["WHOLESALE"], second.Store.Tariffs.Select(t => t.Id));
            Assert.Empty(site.Hub.Store.Breaches);
            Assert.Empty(second.Store.Breaches);
            Assert.Empty(site.Gateway.Refused());
        });
    }

    private static async Task ByCommandAsync(SystemSite site, SimulatedCharger charger)
    {
        // Not in any list: the command itself authorizes (K4).
        var card = SystemSite.Card(1) with { Uid = "APP-7F3A", Type = "APP_USER", Unlisted = true };
        var start = await site.Hub.Commands.StartSessionAsync(card, SystemSite.Location, Evse, "1", "REF-1", default);
        Assert.Equal("ACCEPTED", start.Response);
        Assert.Equal("ACCEPTED", (await start.Outcome.WaitAsync(Poll.Patience)).Result);
        await Poll.UntilAsync("the hub sees energy flow", () => site.Hub.Store.SessionsIn("ACTIVE").Any(s => (decimal?)s.Latest["kwh"] > 0));
        Assert.Empty(site.Hub.Tokens.Asked);

        var stop = await site.Hub.Commands.StopSessionAsync(site.Hub.Store.Sessions.Single().Id, default);
        Assert.Equal("ACCEPTED", stop.Response);
        Assert.Equal("ACCEPTED", (await stop.Outcome.WaitAsync(Poll.Patience)).Result);
        await Poll.UntilAsync("the hub has the bill", () => site.Hub.Store.Cdrs.Count == 1);
        charger.Unplug(1);

        var unlock = await site.Hub.Commands.UnlockAsync(SystemSite.Location, Evse, "1", default);
        Assert.Equal("ACCEPTED", (await unlock.Outcome.WaitAsync(Poll.Patience)).Result);
    }

    private static async Task ByCardAsync(SystemSite site, SimulatedCharger charger)
    {
        site.Hub.Tokens.Put(SystemSite.Card(9) with { Whitelist = "NEVER", Unlisted = true });
        await charger.VisitAsync(1, SystemSite.Uid(9), needWh: 500, TimeSpan.FromSeconds(10), default);
        Assert.Contains(site.Hub.Tokens.Asked, a => a.Uid == SystemSite.Uid(9) && a.LocationId == SystemSite.Location);
    }

    private static string? Status(SimulatedHub hub) => (string?)hub.Store.Locations[0].Latest["evses"]![0]!["status"];

    private static DateTimeOffset LastChange(SimulatedHub hub) => new[] { "locations", "tariffs", "sessions", "cdrs" }
        .SelectMany(hub.Store.Of).Max(o => DateTimeOffset.Parse((string)o.Latest["last_updated"]!, System.Globalization.CultureInfo.InvariantCulture));
}
