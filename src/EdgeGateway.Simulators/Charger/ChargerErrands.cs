using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Simulators.Charger.Tongues;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What takes a charger a while: firmware to fetch, a log to bring, a certificate to have signed. Told step by step, as people watch it.</summary>
internal sealed class ChargerErrands(SimulatedCharger charger, IChargerTongue tongue) : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new(Handler(charger.Options)) { Timeout = TimeSpan.FromSeconds(30) };
    private ECDsa? _key;

    /// <summary>The firmware fetched last.</summary>
    public byte[]? Fetched { get; private set; }

    public async Task UpdateFirmwareAsync(Uri location, int? request, CancellationToken stopping)
    {
        await charger.PauseAsync(Step);
        await tongue.TellFirmwareAsync(FirmwareStatus.Downloading, request, stopping);
        try
        {
            Fetched = await _http.GetByteArrayAsync(location, stopping);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stopping.IsCancellationRequested)
        {
            charger.Tell(0, $"firmware not fetched: {e.Message}");
            await tongue.TellFirmwareAsync(FirmwareStatus.DownloadFailed, request, stopping);
            return;
        }
        await tongue.TellFirmwareAsync(FirmwareStatus.Downloaded, request, stopping);
        await charger.PauseAsync(Step);
        await tongue.TellFirmwareAsync(FirmwareStatus.Installing, request, stopping);
        await charger.PauseAsync(Step);
        charger.TakeFirmware(Convert.ToHexStringLower(SHA256.HashData(Fetched))[..8]);
        await tongue.TellFirmwareAsync(FirmwareStatus.Installed, request, stopping);
    }

    public async Task UploadAsync(Uri location, string name, int? request, CancellationToken stopping)
    {
        await charger.PauseAsync(Step);
        await tongue.TellUploadAsync(UploadLogStatus.Uploading, request, stopping);
        using var log = new ByteArrayContent(Encoding.UTF8.GetBytes($"{charger.Now:O} {charger.Identity} {name}\n{string.Join('\n', charger.Diary)}\n"));
        var arrived = false;
        try
        {
            using var answer = await _http.PutAsync(location, log, stopping);
            arrived = answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stopping.IsCancellationRequested)
        {
            charger.Tell(0, $"log not brought: {e.Message}");
        }
        await tongue.TellUploadAsync(arrived ? UploadLogStatus.Uploaded : UploadLogStatus.UploadFailure, request, stopping);
    }

    /// <summary>A new key, and the wish to have it certified (A02).</summary>
    public async Task AskForCertificateAsync(CancellationToken stopping)
    {
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var organisation = charger.Settings["CpoName"];
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(charger.Identity);
        if (organisation is { Length: > 0 })
            name.AddOrganizationName(organisation);
        await tongue.SignCertificateAsync(new CertificateRequest(name.Build(), _key, HashAlgorithmName.SHA256).CreateSigningRequestPem(), stopping);
    }

    /// <returns>The certificate with its key; null if it is not for the key that we asked for.</returns>
    public X509Certificate2? Certified(string chain)
    {
        if (_key is null)
            return null;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(chain);
            using var withKey = certificate.CopyWithPrivateKey(_key);
            // A key in memory alone is not usable by every TLS stack.
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            charger.Tell(0, $"certificate refused: {e.Message}");
            return null;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _key?.Dispose();
    }

    private static SocketsHttpHandler Handler(SimulatedChargerOptions options)
    {
        var handler = new SocketsHttpHandler();
        if (options.TrustedRoot is { } root)
            handler.SslOptions.CertificateChainPolicy = Trusting(root);
        return handler;
    }

    public static X509ChainPolicy Trusting(X509Certificate2 root) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { root },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
