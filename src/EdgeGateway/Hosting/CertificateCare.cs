using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Certificates;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Configuration;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hosting;

/// <summary>
/// Looks after every certificate that the gateway uses: renews its own before it ends, has stations ask for new ones, and says in time
/// what nobody else renews (S7). Nothing here needs a restart.
/// </summary>
internal sealed partial class CertificateCare(
    Listeners listeners, SiteCertificates site, Remarks remarks, StationCertificates stations, TimeProvider clock, ILogger<CertificateCare> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>What ended so long ago is taken out of the folder.</summary>
    public static readonly TimeSpan KeepEnded = TimeSpan.FromDays(90);

    private readonly ConcurrentDictionary<string, int> _told = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<Ending> _ending = [];

    /// <summary>Those that end within 30 days or have ended, as last looked at.</summary>
    public IReadOnlyList<Ending> Endings => _ending;

    /// <summary>One look at all of them.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        RenewServer(now);
        var ending = new List<Ending>();
        foreach (var (whose, kind, certificate) in Used())
        {
            using (certificate)
            {
                if (Expiry.Passed(certificate.Ends(), now) is not { } days)
                    continue;
                var one = new Ending(whose, $"{kind} {Expiry.Text(certificate.Ends(), now)}");
                ending.Add(one);
                if (!_told.TryGetValue(certificate.Thumbprint, out var told) || days < told)
                    remarks.Make(Severity.Warning, "CertificateEnds", whose, one.Text);
                _told[certificate.Thumbprint] = days;
            }
        }
        _ending = ending;
        site.Folder.Forget(now - KeepEnded);
        await stations.RenewAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
            {
                // Charging goes on; what is in force stays so, and the next look comes.
                _ending = [new("certificates", $"cannot be looked after: {fault.Message}")];
                NotLookedAfter(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void RenewServer(DateTimeOffset now)
    {
        if (listeners.OcppCertificate is not null || !File.Exists(site.Folder.Server))
            return;
        using var current = site.Server();
        if (!Expiry.IsDueForRenewal(current, now))
            return;
        using var renewed = site.Renew(current);
        if (renewed is null)
            return;
        remarks.Make(Severity.Info, "CertificateRenewed", "server", $"The OCPP listener's certificate was renewed; it is good until {renewed.Ends().UtcDateTime:yyyy-MM-dd}.");
    }

    private IEnumerable<(string Whose, string Kind, X509Certificate2 Certificate)> Used()
    {
        var files = new (string Whose, string File)[] { ("ocpi listener", listeners.OcpiCertificate?.Certificate ?? ""), ("admin listener", listeners.AdminCertificate?.Certificate ?? "") }
            .Prepend(("ocpp listener", listeners.OcppCertificate?.Certificate ?? (listeners.Ocpp.Any(static o => o.Tls) ? site.Folder.Server : "")))
            .Append(("site authority", site.Folder.HasRoot ? site.Folder.Root : ""));
        foreach (var (whose, file) in files.Where(static f => f.Item2.Length > 0 && File.Exists(f.Item2)))
            yield return (whose, "its certificate", X509Certificate2.CreateFromPem(File.ReadAllText(file)));
        foreach (var newest in site.Newest())
            yield return (newest.Station() ?? "?", "the certificate that it was issued", newest);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificates could not be looked after: {Why}")]
    private partial void NotLookedAfter(string why);
}

/// <summary>A certificate that ends soon or has ended, for people.</summary>
internal sealed record Ending(string Whose, string Text);
