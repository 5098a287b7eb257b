using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Ocpp.Rpc;

/// <summary>Real sockets on loopback; the served end is an RpcConnection, the other one too or a raw peer.</summary>
public sealed class RpcConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly DateTimeOffset Noon = new(2025, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RpcOptions Options = new() { MessageIdPrefix = "t" };
    private readonly RecordingTap _tap = new();
    private LoopbackWebSockets _server = null!;

    public async ValueTask InitializeAsync() => _server = await LoopbackWebSockets.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Typed_calls_cross_in_both_directions()
    {
        var (served, client) = await _server.ConnectAsync();
        var (csms, csmsEnd) = Serve(served, new CallRouter<int>(V16Actions.All)
            .On(V16Actions.Heartbeat, (_, _, _) => ValueTask.FromResult(new HeartbeatResponse { CurrentTime = Noon })));
        var (station, stationEnd) = Serve(client, new CallRouter<int>(V16Actions.All)
            .On(V16Actions.Reset, (_, call, _) => ValueTask.FromResult(new ResetResponse
            {
                Status = call.Request.Type == ResetType.Hard ? ResetStatus.Rejected : ResetStatus.Accepted,
            })));

        var crossing = Enumerable.Range(0, 50).Select(async n => n % 2 == 0
            ? (object?)(await csms.CallAsync(V16Actions.Reset, new() { Type = n % 4 == 0 ? ResetType.Soft : ResetType.Hard }, default)).Response
            : (await station.CallAsync(V16Actions.Heartbeat, new(), default)).Response);
        var answers = await Task.WhenAll(crossing).WaitAsync(Patience);

        for (var n = 0; n < answers.Length; n++)
        {
            if (n % 2 == 1) Assert.Equal(Noon, Assert.IsType<HeartbeatResponse>(answers[n]).CurrentTime);
            else Assert.Equal(n % 4 == 0 ? ResetStatus.Accepted : ResetStatus.Rejected, Assert.IsType<ResetResponse>(answers[n]).Status);
        }
        await csms.CloseAsync(WebSocketCloseStatus.NormalClosure, "done").WaitAsync(Patience);
        Assert.Equal(LineEndCause.ClosedByUs, (await csmsEnd.WaitAsync(Patience)).Cause);
        Assert.Equal(LineEndCause.ClosedByPeer, (await stationEnd.WaitAsync(Patience)).Cause);
    }

    [Fact]
    public async Task Calls_sent_together_are_handled_one_at_a_time_in_their_order()
    {
        var (handled, atOnce, most) = (new ConcurrentQueue<string>(), 0, 0);
        var (peer, _, _) = await ServeRawAsync(async (call, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await Task.Yield();
            handled.Enqueue(call.MessageId);
            Interlocked.Decrement(ref atOnce);
            return default;
        });
        var ids = Enumerable.Range(0, 40).Select(n => $"id{n}").ToList();
        foreach (var id in ids) await peer.SendAsync($$"""[2,"{{id}}","Heartbeat",{}]""");
        foreach (var id in ids) Assert.Equal($$"""[3,"{{id}}",{}]""", await peer.ReceiveAsync());
        Assert.Equal(ids, handled);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task An_unanswered_call_of_ours_holds_up_nothing_that_comes_in()
    {
        var (peer, line, _) = await ServeRawAsync(Nothing);
        var ours = line.CallAsync("Reset", Payload.Json("{\"type\":\"Soft\"}"u8.ToArray()), default);
        Assert.Equal("""[2,"t-1","Reset",{"type":"Soft"}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[2,"a","Heartbeat",{}]""");
        Assert.Equal("""[3,"a",{}]""", await peer.ReceiveAsync());
        Assert.False(ours.IsCompleted);
        await peer.SendAsync("""[3,"t-1",{"status":"Accepted"}]""");
        Assert.Equal("{\"status\":\"Accepted\"}", Encoding.UTF8.GetString(Assert.IsType<CallAnswered>(await ours.WaitAsync(Patience)).Payload.Span));
    }

    [Fact]
    public async Task An_answer_passes_by_the_calls_that_wait_even_for_a_handler_that_asks_back()
    {
        RpcConnection? line = null;
        var (peer, served, _) = await ServeRawAsync(async (call, cancel) =>
            Payload.Json(Assert.IsType<CallAnswered>(await line!.CallAsync("GetConfiguration", default, cancel)).Payload));
        line = served;
        await peer.SendAsync("""[2,"a","DataTransfer",{}]""");
        await peer.SendAsync("""[2,"b","DataTransfer",{}]""");
        Assert.Equal("""[2,"t-1","GetConfiguration",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[3,"t-1",{"n":1}]""");
        Assert.Equal("""[3,"a",{"n":1}]""", await peer.ReceiveAsync());
        Assert.Equal("""[2,"t-2","GetConfiguration",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[3,"t-2",{"n":2}]""");
        Assert.Equal("""[3,"b",{"n":2}]""", await peer.ReceiveAsync());
    }

    [Fact]
    public async Task Only_one_call_of_ours_is_under_way_and_the_queue_has_an_end()
    {
        var (peer, line, _) = await ServeRawAsync(Nothing, Options with { MaxOutgoingCalls = 2 });
        var first = line.CallAsync("A", default, default);
        var second = line.CallAsync("B", default, default);
        Assert.Equal(CallFailure.QueueFull, Assert.IsType<CallUnanswered>(await line.CallAsync("C", default, default)).Why);
        Assert.Equal("""[2,"t-1","A",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[4,"t-1","NotSupported","not me",{"a":1}]""");
        Assert.Equal(new CallRefused(OcppErrorCode.NotSupported, "NotSupported", "not me", "{\"a\":1}"), await first.WaitAsync(Patience));
        Assert.Equal("""[2,"t-2","B",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[3,"t-2",{"status":}]""");
        Assert.Equal(CallFailure.Unreadable, Assert.IsType<CallUnanswered>(await second.WaitAsync(Patience)).Why);
        Assert.DoesNotContain(_tap.Frames, f => f.Direction == FrameDirection.Sent && f.Action == "C");
    }

    [Fact]
    public async Task A_request_that_breaks_the_rules_is_not_sent()
    {
        var (peer, line, _) = await ServeRawAsync(Nothing);
        var refused = await line.CallAsync(V16Actions.RemoteStartTransaction, new() { IdTag = new string('x', 21) }, default);
        Assert.Equal(new CallUnanswered(CallFailure.NotSendable, "idTag has 21 characters, 20 are allowed"), refused.Outcome);
        var sent = line.CallAsync(V16Actions.RemoteStartTransaction, new() { IdTag = "Ä+'<\"" }, default);
        // Escaped no more than JSON demands.
        Assert.Equal("""[2,"t-1","RemoteStartTransaction",{"idTag":"Ä+'<\""}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[3,"t-1",{"status":"ACCEPTED"}]""");
        var answer = await sent.WaitAsync(Patience);
        Assert.Equal(RemoteStartStopStatus.Accepted, answer.Response!.Status);
        Assert.Single(answer.Warnings);
    }

    [Fact]
    public async Task A_late_answer_is_reported_and_does_not_answer_the_next_call()
    {
        var (peer, line, _) = await ServeRawAsync(Nothing, Options with { CallTimeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(CallFailure.TimedOut, Assert.IsType<CallUnanswered>(await line.CallAsync("A", default, default).WaitAsync(Patience)).Why);
        await peer.ReceiveAsync();
        await peer.SendAsync("""[3,"t-1",{}]""");
        await peer.SendAsync("""[3,"never asked",{}]""");
        await UntilAsync(() => _tap.Troubles.Count(t => t.Kind == LineTroubleKind.UnexpectedAnswer) == 2);
        Assert.Contains(_tap.Troubles, t => t.Kind == LineTroubleKind.CallTimedOut);
        var next = line.CallAsync("B", default, default);
        Assert.Equal("""[2,"t-2","B",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[3,"t-1",{"late":true}]""");
        await peer.SendAsync("""[3,"t-2",{"late":false}]""");
        Assert.Equal("{\"late\":false}", Encoding.UTF8.GetString(Assert.IsType<CallAnswered>(await next.WaitAsync(Patience)).Payload.Span));
        Assert.Equal(3, _tap.Troubles.Count(t => t.Kind == LineTroubleKind.UnexpectedAnswer));
    }

    [Fact]
    public async Task Three_timeouts_in_a_row_close_the_line_and_an_answer_between_starts_anew()
    {
        var (peer, line, end) = await ServeRawAsync(Nothing, Options with { CallTimeout = TimeSpan.FromSeconds(0.5) });
        for (var n = 1; n <= 6; n++)
        {
            Assert.False(line.HasEnded);
            var call = line.CallAsync("A", default, default);
            await peer.ReceiveAsync();
            // A refusal is an answer.
            if (n == 3) await peer.SendAsync("""[4,"t-3","NotSupported","",{}]""");
            await call.WaitAsync(Patience);
        }
        Assert.Equal("close 1001", await peer.ReceiveAsync());
        Assert.Equal(LineEndCause.Unresponsive, (await end.WaitAsync(Patience)).Cause);
    }

    [Fact]
    public async Task The_end_of_the_line_fails_the_calls_under_way_and_those_that_wait()
    {
        var (peer, line, end) = await ServeRawAsync(Nothing);
        var calls = Enumerable.Range(0, 5).Select(_ => line.CallAsync("A", default, default)).ToList();
        await peer.ReceiveAsync();
        peer.Socket.Abort();
        foreach (var outcome in await Task.WhenAll(calls).WaitAsync(Patience))
            Assert.Equal(CallFailure.LineEnded, Assert.IsType<CallUnanswered>(outcome).Why);
        Assert.Equal(LineEndCause.Lost, (await end.WaitAsync(Patience)).Cause);
        Assert.Equal(CallFailure.LineEnded, Assert.IsType<CallUnanswered>(await line.CallAsync("B", default, default).WaitAsync(Patience)).Why);
    }

    [Fact]
    public async Task Giving_up_a_call_lets_the_next_one_go()
    {
        var (peer, line, _) = await ServeRawAsync(Nothing);
        using var patience = new CancellationTokenSource();
        var given = line.CallAsync("A", default, patience.Token);
        await peer.ReceiveAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        var next = line.CallAsync("B", default, default);
        Assert.Equal("""[2,"t-2","B",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[3,"t-2",{}]""");
        Assert.IsType<CallAnswered>(await next.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_handler_can_have_the_line_dropped_and_nothing_behind_it_is_handled()
    {
        var handled = new ConcurrentQueue<string>();
        var gate = new TaskCompletionSource();
        var (peer, line, end) = await ServeRawAsync(async (call, _) =>
        {
            handled.Enqueue(call.MessageId);
            if (call.MessageId == "a") return default;
            await gate.Task;
            throw new DropLineException("the commit failed");
        });
        foreach (var id in (string[])["a", "b", "c", "d"]) await peer.SendAsync($$"""[2,"{{id}}","StartTransaction",{}]""");
        Assert.Equal("""[3,"a",{}]""", await peer.ReceiveAsync());
        await UntilAsync(() => _tap.Frames.Count(f => f.Direction == FrameDirection.Received) == 4);
        gate.SetResult();
        Assert.Equal("lost", await peer.ReceiveAsync());
        Assert.Equal(new LineEnd(LineEndCause.Dropped, "the commit failed"), await end.WaitAsync(Patience));
        Assert.Equal(["a", "b"], handled);
        Assert.True(line.HasEnded);
    }

    [Fact]
    public async Task Errors_have_one_place_where_they_become_frames()
    {
        var (peer, _, _) = await ServeRawAsync((call, _) => call.Action switch
        {
            "Plain" => throw new OcppException(OcppErrorCode.OccurrenceConstraintViolation, "idTag is missing"),
            "Rich" => throw new OcppException(OcppErrorCode.SecurityError, new string('x', 300), """{"a":1}"""),
            "Broken" => throw new OcppException(OcppErrorCode.SecurityError, "x", "no json"),
            _ => throw new FormatException("ours"),
        });
        await peer.SendAsync("""[2,"1","Plain",{}]""");
        Assert.Equal("""[4,"1","OccurenceConstraintViolation","idTag is missing",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[2,"2","Rich",{}]""");
        Assert.Equal($$"""[4,"2","SecurityError","{{new string('x', 255)}}",{"a":1}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[2,"3","Other",{}]""");
        Assert.Equal("""[4,"3","InternalError","internal error",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[2,"4","Broken",{}]""");
        Assert.Equal("""[4,"4","InternalError","internal error",{}]""", await peer.ReceiveAsync());
        Assert.Contains(_tap.Troubles, t => t.Kind == LineTroubleKind.HandlerFailed && t.Cause is FormatException);
    }

    [Theory]
    [InlineData("hello", null, """[4,"-1","RpcFrameworkError",""")]
    [InlineData("[,{", null, """[4,"-1","RpcFrameworkError",""")]
    [InlineData("""[2,"0123456789012345678901234567890123456","X",{}]""", null, """[4,"-1","RpcFrameworkError",""")]
    [InlineData("""[2,"1","X",{"a":,"b":1}]""", """[4,"1","FormationViolation",""", """[4,"1","FormatViolation",""")]
    [InlineData("""[3,"1",{]""", null, null)]
    [InlineData("""[9,"1",{}]""", null, """[4,"1","MessageTypeNotSupported",""")]
    public async Task Rubbish_is_answered_as_far_as_the_version_lets_and_never_closes_the_line(string rubbish, string? answer16, string? answer201)
    {
        foreach (var (version, answer) in ((OcppVersion, string?)[])[(OcppVersion.V16, answer16), (OcppVersion.V201, answer201)])
        {
            var (peer, _, _) = await ServeRawAsync(Nothing, version: version);
            await peer.SendAsync(rubbish);
            if (answer is not null)
            {
                var error = await peer.ReceiveAsync();
                Assert.StartsWith(answer, error);
                Assert.EndsWith(",{}]", error);
            }
            await peer.SendAsync("""[2,"after","Heartbeat",{}]""");
            Assert.Equal("""[3,"after",{}]""", await peer.ReceiveAsync());
            Assert.Contains(_tap.Troubles, t => t.Kind == LineTroubleKind.FaultyFrame);
        }
    }

    [Fact]
    public async Task Unknown_actions_are_not_implemented_and_those_of_the_other_side_not_supported()
    {
        var router = new CallRouter<int>(V16Actions.All).On(V16Actions.Authorize, (_, _, _) => throw new NotSupportedException());
        var (peer, _, _) = await ServeRawAsync((call, cancel) => router.HandleAsync(0, call, cancel));
        await peer.SendAsync("""[2,"1","Telepathy",{}]""");
        Assert.StartsWith("""[4,"1","NotImplemented",""", await peer.ReceiveAsync());
        await peer.SendAsync("""[2,"2","Reset",{"type":"Hard"}]""");
        Assert.StartsWith("""[4,"2","NotSupported",""", await peer.ReceiveAsync());
        await peer.SendAsync("""[2,"3","Authorize",{}]""");
        Assert.Equal("""[4,"3","OccurenceConstraintViolation","idTag is missing",{}]""", await peer.ReceiveAsync());
    }

    [Fact]
    public async Task A_message_at_the_limit_is_served_and_one_beyond_it_closes_with_1009()
    {
        var (peer, _, end) = await ServeRawAsync((call, _) => ValueTask.FromResult(Payload.Json(call.Payload.ToArray())));
        var frame = """[2,"1","DataTransfer",{"data":"?"}]""";
        var longest = frame.Replace("?", new string('x', FrameLimits.MessageBytes - frame.Length + 1), StringComparison.Ordinal);
        await peer.SendAsync(longest);
        Assert.StartsWith("""[3,"1",{"data":"xxxx""", await peer.ReceiveAsync());
        await peer.SendAsync(longest + "     ", end: false);
        Assert.Equal("close 1009", await peer.ReceiveAsync());
        await peer.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(LineEndCause.MessageTooBig, (await end.WaitAsync(Patience)).Cause);
    }

    [Fact]
    public async Task A_peer_that_answers_no_close_is_cut_off()
    {
        var (peer, line, end) = await ServeRawAsync(Nothing, Options with { CloseTimeout = Soon });
        await line.CloseAsync(WebSocketCloseStatus.NormalClosure, new string('é', 200)).WaitAsync(Patience);
        Assert.Equal(LineEndCause.ClosedByUs, (await end.WaitAsync(Patience)).Cause);
        Assert.Equal("close 1000", await peer.ReceiveAsync());
    }

    [Fact]
    public async Task Frames_in_pieces_and_in_binary_are_read()
    {
        var (peer, _, _) = await ServeRawAsync(Nothing);
        await peer.SendAsync("""[2,"1","Heart""", end: false);
        await peer.SendAsync("beat\",", end: false);
        await peer.SendAsync("{}]");
        Assert.Equal("""[3,"1",{}]""", await peer.ReceiveAsync());
        await peer.SendAsync("""[2,"2","Heartbeat",{}]""", WebSocketMessageType.Binary);
        Assert.Equal("""[3,"2",{}]""", await peer.ReceiveAsync());
    }

    [Fact]
    public async Task A_full_queue_slows_the_sender_down_and_loses_nothing()
    {
        var gate = new TaskCompletionSource();
        var handled = 0;
        var (peer, line, _) = await ServeRawAsync(
            async (_, _) =>
            {
                await gate.Task;
                Interlocked.Increment(ref handled);
                return default;
            },
            Options with { MaxWaitingCalls = 2 });
        for (var n = 0; n < 50; n++) await peer.SendAsync($$"""[2,"{{n}}","Heartbeat",{}]""");
        // One in the handler's hands, two in the queue, one before it: the rest stays in the socket.
        await UntilAsync(() => _tap.Frames.Count == 4);
        await Task.Delay(Soon);
        Assert.Equal(4, _tap.Frames.Count);
        gate.SetResult();
        for (var n = 0; n < 50; n++) Assert.Equal($$"""[3,"{{n}}",{}]""", await peer.ReceiveAsync());
        Assert.Equal(50, handled);
    }

    [Fact]
    public async Task A_peer_that_stops_reading_is_cut_off()
    {
        var large = Payload.Json(Encoding.UTF8.GetBytes($$"""{"data":"{{new string('x', 60_000)}}"}"""));
        var (peer, _, end) = await ServeRawAsync((_, _) => ValueTask.FromResult(large), Options with { SendTimeout = Soon });
        var sending = Task.Run(async () =>
        {
            try
            {
                for (var n = 0; n < 2_000; n++) await peer.SendAsync($$"""[2,"{{n}}","DataTransfer",{}]""");
            }
            catch (WebSocketException)
            {
                // Cut off, as it should be.
            }
        });
        Assert.Equal(LineEndCause.SendStalled, (await end.WaitAsync(Patience)).Cause);
        await sending.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_was_received_before_the_line_broke_is_still_handled()
    {
        var gate = new TaskCompletionSource();
        var handled = new ConcurrentQueue<string>();
        var (peer, _, end) = await ServeRawAsync(async (call, cancel) =>
        {
            await gate.Task;
            Assert.False(cancel.IsCancellationRequested);
            handled.Enqueue(call.MessageId);
            return default;
        });
        foreach (var id in (string[])["a", "b", "c"]) await peer.SendAsync($$"""[2,"{{id}}","StopTransaction",{}]""");
        await UntilAsync(() => _tap.Frames.Count == 3);
        peer.Socket.Abort();
        gate.SetResult();
        Assert.Equal(LineEndCause.Lost, (await end.WaitAsync(Patience)).Cause);
        Assert.Equal(["a", "b", "c"], handled);
    }

    [Fact]
    public async Task A_drop_on_a_line_that_is_already_lost_still_forgets_what_waits()
    {
        var gate = new TaskCompletionSource();
        var handled = new ConcurrentQueue<string>();
        var (peer, line, end) = await ServeRawAsync(async (call, _) =>
        {
            await gate.Task;
            handled.Enqueue(call.MessageId);
            throw new DropLineException("the commit failed");
        });
        foreach (var id in (string[])["a", "b", "c"]) await peer.SendAsync($$"""[2,"{{id}}","StopTransaction",{}]""");
        await UntilAsync(() => _tap.Frames.Count == 3);
        peer.Socket.Abort();
        await UntilAsync(() => line.HasEnded);
        gate.SetResult();
        Assert.Equal(LineEndCause.Lost, (await end.WaitAsync(Patience)).Cause);
        Assert.Equal(["a"], handled);
    }

    [Fact]
    public async Task An_abort_by_us_cancels_the_handler_and_forgets_what_waits()
    {
        var begun = new TaskCompletionSource();
        var handled = 0;
        var (peer, line, end) = await ServeRawAsync(async (_, cancel) =>
        {
            handled++;
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return default;
        });
        await peer.SendAsync("""[2,"a","Heartbeat",{}]""");
        await peer.SendAsync("""[2,"b","Heartbeat",{}]""");
        await begun.Task.WaitAsync(Patience);
        line.Abort("a newer connection");
        Assert.Equal(new LineEnd(LineEndCause.ClosedByUs, "a newer connection"), await end.WaitAsync(Patience));
        Assert.Equal("lost", await peer.ReceiveAsync());
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task Stopping_says_goodbye_and_a_goodbye_is_returned()
    {
        var (served, client) = await _server.ConnectAsync();
        using var stopping = new CancellationTokenSource();
        var line = new RpcConnection(served, OcppVersion.V16, Nothing, Options, TimeProvider.System);
        var end = line.RunAsync(stopping.Token);
        var peer = new RawPeer(client);
        await stopping.CancelAsync();
        Assert.Equal("close 1001", await peer.ReceiveAsync());
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(LineEndCause.ClosedByUs, (await end.WaitAsync(Patience)).Cause);

        var (other, _, otherEnd) = await ServeRawAsync(Nothing);
        await other.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye\nbye", default).WaitAsync(Patience);
        Assert.Equal(WebSocketState.Closed, other.Socket.State);
        var closed = await otherEnd.WaitAsync(Patience);
        Assert.Equal(LineEndCause.ClosedByPeer, closed.Cause);
        Assert.DoesNotContain('\n', closed.Detail);
    }

    [Fact]
    public async Task The_tap_sees_every_frame_with_its_action_and_in_its_order()
    {
        var (peer, line, _) = await ServeRawAsync(Nothing);
        await peer.SendAsync("""[2, "a", "Heartbeat", {}]""");
        await peer.ReceiveAsync();
        var ours = line.CallAsync("Reset", default, default);
        await peer.ReceiveAsync();
        await peer.SendAsync("""[3,"t-1",{"status":"Accepted"}]""");
        await ours.WaitAsync(Patience);
        await peer.SendAsync("[");
        await UntilAsync(() => _tap.Frames.Count == 5);
        Assert.Equal(
            [
                new(FrameDirection.Received, FrameType.Call, "a", "Heartbeat", """[2, "a", "Heartbeat", {}]"""),
                new(FrameDirection.Sent, FrameType.CallResult, "a", "Heartbeat", """[3,"a",{}]"""),
                new(FrameDirection.Sent, FrameType.Call, "t-1", "Reset", """[2,"t-1","Reset",{}]"""),
                new(FrameDirection.Received, FrameType.CallResult, "t-1", "Reset", """[3,"t-1",{"status":"Accepted"}]"""),
                new(FrameDirection.Received, null, null, null, "["),
            ],
            _tap.Frames);
    }

    [Fact]
    public async Task A_SEND_of_2_1_is_handled_and_not_answered()
    {
        var handled = new ConcurrentQueue<bool>();
        var (peer, _, _) = await ServeRawAsync(
            (call, _) =>
            {
                handled.Enqueue(call.ExpectsAnswer);
                return call.Action == "Bad" ? throw new OcppException(OcppErrorCode.GenericError, "") : ValueTask.FromResult(default(Payload));
            },
            version: OcppVersion.V21);
        await peer.SendAsync("""[6,"1","NotifyPeriodicEventStream",{}]""");
        await peer.SendAsync("""[6,"2","Bad",{}]""");
        await peer.SendAsync("""[5,"3","FormatViolation","",{}]""");
        await peer.SendAsync("""[2,"4","Heartbeat",{}]""");
        Assert.Equal("""[3,"4",{}]""", await peer.ReceiveAsync());
        Assert.Equal([false, false, true], handled);
        Assert.Contains(_tap.Troubles, t => t.Kind == LineTroubleKind.ResultRefused);
    }

    private static ValueTask<Payload> Nothing(IncomingCall call, CancellationToken cancel) => default;

    private (RpcConnection Line, Task<LineEnd> End) Serve(WebSocket socket, CallRouter<int> router)
    {
        var line = new RpcConnection(socket, OcppVersion.V16, (call, cancel) => router.HandleAsync(0, call, cancel), Options, TimeProvider.System, _tap);
        return (line, line.RunAsync(CancellationToken.None));
    }

    private async Task<(RawPeer Peer, RpcConnection Line, Task<LineEnd> End)> ServeRawAsync(
        CallHandler handler, RpcOptions? options = null, OcppVersion? version = null)
    {
        var (served, client) = await _server.ConnectAsync();
        var line = new RpcConnection(served, version ?? OcppVersion.V16, handler, options ?? Options, TimeProvider.System, _tap);
        return (new(client), line, line.RunAsync(CancellationToken.None));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(5, limit.Token);
    }
}
