using EdgeGateway.Chargers;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

public sealed class OrderTests
{
    // A charger that boots and whose set-up is passed over: nothing is sent but what the test orders.
    private static async Task<(ChargersHost Host, RawCharger Charger)> ReadyAsync(TimeProvider? clock = null)
    {
        var host = await ChargersHost.StartAsync(o => o with { QuietSeconds = 0, MeterValueSeconds = 0 }, clock);
        host.Documents.All["charger/cp-1/learned"] = """{"noTriggers":true,"measurandsDone":true}""";
        var charger = await host.ConnectAsync();
        await charger.CallAsync("hb", "Heartbeat", "{}");
        return (host, charger);
    }

    [Theory]
    [InlineData("""[3,"{0}",{"status":"Accepted"}]""", OrderOutcome.Accepted)]
    [InlineData("""[3,"{0}",{"status":"Rejected"}]""", OrderOutcome.Rejected)]
    [InlineData("""[4,"{0}","NotSupported","",{}]""", OrderOutcome.NotSupported)]
    [InlineData("""[4,"{0}","InternalError","no",{}]""", OrderOutcome.Rejected)]
    public async Task A_start_from_afar_carries_its_tag_and_the_flat_connector_number(string answer, OrderOutcome expected)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var order = host.Stations.CarryOutAsync(new StartOrder(1, new("CP-1", 2, 1), "04A2B3C4"), CancellationToken.None);

        var (id, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal("RemoteStartTransaction", action);
        Assert.Equal("""{"connectorId":2,"idTag":"04A2B3C4"}""", payload.GetRawText());
        await charger.SendAsync(answer.Replace("{0}", id, StringComparison.Ordinal));

        Assert.Equal(expected, (await order).Outcome);
    }

