using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers.Quirks;

public sealed class QuirkDeskTests
{
    private static ModelQuirks QuirksOf(ChargersHost host) => host.Registry.Find("CP-1")!.Quirks;

    [Fact]
    public async Task A_boot_says_which_model_it_is_and_from_then_on_its_page_holds_on_the_next_lines_from_the_door()
    {
        await using var host = await ChargersHost.StartAsync(o => o with
        {
            QuirkPages = [new("own.json", "ABB", null, null, new() { Compression = false, AssumeProtocol = "ocpp1.6", PingSeconds = 7, Because = "a test" })],
        });
        await using (var charger = await host.ConnectAsync(settings: s => s.Compression = true))
        {
            Assert.True(charger.Socket.HttpResponseHeaders!.ContainsKey("Sec-WebSocket-Extensions"));
            await ChargersHost.UntilAsync(() => host.Registry.Find("CP-1") is not null);
            Assert.Null(QuirksOf(host).PingSeconds);
            await charger.CallAsync("b", "BootNotification", """{"chargePointVendor":"ABB","chargePointModel":"CDT_TACW22::NET_WIFI"}""");
            Assert.Equal(7, QuirksOf(host).PingSeconds);
            Assert.Equal(MeterBase.SessionInMeterValues, QuirksOf(host).MeterBase);
        }
        // It offers no subprotocol this time (FIELD-NOTES 5), and compression is off for its model (FIELD-NOTES 28).
        await using var again = await host.ConnectAsync(settings: s => (s.Compression, s.Protocols) = (true, []));
        Assert.False(again.Socket.HttpResponseHeaders!.ContainsKey("Sec-WebSocket-Extensions"));
        await again.CallAsync("1", "Heartbeat", "{}");
        Assert.Contains(host.Service<ToleranceLedger>().Of("CP-1"), t => t.Code == Tolerances.SubprotocolAssumed);
    }

    [Fact]
    public async Task An_edited_file_holds_for_open_lines()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await charger.BootAsync();
        Assert.Null(QuirksOf(host).IdTagSuffix);

        host.Options = host.Options with { QuirkPages = [new("own.json", "V", "M", "1.*", new() { IdTagSuffix = "_k", Because = "a test" })] };

        await charger.CallAsync("1", "Heartbeat", "{}");
        Assert.Equal("Accepted", (await charger.CallAsync("2", "Authorize", """{"idTag":"04A2B3C4_k"}""")).GetProperty("idTagInfo").GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_was_learned_holds_over_lines_and_restarts_until_the_firmware_is_another()
    {
        var documents = new MemoryDocuments();
        await using (var host = await ChargersHost.StartAsync(documents: documents))
        {
            await using var charger = await host.ConnectAsync();
            await charger.BootAsync();
            await host.Service<QuirkDesk>().LearnAsync(host.Registry.Find("CP-1")!, q => q with { WhDeclaredAsKwh = true }, CancellationToken.None);
            Assert.True(QuirksOf(host).WhDeclaredAsKwh);
        }
        await using var restarted = await ChargersHost.StartAsync(documents: documents);
        await using var again = await restarted.ConnectAsync();
        await again.BootAsync();
        await using var next = await restarted.ConnectAsync();
        await ChargersHost.UntilAsync(() => restarted.Registry.Find("CP-1") is { Quirks.WhDeclaredAsKwh: true });
        Assert.Equal("learned", restarted.Registry.Find("CP-1")!.KnownQuirks.Values.Single().Origin);

        await next.CallAsync("b", "BootNotification", """{"chargePointVendor":"V","chargePointModel":"M","firmwareVersion":"2.0"}""");
        Assert.Null(QuirksOf(restarted).WhDeclaredAsKwh);
    }

    /// <summary>FIELD-NOTES 12: a model whose values count from the session's start, beside registers of a lifetime in Start and Stop.</summary>
    [Fact]
    public async Task Values_of_a_model_that_counts_sessions_from_0_become_register_values()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await charger.CallAsync("b", "BootNotification", """{"chargePointVendor":"ABB","chargePointModel":"CDT_TACW22::NET_WIFI"}""");
        var number = (await charger.CallAsync("1", "StartTransaction", """{"connectorId":1,"idTag":"04A2B3C4","meterStart":50000,"timestamp":"2026-01-01T10:00:00Z"}"""))
            .GetProperty("transactionId").GetInt32();
        var i = 2;
        foreach (var (minute, wh) in new[] { (1, 0), (10, 1000), (20, 60_000), (30, 61_000) })
        {
            await charger.CallAsync($"{i++}", "MeterValues",
                $$"""{"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":"2026-01-01T10:{{minute}}:00Z","sampledValue":[{"value":"{{wh}}"}]}]}""".Replace(":1:00Z", ":01:00Z", StringComparison.Ordinal));
        }

        Assert.Equal(61_000, host.Journal.Sessions[number].EnergyWh);
        Assert.False(host.Journal.Sessions[number].Flags.HasFlag(SessionFlags.RegisterReset));
        await charger.CallAsync("s", "StopTransaction", $$"""{"transactionId":{{number}},"idTag":"04A2B3C4","meterStop":111500,"timestamp":"2026-01-01T10:31:00Z"}""");
        Assert.Equal(61_500, host.Journal.Sessions[number].EnergyWh);
    }

    [Fact]
    public async Task The_register_of_the_beginning_that_is_told_again_beside_that_of_now_is_not_of_now()
    {
        // Growatt THOR (evcc #33256), in either order.
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        var number = (await charger.CallAsync("1", "StartTransaction", """{"connectorId":1,"idTag":"04A2B3C4","meterStart":157440,"timestamp":"2026-01-01T10:00:00Z"}"""))
            .GetProperty("transactionId").GetInt32();
        await charger.CallAsync("2", "MeterValues", $$"""
            {"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":"2026-01-01T11:00:00Z","sampledValue":[
            {"value":"157440","context":"Transaction.Begin","unit":"Wh"},{"value":"163630","context":"Sample.Periodic","unit":"Wh"}]}]}
            """);

        Assert.Equal(6190, host.Journal.Sessions[number].EnergyWh);
    }
}
