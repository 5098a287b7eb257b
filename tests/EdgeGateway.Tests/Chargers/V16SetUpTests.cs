using System.Text.Json;
using EdgeGateway.Chargers;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

public sealed class V16SetUpTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

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
                "GetConfiguration MeterValueSampleInterval,MeterValuesSampledData",
                "ChangeConfiguration MeterValueSampleInterval=60",
                "ChangeConfiguration MeterValuesSampledData=Energy.Active.Import.Register,Power.Active.Import,Current.Import,SoC",
                "ChangeConfiguration MeterValuesSampledData=Energy.Active.Import.Register,Power.Active.Import,Current.Import",
                "TriggerMessage StatusNotification",
            ],
            script.Asked);

        // What was found out holds for this model and firmware: nothing is asked twice.
        script.Asked.Clear();
        await using var again = await host.ConnectAsync();
        await again.BootAsync();
        await script.PlayAsync(again, host, clock);
        Assert.Equal(["TriggerMessage StatusNotification"], script.Asked);
    }

    [Fact]
    public async Task What_is_right_already_is_not_written_and_states_that_were_told_are_not_asked_for()
    {
        var clock = new ManualClock();
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 5 }, clock);
        var script = new Script { Interval = "60", Measurands = "Voltage, SoC,Current.Import,Power.Active.Import,Energy.Active.Import.Register" };
        await using var charger = await host.ConnectAsync();
        await charger.BootAsync();
        foreach (var connector in new[] { 1, 2 })
            await charger.CallAsync($"s{connector}", "StatusNotification", $$"""{"connectorId":{{connector}},"errorCode":"NoError","status":"Available"}""");

        await script.PlayAsync(charger, host, clock);

        Assert.Equal(["GetConfiguration MeterValueSampleInterval,MeterValuesSampledData"], script.Asked);
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

        Assert.Single(script.Asked, a => a == "TriggerMessage BootNotification");
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

        Assert.Equal(["TriggerMessage StatusNotification"], script.Asked);
    }

    /// <summary>How a charger answers what it is asked, until nothing more is asked.</summary>
    private sealed class Script(string[]? refusedMeasurands = null)
    {
        private ChargerLine? _line;

        public List<string> Asked { get; } = [];
        public string Interval { get; set; } = "900";
        public string Measurands { get; set; } = "Energy.Active.Import.Register";
        public string? RestartsOn { get; init; }

        public async Task PlayAsync(RawCharger charger, ChargersHost host, ManualClock clock)
        {
            await ChargersHost.UntilAsync(() => host.Registry.Find("CP-1") is { } found && found != _line);
            _line = host.Registry.Find("CP-1")!;
            // The timers of the set-up hang on the gateway's clock, which moves only here.
            var next = charger.ReceiveAsync(TimeSpan.FromMinutes(1));
            for (var i = 0; i < 1000 && !_line.SetUp.IsCompleted; i++)
            {
                if (await Task.WhenAny(next, Task.Delay(10)) != next)
                {
                    clock.Advance(Second);
                    continue;
                }
                if (await next is not { } frame || (frame[0].GetInt32() == 2 && !await AnswerAsync(charger, frame)))
                    return;
                next = charger.ReceiveAsync(TimeSpan.FromMinutes(1));
            }
            await _line.SetUp.WaitAsync(TimeSpan.FromSeconds(1));
        }

        private async Task<bool> AnswerAsync(RawCharger charger, JsonElement frame)
        {
            var (id, action, payload) = (frame[1].GetString()!, frame[2].GetString()!, frame[3]);
            string answer;
            switch (action)
            {
                case "GetConfiguration":
                    Asked.Add($"{action} {string.Join(',', payload.GetProperty("key").EnumerateArray().Select(k => k.GetString()))}");
                    answer = $$"""{"configurationKey":[{"key":"MeterValueSampleInterval","readonly":false,"value":{{Interval}}},{"key":"MeterValuesSampledData","readonly":false,"value":"{{Measurands}}"}]}""";
                    break;
                case "ChangeConfiguration":
                    var (key, value) = (payload.GetProperty("key").GetString()!, payload.GetProperty("value").GetString()!);
                    Asked.Add($"{action} {key}={value}");
                    if (key == RestartsOn)
                    {
                        await charger.DisposeAsync();
                        return false;
                    }
                    var isRefused = refusedMeasurands?.Any(value.Contains) == true;
                    if (!isRefused && key == "MeterValueSampleInterval")
                        Interval = value;
                    else if (!isRefused)
                        Measurands = value;
                    answer = $$"""{"status":"{{(isRefused ? "Rejected" : "Accepted")}}"}""";
                    break;
                case "TriggerMessage":
                    Asked.Add($"{action} {payload.GetProperty("requestedMessage").GetString()}");
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
