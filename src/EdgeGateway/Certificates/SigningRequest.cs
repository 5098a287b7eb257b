using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Certificates;

/// <summary>A CSR of a charger, looked at before anything is signed. What it wishes beyond its key is not granted: extensions are ours.</summary>
public sealed record SigningRequest
{
    /// <summary>A00.FR.502 asks for 2048 at least; beyond the greatest, one request would keep the machine busy.</summary>
    public const int LeastRsaBits = 2048;
    public const int GreatestRsaBits = 8192;

    /// <summary>A00.FR.503 asks for 224 at least; what TLS speaks begins at 256.</summary>
    public const int LeastEcBits = 256;

    public required PublicKey Key { get; init; }

    /// <summary>As the charger named itself; its serial number as often as its id.</summary>
    public string? CommonName { get; init; }

    /// <summary>Of the key; two requests with the same one ask for the same certificate.</summary>
    public required string Fingerprint { get; init; }

    /// <returns>Either the request, or why it cannot be signed, for people.</returns>
    public static (SigningRequest? Request, string? Refusal) Read(string pem)
    {
        CertificateRequest read;
        try
        {
            // Older tools write NEW before it; both are the same.
            var usual = pem.Replace("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST", StringComparison.Ordinal);
            // Loading checks the signature: the charger has the key that it wants signed.
            read = CertificateRequest.LoadSigningRequestPem(usual, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or NotSupportedException or PlatformNotSupportedException)
        {
            return (null, $"it is no signing request in PEM, or not signed by its own key: {fault.Message}");
        }
        return WeakOf(read.PublicKey) is { } weak
            ? (null, weak)
            : (new()
            {
                Key = read.PublicKey,
                CommonName = Subjects.CommonName(read.SubjectName),
                Fingerprint = Convert.ToHexStringLower(SHA256.HashData(read.PublicKey.ExportSubjectPublicKeyInfo())),
            }, null);
    }

    private static string? WeakOf(PublicKey key)
    {
        try
        {
            using var ec = key.GetECDsaPublicKey();
            if (ec is not null)
                return ec.KeySize < LeastEcBits ? $"its elliptic curve has {ec.KeySize} bits, fewer than {LeastEcBits}" : null;
            using var rsa = key.GetRSAPublicKey();
            return rsa is null ? "its key is neither RSA nor on an elliptic curve"
                : rsa.KeySize < LeastRsaBits ? $"its RSA key has {rsa.KeySize} bits, fewer than {LeastRsaBits}"
                : rsa.KeySize > GreatestRsaBits ? $"its RSA key has {rsa.KeySize} bits, more than {GreatestRsaBits}"
                : null;
        }
        catch (CryptographicException)
        {
            return "its key is of a kind that this machine does not know";
        }
    }
}
