using System.Text;
using EdgeGateway.Chargers;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

/// <summary>What 2.x stations report of themselves, and what of it is kept, said and hidden.</summary>
public sealed class V21ReportsTests
{
    private static string Part(int number, bool more, string data) =>
        $$"""{"requestId":7,"generatedAt":"2026-01-01T10:00:00Z","seqNo":{{number}},"tbc":{{(more ? "true" : "false")}},"reportData":[{{data}}]}""";

    private static string Variable(string component, string variable, string value, string? instance = null) => $$$"""
        {"component":{"name":"{{{component}}}"},"variable":{"name":"{{{variable}}}"{{{(instance is null ? "" : $",\"instance\":\"{instance}\"")}}}},
        "variableAttribute":[{"value":"{{{value}}}","mutability":"ReadWrite"}],"variableCharacteristics":{"dataType":"integer","supportsMonitoring":true,"maxLimit":50}}
        """;

    [Fact]
    public async Task A_device_model_told_in_parts_is_kept_when_it_is_whole_and_no_secret_of_it()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);

        await charger.CallAsync("1", "NotifyReport", Part(0, more: true, Variable("OCPPCommCtrlr", "HeartbeatInterval", "300")));
        Assert.Null(await host.Models.ReadAsync("CP-1", CancellationToken.None));
        await charger.CallAsync("2", "NotifyReport", Part(1, more: false,
            $"{Variable("SecurityCtrlr", "BasicAuthPassword", "hunter2hunter2")},{Variable("TariffCostCtrlr", "Enabled", "true", "Cost")}"));

        var model = await host.Models.ReadAsync("cp-1", CancellationToken.None);
        Assert.Equal(("300", 50m), (model!.Find("OCPPCommCtrlr", "HeartbeatInterval")!.Value, model.Find("ocppcommctrlr.heartbeatinterval")!.Max));
        Assert.True(model.IsTrue("TariffCostCtrlr.Enabled(Cost)"));
        Assert.Null(model.Find("SecurityCtrlr.BasicAuthPassword")!.Value);
        // S11: nor anywhere else.
        Assert.DoesNotContain(host.Frames.All, f => f.Text.Contains("hunter2", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Documents.All.Values, d => d.Contains("hunter2", StringComparison.Ordinal));

        // A later report of a part leaves the rest as it was.
        await charger.CallAsync("3", "NotifyReport", Part(0, more: false, Variable("OCPPCommCtrlr", "HeartbeatInterval", "60")));
        model = await host.Models.ReadAsync("CP-1", CancellationToken.None);
        Assert.Equal(("60", 3), (model!.Find("OCPPCommCtrlr.HeartbeatInterval")!.Value, model.Variables.Length));
    }

    [Fact]
    public async Task A_model_without_end_is_cut_and_says_so()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.1"]);
        const int parts = 60, each = 100;
        for (var part = 0; part < parts; part++)
        {
            var data = string.Join(',', Enumerable.Range(0, each).Select(i => Variable("C", $"V{part}x{i}", "1")));
            await charger.CallAsync($"{part}", "NotifyReport", Part(part, part < parts - 1, data));
        }
        var model = await host.Models.ReadAsync("CP-1", CancellationToken.None);
        Assert.Equal((DeviceModels.MostVariables, true), (model!.Variables.Length, model.IsCut));
    }

    [Fact]
    public async Task Other_reports_are_kept_word_for_word()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.1"]);
        await charger.CallAsync("1", "NotifyDisplayMessages", """{"requestId":3,"tbc":true,"messageInfo":[{"id":1,"priority":"InFront","message":{"format":"UTF8","content":"Grüß Gott"}}]}""");
        Assert.Null(await host.Papers.ReadAsync("CP-1", StationPapers.DisplayMessages, CancellationToken.None));
        await charger.CallAsync("2", "NotifyDisplayMessages", """{"requestId":3,"messageInfo":[{"id":2,"priority":"InFront","message":{"format":"ASCII","content":"two"}}]}""");

        var paper = await host.Papers.ReadAsync("CP-1", StationPapers.DisplayMessages, CancellationToken.None);
        Assert.Contains("Grüß Gott", paper, StringComparison.Ordinal);
        Assert.Contains("\"id\":2", paper, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_notices_is_a_bounded_number_of_events_and_repeats_are_none()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        static string Notice(int value) => $$$"""
            {"generatedAt":"2026-01-01T10:00:00Z","seqNo":0,"eventData":[{"eventId":1,"timestamp":"2026-01-01T10:00:00Z","trigger":"Alerting","actualValue":"{{{value}}}",
            "component":{"name":"Connector","evse":{"id":1}},"eventNotificationType":"HardWiredNotification","variable":{"name":"Problem"}}]}
            """;
        int Count() => host.Journal.Events.ToArray().Count(e => e.Code == "StationEvent");

        for (var i = 0; i < 5; i++)
            await charger.CallAsync($"a{i}", "NotifyEvent", Notice(0));
        Assert.Equal(1, Count());
        Assert.Contains(host.Journal.Events, e => e is { Code: "StationEvent", Text: "Connector@1.Problem: 0", Severity: EdgeGateway.Site.Model.Severity.Warning });
        for (var i = 0; i < 300; i++)
            await charger.CallAsync($"b{i}", "NotifyEvent", Notice(i + 1));
        // One more every ten seconds may have come meanwhile.
        Assert.InRange(Count(), ChargerLine.EventsBurst, ChargerLine.EventsBurst + 10);
    }

    [Fact]
    public async Task A_message_that_is_not_to_be_answered_is_kept_and_not_answered()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.1"]);
        await charger.SendAsync("""[6,"s1","NotifyPeriodicEventStream",{"id":4,"pending":0,"basetime":"2026-01-01T10:00:00Z","data":[{"t":1,"v":"230"}]}]""");

        // The next answer is the heartbeat's.
        await charger.CallAsync("h", "Heartbeat", "{}");
        Assert.Contains("\"v\":\"230\"", await host.Papers.ReadAsync("CP-1", StationPapers.EventStream, CancellationToken.None), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SetVariables", """{"setVariableData":[{"attributeValue":"hunter2","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}""")]
    [InlineData("GetVariables", """{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"hunter2","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}""")]
    [InlineData("NotifyReport", """{"reportData":[{"component":{"name":"C"},"variable":{"name":"SharedSecret"},"variableAttribute":[{"value":"hunter2"}]}]}""")]
    [InlineData("NotifyEvent", """{"eventData":[{"actualValue":"hunter2","component":{"name":"C"},"variable":{"name":"BasicAuthPassword"}}]}""")]
    [InlineData("SetNetworkProfile", """{"connectionData":{"vpn":{"server":"s","user":"u","password":"hunter2","key":"hunter2"},"apn":{"apnPassword":"hunter2"},"basicAuthPassword":"hunter2"}}""")]
    [InlineData("Authorize", """{"idToken":{"idToken":"hunter2","type":"KeyCode"}}""")]
    [InlineData("TransactionEvent", """{"eventType":"Started","idToken":{"type":"KeyCode","idToken":"hunter2"}}""")]
    [InlineData("SendLocalList", """{"localAuthorizationList":[{"idToken":{"idToken":"hunter2","type":"KeyCode"}}]}""")]
    [InlineData("NotifyCustomerInformation", """{"data":"name: \"hunter2\" \\ hunter2","seqNo":0}""")]
    public void Secrets_of_2x_never_reach_the_log(string action, string payload)
    {
        var kept = FrameMasking.ForLog(action, $"[2,\"1\",\"{action}\",{payload}]");

        Assert.DoesNotContain("hunter2", kept, StringComparison.Ordinal);
        Assert.Contains("***", kept, StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetBytes(kept));
    }

    [Fact]
    public async Task Running_costs_are_told_where_they_are_shown_at_most_once_a_minute_and_not_after_an_error()
    {
        var clock = new ManualClock(new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero));
        await using var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0, MeterValueSeconds = 0 }, clock);
        host.Documents.All["charger/cp-1/learned-2"] = """{"noTriggers":true,"reportDone":true}""";
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = ["ocpp2.0.1"]);
        await charger.CallAsync("1", "NotifyReport", Part(0, more: false, Variable("TariffCostCtrlr", "Enabled", "true", "Cost")));
        await charger.CallAsync("2", "TransactionEvent", V21DialectTests.Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true));
        await charger.CallAsync("3", "TransactionEvent", V21DialectTests.Event("Updated", 1, "10:00", "MeterValuePeriodic", 3000));

        clock.Advance(TimeSpan.FromMinutes(1));
        var told = await charger.ReceiveCallAsync();
        Assert.Equal("CostUpdated", told.Action);
        Assert.Equal("tx-1", told.Payload.GetProperty("transactionId").GetString());
        // 2 kWh at 0.49 and 19 %.
        Assert.Equal(1.1662m, told.Payload.GetProperty("totalCost").GetDecimal());
        await charger.SendAsync($"[3,\"{told.Id}\",{{}}]");
        var line = host.Registry.Find("CP-1")!;
        await ChargersHost.UntilAsync(() => line.Costs.Telling.IsCompleted);

        // Nothing changed: nothing is told.
        clock.Advance(TimeSpan.FromMinutes(1));
        await ChargersHost.UntilAsync(() => line.Costs.Telling.IsCompleted);
        await charger.CallAsync("4", "TransactionEvent", V21DialectTests.Event("Updated", 2, "10:02", "MeterValuePeriodic", 4000));
        clock.Advance(TimeSpan.FromMinutes(1));
        told = await charger.ReceiveCallAsync();
        Assert.Equal(1.7493m, told.Payload.GetProperty("totalCost").GetDecimal());
        await charger.SendAsync($"[4,\"{told.Id}\",\"NotSupported\",\"\",{{}}]");
        await ChargersHost.UntilAsync(() => line.Costs.HasGivenUp);

        await charger.CallAsync("5", "TransactionEvent", V21DialectTests.Event("Updated", 3, "10:03", "MeterValuePeriodic", 5000));
        clock.Advance(TimeSpan.FromMinutes(1));
        // The next frame is the heartbeat's answer, and no cost.
        Assert.Equal(3, (await charger.AskAsync("6", "Heartbeat", "{}"))!.Value[0].GetInt32());
    }
}
