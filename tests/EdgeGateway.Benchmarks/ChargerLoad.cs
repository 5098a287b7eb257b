using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeGateway.Benchmarks;

/// <summary>Chargers that do nothing but talk: start, three meter values, stop, each call as soon as the one before is answered.</summary>
internal sealed class ChargerLoad
{
    private readonly Uri _server;
    private readonly int _chargers;
    private readonly string? _password;
    private readonly bool _is2x;
    private readonly List<double> _all = [];
    private readonly List<double> _starts = [];
    private int _failed;

    /// <param name="protocol"><c>ocpp1.6</c>, or <c>ocpp2.0.1</c> and <c>ocpp2.1</c>, whose session is five TransactionEvents.</param>
    public ChargerLoad(Uri server, int chargers, string? password, string protocol = V16)
    {
        (_server, _chargers, _password, Protocol, _is2x) = (server, chargers, password, protocol, protocol != V16);
    }

    public const string V16 = "ocpp1.6";

    public string Protocol { get; }

    /// <summary>Between two calls of a charger; none: as fast as it is answered.</summary>
    public TimeSpan Pause { get; init; }

    public async Task<LoadFigures> RunAsync(ChildProcess server, TimeSpan warmUp, TimeSpan measured)
    {
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < _chargers; i++)
            sockets.Add(await ConnectAsync(_server, i, _password, Protocol));
        using var end = new CancellationTokenSource();
        var begin = TimeProvider.System.GetTimestamp();
        var threads = sockets.ConvertAll(s => Task.Run(() => TalkAsync(s, sockets.IndexOf(s), begin, warmUp, warmUp + measured)));
        await Task.Delay(warmUp);
        var cpu = server.Cpu;
        await Task.Delay(measured);
        cpu = server.Cpu - cpu;
        await Task.WhenAll(threads);
        foreach (var socket in sockets)
            socket.Dispose();
        _all.Sort();
        _starts.Sort();
        return new(_all.Count / measured.TotalSeconds, At(_all, 0.5), At(_all, 0.99), At(_starts, 0.5), At(_starts, 0.99), cpu.TotalMicroseconds / Math.Max(1, _all.Count), _failed);
    }

    public static string StationId(int number) => $"CP-{number + 1}";

    public static async Task<ClientWebSocket> ConnectAsync(Uri server, int number, string? password, string protocol = V16, X509Certificate2? root = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        if (root is not null)
            socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => IsOf(root, shown);
        if (password is not null)
            socket.Options.SetRequestHeader("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{StationId(number)}:{password}")));
        await socket.ConnectAsync(new Uri(server, $"ocpp/{StationId(number)}"), CancellationToken.None);
        return socket;
    }

    public static async Task<string> CallAsync(ClientWebSocket socket, string id, string request, byte[] buffer)
    {
        var length = Encoding.UTF8.GetBytes(request, buffer);
        await socket.SendAsync(buffer.AsMemory(0, length), WebSocketMessageType.Text, true, CancellationToken.None);
        while (true)
        {
            var text = await HearAsync(socket, buffer);
            if (text.StartsWith("[3", StringComparison.Ordinal) || text.StartsWith("[4", StringComparison.Ordinal))
            {
                if (text.Contains(id, StringComparison.Ordinal))
                    return text;
                continue;
            }
            // What the server asks meanwhile (configuration, status) is answered, as by any charger.
            var asked = text.Split('"')[1];
            // What 2.x asks of its device model it is told is not there.
            var frame = text.Contains("Variables", StringComparison.Ordinal) || text.Contains("Report", StringComparison.Ordinal) ? $"[4,\"{asked}\",\"NotSupported\",\"\",{{}}]"
                : text.Contains("GetConfiguration", StringComparison.Ordinal) ? $"[3,\"{asked}\",{{}}]" : $"[3,\"{asked}\",{{\"status\":\"Accepted\"}}]";
            var bytes = Encoding.UTF8.GetBytes(frame);
            await socket.SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None);
        }
    }

    private static bool IsOf(X509Certificate2 root, X509Certificate? shown)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck } };
        return shown is X509Certificate2 certificate && chain.Build(certificate);
    }

    private static async Task<string> HearAsync(ClientWebSocket socket, byte[] buffer)
    {
        var count = 0;
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(count), CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close)
                throw new WebSocketException("The server closed the line.");
            count += result.Count;
            if (result.EndOfMessage)
                return Encoding.UTF8.GetString(buffer, 0, count);
        }
    }

    private async Task TalkAsync(ClientWebSocket socket, int charger, long begin, TimeSpan from, TimeSpan until)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(65_536);
        var (all, starts) = (new List<double>(), new List<double>());
        var clock = TimeProvider.System;
        var meter = 1_000L;
        var told = clock.GetUtcNow().AddDays(-2);
        try
        {
            for (var n = 0; clock.GetElapsedTime(begin) < until; n++)
            {
                told += TimeSpan.FromSeconds(60);
                if (_is2x)
                {
                    await EventsAsync(n);
                    continue;
                }
                var answer = await Measured($"{charger}-{n}-a", "StartTransaction", $"{{\"connectorId\":1,\"idTag\":\"04A2B3C4\",\"meterStart\":{meter},\"timestamp\":\"{Time(told)}\"}}", isStart: true);
                var number = int.Parse(Between(answer, "\"transactionId\":", "}"), CultureInfo.InvariantCulture);
                for (var v = 0; v < 3; v++)
                {
                    meter += 100;
                    told += TimeSpan.FromSeconds(60);
                    await Measured($"{charger}-{n}-{v}", "MeterValues", $"{{\"connectorId\":1,\"transactionId\":{number},\"meterValue\":[{{\"timestamp\":\"{Time(told)}\",\"sampledValue\":[{{\"value\":\"{meter}\",\"measurand\":\"Energy.Active.Import.Register\",\"unit\":\"Wh\"}},{{\"value\":\"7360\",\"measurand\":\"Power.Active.Import\",\"unit\":\"W\"}},{{\"value\":\"16\",\"measurand\":\"Current.Import\",\"unit\":\"A\"}}]}}]}}", isStart: false);
                }
                await Measured($"{charger}-{n}-z", "StopTransaction", $"{{\"transactionId\":{number},\"meterStop\":{meter},\"timestamp\":\"{Time(told)}\",\"reason\":\"Local\"}}", isStart: false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        lock (_all)
        {
            _all.AddRange(all);
            _starts.AddRange(starts);
        }

        async Task EventsAsync(int n)
        {
            var transaction = $"T{begin:x}-{charger}-{n}";
            for (var sequence = 0; sequence < 5; sequence++)
            {
                var (phase, trigger, state, context, more) = sequence switch
                {
                    0 => ("Started", "Authorized", "Charging", "Transaction.Begin", ",\"idToken\":{\"idToken\":\"04A2B3C4\",\"type\":\"ISO14443\"}"),
                    4 => ("Ended", "StopAuthorized", "EVConnected", "Transaction.End", ""),
                    _ => ("Updated", "MeterValuePeriodic", "Charging", "Sample.Periodic", ""),
                };
                await Measured($"{charger}-{n}-{sequence}", "TransactionEvent", $"{{\"eventType\":\"{phase}\",\"timestamp\":\"{Time(told)}\",\"triggerReason\":\"{trigger}\",\"seqNo\":{sequence},\"transactionInfo\":{{\"transactionId\":\"{transaction}\",\"chargingState\":\"{state}\"}},\"evse\":{{\"id\":1,\"connectorId\":1}}{more},\"meterValue\":[{{\"timestamp\":\"{Time(told)}\",\"sampledValue\":[{{\"value\":{meter},\"measurand\":\"Energy.Active.Import.Register\",\"context\":\"{context}\"}},{{\"value\":7360,\"measurand\":\"Power.Active.Import\",\"unitOfMeasure\":{{\"unit\":\"W\"}}}},{{\"value\":16,\"measurand\":\"Current.Import\",\"unitOfMeasure\":{{\"unit\":\"A\"}}}}]}}]}}", sequence == 0);
                if (sequence < 3)
                    (meter, told) = (meter + 100, told + TimeSpan.FromSeconds(60));
            }
        }

        async Task<string> Measured(string id, string action, string payload, bool isStart)
        {
            if (Pause > TimeSpan.Zero)
                await Task.Delay(Pause);
            var sent = clock.GetTimestamp();
            var answer = await CallAsync(socket, id, $"[2,\"{id}\",\"{action}\",{payload}]", buffer);
            var now = clock.GetElapsedTime(begin);
            if (answer.StartsWith("[4", StringComparison.Ordinal))
                Interlocked.Increment(ref _failed);
            if (now >= from && now < until)
            {
                var taken = clock.GetElapsedTime(sent).TotalMilliseconds;
                all.Add(taken);
                if (isStart)
                    starts.Add(taken);
            }
            return answer;
        }
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Between(string text, string before, string after)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        var end = text.IndexOfAny([after[0], ','], start);
        return text[start..end];
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
}

/// <param name="PerSecond">Answered calls.</param>
/// <param name="P50">Milliseconds, all calls.</param>
/// <param name="StartP50">Milliseconds, StartTransaction alone.</param>
/// <param name="CpuMicroseconds">Of the server's process, user and system, per call: the figure that other work on the machine disturbs least.</param>
internal sealed record LoadFigures(double PerSecond, double P50, double P99, double StartP50, double StartP99, double CpuMicroseconds, int Failed)
{
    public override string ToString() =>
        $"{PerSecond,8:0} calls/s   all p50 {P50,6:0.00} p99 {P99,6:0.00} ms   StartTransaction p50 {StartP50,6:0.00} p99 {StartP99,6:0.00} ms   CPU {CpuMicroseconds,4:0} µs a call{(Failed > 0 ? $"   {Failed} FAILED" : "")}";
}
