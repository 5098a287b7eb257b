using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using EdgeGateway.Certificates;
using EdgeGateway.Hosting;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Tests.Hosting;

/// <summary>The listener for chargers over TLS, with real sockets on both sides.</summary>
public sealed class SecureLinesTests
{
    private const string Password = "a-password-of-length";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_listener_uses_the_sites_own_certificate_where_none_is_named()
    {
        await using var site = await SecureSite.StartAsync();
        using var line = await site.ConnectAsync(password: Password);
        Assert.Equal(WebSocketState.Open, line.State);
        await GatewayTests.Eventually(() => site.Line?.Profile == 2);
    }

    [Fact]
    public async Task Without_a_certificate_and_an_authority_the_start_says_how_to_get_one()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Ocpp:Listen:0", "https://127.0.0.1:0");
        var why = await Assert.ThrowsAsync<GatewayStartException>(() => RunningGateway.StartAsync(folder: folder));
        Assert.Contains("edge-gateway cert init", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_3_is_let_in_by_a_certificate_of_its_own_and_by_nothing_else()
    {
        await using var site = await SecureSite.StartAsync(s => s["SecurityProfile"] = 3);
        using (var own = site.Authority.Station("CP-1"))
        using (await site.ConnectAsync(certificate: own))
            await GatewayTests.Eventually(() => site.Line is { Profile: 3, IsAuthenticated: true });

        Assert.Equal(401, await site.RefusedAsync(password: Password));
        using var foreign = TestAuthority.Foreign("CP-1");
        Assert.Equal(401, await site.RefusedAsync(password: Password, certificate: foreign));
        using var others = site.Authority.Station("CP-2");
        Assert.Equal(401, await site.RefusedAsync(password: Password, certificate: others));
        await site.EventAsync("StationUnauthorized", "CP-1", "it showed no certificate");
        // Not in the handshake: the charger's own certificate of its vendor's proves nothing, and is no fault.
        await site.EventAsync("StationUnauthorized", "CP-1", "authority that is not trusted here");
    }

    [Fact]
    public async Task A_certificate_that_is_another_stations_is_refused_whatever_the_password_says()
    {
        // S2
        await using var site = await SecureSite.StartAsync();
        using var others = site.Authority.Station("CP-2");
        Assert.Equal(401, await site.RefusedAsync(password: Password, certificate: others));
        await site.EventAsync("StationUnauthorized", "CP-1", "that of CP-2");
    }

    [Fact]
    public async Task A_revoked_certificate_closes_the_line_that_was_opened_with_it_and_opens_no_other()
    {
        await using var site = await SecureSite.StartAsync(s => s["SecurityProfile"] = 3);
        using var own = site.Authority.Station("CP-1");
        using var line = await site.ConnectAsync(certificate: own);
        await GatewayTests.Eventually(() => site.Line is not null);
        Assert.True(site.Authority.Authority.Revoke(own));
        await GatewayTests.Eventually(() => site.Line is null);
        Assert.Equal(0, await site.RefusedAsync(certificate: own));
        await site.EventAsync("TlsRefused", "127.0.0.1", "was revoked (CP-1)");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_in_the_handshake_and_the_event_says_whose()
    {
        using var folder = new SiteFolder();
        // An authority of three days ago, and a certificate of a day: the program's clock is the real one.
        var then = new TestAuthority(folder.Path, new ManualClock(DateTimeOffset.UtcNow.AddDays(-3)));
        using var old = then.Station("CP-1", days: 1);
        await using var site = await SecureSite.StartAsync(s => s["SecurityProfile"] = 3, folder);
        Assert.Equal(0, await site.RefusedAsync(certificate: old));
        await site.EventAsync("TlsRefused", "127.0.0.1", "and not now (CP-1)");
        using var @new = site.Authority.Station("CP-1");
        using var line = await site.ConnectAsync(certificate: @new);
    }

    [Fact]
    public async Task Profile_2_is_refused_over_a_plain_line_before_its_password_is_looked_at()
    {
        await using var site = await SecureSite.StartAsync(s => s["SecurityProfile"] = 2);
        Assert.Equal(403, await site.RefusedAsync(password: Password, plain: true));
        await site.EventAsync("StationInsecure", "CP-1", "came over ws://");
        Assert.Equal(401, await site.RefusedAsync(password: "wrong-password-entirely"));
        using var line = await site.ConnectAsync(password: Password);
    }

    [Fact]
    public async Task The_plain_port_answers_a_TLS_handshake_too()
    {
        // Security whitepaper A05: told to go to profile 2, a 1.6 charger dials wss:// on the port that it has.
        await using var site = await SecureSite.StartAsync();
        var there = new UriBuilder(site.Gateway.OcppUrls[0]) { Scheme = "https" }.Uri;
        using (await site.Authority.ConnectAsync(there, "CP-1", Password))
            await GatewayTests.Eventually(() => site.Line?.Profile == 2);
        using (await site.ConnectAsync(password: Password, plain: true))
            await GatewayTests.Eventually(() => site.Line?.Profile == 1);
    }

    [Fact]
    public async Task Old_versions_of_TLS_are_refused_and_the_reason_reaches_the_technician()
    {
        // S7, FIELD-NOTES 18. The client side of this machine may refuse to offer it by itself; openssl does not.
        await using var site = await SecureSite.StartAsync();
        var (exit, output) = await OpensslAsync(site, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
        Assert.NotEqual(0, exit);
        Assert.Contains("Cipher is (NONE)", output, StringComparison.Ordinal);
        await site.EventAsync("TlsRefused", "127.0.0.1", "unsupported protocol");
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Another_implementation_agrees_on_the_newer_versions_and_knows_the_chain(string version, string spoken)
    {
        await using var site = await SecureSite.StartAsync();
        var (_, output) = await OpensslAsync(site, version, "-CAfile", site.Authority.Folder.Root, "-verify_hostname", "gateway.local");
        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        Assert.Contains(spoken, output, StringComparison.Ordinal);
        Assert.Contains("GCM", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_with_a_certificate_is_let_in_as_its_station()
    {
        await using var site = await SecureSite.StartAsync(s => s["SecurityProfile"] = 3);
        var (certificate, key) = site.Authority.Authority.IssueStation("CP-1");
        var (file, keyFile) = (Path.Combine(site.Folder.Path, "c.pem"), Path.Combine(site.Folder.Path, "c.key"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Cancelled);
        await File.WriteAllTextAsync(keyFile, key, Cancelled);
        var url = new Uri(site.Secure, "ocpp/CP-1").ToString();
        string[] asks = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", site.Authority.Folder.Root];
        // No upgrade was asked for: it was let in, and told so.
        Assert.Equal((0, "426"), await RunAsync("curl", [.. asks, "--cert", file, "--key", keyFile, url]));
        Assert.Equal((0, "401"), await RunAsync("curl", [.. asks, url]));
    }

    [Fact]
    public async Task A_charger_that_hangs_up_on_our_certificate_is_told_of()
    {
        // FIELD-NOTES 18
        await using var site = await SecureSite.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(site.Secure, Cancelled));
        await site.EventAsync("TlsRefused", "127.0.0.1", "does not trust our certificate");
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task The_alert_of_a_charger_reaches_the_technician(string version)
    {
        // FIELD-NOTES 18
        await using var site = await SecureSite.StartAsync();
        await OpensslAsync(site, version, "-verify_return_error");
        await site.EventAsync("TlsRefused", "127.0.0.1", "alert unknown ca");
    }

    [Fact]
    public async Task Plain_words_to_the_secure_port_are_told_as_what_they_are()
    {
        await using var site = await SecureSite.StartAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", site.Secure.Port, Cancelled);
        await client.GetStream().WriteAsync("GET /ocpp/CP-1 HTTP/1.1\r\n\r\n"u8.ToArray(), Cancelled);
        await site.EventAsync("TlsRefused", "127.0.0.1", "is its URL one of wss://");
    }

    [Fact]
    public async Task The_listeners_certificate_is_renewed_by_itself_and_without_a_restart()
    {
        using var folder = new SiteFolder();
        var then = new TestAuthority(folder.Path, new ManualClock(DateTimeOffset.UtcNow.AddDays(-300)));
        using var old = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(then.Folder.Server, Cancelled));
        await using var site = await SecureSite.StartAsync(folder: folder);
        await GatewayTests.Eventually(() => X509Certificate2.CreateFromPem(File.ReadAllText(then.Folder.Server)).SerialNumber != old.SerialNumber);
        using var renewed = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(then.Folder.Server, Cancelled));
        Assert.Equal(old.Names(), renewed.Names());
        await site.EventAsync("CertificateRenewed", "server", "good until");
    }

    [Fact]
    public async Task What_ends_soon_and_nobody_renews_is_told_and_shown()
    {
        // S7
        using var folder = new SiteFolder();
        var then = new TestAuthority(folder.Path, new ManualClock(DateTimeOffset.UtcNow.AddDays(-SiteAuthority.RootDays + 5)));
        await using var site = await SecureSite.StartAsync(folder: folder);
        await site.EventAsync("CertificateEnds", "site authority", "in 4 days");
        var health = await site.Running.GetAsync<JsonObject>("/healthz");
        Assert.Contains(health!["degraded"]!.AsArray(), d => (string?)d!["code"] == "CertificateEnds" && (string?)d["subject"] == "site authority");
    }

    [Fact]
    public async Task A_thousand_silent_connections_do_not_keep_a_charger_out()
    {
        // S3: those that wait are so many and no more, and the ones to go are the flood's own.
        await using var site = await SecureSite.StartAsync();
        var flood = new List<System.Net.Sockets.Socket>();
        try
        {
            for (var i = 0; i < Doors.OcppWaiting + 200; i++)
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, site.Gateway.OcppUrls[0].Port), Cancelled);
                flood.Add(socket);
            }
            using var plain = await site.ConnectAsync(password: Password, plain: true);
            using var secure = await site.ConnectAsync(password: Password);
            await GatewayTests.Eventually(() => site.Gateway.Services.GetRequiredService<Doors>().TurnedAway(Listener.Ocpp) >= 200);
        }
        finally
        {
            flood.ForEach(s => s.Dispose());
        }
    }

    private static Task<(int Exit, string Output)> OpensslAsync(SecureSite site, params string[] arguments) =>
        RunAsync("openssl", ["s_client", "-connect", $"127.0.0.1:{site.Secure.Port}", "-servername", "gateway.local", .. arguments]);

    private static async Task<(int Exit, string Output)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not on this machine.");
            throw;
        }
        using (process)
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(Cancelled);
            var output = await process.StandardOutput.ReadToEndAsync(Cancelled);
            await process.WaitForExitAsync(Cancelled);
            return (process.ExitCode, program == "curl" ? output : output + await error);
        }
    }
}
