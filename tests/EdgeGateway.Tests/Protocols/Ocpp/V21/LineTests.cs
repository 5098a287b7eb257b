using System.Collections.Concurrent;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Tests.Fixtures;
using EdgeGateway.Tests.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Tests.Protocols.Ocpp.V21;

/// <summary>Lines of 2.0.1 and 2.1: one call site for both, and the frames that came with 2.1.</summary>
public sealed class LineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Noon = new(2025, 4, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RecordingTap _tap = new();
    private readonly ConcurrentQueue<string> _streamed = new();

    private static readonly NotifyPeriodicEventStreamMessage Sample =
        new() { Id = 3, Pending = 0, Basetime = Noon, Data = [new() { T = 0.5m, V = "16" }] };

    [Fact]
    public async Task One_call_site_writes_what_the_version_of_the_line_has()
    {
        var profile = new SetChargingProfileRequest
        {
            EvseId = 1,
            ChargingProfile = new()
            {
                Id = 1, StackLevel = 0, ChargingProfilePurpose = ChargingProfilePurpose.TxDefaultProfile, ChargingProfileKind = ChargingProfileKind.Absolute,
                MaxOfflineDuration = 60,
                ChargingSchedule = [new() { Id = 1, ChargingRateUnit = ChargingRateUnit.A, ChargingSchedulePeriod = [new() { StartPeriod = 0, Limit = 16, LimitL2 = 10 }] }],
            },
        };
        foreach (var (version, written) in ((OcppVersion, string)[])
        [
            (OcppVersion.V201, """
            "chargingProfileKind":"Absolute","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]
            """),
            (OcppVersion.V21, """{"startPeriod":0,"limit":16,"limit_L2":10}"""),
        ])
        {
            var (line, peer) = Serve(version);
            var call = line.CallAsync(V21Actions.SetChargingProfile, profile, default);
            Assert.Contains(written, await peer.ReceiveAsync(), StringComparison.Ordinal);
            await peer.SendAsync("""[3,"t-1",{"status":"Accepted"}]""");
            Assert.Equal(ChargingProfileStatus.Accepted, (await call.WaitAsync(Patience)).Response!.Status);
        }
    }

    [Fact]
    public async Task What_the_version_lacks_is_not_sent()
    {
        var (line, _) = Serve(OcppVersion.V201);
        var reset = await line.CallAsync(V21Actions.Reset, new() { Type = ResetKind.ImmediateAndResume }, default);
        Assert.Equal(new CallUnanswered(CallFailure.NotSendable, "type is no ResetKind: \"ImmediateAndResume\""), reset.Outcome);
        var period = new ChargingSchedulePeriod { StartPeriod = 0, Setpoint = 5 };
        Assert.Equal(
            new CallUnanswered(CallFailure.NotSendable, "chargingProfile.chargingSchedule[0].chargingSchedulePeriod[0].limit is missing"),
            (await line.CallAsync(V21Actions.SetChargingProfile, new()
            {
                EvseId = 1,
                ChargingProfile = new()
                {
                    Id = 1, StackLevel = 0, ChargingProfilePurpose = ChargingProfilePurpose.TxProfile, ChargingProfileKind = ChargingProfileKind.Relative,
                    ChargingSchedule = [new() { Id = 1, ChargingRateUnit = ChargingRateUnit.W, ChargingSchedulePeriod = [period] }],
                },
            }, default)).Outcome);
        Assert.Equal(
            new CallUnanswered(CallFailure.NotSendable, "UsePriorityCharging is no action of ocpp2.0.1"),
            (await line.CallAsync(V21Actions.UsePriorityCharging, new() { TransactionId = "T", Activate = true }, default)).Outcome);
        Assert.Equal("NotifyPeriodicEventStream is no message of ocpp2.0.1", await line.SendAsync(V21Actions.NotifyPeriodicEventStream, Sample));
        Assert.Empty(_tap.Frames);
    }

    [Fact]
    public async Task An_answer_to_a_2_0_1_station_has_2_0_1s_members()
    {
        foreach (var version in (OcppVersion[])[OcppVersion.V201, OcppVersion.V21])
        {
            var (_, peer) = Serve(version);
            await peer.SendAsync("""[2,"1","Authorize",{"idToken":{"idToken":"A","type":"Central"}}]""");
            var tariff = version == OcppVersion.V21 ? ",\"tariff\":{\"tariffId\":\"T\",\"currency\":\"EUR\"}" : "";
            Assert.Equal("""[3,"1",{"idTokenInfo":{"status":"Accepted"}""" + tariff + "}]", await peer.ReceiveAsync());
        }
    }

    [Fact]
    public async Task A_SEND_does_not_wait_for_a_call_under_way()
    {
        var (charger, csms) = Serve(OcppVersion.V21);
        var unanswered = charger.CallAsync(V21Actions.Heartbeat, new(), default);
        Assert.Equal("""[2,"t-1","Heartbeat",{}]""", await csms.ReceiveAsync());
        Assert.Null(await charger.SendAsync(V21Actions.NotifyPeriodicEventStream, Sample).WaitAsync(Patience));
        Assert.Equal(
            """[6,"t-2","NotifyPeriodicEventStream",{"data":[{"t":0.5,"v":"16"}],"id":3,"pending":0,"basetime":"2025-04-01T12:00:00.000Z"}]""",
            await csms.ReceiveAsync());
        Assert.Equal("data is an empty list", await charger.SendAsync(V21Actions.NotifyPeriodicEventStream, Sample with { Data = [] }));
        Assert.False(unanswered.IsCompleted);
        charger.Abort("done");
        Assert.Equal(CallFailure.LineEnded, Assert.IsType<CallUnanswered>((await unanswered.WaitAsync(Patience)).Outcome).Why);
        Assert.Equal("the line has ended", await charger.SendAsync(V21Actions.NotifyPeriodicEventStream, Sample));
    }

    [Fact]
    public async Task A_SEND_reaches_its_handler_and_is_not_answered()
    {
        var (_, peer) = Serve(OcppVersion.V21);
        await peer.SendAsync(
            """[6,"1","NotifyPeriodicEventStream",{"id":3,"pending":0,"basetime":"2025-04-01T12:00:00Z","data":[{"t":0,"v":"16"}]}]""");
        // Messages are handled in their order, so the answer to the next one is the first there could be.
        await peer.SendAsync("""[2,"next","Authorize",{"idToken":{"idToken":"A","type":"Central"}}]""");
        Assert.StartsWith("[3,\"next\"", await peer.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal(["3 16"], _streamed);
        Assert.Contains(_tap.Frames, f => f is { Direction: FrameDirection.Received, Type: FrameType.Send, Action: "NotifyPeriodicEventStream" });
    }

    [Fact]
    public async Task A_SEND_that_cannot_be_used_is_ignored_and_told_to_nobody_but_us()
    {
        var (_, peer) = Serve(OcppVersion.V21);
        await peer.SendAsync("""[6,"1","Telepathy",{}]""");
        await peer.SendAsync("""[6,"2","NotifyPeriodicEventStream",{"id":"three"}]""");
        await peer.SendAsync("""[6,"3","NotifyPeriodicEventStream","x"]""");
        await peer.SendAsync("""[2,"next","Authorize",{"idToken":{"idToken":"A","type":"Central"}}]""");
        Assert.StartsWith("[3,\"next\"", await peer.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal(2, _tap.Troubles.Count(t => t.Kind == LineTroubleKind.SendIgnored));
        Assert.Single(_tap.Troubles, t => t.Kind == LineTroubleKind.FaultyFrame);
        Assert.Empty(_streamed);
    }

    [Fact]
    public async Task A_message_of_SEND_that_comes_as_a_call_is_served_and_answered()
    {
        var (_, peer) = Serve(OcppVersion.V21);
        await peer.SendAsync(
            """[2,"1","NotifyPeriodicEventStream",{"id":3,"pending":0,"basetime":"2025-04-01T12:00:00Z","data":[{"t":0,"v":"16"}]}]""");
        Assert.Equal("""[3,"1",{}]""", await peer.ReceiveAsync());
        Assert.Equal(["3 16"], _streamed);
    }

    [Theory]
    [InlineData("""[3,"t-1",{"status":"Perhaps"}]""", """[5,"t-1","PropertyConstraintViolation","status is no ResetStatus: \"Perhaps\"",{}]""")]
    [InlineData("""[3,"t-1",{}]""", """[5,"t-1","OccurrenceConstraintViolation","status is missing",{}]""")]
    [InlineData("""[3,"t-1","x"]""", """[5,"t-1","FormatViolation","the payload is no object",{}]""")]
    public async Task A_result_that_cannot_be_used_is_told_to_a_2_1_station_and_to_no_other(string result, string told)
    {
        foreach (var version in (OcppVersion[])[OcppVersion.V21, OcppVersion.V201])
        {
            var (line, peer) = Serve(version);
            var call = line.CallAsync(V21Actions.Reset, new() { Type = ResetKind.OnIdle }, default);
            await peer.ReceiveAsync();
            await peer.SendAsync(result);
            Assert.Equal(CallFailure.Unreadable, Assert.IsType<CallUnanswered>((await call.WaitAsync(Patience)).Outcome).Why);
            if (version.HasSend) Assert.Equal(told, await peer.ReceiveAsync());
            // And the line goes on.
            await peer.SendAsync("""[2,"next","Authorize",{"idToken":{"idToken":"A","type":"Central"}}]""");
            Assert.StartsWith("[3,\"next\"", await peer.ReceiveAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_station_that_cannot_use_our_result_is_heard()
    {
        var (_, peer) = Serve(OcppVersion.V21);
        await peer.SendAsync("""[5,"1","FormatViolation","currentTime",{}]""");
        await UntilAsync(() => _tap.Troubles.Any(t => t.Kind == LineTroubleKind.ResultRefused));
    }

    private (RpcConnection Line, RawPeer Peer) Serve(OcppVersion version)
    {
        var (served, client, _) = InProcessWebSockets.Pair(version.Subprotocol);
        return (Line(served, version, _tap), new RawPeer(client));
    }

    private RpcConnection Line(System.Net.WebSockets.WebSocket socket, OcppVersion version, ILineTap tap)
    {
        var router = new CallRouter<int>(V21Actions.For(version))
            .On(V21Actions.Authorize, (_, _, _) => ValueTask.FromResult(new AuthorizeResponse
            {
                IdTokenInfo = new() { Status = AuthorizationStatus.Accepted },
                Tariff = new() { TariffId = "T", Currency = "EUR" },
            }))
            .On(V21Actions.NotifyPeriodicEventStream, (_, call, _) =>
            {
                _streamed.Enqueue($"{call.Request.Id} {call.Request.Data[0].V}");
                return ValueTask.CompletedTask;
            });
        var line = new RpcConnection(socket, version, (call, cancel) => router.HandleAsync(0, call, cancel), new() { MessageIdPrefix = "t" }, TimeProvider.System, tap);
        _ = line.RunAsync(default);
        return line;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(5, limit.Token);
    }
}
