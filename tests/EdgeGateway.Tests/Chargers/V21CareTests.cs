using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers;

/// <summary>What people want done to 2.0.1 and 2.1 stations: each frame literally and against the version's schema, each status for what it means.</summary>
public sealed class V21CareTests
{
    private static readonly string[] Both = ["2.0.1", "2.1"];
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Versions => [.. Both];

    /// <summary>A task, what is sent for it, what comes back, and what that means.</summary>
    private static readonly (string Name, CareTask Task, string Action, string Payload, (string Answer, CareOutcome Outcome)[] Answers)[] Table =
    [
        ("reset", new ResetStation(Hard: true), "Reset", """{"type":"Immediate"}""",
            [("""{"status":"Accepted"}""", CareOutcome.Done), ("""{"status":"Rejected","statusInfo":{"reasonCode":"InvalidInput"}}""", CareOutcome.Refused), ("""{"status":"Scheduled"}""", CareOutcome.Later), ("NotSupported", CareOutcome.NotSupported)]),
        ("reset of an EVSE", new ResetStation(Hard: false, 2), "Reset", """{"type":"OnIdle","evseId":2}""", [("""{"status":"Scheduled"}""", CareOutcome.Later)]),
        ("unlock", new UnlockConnector(2), "UnlockConnector", """{"evseId":2,"connectorId":1}""",
            [("""{"status":"Unlocked"}""", CareOutcome.Done), ("""{"status":"UnlockFailed"}""", CareOutcome.Refused), ("""{"status":"OngoingAuthorizedTransaction"}""", CareOutcome.Refused), ("""{"status":"UnknownConnector"}""", CareOutcome.Refused)]),
        ("availability", new SetAvailability(false), "ChangeAvailability", """{"operationalStatus":"Inoperative"}""",
            [("""{"status":"Accepted"}""", CareOutcome.Done), ("""{"status":"Rejected"}""", CareOutcome.Refused), ("""{"status":"Scheduled"}""", CareOutcome.Later)]),
        ("availability of a connector", new SetAvailability(true, 2, 1), "ChangeAvailability", """{"operationalStatus":"Operative","evse":{"id":2,"connectorId":1}}""",
            [("""{"status":"Accepted"}""", CareOutcome.Done)]),
        ("trigger", new TriggerMessage("statusnotification", 1, 1), "TriggerMessage", """{"requestedMessage":"StatusNotification","evse":{"id":1,"connectorId":1}}""",
            [("""{"status":"Accepted"}""", CareOutcome.Done), ("""{"status":"Rejected"}""", CareOutcome.Refused), ("""{"status":"NotImplemented"}""", CareOutcome.NotSupported)]),
        ("trigger of a transaction event", new TriggerMessage("TransactionEvent", 1), "TriggerMessage", """{"requestedMessage":"TransactionEvent","evse":{"id":1}}""",
            [("""{"status":"Accepted"}""", CareOutcome.Done)]),
        ("cache", new ClearAuthorizationCache(), "ClearCache", "{}", [("""{"status":"Accepted"}""", CareOutcome.Done), ("""{"status":"Rejected"}""", CareOutcome.Refused)]),
        ("limit off", new SetStationLimit(null, LimitUnit.Watts), "ClearChargingProfile", """{"chargingProfileId":2000000000}""",
            [("""{"status":"Accepted"}""", CareOutcome.Done), ("""{"status":"Unknown"}""", CareOutcome.Done)]),
        ("text", new ShowText(7, "Out of order", InFront: true, To: Nine), "SetDisplayMessage",
            """{"message":{"id":7,"priority":"InFront","message":{"format":"ASCII","content":"Out of order"},"endDateTime":"2026-03-02T09:00:00.000Z"}}""",
            [("""{"status":"Accepted"}""", CareOutcome.Done), ("""{"status":"NotSupportedPriority"}""", CareOutcome.Refused)]),
        ("no text", new HideText(7), "ClearDisplayMessage", """{"id":7}""", [("""{"status":"Accepted"}""", CareOutcome.Done), ("""{"status":"Unknown"}""", CareOutcome.Refused)]),
    ];

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var version in Both)
            {
                foreach (var (name, _, _, _, answers) in Table)
                {
                    foreach (var (answer, _) in answers)
                        data.Add(version, name, answer);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_task_is_said_in_the_versions_words_and_its_answer_is_told_in_the_stations(string version, string name, string answer)
    {
        var (_, task, action, payload, answers) = Table.Single(t => t.Name == name);
        await using var bench = await V21Bench.StartAsync(version);
        var care = bench.CareAsync(task);
        var id = await bench.ExpectAsync(action, payload);
        if (answer.StartsWith('{'))
            await bench.AnswerAsync(id, action, answer);
        else
            await bench.RefuseAsync(id, answer);
        var result = await care;
        Assert.Equal(answers.Single(a => a.Answer == answer).Outcome, result.Outcome);
        Assert.NotEmpty(result.Text);
        await ChargersHost.UntilAsync(() => bench.Host.HasEvent("StationCare", "CP-1"));
    }

    [Theory]
    [InlineData("SignV2G20Certificate", "2.1", """{"requestedMessage":"SignV2G20Certificate"}""")]
    [InlineData("SignV2G20Certificate", "2.0.1", null)]
    [InlineData("VendorSelfTest", "2.1", """{"requestedMessage":"CustomTrigger","customTrigger":"VendorSelfTest"}""")]
    [InlineData("VendorSelfTest", "2.0.1", null)]
    public async Task Triggers_that_only_2_1_has_never_reach_a_2_0_1_station(string message, string version, string? payload)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var care = bench.CareAsync(new TriggerMessage(message));
        if (payload is not null)
        {
            var id = await bench.ExpectAsync("TriggerMessage", payload);
            await bench.AnswerAsync(id, "TriggerMessage", """{"status":"Accepted"}""");
        }
        Assert.Equal(payload is null ? CareOutcome.Invalid : CareOutcome.Done, (await care).Outcome);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Settings_are_read_as_many_at_once_as_the_station_takes_and_what_it_does_not_tell_has_a_note(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var care = bench.CareAsync(new ReadSettings(["TxCtrlr.EVConnectionTimeOut", "Connector@1/2.Available", "DisplayMessageCtrlr(Main)@1.Enabled(en)"]));
        var id = await bench.ExpectAsync("GetVariables", Limit("GetVariables"));
        await bench.AnswerAsync(id, "GetVariables", $$"""{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"2",{{Names("GetVariables")}}}]}""");
        id = await bench.ExpectAsync("GetVariables", Limit("SetVariables"));
        await bench.AnswerAsync(id, "GetVariables", $$"""{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"2",{{Names("SetVariables")}}}]}""");
        id = await bench.ExpectAsync(
            "GetVariables",
            """{"getVariableData":[{"component":{"name":"TxCtrlr"},"variable":{"name":"EVConnectionTimeOut"}},{"component":{"name":"Connector","evse":{"id":1,"connectorId":2}},"variable":{"name":"Available"}}]}""");
        await bench.AnswerAsync(
            id, "GetVariables",
            """{"getVariableResult":[{"attributeStatus":"UnknownComponent","component":{"name":"Connector","evse":{"id":1,"connectorId":2}},"variable":{"name":"Available"}},{"attributeStatus":"Accepted","attributeValue":"60","component":{"name":"TxCtrlr"},"variable":{"name":"EVConnectionTimeOut"}}]}""");
        id = await bench.ExpectAsync(
            "GetVariables", """{"getVariableData":[{"component":{"name":"DisplayMessageCtrlr","evse":{"id":1},"instance":"Main"},"variable":{"name":"Enabled","instance":"en"}}]}""");
        await bench.AnswerAsync(
            id, "GetVariables",
            """{"getVariableResult":[{"attributeStatus":"Rejected","attributeStatusInfo":{"reasonCode":"WriteOnly"},"component":{"name":"DisplayMessageCtrlr","evse":{"id":1},"instance":"Main"},"variable":{"name":"Enabled","instance":"en"}}]}""");
        var result = await care;
        Assert.Equal(CareOutcome.Done, result.Outcome);
        Assert.Equal(
            [
                new("TxCtrlr.EVConnectionTimeOut", "60"), new("Connector@1/2.Available", null, "UnknownComponent"), new("DisplayMessageCtrlr(Main)@1.Enabled(en)", null, "Rejected WriteOnly"),
            ],
            result.Values);
    }

    [Fact]
    public async Task A_station_that_takes_less_at_once_than_it_says_is_asked_one_by_one()
    {
        await using var bench = await V21Bench.StartAsync("2.0.1");
        var care = bench.CareAsync(new ReadSettings(["A.B", "C.D"]));
        foreach (var limit in (string[])["GetVariables", "SetVariables"])
        {
            var id = await bench.ExpectAsync("GetVariables", Limit(limit));
            await bench.AnswerAsync(id, "GetVariables", $$"""{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"9",{{Names(limit)}}}]}""");
        }
        await bench.RefuseAsync((await bench.ExpectAsync("GetVariables")).Id, "OccurrenceConstraintViolation");
        foreach (var (component, variable) in new[] { ("A", "B"), ("C", "D") })
        {
            var item = $$$"""{"component":{"name":"{{{component}}}"},"variable":{"name":"{{{variable}}}"}}""";
            var id = await bench.ExpectAsync("GetVariables", $$"""{"getVariableData":[{{item}}]}""");
            await bench.AnswerAsync(id, "GetVariables", $$"""{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"1",{{item[1..]}}]}""");
        }
        Assert.Equal([new("A.B", "1"), new("C.D", "1")], (await care).Values);
    }

    [Theory]
    [InlineData("Accepted", CareOutcome.Done)]
    [InlineData("RebootRequired", CareOutcome.Later)]
    [InlineData("Rejected", CareOutcome.Refused)]
    [InlineData("UnknownVariable", CareOutcome.Refused)]
    public async Task A_setting_is_written_and_its_status_told(string status, CareOutcome expected)
    {
        await using var bench = await V21Bench.StartAsync("2.0.1");
        var care = bench.CareAsync(new WriteSettings(ImmutableSortedDictionary<string, string>.Empty.Add("OCPPCommCtrlr.WebSocketPingInterval", "30")));
        var id = await bench.ExpectAsync(
            "SetVariables", """{"setVariableData":[{"attributeValue":"30","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"WebSocketPingInterval"}}]}""");
        await bench.AnswerAsync(
            id, "SetVariables",
            $$$"""{"setVariableResult":[{"attributeStatus":"{{{status}}}","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"WebSocketPingInterval"}}]}""");
        var result = await care;
        Assert.Equal(expected, result.Outcome);
        Assert.Equal([new("OCPPCommCtrlr.WebSocketPingInterval", null, status)], result.Values);
    }

    [Fact]
    public async Task Of_two_settings_one_that_is_refused_is_not_taken_for_done()
    {
        await using var bench = await V21Bench.StartAsync("2.0.1");
        var care = bench.CareAsync(new WriteSettings(ImmutableSortedDictionary<string, string>.Empty.Add("A.B", "1").Add("C.D", "2")));
        foreach (var limit in (string[])["GetVariables", "SetVariables"])
        {
            var asked = await bench.ExpectAsync("GetVariables", Limit(limit));
            await bench.AnswerAsync(asked, "GetVariables", $$"""{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"9",{{Names(limit)}}}]}""");
        }
        var id = await bench.ExpectAsync(
            "SetVariables",
            """{"setVariableData":[{"attributeValue":"1","component":{"name":"A"},"variable":{"name":"B"}},{"attributeValue":"2","component":{"name":"C"},"variable":{"name":"D"}}]}""");
        await bench.AnswerAsync(
            id, "SetVariables",
            """{"setVariableResult":[{"attributeStatus":"Accepted","component":{"name":"A"},"variable":{"name":"B"}},{"attributeStatus":"UnknownVariable","component":{"name":"C"},"variable":{"name":"D"}}]}""");
        var result = await care;
        Assert.Equal(CareOutcome.Refused, result.Outcome);
        Assert.Equal([new("A.B", null, "Accepted"), new("C.D", null, "UnknownVariable")], result.Values);
    }

    [Theory]
    [InlineData("MeterValueSampleInterval")]
    [InlineData("A(b.C")]
    [InlineData("A@x.C")]
    [InlineData(".C")]
    [InlineData("A.")]
    public async Task A_name_that_is_no_variable_is_not_sent(string name)
    {
        await using var bench = await V21Bench.StartAsync("2.1");
        var result = await bench.CareAsync(new ReadSettings([name]));
        Assert.Equal(CareOutcome.Invalid, result.Outcome);
        Assert.Contains(name, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_settings_are_those_of_the_device_model_and_where_there_is_none_they_are_asked_for()
    {
        await using var bench = await V21Bench.StartAsync("2.0.1");
        var care = bench.CareAsync(new ReadSettings([]));
        var (id, payload) = await bench.ExpectAsync("GetBaseReport");
        Assert.Equal("ConfigurationInventory", payload.GetProperty("reportBase").GetString());
        await bench.AnswerAsync(id, "GetBaseReport", """{"status":"Accepted"}""");
        foreach (var (name, sequence, more) in new[] { ("B", 0, "true"), ("A", 1, "false") })
        {
            await bench.Charger.CallAsync(
                $"r{sequence}", "NotifyReport",
                $$$"""{"requestId":{{{payload.GetProperty("requestId")}}},"generatedAt":"2026-03-02T09:00:00Z","seqNo":{{{sequence}}},"tbc":{{{more}}},"reportData":[{"component":{"name":"{{{name}}}"},"variable":{"name":"X"},"variableAttribute":[{"value":"{{{sequence}}}","mutability":"ReadOnly"},{"type":"Target","value":"9"}]}]}""");
        }
        var expected = new CareValue[] { new("A.X", "1", "ReadOnly"), new("B.X", "0", "ReadOnly") };
        Assert.Equal(expected, (await care).Values);

        // It is known now.
        var again = await bench.CareAsync(new ReadSettings([]));
        Assert.Equal((CareOutcome.Done, "2 values, as told at"), (again.Outcome, again.Text[..20]));
        Assert.Equal(expected, again.Values);
    }

    [Fact]
    public async Task A_report_that_stays_away_is_told_as_far_as_it_came()
    {
        var clock = new Fixtures.ManualClock();
        await using var bench = await V21Bench.StartAsync("2.0.1", clock);
        var care = bench.CareAsync(new ReadSettings([]));
        var (id, _) = await bench.ExpectAsync("GetBaseReport");
        await bench.AnswerAsync(id, "GetBaseReport", """{"status":"Accepted"}""");
        await ChargersHost.UntilAsync(() => care.IsCompleted, () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(CareOutcome.TimedOut, (await care).Outcome);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_limit_of_the_station_is_its_maximum_and_where_that_is_refused_the_default_of_its_transactions(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var care = bench.CareAsync(new SetStationLimit(11000.55m, LimitUnit.Watts));
        // EVSE 0 has no voltage of its own, so watts stay watts.
        foreach (var (purpose, kind, level) in new[] { ("ChargingStationMaxProfile", "Absolute", 1), ("ChargingStationMaxProfile", "Absolute", 0), ("TxDefaultProfile", "Relative", 1) })
        {
            var (id, payload) = await bench.ExpectAsync("SetChargingProfile");
            var profile = payload.GetProperty("chargingProfile");
            Assert.Equal(0, payload.GetProperty("evseId").GetInt32());
            Assert.Equal((2_000_000_000, purpose, kind, level), (profile.GetProperty("id").GetInt32(), profile.GetProperty("chargingProfilePurpose").GetString(), profile.GetProperty("chargingProfileKind").GetString(), profile.GetProperty("stackLevel").GetInt32()));
            Assert.False(profile.TryGetProperty("transactionId", out _));
            Assert.Equal(11000.5m, profile.GetProperty("chargingSchedule")[0].GetProperty("chargingSchedulePeriod")[0].GetProperty("limit").GetDecimal());
            await bench.AnswerAsync(id, "SetChargingProfile", purpose == "TxDefaultProfile" ? """{"status":"Accepted"}""" : """{"status":"Rejected"}""");
        }
        Assert.Equal(CareOutcome.Done, (await care).Outcome);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_limit_of_an_EVSE_is_the_default_of_its_transactions(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var care = bench.CareAsync(new SetStationLimit(16, LimitUnit.Amperes, 2));
        var id = await bench.ExpectAsync(
            "SetChargingProfile",
            """{"evseId":2,"chargingProfile":{"id":2000000002,"stackLevel":1,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative","chargingSchedule":[{"id":2000000002,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]}}""");
        await bench.AnswerAsync(id, "SetChargingProfile", """{"status":"Accepted"}""");
        Assert.Equal(CareOutcome.Done, (await care).Outcome);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Limits_are_the_installed_profiles_as_they_come_in_and_the_composite_schedule(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var care = bench.CareAsync(new ReadLimits(1, 2));
        var (id, payload) = await bench.ExpectAsync("GetChargingProfiles");
        var request = payload.GetProperty("requestId").GetInt32();
        Assert.Equal($$$"""{"requestId":{{{request}}},"chargingProfile":{},"evseId":1}""", payload.GetRawText());
        await bench.AnswerAsync(id, "GetChargingProfiles", """{"status":"Accepted"}""");
        await bench.Charger.CallAsync("p1", "ReportChargingProfiles", Profile(1, "TxDefaultProfile", true));
        await bench.Charger.SendAsync($"[2,\"p2\",\"ReportChargingProfiles\",{Profile(2, "ChargingStationMaxProfile", false)}]");
        var next = await NextCallAsync(bench);
        Assert.Equal("GetCompositeSchedule", next[2].GetString());
        Assert.Equal("""{"duration":7200,"evseId":1}""", next[3].GetRawText());
        await bench.AnswerAsync(
            next[1].GetString()!, "GetCompositeSchedule",
            """{"status":"Accepted","schedule":{"evseId":1,"duration":7200,"scheduleStart":"2026-03-02T09:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16},{"startPeriod":600,"limit":6.5}]}}""");
        var result = await care;
        Assert.Equal(CareOutcome.Done, result.Outcome);
        Assert.Equal(
            [
                new("profile 1 of EVSE 1", "TxDefaultProfile Absolute, stack level 0; 0 s: 32 A", "EMS"), new("profile 2 of EVSE 1", "ChargingStationMaxProfile Absolute, stack level 0; 0 s: 32 A", "EMS"),
                new("composite of EVSE 1", "0 s: 16 A, 600 s: 6.5 A", "2026-03-02T09:00:00.0000000+00:00"),
            ],
            result.Values);

        string Profile(int number, string purpose, bool more) => $$$"""
            {"requestId":{{{request}}},"chargingLimitSource":"EMS","evseId":1,"tbc":{{{(more ? "true" : "false")}}},"chargingProfile":[{"id":{{{number}}},"stackLevel":0,"chargingProfilePurpose":"{{{purpose}}}","chargingProfileKind":"Absolute","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":32}]}]}]}
            """;
    }

    [Fact]
    public async Task Firmware_is_fetched_and_signed_firmware_comes_with_both_its_signature_and_its_certificate()
    {
        await using var bench = await V21Bench.StartAsync("2.0.1");
        Assert.Equal(CareOutcome.Invalid, (await bench.CareAsync(new UpdateFirmware(new("http://gw/f"), Signature: "c2ln"))).Outcome);

        foreach (var (status, expected) in new[] { ("Accepted", CareOutcome.Done), ("AcceptedCanceled", CareOutcome.Done), ("Rejected", CareOutcome.Refused), ("InvalidCertificate", CareOutcome.Refused), ("RevokedCertificate", CareOutcome.Refused) })
        {
            var care = bench.CareAsync(new UpdateFirmware(new("http://gw/f"), Nine, Nine.AddHours(1), 3, "c2ln", "PEM"));
            var (id, payload) = await bench.ExpectAsync("UpdateFirmware");
            Assert.Equal(
                $$$"""{"requestId":{{{payload.GetProperty("requestId")}}},"firmware":{"location":"http://gw/f","retrieveDateTime":"2026-03-02T09:00:00.000Z","installDateTime":"2026-03-02T10:00:00.000Z","signingCertificate":"PEM","signature":"c2ln"},"retries":3}""",
                payload.GetRawText());
            await bench.AnswerAsync(id, "UpdateFirmware", $$"""{"status":"{{status}}"}""");
            Assert.Equal(expected, (await care).Outcome);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Logs_are_brought_and_the_name_of_their_file_is_told(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var care = bench.CareAsync(new UploadLogs(new("http://gw/up"), Security: true, From: Nine, To: Nine.AddDays(1)));
        var (id, payload) = await bench.ExpectAsync("GetLog");
        Assert.Equal(
            $$$"""{"log":{"remoteLocation":"http://gw/up","oldestTimestamp":"2026-03-02T09:00:00.000Z","latestTimestamp":"2026-03-03T09:00:00.000Z"},"logType":"SecurityLog","requestId":{{{payload.GetProperty("requestId")}}}}""",
            payload.GetRawText());
        await bench.AnswerAsync(id, "GetLog", """{"status":"Accepted","filename":"sec.log"}""");
        var result = await care;
        Assert.Equal(CareOutcome.Done, result.Outcome);
        Assert.Equal("sec.log", result.Values.Single(v => v.Name == "fileName").Value);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_a_station_keeps_of_a_customer_is_told_as_it_comes_in(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        Assert.Equal(CareOutcome.Invalid, (await bench.CareAsync(new CustomerData("04A2B3C4", false, false))).Outcome);
        var care = bench.CareAsync(new CustomerData("04A2B3C4", Report: true, Clear: false));
        var (id, payload) = await bench.ExpectAsync("CustomerInformation");
        var request = payload.GetProperty("requestId").GetInt32();
        Assert.Equal($$$"""{"requestId":{{{request}}},"report":true,"clear":false,"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}""", payload.GetRawText());
        await bench.AnswerAsync(id, "CustomerInformation", """{"status":"Accepted"}""");
        foreach (var (text, sequence, more) in new[] { ("two", 1, "true"), ("one ", 0, "false") })
        {
            await bench.Charger.CallAsync(
                $"c{sequence}", "NotifyCustomerInformation", $$"""{"requestId":{{request}},"generatedAt":"2026-03-02T09:00:00Z","data":"{{text}}","seqNo":{{sequence}},"tbc":{{more}}}""");
        }
        Assert.Equal([new("data", "one two")], (await care).Values);
    }

    [Fact]
    public async Task Texts_on_the_display_are_read()
    {
        await using var bench = await V21Bench.StartAsync("2.1");
        var care = bench.CareAsync(new ReadTexts());
        var (id, _) = await bench.ExpectAsync("GetDisplayMessages");
        await bench.AnswerAsync(id, "GetDisplayMessages", """{"status":"Unknown"}""");
        Assert.Equal((CareOutcome.Done, 0), ((await care).Outcome, (await care).Values.Length));

        care = bench.CareAsync(new ReadTexts());
        (id, var payload) = await bench.ExpectAsync("GetDisplayMessages");
        await bench.AnswerAsync(id, "GetDisplayMessages", """{"status":"Accepted"}""");
        await bench.Charger.CallAsync(
            "d", "NotifyDisplayMessages", $$$"""{"requestId":{{{payload.GetProperty("requestId")}}},"messageInfo":[{"id":7,"priority":"InFront","state":"Idle","message":{"format":"ASCII","content":"Hello"}}]}""");
        Assert.Equal([new("text 7", "Hello", "InFront Idle")], (await care).Values);
    }

    [Fact]
    public async Task Texts_that_a_2_0_1_station_cannot_take_are_not_sent()
    {
        await using var bench = await V21Bench.StartAsync("2.0.1");
        Assert.Equal(CareOutcome.Invalid, (await bench.CareAsync(new ShowText(1, new('x', 600)))).Outcome);
    }

    private static string Names(string of) => $$"""
        "component":{"name":"DeviceDataCtrlr"},"variable":{"name":"ItemsPerMessage","instance":"{{of}}"}
        """;

    private static string Limit(string of) => $$"""{"getVariableData":[{{{Names(of)}}}]}""";

    private static async Task<JsonElement> NextCallAsync(V21Bench bench)
    {
        while (true)
        {
            var frame = await bench.Charger.ReceiveAsync();
            Assert.NotNull(frame);
            if (frame.Value[0].GetInt32() == 2)
                return frame.Value;
        }
    }
}
