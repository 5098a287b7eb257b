using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Certificates;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Configuration;

namespace EdgeGateway.Hosting;

/// <summary>The site's own authority, as the listeners use it.</summary>
internal sealed class SiteCertificates(CertificatesOptions options, TimeProvider clock)
{
    /// <summary>Certificates for one station in a day: a charger that asks without end fills no disk (I16).</summary>
    public const int MostPerDay = 10;

    private readonly CertificateFolder _folder = new(options.Directory);
    private readonly StationTrust _trust = new(options, clock);

    public CertificateFolder Folder => _folder;

    /// <summary>The chargers' listener's own certificate; null while the site has no authority.</summary>
    public CertificateFiles? ServerFiles
    {
        get
        {
            if (!File.Exists(_folder.Server))
                Open()?.IssueServer(SiteAuthority.NamesOfThisMachine());
            else if (Server() is var current && current.Ends() < clock.GetUtcNow())
                Renew(current);
            return File.Exists(_folder.Server) ? new(_folder.Server, null) : null;
        }
    }

    /// <summary>Null when the site has none.</summary>
    /// <exception cref="CryptographicException">Its files are no certificate and key.</exception>
    public SiteAuthority? Open() => SiteAuthority.Open(options, clock);

    /// <summary>Of each station the certificate that lasts longest.</summary>
    public IReadOnlyList<X509Certificate2> Newest() =>
        [.. _folder.AllIssued().GroupBy(static c => c.Station() ?? "", StringComparer.OrdinalIgnoreCase).Where(static g => g.Key.Length > 0).Select(static g => g.MaxBy(static c => c.NotAfter)!)];

    /// <summary>The authority as the chargers' side sees it.</summary>
    /// <param name="named">The listener's certificate, where the configuration names one.</param>
    public CertificateParts Parts(CertificateFiles? named) => new()
    {
        Sign = Sign,
        ServesTls = () => named is not null || File.Exists(_folder.Server),
        Has = station => Newest().FirstOrDefault(c => station.Equals(c.Station(), StringComparison.OrdinalIgnoreCase))?.Ends() > clock.GetUtcNow(),
        Due = () => [.. Newest().Where(c => Expiry.IsDueForRenewal(c, clock.GetUtcNow())).Select(static c => c.Station()!)],
    };

    /// <summary>The chargers' listener's own, without its key.</summary>
    public X509Certificate2 Server() => X509Certificate2.CreateFromPem(File.ReadAllText(_folder.Server));

    /// <summary>Another for the same names; null where there is nothing to gain, near the authority's own end.</summary>
    public X509Certificate2? Renew(X509Certificate2 current)
    {
        if (Open() is not { } authority || current.Ends() >= authority.Root.Ends())
            return null;
        var names = current.Names().ToArray();
        return authority.IssueServer(names.Length > 0 ? names : SiteAuthority.NamesOfThisMachine());
    }

    /// <summary>For the handshake's own look at a client's certificate: the alert that it sends follows from it.</summary>
    public X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_trust.Roots());
        return policy;
    }

    /// <summary>False ends the handshake: a certificate of ours that is no longer good. A foreign one proves nothing, and hinders nobody.</summary>
    public bool Judge(X509Certificate2? shown, X509Chain? chain, out ClientCertificate? presented)
    {
        presented = null;
        if (shown is null)
            return true;
        var verdict = _trust.Judge(shown, chain?.ChainPolicy.ExtraStore);
        var serial = shown.SerialNumber;
        presented = new(serial, shown.CommonName(), verdict.IsOwn ? shown.Station() : null, new(shown.NotAfter.ToUniversalTime()), verdict.Because)
        {
            IsRevoked = () => verdict.IsOwn && _folder.IsRevoked(serial),
        };
        return verdict.Trust != Trust.Refused;
    }

    private SigningAnswer Sign(string station, string csr, IReadOnlyList<string> names)
    {
        try
        {
            if (Open() is not { } authority)
                return new(null, null, "the site has no certificate authority; edge-gateway cert init makes one");
            var (request, refusal) = SigningRequest.Read(csr);
            if (request is null)
                return new(null, null, refusal!);
            var yesterday = clock.GetUtcNow() - TimeSpan.FromDays(1) - SiteAuthority.Backdating;
            if (_folder.AllIssued().Count(c => station.Equals(c.Station(), StringComparison.OrdinalIgnoreCase) && c.NotBefore.ToUniversalTime() > yesterday.UtcDateTime) >= MostPerDay)
                return new(null, null, $"it was issued {MostPerDay} certificates within a day");
            // A name that is not the station's own is put right, not refused: chargers write what their vendor made of the field.
            var own = names.FirstOrDefault(n => n.Equals(request.CommonName, StringComparison.OrdinalIgnoreCase));
            using var certificate = authority.Sign(station, own ?? station, request);
            var text = $"for {station}, valid until {certificate.Ends().UtcDateTime:yyyy-MM-dd}{(own is null ? $", though it called itself {request.CommonName ?? "nothing"}" : "")}";
            return new(certificate.ExportCertificatePem(), certificate.SerialNumber.ToLowerInvariant(), text);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return new(null, null, $"it could not be signed: {fault.Message}");
        }
    }
}
