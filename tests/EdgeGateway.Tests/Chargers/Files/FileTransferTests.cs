using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGateway.Chargers.Files;
using EdgeGateway.Site.Care;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers.Files;

/// <summary>Firmware and logs over real HTTP, with curl as somebody else's idea of a client.</summary>
public sealed class FileTransferTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-gateway-files-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Firmware => Path.Combine(_directory, "files", "firmware");
    private string Logs => Path.Combine(_directory, "files", "logs");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<(ChargersHost Host, RawCharger Charger)> ReadyAsync(Func<FilesOptions, FilesOptions>? files = null, MemoryDocuments? documents = null, TimeProvider? clock = null)
    {
        var options = new FilesOptions { Directory = Path.Combine(_directory, "files"), MaxFirmwareMb = 8, MaxLogMb = 1 };
        var host = await ChargersHost.StartAsync(
            o => o with { QuietSeconds = 0, MeterValueSeconds = 0, CallTimeoutSeconds = 5, Files = files?.Invoke(options) ?? options }, clock, documents: documents);
        foreach (var station in new[] { "cp-1", "cp-2" })
            host.Documents.All[$"charger/{station}/learned"] = """{"noTriggers":true,"measurandsDone":true}""";
        var charger = await host.ConnectAsync();
        await charger.CallAsync("hb", "Heartbeat", "{}");
        return (host, charger);
    }

    private byte[] PutFirmware(string name, int bytes)
    {
        Directory.CreateDirectory(Firmware);
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        File.WriteAllBytes(Path.Combine(Firmware, name), content);
        return content;
    }

    /// <summary>Has the charger told where to fetch or bring; it says yes.</summary>
    private static async Task<(Uri Address, int Job)> SendForAsync(ChargersHost host, RawCharger charger, CareTask task)
    {
        var care = host.Care.DoAsync("CP-1", task, "test", Cancelled);
        var call = await charger.ReceiveCallAsync();
        var address = call.Payload.TryGetProperty("location", out var location) ? location.GetString()! : call.Payload.GetProperty("log").GetProperty("remoteLocation").GetString()!;
        await charger.SendAsync(call.Action == "GetDiagnostics" ? $$"""[3,"{{call.Id}}",{"fileName":"../../diag.tgz"}]""" : $$"""[3,"{{call.Id}}",{{(call.Action == "GetLog" ? """{"status":"Accepted"}""" : "{}")}}]""");
        var answer = await care;
        Assert.Equal(CareOutcome.Done, answer.Outcome);
        return (new(address), answer.Job!.Value);
    }

    private static UpdateFirmware Update(string name) => new(new($"gateway:{name}"));

    private static UploadLogs Bring => new(UploadLogs.ToGateway);

    private static async Task<StationJob> JobAsync(ChargersHost host, int number, string station = "CP-1") =>
        (await host.Jobs.OfAsync(station, Cancelled)).Single(j => j.Number == number);

    private static async Task<(int Exit, string Output)> CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", "--max-time", "20", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = curl.StandardError.ReadToEndAsync(Cancelled);
        var output = await curl.StandardOutput.ReadToEndAsync(Cancelled);
        await curl.WaitForExitAsync(Cancelled);
        return (curl.ExitCode, output + await error);
    }

    private static async Task<int> StatusAsync(params string[] arguments) =>
        int.Parse((await CurlAsync(["-o", "/dev/null", "-w", "%{http_code}", .. arguments])).Output[..3], CultureInfo.InvariantCulture);

    [Fact]
    public async Task Firmware_is_fetched_once_whole_from_an_address_of_the_line_s_own_and_no_more()
    {
        var content = PutFirmware("cp-2.1.bin", 3_000_000);
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (address, number) = await SendForAsync(host, charger, Update("cp-2.1.bin"));
        Assert.Equal(host.Address.Authority, address.Authority);
        Assert.EndsWith("/cp-2.1.bin", address.AbsolutePath, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Documents.All.Values, d => d.Contains(address.Segments[2].TrimEnd('/'), StringComparison.Ordinal));

        Assert.Equal(200, await StatusAsync("-I", address.AbsoluteUri));
        var got = Path.Combine(_directory, "got.bin");
        Assert.Equal(0, (await CurlAsync("-f", "-o", got, address.AbsoluteUri)).Exit);
        Assert.Equal(content, await File.ReadAllBytesAsync(got, Cancelled));
        await ChargersHost.UntilAsync(() => host.Jobs.OfAsync("CP-1", Cancelled).AsTask().Result[0].Steps.Any(static s => s.Said == "fetched"));
        Assert.Equal(410, await StatusAsync(address.AbsoluteUri));

        foreach (var status in new[] { "Downloading", "Downloading", "Downloaded", "Installing", "Installed" })
            await charger.CallAsync(status, "FirmwareStatusNotification", $$"""{"status":"{{status}}"}""");
        var job = await JobAsync(host, number);
        Assert.Equal((JobState.Done, 3_000_000L, 3_000_000L), (job.State, job.Bytes, job.OfBytes));
        Assert.Equal(["fetching", "fetched", "Downloading", "Downloaded", "Installing", "Installed"], job.Steps.Select(static s => s.Said));
    }

    [Fact]
    public async Task A_fetch_that_was_cut_off_goes_on_where_it_was_and_counts_when_the_last_byte_is_there()
    {
        var content = PutFirmware("fw.bin", 1_000_000);
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (address, number) = await SendForAsync(host, charger, Update("fw.bin"));
        var got = Path.Combine(_directory, "got.bin");
        Assert.Equal(206, await StatusAsync("-r", "0-399999", address.AbsoluteUri));
        Assert.Equal(206, await StatusAsync("-r", "-1000", address.AbsoluteUri));
        Assert.Equal(416, await StatusAsync("-r", "1000000-", address.AbsoluteUri));
        await File.WriteAllBytesAsync(got, content[..400_000], Cancelled);
        Assert.Equal(401_000, (await JobAsync(host, number)).Bytes);
        // curl's own way to go on with what it has.
        Assert.Equal(0, (await CurlAsync("-f", "-C", "-", "-o", got, address.AbsoluteUri)).Exit);
        Assert.Equal(content, await File.ReadAllBytesAsync(got, Cancelled));
        await ChargersHost.UntilAsync(() => host.Jobs.OfAsync("CP-1", Cancelled).AsTask().Result[0].Steps.Any(static s => s.Said == "fetched"));
        Assert.Equal(410, await StatusAsync(address.AbsoluteUri));
    }

    [Fact]
    public async Task A_client_of_http_1_0_is_told_how_long_the_file_is()
    {
        PutFirmware("fw.bin", 100_000);
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (address, _) = await SendForAsync(host, charger, Update("fw.bin"));
        var (exit, output) = await CurlAsync("-0", "-D", "-", "-o", "/dev/null", address.AbsoluteUri);
        Assert.Equal(0, exit);
        Assert.Contains("Content-Length: 100000", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("chunked", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_charger_that_says_it_has_it_needs_the_address_no_longer_and_a_boot_with_other_firmware_ends_it()
    {
        PutFirmware("fw.bin", 100_000);
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        await charger.BootAsync();
        var (address, number) = await SendForAsync(host, charger, Update("fw.bin"));
        Assert.Equal(206, await StatusAsync("-r", "0-99", address.AbsoluteUri));
        await charger.CallAsync("d", "FirmwareStatusNotification", """{"status":"Downloaded"}""");
        Assert.Equal(410, await StatusAsync(address.AbsoluteUri));
        await charger.CallAsync("b", "BootNotification", """{"chargePointVendor":"V","chargePointModel":"M","firmwareVersion":"1.0"}""");
        Assert.Equal(JobState.Running, (await JobAsync(host, number)).State);
        await charger.CallAsync("c", "BootNotification", """{"chargePointVendor":"V","chargePointModel":"M","firmwareVersion":"2.0"}""");
        Assert.Equal((JobState.Done, "booted with 2.0"), ((await JobAsync(host, number)).State, (await JobAsync(host, number)).Steps[^1].Said));
    }

    public static TheoryData<string[]> Ways => new()
    {
        new[] { "-T", "LOG", "ADDRESS" },                                        // PUT to the directory: curl puts the file's name after it
        new[] { "-X", "PUT", "--data-binary", "@LOG", "-H", "Content-Type: application/gzip", "ADDRESSdiag.log" },
        new[] { "-X", "POST", "--data-binary", "@LOG", "-H", "Content-Type: application/octet-stream", "ADDRESS" },
        new[] { "-F", "file=@LOG", "ADDRESS" },                                  // a form
        new[] { "-F", "station=x", "-F", "upload=@LOG;filename=../../../etc/passwd", "ADDRESSupload" },
        new[] { "-T", "LOG", "-H", "Transfer-Encoding: chunked", "ADDRESS" },    // its length is not told before
        new[] { "-T", "LOG", "-H", "Expect: 100-continue", "WITHOUT-SLASH" },
        new[] { "-0", "-T", "LOG", "ADDRESS" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_log_is_taken_whichever_way_a_charger_brings_it(string[] way)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (address, number) = await SendForAsync(host, charger, Bring);
        Assert.EndsWith("/", address.AbsolutePath, StringComparison.Ordinal);
        var log = Path.Combine(_directory, "some.log");
        var content = new byte[300_000];
        new Random(3).NextBytes(content);
        await File.WriteAllBytesAsync(log, content, Cancelled);
        string[] arguments =
            [.. way.Select(w => w.Replace("LOG", log, StringComparison.Ordinal).Replace("WITHOUT-SLASH", address.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal).Replace("ADDRESS", address.AbsoluteUri, StringComparison.Ordinal))];
        Assert.Equal(200, await StatusAsync(arguments));

        var file = Assert.Single(Directory.GetFiles(Logs));
        Assert.Equal(content, await File.ReadAllBytesAsync(file, Cancelled));
        Assert.Matches("^[0-9T]+-[0-9a-f]{16}$", Path.GetFileName(file));
        var job = await JobAsync(host, number);
        Assert.Equal((JobState.Done, true, 300_000L, "../../diag.tgz"), (job.State, job.HasFile, job.Bytes, job.ToldName));
        Assert.Equal(410, await StatusAsync(arguments));
        Assert.Single(Directory.GetFiles(Logs));
        await charger.CallAsync("u", "DiagnosticsStatusNotification", """{"status":"Uploaded"}""");
        Assert.Equal(JobState.Done, (await JobAsync(host, number)).State);
    }

    [Fact]
    public async Task An_address_is_for_its_own_way_only_and_any_other_is_nobody_s()
    {
        PutFirmware("fw.bin", 1000);
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (fetch, _) = await SendForAsync(host, charger, Update("fw.bin"));
        var (bring, _) = await SendForAsync(host, charger, Bring);
        Assert.Equal(405, await StatusAsync("-X", "PUT", "--data-binary", "x", fetch.AbsoluteUri));
        Assert.Equal(405, await StatusAsync(bring.AbsoluteUri));
        Assert.Equal(405, await StatusAsync("-X", "DELETE", bring.AbsoluteUri));
        var root = new Uri(host.Address, "/files/");
        foreach (var path in new[]
        {
            "", "x", "../nothing", "firmware/fw.bin", new string('A', StationJobs.TokenChars), new string('A', StationJobs.TokenChars) + "/fw.bin", "..%2f..%2fetc%2fpasswd",
            "%2e%2e/%2e%2e/appsettings.json", fetch.Segments[2][..^3] + "AA/fw.bin", fetch.Segments[2][..20] + "/fw.bin",
        })
            Assert.Equal(404, await StatusAsync("--path-as-is", root.AbsoluteUri + path));
        // What stands after the token is nothing to us: no other file is to be had with it.
        Assert.Equal(206, await StatusAsync("--path-as-is", "-r", "0-9", $"{root}{fetch.Segments[2]}..%2f..%2fsecret"));
        Assert.Equal(["fw.bin"], Directory.GetFiles(Firmware).Select(Path.GetFileName));
        Assert.False(Directory.Exists(Logs));
    }

    [Fact]
    public async Task A_log_over_the_limit_is_cut_and_leaves_nothing_whether_its_length_is_told_or_not()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (address, number) = await SendForAsync(host, charger, Bring);
        var log = Path.Combine(_directory, "big.log");
        await File.WriteAllBytesAsync(log, new byte[1_200_000], Cancelled);
        foreach (var way in new string[][] { ["-T", log], ["-T", log, "-H", "Transfer-Encoding: chunked"], ["-F", $"f=@{log}"] })
        {
            var (_, output) = await CurlAsync([.. way, "-o", "/dev/null", "-w", "%{http_code}", address.AbsoluteUri]);
            Assert.StartsWith("413", output, StringComparison.Ordinal);
            Assert.Empty(Directory.Exists(Logs) ? Directory.GetFiles(Logs) : []);
        }
        Assert.True(host.HasEvent("LogTooLarge", "CP-1"));
        Assert.False((await JobAsync(host, number)).IsOver);
        // A smaller one is still taken.
        await File.WriteAllBytesAsync(log, new byte[1_048_576], Cancelled);
        Assert.Equal(200, await StatusAsync("-T", log, address.AbsoluteUri));
    }

    [Fact]
    public async Task A_log_that_breaks_off_leaves_nothing_and_may_be_brought_again()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (address, number) = await SendForAsync(host, charger, Bring);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancelled);
            var head = $"PUT {address.AbsolutePath}x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
            await socket.Client.SendAsync(Encoding.ASCII.GetBytes(head + new string('x', 50_000)), Cancelled);
            await ChargersHost.UntilAsync(() => host.Jobs.OfAsync("CP-1", Cancelled).AsTask().Result[0].Bytes == 50_000);
            Assert.Equal(409, await StatusAsync("-X", "PUT", "--data-binary", "second", address.AbsoluteUri));
        }
        await ChargersHost.UntilAsync(() => Directory.GetFiles(Logs).Length == 0);
        await ChargersHost.UntilAsync(() => host.Jobs.OfAsync("CP-1", Cancelled).AsTask().Result[0].Bytes == 0);
        Assert.Equal(400, await StatusAsync("-X", "PUT", "--data-binary", "", address.AbsoluteUri));
        Assert.Equal(400, await StatusAsync("-X", "PUT", "-H", "Content-Range: bytes 0-4/10", "--data-binary", "parts", address.AbsoluteUri));
        Assert.Equal(400, await StatusAsync("-X", "POST", "-H", "Content-Type: multipart/form-data", "--data-binary", "no boundary", address.AbsoluteUri));
        Assert.Equal(200, await StatusAsync("-X", "PUT", "--data-binary", "whole", address.AbsoluteUri));
        Assert.Equal("whole", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Logs)), Cancelled));
        Assert.Equal(JobState.Done, (await JobAsync(host, number)).State);
    }

    [Fact]
    public async Task Only_the_newest_logs_of_a_station_are_kept_and_the_newest_address_of_a_kind_is_good()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (old, first) = await SendForAsync(host, charger, Bring);
        for (var i = 0; i < FilesOptions.LogsPerStation + 2; i++)
        {
            var (address, _) = await SendForAsync(host, charger, Bring);
            Assert.Equal(200, await StatusAsync("-X", "PUT", "--data-binary", $"log {i}", address.AbsoluteUri));
        }
        Assert.Equal((410, JobState.Replaced), (await StatusAsync("-X", "PUT", "--data-binary", "late", old.AbsoluteUri), (await JobAsync(host, first)).State));
        Assert.Equal(FilesOptions.LogsPerStation, Directory.GetFiles(Logs).Length);
        Assert.Equal(["log 2", "log 3", "log 4", "log 5"], Directory.GetFiles(Logs).Select(File.ReadAllText).Order());
        Assert.True((await host.Jobs.OfAsync("CP-1", Cancelled)).Count <= StationJobs.PerStation);
    }

    [Fact]
    public async Task Jobs_and_addresses_outlive_a_restart_and_die_of_age()
    {
        var content = PutFirmware("fw.bin", 500_000);
        var documents = new MemoryDocuments();
        Uri address;
        var (host, charger) = await ReadyAsync(documents: documents);
        await using (host)
        await using (charger)
        {
            (address, _) = await SendForAsync(host, charger, Update("fw.bin"));
            Assert.Equal(206, await StatusAsync("-r", "0-9", address.AbsoluteUri));
        }
        Directory.CreateDirectory(Logs);
        await File.WriteAllTextAsync(Path.Combine(Logs, "20260301T000000-00.part"), "half", Cancelled);

        (host, charger) = await ReadyAsync(documents: documents);
        await using (host)
        await using (charger)
        {
            Assert.Empty(Directory.GetFiles(Logs));
            using var http = new HttpClient();
            var again = new Uri(host.Address, address.AbsolutePath);
            Assert.Equal(content, await http.GetByteArrayAsync(again, Cancelled));
            Assert.Equal("fetched", (await JobAsync(host, 1)).Steps[^1].Said);
        }
        var clock = new ManualClock();
        clock.Advance(DateTimeOffset.UtcNow - clock.GetUtcNow());
        (host, charger) = await ReadyAsync(documents: new(), clock: clock);
        await using (host)
        await using (charger)
        {
            var (bring, number) = await SendForAsync(host, charger, Bring);
            clock.Advance(FileErrands.LogLifetime);
            Assert.Equal(410, await StatusAsync("-X", "PUT", "--data-binary", "late", bring.AbsoluteUri));
            Assert.Equal(JobState.Expired, (await JobAsync(host, number)).State);
        }
    }

    [Fact]
    public async Task What_the_charger_refuses_closes_the_address_and_a_base_url_goes_before_the_line_s_own()
    {
        PutFirmware("fw.bin", 1000);
        var (host, charger) = await ReadyAsync(f => f with { BaseUrl = new("https://gateway.example/ev") });
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", Update("fw.bin"), "test", Cancelled);
        var call = await charger.ReceiveCallAsync();
        var address = new Uri(call.Payload.GetProperty("location").GetString()!);
        Assert.StartsWith("https://gateway.example/ev/files/", address.AbsoluteUri, StringComparison.Ordinal);
        await charger.SendAsync($"[4,\"{call.Id}\",\"InternalError\",\"busy\",{{}}]");
        Assert.Equal(CareOutcome.Refused, (await care).Outcome);
        Assert.Equal(JobState.Failed, (await JobAsync(host, 1)).State);
        Assert.Equal(410, await StatusAsync(new Uri(host.Address, address.AbsolutePath["/ev".Length..]).AbsoluteUri));
        Assert.Equal(CareOutcome.Invalid, (await host.Care.DoAsync("CP-1", Update("other.bin"), "test", Cancelled)).Outcome);
    }

    [Fact]
    public async Task Signed_firmware_and_the_security_log_go_by_their_number()
    {
        PutFirmware("fw.bin", 1000);
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", Update("fw.bin") with { Signature = "c2ln", SigningCertificate = "-----BEGIN" }, "test", Cancelled);
        var call = await charger.ReceiveCallAsync();
        Assert.Equal(("SignedUpdateFirmware", 1), (call.Action, call.Payload.GetProperty("requestId").GetInt32()));
        Assert.Equal("c2ln", call.Payload.GetProperty("firmware").GetProperty("signature").GetString());
        await charger.SendAsync($$"""[3,"{{call.Id}}",{"status":"AcceptedCanceled"}]""");
        Assert.Equal(CareOutcome.Done, (await care).Outcome);
        var (bring, log) = await SendForAsync(host, charger, Bring with { Security = true });
        await charger.CallAsync("a", "SignedFirmwareStatusNotification", """{"status":"InvalidSignature","requestId":1}""");
        await charger.CallAsync("b", "LogStatusNotification", $$"""{"status":"Uploading","requestId":{{log}}}""");
        Assert.Equal((JobState.Failed, JobState.Running), ((await JobAsync(host, 1)).State, (await JobAsync(host, log)).State));
        Assert.Equal(JobKind.SecurityLog, (await JobAsync(host, log)).Kind);
        await charger.CallAsync("c", "LogStatusNotification", $$"""{"status":"PermissionDenied","requestId":{{log}}}""");
        Assert.Equal(JobState.Failed, (await JobAsync(host, log)).State);
        Assert.Equal(410, await StatusAsync("-X", "PUT", "--data-binary", "x", bring.AbsoluteUri));
    }

    [Fact]
    public async Task Who_waits_for_a_job_hears_of_each_step()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var (address, number) = await SendForAsync(host, charger, Bring);
        var waiting = host.Jobs.ChangedAsync("CP-1", number, 0, 0, TimeSpan.FromSeconds(30), Cancelled).AsTask();
        Assert.False(waiting.IsCompleted);
        await charger.CallAsync("b", "DiagnosticsStatusNotification", """{"status":"Uploading"}""");
        Assert.Equal("Uploading", Assert.Single((await waiting)!.Steps).Said);
        waiting = host.Jobs.ChangedAsync("CP-1", number, int.MaxValue, long.MaxValue, TimeSpan.FromSeconds(30), Cancelled).AsTask();
        Assert.Equal(200, await StatusAsync("-X", "PUT", "--data-binary", "x", address.AbsoluteUri));
        Assert.Equal(JobState.Done, (await waiting)!.State);
        Assert.Null(await host.Jobs.ChangedAsync("CP-1", 99, 0, 0, TimeSpan.FromSeconds(30), Cancelled));
    }
}
