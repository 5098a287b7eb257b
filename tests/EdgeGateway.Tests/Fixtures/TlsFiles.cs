using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>An authority of a test's own, with a server's certificate, as the PEM files that other programs read.</summary>
public sealed class TlsFiles
{
    private readonly string _folder;
    private readonly X509Certificate2 _root;

    public TlsFiles(string folder, string name, IReadOnlyList<string> serverNames)
    {
        _folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Authority of {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        CaFile = Path.Combine(folder, $"{name}-ca.pem");
        File.WriteAllText(CaFile, _root.ExportCertificatePem());
        (CertificateFile, KeyFile) = Issue(name, serverNames);
    }

    public string CaFile { get; }
    public string CertificateFile { get; }
    public string KeyFile { get; }

    /// <summary>A certificate and its key as files.</summary>
    public (string Certificate, string Key) Issue(string name, IReadOnlyList<string>? serverNames = null, int validDays = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (serverNames is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var host in serverNames)
            {
                if (IPAddress.TryParse(host, out var address))
                    names.AddIpAddress(address);
                else
                    names.AddDnsName(host);
            }
            request.CertificateExtensions.Add(names.Build());
        }
        var from = DateTimeOffset.UtcNow.AddHours(-20);
        using var certificate = request.Create(_root, from, from.AddDays(validDays), RandomNumberGenerator.GetBytes(12));
        var files = (Path.Combine(_folder, $"{name}.pem"), Path.Combine(_folder, $"{name}.key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
