using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Certificates;
using EdgeGateway.Site;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;
using EdgeGateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Tests.Chargers;

/// <summary>Passwords, certificates and profiles of stations, as they change over real lines.</summary>
public sealed class StationSecurityTests
{
    private const string Password = "a-password-of-length";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ocpp1.6")]
    [InlineData("ocpp2.0.1")]
    [InlineData("ocpp2.1")]
    public async Task A_station_gets_the_certificate_it_asks_for_and_comes_back_with_it(string protocol)
    {
        await using var site = await SecureSite.StartAsync();
        await using var charger = await site.BootedAsync(Password, protocol: protocol);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("CN=SN-4711, O=Vendor", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var id = protocol == "ocpp2.1" ? ""","requestId":7""" : "";

        var answer = await CallAmongAsync(charger, "sign", "SignCertificate", $$"""{"csr":{{JsonSerializer.Serialize(csr)}}{{id}}}""");
        Assert.Equal("Accepted", answer.GetProperty("status").GetString());
        var signed = await AnsweredAsync(charger, "CertificateSigned", """{"status":"Accepted"}""");
        if (protocol == "ocpp2.1")
            Assert.Equal(7, signed.GetProperty("requestId").GetInt32());
        using var certificate = X509Certificate2.CreateFromPem(signed.GetProperty("certificateChain").GetString());
        // Its serial number stays its CN (A00.FR.510), and beside it stands whom it speaks for.
        Assert.Equal("CN=SN-4711, O=Example Charging", certificate.Subject);
        Assert.Equal("CP-1", certificate.Station());
        await site.EventAsync("CertificateIssued", "CP-1", certificate.SerialNumber.ToLowerInvariant());

        site.Folder.Set("Gateway:Stations:0:SecurityProfile", 3).Save();
        using var own = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        await using var again = await site.BootedAsync(Password, own);
        await GatewayTests.Eventually(() => site.Line?.Profile == 3);
    }

    [Fact]
    public async Task A_request_that_is_faulty_or_comes_too_often_is_refused_and_the_event_says_why()
    {
        await using var site = await SecureSite.StartAsync();
        await using var charger = await site.BootedAsync(Password);
        Assert.Equal("Rejected", (await CallAmongAsync(charger, "1", "SignCertificate", """{"csr":"nothing"}""")).GetProperty("status").GetString());
        await site.EventAsync("CertificateRefused", "CP-1", "no signing request");
        using var weak = RSA.Create(1024);
        var csr = new CertificateRequest("CN=CP-1", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        Assert.Equal("Rejected", (await CallAmongAsync(charger, "2", "SignCertificate", $$"""{"csr":{{JsonSerializer.Serialize(csr)}}}""")).GetProperty("status").GetString());
        await site.EventAsync("CertificateRefused", "CP-1", "1024 bits");
        Assert.Empty(site.Authority.Folder.AllIssued());
    }

    [Fact]
    public async Task Whoever_has_not_proved_who_he_is_is_given_no_certificate()
    {
        // S1
        await using var site = await SecureSite.StartAsync(s => s["SecurityProfile"] = 0);
        await using var charger = await site.BootedAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("CN=CP-1", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        Assert.Equal("Rejected", (await CallAmongAsync(charger, "1", "SignCertificate", $$"""{"csr":{{JsonSerializer.Serialize(csr)}}}""")).GetProperty("status").GetString());
        await site.EventAsync("CertificateRefused", "CP-1", "has not proved who it is");
        Assert.Empty(site.Authority.Folder.AllIssued());
    }

    [Fact]
    public async Task A_station_whose_certificate_ends_soon_is_told_to_ask_for_another()
    {
        using var folder = new SiteFolder();
        var then = new TestAuthority(folder.Path, new ManualClock(DateTimeOffset.UtcNow.AddDays(-700)));
        using var old = then.Station("CP-1");
        await using var site = await SecureSite.StartAsync(folder: folder);
        await using var charger = await site.BootedAsync(certificate: null, password: Password);
        await GatewayTests.Eventually(() => site.IsAskable);
        _ = site.Gateway.Services.GetRequiredService<EdgeGateway.Hosting.CertificateCare>().LookAsync(Cancelled);
        var asked = await AnsweredAsync(charger, "ExtendedTriggerMessage", """{"status":"Accepted"}""");
        Assert.Equal("SignChargePointCertificate", asked.GetProperty("requestedMessage").GetString());
        await site.EventAsync("CertificateReminder", "CP-1", "told to ask for a new one");
    }

    [Theory]
    [InlineData("ocpp1.6")]
    [InlineData("ocpp2.0.1")]
    public async Task A_new_password_holds_from_the_stations_return_on_and_nobody_reads_it_anywhere(string protocol)
    {
        await using var site = await SecureSite.StartAsync();
        string made;
        await using (var charger = await site.BootedAsync(Password, protocol: protocol))
        {
            var asking = site.Running.Admin.PostAsJsonAsync("/api/stations/CP-1/password", new { }, Cancelled);
            if (protocol == "ocpp1.6")
            {
                var change = await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Accepted"}""", c => c.GetProperty("key").GetString() == "AuthorizationKey");
                made = change.GetProperty("value").GetString()!;
            }
            else
            {
                var change = await AnsweredAsync(
                    charger, "SetVariables",
                    """{"setVariableResult":[{"attributeStatus":"Accepted","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}""",
                    c => c.GetProperty("setVariableData")[0].GetProperty("variable").GetProperty("name").GetString() == "BasicAuthPassword");
                made = change.GetProperty("setVariableData")[0].GetProperty("attributeValue").GetString()!;
            }
            Assert.True((await asking).IsSuccessStatusCode);
        }
        Assert.Matches("^[0-9A-F]{40}$", made);

        await using (await site.BootedAsync(made, protocol: protocol))
            await site.EventAsync("PasswordChanged", "CP-1", "new password");
        // The file still says the former one.
        Assert.Equal(401, await site.RefusedAsync(Password));
        await using (await site.BootedAsync(made, protocol: protocol))
        {
            // S11
            var frames = await site.Gateway.Services.GetRequiredService<IFrameLog>().RecentAsync("CP-1", 1000, Cancelled);
            Assert.Contains(frames, f => f.Text.Contains("***", StringComparison.Ordinal));
            Assert.DoesNotContain(frames, f => f.Text.Contains(made, StringComparison.OrdinalIgnoreCase));
            var events = await site.Gateway.Services.GetRequiredService<IHistory>().EventsAsync(1000, Cancelled);
            Assert.DoesNotContain(events, e => e.Text.Contains(made, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task A_key_that_comes_as_bytes_is_the_new_password_too()
    {
        // FIELD-NOTES 17
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0 });
        await using var charger = await host.ConnectAsync();
        await BootAmongAsync(charger);
        var asking = host.Security.ChangePasswordAsync("CP-1", "test", Cancelled);
        var made = (await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Accepted"}""", c => c.GetProperty("key").GetString() == "AuthorizationKey")).GetProperty("value").GetString()!;
        Assert.True((await asking).Done);
        byte[] raw = [.. "CP-1:"u8, .. Convert.FromHexString(made)];
        await using var again = await host.ConnectAsync(settings: s => s.Credentials = raw);
        await ChargersHost.UntilAsync(() => host.HasEvent("PasswordChanged", "CP-1"));
    }

    [Fact]
    public async Task A_password_that_the_station_refuses_is_forgotten_and_the_former_holds()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0 });
        await using var charger = await host.ConnectAsync();
        await BootAmongAsync(charger);
        var asking = host.Security.ChangePasswordAsync("CP-1", "test", Cancelled);
        var made = (await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Rejected"}""", c => c.GetProperty("key").GetString() == "AuthorizationKey")).GetProperty("value").GetString()!;
        Assert.False((await asking).Done);
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: made))).Status);
        await using var again = await host.ConnectAsync();
    }

    [Fact]
    public async Task A_station_that_goes_on_with_its_former_password_is_let_in_and_keeps_it()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0 }, clock);
        await using var charger = await host.ConnectAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        var asking = host.Security.ChangePasswordAsync("CP-1", "test", Cancelled);
        var made = (await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Accepted"}""", c => c.GetProperty("key").GetString() == "AuthorizationKey", () => clock.Advance(TimeSpan.FromMilliseconds(200)))).GetProperty("value").GetString()!;
        Assert.True((await asking).Done);
        await using (await host.ConnectAsync())
            Assert.False(host.HasEvent("PasswordNotTaken"));

        clock.Advance(TimeSpan.FromHours(25));
        await using (await host.ConnectAsync())
            await ChargersHost.UntilAsync(() => host.HasEvent("PasswordNotTaken", "CP-1"), () => clock.Advance(TimeSpan.FromMilliseconds(10)));
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: made))).Status);
        await using var again = await host.ConnectAsync();
    }

    [Fact]
    public async Task A_password_that_is_written_into_the_file_later_goes_before_one_that_was_made()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0 });
        string made;
        await using (var charger = await host.ConnectAsync())
        {
            await BootAmongAsync(charger);
            var asking = host.Security.ChangePasswordAsync("CP-1", "test", Cancelled);
            made = (await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Accepted"}""", c => c.GetProperty("key").GetString() == "AuthorizationKey")).GetProperty("value").GetString()!;
            await asking;
        }
        await using (await host.ConnectAsync(password: made))
            Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync())).Status);
        host.Options = host.Options with { Stations = [new() { Id = "CP-1", Password = "set by hand afterwards" }] };
        await using (await host.ConnectAsync(password: "set by hand afterwards"))
            Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: made))).Status);
    }

    [Fact]
    public async Task A_station_that_comes_back_with_the_higher_profile_is_held_to_it()
    {
        await using var site = await SecureSite.StartAsync();
        await using (var charger = await site.BootedAsync(Password, plain: true))
        {
            var asking = site.Running.Admin.PostAsJsonAsync("/api/stations/CP-1/security", new { profile = 2 }, Cancelled);
            var change = await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Accepted"}""", c => c.GetProperty("key").GetString() == "SecurityProfile");
            Assert.Equal("2", change.GetProperty("value").GetString());
            Assert.True((await asking).IsSuccessStatusCode);
        }
        await using (await site.BootedAsync(Password, plain: true))
        {
            // Not yet: it may have needed a restart.
        }
        await using (await site.BootedAsync(Password))
            await site.EventAsync("ProfileRaised", "CP-1", "profile 2");
        Assert.Equal(403, await site.RefusedAsync(Password, plain: true));
        await using var secure = await site.BootedAsync(Password);
        var lower = await site.Running.Admin.PostAsJsonAsync("/api/stations/CP-1/security", new { profile = 1 }, Cancelled);
        Assert.Equal(409, (int)lower.StatusCode);
    }

    [Fact]
    public async Task A_station_raised_to_profile_3_needs_no_password_and_its_certificate_from_then_on()
    {
        await using var site = await SecureSite.StartAsync();
        using var own = site.Authority.Station("CP-1");
        await using (var charger = await site.BootedAsync(Password))
        {
            var asking = site.Running.Admin.PostAsJsonAsync("/api/stations/CP-1/security", new { profile = 3 }, Cancelled);
            await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Accepted"}""", c => c.GetProperty("key").GetString() == "SecurityProfile");
            Assert.True((await asking).IsSuccessStatusCode);
        }
        await using (await site.BootedAsync(certificate: own))
            await site.EventAsync("ProfileRaised", "CP-1", "profile 3");
        Assert.Equal(401, await site.RefusedAsync(Password));
        await using var again = await site.BootedAsync(certificate: own);
    }

    [Fact]
    public async Task A_newer_station_is_given_the_higher_profile_in_a_slot_of_its_own_before_the_old_one()
    {
        // A05
        await using var site = await SecureSite.StartAsync();
        await using var charger = await site.BootedAsync(Password, plain: true, protocol: "ocpp2.0.1");
        var asking = site.Running.Admin.PostAsJsonAsync("/api/stations/CP-1/security", new { profile = 2 }, Cancelled);
        await AnsweredAsync(charger, "GetVariables",
            """{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"1","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"NetworkConfigurationPriority"}}]}""",
            c => c.GetRawText().Contains("NetworkConfigurationPriority", StringComparison.Ordinal));
        var way = await AnsweredAsync(charger, "SetNetworkProfile", """{"status":"Accepted"}""");
        Assert.Equal(2, way.GetProperty("configurationSlot").GetInt32());
        Assert.Equal(2, way.GetProperty("connectionData").GetProperty("securityProfile").GetInt32());
        Assert.Equal($"wss://127.0.0.1:{site.Gateway.OcppUrls[0].Port}/ocpp", way.GetProperty("connectionData").GetProperty("ocppCsmsUrl").GetString());
        var set = await AnsweredAsync(charger, "SetVariables",
            """{"setVariableResult":[{"attributeStatus":"Accepted","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"NetworkConfigurationPriority"}}]}""",
            c => c.GetRawText().Contains("NetworkConfigurationPriority", StringComparison.Ordinal));
        Assert.Equal("2,1", set.GetProperty("setVariableData")[0].GetProperty("attributeValue").GetString());
        Assert.Equal("OnIdle", (await AnsweredAsync(charger, "Reset", """{"status":"Scheduled"}""")).GetProperty("type").GetString());
        Assert.True((await asking).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_station_that_does_not_come_back_higher_finds_its_old_way_open()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0 }, clock, certificates: new() { ServesTls = () => true });
        await using (var charger = await host.ConnectAsync())
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var asking = host.Security.RaiseProfileAsync("CP-1", 2, "test", Cancelled);
            await AnsweredAsync(charger, "ChangeConfiguration", """{"status":"Accepted"}""", c => c.GetProperty("key").GetString() == "SecurityProfile", () => clock.Advance(TimeSpan.FromMilliseconds(200)));
            Assert.True((await asking).Done);
        }
        await ChargersHost.UntilAsync(() => host.HasEvent("ProfileNotRaised", "CP-1"), () => clock.Advance(TimeSpan.FromMinutes(1)));
        await using var again = await host.ConnectAsync();
    }

    [Fact]
    public async Task An_unknown_station_with_a_certificate_waits_like_any_and_is_held_to_it_once_let_in()
    {
        await using var site = await SecureSite.StartAsync();
        using var own = site.Authority.Station("NEW-1");
        using (await site.Authority.ConnectAsync(site.Secure, "NEW-1", certificate: own))
            await GatewayTests.Eventually(() => site.Running.Engine.State.Stations.GetValueOrDefault("NEW-1") is { Admission: EdgeGateway.Site.Reports.Admission.Pending });
        Assert.True(await site.Running.Engine.RequestAsync(new AcceptStation("NEW-1"), Cancelled));
        var charger = RawCharger.Over(await site.Authority.ConnectAsync(site.Secure, "NEW-1", certificate: own));
        await using (charger)
            await charger.BootAsync();
        var refused = await Assert.ThrowsAsync<NotLetInException>(() => site.Authority.ConnectAsync(site.Secure, "NEW-1", "guessed"));
        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task What_is_weak_and_what_is_closed_is_shown()
    {
        // S1, S3
        await using var site = await SecureSite.StartAsync();
        await using (await site.BootedAsync(Password, plain: true))
        {
            var health = await site.Running.GetAsync<JsonObject>("/healthz");
            Assert.Contains(health!["weak"]!.AsArray(), w => (string?)w!["code"] == "StationPlain" && (string?)w["subject"] == "CP-1");
            Assert.DoesNotContain(health["degraded"]!.AsArray(), d => ((string?)d!["code"])!.StartsWith("StationW", StringComparison.Ordinal));
        }
        for (var i = 0; i < EdgeGateway.Chargers.StationDoor.FailuresPerIdentity; i++)
            await site.RefusedAsync($"guess {i}", plain: true);
        var status = await site.Running.GetAsync<JsonObject>("/api/status");
        Assert.Equal(["CP-1"], status!["locked"]!["stations"]!.AsArray().Select(s => (string?)s));
    }

    private static Task<JsonElement> BootAmongAsync(RawCharger charger) =>
        CallAmongAsync(charger, "boot", "BootNotification", """{"chargePointVendor":"V","chargePointModel":"M"}""");

    /// <summary>A CALL of the charger's among those of the gateway, which are put off.</summary>
    private static async Task<JsonElement> CallAmongAsync(RawCharger charger, string id, string action, string payload)
    {
        await charger.SendAsync($"[2,\"{id}\",\"{action}\",{payload}]");
        while (await charger.ReceiveAsync() is { } frame)
        {
            if (frame[0].GetInt32() == 3 && frame[1].GetString() == id)
                return frame[2];
            if (frame[0].GetInt32() == 2)
                await charger.SendAsync($"[4,\"{frame[1].GetString()}\",\"NotSupported\",\"\",{{}}]");
        }
        throw new InvalidOperationException("The line ended.");
    }

    /// <summary>Waits for this CALL of the gateway's and answers it; others are refused.</summary>
    private static async Task<JsonElement> AnsweredAsync(RawCharger charger, string action, string answer, Func<JsonElement, bool>? which = null, Action? meanwhile = null)
    {
        while (true)
        {
            var receiving = charger.ReceiveAsync(TimeSpan.FromSeconds(20));
            while (meanwhile is not null && await Task.WhenAny(receiving, Task.Delay(20)) != receiving)
                meanwhile();
            if (await receiving is not { } frame)
                throw new InvalidOperationException($"The line ended before {action}.");
            if (frame[0].GetInt32() != 2)
                continue;
            var isIt = frame[2].GetString() == action && (which?.Invoke(frame[3]) ?? true);
            await charger.SendAsync(isIt ? $"[3,\"{frame[1].GetString()}\",{answer}]" : $"[4,\"{frame[1].GetString()}\",\"NotSupported\",\"\",{{}}]");
            if (isIt)
                return frame[3];
        }
    }
}
