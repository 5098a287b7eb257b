using EdgeGateway.Simulators.Hub;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>The gateway is killed without warning while chargers that are not ours are at work (I1 to I6, I8 to I10, I19).</summary>
public sealed class KillTests
{
    private const int Chargers = 4;
    private const int Kills = 10;
    private const int SessionsEach = 8;

    [Theory]
    [InlineData(20261)]
    [InlineData(4711)]
    public async Task Ten_kills_lose_nothing_and_double_nothing(int seed)
    {
        await using var site = await SystemSite.CreateAsync(stations: Chargers);
        await using var chargers = NodeChargers.StartOrSkip();
        site.Note($"seed {seed}");
        await site.RunAsync(async () =>
        {
            var random = new Random(seed);
            await site.StartAsync();
            for (var number = 1; number <= Chargers; number++)
            {
                await ChargingTests.BootAsync(site, chargers, number);
                await chargers.DoAsync($"CP-{number}", "work", new()
                {
                    ["sessions"] = SessionsEach, ["idTag"] = SystemSite.Uid(number), ["seed"] = seed + number,
                });
            }

            for (var kill = 1; kill <= Kills; kill++)
            {
                // The moment is drawn; what it hits (a commit, an answer, a delivery) is chance, and that is the point.
                await Task.Delay(random.Next(20, 900));
                if (random.Next(3) == 0)
                    site.Hub.Faults.Inject(new HubFault(HubFaultKind.StoreThenDrop) { Times = 1 });
                await site.Gateway.KillAsync();
                site.Note($"killed no. {kill} at {DateTimeOffset.UtcNow:HH:mm:ss.fff}");
                await site.Gateway.StartAsync();
            }
            await Poll.UntilAsync("every charger has done its work", () => Enumerable.Range(1, Chargers).All(n => chargers.Count($"CP-{n}", "worked") == 1));

            await site.SettledAsync(chargers.LedgerAsync, Chargers * SessionsEach);
            Assert.Empty(chargers.Complaints);
            Assert.Equal(Chargers * SessionsEach, site.Hub.Store.Cdrs.Count);
            Assert.Single(site.Hub.Store.Locations);
        });
    }
}
