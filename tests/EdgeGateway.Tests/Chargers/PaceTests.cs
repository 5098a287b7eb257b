using System.Net;
using System.Net.Sockets;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

/// <summary>How fast lines may talk, and what becomes of those that talk faster (S5).</summary>
public sealed class PaceTests
{
    [Fact]
    public async Task A_queue_of_thousands_whose_answers_are_waited_for_is_never_held_up()
    {
        // FIELD-NOTES 29. The clock stands still: whoever had to wait would wait for ever.
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(clock: clock);
        await using var charger = await host.ConnectAsync();
        for (var i = 0; i < 4000; i++)
            await charger.CallAsync($"{i}", "Heartbeat", "{}");
        Assert.False(host.HasEvent("LineFlooded"));
    }

    [Fact]
    public async Task Who_talks_without_end_is_slowed_down_and_then_hung_up_on_and_others_are_served()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { LineMessagesPerSecond = 10 }, clock);
        await using var charger = await host.ConnectAsync();
        await using var other = await host.ConnectAsync("CP-2", "00FFab12");
        var listening = Task.Run(async () =>
        {
            while (await charger.ReceiveAsync(TimeSpan.FromMinutes(1)) is not null)
            {
                // It reads its answers, so that nothing but the pace holds it up.
            }
        });
        var talking = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; !host.HasEvent("LineFlooded"); i++)
                    await charger.SendAsync($"[2,\"{i}\",\"Heartbeat\",{{}}]");
            }
            catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or InvalidOperationException or ObjectDisposedException or IOException)
            {
                // Hung up on.
            }
        });
        await ChargersHost.UntilAsync(() => host.HasEvent("LineFlooded", "CP-1"), () => clock.Advance(TimeSpan.FromSeconds(1)));
        await ChargersHost.UntilAsync(() => host.Stations.Lines().All(l => l.Station != "CP-1"), () => clock.Advance(TimeSpan.FromSeconds(1)));
        await Task.WhenAll(listening, talking).WaitAsync(TimeSpan.FromSeconds(20));
        await other.CallAsync("1", "Heartbeat", "{}");
        Assert.False(host.HasEvent("LineFlooded", "CP-2"));
    }

    [Fact]
    public async Task A_line_waits_for_its_own_debt_and_for_no_longer()
    {
        var clock = new ManualClock();
        var pace = new LinePace(10, new SitePace(() => new(), clock), clock);
        for (var i = 0; i < 10 * LinePace.BurstSeconds; i++)
            pace.Message();
        Assert.True(pace.WaitAsync(() => false).AsTask().IsCompleted);
        for (var i = 0; i < 10; i++)
            pace.Message();
        var waiting = pace.WaitAsync(() => false).AsTask();
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(200));
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Beyond_the_sites_pace_those_that_said_most_wait_and_the_quiet_do_not()
    {
        var clock = new ManualClock();
        var site = new SitePace(() => new() { SiteMessagesPerSecond = 100 }, clock);
        var (loud, quiet) = (new LinePace(100, site, clock), new LinePace(100, site, clock));
        for (var i = 0; i < 100 * SitePace.BurstSeconds; i++)
            loud.Message();
        Assert.True(site.IsBusy);
        Assert.False(loud.WaitAsync(() => false).AsTask().IsCompleted);
        quiet.Message();
        Assert.True(quiet.WaitAsync(() => false).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Two_thousand_connections_by_nobody_leave_the_chargers_served()
    {
        // S3; with figures: the benchmark "flood".
        await using var site = await SecureSite.StartAsync();
        await using var charger = await site.BootedAsync("a-password-of-length", plain: true);
        var flood = new List<Socket>();
        try
        {
            for (var i = 0; i < 2000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{2 + (i % 4)}"), 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, site.Gateway.OcppUrls[i % 2].Port), TestContext.Current.CancellationToken);
                if (i % 3 == 0)
                    await socket.SendAsync("GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
                flood.Add(socket);
                if (i % 100 == 0)
                    await charger.SendAsync($"[2,\"h{i}\",\"Heartbeat\",{{}}]");
            }
            var answered = 0;
            while (answered < 20)
            {
                var frame = await charger.ReceiveAsync();
                Assert.NotNull(frame);
                answered += frame.Value[0].GetInt32() == 3 ? 1 : 0;
            }
            // From an address of its own, and the same name was guessed at: it comes back all the same (S3, S4).
            await using var again = await site.BootedAsync("a-password-of-length");
        }
        finally
        {
            flood.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public void A_guest_that_is_one_too_many_drives_out_the_oldest_of_the_address_that_has_most()
    {
        using var room = new EdgeGateway.Hosting.WaitingRoom(3, TimeSpan.FromSeconds(10), new ManualClock());
        var gone = new List<string>();
        room.Enter(IPAddress.Parse("10.0.0.1"), _ => gone.Add("charger"));
        foreach (var name in new[] { "first", "second", "third" })
            room.Enter(IPAddress.Parse("10.0.0.9"), _ => gone.Add(name));
        Assert.Equal(["first"], gone);
        Assert.Equal(3, room.Count);
        Assert.Equal(1, room.TurnedAway);
    }

    [Fact]
    public void A_guest_that_does_not_say_in_time_who_it_is_goes_and_one_that_was_let_in_stays()
    {
        var clock = new ManualClock();
        using var room = new EdgeGateway.Hosting.WaitingRoom(3, TimeSpan.FromSeconds(10), clock);
        var gone = new List<string>();
        var known = room.Enter(IPAddress.Parse("10.0.0.1"), _ => gone.Add("known"));
        room.Enter(IPAddress.Parse("10.0.0.1"), _ => gone.Add("silent"));
        clock.Advance(TimeSpan.FromSeconds(5));
        room.Enter(IPAddress.Parse("10.0.0.1"), _ => gone.Add("late"));
        room.Leave(known);
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(["silent"], gone);
        Assert.Equal(1, room.Count);
    }
}
