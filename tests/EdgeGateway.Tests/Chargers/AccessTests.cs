using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGateway.Chargers;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Tests.Chargers;

public sealed class AccessTests
{
    [Theory]
    [InlineData("CP-1")]
    [InlineData("cp-1")]
    [InlineData("CP%2D1")]
    [InlineData("CP-1/")]
    [InlineData("CP-1/CP-1")]
    [InlineData("CP-1?transport=lte")]
    public async Task The_last_segment_of_the_URL_is_the_station_however_it_is_written(string path)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(path);

        Assert.Equal("ocpp1.6", charger.Socket.SubProtocol);
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-1")?.Connected == true);
        Assert.Equal("127.0.0.1", host.Engine.State.Stations["CP-1"].Remote);
    }

    [Theory]
    [InlineData("/ocpp/")]
    [InlineData("/ocpp/%20")]
    [InlineData("/ocpp/A%0AB")]
    [InlineData("/ocpp/A%2FB%2F..")]
    [InlineData("/ocpp/0123456789012345678901234567890123456")]
    public void What_cannot_be_an_identity_is_none(string target)
    {
        Assert.False(StationName.TryRead(target, out _));
    }

    [Fact]
    public async Task A_wrong_password_or_none_is_refused_before_the_upgrade_and_the_technician_is_told_why()
    {
        await using var host = await ChargersHost.StartAsync();

        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: "wrong"))).Status);
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: null))).Status);

        await ChargersHost.UntilAsync(() => host.Journal.Events.ToArray().Count(e => e.Code == "StationUnauthorized") == 2);
        Assert.Contains(host.Journal.Events, e => e.Text.Contains("password is wrong", StringComparison.Ordinal));
        Assert.Contains(host.Journal.Events, e => e.Text.Contains("sent no password", StringComparison.Ordinal));
        Assert.DoesNotContain("CP-1", host.Engine.State.Stations.Keys);
    }

    [Fact]
    public async Task A_user_that_is_not_the_station_is_refused()
    {
        await using var host = await ChargersHost.StartAsync();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(settings: s => s.Credentials = Encoding.UTF8.GetBytes($"CP-2:{ChargersHost.Password}")));

        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task A_key_configured_as_hex_is_accepted_as_its_text_and_as_its_bytes_and_it_is_said_which_matched()
    {
        await using var host = await ChargersHost.StartAsync();

        await using (await host.ConnectAsync("CP-2", "00FFab12"))
            await ChargersHost.UntilAsync(() => host.Frames.All.Any(f => f.Note?.Contains("password as text", StringComparison.Ordinal) == true));
        byte[] raw = [.. "CP-2:"u8, 0x00, 0xFF, 0xAB, 0x12];
        await using (await host.ConnectAsync("CP-2", settings: s => s.Credentials = raw))
            await ChargersHost.UntilAsync(() => host.Frames.All.Any(f => f.Note?.Contains("bytes of its hex form", StringComparison.Ordinal) == true));
        byte[] other = [.. "CP-2:"u8, 0x00, 0xFF, 0xAB, 0x13];
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("CP-2", settings: s => s.Credentials = other))).Status);
    }

    [Fact]
    public async Task No_anonymous_upgrade_of_a_thousand_succeeds_and_the_events_stay_few()
    {
        await using var host = await ChargersHost.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };

        for (var i = 0; i < 1000; i++)
        {
            using var request = Upgrade(i % 2 == 0 ? "/ocpp/CP-1" : "/ocpp/CP-2");
            using var response = await client.SendAsync(request);
            Assert.Contains((int)response.StatusCode, new[] { 401, 429 });
        }

        Assert.Equal(0, host.Registry.Count);
        Assert.InRange(host.Journal.Events.Count, 2, Remarks.PerMinute);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_never_locks_out_the_charger_it_is_done_to()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-1")?.Connected == true);

        var answers = new List<int>();
        for (var i = 0; i < 15; i++)
            answers.Add(await AskFromAsync("127.0.0.2", host, $"guess {i}"));
        Assert.Equal(StationDoor.FailuresPerIdentity, answers.Count(a => a == 401));
        Assert.Equal(5, answers.Count(a => a == 429));
        // Not even the right one gets through from there: what is guessed right in a flood is still a guess.
        Assert.Equal(429, await AskFromAsync("127.0.0.2", host, ChargersHost.Password));

        await using var again = await host.ConnectAsync();
        Assert.Equal("Accepted", (await again.BootAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_station_without_a_password_is_refused_unless_it_is_an_explicit_exception()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { Stations = [new() { Id = "CP-1" }, new() { Id = "CP-2", AllowWithoutPassword = true }] });

        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("CP-1", "anything"))).Status);
        await using var charger = await host.ConnectAsync("CP-2", password: null);
        Assert.Equal("Accepted", (await charger.BootAsync()).GetProperty("status").GetString());
        Assert.False(Assert.Single(host.Stations.Lines()).IsAuthenticated);
    }

    [Fact]
    public async Task The_database_holds_a_salted_hash_that_goes_on_holding_when_the_file_forgets_the_password()
    {
        await using var host = await ChargersHost.StartAsync();
        await using (await host.ConnectAsync())
            await ChargersHost.UntilAsync(() => host.Documents.All.ContainsKey("charger/cp-1/password"));
        Assert.DoesNotContain("secret", host.Documents.All["charger/cp-1/password"], StringComparison.Ordinal);

        host.Options = host.Options with { Stations = [new() { Id = "CP-1" }] };
        await using (await host.ConnectAsync())
        await using (await host.ConnectAsync())
            Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: "wrong"))).Status);
    }

    [Fact]
    public async Task A_changed_password_holds_at_once_for_the_open_line_too()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await using var other = await host.ConnectAsync("CP-2", "00FFab12");
        await charger.BootAsync();

        host.Options = host.Options with { Stations = [new() { Id = "CP-1", Password = "new" }, host.Options.Stations[1]] };

        Assert.Null(await charger.ReceiveAsync());
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync())).Status);
        await using var again = await host.ConnectAsync(password: "new");
        await other.BootAsync();
    }

    [Fact]
    public async Task An_unknown_station_gets_404_where_unknown_ones_are_rejected()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { UnknownStations = UnknownStations.Reject });

        Assert.Equal(404, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("STRANGER", "x"))).Status);
        await ChargersHost.UntilAsync(() => host.HasEvent("StationUnknown", "STRANGER"));
    }

    [Fact]
    public async Task In_quarantine_a_charger_boots_Pending_its_transactions_are_kept_and_the_rest_is_refused()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync("NEW-1", "its-key");

        var boot = await charger.BootAsync();
        Assert.Equal("Pending", boot.GetProperty("status").GetString());
        Assert.Equal(30, boot.GetProperty("interval").GetInt32());
        var authorize = await charger.AskAsync("2", "Authorize", """{"idTag":"04A2B3C4"}""");
        Assert.Equal("SecurityError", authorize!.Value[2].GetString());
        var start = await charger.CallAsync("3", "StartTransaction", """{"connectorId":1,"idTag":"04A2B3C4","meterStart":5,"timestamp":"2026-01-01T10:00:00Z"}""");
        Assert.Equal("Invalid", start.GetProperty("idTagInfo").GetProperty("status").GetString());
        Assert.True(host.Journal.Sessions.ContainsKey(start.GetProperty("transactionId").GetInt32()));

        Assert.True(await host.Engine.RequestAsync(new AcceptStation("NEW-1"), CancellationToken.None));
        Assert.Equal("Accepted", (await charger.BootAsync("4")).GetProperty("status").GetString());
        Assert.Equal("Accepted", (await charger.CallAsync("5", "Authorize", """{"idTag":"04A2B3C4"}""")).GetProperty("idTagInfo").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_station_let_in_by_hand_is_held_to_the_password_it_came_with()
    {
        await using var host = await ChargersHost.StartAsync();
        await using (var charger = await host.ConnectAsync("NEW-1", "its-key"))
        {
            await charger.BootAsync();
            await host.Engine.RequestAsync(new AcceptStation("NEW-1"), CancellationToken.None);
        }
        await using (var charger = await host.ConnectAsync("NEW-1", "its-key"))
            await charger.BootAsync();

        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("NEW-1", "other"))).Status);
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("NEW-1", password: null))).Status);
        await using var again = await host.ConnectAsync("NEW-1", "its-key");
        Assert.Equal("Accepted", (await again.BootAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_station_let_in_while_its_line_is_open_is_held_to_its_password_from_its_next_word_on()
    {
        // S1: nobody else can be the first to come back.
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync("NEW-1", "its-key");
        await charger.BootAsync();
        await host.Engine.RequestAsync(new AcceptStation("NEW-1"), CancellationToken.None);
        await charger.BootAsync("2");

        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("NEW-1", "other"))).Status);
        await charger.CallAsync("3", "Heartbeat", "{}");
    }

    [Fact]
    public async Task A_station_let_in_before_it_ever_booted_stays_in()
    {
        // FIELD-NOTES 9
        await using var host = await ChargersHost.StartAsync();
        await using (await host.ConnectAsync("NEW-1", "its-key"))
        {
            await ChargersHost.UntilAsync(() => host.Engine.State.Stations.ContainsKey("NEW-1"));
            await host.Engine.RequestAsync(new AcceptStation("NEW-1"), CancellationToken.None);
        }
        await using var charger = await host.ConnectAsync("NEW-1", "its-key");
        Assert.Equal("Accepted", (await charger.BootAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_line_without_a_password_never_replaces_one_that_proved_who_it_is()
    {
        // S4, for a station with an explicit exception.
        await using var host = await ChargersHost.StartAsync(
            o => o with { Stations = [new() { Id = "CP-1", Password = ChargersHost.Password, AllowWithoutPassword = true }] });
        await using (var charger = await host.ConnectAsync())
        {
            await charger.BootAsync();
            Assert.Equal(409, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync(password: null))).Status);
            await charger.CallAsync("2", "Heartbeat", "{}");
        }
        await ChargersHost.UntilAsync(() => host.Registry.Count == 0);
        await using var without = await host.ConnectAsync(password: null);
        await without.BootAsync();
    }

    [Fact]
    public async Task Names_without_end_from_one_address_are_refused()
    {
        // S3
        await using var host = await ChargersHost.StartAsync();
        var refused = 0;
        for (var i = 0; i < StationDoor.StrangersPerAddress + 10; i++)
        {
            try
            {
                await using var stranger = await host.ConnectAsync($"NEW-{i}", password: null);
            }
            catch (RefusedException refusal) when (refusal.Status == 429)
            {
                refused++;
            }
            await ChargersHost.UntilAsync(() => host.Registry.Count == 0);
        }
        Assert.Equal(10, refused);
        await using var configured = await host.ConnectAsync();
    }

    [Fact]
    public void Beyond_its_burst_an_allowance_is_given_at_its_pace()
    {
        var clock = new Fixtures.ManualClock();
        var allowance = new Allowance(3, TimeSpan.FromSeconds(1), clock);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => allowance.TryTake()));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => allowance.TryTake()));
    }

    [Fact]
    public async Task Quarantine_has_room_for_so_many_and_no_more()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { QuarantineLimit = 2 });
        await using var one = await host.ConnectAsync("NEW-1", password: null);
        await using var two = await host.ConnectAsync("NEW-2", password: null);
        await ChargersHost.UntilAsync(() => host.Registry.Count == 2);

        Assert.Equal(503, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("NEW-3", password: null))).Status);
        await using var configured = await host.ConnectAsync();
    }

    [Fact]
    public async Task Without_a_common_subprotocol_the_handshake_completes_without_one_and_the_line_closes_at_once()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0"]);

        Assert.True(string.IsNullOrEmpty(charger.Socket.SubProtocol));
        Assert.Null(await charger.ReceiveAsync());
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.ProtocolError, charger.Socket.CloseStatus);
        await ChargersHost.UntilAsync(() => host.HasEvent("SubprotocolRefused", "CP-1"));
        Assert.Equal(0, host.Registry.Count);
    }

    [Fact]
    public async Task A_station_that_offers_none_is_served_where_the_technician_says_which_to_assume()
    {
        await using var host = await ChargersHost.StartAsync(o => o with
        {
            Stations = [new() { Id = "CP-1", Password = ChargersHost.Password, AssumeProtocol = "ocpp1.6" }],
        });
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = []);

        Assert.Equal("Accepted", (await charger.BootAsync()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Compression_is_agreed_to_when_offered_unless_it_is_switched_off(bool isOn)
    {
        await using var host = await ChargersHost.StartAsync(o => o with
        {
            Stations = [new() { Id = "CP-1", Password = ChargersHost.Password, Compression = isOn }],
        });
        await using var charger = await host.ConnectAsync(settings: s => s.Compression = true);

        Assert.Equal(isOn, charger.Socket.HttpResponseHeaders!.ContainsKey("Sec-WebSocket-Extensions"));
        Assert.Equal("Accepted", (await charger.BootAsync()).GetProperty("status").GetString());
        Assert.Equal("Accepted", (await charger.BootAsync("again")).GetProperty("status").GetString());
    }

    private static async Task<int> AskFromAsync(string address, ChargersHost host, string password)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ocpp/CP-1");
        request.Headers.Add("Authorization", RawCharger.Basic("CP-1", password));
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static HttpRequestMessage Upgrade(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Sec-WebSocket-Protocol", "ocpp1.6");
        return request;
    }
}
