using System.Net.WebSockets;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Ocpp.Rpc;

/// <summary>Two real sockets on loopback; the served end is an RpcConnection, the other one too or a raw socket.</summary>
public sealed class RpcConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Noon = new(2025, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly RecordingTap _tap = new();
    private LoopbackWebSockets _server = null!;

    public async ValueTask InitializeAsync() => _server = await LoopbackWebSockets.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Typed_calls_cross_in_both_directions()
    {
        var (served, client) = await _server.ConnectAsync();
        var csms = Serve(served, new CallRouter<int>(V16Actions.All)
            .On(V16Actions.Heartbeat, (_, _, _) => ValueTask.FromResult(new HeartbeatResponse { CurrentTime = Noon })));
        var station = Serve(client, new CallRouter<int>(V16Actions.All)
            .On(V16Actions.Reset, (_, call, _) => ValueTask.FromResult(new ResetResponse
            {
                Status = call.Request.Type == ResetType.Hard ? ResetStatus.Rejected : ResetStatus.Accepted,
            })));

        var crossing = Enumerable.Range(0, 50).Select(async n => n % 2 == 0
            ? (object?)(await csms.Line.CallAsync(V16Actions.Reset, new() { Type = n % 4 == 0 ? ResetType.Soft : ResetType.Hard }, default)).Response
            : (await station.Line.CallAsync(V16Actions.Heartbeat, new(), default)).Response);
        var answers = await Task.WhenAll(crossing).WaitAsync(Patience);

        for (var n = 0; n < answers.Length; n++)
        {
            if (n % 2 == 1) Assert.Equal(Noon, Assert.IsType<HeartbeatResponse>(answers[n]).CurrentTime);
            else Assert.Equal(n % 4 == 0 ? ResetStatus.Accepted : ResetStatus.Rejected, Assert.IsType<ResetResponse>(answers[n]).Status);
        }
        await csms.Line.CloseAsync(WebSocketCloseStatus.NormalClosure, "done").WaitAsync(Patience);
        Assert.Equal(LineEndCause.ClosedByUs, (await csms.Ended.WaitAsync(Patience)).Cause);
        Assert.Equal(LineEndCause.ClosedByPeer, (await station.Ended.WaitAsync(Patience)).Cause);
    }

    private (RpcConnection Line, Task<LineEnd> Ended) Serve(WebSocket socket, CallRouter<int> router, RpcOptions? options = null)
    {
        var line = new RpcConnection(
            socket, OcppVersion.V16, (call, cancel) => router.HandleAsync(0, call, cancel),
            options ?? new() { MessageIdPrefix = "t" }, TimeProvider.System, _tap);
        return (line, line.RunAsync(CancellationToken.None));
    }
}
