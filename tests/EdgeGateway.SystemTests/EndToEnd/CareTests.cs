using System.Security.Cryptography;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>What a technician does to chargers of every version from the command line, with the gateway's own file endpoint between them.</summary>
public sealed class CareTests
{
    private const int Versions = 3;

    [Fact]
    public Task Firmware_reaches_chargers_of_every_version_and_their_logs_come_back() => RunAsync(async (site, fleet) =>
    {
        var firmware = Path.Combine(site.Folder, "wallbox-2.bin");
        var bytes = new byte[100_000];
        new Random(7).NextBytes(bytes);
        await File.WriteAllBytesAsync(firmware, bytes);
        var name = Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
        foreach (var charger in fleet)
        {
            var (code, output, errors) = await site.Gateway.VerbAsync("station", "firmware", charger.Identity, "--file", firmware, "--wait");
            Assert.True(code == 0, string.Join('\n', [charger.Options.Version, .. output, .. errors]));
            Assert.Equal(name, charger.FirmwareVersion);

            var log = Path.Combine(site.Folder, $"{charger.Identity}.log");
            (code, output, errors) = await site.Gateway.VerbAsync("station", "logs", charger.Identity, "--out", log);
            Assert.True(code == 0, string.Join('\n', [charger.Options.Version, .. output, .. errors]));
            Assert.Contains($"runs firmware {name}", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        }
    });

    [Fact]
    public Task Cards_of_the_local_list_charge_while_the_line_is_away_and_strangers_do_not() => RunAsync(async (site, fleet) =>
    {
        await Poll.UntilAsync("every charger has the cards", () => fleet.All(c => c.LocalList.Cards.GetValueOrDefault(SystemSite.Uid(1)) == "Accepted"));
        foreach (var charger in fleet)
            charger.HoldLine();
        await Poll.UntilAsync("every line is away", () => fleet.All(c => !c.IsConnected));
        foreach (var charger in fleet)
        {
            charger.PlugIn(1, needWh: 100_000);
            Assert.Null(await charger.PresentAsync(1, "STRANGER", default));
            Assert.NotNull(await charger.PresentAsync(1, SystemSite.Uid(1), default));
        }
        await Poll.UntilAsync("energy flows", () => fleet.All(c => c.Waiting >= 3));
        foreach (var charger in fleet)
        {
            charger.Unplug(1);
            charger.RestoreLine();
        }
        await Poll.UntilAsync("every charger has said everything", () => fleet.All(c => c.Waiting == 0));
        await site.SettledAsync(() => Task.FromResult<IReadOnlyList<LedgerEntry>>([.. fleet.SelectMany(c => c.Ledger.Entries)]), Versions);
        Assert.All(fleet.SelectMany(c => c.Ledger.Entries), e => Assert.Equal("Accepted", e.Admitted));
    });

    private static async Task RunAsync(Func<SystemSite, SimulatedCharger[], Task> story)
    {
        await using var site = await SystemSite.CreateAsync(Versions);
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            SimulatedCharger[] fleet = [.. Enumerable.Range(1, Versions).Select(n => site.Charger(n, options => Fleet.Mixed(options, n) with { StartsOffline = false }))];
            try
            {
                foreach (var charger in fleet)
                    charger.Start();
                await Poll.UntilAsync("every charger is served", () => fleet.All(c => c.IsConnected));
                await story(site, fleet);
            }
            finally
            {
                await Task.WhenAll(fleet.Select(c => c.DisposeAsync().AsTask()));
            }
        });
    }
}
