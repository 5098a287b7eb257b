using System.Text.Json;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

/// <summary>What a 1.6 charger is asked when its line is new, and how it is brought to what the configuration says (FIELD-NOTES 9, 14).</summary>
public sealed class V16SetUpTests
{
    private const string AllMeasurands = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,SoC";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("20", "20", true)]
    [InlineData("1000", "20", true)]
    [InlineData("3", "20", false)]
    [InlineData(null, "20", false)]
    [InlineData("a,b,c", "c,a", true)]
    [InlineData("a,b", "c,a", false)]
    public void A_charger_that_tries_more_often_than_it_is_asked_to_is_not_made_to_give_up_sooner(string? told, string wanted, bool fits) =>
        Assert.Equal(fits, new WantedSetting("TransactionMessageAttempts", [wanted], IsLeast: true).Fits(told, wanted));

    [Fact]
    public async Task After_boot_the_interval_and_the_measurands_are_set_once_then_the_states_are_asked_for()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        var script = new Script(refusedMeasurands: ["SoC"]);
        await using (var charger = await host.ConnectAsync())
        {
            await charger.BootAsync();
            await script.PlayAsync(charger, host, clock);
        }
        Assert.Equal(
            [
                "Change MeterValueSampleInterval=60", $"Change MeterValuesSampledData={AllMeasurands}",
                "Change MeterValuesSampledData=Energy.Active.Import.Register,Power.Active.Import,Current.Import", "Trigger StatusNotification",
            ],
            script.Asked.Where(static a => !a.StartsWith("Get", StringComparison.Ordinal)));
        Assert.Equal(SettingVerdict.Partly, (await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None)).Find("MeterValuesSampledData")!.Verdict);

        // What was found out holds for this model and firmware: nothing is asked twice.
        script.Asked.Clear();
        await using var again = await host.ConnectAsync();
        await again.BootAsync();
        await script.PlayAsync(again, host, clock);
        Assert.Equal(["Trigger StatusNotification"], script.Asked);
    }

    [Fact]
    public async Task What_is_right_already_is_not_written_and_states_that_were_told_are_not_asked_for()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        var script = new Script
        {
            Keys = { ["MeterValueSampleInterval"] = "60", ["MeterValuesSampledData"] = "Voltage, SoC,Current.Import,Power.Active.Import,Energy.Active.Import.Register", ["LocalPreAuthorize"] = "False" },
        };
        await using var charger = await host.ConnectAsync();
        await charger.BootAsync();
        foreach (var connector in new[] { 1, 2 })
            await charger.CallAsync($"s{connector}", "StatusNotification", $$"""{"connectorId":{{connector}},"errorCode":"NoError","status":"Available"}""");

        await script.PlayAsync(charger, host, clock);

        Assert.StartsWith("Get ", Assert.Single(script.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_setting_that_the_charger_has_is_brought_to_the_defaults_the_models_the_configurations_and_its_own_in_this_order()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(
            o => o with
            {
                QuietSeconds = 5,
                Settings = o.Settings.Add("HeartbeatInterval", "600").Add("LocalAuthorizeOffline", "false"),
                Stations = [o.Stations[0] with { Settings = o.Settings.Add("HeartbeatInterval", "900").Add("Vendor.Of2x", "1"), PingSeconds = 20 }],
                QuirkPages = [new("own.json", "V", null, null, new() { Settings = o.Settings.Add("FreeMode", "true").Add("HeartbeatInterval", "1"), Because = "a test" })],
            },
            clock);
        var script = new Script
        {
            Keys =
            {
                ["ClockAlignedDataInterval"] = "900", ["HeartbeatInterval"] = "60", ["StopTransactionOnInvalidId"] = "false", ["LocalPreAuthorize"] = "true",
                ["LocalAuthorizeOffline"] = "true", ["WebSocketPingInterval"] = "0", ["FreeMode"] = "false", ["StopTxnSampledData"] = "",
                ["TransactionMessageAttempts"] = "3", ["TransactionMessageRetryInterval"] = "60",
            },
            Answers = { ["TransactionMessageAttempts=20"] = "Rejected", ["LocalPreAuthorize=false"] = "RebootRequired", ["StopTransactionOnInvalidId=true"] = "Rejected" },
        };
        await using var charger = await host.ConnectAsync();
        await charger.BootAsync();
        await script.PlayAsync(charger, host, clock);

        var settings = await host.Service<DesiredConfiguration>().ReadAsync("CP-1", CancellationToken.None);
        Assert.Equal("900", script.Keys["HeartbeatInterval"]);
        Assert.Equal("false", script.Keys["LocalAuthorizeOffline"]);
        Assert.Equal("0", script.Keys["ClockAlignedDataInterval"]);
        Assert.Equal("20", script.Keys["WebSocketPingInterval"]);
        Assert.Equal("true", script.Keys["FreeMode"]);
        Assert.Equal("10", script.Keys["TransactionMessageAttempts"]);
        Assert.DoesNotContain(settings.Settings, s => s.Name == "Vendor.Of2x");
        Assert.Equal(SettingVerdict.AfterRestart, settings.Find("LocalPreAuthorize")!.Verdict);
        // What it refuses is kept, shown, and not asked again.
        Assert.Equal(SettingVerdict.Refused, settings.Find("StopTransactionOnInvalidId")!.Verdict);
        await ChargersHost.UntilAsync(() => host.HasEvent("SettingsNotTaken", "CP-1") && host.HasEvent("SettingsSet", "CP-1"));
        Assert.True(script.Asked.Count(a => a.StartsWith("Change StopTransactionOnInvalidId", StringComparison.Ordinal)) is 1 or 2);
    }

    [Fact]
    public async Task An_edit_of_the_configuration_reaches_the_charger_while_its_line_is_open()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        var script = new Script { Keys = { ["MeterValueSampleInterval"] = "60", ["MeterValuesSampledData"] = AllMeasurands, ["LocalAuthorizeOffline"] = "true" } };
        await using var charger = await host.ConnectAsync();
        await charger.BootAsync();
        await script.PlayAsync(charger, host, clock);
        script.Asked.Clear();

        host.Options = host.Options with { Settings = host.Options.Settings.Add("LocalAuthorizeOffline", "false") };
        await script.PlayAsync(charger, host, clock, () => script.Keys["LocalAuthorizeOffline"] == "false");

        Assert.Contains("Change LocalAuthorizeOffline=false", script.Asked);
    }

    [Fact]
    public async Task A_charger_that_restarts_when_it_is_asked_for_a_list_is_not_asked_for_the_same_again()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        var script = new Script { RestartsOn = "MeterValuesSampledData" };
        for (var i = 0; i < 8; i++)
        {
            await using var charger = await host.ConnectAsync();
            await charger.BootAsync();
            await script.PlayAsync(charger, host, clock);
        }

        var lists = script.Asked.Where(a => a.Contains("MeterValuesSampledData=", StringComparison.Ordinal)).ToList();
        // The fourth, energy alone, is what it has already.
        Assert.Equal(3, lists.Count);
        Assert.Equal(lists.Count, lists.Distinct().Count());
    }

    [Fact]
    public async Task A_model_that_is_never_asked_keeps_its_settings_and_one_with_a_list_of_its_own_gets_that()
    {
        var clock = new ManualClock();
        QuirkPage Page(ModelQuirks quirks) => new("own.json", "V", null, null, quirks with { Because = "a test" });
        await using (var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5, QuirkPages = [Page(new() { NeverAsked = true })] }, clock))
        {
            var script = new Script();
            await using var charger = await host.ConnectAsync();
            await charger.BootAsync();
            await script.PlayAsync(charger, host, clock);
            Assert.Equal(["Trigger StatusNotification"], script.Asked);
        }
        await using (var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5, QuirkPages = [Page(new() { Measurands = ["Energy.Active.Import.Register", "Voltage"] })] }, clock))
        {
            var script = new Script();
            await using var charger = await host.ConnectAsync();
            await charger.BootAsync();
            await script.PlayAsync(charger, host, clock);
            Assert.Equal("Energy.Active.Import.Register,Voltage", script.Keys["MeterValuesSampledData"]);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_line_is_5_seconds_old_then_an_unknown_charger_is_asked_for_its_boot_once()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        await using var charger = await host.ConnectAsync();
        var order = host.Stations.CallAsync("CP-1", "ClearCache", "{}", CancellationToken.None);
        await charger.CallAsync("1", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Available"}""");
        clock.Advance(TimeSpan.FromSeconds(4.9));
        await charger.CallAsync("2", "Heartbeat", "{}");
        Assert.DoesNotContain(host.Frames.All, f => f.Text.StartsWith("[2,", StringComparison.Ordinal) && f.Direction == EdgeGateway.Site.FrameDirection.Out);

        var script = new Script();
        await script.PlayAsync(charger, host, clock);

        Assert.Single(script.Asked, a => a == "Trigger BootNotification");
        Assert.Contains("ClearCache", script.Asked);
        Assert.Null((await order).ErrorCode);
    }

    [Fact]
    public async Task A_known_charger_that_only_came_back_is_asked_for_its_states_and_not_to_boot()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        var script = new Script();
        await using (var charger = await host.ConnectAsync())
        {
            await charger.BootAsync();
            await script.PlayAsync(charger, host, clock);
        }
        script.Asked.Clear();
        await using var again = await host.ConnectAsync();

        await script.PlayAsync(again, host, clock);

        Assert.Equal(["Trigger StatusNotification"], script.Asked);
    }

    /// <summary>How a charger answers what it is asked, until nothing more is asked.</summary>
    private sealed class Script(string[]? refusedMeasurands = null)
    {
        private ChargerLine? _line;
        private Task<JsonElement?>? _next;

        public List<string> Asked { get; } = [];

        /// <summary>The settings that it has.</summary>
        public Dictionary<string, string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase)
        {
            ["MeterValueSampleInterval"] = "900", ["MeterValuesSampledData"] = "Energy.Active.Import.Register",
        };

        /// <summary>Where it does not accept: by <c>key=value</c>.</summary>
        public Dictionary<string, string> Answers { get; } = [];
        public string? RestartsOn { get; init; }

        public async Task PlayAsync(RawCharger charger, ChargersHost host, ManualClock clock, Func<bool>? until = null)
        {
            if (until is null)
            {
                await ChargersHost.UntilAsync(() => host.Registry.Find("CP-1") is { } found && found != _line);
                _line = host.Registry.Find("CP-1")!;
                _next = null;
            }
            until ??= () => _line!.SetUp.IsCompleted;
            // The timers of the set-up hang on the gateway's clock, which moves only here.
            _next ??= charger.ReceiveAsync(TimeSpan.FromMinutes(1));
            for (var i = 0; i < 1000 && !until(); i++)
            {
                if (await Task.WhenAny(_next, Task.Delay(10)) != _next)
                {
                    clock.Advance(Second);
                    continue;
                }
                if (await _next is not { } frame || (frame[0].GetInt32() == 2 && !await AnswerAsync(charger, frame)))
                    return;
                _next = charger.ReceiveAsync(TimeSpan.FromMinutes(1));
            }
            Assert.True(until(), "what the script was played for never came");
        }

        private async Task<bool> AnswerAsync(RawCharger charger, JsonElement frame)
        {
            var (id, action, payload) = (frame[1].GetString()!, frame[2].GetString()!, frame[3]);
            string answer;
            switch (action)
            {
                case "GetConfiguration":
                    var keys = payload.GetProperty("key").EnumerateArray().Select(k => k.GetString()!).ToList();
                    Asked.Add($"Get {string.Join(',', keys)}");
                    answer = JsonSerializer.Serialize(new
                    {
                        configurationKey = keys.Where(Keys.ContainsKey).Select(k => new { key = k, @readonly = false, value = Keys[k] }),
                        unknownKey = keys.Where(k => !Keys.ContainsKey(k)),
                    });
                    break;
                case "ChangeConfiguration":
                    var (key, value) = (payload.GetProperty("key").GetString()!, payload.GetProperty("value").GetString()!);
                    Asked.Add($"Change {key}={value}");
                    if (key == RestartsOn)
                    {
                        await charger.DisposeAsync();
                        return false;
                    }
                    var status = Answers.GetValueOrDefault($"{key}={value}", refusedMeasurands?.Any(value.Contains) == true ? "Rejected" : "Accepted");
                    if (status == "Accepted")
                        Keys[key] = value;
                    answer = $$"""{"status":"{{status}}"}""";
                    break;
                case "TriggerMessage":
                    Asked.Add($"Trigger {payload.GetProperty("requestedMessage").GetString()}");
                    answer = """{"status":"Accepted"}""";
                    break;
                default:
                    Asked.Add(action);
                    answer = """{"status":"Accepted"}""";
                    break;
            }
            await charger.SendAsync($"[3,\"{id}\",{answer}]");
            return true;
        }
    }
}
