using System.Text.Json;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers;

/// <summary>The site's orders at 2.0.1 and 2.1 stations: each frame literally and against the version's schema, each status for what it means.</summary>
public sealed class V21OrderTests
{
    private static readonly Position First = new("CP-1", 1, 1);

    public static TheoryData<string> Versions => ["2.0.1", "2.1"];

    private static TheoryData<string, string, OrderOutcome> InBoth(params (string Answer, OrderOutcome Outcome)[] answers)
    {
        var data = new TheoryData<string, string, OrderOutcome>();
        foreach (var version in (string[])["2.0.1", "2.1"])
        {
            foreach (var (answer, outcome) in answers)
                data.Add(version, answer, outcome);
        }
        return data;
    }

    private static Task AnswerAsync(V21Bench bench, string id, string action, string answer) =>
        answer.StartsWith('{') ? bench.AnswerAsync(id, action, answer) : bench.RefuseAsync(id, answer);

    public static TheoryData<string, string, OrderOutcome> Starts => InBoth(
        ("""{"status":"Accepted"}""", OrderOutcome.Accepted),
        ("""{"status":"Accepted","transactionId":"tx-9"}""", OrderOutcome.Accepted),
        ("""{"status":"Rejected","statusInfo":{"reasonCode":"TxInProgress"}}""", OrderOutcome.Rejected),
        ("NotSupported", OrderOutcome.NotSupported),
        ("InternalError", OrderOutcome.Rejected));

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task A_start_from_afar_names_the_order_the_EVSE_and_a_token_that_the_site_vouches_for(string version, string answer, OrderOutcome expected)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var order = bench.OrderAsync(new StartOrder(17, new("CP-1", 2, 1), "REMOTE-17"));
        var id = await bench.ExpectAsync("RequestStartTransaction", """{"idToken":{"idToken":"REMOTE-17","type":"Central"},"remoteStartId":17,"evseId":2}""");
        await AnswerAsync(bench, id, "RequestStartTransaction", answer);
        var result = await order;
        Assert.Equal(expected, result.Outcome);
        // The station began by itself when the plug went in: its id of it is what a technician looks for.
        Assert.Equal(answer.Contains("tx-9", StringComparison.Ordinal) ? "transaction tx-9" : answer.Contains("TxIn", StringComparison.Ordinal) ? "TxInProgress" : answer.StartsWith('{') ? null : answer, result.Detail);
    }

    [Theory]
    [InlineData("2.0.1", TokenType.Rfid, "04A2B3C4", "ISO14443")]
    [InlineData("2.1", TokenType.Rfid, "E004010203040506", "ISO15693")]
    [InlineData("2.0.1", TokenType.AppUser, "APP-1", "Central")]
    [InlineData("2.1", TokenType.Emaid, "DE-ABC-C00000001-1", "eMAID")]
    public async Task A_start_through_the_site_says_what_kind_of_token_it_is_and_its_group(string version, TokenType type, string uid, string kind)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var token = new Token { Uid = uid, Type = type, Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub, GroupId = "FLEET" };
        var grant = await bench.Host.Engine.RequestAsync(new StartRemotely(ExampleSite.Hub, token, "BER01", "CP-1-1", 1, "ref", "r1"), CancellationToken.None);
        var id = await bench.ExpectAsync(
            "RequestStartTransaction",
            $$$"""{"idToken":{"idToken":"{{{uid}}}","type":"{{{kind}}}"},"remoteStartId":{{{grant.OrderId}}},"evseId":1,"groupIdToken":{"idToken":"FLEET","type":"Central"}}""");
        await bench.AnswerAsync(id, "RequestStartTransaction", """{"status":"Accepted"}""");
        Assert.Equal(OrderOutcome.Accepted, (await bench.Host.Engine.OutcomeAsync(grant.OrderId!.Value, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task A_token_that_2_0_1_cannot_say_is_not_sent_and_2_1_says_it()
    {
        var uid = new string('A', 40);
        await using (var older = await V21Bench.StartAsync("2.0.1"))
        {
            var result = await older.OrderAsync(new StartOrder(1, First, uid));
            Assert.Equal(OrderOutcome.Failed, result.Outcome);
            Assert.Contains("36", result.Detail, StringComparison.Ordinal);
        }
        await using var newer = await V21Bench.StartAsync("2.1");
        var order = newer.OrderAsync(new StartOrder(1, First, uid));
        var id = await newer.ExpectAsync("RequestStartTransaction", $$$"""{"idToken":{"idToken":"{{{uid}}}","type":"Central"},"remoteStartId":1,"evseId":1}""");
        await newer.AnswerAsync(id, "RequestStartTransaction", """{"status":"Accepted"}""");
        Assert.Equal(OrderOutcome.Accepted, (await order).Outcome);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_stop_names_the_stations_own_transaction(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var number = await bench.BeginAsync("2e03f67b-dcc1");
        foreach (var (status, expected) in new[] { ("Rejected", OrderOutcome.Rejected), ("Accepted", OrderOutcome.Accepted) })
        {
            var order = bench.OrderAsync(new StopOrder(1, "CP-1", number));
            var id = await bench.ExpectAsync("RequestStopTransaction", """{"transactionId":"2e03f67b-dcc1"}""");
            await bench.AnswerAsync(id, "RequestStopTransaction", $$"""{"status":"{{status}}"}""");
            Assert.Equal(expected, (await order).Outcome);
        }
        Assert.Equal(OrderOutcome.Rejected, (await bench.OrderAsync(new StopOrder(2, "CP-1", number + 1))).Outcome);
    }

    public static TheoryData<string, string, OrderOutcome> Unlocks => InBoth(
        ("""{"status":"Unlocked"}""", OrderOutcome.Accepted),
        ("""{"status":"UnlockFailed"}""", OrderOutcome.Failed),
        ("""{"status":"OngoingAuthorizedTransaction"}""", OrderOutcome.Rejected),
        ("""{"status":"UnknownConnector"}""", OrderOutcome.Rejected),
        ("NotImplemented", OrderOutcome.NotSupported));

    [Theory]
    [MemberData(nameof(Unlocks))]
    public async Task An_unlock_says_how_it_went(string version, string answer, OrderOutcome expected)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var order = bench.OrderAsync(new UnlockOrder(1, new("CP-1", 2, 1)));
        var id = await bench.ExpectAsync("UnlockConnector", """{"evseId":2,"connectorId":1}""");
        await AnswerAsync(bench, id, "UnlockConnector", answer);
        var result = await order;
        Assert.Equal(expected, result.Outcome);
        if (expected == OrderOutcome.Rejected)
            Assert.Equal(JsonDocument.Parse(answer).RootElement.GetProperty("status").GetString(), result.Detail);
    }

    public static TheoryData<string, string, OrderOutcome> Reservations => InBoth(
        ("""{"status":"Accepted"}""", OrderOutcome.Accepted),
        ("""{"status":"Occupied"}""", OrderOutcome.Occupied),
        ("""{"status":"Faulted"}""", OrderOutcome.Inoperative),
        ("""{"status":"Unavailable"}""", OrderOutcome.Inoperative),
        ("""{"status":"Rejected"}""", OrderOutcome.Rejected),
        ("NotSupported", OrderOutcome.NotSupported));

    [Theory]
    [MemberData(nameof(Reservations))]
    public async Task A_reservation_names_EVSE_token_group_number_and_end(string version, string answer, OrderOutcome expected)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var order = bench.OrderAsync(new ReserveOrder(1, new("CP-1", 2, 1), 17, "RES-17", "FLEET", new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)));
        var id = await bench.ExpectAsync(
            "ReserveNow",
            """{"id":17,"expiryDateTime":"2026-03-02T09:00:00.000Z","idToken":{"idToken":"RES-17","type":"Central"},"evseId":2,"groupIdToken":{"idToken":"FLEET","type":"Central"}}""");
        await AnswerAsync(bench, id, "ReserveNow", answer);
        Assert.Equal(expected, (await order).Outcome);
    }

    [Theory]
    [InlineData("2.0.1", "Accepted", OrderOutcome.Accepted)]
    [InlineData("2.0.1", "Rejected", OrderOutcome.Rejected)]
    [InlineData("2.1", "Accepted", OrderOutcome.Accepted)]
    [InlineData("2.1", "Rejected", OrderOutcome.Rejected)]
    public async Task The_end_of_a_reservation_names_its_number(string version, string status, OrderOutcome expected)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var order = bench.OrderAsync(new CancelReservationOrder(1, "CP-1", 17));
        var id = await bench.ExpectAsync("CancelReservation", """{"reservationId":17}""");
        await bench.AnswerAsync(id, "CancelReservation", $$"""{"status":"{{status}}"}""");
        Assert.Equal(expected, (await order).Outcome);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Limits_go_as_a_profile_of_the_transaction_down_the_ladder_and_are_taken_off_by_its_number(string version)
    {
        // FIELD-NOTES 13
        await using var bench = await V21Bench.StartAsync(version);
        var number = await bench.BeginAsync("tx-1");
        var limits = new ChargingLimits
        {
            Duration = TimeSpan.FromHours(1), Unit = LimitUnit.Amperes, Minimum = 6m, Steps = [new(TimeSpan.Zero, 10.27m), new(TimeSpan.FromMinutes(10), 16.5m, 3)],
        };
        var order = bench.OrderAsync(new LimitOrder(1, First, number, limits));
        var id = await bench.ExpectAsync("SetChargingProfile", Profile(1));
        await bench.AnswerAsync(id, "SetChargingProfile", """{"status":"Rejected","statusInfo":{"reasonCode":"InvalidStackLevel"}}""");
        id = await bench.ExpectAsync("SetChargingProfile", Profile(0));
        await bench.AnswerAsync(id, "SetChargingProfile", """{"status":"Accepted"}""");
        Assert.Equal(OrderOutcome.Accepted, (await order).Outcome);

        order = bench.OrderAsync(new LimitOrder(2, First, number, null));
        id = await bench.ExpectAsync("ClearChargingProfile", $$"""{"chargingProfileId":{{number}}}""");
        await bench.AnswerAsync(id, "ClearChargingProfile", """{"status":"Unknown"}""");
        Assert.Equal(OrderOutcome.Accepted, (await order).Outcome);

        string Profile(int level) => $$$"""
            {"evseId":1,"chargingProfile":{"id":{{{number}}},"stackLevel":{{{level}}},"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":[{"id":{{{number}}},"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10.2},{"startPeriod":600,"limit":16.5,"numberPhases":3}],"duration":3600,"minChargingRate":6}],"transactionId":"tx-1"}}
            """;
    }

    [Theory]
    [InlineData("""{"status":"Rejected","statusInfo":{"reasonCode":"NotEnabled"}}""")]
    [InlineData("NotSupported")]
    public async Task A_station_without_smart_charging_is_told_once(string answer)
    {
        await using var bench = await V21Bench.StartAsync("2.0.1");
        var number = await bench.BeginAsync("tx-1");
        var order = bench.OrderAsync(new LimitOrder(1, First, number, new() { Unit = LimitUnit.Amperes, Steps = [new(TimeSpan.Zero, 10m)] }));
        var (id, _) = await bench.ExpectAsync("SetChargingProfile");
        await AnswerAsync(bench, id, "SetChargingProfile", answer);
        Assert.Equal(OrderOutcome.NotSupported, (await order).Outcome);
    }

    [Fact]
    public async Task A_limit_without_a_transaction_is_refused_and_not_sent()
    {
        await using var bench = await V21Bench.StartAsync("2.1");
        var result = await bench.OrderAsync(new LimitOrder(1, First, 99, new() { Unit = LimitUnit.Amperes, Steps = [new(TimeSpan.Zero, 10m)] }));
        Assert.Equal(OrderOutcome.Rejected, result.Outcome);
        Assert.DoesNotContain(bench.Host.Frames.All, f => f.Text.Contains("SetChargingProfile", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_limits_in_force_are_read_from_the_composite_schedule(string version)
    {
        await using var bench = await V21Bench.StartAsync(version);
        var order = bench.OrderAsync(new AskLimitsOrder(1, new("CP-1", 2, 1), 7, TimeSpan.FromMinutes(15), LimitUnit.Watts));
        var id = await bench.ExpectAsync("GetCompositeSchedule", """{"duration":900,"evseId":2,"chargingRateUnit":"W"}""");
        await bench.AnswerAsync(
            id, "GetCompositeSchedule",
            """{"status":"Accepted","schedule":{"evseId":2,"duration":900,"scheduleStart":"2026-03-02T09:00:00Z","chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000},{"startPeriod":60,"limit":3700.5,"numberPhases":1}]}}""");
        var result = await order;
        Assert.Equal(OrderOutcome.Accepted, result.Outcome);
        Assert.Equal(
            (new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(15), LimitUnit.Watts), (result.Limits!.Start, result.Limits.Duration, result.Limits.Unit));
        Assert.Equal([new(TimeSpan.Zero, 11000m), new LimitStep(TimeSpan.FromMinutes(1), 3700.5m, 1)], result.Limits.Steps);
    }

    [Fact]
    public async Task A_setpoint_of_2_1_is_no_limit()
    {
        await using var bench = await V21Bench.StartAsync("2.1");
        var order = bench.OrderAsync(new AskLimitsOrder(1, First, 7, TimeSpan.FromMinutes(15), LimitUnit.Watts));
        var (id, _) = await bench.ExpectAsync("GetCompositeSchedule");
        await bench.AnswerAsync(
            id, "GetCompositeSchedule",
            """{"status":"Accepted","schedule":{"evseId":1,"duration":900,"scheduleStart":"2026-03-02T09:00:00Z","chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"setpoint":-5000}]}}""");
        Assert.Null((await order).Limits);
    }
}
