using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using EdgeGateway.Hosting;
using EdgeGateway.Hubs;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Tests.Hosting;

public sealed class GatewayTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_listener_serves_its_own_routes_and_no_others()
    {
        await using var running = await RunningGateway.StartAsync();
        string[] paths = ["/", "/readyz", "/healthz", "/api/status", "/openapi/v1.json", "/ocpi/versions", "/ocpp/CP-1"];
        Assert.Equal("404 404 404 404 404 404 401", await StatusesAsync(running.Gateway.OcppUrls[0], paths));
        Assert.Equal("404 404 404 404 404 401 404", await StatusesAsync(running.Gateway.OcpiUrl, paths));
        Assert.Equal("200 200 200 200 200 404 404", await StatusesAsync(running.Gateway.AdminUrl, paths));
    }

    [Fact]
    public async Task A_host_header_opens_no_other_door()
    {
        await using var running = await RunningGateway.StartAsync();
        using var client = RunningGateway.Client(running.Gateway.OcppUrls[0]);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/status");
        request.Headers.Host = running.Gateway.AdminUrl.Authority;
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(request, Cancelled)).StatusCode);
        // Nor does a method that only the other listener knows: 404 as well, not 405.
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/api/outbox/1/retry", null, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_method_on_the_right_listener_is_called_so()
    {
        await using var running = await RunningGateway.StartAsync();
        var answer = await running.Admin.PostAsync("/api/status", new StringContent("{}", null, "application/json"), Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task Ready_is_said_when_store_and_listeners_are_up_whatever_the_hub_does()
    {
        using var heard = new NotifySocket();
        await using var running = await RunningGateway.StartAsync(
            f => f.Set("Gateway:Hubs", JsonNode.Parse("""[{ "Name": "dead", "VersionsUrl": "http://127.0.0.1:1/versions", "RegistrationToken": "t" }]""")),
            new() { Systemd = new(heard.Path, TimeSpan.FromSeconds(2)) });
        var ready = await heard.NextAsync(m => m.Contains("READY=1", StringComparison.Ordinal));
        Assert.Contains($"STATUS=Listening: OCPP {running.Gateway.OcppUrls[0]}", ready, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await running.Admin.GetAsync("/readyz", Cancelled)).StatusCode);
        await heard.NextAsync(m => m == "WATCHDOG=1");
        var health = await running.GetAsync<JsonObject>("/healthz");
        Assert.Equal("degraded", (string?)health!["status"]);
        Assert.Contains(health["degraded"]!.AsArray(), d => (string?)d!["subject"] == "dead");
        await running.Gateway.DisposeAsync();
        await heard.NextAsync(m => m == "STOPPING=1");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_plain_line()
    {
        await using var first = await RunningGateway.StartAsync();
        using var folder = new SiteFolder();
        folder.Set("Gateway:Ocpi:Listen", $"http://127.0.0.1:{first.Gateway.OcpiUrl.Port}");
        var why = await Assert.ThrowsAsync<GatewayStartException>(() => RunningGateway.StartAsync(folder: folder));
        Assert.Contains($"127.0.0.1:{first.Gateway.OcpiUrl.Port}", why.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', why.Message);
    }

    [Fact]
    public async Task A_store_that_another_gateway_has_is_one_plain_line()
    {
        await using var first = await RunningGateway.StartAsync();
        using var folder = new SiteFolder();
        folder.Set("Gateway:Storage:Path", Path.Combine(first.Folder.Path, "gateway.db"));
        Assert.DoesNotContain('\n', (await Assert.ThrowsAsync<GatewayStartException>(() => RunningGateway.StartAsync(folder: folder))).Message);
    }

    [Fact]
    public async Task The_site_goes_on_where_it_was()
    {
        using var folder = new SiteFolder();
        SessionBegun begun;
        var first = await RunningGateway.StartAsync(folder: folder);
        begun = await first.Engine.ReportAsync(
            new SessionBegan(new("CP-1", 1, 1), "04A2B3C4", first.Engine.State.Configuration.Site.Publish ? DateTimeOffset.UnixEpoch : null, 1000, ExampleSite.Accepted()), Cancelled);
        await first.Gateway.DisposeAsync();
        var second = await RunningGateway.StartAsync(folder: folder);
        Assert.Equal(SessionStatus.Active, second.Engine.State.Sessions[begun.Number].Status);
        await second.Gateway.DisposeAsync();
    }

    [Fact]
    public async Task An_edited_file_reaches_the_site_without_a_restart()
    {
        using var folder = new SiteFolder();
        await using var running = await RunningGateway.StartAsync(folder: folder, start: new() { Follow = folder.Sources });
        folder.Set("Gateway:Site:Name", "New name").Save();
        await Eventually(() => running.Engine.State.Configuration.Site.Name == "New name");
    }

    [Fact]
    public async Task Hubs_on_this_machine_are_shown_where_the_listener_is_really_bound()
    {
        await using var running = await RunningGateway.StartAsync();
        var options = running.Gateway.Services.GetRequiredService<Func<HubsOptions>>();
        Assert.Equal($"{running.Gateway.OcpiUrl}ocpi", options().PublicUrl);
    }

    [Fact]
    public async Task Somebody_who_watches_does_not_hold_up_the_end()
    {
        var running = await RunningGateway.StartAsync();
        using var open = new System.Net.Sockets.TcpClient();
        await open.ConnectAsync("127.0.0.1", running.Gateway.AdminUrl.Port, Cancelled);
        await open.GetStream().WriteAsync("GET /api/stations/CP-1/frames?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancelled);
        Assert.NotEqual(0, await open.GetStream().ReadAsync(new byte[100], Cancelled));
        var watch = Stopwatch.StartNew();
        await running.DisposeAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_one_plain_line()
    {
        using var folder = new SiteFolder();
        File.WriteAllText(Path.Combine(folder.Path, "x.pem"), "no certificate");
        folder.Set("Gateway:Ocpp:Listen:0", "https://127.0.0.1:0").Set("Gateway:Ocpp:CertificateFile", "x.pem");
        Assert.StartsWith("A certificate cannot be used", (await Assert.ThrowsAsync<GatewayStartException>(() => RunningGateway.StartAsync(folder: folder))).Message, StringComparison.Ordinal);
    }

    internal static async Task Eventually(Func<bool> holds)
    {
        var deadline = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(30), "It did not come to that in 30 s.");
            await Task.Delay(20, Cancelled);
        }
    }

    private static async Task<string> StatusesAsync(Uri listener, string[] paths)
    {
        using var client = RunningGateway.Client(listener);
        var statuses = new List<int>();
        foreach (var path in paths)
            statuses.Add((int)(await client.GetAsync(path, Cancelled)).StatusCode);
        return string.Join(' ', statuses);
    }
}
