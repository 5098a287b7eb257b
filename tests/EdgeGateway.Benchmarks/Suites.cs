using System.Globalization;
using System.Net.Http.Headers;
using EdgeGateway.Simulators.Hub;

namespace EdgeGateway.Benchmarks;

internal static partial class Suites
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(8);
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <summary>The site and its store without any wire.</summary>
    public static async Task EngineAsync()
    {
        foreach (var chargers in (int[])[1, 20, 200])
        {
            using var folder = new Folder();
            Console.WriteLine($"{chargers,5} chargers: {await EngineLoad.RunAsync(folder.Path, chargers, Measured):0} reports per second");
        }
    }

    /// <summary>Durable OCPP calls per second, of 1.6 and of 2.0.1, beside a bare websocket, and a bare websocket with the same durability.</summary>
    public static async Task CallsAsync()
    {
        foreach (var chargers in (int[])[1, 20, 200])
            await CallsAsync(chargers);
    }

    public static async Task CallsAsync(int chargers)
    {
        Console.WriteLine($"{chargers} chargers");
        Console.WriteLine($"  bare websocket        {await BareAsync(chargers, durable: false)}");
        var limit = await BareAsync(chargers, durable: true);
        Console.WriteLine($"  bare + group commit   {limit}");
        foreach (var protocol in (string[])[ChargerLoad.V16, "ocpp2.0.1"])
        {
            using var folder = new Folder();
            await using var gateway = await GatewayUnderTest.StartAsync(folder.Path, chargers);
            var before = gateway.Process.Written;
            var figures = await new ChargerLoad(gateway.Ocpp, chargers, GatewayUnderTest.Password, protocol).RunAsync(gateway.Process, WarmUp, Measured);
            Console.WriteLine($"  gateway, {protocol,-12} {figures}");
            var sessions = figures.PerSecond / 5 * (WarmUp + Measured).TotalSeconds;
            Console.WriteLine(
                $"  share of the limit    {figures.PerSecond / limit.PerSecond:0.00}, p99 {figures.P99 / limit.P99:0.0} x; about {(gateway.Process.Written - before) / sessions / 1024:0.0} kB written per session of 5 calls; RSS {gateway.Process.Rss:0} MB");
        }
    }

    /// <summary>From a charger's word to the hub's receipt, and how fast a backlog drains.</summary>
    public static async Task DeliveryAsync()
    {
        const int Sessions = 5_000;
        using var folder = new Folder();
        await Fill.RunAsync(folder.Path, Sessions, 0, "hub");
        await using var hub = await SimulatedHub.StartAsync(new() { RegistrationToken = "benchmark-token-a" }, Clock, CancellationToken.None);
        var received = 0;
        var body = Array.Empty<byte>();
        var authorization = "";
        var heard = new SemaphoreSlim(0);
        hub.Watch(request =>
        {
            if (request.Module is "sessions" or "cdrs")
            {
                Interlocked.Increment(ref received);
                if (request.Module == "cdrs")
                    (body, authorization) = (request.Body, request.Headers["Authorization"]);
                heard.Release();
            }
        });
        await using var gateway = await GatewayUnderTest.StartAsync(folder.Path, 20, hub.VersionsUrl, "benchmark-token-a");
        long begin = 0;
        while (Volatile.Read(ref received) < Sessions * 2)
        {
            await heard.WaitAsync();
            if (begin == 0)
                begin = Clock.GetTimestamp();
        }
        var drained = Sessions * 2 / Clock.GetElapsedTime(begin).TotalSeconds;
        var bare = await BarePostsAsync(hub, body, authorization, 10_000, 8);
        Console.WriteLine($"backlog of {Sessions * 2} objects: {drained:0} per second; bare HttpClient posts of the same body, 8 at once: {bare:0} per second; share {drained / bare:0.00}");

        using var socket = await ChargerLoad.ConnectAsync(gateway.Ocpp, 0, GatewayUnderTest.Password);
        var times = new List<double>();
        var buffer = new byte[65_536];
        for (var i = 0; i < 60; i++)
        {
            while (heard.CurrentCount > 0)
                await heard.WaitAsync();
            var told = Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            var sent = Clock.GetTimestamp();
            await ChargerLoad.CallAsync(socket, $"s{i}", $"[2,\"s{i}\",\"StartTransaction\",{{\"connectorId\":1,\"idTag\":\"04A2B3C4\",\"meterStart\":{i},\"timestamp\":\"{told}\"}}]", buffer);
            await heard.WaitAsync();
            times.Add(Clock.GetElapsedTime(sent).TotalMilliseconds);
            await Task.Delay(100);
        }
        times.Sort();
        Console.WriteLine($"from StartTransaction to the hub's receipt of the session: p50 {times[30]:0.0} ms, p95 {times[57]:0.0} ms");
    }

    /// <summary>Whether a long past costs anything: a pull page and a start, on an empty file and on a full one.</summary>
    public static async Task StoreAsync()
    {
        foreach (var (sessions, readings) in ((int, int)[])[(0, 0), (100_000, 1_000_000)])
        {
            using var folder = new Folder();
            await Fill.RunAsync(folder.Path, sessions, readings, null);
            var size = new FileInfo(GatewayUnderTest.DatabaseOf(folder.Path)).Length / 1024 / 1024;
            await using var gateway = await GatewayUnderTest.StartAsync(folder.Path, 20);
            var page = await PagesAsync(folder.Path, sessions);
            Console.WriteLine(
                $"{sessions} sessions, {readings} readings ({size} MB): listening after {gateway.Listening.TotalMilliseconds:0} ms; RSS {gateway.Process.Rss:0} MB; a page of 100 CDRs {page.Last:0.0} ms (the newest), {page.First:0.0} ms (the oldest)");
        }
    }

    /// <summary>As a pull reads them, through the journal's own door.</summary>
    private static async Task<(double First, double Last)> PagesAsync(string folder, int sessions)
    {
        var copy = Path.Combine(folder, "copy.db");
        EdgeGateway.Journal.Backup.Make(GatewayUnderTest.DatabaseOf(folder), copy);
        await using var store = await EdgeGateway.Journal.Store.OpenAsync(
            new() { Path = copy, MaxSizeMb = 4096 }, Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<EdgeGateway.Journal.Store>.Instance);
        var newest = Clock.GetUtcNow().AddDays(-300).AddMinutes(sessions * 3).AddMinutes(-240);
        double first = 0, last = 0;
        for (var i = 0; i < 6; i++)
        {
            first = await TimeAsync(null);
            last = await TimeAsync(newest);
        }
        return (first, last);

        async Task<double> TimeAsync(DateTimeOffset? from)
        {
            var begin = Clock.GetTimestamp();
            await store.History.CdrsAsync(new(null, from, null, 0, 100), CancellationToken.None);
            return Clock.GetElapsedTime(begin).TotalMilliseconds;
        }
    }

    private static async Task<LoadFigures> BareAsync(int chargers, bool durable)
    {
        using var folder = new Folder();
        var address = new TaskCompletionSource<string>();
        await using var server = ChildProcess.Start(
            typeof(Suites).Assembly.Location, ["bare-server", Path.Combine(folder.Path, "bare.db"), durable.ToString()], line => address.TrySetResult(line));
        var url = (await address.Task).Replace("http://", "ws://", StringComparison.Ordinal);
        return await new ChargerLoad(new Uri(url + "/"), chargers, null).RunAsync(server, WarmUp, Measured);
    }

    private static async Task<double> BarePostsAsync(SimulatedHub hub, byte[] body, string authorization, int posts, int atOnce)
    {
        using var client = new HttpClient();
        var url = new Uri(hub.VersionsUrl.Replace("/versions", "/2.2.1/receiver/cdrs", StringComparison.Ordinal));
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        var left = posts;
        var begin = Clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await client.PostAsync(url, content);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
            }
        })));
        return posts / Clock.GetElapsedTime(begin).TotalSeconds;
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("edge-gateway-bench-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
