using System.Net.WebSockets;
using System.Text;
using EdgeGateway.Chargers;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

public sealed class LineTests
{
    private const string Start = """{"connectorId":1,"idTag":"04A2B3C4","meterStart":1000,"timestamp":"2026-01-01T10:00:00Z"}""";

    [Fact]
    public async Task The_newest_line_wins_and_the_older_one_is_closed_with_an_event()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var old = await host.ConnectAsync();
        await old.BootAsync();
        await using var newer = await host.ConnectAsync();

        Assert.Null(await old.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, old.Socket.CloseStatus);
        await newer.CallAsync("1", "Heartbeat", "{}");
        await ChargersHost.UntilAsync(() => host.HasEvent("StationReplaced", "CP-1"));
        Assert.Equal(1, host.Registry.Count);
        // The older line's end says nothing of the station, which is connected.
        Assert.False(host.HasEvent("StationDisconnected"));
        Assert.True(host.Engine.State.Stations["CP-1"].Connected);
    }

    [Fact]
    public async Task A_half_open_line_does_not_keep_its_charger_out()
    {
        await using var host = await ChargersHost.StartAsync();
        // Its end never reads: no close handshake, no pong, as after a power cut.
        await using var dead = await host.ConnectAsync();
        await ChargersHost.UntilAsync(() => host.Registry.Count == 1);
        await using var charger = await host.ConnectAsync();

        Assert.Equal("Accepted", (await charger.BootAsync()).GetProperty("status").GetString());
        await charger.CallAsync("2", "Heartbeat", "{}");
    }

    [Fact]
    public async Task Whoever_does_not_know_the_password_replaces_nobody()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();

        await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: "wrong"));

        await charger.CallAsync("1", "Heartbeat", "{}");
        Assert.False(host.HasEvent("StationReplaced"));
    }

    [Fact]
    public async Task A_line_that_ends_is_reported_once_and_a_new_one_is_open_again()
    {
        await using var host = await ChargersHost.StartAsync();
        var charger = await host.ConnectAsync();
        await charger.BootAsync();
        await charger.DisposeAsync();

        await ChargersHost.UntilAsync(() => host.Engine.State.Stations["CP-1"] is { Connected: false });
        await using var again = await host.ConnectAsync();
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations["CP-1"] is { Connected: true });
    }

    [Fact]
    public async Task A_message_that_could_not_be_committed_gets_no_answer_but_a_dropped_line_and_is_taken_when_it_comes_again()
    {
        await using var host = await ChargersHost.StartAsync();
        await using (var charger = await host.ConnectAsync())
        {
            await charger.BootAsync();
            host.Journal.Failing = turn => turn.Answers.Any(a => a is EdgeGateway.Site.Reports.SessionBegun) ? new IOException("disk full") : null;
            Assert.Null(await charger.AskAsync("1", "StartTransaction", Start));
        }
        Assert.Empty(host.Journal.Sessions);

        host.Journal.Failing = null;
        await using var again = await host.ConnectAsync();
        var begun = await again.CallAsync("1", "StartTransaction", Start);
        Assert.Equal(begun.GetProperty("transactionId").GetInt32(), Assert.Single(host.Journal.Sessions).Key);
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("""[2,"9","StatusNotification",{"connectorId":,}]""")]
    [InlineData("""[2,"9","Heart""")]
    [InlineData("[,{")]
    [InlineData("{}")]
    [InlineData("[3,\"nobody asked\",{}]")]
    public async Task Rubbish_never_ends_the_line(string rubbish)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();

        await charger.SendAsync(rubbish);
        await charger.SendAsync("""[2,"10","Heartbeat",{}]""");

        // What could be read of the id is answered; then the line goes on.
        var answer = await charger.ReceiveAsync();
        if (answer!.Value[0].GetInt32() == 4)
        {
            Assert.Equal("9", answer.Value[1].GetString());
            answer = await charger.ReceiveAsync();
        }
        Assert.Equal(3, answer!.Value[0].GetInt32());
        Assert.Equal("10", answer.Value[1].GetString());
        await ChargersHost.UntilAsync(() => host.Stations.Lines().Single().Warnings > 0);
    }

    [Theory]
    [InlineData("MakeCoffee", "{}", "NotImplemented")]
    [InlineData("Reset", """{"type":"Soft"}""", "NotSupported")]
    [InlineData("StatusNotification", """{"connectorId":"one","errorCode":"NoError","status":"Available"}""", "TypeConstraintViolation")]
    [InlineData("StatusNotification", """{"connectorId":1,"errorCode":"NoError"}""", "OccurenceConstraintViolation")]
    public async Task What_cannot_be_served_is_answered_with_the_standards_own_error(string action, string payload, string code)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();

        var answer = await charger.AskAsync("7", action, payload);

        Assert.Equal(4, answer!.Value[0].GetInt32());
        Assert.Equal("7", answer.Value[1].GetString());
        Assert.Equal(code, answer.Value[2].GetString());
        Assert.Equal("{}", answer.Value[4].GetRawText());
    }

    [Fact]
    public async Task A_message_over_the_limit_closes_the_line_with_1009()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();

        await charger.SendAsync($$"""[2,"1","DataTransfer",{"vendorId":"{{new string('x', 70_000)}}"}]""");

        Assert.Null(await charger.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, charger.Socket.CloseStatus);
    }

    [Fact]
    public async Task A_burst_of_queued_messages_is_answered_in_order_and_recorded_in_order()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        for (var i = 0; i < 15; i++)
        {
            await charger.SendAsync(
                $$"""[2,"m{{i}}","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"{{(i % 2 == 0 ? "Charging" : "SuspendedEV")}}","timestamp":"2026-01-01T10:00:{{i:00}}Z"}]""");
        }
        for (var i = 0; i < 15; i++)
            Assert.Equal($"m{i}", (await charger.ReceiveAsync())!.Value[1].GetString());
        Assert.Equal(ConnectorState.Charging, host.Engine.State.Stations["CP-1"].Connectors[101].State);
    }

    [Fact]
    public async Task A_charger_that_answered_pings_and_stops_doing_so_is_given_up()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(clock: clock);
        await using var charger = await host.ConnectAsync();
        await ChargersHost.UntilAsync(() => host.Registry.Find("CP-1") is not null);
        var line = host.Registry.Find("CP-1")!;
        // Its end answers pings while it reads.
        var reading = charger.ReceiveAsync();
        await ChargersHost.UntilAsync(() => line.Origin.Stream!.AnswersPings, () => clock.Advance(TimeSpan.FromSeconds(1)));
        for (var i = 0; i < 20; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            var silence = line.Origin.Stream!;
            await ChargersHost.UntilAsync(() => silence.Silence < TimeSpan.FromSeconds(30));
        }
        Assert.Equal(1, host.Registry.Count);

        clock.Advance(TimeSpan.FromSeconds(80));

        Assert.Null(await reading);
        await ChargersHost.UntilAsync(() => host.Registry.Count == 0);
    }

    [Fact]
    public async Task A_charger_that_never_answered_a_ping_is_judged_by_its_heartbeats()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(clock: clock);
        // It does not read, so that no pong leaves.
        await using var charger = await host.ConnectAsync();
        await ChargersHost.UntilAsync(() => host.Registry.Find("CP-1") is not null);
        for (var i = 0; i < 8; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(300));
            await charger.SendAsync($$"""[2,"{{i}}","Heartbeat",{}]""");
            await ChargersHost.UntilAsync(() => host.Registry.Find("CP-1")!.Messages == i + 1);
        }
        Assert.Equal(1, host.Registry.Count);

        clock.Advance(TimeSpan.FromSeconds(800));

        await ChargersHost.UntilAsync(() => host.Registry.Count == 0);
    }

    [Fact]
    public async Task Frames_are_kept_both_ways_without_secrets_and_shown_without_whole_tags()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0 });
        host.Documents.All["charger/cp-1/learned"] = """{"noTriggers":true}""";
        await using var charger = await host.ConnectAsync();
        await charger.CallAsync("1", "Authorize", """{"idTag":"04A2B3C4"}""");
        var asked = host.Stations.CallAsync("CP-1", "ChangeConfiguration", """{"key":"AuthorizationKey","value":"00112233445566778899"}""", CancellationToken.None);
        var call = await charger.ReceiveCallAsync();
        await charger.SendAsync($$"""[3,"{{call.Id}}",{"status":"Accepted"}]""");

        Assert.Equal("""{"status":"Accepted"}""", (await asked).ResultJson);
        Assert.Equal("00112233445566778899", call.Payload.GetProperty("value").GetString());
        var texts = string.Join('\n', host.Frames.All.Select(f => f.Text));
        Assert.Contains("AuthorizationKey", texts, StringComparison.Ordinal);
        Assert.DoesNotContain("00112233445566778899", texts, StringComparison.Ordinal);
        var authorize = host.Frames.All.First(f => f.Text.Contains("\"Authorize\"", StringComparison.Ordinal));
        Assert.Contains("04A2B3C4", authorize.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("04A2B3C4", FrameMasking.ForPeople(authorize).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GetDiagnostics", """[2,"1","GetDiagnostics",{"location":"ftp://user:hunter2@host/x"}]""", "hunter2")]
    [InlineData("GetConfiguration", """[3,"1",{"configurationKey":[{"key":"WifiPassword","readonly":false,"value":"hunter2"}]}]""", "hunter2")]
    [InlineData("DataTransfer", """[2,"1","DataTransfer",{"vendorId":"v","data":"{\"password\":\"hunter2\"}"}]""", "hunter2")]
    [InlineData(null, """[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"hunter2"]""", "hunter2")]
    public void No_secret_reaches_the_frame_log(string? action, string text, string secret)
    {
        Assert.DoesNotContain(secret, FrameMasking.ForLog(action, text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_never_stands_inside_a_frame_and_a_pong_is_seen()
    {
        var clock = new ManualClock();
        var wire = new MemoryWire();
        using var stream = new LineStream(wire, clock);
        clock.Advance(TimeSpan.FromSeconds(31));
        stream.PingAfter(TimeSpan.FromSeconds(30));
        Assert.Equal(new byte[] { 0x89, 0x00 }, wire.Written);

        // A frame is being written: no ping.
        wire.Hold = new();
        var writing = stream.WriteAsync(Encoding.UTF8.GetBytes("frame")).AsTask();
        clock.Advance(TimeSpan.FromSeconds(31));
        stream.PingAfter(TimeSpan.FromSeconds(30));
        wire.Hold.SetResult();
        await writing;
        Assert.Equal([0x89, 0x00, .. "frame"u8], wire.Written);

        wire.Incoming = [0x8A, 0x80, 1, 2, 3, 4];
        Assert.Equal(6, await stream.ReadAsync(new byte[100]));
        Assert.True(stream.AnswersPings);
        Assert.Equal(TimeSpan.Zero, stream.Silence);
    }

    private sealed class MemoryWire : MemoryStream
    {
        public byte[] Written => ToArray();
        public TaskCompletionSource? Hold { get; set; }
        public byte[] Incoming { get; set; } = [];

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Hold is { } hold)
                await hold.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Incoming.CopyTo(buffer);
            return new(Incoming.Length);
        }
    }
}
