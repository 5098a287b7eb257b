using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Cli;

/// <summary>The program as a person meets it: its own process, what it prints and how it ends.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task Wrong_usage_is_exit_code_two()
    {
        using var folder = new SiteFolder();
        foreach (var arguments in new[] { "bogus", "outbox show seven", "station", "hub register", "status --nonsense" })
        {
            var (exit, _, error) = await RunAsync(folder, arguments.Split(' '));
            Assert.True(exit == 2, arguments);
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public async Task A_config_with_five_mistakes_names_all_five_and_changes_nothing()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Site:Country", "Germany").Set("Gateway:Stations:0:Evses:0:EvseId", "x").Set("Gateway:Party:PartyId", "A");
        folder.Set("Gateway:Ocpp:HeartbeatSeconds", "soon").Set("Gateway:Storage:MaxSizeMb", 0).Save();
        foreach (var verb in new[] { "run", "check" })
        {
            var (exit, output, error) = await RunAsync(folder, verb);
            Assert.Equal(1, exit);
            Assert.Empty(output);
            foreach (var path in new[] { "Gateway:Site:Country", "Gateway:Stations:0:Evses:0:EvseId", "Gateway:Party:PartyId", "Gateway:Ocpp:HeartbeatSeconds", "Gateway:Storage:MaxSizeMb" })
                Assert.Contains(error, l => l.StartsWith($"{path}: found ", StringComparison.Ordinal) && l.Contains(", expected ", StringComparison.Ordinal));
        }
        Assert.Equal(["appsettings.json"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_verb_says_plainly_that_the_gateway_is_not_running()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Admin:Listen", "http://127.0.0.1:1").Save();
        var (exit, output, error) = await RunAsync(folder, "status");
        Assert.Equal((1, 0), (exit, output.Count));
        Assert.StartsWith("edge-gateway: The gateway is not running, or not at http://127.0.0.1:1/", Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbs_show_a_running_site_readably_when_piped()
    {
        await using var running = await RunningGateway.StartAsync(f => f.Set("Gateway:Admin:Password", "secret"));
        await running.Engine.ReportAsync(new StationBooted("CP-1", new("Ven\u001b[31mdor", "Model", null, null)), TestContext.Current.CancellationToken);
        await running.Engine.ReportAsync(new SessionBegan(new("CP-1", 1, 1), "04A2B3C4", null, 1000, ExampleSite.Accepted()), TestContext.Current.CancellationToken);
        running.Folder.Set("Gateway:Admin:Listen", running.Gateway.AdminUrl.ToString()).Save();

        var (exit, output, _) = await RunAsync(running.Folder, "status");
        Assert.Equal(0, exit);
        Assert.Contains(output, l => l.StartsWith("CP-1 ", StringComparison.Ordinal) && l.Contains("Ven?[31mdor Model", StringComparison.Ordinal));
        Assert.DoesNotContain(output, l => l.Any(c => c == '\u001b' || c is >= '\u2500' and <= '\u257f'));

        var status = JsonNode.Parse(string.Join('\n', (await RunAsync(running.Folder, "status", "--json")).Output))!;
        Assert.Equal(1, (int?)status["activeSessions"]);
        var sessions = JsonNode.Parse(string.Join('\n', (await RunAsync(running.Folder, "session", "list", "--station", "CP-1", "--active", "--json")).Output))!;
        Assert.Equal("CP-1", (string?)sessions[0]!["station"]);
        var outbox = JsonNode.Parse(string.Join('\n', (await RunAsync(running.Folder, "outbox", "list", "--json")).Output))!;
        Assert.Equal(
            ["id", "hub", "kind", "object", "attempts", "due", "state", "lastError"], outbox[0]!.AsObject().Select(m => m.Key).Take(8));
        Assert.Contains((await RunAsync(running.Folder, "outbox", "list")).Output, l => l.TrimStart().StartsWith($"{outbox[0]!["id"]} ", StringComparison.Ordinal));
        var call = await RunAsync(running.Folder, "station", "call", "CP-1", "Reset", """{"type":"Soft"}""");
        Assert.Equal(1, call.Exit);
        Assert.StartsWith("edge-gateway: Offline", Assert.Single(call.Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cdr_is_credited_and_billed_anew()
    {
        await using var running = await RunningGateway.StartAsync();
        running.Folder.Set("Gateway:Admin:Listen", running.Gateway.AdminUrl.ToString()).Save();
        var begun = await running.Engine.ReportAsync(new SessionBegan(new("CP-1", 1, 1), "04A2B3C4", null, 1000, ExampleSite.Accepted()), TestContext.Current.CancellationToken);
        await running.Engine.ReportAsync(new SessionEnded("CP-1", begun.Number, null, null, 9000, "Local", [], null), TestContext.Current.CancellationToken);
        var id = begun.SessionId;

        var (exit, output, error) = await RunAsync(running.Folder, "cdr", "credit", id, "--because", "meter exchanged", "--reissue", "--kwh", "2.5");
        Assert.True(exit == 0, string.Join('\n', error));
        Assert.Equal($"Credited by {id}-C, billed anew by {id}-2.", Assert.Single(output));
        var cdrs = JsonNode.Parse(string.Join('\n', (await RunAsync(running.Folder, "cdr", "list", "--json")).Output))!.AsArray();
        var credit = cdrs.Single(c => (string?)c!["id"] == id + "-C")!;
        Assert.Equal((id, "meter exchanged"), ((string?)credit["creditOf"], (string?)credit["remark"]));
        Assert.Equal(-(decimal)cdrs.Single(c => (string?)c!["id"] == id)!["totalExclVat"]!, (decimal)credit["totalExclVat"]!);
        Assert.Equal(2500, (int?)cdrs.Single(c => (string?)c!["correctionOf"] == id)!["energyWh"]);
        Assert.Contains((await RunAsync(running.Folder, "cdr", "list")).Output, l => l.Contains($"{id}-C", StringComparison.Ordinal));

        Assert.Contains("before", Assert.Single((await RunAsync(running.Folder, "cdr", "credit", id, "--because", "again")).Error), StringComparison.Ordinal);
        Assert.Contains("No CDR", Assert.Single((await RunAsync(running.Folder, "cdr", "credit", "nothing", "--because", "x")).Error), StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(running.Folder, "cdr", "credit", id)).Exit);
        Assert.Equal(2, (await RunAsync(running.Folder, "cdr", "credit", id, "--because", "x", "--end", "noon")).Exit);
    }

    [Fact]
    public async Task Check_is_well_beside_nothing_and_not_beside_a_taken_port_or_a_misspelt_key()
    {
        using var folder = new SiteFolder();
        var (exit, output, _) = await RunAsync(folder.Save(), "check");
        Assert.True(exit == 0, string.Join('\n', output));
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        (exit, output, _) = await RunAsync(folder.Set("Gateway:Ocpi:Listen", $"http://127.0.0.1:{port}").Set("Gateway:Sites", "x").Save(), "check");
        Assert.Equal(1, exit);
        Assert.Equal(2, output.Count(l => l.StartsWith("WRONG", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_backup_of_a_running_gateway_can_be_restored()
    {
        var running = await RunningGateway.StartAsync();
        var begun = await running.Engine.ReportAsync(new SessionBegan(new("CP-1", 1, 1), "04A2B3C4", null, 1000, ExampleSite.Accepted()), TestContext.Current.CancellationToken);
        var copy = Path.Combine(running.Folder.Path, "copy.db");
        Assert.Equal(0, (await RunAsync(running.Folder, "backup", copy)).Exit);
        var tooEarly = await RunAsync(running.Folder, "restore", copy);
        Assert.Equal(1, tooEarly.Exit);
        await running.Gateway.DisposeAsync();
        File.Delete(Path.Combine(running.Folder.Path, "gateway.db"));
        Assert.Equal(0, (await RunAsync(running.Folder, "restore", copy)).Exit);
        await using var again = await RunningGateway.StartAsync(folder: running.Folder);
        Assert.Equal(SessionStatus.Active, again.Engine.State.Sessions[begun.Number].Status);
    }

    [Fact]
    public async Task Run_listens_and_ends_cleanly_on_sigterm()
    {
        using var folder = new SiteFolder();
        using var process = Start(folder.Save(), "run");
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (line.Contains("is listening", StringComparison.Ordinal))
                break;
        }
        Assert.Contains("is listening", string.Join('\n', lines), StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(6), $"It took {watch.Elapsed}.");
    }

    private static async Task<(int Exit, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(SiteFolder folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, Lines(output), Lines(await error));
    }

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

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
