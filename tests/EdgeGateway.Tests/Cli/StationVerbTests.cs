using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeGateway.Tests.Admin;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Cli;

/// <summary>The verbs of a charger's care, as processes, against a running gateway and a charger's line.</summary>
public sealed class StationVerbTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<(RunningGateway Gateway, RawCharger Charger)> ReadyAsync()
    {
        var running = await RunningGateway.StartAsync(f => f.Set("Gateway:Ocpp:MeterValueSeconds", 0).Set("Gateway:Ocpp:LocalListEntries", 0));
        running.Folder.Set("Gateway:Admin:Listen", running.Gateway.AdminUrl.ToString()).Save();
        var charger = await RawCharger.ConnectAsync(running.Gateway.OcppUrls[0], "CP-1", "a-password-of-length");
        await charger.BootAsync();
        return (running, charger);
    }

    [Theory]
    [InlineData("reset CP-1 --hard", "Reset", """{"type":"Hard"}""", """{"status":"Accepted"}""", 0, "CP-1: Accepted")]
    [InlineData("unlock CP-1 1", "UnlockConnector", """{"connectorId":1}""", """{"status":"UnlockFailed"}""", 1, "edge-gateway: CP-1: refused: UnlockFailed")]
    [InlineData("availability CP-1 inoperative", "ChangeAvailability", """{"connectorId":0,"type":"Inoperative"}""", """{"status":"Scheduled"}""", 0, "CP-1: Scheduled (later)")]
    [InlineData("trigger CP-1 StatusNotification --evse 1", "TriggerMessage", """{"requestedMessage":"StatusNotification","connectorId":1}""", """{"status":"Rejected"}""", 1, "edge-gateway: CP-1: refused: Rejected")]
    [InlineData("clear-cache CP-1", "ClearCache", "{}", """{"status":"Accepted"}""", 0, "CP-1: Accepted")]
    [InlineData("config set CP-1 HeartbeatInterval=60", "ChangeConfiguration", """{"key":"HeartbeatInterval","value":"60"}""", """{"status":"RebootRequired"}""", 0, "CP-1: RebootRequired; after a restart (later)")]
    [InlineData("profile CP-1 --clear --evse 1", "ClearChargingProfile", null, """{"status":"Accepted"}""", 0, "CP-1:")]
    [InlineData("profile CP-1 --limit 11kW --evse 1", "SetChargingProfile", null, """{"status":"Accepted"}""", 0, "CP-1:")]
    public async Task A_verb_does_one_thing_and_says_how_it_went(string arguments, string action, string? payload, string answer, int exit, string said)
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        var verb = RunAsync(running.Folder, ["station", .. arguments.Split(' ')]);
        var call = await CareApiTests.AwaitAsync(charger, action);
        if (payload is not null)
            Assert.Equal(payload, call.Payload.GetRawText());
        await charger.SendAsync($"[3,\"{call.Id}\",{answer}]");
        var (code, output, error) = await verb;
        Assert.Equal(exit, code);
        Assert.StartsWith(said, (exit == 0 ? output : error)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_usage_is_two_and_what_cannot_be_asked_is_one()
    {
        await using var running = await RunningGateway.StartAsync();
        running.Folder.Set("Gateway:Admin:Listen", running.Gateway.AdminUrl.ToString()).Save();
        foreach (var arguments in new[] { "reset", "unlock CP-1", "unlock CP-1 one", "availability CP-1 broken", "config set CP-1 novalue", "profile CP-1 --limit much", "logs CP-1 --from noon" })
            Assert.True((await RunAsync(running.Folder, ["station", .. arguments.Split(' ')])).Exit == 2, arguments);
        var (exit, _, error) = await RunAsync(running.Folder, "station", "reset", "CP-1");
        Assert.Equal((1, "edge-gateway: CP-1: cannot be asked: The station has no line."), (exit, Assert.Single(error)));
        (exit, _, error) = await RunAsync(running.Folder, "station", "reset", "nobody");
        Assert.Equal((1, "edge-gateway: No station is called nobody."), (exit, Assert.Single(error)));
    }

    [Fact]
    public async Task List_and_show_tell_how_a_line_proves_itself()
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        Assert.Contains((await RunAsync(running.Folder, "station", "list")).Output, static l => l.StartsWith("CP-1 ", StringComparison.Ordinal) && l.Contains("1 password", StringComparison.Ordinal));
        Assert.Contains((await RunAsync(running.Folder, "station", "show", "CP-1")).Output, static l => l.Contains("Security", StringComparison.Ordinal) && l.Contains("password as text", StringComparison.Ordinal));
        Assert.Equal("edge-gateway: CP-1 never told its device model.", Assert.Single((await RunAsync(running.Folder, "station", "show", "CP-1", "--model")).Error));
    }

    [Fact]
    public async Task Firmware_is_put_in_given_and_followed_to_its_end()
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        var file = Path.Combine(running.Folder.Path, "cp-2.0.bin");
        var content = new byte[2_000_000];
        new Random(2).NextBytes(content);
        await File.WriteAllBytesAsync(file, content, Cancelled);
        var verb = RunAsync(running.Folder, "station", "firmware", "CP-1", "--file", file, "--wait");
        var call = await CareApiTests.AwaitAsync(charger, "UpdateFirmware");
        await charger.SendAsync($"[3,\"{call.Id}\",{{}}]");
        await CareApiTests.TellAsync(charger, "1", "FirmwareStatusNotification", """{"status":"Downloading"}""");
        using (var http = new HttpClient())
            Assert.Equal(content, await http.GetByteArrayAsync(new Uri(call.Payload.GetProperty("location").GetString()!), Cancelled));
        foreach (var status in new[] { "Downloaded", "Installing", "Installed" })
            await CareApiTests.TellAsync(charger, status, "FirmwareStatusNotification", $$"""{"status":"{{status}}"}""");
        var (exit, output, error) = await verb;
        Assert.True(exit == 0, string.Join('\n', error));
        foreach (var step in new[] { "Downloading", "fetched", "Downloaded", "Installing", "Installed" })
            Assert.Contains(output, l => l.Contains(step, StringComparison.Ordinal));
        Assert.Equal("CP-1: cp-2.0.bin is done.", output[^1]);
        Assert.Contains((await RunAsync(running.Folder, "station", "firmware", "CP-1")).Output, static l => l.StartsWith("cp-2.0.bin: done", StringComparison.Ordinal));
        Assert.Contains((await RunAsync(running.Folder, "station", "firmware")).Output, static l => l.StartsWith("cp-2.0.bin ", StringComparison.Ordinal));
        Assert.Equal("Done", (string?)JsonNode.Parse((await RunAsync(running.Folder, "station", "firmware", "CP-1", "--json")).Output[^1])!["state"]);
        Assert.Contains((await RunAsync(running.Folder, "station", "jobs", "CP-1")).Output, static l => l.Contains("Firmware", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync(running.Folder, "station", "firmware", "--remove", "cp-2.0.bin")).Exit);
        Assert.Equal(1, (await RunAsync(running.Folder, "station", "firmware", "CP-1", "--file", "cp-2.0.bin")).Exit);
    }

    [Fact]
    public async Task Logs_are_waited_for_and_saved()
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        var saved = Path.Combine(running.Folder.Path, "diag.log");
        var verb = RunAsync(running.Folder, "station", "logs", "CP-1", "--out", saved);
        var call = await CareApiTests.AwaitAsync(charger, "GetDiagnostics");
        await charger.SendAsync($$"""[3,"{{call.Id}}",{"fileName":"/etc/passwd"}]""");
        await CareApiTests.TellAsync(charger, "1", "DiagnosticsStatusNotification", """{"status":"Uploading"}""");
        using (var http = new HttpClient())
            await http.PutAsync(new Uri(call.Payload.GetProperty("location").GetString()!), new StringContent("the log"), Cancelled);
        var (exit, output, error) = await verb;
        Assert.True(exit == 0, string.Join('\n', error));
        Assert.Equal($"{saved}: 7 bytes", output[^1]);
        Assert.Equal("the log", await File.ReadAllTextAsync(saved, Cancelled));
        Assert.Contains((await RunAsync(running.Folder, "station", "logs", "CP-1", "--list")).Output, static l => l.Contains("/etc/passwd", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync(running.Folder, "station", "logs", "CP-1", "--job", "1", "--out", saved + "2")).Exit);
        Assert.Equal(1, (await RunAsync(running.Folder, "station", "logs", "CP-1", "--job", "7", "--out", saved + "3")).Exit);
        Assert.False(File.Exists(saved + "3"));
    }

    [Fact]
    public async Task Who_watches_sees_both_ways_live_masked_through_a_reconnect_and_why_somebody_was_refused()
    {
        await using var running = await RunningGateway.StartAsync(f => f.Set("Gateway:Ocpp:MeterValueSeconds", 0).Set("Gateway:Ocpp:LocalListEntries", 0));
        running.Folder.Set("Gateway:Admin:Listen", running.Gateway.AdminUrl.ToString()).Save();
        using var watch = Start(running.Folder, "station", "watch", "cp-1");
        var lines = new List<string>();
        var address = running.Gateway.OcppUrls[0];
        await UntilAsync("Ctrl+C");
        await Assert.ThrowsAsync<RefusedException>(() => RawCharger.ConnectAsync(address, "CP-1", "wrong"));
        await UntilAsync("· refused HTTP 401: Refused 127.0.0.1: its password is wrong.");
        for (var i = 0; i < 2; i++)
        {
            await using var charger = await RawCharger.ConnectAsync(address, "CP-1", "a-password-of-length");
            await UntilAsync("· opened");
            await CareApiTests.TellAsync(charger, "a", "Authorize", """{"idTag":"04A2B3C4"}""");
            await UntilAsync("→ Authorize idTag=04");
            await UntilAsync("← Authorize ");
            await charger.SendAsync("""[2,"x","Nonsense",{}]""");
            await UntilAsync("← Nonsense ");
            Assert.Contains("ERROR NotImplemented", lines[^1], StringComparison.Ordinal);
            await charger.DisposeAsync();
            await UntilAsync("· closed");
        }
        Assert.DoesNotContain(lines, static l => l.Contains("04A2B3C4", StringComparison.Ordinal));
        watch.Kill();

        var (exit, output, _) = await RunAsync(running.Folder, "station", "watch", "CP-1", "--once", "--json");
        Assert.Equal(0, exit);
        Assert.All(output, static l => Assert.Equal("CP-1", (string?)JsonNode.Parse(l)!["station"]));
        Assert.Contains((await RunAsync(running.Folder, "station", "watch", "CP-1", "--once", "--raw")).Output, static l => l.Contains("""[2,"x","Nonsense",{}]""", StringComparison.Ordinal));

        async Task UntilAsync(string what)
        {
            do
                lines.Add(await watch.StandardOutput.ReadLineAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled) ?? throw new InvalidOperationException("It ended."));
            while (!lines[^1].Contains(what, StringComparison.Ordinal));
        }
    }

    private static async Task<(int Exit, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(SiteFolder folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var error = process.StandardError.ReadToEndAsync(Cancelled);
        var output = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Process Start(SiteFolder folder, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-gateway.dll"), .. arguments, "--config", folder.File])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
}
