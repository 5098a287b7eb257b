using System.Net.Http.Json;
using EdgeGateway.Hosting;
using EdgeGateway.Site;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>The whole gateway in this process, on free ports, with its own folder.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private RunningGateway(SiteFolder folder, Gateway gateway)
    {
        Folder = folder;
        Gateway = gateway;
        Admin = Client(gateway.AdminUrl);
    }

    public SiteFolder Folder { get; }
    public Gateway Gateway { get; }
    public HttpClient Admin { get; }
    public SiteEngine Engine => Gateway.Engine;
    public ISiteJournal Journal => Gateway.Services.GetRequiredService<ISiteJournal>();

    public static async Task<RunningGateway> StartAsync(Action<SiteFolder>? edit = null, GatewayStart? start = null, SiteFolder? folder = null)
    {
        folder ??= new();
        edit?.Invoke(folder);
        start ??= new();
        var gateway = await Gateway.StartAsync(
            folder.Configuration(), TimeProvider.System, start with { Logging = start.Logging ?? (l => l.ClearProviders()) }, TestContext.Current.CancellationToken);
        return new(folder, gateway);
    }

    public static HttpClient Client(Uri url) => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = url };

    public Task<T?> GetAsync<T>(string path) => Admin.GetFromJsonAsync<T>(path, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Gateway.DisposeAsync();
        Folder.Dispose();
    }
}
