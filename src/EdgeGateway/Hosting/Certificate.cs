using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Configuration;

namespace EdgeGateway.Hosting;

/// <summary>A listener's certificate, read again when its files change: a renewed one needs no restart.</summary>
public sealed class Certificate(CertificateFiles files, TimeProvider clock)
{
    /// <summary>The files are looked at no more often than this, and only when somebody connects.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private (SslStreamCertificateContext Context, byte[] Content, DateTimeOffset Looked)? _held;

    /// <exception cref="CryptographicException">The files hold no certificate with its key, and never did.</exception>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                var now = clock.GetUtcNow();
                if (_held is { } held && now - held.Looked is var since && since >= TimeSpan.Zero && since < LookAgain)
                    return held.Context;
                _held = Load(now);
                return _held.Value.Context;
            }
        }
    }

    public static X509Certificate2 Read(CertificateFiles files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private (SslStreamCertificateContext, byte[], DateTimeOffset) Load(DateTimeOffset now)
    {
        try
        {
            byte[] content = [.. File.ReadAllBytes(files.Certificate), .. files.Key is null ? [] : File.ReadAllBytes(files.Key)];
            if (_held is { } held && held.Content.AsSpan().SequenceEqual(content))
                return held with { Looked = now };
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            return (SslStreamCertificateContext.Create(Read(files), chain, offline: true), content, now);
        }
        catch (Exception fault) when (_held is not null && fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Half-written files of a renewal: the one in hand is still good, and the next look comes soon.
            return _held!.Value with { Looked = now };
        }
    }
}
