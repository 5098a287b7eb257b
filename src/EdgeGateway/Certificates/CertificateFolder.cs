using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeGateway.Certificates;

/// <summary>
/// The authority's files. The folder is the whole record: what was issued lies in <c>issued</c>, what was taken back in <c>revoked</c>, each
/// under its serial number, so that a verb and the running gateway need no word with each other.
/// </summary>
public sealed class CertificateFolder(string path)
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Path { get; } = path;

    /// <summary>The authority's certificate: what chargers are given to trust.</summary>
    public string Root => System.IO.Path.Combine(Path, "ca.pem");
    public string RootKey => System.IO.Path.Combine(Path, "ca.key");

    /// <summary>The OCPP listener's certificate and its key in one file, so that a renewal is one rename.</summary>
    public string Server => System.IO.Path.Combine(Path, "server.pem");

    private string Issued => System.IO.Path.Combine(Path, "issued");
    private string Revoked => System.IO.Path.Combine(Path, "revoked");

    public bool HasRoot => File.Exists(Root);

    /// <exception cref="IOException">It cannot be made there.</exception>
    public void Make()
    {
        foreach (var folder in new[] { Path, Issued, Revoked })
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute);
        }
    }

    public void WriteSecret(string file, string text) => Write(file, text, Own);

    public void WritePublic(string file, string text) => Write(file, text, Readable);

    public void Keep(X509Certificate2 certificate) => WritePublic(System.IO.Path.Combine(Issued, Name(certificate)), certificate.ExportCertificatePem());

    /// <summary>From now on it is refused. False if it was not issued here, or is revoked already.</summary>
    public bool Revoke(X509Certificate2 certificate)
    {
        var (from, to) = (System.IO.Path.Combine(Issued, Name(certificate)), System.IO.Path.Combine(Revoked, Name(certificate)));
        if (!File.Exists(from))
            return false;
        File.Move(from, to, overwrite: true);
        return true;
    }

    /// <summary>Looked up anew each time: a verb revokes, and the next handshake knows.</summary>
    public bool IsRevoked(X509Certificate2 certificate) => IsRevoked(certificate.SerialNumber);

    /// <inheritdoc cref="IsRevoked(X509Certificate2)"/>
    public bool IsRevoked(string serial) => File.Exists(System.IO.Path.Combine(Revoked, Name(serial)));

    public IReadOnlyList<X509Certificate2> AllIssued() => All(Issued);

    public IReadOnlyList<X509Certificate2> AllRevoked() => All(Revoked);

    /// <summary>Takes away what has ended long ago, so that the folder does not grow for ever (I16).</summary>
    public void Forget(DateTimeOffset endedBefore)
    {
        foreach (var (folder, certificates) in new[] { (Issued, AllIssued()), (Revoked, AllRevoked()) })
        {
            foreach (var certificate in certificates)
            {
                if (certificate.NotAfter.ToUniversalTime() < endedBefore.UtcDateTime)
                    File.Delete(System.IO.Path.Combine(folder, Name(certificate)));
                certificate.Dispose();
            }
        }
    }

    private static List<X509Certificate2> All(string folder)
    {
        var all = new List<X509Certificate2>();
        if (!Directory.Exists(folder))
            return all;
        foreach (var file in Directory.EnumerateFiles(folder, "*.pem").Order(StringComparer.Ordinal))
        {
            try
            {
                all.Add(X509Certificate2.CreateFromPem(File.ReadAllText(file)));
            }
            catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // Somebody else's file: none of what we issued is missing because of it.
            }
        }
        return all;
    }

    private static string Name(X509Certificate2 certificate) => Name(certificate.SerialNumber);

    private static string Name(string serial) => $"{serial.ToLowerInvariant()}.pem";

    /// <summary>Whole or not at all: a power cut leaves the old file or the new one.</summary>
    private static void Write(string file, string text, UnixFileMode mode)
    {
        var half = $"{file}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (var stream = new FileStream(half, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(text.EndsWith('\n') ? text : text + "\n"));
            stream.Flush(flushToDisk: true);
        }
        File.Move(half, file, overwrite: true);
    }
}
