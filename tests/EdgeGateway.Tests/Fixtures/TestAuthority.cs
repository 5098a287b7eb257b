using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGateway.Certificates;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A site's authority in a folder of its own, and clients that trust it.</summary>
public sealed class TestAuthority
{
    public TestAuthority(string folder, TimeProvider? clock = null)
    {
        Options = new() { Directory = Path.Combine(folder, "certificates"), Organization = "Example Charging" };
        Authority = SiteAuthority.Open(Options, clock ?? TimeProvider.System) ?? SiteAuthority.Create(Options, clock ?? TimeProvider.System);
        Folder = new(Options.Directory);
        if (!File.Exists(Folder.Server))
            Authority.IssueServer(["gateway.local", "127.0.0.1"]).Dispose();
    }

    public CertificatesOptions Options { get; }
    public SiteAuthority Authority { get; }
    public CertificateFolder Folder { get; }

    /// <summary>With its key, as a charger has it.</summary>
    public X509Certificate2 Station(string id, int? days = null)
    {
        var (certificate, key) = Authority.IssueStation(id, days);
        using (certificate)
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
    }

    /// <summary>Of an authority that nobody here knows.</summary>
    public static X509Certificate2 Foreign(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    public bool Trusts(X509Certificate? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority.Root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build((X509Certificate2)shown!);
    }

    /// <summary>A charger's websocket: it trusts the site's authority only, and shows what it is given.</summary>
    public async Task<ClientWebSocket> ConnectAsync(Uri listener, string station, string? password = null, X509Certificate2? certificate = null, string protocol = "ocpp1.6")
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => Trusts(shown);
        if (certificate is not null)
            socket.Options.ClientCertificates.Add(certificate);
        if (password is not null)
            socket.Options.SetRequestHeader("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{station}:{password}"))}");
        var url = new UriBuilder(listener) { Scheme = listener.Scheme == "https" ? "wss" : "ws", Path = $"/ocpp/{station}" }.Uri;
        try
        {
            await socket.ConnectAsync(url, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20));
            return socket;
        }
        catch (WebSocketException refused)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw new NotLetInException(status, refused);
        }
    }

    public async Task<SslStream> HandshakeAsync(Uri listener, SslProtocols versions, X509Certificate2? certificate = null)
    {
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(listener.IdnHost, listener.Port, TestContext.Current.CancellationToken);
        var tls = new SslStream(client.GetStream(), false, (_, shown, _, _) => Trusts(shown));
        await tls.AuthenticateAsClientAsync(
            new() { TargetHost = "gateway.local", EnabledSslProtocols = versions, ClientCertificates = certificate is null ? null : [certificate] },
            TestContext.Current.CancellationToken);
        return tls;
    }
}

/// <param name="status">Of HTTP; 0 where the handshake came to no answer.</param>
public sealed class NotLetInException(int status, Exception inner) : Exception($"not let in: {status}", inner)
{
    public int Status => status;
}