    [Theory]
    [InlineData("Unlocked", OrderOutcome.Accepted)]
    [InlineData("UnlockFailed", OrderOutcome.Failed)]
    [InlineData("NotSupported", OrderOutcome.NotSupported)]
    public async Task An_unlock_says_how_it_went(string status, OrderOutcome expected)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var order = host.Stations.CarryOutAsync(new UnlockOrder(1, new("CP-1", 1, 1)), CancellationToken.None);
        var (id, action, _) = await charger.ReceiveCallAsync();
        Assert.Equal("UnlockConnector", action);
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"{{status}}"}]""");

        Assert.Equal(expected, (await order).Outcome);
    }

    [Theory]
    [InlineData("""[3,"{0}",{"status":"Accepted"}]""", OrderOutcome.Accepted)]
    [InlineData("""[3,"{0}",{"status":"Occupied"}]""", OrderOutcome.Occupied)]
    [InlineData("""[3,"{0}",{"status":"Faulted"}]""", OrderOutcome.Inoperative)]
    [InlineData("""[3,"{0}",{"status":"Unavailable"}]""", OrderOutcome.Inoperative)]
    [InlineData("""[3,"{0}",{"status":"Rejected"}]""", OrderOutcome.Rejected)]
    [InlineData("""[4,"{0}","NotImplemented","",{}]""", OrderOutcome.NotSupported)]
    public async Task A_reservation_names_connector_tag_group_number_and_end(string answer, OrderOutcome expected)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var until = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var order = host.Stations.CarryOutAsync(new ReserveOrder(1, new("CP-1", 2, 1), 17, "04A2B3C4", "FLEET", until), CancellationToken.None);
        var (id, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal("ReserveNow", action);
        Assert.Equal("""{"connectorId":2,"expiryDate":"2026-03-02T09:00:00.000Z","idTag":"04A2B3C4","parentIdTag":"FLEET","reservationId":17}""", payload.GetRawText());
        await charger.SendAsync(answer.Replace("{0}", id, StringComparison.Ordinal));
        Assert.Equal(expected, (await order).Outcome);
    }

    [Theory]
    [InlineData("Accepted", OrderOutcome.Accepted)]
    [InlineData("Rejected", OrderOutcome.Rejected)]
    public async Task The_end_of_a_reservation_names_its_number(string status, OrderOutcome expected)
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var order = host.Stations.CarryOutAsync(new CancelReservationOrder(1, "CP-1", 17), CancellationToken.None);
        var (id, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal(("CancelReservation", """{"reservationId":17}"""), (action, payload.GetRawText()));
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"{{status}}"}]""");
        Assert.Equal(expected, (await order).Outcome);
    }

    [Fact]
    public async Task Limits_go_as_a_profile_of_the_transaction_and_are_tried_at_stack_level_0_when_refused()
    {
        // FIELD-NOTES 13
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var limits = new ChargingLimits
        {
            Duration = TimeSpan.FromHours(1), Unit = LimitUnit.Amperes, Minimum = 6m, Steps = [new(TimeSpan.Zero, 10.27m), new(TimeSpan.FromMinutes(10), 16m, 3)],
        };
        var order = host.Stations.CarryOutAsync(new LimitOrder(1, new("CP-1", 2, 1), 7, limits), CancellationToken.None);
        var (id, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal("SetChargingProfile", action);
        Assert.Equal(
            """{"connectorId":2,"csChargingProfiles":{"chargingProfileId":7,"transactionId":7,"stackLevel":1,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"duration":3600,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10.2},{"startPeriod":600,"limit":16.0,"numberPhases":3}],"minChargingRate":6.0}}}""",
            payload.GetRawText().Replace("\"limit\":16,", "\"limit\":16.0,", StringComparison.Ordinal).Replace("\"minChargingRate\":6}", "\"minChargingRate\":6.0}", StringComparison.Ordinal));
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"Rejected"}]""");
        (id, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal("SetChargingProfile", action);
        Assert.Equal(0, payload.GetProperty("csChargingProfiles").GetProperty("stackLevel").GetInt32());
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"Accepted"}]""");
        Assert.Equal(OrderOutcome.Accepted, (await order).Outcome);

        order = host.Stations.CarryOutAsync(new LimitOrder(2, new("CP-1", 2, 1), 7, null), CancellationToken.None);
        (id, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal(("ClearChargingProfile", """{"id":7}"""), (action, payload.GetRawText()));
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"Unknown"}]""");
        Assert.Equal(OrderOutcome.Accepted, (await order).Outcome);
    }

    [Fact]
    public async Task The_limits_in_force_are_read_from_the_composite_schedule()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var order = host.Stations.CarryOutAsync(new AskLimitsOrder(1, new("CP-1", 2, 1), 7, TimeSpan.FromMinutes(15), LimitUnit.Watts), CancellationToken.None);
        var (id, action, payload) = await charger.ReceiveCallAsync();
        Assert.Equal(("GetCompositeSchedule", """{"connectorId":2,"duration":900,"chargingRateUnit":"W"}"""), (action, payload.GetRawText()));
        await charger.SendAsync($$$"""
            [3,"{{{id}}}",{"status":"Accepted","connectorId":2,"scheduleStart":"2026-03-02T09:00:00Z","chargingSchedule":
            {"duration":900,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000},{"startPeriod":60,"limit":3700.5,"numberPhases":1}]}}]
            """);
        var result = await order;
        Assert.Equal(OrderOutcome.Accepted, result.Outcome);
        Assert.Equal(
            (new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(15), LimitUnit.Watts), (result.Limits!.Start, result.Limits.Duration, result.Limits.Unit));
        Assert.Equal([new(TimeSpan.Zero, 11000m), new LimitStep(TimeSpan.FromMinutes(1), 3700.5m, 1)], result.Limits.Steps);
    }

    [Fact]
    public async Task Without_a_line_and_with_a_lost_one_the_order_is_Offline()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        Assert.Equal(OrderOutcome.Offline, (await host.Stations.CarryOutAsync(new StopOrder(1, "CP-2", 7), CancellationToken.None)).Outcome);

        var order = host.Stations.CarryOutAsync(new StopOrder(1, "CP-1", 7), CancellationToken.None);
        Assert.Equal("""{"transactionId":7}""", (await charger.ReceiveCallAsync()).Payload.GetRawText());
        await charger.DisposeAsync();

        Assert.Equal(OrderOutcome.Offline, (await order).Outcome);
    }

    [Fact]
    public async Task Silence_is_TimedOut_and_never_holds_up_what_the_charger_says()
    {
        var clock = new ManualClock();
        var (host, charger) = await ReadyAsync(clock);
        await using var _ = host;
        await using var __ = charger;
        var order = host.Stations.CarryOutAsync(new StopOrder(1, "CP-1", 7), CancellationToken.None);
        await charger.ReceiveCallAsync();
        var second = host.Stations.CarryOutAsync(new StopOrder(2, "CP-1", 8), CancellationToken.None);

        // One at a time each way: the second is not sent while the first waits, and a call of the charger's is answered meanwhile.
        await charger.CallAsync("5", "Heartbeat", "{}");
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(OrderOutcome.TimedOut, (await order).Outcome);
        var (id, _, payload) = await charger.ReceiveCallAsync();
        Assert.Equal("""{"transactionId":8}""", payload.GetRawText());
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"Accepted"}]""");
        Assert.Equal(OrderOutcome.Accepted, (await second).Outcome);
    }

    [Fact]
    public async Task A_start_from_afar_goes_through_the_site_and_its_transaction_asks_nobody_again()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;
        var token = new Token { Uid = "APP-1", Type = TokenType.AppUser, Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub };
        var grant = await host.Engine.RequestAsync(new StartRemotely(ExampleSite.Hub, token, "BER01", "CP-1-1", 1, "ref", "r1"), CancellationToken.None);
        Assert.NotNull(grant.OrderId);
        var (id, _, payload) = await charger.ReceiveCallAsync();
        Assert.Equal("APP-1", payload.GetProperty("idTag").GetString());
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"Accepted"}]""");
        Assert.Equal(OrderOutcome.Accepted, (await host.Engine.OutcomeAsync(grant.OrderId.Value, CancellationToken.None)).Outcome);

        var start = await charger.CallAsync("1", "StartTransaction", """{"connectorId":1,"idTag":"APP-1","meterStart":0,"timestamp":"2026-01-01T10:00:00Z"}""");

        Assert.Equal("Accepted", start.GetProperty("idTagInfo").GetProperty("status").GetString());
        Assert.Equal(AuthMethod.Command, host.Journal.Sessions[start.GetProperty("transactionId").GetInt32()].Authorization.Method);
    }

    [Fact]
    public async Task A_technician_may_send_what_the_standard_allows_and_hears_the_answer()
    {
        var (host, charger) = await ReadyAsync();
        await using var _ = host;
        await using var __ = charger;

        Assert.Equal("Offline", (await host.Stations.CallAsync("CP-9", "ClearCache", "{}", CancellationToken.None)).ErrorCode);
        foreach (var (action, payload) in new[] { ("MakeCoffee", "{}"), ("Reset", """{"type":"Medium"}"""), ("Reset", "no json"), ("Heartbeat", "{}") })
            Assert.Equal("Invalid", (await host.Stations.CallAsync("CP-1", action, payload, CancellationToken.None)).ErrorCode);

        var asked = host.Stations.CallAsync("cp-1", "Reset", """{"type":"Soft"}""", CancellationToken.None);
        var (id, _, sent) = await charger.ReceiveCallAsync();
        Assert.Equal("""{"type":"Soft"}""", sent.GetRawText());
        await charger.SendAsync($$"""[4,"{{id}}","FormationViolation","no",{}]""");
        Assert.Equal(new StationAnswer(null, "FormationViolation", "no"), await asked);
    }
}
