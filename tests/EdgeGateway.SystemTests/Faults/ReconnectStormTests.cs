using System.Diagnostics;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.Faults;

/// <summary>The power comes back, and every charger of the site calls at once, each with what it could not say; one in five babbles.</summary>
[Collection(Alone.Name)]
public sealed class ReconnectStormTests(ITestOutputHelper output)
{
    private const int Chargers = 200;
    private const int OneInBabbles = 5;
    private const int Seed = 20264;

    /// <summary>From the moment at which all may connect until the last has been answered the last of what it had to say.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>To bring up so many chargers on a busy machine before the story begins.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_hundred_chargers_that_call_at_once_are_served_within_ten_seconds_and_lose_nothing(bool gatewayIsCutToo)
    {
        await using var site = await SystemSite.CreateAsync(Chargers);
        await site.RunAsync(async () =>
        {
            site.Note($"seed {Seed}");
            await site.StartAsync();
            SimulatedCharger[] fleet = [.. Enumerable.Range(1, Chargers).Select(n => site.Charger(n, options => Fleet.Mixed(options, n) with
            {
                Seed = Seed + n,
                MeterInterval = TimeSpan.FromSeconds(1),
                Babbles = n % OneInBabbles == 0 ? 0.5 : 0,
            }))];
            try
            {
                await RunAsync(site, fleet, gatewayIsCutToo);
            }
            finally
            {
                await Task.WhenAll(fleet.Select(c => c.DisposeAsync().AsTask()));
            }
        });
    }

    private async Task RunAsync(SystemSite site, SimulatedCharger[] fleet, bool gatewayIsCutToo)
    {
        var babbled = 0;
        foreach (var charger in fleet)
        {
            charger.Watch(happened =>
            {
                if (happened.What.StartsWith("babbles", StringComparison.Ordinal))
                    Interlocked.Increment(ref babbled);
            });
            charger.Start();
        }
        await Poll.UntilAsync("every charger is served", () => fleet.All(c => c.IsConnected), Gathering);
        await Task.WhenAll(fleet.Select((c, i) => ComeAsync(c, i + 1)));
        await Poll.UntilAsync("every charger has begun to charge", () => fleet.All(c => c.Ledger.Entries is [{ StartAnswered: true }]), Gathering);

        // Dark: lines, gateway, chargers. What ran ends, and a car that comes in the dark is charged all the same.
        foreach (var charger in fleet)
            charger.HoldLine();
        if (gatewayIsCutToo)
            await site.Gateway.KillAsync();
        await Poll.UntilAsync("every charger has noticed", () => fleet.All(c => !c.IsConnected));
        foreach (var charger in fleet)
        {
            charger.PowerCycle();
            charger.Unplug(1);
        }
        await Task.WhenAll(fleet.Select((c, i) => ComeAsync(c, i + 1)));
        await Poll.UntilAsync("the second car is charging", () => fleet.All(c => c.Waiting >= 4));
        foreach (var charger in fleet)
            charger.Unplug(1);
        if (gatewayIsCutToo)
            await site.Gateway.StartAsync();

        babbled = 0;
        var waiting = fleet.Sum(c => c.Waiting);
        var back = Stopwatch.StartNew();
        foreach (var charger in fleet)
            charger.RestoreLine();
        await Poll.UntilAsync($"all {Chargers} are served and have been answered", () => fleet.All(c => c.IsConnected && c.Waiting == 0), Limit);
        output.WriteLine($"{Chargers} chargers ({string.Join(", ", fleet.CountBy(c => c.Options.Version).Select(v => $"{v.Value} {v.Key}"))}), {waiting} messages that waited, "
            + $"{babbled} bad frames from one in {OneInBabbles}: all served after {back.Elapsed.TotalSeconds:0.0} s{(gatewayIsCutToo ? ", gateway killed" : "")}");

        Assert.True(babbled >= Chargers / OneInBabbles, $"only {babbled} bad frames were sent");
        await site.SettledAsync(() => Task.FromResult<IReadOnlyList<LedgerEntry>>([.. fleet.SelectMany(c => c.Ledger.Entries)]), cdrs: 2 * Chargers);
        Assert.Empty(fleet.SelectMany(c => c.Refusals));
    }

    private static async Task ComeAsync(SimulatedCharger charger, int number)
    {
        charger.PlugIn(1, needWh: 5_000_000);
        Assert.NotNull(await charger.PresentAsync(1, SystemSite.Uid(number), default));
    }
}
