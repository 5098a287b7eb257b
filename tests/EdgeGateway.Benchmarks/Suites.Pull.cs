using EdgeGateway.Journal;
using EdgeGateway.Site;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Benchmarks;

internal static partial class Suites
{
    /// <summary>What a hub's pull costs by the number of rows in the file: pages of 1000 from beginning to end, through the journal's own door.</summary>
    public static async Task PullAsync()
    {
        foreach (var sessions in (int[])[1_000, 10_000, 100_000])
        {
            using var folder = new Folder();
            await Fill.RunAsync(folder.Path, sessions, 0, "hub");
            await using var store = await Store.OpenAsync(new() { Path = GatewayUnderTest.DatabaseOf(folder.Path), MaxSizeMb = 4096 }, Clock, NullLogger<Store>.Instance);
            Console.WriteLine($"{sessions} in the file:");
            Console.WriteLine($"  sessions      {await PagesAsync(sessions, async query => (await store.History.SessionsAsync(query, CancellationToken.None)).Last)}");
            Console.WriteLine($"  CDRs          {await PagesAsync(sessions, async query => (await store.History.CdrsAsync(query, CancellationToken.None)).Last)}");
            var ids = (await store.History.CdrsAsync(new("hub", null, null, 0, 1_000), CancellationToken.None)).Items.Select(c => c.Id).ToList();
            await Task.WhenAll(ids.Select(id => store.Outbox.FreezeAsync(new(0, "hub", DeliveryKind.Cdr, id, 1, 0), "2.2.1", () => new byte[2_000], CancellationToken.None)));
            Console.WriteLine($"  frozen bytes  {await PagesAsync(1_000, async _ => (await store.History.FrozenCdrsAsync("hub", ids, "2.2.1", CancellationToken.None)).Count == 1_000 ? null : throw new InvalidOperationException("They are frozen."))}");
        }
    }

    /// <summary>A hundred thousand tokens: taking them over as a pull does, finding one as a driver's card does.</summary>
    public static async Task TokensAsync()
    {
        const int Tokens = 100_000, Page = 500, Lookups = 20_000;
        using var folder = new Folder();
        await using var store = await Store.OpenAsync(new() { Path = GatewayUnderTest.DatabaseOf(folder.Path) }, Clock, NullLogger<Store>.Instance);
        var before = Environment.WorkingSet;
        foreach (var round in (string[])["new", "unchanged"])
        {
            var begin = Clock.GetTimestamp();
            for (var done = 0; done < Tokens; done += Page)
                await store.Tokens.StoreAsync([.. Enumerable.Range(done, Page).Select(i => Fill.Card with { Uid = Uid(i), Hub = "hub", ContractId = $"DE-ABC-C{i:D8}-1" })], CancellationToken.None);
            Console.WriteLine($"{Tokens} tokens in pages of {Page}, {round}: {Tokens / Clock.GetElapsedTime(begin).TotalSeconds:0} per second");
        }
        var next = 0;
        foreach (var atOnce in (int[])[1, 4])
        {
            var begin = Clock.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < Lookups / atOnce; i++)
                {
                    if ((await store.Tokens.FindAsync(Uid((int)(Interlocked.Increment(ref next) * 7_919L % Tokens)).ToUpperInvariant(), CancellationToken.None)).Count != 1)
                        throw new InvalidOperationException("It is there once.");
                }
            })));
            var took = Clock.GetElapsedTime(begin);
            Console.WriteLine($"lookups, {atOnce} at once: {Lookups / took.TotalSeconds:0} per second");
        }
        Console.WriteLine($"RSS {before >> 20} MB before, {Environment.WorkingSet >> 20} MB after; file {new FileInfo(GatewayUnderTest.DatabaseOf(folder.Path)).Length >> 20} MB");

        static string Uid(int i) => $"04a2b3c4{i:x8}";
    }

    /// <summary>Walks all pages three times; of the last walk the median and the slowest.</summary>
    private static async Task<string> PagesAsync(int rows, Func<PageQuery, Task<PageMark?>> page)
    {
        var times = new List<double>();
        var peak = 0L;
        for (var walk = 0; walk < (rows > 10_000 ? 2 : 4); walk++)
        {
            times.Clear();
            for (PageMark? after = null; ;)
            {
                var begin = Clock.GetTimestamp();
                after = await page(new("hub", null, null, 0, 1_000, after));
                times.Add(Clock.GetElapsedTime(begin).TotalMilliseconds);
                peak = Math.Max(peak, Environment.WorkingSet);
                if (after is null)
                    break;
            }
        }
        times.Sort();
        return $"a page of 1000: p50 {times[times.Count / 2]:0.0} ms, slowest {times[^1]:0.0} ms of {times.Count}; RSS {peak >> 20} MB";
    }
}
