using System.Net.Sockets;
using System.Net.WebSockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

/// <summary>The field notes by their numbers: which test shows each row, and the rows that no other class shows.</summary>
public sealed class FieldNotesTests
{
    private const string Start = """{"connectorId":1,"idTag":"04A2B3C4","meterStart":1000,"timestamp":"2026-01-01T10:00:00Z"}""";

    /// <summary>Rows 1 to 29, then W0 to W7 (seen on the wire). Row 18 is the transport's, row 26 is MQTT's and no charger's.</summary>
    private static readonly (string Row, string[] Tests)[] Shown =
    [
        ("1", ["V16DialectTests.Start_and_Stop_said_again_under_another_id_and_on_another_line_are_the_same_session", "SessionRulesTests.A_start_said_again_gets_the_same_number_even_after_its_end_and_a_restart"]),
        ("2", ["V16DialectTests.Messages_of_a_transaction_get_a_result_whatever_is_wrong_with_them", "SessionRulesTests.A_stop_without_a_start_is_kept_once_with_what_it_tells"]),
        ("3", ["HostileChargerTests.A_stop_with_minus_one_finds_its_session_among_several_by_its_tag", "StationRulesTests.An_old_state_from_a_queue_never_overrides_a_newer_one", "FieldNotesTests.Wire_2_a_queue_after_an_outage_and_after_a_power_cycle"]),
        ("4", ["LineTests.The_newest_line_wins_and_the_older_one_is_closed_with_an_event", "LineTests.A_half_open_line_does_not_keep_its_charger_out"]),
        ("5", ["AccessTests.Without_a_common_subprotocol_the_handshake_completes_without_one_and_the_line_closes_at_once", "AccessTests.A_station_that_offers_none_is_served_where_the_technician_says_which_to_assume", "FieldNotesTests.Note_5_the_version_is_the_lines_and_not_remembered_from_another"]),
        ("6", ["ToleranceTests.Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode", "Tolerance2xTests.Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode"]),
        ("7", ["LineTests.Rubbish_never_ends_the_line", "Tolerance2xTests.Rubbish_never_ends_the_line_and_is_answered_with_minus_one"]),
        ("8", ["ToleranceTests.Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode", "Tolerance2xTests.Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode"]),
        ("9", ["V16SetUpTests.Nothing_is_sent_before_the_line_is_5_seconds_old_then_an_unknown_charger_is_asked_for_its_boot_once", "V16SetUpTests.A_known_charger_that_only_came_back_is_asked_for_its_states_and_not_to_boot"]),
        ("10", ["AccessTests.In_quarantine_a_charger_boots_Pending_its_transactions_are_kept_and_the_rest_is_refused"]),
        ("11", ["SessionRulesTests.A_clock_in_1970_is_repaired_by_its_offset_and_the_session_marked", "ToleranceTests.Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode"]),
        ("12", ["SessionRulesTests.Registers_as_chargers_tell_them_give_the_energy_that_flowed", "QuirkDeskTests.Values_of_a_model_that_counts_sessions_from_0_become_register_values"]),
        ("13", ["LimitLadderTests."]),
        ("14", ["V16SetUpTests.A_charger_that_restarts_when_it_is_asked_for_a_list_is_not_asked_for_the_same_again", "V16SetUpTests.After_boot_the_interval_and_the_measurands_are_set_once_then_the_states_are_asked_for"]),
        ("15", ["FieldNotesTests.Note_15_three_silences_close_the_line_so_that_the_charger_comes_again", "FieldNotesTests.Note_15_two_calls_at_once_are_answered_in_their_order", "OrderTests.Silence_is_TimedOut_and_never_holds_up_what_the_charger_says"]),
        ("16", ["LineTests.A_charger_that_answered_pings_and_stops_doing_so_is_given_up", "LineTests.A_charger_that_never_answered_a_ping_is_judged_by_its_heartbeats"]),
        ("17", ["AccessTests.A_key_configured_as_hex_is_accepted_as_its_text_and_as_its_bytes_and_it_is_said_which_matched"]),
        ("18", ["SecureLinesTests."]),
        ("19", ["V16DialectTests.Tags_are_known_in_whatever_form_they_come_and_the_answer_is_one_of_the_standards"]),
        ("20", ["HostileChargerTests.The_sum_of_a_station_is_no_session", "V16DialectTests.Connector_numbers_are_EVSEs_where_each_has_one_connector_unique_ids_where_there_are_and_counted_else"]),
        ("21", ["HostileChargerTests.Values_under_an_old_number_belong_to_the_session_that_holds_the_connector", "SessionRulesTests.Values_with_a_wrong_transaction_are_attached_by_place_and_marked"]),
        ("22", ["FieldNotesTests.Note_22_a_session_without_a_stop_is_closed_as_estimated_with_its_last_value", "HostileChargerTests.A_station_that_never_comes_back_ends_its_sessions_in_the_end"]),
        ("23", ["TransactionRulesTests."]),
        ("24", ["V16DialectTests.Signed_values_stay_as_they_came_each_for_itself", "FieldNotesTests.Wire_6_two_calls_without_waiting_kWh_as_text_and_a_signed_end"]),
        ("25", ["V16DialectTests.What_only_people_need_becomes_an_event_and_only_when_it_changes", "FieldNotesTests.Note_25_a_repeated_status_is_one_event_in_2x", "FileTransferTests."]),
        ("27", ["AccessTests.The_last_segment_of_the_URL_is_the_station_however_it_is_written"]),
        ("28", ["AccessTests.Compression_is_agreed_to_when_offered_unless_it_is_switched_off", "FieldNotesTests.Note_28_a_compressed_frame_that_was_not_agreed_to_ends_its_line_and_no_other"]),
        ("29", ["LineTests.A_burst_of_queued_messages_is_answered_in_order_and_recorded_in_order"]),
        ("W0", ["FieldNotesTests.Wire_0_a_boot_and_at_once_the_queued_stop_of_the_run_before"]),
        ("W1", ["FieldNotesTests.Wire_1_two_stations_give_the_same_message_ids"]),
        ("W2", ["FieldNotesTests.Wire_2_a_queue_after_an_outage_and_after_a_power_cycle"]),
        ("W3", ["FieldNotesTests.Wire_3_a_start_by_plug_without_a_value_and_a_queued_end_without_evse_and_offline"]),
        ("W4", ["FieldNotesTests.Wire_4_values_of_other_connectors_between_a_queued_start_and_its_stop"]),
        ("W5", ["FieldNotesTests.Wire_5_no_unit_connector_0_and_blanks_after_commas"]),
        ("W6", ["FieldNotesTests.Wire_6_two_calls_without_waiting_kWh_as_text_and_a_signed_end"]),
        ("W7", ["FieldNotesTests.Wire_7_states_of_connector_0_in_2x"]),
    ];

