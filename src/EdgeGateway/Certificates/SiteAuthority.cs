using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Certificates;

/// <summary>
/// The site's own certificate authority: one root that issues for the OCPP listener and for stations, and nothing else. ECDSA on P-256 with
/// SHA-256 throughout; serial numbers are random; each certificate says what it may be used for (OCPP 2.0.1 A00.FR.501 to 512).
/// </summary>
public sealed class SiteAuthority
{
    /// <summary>Ten years: before 2038, where chargers with a 32-bit clock stop understanding dates.</summary>
    public const int RootDays = 3650;

    /// <summary>Chargers' clocks are wrong by hours until we have told them the time (FIELD-NOTES 11).</summary>
    public static readonly TimeSpan Backdating = TimeSpan.FromDays(1);

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const int SerialBytes = 16;

    private readonly CertificateFolder _folder;
    private readonly CertificatesOptions _options;
    private readonly TimeProvider _clock;

    private SiteAuthority(CertificateFolder folder, CertificatesOptions options, TimeProvider clock, X509Certificate2 root)
    {
        (_folder, _options, _clock) = (folder, options, clock);
        Root = root;
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Root { get; }

    /// <exception cref="InvalidOperationException">There is one already: chargers trust it, so it is never overwritten.</exception>
    public static SiteAuthority Create(CertificatesOptions options, TimeProvider clock, int days = RootDays)
    {
        var folder = new CertificateFolder(options.Directory);
        if (folder.HasRoot || File.Exists(folder.RootKey))
            throw new InvalidOperationException($"{folder.Path} holds an authority already.");
        folder.Make();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = SelfSigned(Subjects.Of($"{options.Organization} site CA {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", options.Organization), key, clock, days);
        // The key first: a certificate without its key would be an authority that can do nothing and cannot be made anew.
        folder.WriteSecret(folder.RootKey, key.ExportPkcs8PrivateKeyPem());
        folder.WritePublic(folder.Root, root.ExportCertificatePem());
        return new(folder, options, clock, root);
    }

    /// <summary>Null when the site has none.</summary>
    /// <exception cref="CryptographicException">Its files are no certificate and key.</exception>
    public static SiteAuthority? Open(CertificatesOptions options, TimeProvider clock)
    {
        var folder = new CertificateFolder(options.Directory);
        return folder.HasRoot ? new(folder, options, clock, X509Certificate2.CreateFromPemFile(folder.Root, folder.RootKey)) : null;
    }

    /// <summary>The same key and name for longer: what it issued stays good, and chargers that hold the former one still trust what comes.</summary>
    public SiteAuthority RenewRoot(int days = RootDays)
    {
        using var key = Root.GetECDsaPrivateKey() ?? throw new CryptographicException("The authority's key is not on an elliptic curve.");
        var root = SelfSigned(Root.SubjectName, key, _clock, days);
        _folder.WritePublic(_folder.Root, root.ExportCertificatePem());
        return new(_folder, _options, _clock, root);
    }

    /// <summary>A certificate for the OCPP listener, put where it is read from.</summary>
    /// <param name="names">Host names and addresses that chargers use; the first is the CN (A00.FR.509).</param>
    public X509Certificate2 IssueServer(IReadOnlyList<string> names, int? days = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(Subjects.Of(names[0], _options.Organization), new(key), ServerUse, Subjects.ForServer(names), mayEncipher: false);
        var certificate = Issue(request, days ?? _options.ServerDays);
        _folder.WriteSecret(_folder.Server, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        return certificate;
    }

    /// <summary>A certificate for a station, with a key made here: for chargers that are given both by hand.</summary>
    /// <returns>The key is kept nowhere but in the answer.</returns>
    public (X509Certificate2 Certificate, string KeyPem) IssueStation(string station, int? days = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (IssueStation(station, station, new(key), days), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Signs what a station asked for.</summary>
    /// <param name="commonName">Its id or its serial number; the identity that counts here stands beside it (S2).</param>
    public X509Certificate2 Sign(string station, string commonName, SigningRequest request) => IssueStation(station, commonName, request.Key, null);

    public bool Revoke(X509Certificate2 certificate) => _folder.Revoke(certificate);

    /// <summary>How this machine is called and addressed: what chargers can reach it by, without a name server's help.</summary>
    public static IReadOnlyList<string> NamesOfThisMachine()
    {
        var host = Dns.GetHostName().ToLowerInvariant();
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(static n => n.OperationalStatus == OperationalStatus.Up)
            .SelectMany(static n => n.GetIPProperties().UnicastAddresses)
            .Select(static a => a.Address)
            .Where(static a => a.AddressFamily == AddressFamily.InterNetwork || (a.AddressFamily == AddressFamily.InterNetworkV6 && !a.IsIPv6LinkLocal))
            .Select(static a => a.ToString());
        return [.. new[] { host, $"{host.Split('.')[0]}.local", "localhost" }.Concat(addresses).Distinct(StringComparer.Ordinal)];
    }

    private X509Certificate2 IssueStation(string station, string commonName, PublicKey key, int? days)
    {
        var isRsa = key.Oid.Value == "1.2.840.113549.1.1.1";
        var request = Request(Subjects.Of(commonName, _options.Organization), key, ClientUse, Subjects.ForStation(station), isRsa);
        var certificate = Issue(request, days ?? _options.StationDays);
        _folder.Keep(certificate);
        return certificate;
    }

    private static CertificateRequest Request(X500DistinguishedName subject, PublicKey key, string use, X509Extension alternatives, bool mayEncipher)
    {
        var usage = X509KeyUsageFlags.DigitalSignature | (mayEncipher ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.None);
        return new(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        {
            CertificateExtensions =
            {
                new X509BasicConstraintsExtension(false, false, 0, true),
                new X509KeyUsageExtension(usage, true),
                new X509EnhancedKeyUsageExtension([new(use)], false),
                new X509SubjectKeyIdentifierExtension(key, false),
                alternatives,
            },
        };
    }

    /// <summary>Never longer than the authority itself.</summary>
    private X509Certificate2 Issue(CertificateRequest request, int days)
    {
        var (first, last) = (new DateTimeOffset(Root.NotBefore.ToUniversalTime()), new DateTimeOffset(Root.NotAfter.ToUniversalTime()));
        // It is later than the authority's own beginning, whatever a clock without a battery says.
        var now = _clock.GetUtcNow() is var told && told < first ? first : told;
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        var notBefore = now - Backdating;
        var notAfter = now + TimeSpan.FromDays(days);
        return request.Create(Root, notBefore < first ? first : notBefore, notAfter > last ? last : notAfter, Serial());
    }

    private static X509Certificate2 SelfSigned(X500DistinguishedName name, ECDsa key, TimeProvider clock, int days)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = clock.GetUtcNow();
        using var whole = request.Create(
            name, X509SignatureGenerator.CreateForECDsa(key), now - Backdating, now + TimeSpan.FromDays(days), Serial());
        return whole.CopyWithPrivateKey(key);
    }

    /// <summary>Random and positive (RFC 5280, 4.1.2.2), so that nobody can foresee one.</summary>
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
