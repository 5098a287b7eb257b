using System.Text.Json.Nodes;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.Faults;

/// <summary>How the program starts and ends.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_configuration_with_five_mistakes_is_refused_with_a_line_for_each()
    {
        await using var site = await SystemSite.CreateAsync(change: gateway =>
        {
            gateway["Party"]!["CountryCode"] = "Germany";
            gateway["Site"]!["Latitude"] = 1234;
            gateway["Stations"]![0]!["Evses"]![0]!["Connectors"]![0]!["Tariffs"] = new JsonArray("NO-SUCH-TARIFF");
            gateway["Hubs"]![0]!["VersionsUrl"] = "http://hub.example.com/ocpi/versions";
            gateway["Timings"]!["SessionUpdateSeconds"] = "soon";
        });
        await site.RunAsync(async () =>
        {
            var (code, _, errors) = await site.Gateway.VerbAsync("run");
            Assert.Equal(1, code);
            Assert.Equal(5, errors.Count(line => line.Contains("Gateway:", StringComparison.Ordinal)));
            string[] paths =
            [
                "Gateway:Party:CountryCode", "Gateway:Site:Latitude", "Gateway:Stations:0:Evses:0:Connectors:0:Tariffs", "Gateway:Hubs:0:VersionsUrl",
                "Gateway:Timings:SessionUpdateSeconds",
            ];
            foreach (var path in paths)
                Assert.Contains(errors, line => line.Contains(path, StringComparison.Ordinal));
            Assert.False(File.Exists(site.Gateway.DatabasePath), "a configuration that was refused left a database behind");
        });
    }

    [Fact]
    public async Task SIGTERM_while_a_car_charges_ends_within_five_seconds_and_the_session_goes_on_afterwards()
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await EndToEnd.ChargingTests.BootAsync(site, chargers);
            var number = await chargers.StartAsync("CP-1", SystemSite.Uid(1));
            await chargers.MeterAsync("CP-1", 600);

            var (code, took) = await site.Gateway.StopAsync();
            Assert.Equal(0, code);
            Assert.True(took < TimeSpan.FromSeconds(5), $"the end took {took.TotalSeconds:0.0} s");
            var open = Assert.Single(site.Gateway.Sessions());
            Assert.Equal((number, "ACTIVE", 600), (open.Number, open.Status, open.EnergyWh));
            // A close frame, not a cut (I21).
            await Poll.UntilAsync("the charger has noticed", () => chargers.Count("CP-1", "disconnect") == 1);
            Assert.Equal(1001, (int)chargers.Events.Single(e => (string?)e["event"] == "disconnect")["code"]!);

            await site.Gateway.StartAsync();
            await chargers.MeterAsync("CP-1", 400);
            await chargers.StopAsync("CP-1");
            await site.SettledAsync(chargers.LedgerAsync, cdrs: 1);
            Assert.Empty(chargers.Complaints);
        });
    }

    [Fact]
    public async Task Who_looks_into_the_database_while_the_gateway_runs_takes_nothing_away()
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await EndToEnd.ChargingTests.BootAsync(site, chargers);
            await chargers.StartAsync("CP-1", SystemSite.Uid(1));
            // Closing the last connection of another process removes the write-ahead log, unless the gateway holds its locks on the file.
            Assert.Equal("ACTIVE", Assert.Single(site.Gateway.Sessions()).Status);
            await chargers.MeterAsync("CP-1", 777);
            Assert.Equal(777, Assert.Single(site.Gateway.Sessions()).EnergyWh);

            await site.Gateway.KillAsync();
            Assert.Equal(777, Assert.Single(site.Gateway.Sessions()).EnergyWh);
        });
    }

    [Fact]
    public async Task A_gateway_that_was_killed_is_ready_again_within_five_seconds_unaided()
    {
        await using var site = await SystemSite.CreateAsync();
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await site.Gateway.KillAsync();
            var back = System.Diagnostics.Stopwatch.StartNew();
            await site.Gateway.StartAsync();
            Assert.True(back.Elapsed < TimeSpan.FromSeconds(5), $"it took {back.Elapsed.TotalSeconds:0.0} s (I19)");
            Assert.Single(site.Hub.Store.Requests, r => r is { Method: "POST", Module: "credentials" });
        });
    }
}
