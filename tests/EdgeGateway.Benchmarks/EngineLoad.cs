using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Benchmarks;

/// <summary>Engine and journal alone: the same session of five reports, without any wire.</summary>
internal static class EngineLoad
{
    public static async Task<double> RunAsync(string folder, int chargers, TimeSpan measured)
    {
        await using var store = await Store.OpenAsync(
            new StorageOptions { Path = GatewayUnderTest.DatabaseOf(folder), MaxSizeMb = 4096 }, TimeProvider.System, NullLogger<Store>.Instance);
        var state = SiteState.Restore(Fill.Configuration(), await store.Journal.LoadAsync(CancellationToken.None));
        await using var engine = new SiteEngine(state, store.Journal, TimeProvider.System);
        engine.Start(new NoChargers());
        var clock = TimeProvider.System;
        var begin = clock.GetTimestamp();
        long calls = 0;
        await Task.WhenAll(Enumerable.Range(0, chargers).Select(i => Task.Run(async () =>
        {
            var at = new Position($"CP-{i + 1}", 1, 1);
            var told = clock.GetUtcNow().AddDays(-2);
            long meter = 1_000;
            while (clock.GetElapsedTime(begin) < measured)
            {
                told += TimeSpan.FromMinutes(1);
                var begun = await engine.ReportAsync(
                    new SessionBegan(at, "04A2B3C4", told, meter, new() { Status = AuthorizationStatus.Accepted, Token = Fill.Card }), CancellationToken.None);
                for (var v = 0; v < 3; v++)
                {
                    meter += 100;
                    told += TimeSpan.FromMinutes(1);
                    await engine.ReportAsync(new Metered(at, begun.Number, [new(told, meter, 7_360m, 16m, $"E={meter}Wh P=7360W I=16A")]), CancellationToken.None);
                }
                await engine.ReportAsync(new SessionEnded(at.Station, begun.Number, null, told, meter, "Local", [], null), CancellationToken.None);
                Interlocked.Add(ref calls, 5);
            }
        })));
        return calls / clock.GetElapsedTime(begin).TotalSeconds;
    }

    private sealed class NoChargers : IChargers
    {
        public Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken) =>
            Task.FromResult(new OrderResult(OrderOutcome.Offline));
    }
}
