using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using EdgeGateway.Chargers;
using EdgeGateway.Hosting;
using EdgeGateway.Site;
using EdgeGateway.Tests.Chargers;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A gateway with a plain and a secure listener, and its own authority.</summary>
public sealed class SecureSite : IAsyncDisposable
{
    private SecureSite(RunningGateway running, TestAuthority authority) => (Running, Authority) = (running, authority);

    public RunningGateway Running { get; }
    public TestAuthority Authority { get; }
    public Gateway Gateway => Running.Gateway;
    public SiteFolder Folder => Running.Folder;
    public Uri Secure => Gateway.OcppUrls[1];
    public LineFigures? Line => Gateway.Services.GetRequiredService<ChargingStations>().Lines().FirstOrDefault(l => l.Station == "CP-1");

    /// <summary>CP-1 has a line on which it may be asked things.</summary>
    public bool IsAskable => Gateway.Services.GetRequiredService<ChargerRegistry>().Find("CP-1") is { MayBeAsked.IsCompleted: true };

    public static async Task<SecureSite> StartAsync(Action<JsonObject>? station = null, SiteFolder? folder = null)
    {
        folder ??= new();
        var authority = new TestAuthority(folder.Path);
        folder.Gateway["Ocpp"]!["Listen"]!.AsArray().Add("https://127.0.0.1:0");
        station?.Invoke(folder.Gateway["Stations"]![0]!.AsObject());
        return new(await RunningGateway.StartAsync(folder: folder), authority);
    }

    public Task<ClientWebSocket> ConnectAsync(string? password = null, X509Certificate2? certificate = null, bool plain = false) =>
        Authority.ConnectAsync(Gateway.OcppUrls[plain ? 0 : 1], "CP-1", password, certificate);

    /// <summary>A charger's end, after its boot was accepted.</summary>
    public async Task<RawCharger> BootedAsync(string? password = null, X509Certificate2? certificate = null, bool plain = false, string protocol = "ocpp1.6")
    {
        var charger = RawCharger.Over(await Authority.ConnectAsync(Gateway.OcppUrls[plain ? 0 : 1], "CP-1", password, certificate, protocol));
        var boot = protocol == "ocpp1.6"
            ? await charger.CallAsync("boot", "BootNotification", """{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":"SN-4711"}""")
            : await charger.CallAsync("boot", "BootNotification", """{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M","serialNumber":"SN-4711"}}""");
        Assert.Equal("Accepted", boot.GetProperty("status").GetString());
        return charger;
    }

    public async Task<int> RefusedAsync(string? password = null, X509Certificate2? certificate = null, bool plain = false) =>
        (await Assert.ThrowsAsync<NotLetInException>(() => ConnectAsync(password, certificate, plain))).Status;

    public async Task EventAsync(string code, string subject, string text)
    {
        var history = Gateway.Services.GetRequiredService<IHistory>();
        for (var i = 0; i < 500; i++)
        {
            if ((await history.EventsAsync(200, TestContext.Current.CancellationToken)).Any(e => e.Code == code && e.Subject == subject && e.Text.Contains(text, StringComparison.Ordinal)))
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"no {code} {subject} with \"{text}\", but: {string.Join("\n", (await history.EventsAsync(200, TestContext.Current.CancellationToken)).Select(e => $"{e.Code} {e.Subject} {e.Text}"))}");
    }

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
