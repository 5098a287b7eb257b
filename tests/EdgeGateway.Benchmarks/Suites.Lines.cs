using System.Globalization;
using System.Net.WebSockets;

namespace EdgeGateway.Benchmarks;

/// <summary>What lines cost that do nothing, and what they cost when they all come at once.</summary>
internal static partial class Suites
{
    private const string Protocol20 = "ocpp2.0.1";

    /// <summary>Start, idle CPU, and memory per idle connection, plain and over TLS.</summary>
    public static async Task MemoryAsync()
    {
        await MemoryAsync(20, tls: false);
        foreach (var tls in (bool[])[false, true])
        {
            // The stations are configured in both, so that the difference is their lines.
            var without = await MemoryAsync(1_000, tls, connected: 0);
            var with = await MemoryAsync(1_000, tls);
            Console.WriteLine($"  an idle connection{(tls ? " over TLS" : "")} takes {(with - without) * 1024 / 1_000:0.0} kB of RSS");
        }
    }

    /// <summary>All chargers connect at once, boot, tell their state and what waited: a session each. Until the last answer to the last.</summary>
    public static async Task StormAsync()
    {
        foreach (var chargers in (int[])[200, 1_000])
        {
            using var folder = new Folder();
            await using var gateway = await GatewayUnderTest.StartAsync(folder.Path, chargers);
            var begin = Clock.GetTimestamp();
            var took = await Task.WhenAll(Enumerable.Range(0, chargers).Select(i => Task.Run(() => ComeBackAsync(gateway.Ocpp, i, begin))));
            Array.Sort(took);
            Console.WriteLine(
                $"{chargers,5} chargers at once, 7 calls each: the median served after {took[chargers / 2].TotalSeconds:0.00} s, all after {took[^1].TotalSeconds:0.00} s; RSS {gateway.Process.Rss:0} MB");
        }
    }

    private static async Task<double> MemoryAsync(int chargers, bool tls, int? connected = null)
    {
        using var folder = new Folder();
        await using var gateway = await GatewayUnderTest.StartAsync(folder.Path, chargers, tls: tls);
        var begin = Clock.GetTimestamp();
        var buffer = new byte[65_536];
        var sockets = new List<ClientWebSocket>();
        TimeSpan? firstBoot = null;
        for (var i = 0; i < (connected ?? chargers); i++)
        {
            sockets.Add(await ChargerLoad.ConnectAsync(gateway.Ocpp, i, GatewayUnderTest.Password, ProtocolOf(i), gateway.Root));
            await GreetAsync(sockets[i], ProtocolOf(i), buffer);
            firstBoot ??= gateway.Listening + Clock.GetElapsedTime(begin);
        }
        await Task.Delay(TimeSpan.FromSeconds(10));
        var cpu = gateway.Process.Cpu;
        await Task.Delay(TimeSpan.FromSeconds(10));
        var idle = (gateway.Process.Cpu - cpu).TotalSeconds / 10 * 100;
        var rss = gateway.Process.Rss;
        Console.WriteLine(
            $"{sockets.Count,5} of {chargers} chargers connected{(tls ? " over TLS" : "")}: listening after {gateway.Listening.TotalMilliseconds:0} ms, first Boot answered after {firstBoot?.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) ?? "-"} ms; RSS {rss:0} MB; idle CPU {idle:0.0} % of a core");
        sockets.ForEach(s => s.Dispose());
        return rss;
    }

    private static async Task<TimeSpan> ComeBackAsync(Uri ocpp, int number, long begin)
    {
        var buffer = new byte[16_384];
        var protocol = ProtocolOf(number);
        using var socket = await ChargerLoad.ConnectAsync(ocpp, number, GatewayUnderTest.Password, protocol);
        await GreetAsync(socket, protocol, buffer);
        var told = Clock.GetUtcNow().AddHours(-1);
        for (var step = 0; step < 5; step++)
        {
            told += TimeSpan.FromMinutes(1);
            var (id, at) = ($"w{step}", told.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            await ChargerLoad.CallAsync(socket, id, protocol == Protocol20 ? Waited20(id, step, number, at) : Waited16(id, step, at), buffer);
        }
        return Clock.GetElapsedTime(begin);
    }

    private static async Task GreetAsync(ClientWebSocket socket, string protocol, byte[] buffer)
    {
        var is20 = protocol == Protocol20;
        await ChargerLoad.CallAsync(socket, "boot", is20
            ? "[2,\"boot\",\"BootNotification\",{\"reason\":\"PowerUp\",\"chargingStation\":{\"vendorName\":\"ACME\",\"model\":\"One\"}}]"
            : "[2,\"boot\",\"BootNotification\",{\"chargePointVendor\":\"ACME\",\"chargePointModel\":\"One\"}]", buffer);
        await ChargerLoad.CallAsync(socket, "status", is20
            ? "[2,\"status\",\"StatusNotification\",{\"evseId\":1,\"connectorId\":1,\"connectorStatus\":\"Available\",\"timestamp\":\"2026-03-02T08:00:00Z\"}]"
            : "[2,\"status\",\"StatusNotification\",{\"connectorId\":1,\"errorCode\":\"NoError\",\"status\":\"Available\"}]", buffer);
    }

    private static string Waited16(string id, int step, string at) => step switch
    {
        0 => $"[2,\"{id}\",\"StartTransaction\",{{\"connectorId\":1,\"idTag\":\"04A2B3C4\",\"meterStart\":1000,\"timestamp\":\"{at}\"}}]",
        4 => $"[2,\"{id}\",\"StopTransaction\",{{\"transactionId\":-1,\"meterStop\":1300,\"timestamp\":\"{at}\",\"reason\":\"PowerLoss\"}}]",
        _ => $"[2,\"{id}\",\"MeterValues\",{{\"connectorId\":1,\"meterValue\":[{{\"timestamp\":\"{at}\",\"sampledValue\":[{{\"value\":\"{1000 + (100 * step)}\"}}]}}]}}]",
    };

    private static string Waited20(string id, int step, int number, string at) =>
        $"[2,\"{id}\",\"TransactionEvent\",{{\"eventType\":\"{(step == 0 ? "Started" : step == 4 ? "Ended" : "Updated")}\",\"timestamp\":\"{at}\",\"triggerReason\":\"{(step == 0 ? "Authorized" : step == 4 ? "AbnormalCondition" : "MeterValuePeriodic")}\","
        + $"\"seqNo\":{step},\"offline\":true,\"transactionInfo\":{{\"transactionId\":\"storm-{number}\",\"chargingState\":\"Charging\"}},\"evse\":{{\"id\":1,\"connectorId\":1}},"
        + (step == 0 ? "\"idToken\":{\"idToken\":\"04A2B3C4\",\"type\":\"ISO14443\"}," : "")
        + $"\"meterValue\":[{{\"timestamp\":\"{at}\",\"sampledValue\":[{{\"value\":{1000 + (100 * Math.Min(step, 3))}}}]}}]}}]";

    /// <summary>Half the site each.</summary>
    private static string ProtocolOf(int number) => number % 2 == 0 ? ChargerLoad.V16 : Protocol20;
}
