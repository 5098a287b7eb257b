using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hosting;

public sealed class TlsTests
{
    [Fact]
    public async Task An_https_listener_serves_chargers_over_tls_beside_a_plain_one()
    {
        await using var running = await RunningGateway.StartAsync(folder =>
        {
            WriteCertificate(folder.Path);
            folder.Set("Gateway:Ocpp:CertificateFile", "cert.pem").Set("Gateway:Ocpp:CertificateKeyFile", "key.pem");
            folder.Gateway["Ocpp"]!["Listen"]!.AsArray().Add("https://127.0.0.1:0");
        });
        Assert.Equal(["http", "https"], running.Gateway.OcppUrls.Select(u => u.Scheme));
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = IsOurs } });
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri(running.Gateway.OcppUrls[1], "ocpp/CP-1"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(running.Gateway.OcppUrls[1], "api/status"), TestContext.Current.CancellationToken)).StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(running.Gateway.OcppUrls[1], TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256));
        await ConnectAsync(running.Gateway.OcppUrls[1], TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    }

    private static async Task ConnectAsync(Uri url, TlsCipherSuite only)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.IdnHost, url.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), false, IsOurs);
        await tls.AuthenticateAsClientAsync(
            new() { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls12, CipherSuitesPolicy = OperatingSystem.IsLinux() ? new([only]) : null },
            TestContext.Current.CancellationToken);
    }

    private static bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.Subject == "CN=localhost";

    private static void WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
