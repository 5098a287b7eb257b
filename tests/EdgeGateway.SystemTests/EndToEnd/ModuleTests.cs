using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>What newer hubs ask beyond sessions: reservations, the parties behind them, another version.</summary>
public sealed class ModuleTests
{
    private const string Evse = "CP-1-1";

    [Theory]
    [InlineData(OcpiVersion.V221)]
    [InlineData(OcpiVersion.V230)]
    public async Task A_place_is_reserved_and_given_free_again_by_the_hub(OcpiVersion version)
    {
        await using var site = await SystemSite.CreateAsync(hub: SystemSite.HubOf(version));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await using var charger = site.Charger(1);
            charger.Start();
            await Poll.UntilAsync("the hub shows the EVSE as free", () => Status(site.Hub) == "AVAILABLE");

            var reserve = await site.Hub.Commands.ReserveAsync(SystemSite.Card(1), SystemSite.Location, Evse, 17, DateTimeOffset.UtcNow.AddHours(1), default);
            Assert.True(reserve.Response == "ACCEPTED", System.Text.Encoding.UTF8.GetString(site.Hub.Heard[^1].Body));
            Assert.Equal("ACCEPTED", (await reserve.Outcome.WaitAsync(Poll.Patience)).Result);
            await Poll.UntilAsync("the hub shows the EVSE as reserved", () => Status(site.Hub) == "RESERVED");

            var cancel = await site.Hub.Commands.CancelReservationAsync(17, default);
            Assert.Equal("ACCEPTED", cancel.Response);
            Assert.Equal("ACCEPTED", (await cancel.Outcome.WaitAsync(Poll.Patience)).Result);
            await Poll.UntilAsync("the hub shows the EVSE as free again", () => Status(site.Hub) == "AVAILABLE");
            Assert.Empty(site.Hub.Store.Breaches);
        });
    }

    [Fact]
    public async Task The_list_of_parties_is_pulled_and_a_pushed_one_is_taken()
    {
        await using var site = await SystemSite.CreateAsync(hub: SystemSite.HubOf(OcpiVersion.V221));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await Poll.UntilAsync("the list was pulled", () => site.Hub.Store.Requests.Any(r => r is { Method: "GET", Module: "hubclientinfo", OcpiStatus: 1000 }));
            var answer = await site.Hub.PushPartyAsync(new HubParty { Status = "SUSPENDED", LastUpdated = DateTimeOffset.UtcNow }, default);
            Assert.Contains("\"status_code\":1000", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
            Assert.Empty(site.Hub.Store.Breaches);
        });
    }

    [Fact]
    public async Task A_hub_that_moves_to_another_version_is_spoken_to_in_that_one()
    {
        await using var site = await SystemSite.CreateAsync(hub: SystemSite.HubOf(OcpiVersion.V221));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            Assert.Equal(OcpiVersion.V221, site.Hub.Version);
            site.Hub.Versions = [OcpiVersion.V230];
            var answer = await site.Hub.MoveAsync(OcpiVersion.V230, default);
            Assert.Contains("\"status_code\":1000", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);

            await using var charger = site.Charger(1);
            charger.Start();
            await Poll.UntilAsync("the charger is served", () => charger.IsConnected);
            await charger.VisitAsync(1, SystemSite.Uid(1), needWh: 400, TimeSpan.FromSeconds(10), default);
            await site.SettledAsync(() => Task.FromResult(charger.Ledger.Entries), cdrs: 1);
            Assert.Equal(OcpiVersion.V230, site.Hub.Store.Cdrs[0].Versions[0].Version);
        });
    }

    private static string? Status(SimulatedHub hub) => (string?)hub.Store.Locations[0].Latest["evses"]![0]!["status"];
}
