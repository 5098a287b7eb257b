using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A real WebSocket server on loopback: what a test hands to <see cref="ConnectAsync"/> has a served end and a client end.</summary>
public sealed class LoopbackWebSockets : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly System.Threading.Channels.Channel<(WebSocket Socket, TaskCompletionSource Done)> _accepted =
        System.Threading.Channels.Channel.CreateUnbounded<(WebSocket, TaskCompletionSource)>();
    private readonly List<TaskCompletionSource> _open = [];

    private LoopbackWebSockets(WebApplication app) => _app = app;

    private Uri Address => new(_app.Urls.First().Replace("http:", "ws:", StringComparison.Ordinal));

    public static async Task<LoopbackWebSockets> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new LoopbackWebSockets(app);
        app.UseWebSockets();
        app.Run(server.AcceptAsync);
        await app.StartAsync();
        return server;
    }

    public async Task<(WebSocket Served, ClientWebSocket Client)> ConnectAsync()
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol("ocpp1.6");
        await client.ConnectAsync(Address, CancellationToken.None);
        var (served, done) = await _accepted.Reader.ReadAsync();
        _open.Add(done);
        return (served, client);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var done in _open) done.TrySetResult();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task AcceptAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("ocpp1.6");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _accepted.Writer.WriteAsync((socket, done));
        await done.Task;
    }
}
