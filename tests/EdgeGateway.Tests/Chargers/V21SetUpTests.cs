using System.Text.Json;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

/// <summary>What the gateway asks of a 2.x station of its own accord: once, in a bearable order, and never the same that a station could not bear (FIELD-NOTES 9, 14, 15).</summary>
public sealed class V21SetUpTests
{
    private const string Register = "Energy.Active.Import.Register";
    private const string All = $"{Register},Power.Active.Import,Current.Import,SoC";

    public static TheoryData<string> Versions => ["2.0.1", "2.1"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task After_boot_the_device_model_is_asked_for_then_settings_are_read_set_read_back_and_states_asked_for_and_never_again(string version)
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        var station = new Station { ItemsPerRead = 20, ItemsPerWrite = 3 };
        await station.LiveAsync(version, host, clock);
        Assert.Equal(
            [
                "GetBaseReport FullInventory",
                "GetVariables DeviceDataCtrlr.ItemsPerMessage(GetVariables)",
                "GetVariables DeviceDataCtrlr.ItemsPerMessage(SetVariables)",
                "GetVariables AlignedDataCtrlr.Interval AuthCtrlr.LocalAuthorizeOffline AuthCtrlr.LocalPreAuthorize OCPPCommCtrlr.HeartbeatInterval OCPPCommCtrlr.MessageAttemptInterval(TransactionEvent) OCPPCommCtrlr.MessageAttempts(TransactionEvent) OCPPCommCtrlr.WebSocketPingInterval "
                    + "SampledDataCtrlr.TxEndedMeasurands SampledDataCtrlr.TxStartedMeasurands SampledDataCtrlr.TxUpdatedInterval SampledDataCtrlr.TxUpdatedMeasurands TxCtrlr.StopTxOnInvalidId",
                "SetVariables AlignedDataCtrlr.Interval=0 OCPPCommCtrlr.WebSocketPingInterval=30 SampledDataCtrlr.TxUpdatedInterval=60",
                "GetVariables AlignedDataCtrlr.Interval OCPPCommCtrlr.WebSocketPingInterval SampledDataCtrlr.TxUpdatedInterval",
                $"SetVariables SampledDataCtrlr.TxUpdatedMeasurands={All}",
                "GetVariables SampledDataCtrlr.TxUpdatedMeasurands",
                "TriggerMessage StatusNotification 1/1",
                "TriggerMessage StatusNotification 2/1",
            ],
            station.Asked);
        var known = await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None);
        Assert.All(known.Settings, s => Assert.Equal(SettingVerdict.AsWanted, s.Verdict));
        await ChargersHost.UntilAsync(() => host.HasEvent("SettingsSet", "CP-1"));
        Assert.False(host.HasEvent("SettingsNotTaken"));

        // What was found out holds for this model and firmware, on whatever line.
        station.Asked.Clear();
        await station.LiveAsync(version, host, clock);
        Assert.Equal(["TriggerMessage StatusNotification 1/1", "TriggerMessage StatusNotification 2/1"], station.Asked);

