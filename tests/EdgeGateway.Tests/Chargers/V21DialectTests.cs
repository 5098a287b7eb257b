using System.Text.Json;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers;

/// <summary>What 2.0.1 and 2.1 chargers send, over a real line, frame by frame.</summary>
public sealed class V21DialectTests
{
    private const string Boot = """{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M","serialNumber":"S1","firmwareVersion":"1.0","modem":{"iccid":"8949","imsi":"262"}}}""";

    public static TheoryData<string> Versions => ["ocpp2.0.1", "ocpp2.1"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_session_from_boot_to_end_is_on_disk_with_each_answer(string version)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [version]);
        Assert.Equal(version, charger.Socket.SubProtocol);

        var boot = await SaidAsync(charger, "1", "BootNotification", Boot);
        Assert.Equal("Accepted", boot.GetProperty("status").GetString());
        Assert.Equal(300, boot.GetProperty("interval").GetInt32());
        Assert.Equal(new StationIdentity("V", "M", "S1", "1.0", null, "8949"), host.Journal.Stations["CP-1"].Identity);

        await SaidAsync(charger, "2", "StatusNotification", """{"timestamp":"2026-01-01T09:59:00Z","connectorStatus":"Occupied","evseId":1,"connectorId":1}""");
        Assert.Equal(ConnectorState.Occupied, host.Journal.Stations["CP-1"].Connectors[101].State);
        Assert.Equal("Accepted", StatusOf(await SaidAsync(charger, "3", "Authorize", """{"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}""")));