    [Fact]
    public void Every_row_that_concerns_chargers_names_a_test_that_exists()
    {
        Assert.Equal(Enumerable.Range(1, 29).Where(n => n != 26).Select(n => $"{n}").Concat(Enumerable.Range(0, 8).Select(n => $"W{n}")), Shown.Select(s => s.Row));
        var types = Assembly.GetExecutingAssembly().GetTypes().ToLookup(t => t.Name);
        foreach (var test in Shown.SelectMany(s => s.Tests))
        {
            var (type, method) = (test.Split('.')[0], test.Split('.')[1]);
            // A class that is all about its row is named without a method.
            Assert.True(types[type].Any(t => method.Length == 0 || t.GetMethod(method) is not null), $"{test} does not exist");
        }
    }

    [Fact]
    public async Task Note_5_the_version_is_the_lines_and_not_remembered_from_another()
    {
        await using var host = await ChargersHost.StartAsync();
        foreach (var protocol in new[] { "ocpp2.0.1", "ocpp1.6", "ocpp2.1", "ocpp1.6" })
        {
            await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [protocol]);
            await charger.CallAsync("1", "Heartbeat", "{}");
            Assert.Equal(protocol, host.Registry.Find("CP-1")!.Version.Subprotocol);
        }
        // Nothing offered: nothing assumed, whatever it spoke before.
        await using var silent = await host.ConnectAsync(settings: s => s.Protocols = []);
        Assert.Null(await silent.ReceiveAsync());
    }

    [Theory]
    [InlineData("ocpp1.6")]
    [InlineData("ocpp2.0.1")]
    [InlineData("ocpp2.1")]
    public async Task Note_15_three_silences_close_the_line_so_that_the_charger_comes_again(string protocol)
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [protocol]);
        var asked = Enumerable.Range(0, 3).Select(_ => host.Stations.CallAsync("CP-1", "ClearCache", "{}", CancellationToken.None)).ToList();
        // It reads what is asked, and answers nothing; its own messages are served all the while.
        var calls = 0;
        var next = charger.ReceiveAsync(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 2000; i++)
        {
            if (await Task.WhenAny(next, Task.Delay(5)) == next)
            {
                if (await next is not { } frame)
                    break;
                calls += frame[0].GetInt32() == 2 ? 1 : 0;
                next = charger.ReceiveAsync(TimeSpan.FromMinutes(1));
            }
            else
                clock.Advance(TimeSpan.FromSeconds(2));
        }
        Assert.Equal(3, calls);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, charger.Socket.CloseStatus);
        Assert.All(await Task.WhenAll(asked), a => Assert.NotNull(a.ErrorCode));
        await using var again = await host.ConnectAsync(settings: s => s.Protocols = [protocol]);
        await again.CallAsync("1", "Heartbeat", "{}");
    }

    [Theory]
    [InlineData("ocpp1.6")]
    [InlineData("ocpp2.0.1")]
    public async Task Note_15_two_calls_at_once_are_answered_in_their_order(string protocol)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [protocol]);
        foreach (var i in Enumerable.Range(0, 10))
            await charger.SendAsync($"[2,\"{i}\",\"Heartbeat\",{{}}]");
        foreach (var i in Enumerable.Range(0, 10))
            Assert.Equal($"{i}", (await charger.ReceiveAsync())!.Value[1].GetString());
    }

    [Theory]
    [InlineData("available again")]
    [InlineData("a new start")]
    [InlineData("a boot after which it does not go on")]
    [InlineData("a station that stays away")]
    public async Task Note_22_a_session_without_a_stop_is_closed_as_estimated_with_its_last_value(string cause)
    {
        var clock = new ManualClock(new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero));
        var timings = new SiteTimings { InferredEndHold = TimeSpan.FromMinutes(10), OfflineEndHold = TimeSpan.FromMinutes(20), LostStation = TimeSpan.FromHours(2) };
        await using var host = await ChargersHost.StartAsync(clock: clock, site: s => s with { Timings = timings });
        await using var charger = await host.ConnectAsync();
        // Nothing is asked of it meanwhile: it has not booted on this line.
        var number = (await charger.CallAsync("1", "StartTransaction", Start)).GetProperty("transactionId").GetInt32();
        await charger.CallAsync("2", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"2026-01-01T10:00:01Z"}""");
        clock.Advance(TimeSpan.FromMinutes(11));
        await charger.CallAsync("3", "MeterValues", $$"""{"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":"2026-01-01T10:10:00Z","sampledValue":[{"value":"3500"}]}]}""");
        switch (cause)
        {
            case "available again":
                await charger.CallAsync("4", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-01-01T10:10:30Z"}""");
                break;
            case "a new start":
                await charger.CallAsync("4", "StartTransaction", """{"connectorId":1,"idTag":"04A2B3C4","meterStart":3500,"timestamp":"2026-01-01T10:10:30Z"}""");
                break;
            case "a boot after which it does not go on":
                await charger.BootAsync("4");
                await charger.CallAsync("5", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-01-01T10:10:40Z"}""");
                break;
            default:
                await charger.DisposeAsync();
                await ChargersHost.UntilAsync(() => host.Engine.State.Stations["CP-1"] is { Connected: false });
                break;
        }

        await ChargersHost.UntilAsync(() => host.Journal.Cdrs.ToArray().Length > 0, () => clock.Advance(TimeSpan.FromMinutes(1)));

        var session = host.Journal.Sessions[number];
        Assert.Equal(SessionStatus.Completed, session.Status);
        Assert.True(session.Flags.HasFlag(SessionFlags.EndEstimated));
        Assert.Equal(2500, session.EnergyWh);
        Assert.Equal(number, Assert.Single(host.Journal.Cdrs).Value.Session.Number);
    }

    [Theory]
    [InlineData("ocpp2.0.1")]
    [InlineData("ocpp2.1")]
    public async Task Note_25_a_repeated_status_is_one_event_in_2x(string protocol)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [protocol]);
        await charger.CallAsync("b", "BootNotification", """{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M"}}""");
        foreach (var i in Enumerable.Range(0, 5))
            await charger.CallAsync($"{i}", "FirmwareStatusNotification", """{"status":"Downloading","requestId":4}""");
        Assert.Equal(1, host.Journal.Events.ToArray().Count(e => e.Code == "FirmwareStatus"));
    }

    [Fact]
    public async Task Note_28_a_compressed_frame_that_was_not_agreed_to_ends_its_line_and_no_other()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var other = await host.ConnectAsync("CP-2", "00FFab12");
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + $"Sec-WebSocket-Protocol: ocpp1.6\r\nAuthorization: {RawCharger.Basic("CP-1", ChargersHost.Password)}\r\n\r\n"));
        await ChargersHost.UntilAsync(() => host.Registry.Count == 2);
        // RSV1, which nobody agreed to ("unexpected reserved bits 0x40").
        await stream.WriteAsync(new byte[] { 0xC1, 0x84, 1, 2, 3, 4, 0, 0, 0, 0 });
        await ChargersHost.UntilAsync(() => host.Registry.Count == 1);

        await other.CallAsync("1", "Heartbeat", "{}");
        await using var again = await host.ConnectAsync();
        await again.CallAsync("1", "Heartbeat", "{}");
    }

    [Fact]
    public async Task Wire_0_a_boot_and_at_once_the_queued_stop_of_the_run_before()
    {
        await using var host = await ChargersHost.StartAsync();
        int number;
        await using (var before = await host.ConnectAsync())
        {
            await before.BootAsync();
            number = (await before.CallAsync("1", "StartTransaction", Start)).GetProperty("transactionId").GetInt32();
        }
        await using var charger = await host.ConnectAsync();
        var stop = $$"""{"transactionId":{{number}},"idTag":"04A2B3C4","meterStop":4000,"timestamp":"2026-01-01T10:30:00Z","reason":"PowerLoss"}""";
        await charger.SendAsync("""[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","firmwareVersion":"1.0"}]""");
        await charger.SendAsync($"[2,\"s\",\"StopTransaction\",{stop}]");
        await charger.SendAsync("""[2,"t","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]""");
        foreach (var id in new[] { "b", "s", "t" })
            Assert.Equal(id, (await charger.ReceiveAsync())!.Value[1].GetString());
        // And once more under another id, as it does after an answer that it did not like.
        await charger.CallAsync("s2", "StopTransaction", stop);

        Assert.Equal(3000, Assert.Single(host.Journal.Cdrs).Value.Session.EnergyWh);
        Assert.False(host.Journal.Sessions[number].Flags.HasFlag(SessionFlags.EndEstimated));
    }

    [Fact]
    public async Task Wire_1_two_stations_give_the_same_message_ids()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var one = await host.ConnectAsync();
        await using var two = await host.ConnectAsync("CP-2", "00FFab12", s => s.Protocols = ["ocpp2.0.1"]);
        const string id = "2e03f67b-dcc1-0d7b-0000-000000000001";
        var first = await one.CallAsync(id, "StartTransaction", Start);
        await two.CallAsync(id, "BootNotification", """{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M"}}""");
        var second = await one.CallAsync(id, "StartTransaction", Start.Replace("\"connectorId\":1", "\"connectorId\":2", StringComparison.Ordinal));

        Assert.NotEqual(first.GetProperty("transactionId").GetInt32(), second.GetProperty("transactionId").GetInt32());
    }

    [Fact]
    public async Task Wire_2_a_queue_after_an_outage_and_after_a_power_cycle()
    {
        await using var host = await ChargersHost.StartAsync();
        int number;
        await using (var before = await host.ConnectAsync())
        {
            await before.BootAsync();
            number = (await before.CallAsync("1", "StartTransaction", Start)).GetProperty("transactionId").GetInt32();
        }
        // After an outage nobody boots: an old status first, then values, then the Stop.
        await using (var after = await host.ConnectAsync())
        {
            await after.CallAsync("1", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"SuspendedEV","timestamp":"2026-01-01T10:20:00Z"}""");
            await after.CallAsync("2", "MeterValues", $$"""{"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":"2026-01-01T10:20:00Z","sampledValue":[{"value":"2000"}]}]}""");
            await after.CallAsync("3", "StopTransaction", $$"""{"transactionId":{{number}},"idTag":"04A2B3C4","meterStop":2500,"timestamp":"2026-01-01T10:30:00Z"}""");
            await after.CallAsync("4", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-01-01T10:30:05Z"}""");
        }
        Assert.Equal(1500, host.Journal.Sessions[number].EnergyWh);

        // After a power cycle: Boot, the live status, then the old Start and Stop.
        await using var cycled = await host.ConnectAsync();
        await cycled.BootAsync("5");
        await cycled.CallAsync("6", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"2026-01-01T12:00:00Z"}""");
        var old = (await cycled.CallAsync("7", "StartTransaction", """{"connectorId":1,"idTag":"04A2B3C4","meterStart":2500,"timestamp":"2026-01-01T11:00:00Z"}""")).GetProperty("transactionId").GetInt32();
        await cycled.CallAsync("8", "StopTransaction", $$"""{"transactionId":{{old}},"idTag":"04A2B3C4","meterStop":2600,"timestamp":"2026-01-01T11:05:00Z"}""");
        Assert.Equal(100, host.Journal.Sessions[old].EnergyWh);
        Assert.Equal(2, host.Journal.Cdrs.Count);
        Assert.Equal(ConnectorState.Preparing, host.Journal.Stations["CP-1"].Connectors[101].State);
    }

    [Fact]
    public async Task Wire_3_a_start_by_plug_without_a_value_and_a_queued_end_without_evse_and_offline()
    {
        await using var host = await ChargersHost.StartAsync();
        const string transaction = "0123456789abcdef0123456789abcdef01";
        await using (var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]))
        {
            await charger.CallAsync("b", "BootNotification", """{"reason":"PowerUp","chargingStation":{"vendorName":"MicroOcpp","model":"M"}}""");
            await charger.CallAsync("1", "TransactionEvent", $$$"""{"eventType":"Started","timestamp":"2026-01-01T10:00:00Z","triggerReason":"CablePluggedIn","seqNo":0,"transactionInfo":{"transactionId":"{{{transaction}}}"},"evse":{"id":1,"connectorId":1}}""");
            await charger.CallAsync("2", "TransactionEvent", $$$"""{"eventType":"Updated","timestamp":"2026-01-01T10:00:10Z","triggerReason":"Authorized","seqNo":1,"transactionInfo":{"transactionId":"{{{transaction}}}"},"idToken":{"idToken":"04A2B3C4","type":"ISO14443"},"meterValue":[{"timestamp":"2026-01-01T10:00:10Z","sampledValue":[{"value":1000,"context":"Transaction.Begin"}]}]}""");
        }
        await using var again = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        await again.CallAsync("3", "TransactionEvent", $$$"""{"eventType":"Ended","timestamp":"2026-01-01T10:30:00Z","triggerReason":"EVDeparted","seqNo":2,"transactionInfo":{"transactionId":"{{{transaction}}}"},"meterValue":[{"timestamp":"2026-01-01T10:30:00Z","sampledValue":[{"value":3000,"context":"Transaction.End"}]}]}""");

        await ChargersHost.UntilAsync(() => host.Journal.Cdrs.ToArray().Length == 1);
        var session = host.Journal.Cdrs.ToArray()[0].Value.Session;
        Assert.Equal(2000, session.EnergyWh);
        Assert.Equal(new Position("CP-1", 1, 1), session.At);
    }

    [Fact]
    public async Task Wire_4_values_of_other_connectors_between_a_queued_start_and_its_stop()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await charger.CallAsync("0", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Available"}""");
        // Back-dated by a minute, while the status is live.
        var told = DateTimeOffset.UtcNow.AddSeconds(-60);
        var number = (await charger.CallAsync("1", "StartTransaction", $$"""{"connectorId":1,"idTag":"04A2B3C4","meterStart":100,"timestamp":"{{told:yyyy-MM-ddTHH:mm:ssZ}}"}""")).GetProperty("transactionId").GetInt32();
        foreach (var connector in new[] { 3, 2 })
            await charger.CallAsync($"m{connector}", "MeterValues", $$"""{"connectorId":{{connector}},"meterValue":[{"timestamp":"{{told.AddSeconds(10):yyyy-MM-ddTHH:mm:ssZ}}","sampledValue":[{"value":"70000"}]}]}""");
        await charger.CallAsync("s", "StopTransaction", $$"""{"transactionId":{{number}},"idTag":"04A2B3C4","meterStop":400,"timestamp":"{{told.AddSeconds(50):yyyy-MM-ddTHH:mm:ssZ}}"}""");

        Assert.Equal(300, host.Journal.Sessions[number].EnergyWh);
        Assert.Single(host.Journal.Sessions);
    }

    [Fact]
    public async Task Wire_5_no_unit_connector_0_and_blanks_after_commas()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        var number = (await charger.CallAsync("1", "StartTransaction", Start)).GetProperty("transactionId").GetInt32();
        await charger.SendAsync("""[2, "2", "MeterValues", {"connectorId": 0, "meterValue": [{"timestamp": "2026-01-01T10:05:00Z", "sampledValue": [{"value": "999999"}]}]}]""");
        Assert.Equal("2", (await charger.ReceiveAsync())!.Value[1].GetString());
        await charger.SendAsync($$"""[2, "3", "MeterValues", {"connectorId": 1, "transactionId": {{number}}, "meterValue": [{"timestamp": "2026-01-01T10:06:00Z", "sampledValue": [{"value": "1250"}]}]}]""");
        Assert.Equal("3", (await charger.ReceiveAsync())!.Value[1].GetString());

        Assert.Equal(250, host.Journal.Sessions[number].EnergyWh);
    }

    [Fact]
    public async Task Wire_6_two_calls_without_waiting_kWh_as_text_and_a_signed_end()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        var number = (await charger.CallAsync("1", "StartTransaction", Start.Replace("1000", "0", StringComparison.Ordinal))).GetProperty("transactionId").GetInt32();
        await charger.SendAsync($$"""[2,"2","MeterValues",{"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":"2026-01-01T10:05:00Z","sampledValue":[{"value":"0.15001","unit":"kWh"}]}]}]""");
        await charger.SendAsync($$"""[2,"3","MeterValues",{"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":"2026-01-01T10:06:00Z","sampledValue":[{"value":"0.30001","unit":"kWh"}]}]}]""");
        Assert.Equal("2", (await charger.ReceiveAsync())!.Value[1].GetString());
        Assert.Equal("3", (await charger.ReceiveAsync())!.Value[1].GetString());
        Assert.Equal(300, host.Journal.Sessions[number].EnergyWh);

        await charger.CallAsync("4", "StopTransaction", $$"""
            {"transactionId":{{number}},"meterStop":301,"timestamp":"2026-01-01T10:07:00Z","reason":"Remote","transactionData":[
            {"timestamp":"2026-01-01T10:07:00Z","sampledValue":[{"value":"OCMF|{}|{\"SD\":\"00\"}","format":"SignedData","context":"Transaction.End"}]}]}
            """);
        var session = host.Journal.Sessions[number];
        Assert.Equal(301, session.EnergyWh);
        Assert.Equal("OCMF|{}|{\"SD\":\"00\"}", Assert.Single(session.Signed).Data);
    }

    [Theory]
    [InlineData("""{"timestamp":"2026-01-01T10:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":0}""")]
    [InlineData("""{"timestamp":"2026-01-01T10:00:00Z","connectorStatus":"Available","evseId":0,"connectorId":0}""")]
    public async Task Wire_7_states_of_connector_0_in_2x(string status)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.1"]);
        await charger.CallAsync("b", "BootNotification", """{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M"}}""");
        Assert.Equal(JsonValueKind.Object, (await charger.CallAsync("1", "StatusNotification", status)).ValueKind);
        await charger.CallAsync("2", "Heartbeat", "{}");
    }
}
