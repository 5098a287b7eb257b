using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Tests.Cli;

/// <summary>Commissioning as an installer does it: the program in its own process, meters on a simulated line.</summary>
public sealed class MeterVerbTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meters_are_listed_read_scanned_for_and_watched_through_the_running_gateway()
    {
        await using var meters = new SimulatedMeters();
        meters.Add(1).PowerW = 0;
        meters.Configure("grid", 1).Configure("cp1", 2, evse: 1);
        await using var running = await RunningGateway.StartAsync(meters.WriteTo);
        running.Folder.Set("Gateway:Admin:Listen", running.Gateway.AdminUrl.ToString()).Save();
        var site = running.Gateway.Services.GetRequiredService<ISiteMeters>();
        await ChargersHost.UntilAsync(() => site.Newest is [{ Quality: MeterQuality.Good }, { Trouble: not null }]);

        var list = await RunAsync(running.Folder, "meter", "list");
        Assert.Equal(0, list.Exit);
        Assert.Contains(list.Output, static l => l.StartsWith("grid ", StringComparison.Ordinal) && l.Contains("good", StringComparison.Ordinal) && l.Contains("1234.000", StringComparison.Ordinal));
        Assert.Contains(list.Output, static l => l.StartsWith("cp1 ", StringComparison.Ordinal) && l.Contains("CP-1/1", StringComparison.Ordinal) && l.Contains("not read yet", StringComparison.Ordinal));
        var status = await RunAsync(running.Folder, "status");
        Assert.Contains(status.Output, static l => l.StartsWith("grid ", StringComparison.Ordinal));
        Assert.Contains(status.Output, static l => l.StartsWith("To look at: cp1: ", StringComparison.Ordinal));

        var read = await RunAsync(running.Folder, "meter", "read", "grid");
        Assert.Equal((0, $"grid: eastron-sdm120 at {meters.Transport}, unit 1"), (read.Exit, read.Output[0]));
        Assert.Contains(read.Output, static l => l.StartsWith("EnergyImport ", StringComparison.Ordinal) && l.Contains("1234000", StringComparison.Ordinal) && l.Contains("input 72", StringComparison.Ordinal) && l.Contains("449A 4000", StringComparison.Ordinal));
        Assert.Equal("Wh", (string?)JsonNode.Parse((await RunAsync(running.Folder, "meter", "read", "grid", "--json")).Output[^1])!["values"]!.AsArray().Single(static v => (string?)v!["quantity"] == "EnergyImport")!["unit"]);
        var silent = await RunAsync(running.Folder, "meter", "read", "cp1");
        Assert.Equal((1, 1), (silent.Exit, silent.Error.Count));
        Assert.StartsWith($"edge-gateway: cp1 ({meters.Transport}, unit 2): ", silent.Error[0], StringComparison.Ordinal);
        Assert.Equal("edge-gateway: No meter is called nobody.", Assert.Single((await RunAsync(running.Folder, "meter", "read", "nobody")).Error));

        var scan = await RunAsync(running.Folder, "meter", "scan", meters.Transport, "--to", "3", "--timeout", "100");
        Assert.Equal((0, "1 of 3 units answers."), (scan.Exit, scan.Output[^1]));
        Assert.StartsWith("unit 1: eastron-sdm120 (Eastron SDM120-Modbus, serial 305419896", scan.Output[0], StringComparison.Ordinal);

        using var watch = Start(running.Folder, "meter", "watch", "grid");
        var lines = new List<string>();
        while (lines.Count < 3)
            lines.Add((await watch.StandardOutput.ReadLineAsync(Cancelled))!);
        watch.Kill();
        Assert.Contains(lines, static l => l.Contains(" ← 01", StringComparison.Ordinal) || l.Contains(" → 01", StringComparison.Ordinal));

        var check = await RunAsync(running.Folder, "check");
        Assert.Contains(check.Output, l => l.StartsWith("ok", StringComparison.Ordinal) && l.Contains($"{meters.Transport}: open", StringComparison.Ordinal));
        Assert.Contains(check.Output, static l => l.StartsWith("WRONG  meter        cp1: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_gateway_a_scan_and_a_check_go_to_the_line_themselves()
    {
        await using var meters = new SimulatedMeters();
        meters.Add(1).PowerW = 0;
        using var folder = new SiteFolder();
        meters.Configure("grid", 1).Configure("cp1", 2, evse: 1, edit: static m => m["Transport"] = "rtu:///dev/no-such-adapter").WriteTo(folder);
        folder.Set("Gateway:Admin:Listen", "http://127.0.0.1:1").Save();
        var scan = await RunAsync(folder, "meter", "scan", meters.Transport, "--from", "1", "--to", "2", "--timeout", "100", "--json");
        Assert.Equal((0, 2), (scan.Exit, scan.Output.Count));
        Assert.Equal("eastron-sdm120", (string?)JsonNode.Parse(scan.Output[0])!["template"]);
        var nobody = await RunAsync(folder, "meter", "scan", "tcp://127.0.0.1:1", "--timeout", "100");
        Assert.Equal((1, 0, 1), (nobody.Exit, nobody.Output.Count, nobody.Error.Count));
        var check = await RunAsync(folder, "check");
        Assert.Contains(check.Output, static l => l.StartsWith("ok     meter        grid (eastron-sdm120, unit 1): 1234.000 kWh", StringComparison.Ordinal));
        Assert.Contains(check.Output, static l => l.StartsWith("WRONG  modbus       rtu:///dev/no-such-adapter", StringComparison.Ordinal));
        Assert.Contains(check.Output, static l => l.StartsWith("WRONG  meter        cp1 ", StringComparison.Ordinal) && l.Contains("no-such-adapter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_usage_is_two_and_says_why()
    {
        using var folder = new SiteFolder();
        foreach (var arguments in new[] { "meter", "meter read", "meter scan", "meter scan udp://x", "meter scan tcp://x --to 256", "meter scan tcp://x --timeout 1" })
        {
            var (exit, _, error) = await RunAsync(folder, arguments.Split(' '));
            Assert.True(exit == 2, arguments);
            Assert.NotEmpty(error);
        }
    }

    private static async Task<(int Exit, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(SiteFolder folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var error = process.StandardError.ReadToEndAsync(Cancelled);
        var output = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        return (process.ExitCode, Lines(output), Lines(await error));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Process Start(SiteFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-gateway.dll"), .. arguments, "--config", folder.File])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("JOURNAL_STREAM");
        return Process.Start(start)!;
    }
}