        var started = await SaidAsync(charger, "4", "TransactionEvent", Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true));
        Assert.Equal("Accepted", StatusOf(started));
        var session = Assert.Single(host.Journal.Sessions).Value;
        Assert.Equal(SessionStatus.Active, session.Status);
        Assert.Equal("tx-1", session.Transaction);

        var updated = await SaidAsync(charger, "5", "TransactionEvent", Event("Updated", 1, "10:30", "MeterValuePeriodic", 1500));
        Assert.False(updated.TryGetProperty("idTokenInfo", out _));
        // 2.0.1 says "SHALL only be sent when charging has ended"; 2.1 has the running cost.
        Assert.Equal(version == "ocpp2.1", updated.TryGetProperty("totalCost", out _));
        Assert.Equal(500, host.Journal.Sessions[session.Number].EnergyWh);

        var ended = await SaidAsync(charger, "6", "TransactionEvent", Event("Ended", 2, "11:00", "EVCommunicationLost", 3000, "Transaction.End", stopped: "EVDisconnected"));
        session = host.Journal.Sessions[session.Number];
        Assert.Equal(SessionStatus.Completed, session.Status);
        Assert.Equal(2000, session.EnergyWh);
        Assert.Equal("EVDisconnected", session.StopReason);
        var cdr = Assert.Single(host.Journal.Cdrs).Value;
        Assert.Equal(2000, cdr.Session.EnergyWh);
        Assert.Equal(cdr.Bill.Total.InclVat, ended.GetProperty("totalCost").GetDecimal());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Events_of_a_queue_make_the_same_bill_in_whatever_order_they_come(string version)
    {
        string?[] sent =
        [
            Event("Started", 0, "10:00", "CablePluggedIn", 1000, "Transaction.Begin", state: "EVConnected", offline: true),
            Event("Updated", 1, "10:05", "Authorized", 1000, token: true, state: "EVConnected", offline: true),
            Event("Updated", 2, "10:10", "ChargingStateChanged", 1000, offline: true),
            Event("Updated", 3, "10:40", "MeterValuePeriodic", 4000, offline: true),
            Event("Updated", 4, "11:00", "ChargingStateChanged", 6000, state: "SuspendedEV", offline: true),
            Event("Ended", 5, "11:30", "EVCommunicationLost", 6000, "Transaction.End", stopped: "EVDisconnected", state: "Idle", offline: true),
        ];
        string? expected = null;
        for (var seed = 0; seed < 6; seed++)
        {
            await using var host = await ChargersHost.StartAsync();
            await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [version]);
            var order = sent.ToArray();
            if (seed > 0)
                new Random(seed).Shuffle(order);
            for (var i = 0; i < order.Length; i++)
                await charger.CallAsync($"{i}", "TransactionEvent", order[i]!);

            var cdr = Assert.Single(host.Journal.Cdrs).Value;
            var said = $"{cdr.Session.EnergyWh} Wh {cdr.Session.StartedAt:O} {cdr.Session.EndedAt:O} {cdr.Bill.Total} {cdr.Bill.Duration} {cdr.Bill.Parking} {cdr.Bill.Periods.Length}";
            Assert.True((expected ??= said) == said, $"seed {seed}: {said}, in order {expected}");
        }
        Assert.StartsWith("5000 Wh", expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TransactionEvent", "{}")]
    [InlineData("TransactionEvent", """{"eventType":"Exploded","timestamp":"yesterday","triggerReason":7,"seqNo":"many","transactionInfo":[]}""")]
    [InlineData("TransactionEvent", """{"eventType":"Ended","timestamp":"2026-01-01T11:00:00Z","triggerReason":"EVDeparted","seqNo":4,"transactionInfo":{"transactionId":"never-heard-of"}}""")]
    [InlineData("TransactionEvent", """{"eventType":"Ended","timestamp":"2026-01-01T11:00:00Z","transactionInfo":{},"idToken":{"idToken":"04A2B3C4"}}""")]
    [InlineData("TransactionEvent", """{"eventType":"Started","timestamp":"2026-01-01T10:00:00Z","triggerReason":"CablePluggedIn","seqNo":-5,"transactionInfo":{"transactionId":""},"evse":{"id":1}}""")]
    [InlineData("TransactionEvent", """{"eventType":"Started","timestamp":"2026-01-01T10:00:00Z","triggerReason":"CablePluggedIn","seqNo":0,"transactionInfo":{"transactionId":"a"},"evse":{"id":0,"connectorId":0}}""")]
    [InlineData("TransactionEvent", """{"eventType":"Updated","timestamp":"2026-01-01T10:00:00Z","triggerReason":"Trigger","seqNo":9999999999,"transactionInfo":{"transactionId":"a"},"evse":{"id":77,"connectorId":99},"meterValue":[{"timestamp":"x","sampledValue":[{"value":"NaN"}]}]}""")]
    [InlineData("TransactionEvent", """{"eventType":"Started","timestamp":"2026-01-01T10:00:00Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"a"},"idToken":{"idToken":"","type":"NoAuthorization"}}""")]
    [InlineData("MeterValues", "{}")]
    [InlineData("MeterValues", """{"evseId":"a","meterValue":{"timestamp":"x","sampledValue":{"value":12}}}""")]
    [InlineData("MeterValues", """{"evseId":0,"meterValue":[{"timestamp":"2026-01-01T10:00:00Z","sampledValue":[{"value":1,"measurand":"Mood"},{"value":5,"location":"Moon"}]}]}""")]
    public async Task Messages_of_a_transaction_get_a_result_whatever_is_wrong_with_them(string action, string payload)
    {
        await using var host = await ChargersHost.StartAsync();
        foreach (var version in Versions)
        {
            await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [version]);
            var first = await charger.CallAsync("1", action, payload);
            Assert.Equal(first.GetRawText(), (await charger.CallAsync("2", action, payload)).GetRawText());
            Assert.Equal(JsonValueKind.Object, (await charger.CallAsync("3", "Heartbeat", "{}")).ValueKind);
        }
        Assert.True(host.Journal.Sessions.Count <= 1);
    }

    [Fact]
    public async Task An_event_without_an_id_goes_to_the_transaction_that_runs_there()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        await charger.CallAsync("1", "TransactionEvent", Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true));

        await charger.CallAsync("2", "TransactionEvent", Event("Ended", 1, "11:00", "EVDeparted", 3000, "Transaction.End").Replace("\"transactionId\":\"tx-1\",", "", StringComparison.Ordinal));

        Assert.Equal(2000, Assert.Single(host.Journal.Cdrs).Value.Session.EnergyWh);
    }

    [Theory]
    [InlineData(1, 1, new[] { 101 })]
    [InlineData(1, 0, new[] { 101 })]
    [InlineData(0, 0, new[] { 0 })]
    [InlineData(100, 1, new int[0])]
    public async Task A_status_is_true_where_the_numbers_can_only_mean(int evse, int connector, int[] keys)
    {
        // ocpp-go says connector 0 of EVSE 1, shiv3 0 and 0 (seen on the wire, 7).
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.1"]);

        await charger.CallAsync("1", "StatusNotification", $$"""{"timestamp":"2026-01-01T10:00:00Z","connectorStatus":"Faulted","evseId":{{evse}},"connectorId":{{connector}}}""");

        Assert.Equal(keys, host.Journal.Stations["CP-1"].Connectors.Where(c => c.Value.State == ConnectorState.Faulted).Select(c => c.Key));
    }

    [Theory]
    [InlineData("""{"idToken":"04A2B3C4","type":"ISO14443"}""", "Accepted")]
    [InlineData("""{"idToken":" 04a2b3c4 ","type":"ISO15693","additionalInfo":[{"additionalIdToken":"x","type":"y"}]}""", "Accepted")]
    [InlineData("""{"idToken":"04A2B3C4","type":"Central"}""", "Accepted")]
    [InlineData("""{"idToken":"DEAD0001","type":"ISO14443"}""", "Blocked")]
    [InlineData("""{"idToken":"NOBODY","type":"ISO14443"}""", "Invalid")]
    [InlineData("""{"idToken":"","type":"NoAuthorization"}""", "Invalid")]
    [InlineData("""{"idToken":"EMPTY","type":"ISO14443"}""", "NoCredit")]
    [InlineData("""{"idToken":"ELSEWHERE","type":"ISO14443"}""", "NotAtThisLocation")]
    [InlineData("""{"idToken":"DEABCC000000011","type":"eMAID"}""", "Accepted")]
    [InlineData("""{"idToken":"DE-ABC-C00000001-1","type":"eMAID"}""", "Accepted")]
    [InlineData("""{"idToken":"DE-ABC-C00000002-2","type":"eMAID"}""", "Blocked")]
    [InlineData("""{"idToken":"DE-ABC-C99999999-9","type":"eMAID"}""", "Invalid")]
    [InlineData("""{"idToken":"04A2B3C4","type":"KeyCode"}""", "Invalid")]
    [InlineData("""{"idToken":"4711","type":"KeyCode"}""", "Accepted")]
    [InlineData("""{"idToken":"AABBCCDDEEFF","type":"MacAddress"}""", "Accepted")]
    public async Task Tokens_of_each_type_are_known_by_what_they_name(string token, string status)
    {
        await using var host = await StartWithTokensAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.1"]);

        var answer = await charger.CallAsync("1", "Authorize", $$"""{"idToken":{{token}}}""");

        Assert.Equal(status, StatusOf(answer));
        Assert.Equal(status == "Accepted", answer.GetProperty("idTokenInfo").TryGetProperty("cacheExpiryDateTime", out _));
    }

    [Fact]
    public async Task A_card_of_a_group_is_told_with_its_group_and_language()
    {
        await using var host = await StartWithTokensAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);

        var info = (await charger.CallAsync("1", "Authorize", """{"idToken":{"idToken":"AABBCCDDEEFF","type":"MacAddress"}}""")).GetProperty("idTokenInfo");

        Assert.Equal("FLEET", info.GetProperty("groupIdToken").GetProperty("idToken").GetString());
        Assert.Equal("Central", info.GetProperty("groupIdToken").GetProperty("type").GetString());
        Assert.Equal("de", info.GetProperty("language1").GetString());
    }

    [Fact]
    public async Task A_contract_whose_certificate_cannot_be_checked_lets_nobody_in()
    {
        await using var host = await StartWithTokensAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);

        var answer = await charger.CallAsync("1", "Authorize", """{"idToken":{"idToken":"DE-ABC-C00000001-1","type":"eMAID"},"certificate":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}""");
        Assert.Equal("Invalid", StatusOf(answer));
        Assert.Equal("CertChainError", answer.GetProperty("certificateStatus").GetString());

        const string hashes = """[{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"c","responderURL":"http://ocsp.example"}]""";
        answer = await charger.CallAsync("2", "Authorize", $$"""{"idToken":{"idToken":"DE-ABC-C00000001-1","type":"eMAID"},"iso15118CertificateHashData":{{hashes}}}""");
        Assert.Equal(("Accepted", "Accepted"), (StatusOf(answer), answer.GetProperty("certificateStatus").GetString()));
        answer = await charger.CallAsync("3", "Authorize", $$"""{"idToken":{"idToken":"DE-ABC-C99999999-9","type":"eMAID"},"iso15118CertificateHashData":{{hashes}}}""");
        Assert.Equal(("Invalid", "ContractCancelled"), (StatusOf(answer), answer.GetProperty("certificateStatus").GetString()));
    }

    [Fact]
    public async Task Values_are_brought_to_their_unit_and_what_the_vehicle_says_is_not_the_sessions_energy()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        await charger.CallAsync("1", "TransactionEvent", Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true));

        const string samples = """
            [{"value":15,"measurand":"Energy.Active.Import.Register","unitOfMeasure":{"unit":"Wh","multiplier":2}},
             {"value":99,"measurand":"Energy.Active.Import.Register","location":"EV","unitOfMeasure":{"unit":"kWh"}},
             {"value":9,"measurand":"Energy.Active.Import.Register","location":"Upstream","unitOfMeasure":{"unit":"kWh"}},
             {"value":3.5,"measurand":"Power.Active.Import","phase":"L1","unitOfMeasure":{"unit":"kW"}},{"value":3.6,"measurand":"Power.Active.Import","phase":"L2","unitOfMeasure":{"unit":"kW"}},
             {"value":42,"measurand":"SoC","location":"EV","unitOfMeasure":{"unit":"Percent"}}]
            """;
        await charger.CallAsync("2", "TransactionEvent", $$"""{"eventType":"Updated","timestamp":"2026-01-01T10:30:00Z","triggerReason":"MeterValuePeriodic","seqNo":1,"transactionInfo":{"transactionId":"tx-1"},"meterValue":[{"timestamp":"2026-01-01T10:30:00Z","sampledValue":{{samples}}}]}""");

        var session = Assert.Single(host.Journal.Sessions).Value;
        Assert.Equal(500, session.EnergyWh);
        Assert.Equal((7100m, 42m), (session.Course[^1].PowerW, session.Course[^1].StateOfCharge));
    }

    [Fact]
    public async Task Signed_values_are_kept_with_all_that_is_needed_to_check_them()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        const string signed = """{"signedMeterData":"T0NNRnx7fXx7fQ+/==","encodingMethod":"OCMF","signingMethod":"ECDSA-secp256r1-SHA256","publicKey":"MFkw+/=="}""";

        await charger.CallAsync("1", "TransactionEvent", Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true)
            .Replace("\"measurand\"", $"\"signedMeterValue\":{signed},\"measurand\"", StringComparison.Ordinal));

        var kept = Assert.Single(Assert.Single(host.Journal.Sessions).Value.Signed);
        Assert.Equal(("Start", signed), (kept.Nature, kept.Data));
    }

    [Fact]
    public async Task Before_it_is_let_in_a_station_is_heard_where_it_would_lose_sessions_and_refused_the_rest()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { UnknownStations = UnknownStations.Pending });
        await using var charger = await host.ConnectAsync("STRANGER", password: null, settings: s => s.Protocols = ["ocpp2.1"]);
        Assert.Equal("Pending", (await charger.CallAsync("1", "BootNotification", Boot)).GetProperty("status").GetString());

        var refused = await charger.AskAsync("2", "StatusNotification", """{"timestamp":"2026-01-01T10:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}""");
        Assert.Equal("SecurityError", refused!.Value[2].GetString());
        var started = await charger.CallAsync("3", "TransactionEvent", Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true));
        Assert.Equal("Invalid", StatusOf(started));
        Assert.True(Assert.Single(host.Journal.Sessions).Value.Authorization.Status == AuthorizationStatus.Invalid);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_answered_and_comes_again()
    {
        await using var host = await ChargersHost.StartAsync();
        var started = Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true);
        await using (var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]))
        {
            await charger.CallAsync("1", "Heartbeat", "{}");
            host.Journal.Failing = _ => new IOException("the disk is full");
            Assert.Null(await charger.AskAsync("2", "TransactionEvent", started));
            host.Journal.Failing = null;
        }
        Assert.Empty(host.Journal.Sessions);
        await using var again = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        Assert.Equal("Accepted", StatusOf(await again.CallAsync("2", "TransactionEvent", started)));
        Assert.Single(host.Journal.Sessions);
    }

    /// <summary>What the gateway asks a station that has booted may come before its answer.</summary>
    private static async Task<JsonElement> SaidAsync(RawCharger charger, string id, string action, string payload)
    {
        var answer = await charger.AskAsync(id, action, payload);
        while (answer is { } asked && asked[0].GetInt32() == 2)
            answer = await charger.ReceiveAsync();
        Assert.Equal((3, id), (answer!.Value[0].GetInt32(), answer.Value[1].GetString()));
        return answer.Value[2];
    }

    private static Task<ChargersHost> StartWithTokensAsync() => ChargersHost.StartAsync(site: s => s with
    {
        LocalTokens =
        [
            .. s.LocalTokens,
            new() { Uid = "4711", Owner = new("DE", "ABC"), Type = TokenType.Other },
            new() { Uid = "AABBCCDDEEFF", Owner = new("DE", "ABC"), Type = TokenType.Other, GroupId = "FLEET", Language = "de" },
        ],
    });

    private static string? StatusOf(JsonElement answer) => answer.GetProperty("idTokenInfo").GetProperty("status").GetString();

    [Fact]
    public async Task A_station_without_a_clock_is_shown_faulted_all_the_same()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        await charger.CallAsync("1", "BootNotification", Boot);

        await charger.CallAsync("2", "StatusNotification", """{"connectorStatus":"Faulted","evseId":1,"connectorId":1}""");
        Assert.Equal(ConnectorState.Faulted, host.Journal.Stations["CP-1"].Connectors[101].State);
    }

    internal static string Event(
        string type, int sequence, string time, string trigger, int registerWh, string context = "Sample.Periodic", bool token = false, string? stopped = null,
        string state = "Charging", bool offline = false) => $$$"""
        {"eventType":"{{{type}}}","timestamp":"2026-01-01T{{{time}}}:00Z","triggerReason":"{{{trigger}}}","seqNo":{{{sequence}}},"offline":{{{(offline ? "true" : "false")}}},
        "transactionInfo":{"transactionId":"tx-1","chargingState":"{{{state}}}"{{{(stopped is null ? "" : $",\"stoppedReason\":\"{stopped}\"")}}}},
        "evse":{"id":1,"connectorId":1}{{{(token ? ",\"idToken\":{\"idToken\":\"04A2B3C4\",\"type\":\"ISO14443\"}" : "")}}},
        "meterValue":[{"timestamp":"2026-01-01T{{{time}}}:00Z","sampledValue":[{"value":{{{registerWh}}},"context":"{{{context}}}","measurand":"Energy.Active.Import.Register","unitOfMeasure":{"unit":"Wh"}}]}]}
        """;
}
