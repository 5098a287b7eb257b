using System.CommandLine;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Certificates;
using EdgeGateway.Configuration;
using EdgeGateway.Hosting;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Cli;

/// <summary>Validates the configuration and probes the surroundings, one line each. Changes nothing.</summary>
internal static class CheckVerb
{
    /// <summary>A certificate that ends sooner is worth a warning now (S7).</summary>
    public static readonly TimeSpan CertificateWarning = TimeSpan.FromDays(30);

    /// <summary>A clock further off makes session times and token validity wrong.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan HubPatience = TimeSpan.FromSeconds(10);

    public static Command Create() => new Command("check", "Validates the configuration and probes the surroundings; exit 0 only if all is well").Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var read = ConfigurationReader.Read(Sources.OfProcess(parsed.GetValue(Verb.Config)));
        if (read.Configuration is not { } configuration)
            return terminal.Fail(read);
        var results = new List<Result> { Config(read) };
        var isRunning = await IsRunningAsync(parsed.GetValue(Verb.Config), cancellationToken);
        results.Add(Database(configuration.Storage.Path, isRunning));
        results.AddRange(Ports(configuration.Listeners, isRunning));
        results.AddRange(Certificates(configuration));
        var hubs = await Task.WhenAll(configuration.Hubs.Hubs.Select(h => HubAsync(h.Name, h.VersionsUrl, cancellationToken)));
        results.AddRange(hubs.Select(h => h.Result));
        results.Add(Clock(hubs.Select(h => h.Date).FirstOrDefault(d => d is not null)));
        if (configuration.Mqtt.Broker is not null)
            results.Add(await BrokerAsync(configuration.Mqtt, cancellationToken));
        using (var gateway = isRunning ? AdminClient.Of(parsed.GetValue(Verb.Config)) : null)
            results.AddRange((await CheckModbus.ProbeAsync(configuration, gateway, cancellationToken)).Select(static r => new Result(r.IsWell, r.What, r.Text)));
        foreach (var result in results)
            terminal.Line($"{(result.IsWell ? "ok   " : "WRONG")}  {result.What,-12} {result.Text}");
        foreach (var note in read.Findings.Notes)
            terminal.Line($"note   {note}");
        var wrong = results.Count(r => !r.IsWell);
        return wrong == 0 ? 0 : terminal.Fail($"{Terminal.Count(wrong, "check")} failed.");
    }

    private static Result Config(ConfigurationRead read) => read.Findings.Unknown.Count == 0
        ? new(true, "config", $"{read.Source}: {Terminal.Count(read.Configuration!.Site.Stations.Length, "station")}, {Terminal.Count(read.Configuration.Site.Tariffs.Length, "tariff")}, {Terminal.Count(read.Configuration.Hubs.Hubs.Count, "hub")}")
        : new(false, "config", string.Join("; ", read.Findings.Unknown));

    private static async Task<bool> IsRunningAsync(string? config, CancellationToken cancellationToken)
    {
        using var client = AdminClient.Of(config);
        try
        {
            return await client.GetTextAsync("readyz", cancellationToken) == "ready\n";
        }
        catch (NotDoneException)
        {
            return false;
        }
    }

    private static Result Database(string path, bool isRunning)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            if (isRunning)
                return new(true, "database", $"{path}, in use by the running gateway");
            if (!Directory.Exists(folder))
                return new(false, "database", $"the folder {folder} does not exist");
            // Owner and mode say little under systemd's sandbox; a file that could be made says all.
            var probe = Path.Combine(folder, $".check-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            if (!File.Exists(path))
                return new(true, "database", $"{path} does not exist yet and will be made");
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[16];
            var isSqlite = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan(0, 15).SequenceEqual("SQLite format 3"u8);
            return isSqlite || file.Length == 0
                ? new(true, "database", $"{path}, {file.Length / 1048576.0:0.0} MB, {new DriveInfo(folder).AvailableFreeSpace / 1048576} MB free")
                : new(false, "database", $"{path} is no SQLite database");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new(false, "database", fault.Message);
        }
    }

    private static IEnumerable<Result> Ports(Listeners listeners, bool isRunning)
    {
        foreach (var (what, url) in listeners.Ocpp.Select(u => ("ocpp", u)).Append(("ocpi", listeners.Ocpi)).Append(("admin", listeners.Admin)))
        {
            using var socket = new Socket(url.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            Result result;
            try
            {
                socket.Bind(new IPEndPoint(url.Address, url.Port));
                result = new(true, what, $"{url} is free");
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                result = new(isRunning, what, isRunning ? $"{url}, in use by the running gateway" : $"{url} is in use by another program");
            }
            catch (SocketException fault)
            {
                result = new(false, what, $"{url}: {fault.Message}");
            }
            yield return result;
        }
    }

    private static IEnumerable<Result> Certificates(GatewayConfiguration configuration)
    {
        var (listeners, site) = (configuration.Listeners, new CertificateFolder(configuration.Certificates.Directory));
        var own = new[] { site.Root, listeners.OcppCertificate is null && listeners.Ocpp.Any(static o => o.Tls) ? site.Server : site.Root };
        foreach (var files in new[] { listeners.OcppCertificate, listeners.OcpiCertificate, listeners.AdminCertificate }.OfType<CertificateFiles>()
            .Concat(own.Where(File.Exists).Select(static f => new CertificateFiles(f, null))).Distinct())
        {
            Result result;
            try
            {
                using var certificate = files.Certificate == site.Root ? X509Certificate2.CreateFromPem(File.ReadAllText(files.Certificate)) : Certificate.Read(files);
                result = Dates(files.Certificate, Utc(certificate.NotBefore), Utc(certificate.NotAfter));
            }
            catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
            {
                result = new(false, "certificate", $"{files.Certificate}: {fault.Message}");
            }
            yield return result;
        }
    }

    private static Result Dates(string whose, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (now < notBefore)
            return new(false, "certificate", $"{whose} is not valid before {Terminal.Time(notBefore)}; or the clock of this machine is wrong");
        if (now > notAfter)
            return new(false, "certificate", $"{whose} ended at {Terminal.Time(notAfter)}");
        return new(notAfter - now > CertificateWarning, "certificate", $"{whose} is valid until {Terminal.Time(notAfter)}");
    }

    /// <summary>Any answer over HTTP will do: without its token a hub says 401, and is there.</summary>
    private static async Task<(Result Result, DateTimeOffset? Date)> HubAsync(string name, string? url, CancellationToken cancellationToken)
    {
        if (url is null)
            return (new(true, "hub", $"{name} registers with us"), null);
        DateTimeOffset? until = null;
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = HubPatience };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            until = certificate is X509Certificate2 known ? Utc(known.NotAfter) : null;
            return errors == SslPolicyErrors.None;
        };
        using var http = new HttpClient(handler) { Timeout = HubPatience };
        try
        {
            using var answer = await http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var ends = until is null ? "" : $", its certificate is valid until {Terminal.Time(until)}";
            var isFresh = until is null || until - TimeProvider.System.GetUtcNow() > CertificateWarning;
            return (new(isFresh && (int)answer.StatusCode < 500, "hub", $"{name} answers at {url} (HTTP {(int)answer.StatusCode}){ends}"), answer.Headers.Date);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var why = fault is HttpRequestException { InnerException: { } inner } ? inner.Message : fault is OperationCanceledException ? "no answer in time" : fault.Message;
            return (new(false, "hub", $"{name} does not answer at {url}: {why}"), null);
        }
    }

    private static async Task<Result> BrokerAsync(MqttSettings settings, CancellationToken cancellationToken)
    {
        var (isWell, text) = await BrokerProbe.AskAsync(settings, HubPatience, TimeProvider.System, cancellationToken);
        return new(isWell, "broker", text);
    }

    private static DateTimeOffset Utc(DateTime time) => new(time.ToUniversalTime());

    private static Result Clock(DateTimeOffset? hub)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (hub is { } theirs && (now - theirs).Duration() > ClockTolerance)
            return new(false, "clock", $"{Terminal.Time(now)}, but a hub says {Terminal.Time(theirs)}");
        var built = Utc(File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "edge-gateway.dll")));
        if (now < built)
            return new(false, "clock", $"{Terminal.Time(now)} is before this program was built");
        var isSynchronized = File.Exists("/run/systemd/timesync/synchronized") || Directory.Exists("/run/chrony") || hub is not null;
        return new(true, "clock", $"{Terminal.Time(now)}{(isSynchronized ? "" : ", with nothing here that says whether it is synchronized")}");
    }

    private sealed record Result(bool IsWell, string What, string Text);
}
