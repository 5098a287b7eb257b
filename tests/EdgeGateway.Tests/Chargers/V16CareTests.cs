using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers;

/// <summary>Each thing that people want done, over a real line to a 1.6 charger of hand-written words.</summary>
public sealed class V16CareTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<(ChargersHost Host, RawCharger Charger)> ReadyAsync()
    {
        var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0, MeterValueSeconds = 0, CallTimeoutSeconds = 5 });
        host.Documents.All["charger/cp-1/learned"] = """{"noTriggers":true,"measurandsDone":true}""";
        var charger = await host.ConnectAsync();
        await charger.CallAsync("hb", "Heartbeat", "{}");
        return (host, charger);
    }

    public static TheoryData<CareTask, string, string, string, CareOutcome> Tasks => new()
    {
        { new ResetStation(true), "Reset", """{"type":"Hard"}""", """{"status":"Accepted"}""", CareOutcome.Done },
        { new ResetStation(false), "Reset", """{"type":"Soft"}""", """{"status":"Rejected"}""", CareOutcome.Refused },
        { new UnlockConnector(2), "UnlockConnector", """{"connectorId":2}""", """{"status":"Unlocked"}""", CareOutcome.Done },
        { new UnlockConnector(1), "UnlockConnector", """{"connectorId":1}""", """{"status":"UnlockFailed"}""", CareOutcome.Refused },
        { new UnlockConnector(1), "UnlockConnector", """{"connectorId":1}""", """{"status":"NotSupported"}""", CareOutcome.NotSupported },
        { new SetAvailability(false), "ChangeAvailability", """{"connectorId":0,"type":"Inoperative"}""", """{"status":"Scheduled"}""", CareOutcome.Later },
        { new SetAvailability(true, 2), "ChangeAvailability", """{"connectorId":2,"type":"Operative"}""", """{"status":"Accepted"}""", CareOutcome.Done },
        { new SetAvailability(true, 2, 1), "ChangeAvailability", """{"connectorId":2,"type":"Operative"}""", """{"status":"Rejected"}""", CareOutcome.Refused },
        { new TriggerMessage("StatusNotification", 2), "TriggerMessage", """{"requestedMessage":"StatusNotification","connectorId":2}""", """{"status":"Accepted"}""", CareOutcome.Done },
        { new TriggerMessage("heartbeat"), "TriggerMessage", """{"requestedMessage":"Heartbeat"}""", """{"status":"NotImplemented"}""", CareOutcome.NotSupported },
        { new TriggerMessage("LogStatusNotification"), "ExtendedTriggerMessage", """{"requestedMessage":"LogStatusNotification"}""", """{"status":"Accepted"}""", CareOutcome.Done },
        { new TriggerMessage("SignChargingStationCertificate"), "ExtendedTriggerMessage", """{"requestedMessage":"SignChargePointCertificate"}""", """{"status":"Rejected"}""", CareOutcome.Refused },
        { new ClearAuthorizationCache(), "ClearCache", "{}", """{"status":"Accepted"}""", CareOutcome.Done },
        { new ClearAuthorizationCache(), "ClearCache", "{}", """{"status":"Rejected"}""", CareOutcome.Refused },
        {
            new UpdateFirmware(new("http://files.example/fw.bin"), new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero), Retries: 3), "UpdateFirmware",
            """{"location":"http://files.example/fw.bin","retries":3,"retrieveDate":"2026-03-01T02:00:00.000Z"}""", "{}", CareOutcome.Done
        },
        { new UploadLogs(new("http://files.example/logs/")), "GetDiagnostics", """{"location":"http://files.example/logs/"}""", """{"fileName":"diag.tgz"}""", CareOutcome.Done },
        { new UploadLogs(new("http://files.example/logs/")), "GetDiagnostics", """{"location":"http://files.example/logs/"}""", "{}", CareOutcome.Refused },
        {
            new UploadLogs(new("http://files.example/logs/"), Security: true), "GetLog",
            """{"log":{"remoteLocation":"http://files.example/logs/"},"logType":"SecurityLog","requestId":1}""", """{"status":"Accepted","filename":"sec.log"}""", CareOutcome.Done
        },
    };

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task Each_wish_is_one_message_and_its_answer_is_told(CareTask task, string action, string payload, string answer, CareOutcome expected)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", task, "test", Cancelled);
        var call = await charger.ReceiveCallAsync();
        Assert.Equal((action, payload), (call.Action, call.Payload.GetRawText()));
        await charger.SendAsync($"[3,\"{call.Id}\",{answer}]");
        Assert.Equal(expected, (await care).Outcome);
        await ChargersHost.UntilAsync(() => host.HasEvent("StationCare", "CP-1"));
    }

    [Theory]
    [InlineData("NotImplemented", CareOutcome.NotSupported)]
    [InlineData("NotSupported", CareOutcome.NotSupported)]
    [InlineData("InternalError", CareOutcome.Refused)]
    public async Task An_error_of_the_charger_is_told_in_its_word(string code, CareOutcome expected)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", new ResetStation(true), "test", Cancelled);
        var call = await charger.ReceiveCallAsync();
        await charger.SendAsync($"[4,\"{call.Id}\",\"{code}\",\"not me\",{{}}]");
        Assert.Equal((expected, $"{code} not me"), ((await care).Outcome, (await care).Text));
    }

    public static TheoryData<CareTask, string> Senseless => new()
    {
        { new ResetStation(true, 1), "whole station" },
        { new UnlockConnector(7), "no connector 7/1" },
        { new SetAvailability(true, 9), "no EVSE 9" },
        { new TriggerMessage("Nonsense"), "BootNotification" },
        { new TriggerMessage("Heartbeat", 9), "no EVSE 9" },
        { new UpdateFirmware(new("http://x.example/f"), Install: DateTimeOffset.UnixEpoch), "signed" },
        { new UpdateFirmware(new("http://x.example/f"), Signature: "AAAA"), "certificate" },
        { new WriteSettings(ImmutableSortedDictionary<string, string>.Empty.Add("AuthorizationKey", "0123456789abcdef")), "locked out" },
        { new WriteSettings(ImmutableSortedDictionary<string, string>.Empty), "nothing" },
        { new UpdateFirmware(new("gateway:fw.bin")), "no files" },
        { new UploadLogs(UploadLogs.ToGateway), "no files" },
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public async Task What_makes_no_sense_is_not_sent(CareTask task, string why)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var answer = await host.Care.DoAsync("CP-1", task, "test", Cancelled);
        Assert.Equal(CareOutcome.Invalid, answer.Outcome);
        Assert.Contains(why, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Frames.All, static f => f.Direction == FrameDirection.Out && f.Text.StartsWith("[2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_boot_is_not_asked_for_while_a_session_goes_on()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        await charger.CallAsync("s", "StartTransaction", """{"connectorId":1,"idTag":"04A2B3C4","meterStart":0,"timestamp":"2026-03-01T10:00:00Z"}""");
        var answer = await host.Care.DoAsync("CP-1", new TriggerMessage("BootNotification"), "test", Cancelled);
        Assert.Equal(CareOutcome.Invalid, answer.Outcome);
        Assert.Contains("session", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_station_without_a_line_is_offline_and_one_that_is_silent_times_out()
    {
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0, MeterValueSeconds = 0, CallTimeoutSeconds = 1 });
        host.Documents.All["charger/cp-1/learned"] = """{"noTriggers":true,"measurandsDone":true}""";
        Assert.Equal(CareOutcome.Offline, (await host.Care.DoAsync("CP-1", new ResetStation(true), "test", Cancelled)).Outcome);
        await using var charger = await host.ConnectAsync();
        await charger.CallAsync("hb", "Heartbeat", "{}");
        Assert.Equal(CareOutcome.TimedOut, (await host.Care.DoAsync("CP-1", new ResetStation(true), "test", Cancelled)).Outcome);
    }

    [Fact]
    public async Task All_settings_are_read_at_once_and_keys_are_hidden()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", new ReadSettings([]), "test", Cancelled);
        var call = await charger.ReceiveCallAsync();
        Assert.Equal(("GetConfiguration", "{}"), (call.Action, call.Payload.GetRawText()));
        await charger.SendAsync($$"""
            [3,"{{call.Id}}",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"AuthorizationKey","readonly":false,"value":"canary"},
            {"key":"NumberOfConnectors","readonly":true,"value":"2"}]}]
            """);
        Assert.Equal(
            [new("AuthorizationKey", "***"), new("HeartbeatInterval", "300"), new("NumberOfConnectors", "2", "read-only")],
            (await care).Values.ToArray());
    }

    [Fact]
    public async Task A_charger_that_takes_few_keys_at_once_is_asked_in_halves_and_anew_for_what_it_left_out()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", new ReadSettings(["A", "B", "C", "D"]), "test", Cancelled);
        var asked = new List<string>();
        while (!care.IsCompleted && asked.Count < 10)
        {
            var receiving = charger.ReceiveCallAsync();
            if (await Task.WhenAny(receiving, care) == care)
                break;
            var call = await receiving;
            var keys = call.Payload.GetProperty("key").EnumerateArray().Select(k => k.GetString()!).ToList();
            asked.Add(string.Concat(keys));
            // More than two are refused; of two only the first is answered.
            await charger.SendAsync(keys.Count > 2
                ? $"[4,\"{call.Id}\",\"OccurenceConstraintViolation\",\"\",{{}}]"
                : $$"""[3,"{{call.Id}}",{"configurationKey":[{"key":"{{keys[0]}}","readonly":false,"value":"{{keys[0]}}1"}],"unknownKey":[]}]""");
        }
        Assert.Equal(["ABCD", "AB", "CD", "B", "D"], asked);
        Assert.Equal(["A1", "B1", "C1", "D1"], (await care).Values.Select(static v => v.Value));
    }

    [Fact]
    public async Task Settings_are_set_one_by_one_and_the_least_of_the_answers_counts()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var values = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1").Add("B", "2").Add("C", "3");
        var care = host.Care.DoAsync("CP-1", new WriteSettings(values), "test", Cancelled);
        foreach (var (key, status) in new[] { ("A", "Accepted"), ("B", "RebootRequired"), ("C", "Accepted") })
        {
            var call = await charger.ReceiveCallAsync();
            Assert.Equal(("ChangeConfiguration", key), (call.Action, call.Payload.GetProperty("key").GetString()));
            await charger.SendAsync($$"""[3,"{{call.Id}}",{"status":"{{status}}"}]""");
        }
        Assert.Equal(CareOutcome.Later, (await care).Outcome);
        Assert.Equal(["Accepted", "RebootRequired", "Accepted"], (await care).Values.Select(static v => v.Note));

        care = host.Care.DoAsync("CP-1", new WriteSettings(values), "test", Cancelled);
        foreach (var status in new[] { "Accepted", "NotSupported", "Rejected" })
        {
            var call = await charger.ReceiveCallAsync();
            await charger.SendAsync($$"""[3,"{{call.Id}}",{"status":"{{status}}"}]""");
        }
        Assert.Equal((CareOutcome.NotSupported, "1 of 3 taken"), ((await care).Outcome, (await care).Text));
    }

    [Fact]
    public async Task A_limit_of_the_station_is_its_greatest_and_of_a_connector_its_default_and_both_are_taken_off()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        foreach (var (evse, connector, purpose) in new (int?, int, string)[] { (null, 0, "ChargePointMaxProfile"), (2, 2, "TxDefaultProfile") })
        {
            var care = host.Care.DoAsync("CP-1", new SetStationLimit(16.04m, LimitUnit.Amperes, evse), "test", Cancelled);
            var call = await charger.ReceiveCallAsync();
            var profile = call.Payload.GetProperty("csChargingProfiles");
            Assert.Equal(("SetChargingProfile", connector, purpose), (call.Action, call.Payload.GetProperty("connectorId").GetInt32(), profile.GetProperty("chargingProfilePurpose").GetString()));
            Assert.Equal(16.0m, profile.GetProperty("chargingSchedule").GetProperty("chargingSchedulePeriod")[0].GetProperty("limit").GetDecimal());
            await charger.SendAsync($$"""[3,"{{call.Id}}",{"status":"Accepted"}]""");
            Assert.Equal(CareOutcome.Done, (await care).Outcome);

            care = host.Care.DoAsync("CP-1", new SetStationLimit(null, LimitUnit.Amperes, evse), "test", Cancelled);
            call = await charger.ReceiveCallAsync();
            Assert.Equal(("ClearChargingProfile", profile.GetProperty("chargingProfileId").GetInt32()), (call.Action, call.Payload.GetProperty("id").GetInt32()));
            await charger.SendAsync($$"""[3,"{{call.Id}}",{"status":"Unknown"}]""");
            Assert.Equal(CareOutcome.Done, (await care).Outcome);
        }
    }

    [Fact]
    public async Task Limits_are_read_of_the_station_and_of_each_connector()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", new ReadLimits(Hours: 2), "test", Cancelled);
        foreach (var connector in new[] { 0, 1, 2 })
        {
            var call = await charger.ReceiveCallAsync();
            Assert.Equal($$"""{"connectorId":{{connector}},"duration":7200}""", call.Payload.GetRawText());
            await charger.SendAsync(connector == 0
                ? $$"""[3,"{{call.Id}}",{"status":"Rejected"}]"""
                : $$$"""
                    [3,"{{{call.Id}}}",{"status":"Accepted","connectorId":{{{connector}}},"scheduleStart":"2026-03-01T10:00:00Z","chargingSchedule":{"chargingRateUnit":"A",
                    "chargingSchedulePeriod":[{"startPeriod":0,"limit":16.0},{"startPeriod":3600,"limit":8.5,"numberPhases":1}]}}]
                    """);
        }
        Assert.Equal(
            [
                new("connector 1 2026-03-01T10:00:00Z", "16 A"), new("connector 1 2026-03-01T11:00:00Z", "8.5 A", "1 phases"),
                new("connector 2 2026-03-01T10:00:00Z", "16 A"), new("connector 2 2026-03-01T11:00:00Z", "8.5 A", "1 phases"),
            ],
            (await care).Values.ToArray());
    }

    [Fact]
    public async Task Diagnostics_come_by_the_security_extension_where_the_charger_has_only_that()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var care = host.Care.DoAsync("CP-1", new UploadLogs(new("ftp://files.example/in/")), "test", Cancelled);
        var call = await charger.ReceiveCallAsync();
        await charger.SendAsync($"[4,\"{call.Id}\",\"NotSupported\",\"\",{{}}]");
        call = await charger.ReceiveCallAsync();
        Assert.Equal(("GetLog", "DiagnosticsLog"), (call.Action, call.Payload.GetProperty("logType").GetString()));
        await charger.SendAsync($$"""[3,"{{call.Id}}",{"status":"AcceptedCanceled"}]""");
        Assert.Equal(CareOutcome.Done, (await care).Outcome);
        Assert.Equal(1, (await care).Job);
    }
}