        station.Asked.Clear();
        station.Firmware = "2.0";
        await station.LiveAsync(version, host, clock);
        Assert.Contains("GetBaseReport FullInventory", station.Asked);
        Assert.DoesNotContain(station.Asked, a => a.StartsWith("SetVariables", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_device_model_tells_is_not_asked_and_what_the_station_cannot_measure_is_not_wanted()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        var station = new Station
        {
            ItemsPerRead = 50, ItemsPerWrite = 50,
            Report = string.Join(
                ',', Item("DeviceDataCtrlr", "ItemsPerMessage", "GetVariables", "50"), Item("DeviceDataCtrlr", "ItemsPerMessage", "SetVariables", "50"),
                Item("SampledDataCtrlr", "TxUpdatedMeasurands", null, Register, $"Voltage,Power.Active.Import,{Register}"), Item("SmartChargingCtrlr", "ProfileStackLevel", null, "5")),
        };
        await station.LiveAsync("2.0.1", host, clock, meanwhile: async _ =>
        {
            var limit = host.Service<EdgeGateway.Site.IStationCare>().DoAsync(
                "CP-1", new EdgeGateway.Site.Care.SetStationLimit(16, EdgeGateway.Site.Model.LimitUnit.Amperes, 1), "test", CancellationToken.None);
            Assert.Equal(EdgeGateway.Site.Care.CareOutcome.Done, (await limit).Outcome);
        });
        Assert.Equal(["GetBaseReport", "GetVariables", "SetVariables", "GetVariables", "TriggerMessage", "TriggerMessage", "SetChargingProfile"], station.Asked.Select(a => a.Split(' ')[0]));
        Assert.Contains($"TxUpdatedMeasurands={Register},Power.Active.Import", station.Asked[2], StringComparison.Ordinal);
        Assert.DoesNotContain("SoC", station.Asked[2], StringComparison.Ordinal);
        // The highest level that it has.
        Assert.Equal("SetChargingProfile 5", station.Asked[^1]);

        static string Item(string component, string variable, string? instance, string value, string? choices = null) => $$$"""
            {"component":{"name":"{{{component}}}"},"variable":{"name":"{{{variable}}}"{{{(instance is null ? "" : $",\"instance\":\"{instance}\"")}}}},"variableAttribute":[{"value":"{{{value}}}"}]{{{(choices is null ? "" : $",\"variableCharacteristics\":{{\"dataType\":\"MemberList\",\"supportsMonitoring\":false,\"valuesList\":\"{choices}\"}}")}}}}
            """;
    }

    [Fact]
    public async Task What_is_refused_unknown_or_held_until_a_restart_is_kept_and_shown_and_a_refused_list_gets_shorter()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock, o => o with
        {
            Settings = new Dictionary<string, string>
            {
                ["TxCtrlr.EVConnectionTimeOut"] = "120", ["Display(Main)@1.Color"] = "red", ["MeterValueSampleInterval"] = "60",
            }.ToImmutable(),
            Stations = [o.Stations[0] with { Settings = new Dictionary<string, string> { ["TxCtrlr.EVConnectionTimeOut"] = "90" }.ToImmutable() }],
        });
        var station = new Station
        {
            Refuses = (name, value) => name == "AlignedDataCtrlr.Interval" || value.Contains("SoC", StringComparison.Ordinal),
            AfterRestart = ["OCPPCommCtrlr.WebSocketPingInterval"],
            Forgets = ["TxCtrlr.EVConnectionTimeOut"],
        };
        await station.LiveAsync("2.0.1", host, clock);
        var known = await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None);
        Assert.Equal((SettingVerdict.Refused, "900"), (known.Find("AlignedDataCtrlr.Interval")!.Verdict, known.Find("AlignedDataCtrlr.Interval")!.Is));
        Assert.Equal(SettingVerdict.NotKnown, known.Find("Display(Main)@1.Color")!.Verdict);
        Assert.Equal(SettingVerdict.AfterRestart, known.Find("OCPPCommCtrlr.WebSocketPingInterval")!.Verdict);
        Assert.Equal(("90", SettingVerdict.NotKept), (known.Find("TxCtrlr.EVConnectionTimeOut")!.Wanted, known.Find("TxCtrlr.EVConnectionTimeOut")!.Verdict));
        Assert.Equal((SettingVerdict.Partly, $"{Register},Power.Active.Import,Current.Import"), (known.Find("SampledDataCtrlr.TxUpdatedMeasurands")!.Verdict, known.Find("SampledDataCtrlr.TxUpdatedMeasurands")!.Is));
        // A key of 1.6 is none of this family's.
        Assert.Null(known.Find("MeterValueSampleInterval"));
        await ChargersHost.UntilAsync(() => host.HasEvent("SettingsNotTaken", "CP-1"));

        // Nothing of it is tried again; what waits for the restart is read after it.
        var events = host.Journal.Events.Count(e => e.Code.StartsWith("Settings", StringComparison.Ordinal));
        station.Asked.Clear();
        station.Restart();
        await station.LiveAsync("2.0.1", host, clock);
        Assert.DoesNotContain(station.Asked, a => a.StartsWith("SetVariables", StringComparison.Ordinal));
        Assert.Contains("GetVariables OCPPCommCtrlr.WebSocketPingInterval", station.Asked);
        known = await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None);
        Assert.Equal(SettingVerdict.AsWanted, known.Find("OCPPCommCtrlr.WebSocketPingInterval")!.Verdict);
        await ChargersHost.UntilAsync(() => host.Journal.Events.Count(e => e.Code.StartsWith("Settings", StringComparison.Ordinal)) == events + 1);
    }

    [Fact]
    public async Task A_station_that_restarts_over_a_setting_is_sent_it_twice_at_most_and_gets_the_others()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        var station = new Station { ItemsPerRead = 20, ItemsPerWrite = 20, RestartsOn = "TxCtrlr.StopTxOnInvalidId" };
        station.Variables["TxCtrlr.StopTxOnInvalidId"] = "false";
        for (var i = 0; i < 8; i++)
            await station.LiveAsync("2.0.1", host, clock);

        Assert.Equal(2, station.Asked.Count(a => a.StartsWith("SetVariables", StringComparison.Ordinal) && a.Contains("StopTxOnInvalidId", StringComparison.Ordinal)));
        var known = await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None);
        Assert.Equal(SettingVerdict.GivenUp, known.Find("TxCtrlr.StopTxOnInvalidId")!.Verdict);
        Assert.All(known.Settings.Where(s => s.Name != "TxCtrlr.StopTxOnInvalidId"), s => Assert.True(s.Verdict is SettingVerdict.AsWanted or SettingVerdict.Partly, $"{s}"));
    }

    [Fact]
    public async Task A_station_that_restarts_over_its_device_model_is_asked_for_it_twice_and_no_more()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        var station = new Station { RestartsOn = "GetBaseReport" };
        for (var i = 0; i < 5; i++)
            await station.LiveAsync("2.1", host, clock);
        Assert.Equal(V21SetUp.MostReports, station.Asked.Count(a => a.StartsWith("GetBaseReport", StringComparison.Ordinal)));
        Assert.Contains(station.Asked, a => a.StartsWith("SetVariables", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_station_that_never_tells_its_settings_is_asked_on_two_lines_and_then_left_alone()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock, o => o with { CallTimeoutSeconds = 5 });
        var station = new Station { SilentOn = "GetVariables" };
        for (var i = 0; i < 5; i++)
            await station.LiveAsync("2.0.1", host, clock);
        Assert.Equal(DesiredConfiguration.MostUnanswered, station.Asked.Count(a => a.StartsWith("GetVariables", StringComparison.Ordinal)));
        Assert.DoesNotContain(station.Asked, a => a.StartsWith("SetVariables", StringComparison.Ordinal));
        var known = await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None);
        Assert.All(known.Settings, s => Assert.Equal(SettingVerdict.GivenUp, s.Verdict));

        // Lines also end by chance: once more, a day later.
        clock.Advance(TimeSpan.FromDays(1.1));
        station.SilentOn = null;
        await station.LiveAsync("2.0.1", host, clock);
        known = await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None);
        Assert.All(known.Settings, s => Assert.Equal(SettingVerdict.AsWanted, s.Verdict));
    }

    [Fact]
    public async Task A_station_that_knows_neither_reports_nor_variables_nor_triggers_is_asked_for_each_once()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        var station = new Station { KnowsNothing = true };
        await station.LiveAsync("2.0.1", host, clock);
        Assert.Equal(
            ["GetBaseReport FullInventory", "GetBaseReport ConfigurationInventory", "GetVariables", "TriggerMessage StatusNotification 1/1"],
            station.Asked.Select(a => a.StartsWith("GetVariables", StringComparison.Ordinal) ? "GetVariables" : a).Distinct());
        station.Asked.Clear();
        await station.LiveAsync("2.0.1", host, clock);
        Assert.Empty(station.Asked);
    }

    [Fact]
    public async Task A_model_that_is_never_to_be_asked_is_asked_for_its_states_only()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        // As the model's file or what was learned may say.
        await host.Engine.ReportAsync(new StationBooted("CP-1", new("V", "M", null, "1.0")), CancellationToken.None);
        host.Documents.All["charger/cp-1/quirks"] = """{"vendor":"V","model":"M","firmware":"1.0","quirks":{"neverAsked":true}}""";
        var station = new Station();
        await station.LiveAsync("2.0.1", host, clock);
        Assert.All(station.Asked, a => Assert.StartsWith("TriggerMessage", a, StringComparison.Ordinal));
        Assert.All((await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None)).Settings, s => Assert.Equal(SettingVerdict.NotAsked, s.Verdict));
    }

    [Fact]
    public async Task An_edited_file_brings_its_settings_to_a_station_whose_line_is_open()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        var station = new Station();
        await station.LiveAsync("2.1", host, clock, meanwhile: async line =>
        {
            station.Asked.Clear();
            host.Options = host.Options with { Settings = new Dictionary<string, string> { ["TxCtrlr.EVConnectionTimeOut"] = "45" }.ToImmutable() };
            await station.UntilAsync(() => station.Variables["TxCtrlr.EVConnectionTimeOut"] == "45" && station.Asked.Count >= 3);
            Assert.Same(line, host.Registry.Find("CP-1"));
        });
        Assert.Equal(
            ["GetVariables TxCtrlr.EVConnectionTimeOut", "SetVariables TxCtrlr.EVConnectionTimeOut=45", "GetVariables TxCtrlr.EVConnectionTimeOut"], station.Asked);
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_line_is_5_seconds_old_then_an_unknown_station_is_asked_for_its_boot_once()
    {
        var clock = new ManualClock();
        await using var host = await StartAsync(clock);
        await using var charger = await host.ConnectAsync(settings: static s => s.Protocols = ["ocpp2.0.1"]);
        await charger.CallAsync("1", "Heartbeat", "{}");
        clock.Advance(TimeSpan.FromSeconds(4.9));
        await charger.CallAsync("2", "Heartbeat", "{}");
        Assert.DoesNotContain(host.Frames.All, f => f.Text.StartsWith("[2,", StringComparison.Ordinal) && f.Direction == EdgeGateway.Site.FrameDirection.Out);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        var (_, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal(("TriggerMessage", """{"requestedMessage":"BootNotification"}"""), (action, payload.GetRawText()));
    }

    private static Task<ChargersHost> StartAsync(ManualClock clock, Func<ChargersOptions, ChargersOptions>? options = null) =>
        ChargersHost.StartAsync(o => (options ?? (static x => x))(o with { QuietSeconds = 5 }), clock);

    /// <summary>A 2.x station that lives one line after the other and notes what it is asked.</summary>
    private sealed class Station
    {
        private readonly Dictionary<string, string> _afterRestart = [];
        private ChargerLine? _line;
        private ManualClock _clock = null!;

        public List<string> Asked { get; } = [];
        public Dictionary<string, string> Variables { get; } = new(StringComparer.OrdinalIgnoreCase)
        {
            ["AlignedDataCtrlr.Interval"] = "900",
            ["AuthCtrlr.LocalAuthorizeOffline"] = "true",
            ["AuthCtrlr.LocalPreAuthorize"] = "False",
            ["OCPPCommCtrlr.HeartbeatInterval"] = "300",
            ["OCPPCommCtrlr.MessageAttemptInterval(TransactionEvent)"] = "30",
            ["OCPPCommCtrlr.MessageAttempts(TransactionEvent)"] = "20",
            ["OCPPCommCtrlr.WebSocketPingInterval"] = "0",
            ["SampledDataCtrlr.TxEndedMeasurands"] = Register,
            ["SampledDataCtrlr.TxStartedMeasurands"] = $"Voltage, {Register}",
            ["SampledDataCtrlr.TxUpdatedInterval"] = "30",
            ["SampledDataCtrlr.TxUpdatedMeasurands"] = Register,
            ["TxCtrlr.StopTxOnInvalidId"] = "true",
            ["TxCtrlr.EVConnectionTimeOut"] = "60",
        };

        public int ItemsPerRead { get; init; } = 4;
        public int ItemsPerWrite { get; init; } = 4;
        public string Firmware { get; set; } = "1.0";
        public Func<string, string, bool> Refuses { get; init; } = static (_, _) => false;
        public string[] AfterRestart { get; init; } = [];
        public string[] Forgets { get; init; } = [];
        public string? RestartsOn { get; init; }
        public string? SilentOn { get; set; }
        public bool KnowsNothing { get; init; }

        /// <summary>Elements of its device model.</summary>
        public string? Report { get; init; }

        public void Restart()
        {
            foreach (var (name, value) in _afterRestart)
                Variables[name] = value;
            _afterRestart.Clear();
        }

        public async Task UntilAsync(Func<bool> condition) => await ChargersHost.UntilAsync(condition, () => _clock.Advance(TimeSpan.FromSeconds(0.5)));

        /// <summary>Connects, boots, and answers until nothing more is asked, or the line ends.</summary>
        public async Task LiveAsync(string version, ChargersHost host, ManualClock clock, Func<ChargerLine, Task>? meanwhile = null)
        {
            _clock = clock;
            await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [$"ocpp{version}"]);
            await ChargersHost.UntilAsync(() => host.Registry.Find("CP-1") is { } found && found != _line);
            _line = host.Registry.Find("CP-1")!;
            var boot = await charger.CallAsync(
                "boot", "BootNotification", $$$"""{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M","firmwareVersion":"{{{Firmware}}}"}}""");
            Assert.Equal("Accepted", boot.GetProperty("status").GetString());
            var serving = ServeAsync(version, charger);
            // The timers of the set-up hang on the gateway's clock, which moves only here.
            await ChargersHost.UntilAsync(() => _line.SetUp.IsCompleted || serving.IsCompleted, () => clock.Advance(TimeSpan.FromSeconds(0.5)));
            if (meanwhile is not null)
                await meanwhile(_line);
            await charger.DisposeAsync();
            await serving;
            await ChargersHost.UntilAsync(() => _line.SetUp.IsCompleted);
        }

        private async Task ServeAsync(string version, RawCharger charger)
        {
            while (await charger.ReceiveAsync(TimeSpan.FromMinutes(1)) is { } frame)
            {
                if (frame[0].GetInt32() != 2)
                    continue;
                var (id, action, payload) = (frame[1].GetString()!, frame[2].GetString()!, frame[3]);
                V21Bench.MustFit(version, $"{action}Request", payload.GetRawText());
                Asked.Add($"{action} {Shown(action, payload)}");
                if (RestartsOn is { } fatal && action is not "GetVariables" && Asked[^1].Contains(fatal, StringComparison.Ordinal))
                {
                    await charger.DisposeAsync();
                    return;
                }
                if (SilentOn == action)
                    continue;
                if (KnowsNothing)
                {
                    await charger.SendAsync($"[4,\"{id}\",\"NotImplemented\",\"\",{{}}]");
                    continue;
                }
                var answer = Answer(action, payload);
                V21Bench.MustFit(version, $"{action}Response", answer);
                await charger.SendAsync($"[3,\"{id}\",{answer}]");
                if (action == "GetBaseReport")
                    await charger.SendAsync($$"""[2,"r{{id}}","NotifyReport",{"requestId":{{payload.GetProperty("requestId")}},"generatedAt":"2026-01-01T00:00:00Z","seqNo":0,"tbc":false{{(Report is null ? "" : $",\"reportData\":[{Report}]")}}}]""");
            }
        }

        private static string Shown(string action, JsonElement payload) => action switch
        {
            "GetBaseReport" => payload.GetProperty("reportBase").GetString()!,
            "GetVariables" => string.Join(' ', payload.GetProperty("getVariableData").EnumerateArray().Select(NameOf)),
            "SetVariables" => string.Join(' ', payload.GetProperty("setVariableData").EnumerateArray().Select(v => $"{NameOf(v)}={v.GetProperty("attributeValue")}")),
            "TriggerMessage" => $"{payload.GetProperty("requestedMessage")}{(payload.TryGetProperty("evse", out var evse) ? $" {evse.GetProperty("id")}/{evse.GetProperty("connectorId")}" : "")}",
            "SetChargingProfile" => $"{payload.GetProperty("chargingProfile").GetProperty("stackLevel")}",
            _ => "",
        };

        private string Answer(string action, JsonElement payload) => action switch
        {
            "GetVariables" => $$"""{"getVariableResult":[{{string.Join(',', Items(payload, "getVariableData", ItemsPerRead).Select(Get))}}]}""",
            "SetVariables" => $$"""{"setVariableResult":[{{string.Join(',', Items(payload, "setVariableData", ItemsPerWrite).Select(Set))}}]}""",
            _ => """{"status":"Accepted"}""",
        };

        private static JsonElement.ArrayEnumerator Items(JsonElement payload, string member, int most)
        {
            Assert.True(payload.GetProperty(member).GetArrayLength() <= most, payload.GetRawText());
            return payload.GetProperty(member).EnumerateArray();
        }

        private string Get(JsonElement asked)
        {
            var name = NameOf(asked);
            var value = name switch
            {
                "DeviceDataCtrlr.ItemsPerMessage(GetVariables)" => $"{ItemsPerRead}",
                "DeviceDataCtrlr.ItemsPerMessage(SetVariables)" => $"{ItemsPerWrite}",
                _ => Variables.GetValueOrDefault(name),
            };
            return $$"""{"attributeStatus":"{{(value is null ? "UnknownVariable" : "Accepted")}}",{{(value is null ? "" : $"\"attributeValue\":\"{value}\",")}}{{Echo(asked)}}}""";
        }

        private string Set(JsonElement wanted)
        {
            var (name, value) = (NameOf(wanted), wanted.GetProperty("attributeValue").GetString()!);
            var status = Refuses(name, value) ? "Rejected" : AfterRestart.Contains(name) ? "RebootRequired" : "Accepted";
            if (status == "RebootRequired")
                _afterRestart[name] = value;
            else if (status == "Accepted" && !Forgets.Contains(name))
                Variables[name] = value;
            return $$"""{"attributeStatus":"{{status}}",{{Echo(wanted)}}}""";
        }

        private static string Echo(JsonElement item) => $"\"component\":{item.GetProperty("component").GetRawText()},\"variable\":{item.GetProperty("variable").GetRawText()}";

        private static string NameOf(JsonElement item)
        {
            var (component, variable) = (item.GetProperty("component"), item.GetProperty("variable"));
            var evse = component.TryGetProperty("evse", out var at) ? $"@{at.GetProperty("id")}" : "";
            return $"{component.GetProperty("name")}{InstanceOf(component)}{evse}.{variable.GetProperty("name")}{InstanceOf(variable)}";
        }

        private static string InstanceOf(JsonElement item) => item.TryGetProperty("instance", out var instance) ? $"({instance})" : "";
    }
}

file static class Dictionaries
{
    public static System.Collections.Immutable.ImmutableSortedDictionary<string, string> ToImmutable(this Dictionary<string, string> values) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(values);
}
