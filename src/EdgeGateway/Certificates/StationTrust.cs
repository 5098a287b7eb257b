using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Certificates;

/// <summary>What a certificate that a charger presents is worth.</summary>
public enum Trust
{
    /// <summary>By the site's authority or one that is configured, in force, and meant for clients.</summary>
    Trusted,

    /// <summary>By nobody we know: it proves nothing, and is no fault either. Chargers come with their vendor's certificate.</summary>
    Foreign,

    /// <summary>It would be trusted, but has ended, was revoked, or is for something else: the handshake is refused.</summary>
    Refused,
}

/// <param name="Because">For people; null when trusted.</param>
/// <param name="IsOwn">By the site's authority, so that the station it names is whom it was issued to.</param>
public sealed record TrustVerdict(Trust Trust, string? Because, bool IsOwn = false);

/// <summary>Judges client certificates against the site's authority and the configured roots. Its files are read again when they change.</summary>
public sealed class StationTrust(CertificatesOptions options, TimeProvider clock)
{
    /// <summary>The roots' files are looked at no more often than this, and only when somebody presents a certificate.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly CertificateFolder _folder = new(options.Directory);
    private readonly Lock _gate = new();
    private (X509Certificate2Collection Roots, byte[]? Own, DateTimeOffset Looked)? _held;

    /// <param name="presented">Further certificates that came with it: a vendor's intermediate ones.</param>
    public TrustVerdict Judge(X509Certificate2 certificate, X509Certificate2Collection? presented = null)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Roots());
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented);
        // Of vendors there is no list that a site could reach; ours is a look into a folder.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // A gateway without a battery clock starts in the past (FIELD: clock without RTC). That a certificate was made tells that its day has come: a clock
        // that says otherwise is wrong, and must not lock the chargers out until the uplink is back.
        var now = clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTime = now < certificate.NotBefore.ToUniversalTime() ? certificate.NotBefore.ToUniversalTime() : now;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.2"));
        var isGood = chain.Build(certificate);
        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        if ((faults & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid)) != X509ChainStatusFlags.NoError)
            return new(Trust.Foreign, "its certificate is from an authority that is not trusted here");
        // By key: a renewed authority is the same one.
        var isOwn = Own() is { } own && chain.ChainElements[^1].Certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(own);
        if (isOwn && _folder.IsRevoked(certificate))
            return new(Trust.Refused, "its certificate was revoked", isOwn);
        if ((faults & X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError)
            return new(Trust.Refused, $"its certificate is valid from {Day(certificate.NotBefore)} to {Day(certificate.NotAfter)}, and not now", isOwn);
        if ((faults & X509ChainStatusFlags.NotValidForUsage) != X509ChainStatusFlags.NoError)
            return new(Trust.Refused, "its certificate is not meant for a client", isOwn);
        return isGood ? new(Trust.Trusted, null, isOwn) : new(Trust.Refused, $"its certificate is faulty: {faults}", isOwn);
    }

    /// <summary>The authorities that are trusted, as they are now.</summary>
    public X509Certificate2Collection Roots() => Look().Roots;

    private byte[]? Own() => Look().Own;

    private (X509Certificate2Collection Roots, byte[]? Own) Look()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_held is { } held && now - held.Looked is var since && since >= TimeSpan.Zero && since < LookAgain)
                return (held.Roots, held.Own);
            var roots = new X509Certificate2Collection();
            foreach (var file in options.TrustedRoots.Prepend(_folder.Root))
            {
                try
                {
                    if (File.Exists(file))
                        roots.ImportFromPemFile(file);
                }
                catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
                {
                    // Half-written; what was trusted a minute ago still is, and the next look comes soon.
                    if (_held is { } former)
                        return (former.Roots, former.Own);
                }
            }
            // The site's own stands first, where there is one.
            var key = _folder.HasRoot && roots.Count > 0 ? roots[0].PublicKey.ExportSubjectPublicKeyInfo() : null;
            _held = (roots, key, now);
            return (roots, key);
        }
    }

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
