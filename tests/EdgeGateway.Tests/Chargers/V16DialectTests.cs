using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers;

public sealed partial class V16DialectTests
{
    private const string Start = """{"connectorId":1,"idTag":"04A2B3C4","meterStart":1000,"timestamp":"2026-01-01T10:00:00Z"}""";

    [Fact]
    public async Task A_session_from_boot_to_stop_is_on_disk_with_each_answer()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();

        var boot = await charger.BootAsync();
        Assert.Equal(300, boot.GetProperty("interval").GetInt32());
        Assert.Matches(Utc(), boot.GetProperty("currentTime").GetString()!);
        Assert.Equal("M", host.Journal.Stations["CP-1"].Identity!.Model);

        await charger.CallAsync("2", "StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing"}""");
        Assert.Equal(ConnectorState.Preparing, host.Journal.Stations["CP-1"].Connectors[101].State);
        Assert.Equal("Accepted", StatusOf(await charger.CallAsync("3", "Authorize", """{"idTag":"04A2B3C4"}""")));

        var start = await charger.CallAsync("4", "StartTransaction", Start);
        Assert.Equal("Accepted", StatusOf(start));
        var number = start.GetProperty("transactionId").GetInt32();
        Assert.Equal(SessionStatus.Active, host.Journal.Sessions[number].Status);

        await charger.CallAsync("5", "MeterValues", $$"""{"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":"2026-01-01T10:10:00Z","sampledValue":[{"value":"1.5","unit":"kWh"}]}]}""");
        Assert.Equal(500, host.Journal.Sessions[number].EnergyWh);

        var stop = await charger.CallAsync("6", "StopTransaction", $$"""{"transactionId":{{number}},"idTag":"04a2b3c4","meterStop":3000,"timestamp":"2026-01-01T11:00:00Z","reason":"Local"}""");
        Assert.Equal("Accepted", StatusOf(stop));
        var session = host.Journal.Sessions[number];
        Assert.Equal(SessionStatus.Completed, session.Status);
        Assert.Equal(2000, session.EnergyWh);
        Assert.Equal("Local", session.StopReason);
        Assert.Equal(2000, Assert.Single(host.Journal.Cdrs).Value.Session.EnergyWh);
    }

    [Fact]
    public async Task Start_and_Stop_said_again_under_another_id_and_on_another_line_are_the_same_session()
    {
        await using var host = await ChargersHost.StartAsync();
        int number;
        await using (var charger = await host.ConnectAsync())
            number = (await charger.CallAsync("1", "StartTransaction", Start)).GetProperty("transactionId").GetInt32();
        await using var again = await host.ConnectAsync();
        Assert.Equal(number, (await again.CallAsync("other id", "StartTransaction", Start)).GetProperty("transactionId").GetInt32());
        // The same id for something else is something else: chargers share and reuse ids (seen on the wire, 1).
        var other = await again.CallAsync("1", "StartTransaction", Start.Replace("\"connectorId\":1", "\"connectorId\":2", StringComparison.Ordinal));
        Assert.NotEqual(number, other.GetProperty("transactionId").GetInt32());

        var stop = $$"""{"transactionId":{{number}},"meterStop":2000,"timestamp":"2026-01-01T11:00:00Z"}""";
        await again.CallAsync("2", "StopTransaction", stop);
        await again.CallAsync("3", "StopTransaction", stop);
        Assert.Single(host.Journal.Cdrs);
        Assert.Equal(2, host.Journal.Sessions.Count);
    }

    [Theory]
    [InlineData("StartTransaction", "{}")]
    [InlineData("StartTransaction", """{"connectorId":{"id":1},"idTag":["x"],"meterStart":"lots","timestamp":"yesterday"}""")]
    [InlineData("StartTransaction", """{"connectorId":0,"idTag":"04A2B3C4","meterStart":0,"timestamp":"2026-01-01T10:00:00Z"}""")]
    [InlineData("StartTransaction", """{"connectorId":99,"idTag":"04A2B3C4","meterStart":0,"timestamp":"2026-01-01T10:00:00Z"}""")]
    [InlineData("StartTransaction", """{"connectorId":-4,"idTag":"","meterStart":-5,"timestamp":null}""")]
    [InlineData("StopTransaction", "{}")]
    [InlineData("StopTransaction", """{"transactionId":-1,"meterStop":500,"timestamp":"2026-01-01T11:00:00Z"}""")]
    [InlineData("StopTransaction", """{"transactionId":"abc","meterStop":"x","timestamp":"?","transactionData":7}""")]
    [InlineData("StopTransaction", """{"transactionId":4711,"meterStop":500,"timestamp":"2026-01-01T11:00:00Z","reason":"Boredom"}""")]
    [InlineData("MeterValues", "{}")]
    [InlineData("MeterValues", """{"connectorId":"a","meterValue":{"timestamp":"x","sampledValue":{"value":12}}}""")]
    [InlineData("MeterValues", """{"connectorId":0,"transactionId":-16,"meterValue":[{"timestamp":"2026-01-01T10:00:00Z","sampledValue":[{"value":"1","measurand":"Mood"},{"value":"NaN"}]}]}""")]
    public async Task Messages_of_a_transaction_get_a_result_whatever_is_wrong_with_them(string action, string payload)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();

        var answer = await charger.CallAsync("1", action, payload);

        if (action == "StartTransaction")
        {
            var number = answer.GetProperty("transactionId").GetInt32();
            Assert.True(number > 0);
            Assert.Contains(host.Journal.Sessions.Values, s => s.Number == number && !s.At.IsStation);
        }
        await charger.CallAsync("2", "Heartbeat", "{}");
    }

    [Fact]
    public async Task A_start_without_a_place_goes_where_the_plug_is()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await charger.CallAsync("1", "StatusNotification", """{"connectorId":2,"errorCode":"NoError","status":"Preparing"}""");

        var start = await charger.CallAsync("2", "StartTransaction", """{"connectorId":0,"idTag":"04A2B3C4","meterStart":0,"timestamp":"2026-01-01T10:00:00Z"}""");

        var session = host.Journal.Sessions[start.GetProperty("transactionId").GetInt32()];
        Assert.Equal(new Position("CP-1", 2, 1), session.At);
        Assert.True(session.Flags.HasFlag(SessionFlags.Incomplete));
    }

    [Theory]
    [InlineData("04A2B3C4", "Accepted")]
    [InlineData(" 04a2b3c4\\u0000", "Accepted")]
    [InlineData("04A2B3C4_dummy1", "Accepted")]
    [InlineData("DEAD0001", "Blocked")]
    [InlineData("NOBODY", "Invalid")]
    public async Task Tags_are_known_in_whatever_form_they_come_and_the_answer_is_one_of_the_standards(string tag, string status)
    {
        await using var host = await ChargersHost.StartAsync(o => o with
        {
            Stations = [new() { Id = "CP-1", Password = ChargersHost.Password, IdTagSuffix = "_*" }],
        });
        await using var charger = await host.ConnectAsync();

        Assert.Equal(status, StatusOf(await charger.CallAsync("1", "Authorize", $$"""{"idTag":"{{tag}}"}""")));
    }

    [Theory]
    [InlineData("EMPTY", "the account is empty")]
    [InlineData("ELSEWHERE", "not here")]
    public async Task A_driver_whom_a_hub_refuses_is_blocked_and_the_event_says_why(string tag, string because)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();

        Assert.Equal("Blocked", StatusOf(await charger.CallAsync("1", "Authorize", $$"""{"idTag":"{{tag}}"}""")));
        Assert.Contains(host.Journal.Events, e => e.Code == "TokenRefused" && e.Text.Contains(because, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_is_told_as_parent_only_where_it_fits()
    {
        await using var host = await ChargersHost.StartAsync(site: s => s with
        {
            LocalTokens =
            [
                new() { Uid = "A1", Owner = new("DE", "ABC"), GroupId = "FLEET" },
                new() { Uid = "A2", Owner = new("DE", "ABC"), GroupId = "A-GROUP-OF-MORE-THAN-TWENTY" },
            ],
        });
        await using var charger = await host.ConnectAsync();

        Assert.Equal("FLEET", (await charger.CallAsync("1", "Authorize", """{"idTag":"A1"}""")).GetProperty("idTagInfo").GetProperty("parentIdTag").GetString());
        Assert.False((await charger.CallAsync("2", "Authorize", """{"idTag":"A2"}""")).GetProperty("idTagInfo").TryGetProperty("parentIdTag", out _));
    }

    [Fact]
    public async Task A_heartbeat_costs_no_commit()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await charger.BootAsync();
        var commits = host.Journal.Commits;

        Assert.Matches(Utc(), (await charger.CallAsync("1", "Heartbeat", "{}")).GetProperty("currentTime").GetString()!);

        Assert.Equal(commits, host.Journal.Commits);
    }

    [Fact]
    public async Task What_only_people_need_becomes_an_event_and_only_when_it_changes()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        foreach (var (id, status) in new[] { ("1", "Downloading"), ("2", "Downloading"), ("3", "InstallationFailed") })
            await charger.CallAsync(id, "FirmwareStatusNotification", $$"""{"status":"{{status}}"}""");
        await charger.CallAsync("4", "SecurityEventNotification", """{"type":"TamperDetectionActivated","timestamp":"2026-01-01T10:00:00Z","techInfo":"lid\nopen"}""");
        Assert.Equal("Rejected", (await charger.CallAsync("5", "SignCertificate", """{"csr":"x"}""")).GetProperty("status").GetString());
        Assert.Equal("UnknownVendorId", (await charger.CallAsync("6", "DataTransfer", """{"vendorId":"x"}""")).GetProperty("status").GetString());

        var events = host.Journal.Events.ToArray();
        Assert.Equal(2, events.Count(e => e.Code == "FirmwareStatus"));
        Assert.Contains(events, e => e.Code == "SecurityEvent" && e.Text == "TamperDetectionActivated: lid open");
    }

    [Fact]
    public async Task What_was_tolerated_is_counted_and_written_down_once()
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync();
        await charger.BootAsync();
        for (var i = 0; i < 5; i++)
            await charger.CallAsync($"{i}", "MeterValues", """{"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T10:00:00Z","sampledValue":[{"value":"5"},{"value":"1","measurand":"Mood"}]}]}""");

        Assert.Equal(5, host.Stations.Lines().Single().Warnings);
        Assert.Single(host.Frames.All, f => f.Note?.Contains("tolerated", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Connector_numbers_are_EVSEs_where_each_has_one_connector_unique_ids_where_there_are_and_counted_else()
    {
        var flat = new ConnectorNumbers("CP", Site((1, [1]), (2, [1])));
        Assert.Equal(new Position("CP", 2, 1), flat.At(2));
        var unique = new ConnectorNumbers("CP", Site((1, [1, 2]), (2, [3])));
        Assert.Equal(new Position("CP", 1, 2), unique.At(2));
        Assert.Equal(new Position("CP", 2, 3), unique.At(3));
        var counted = new ConnectorNumbers("CP", Site((1, [1, 2]), (2, [1, 2])));
        Assert.Equal(new Position("CP", 2, 1), counted.At(3));
        foreach (var numbers in new[] { flat, unique, counted })
        {
            Assert.Equal(new Position("CP", 0, 0), numbers.At(0));
            Assert.Equal(new Position("CP", 42, 1), numbers.At(42));
            Assert.Null(numbers.At(-1));
            Assert.All(numbers.Connectors, at => Assert.Equal(at, numbers.At(numbers.NumberOf(at))));
        }
    }

    [Theory]
    [InlineData("""[{"value":"1.2345","unit":"kWh"}]""", 1235L, null, null)]
    [InlineData("""[{"value":"0.15002000000000001","unit":"kWh"}]""", 150L, null, null)]
    [InlineData("""[{"value":"7,5","measurand":"Power.Active.Import","unit":"kW"}]""", null, 7500.0, null)]
    [InlineData("""[{"value":"10","measurand":"Current.Import","phase":"L1"},{"value":"11","measurand":"Current.Import","phase":"L2"},{"value":"12.5","measurand":"Current.Import","phase":"L3"}]""", null, null, 33.5)]
    [InlineData("""[{"value":"1","measurand":"Power.Active.Import","phase":"L1-N"},{"value":"2","measurand":"Power.Active.Import","phase":"L2-N"},{"value":"9","measurand":"Power.Active.Import"}]""", null, 9.0, null)]
    [InlineData("""[{"value":"1","measurand":"Power.Active.Import","phase":"L1"},{"value":"2","measurand":"Power.Active.Import","phase":"L2"}]""", null, 3.0, null)]
    [InlineData("""[{"value":"100","phase":"L1"},{"value":"200","phase":"L2"},{"value":"300"}]""", 300L, null, null)]
    [InlineData("""[{"value":"100","phase":"L1"},{"value":"200","phase":"L2"}]""", 300L, null, null)]
    [InlineData("""[{"value":"500","location":"Inlet"},{"value":"400","location":"Outlet"}]""", 400L, null, null)]
    [InlineData("""[{"value":"-3"},{"value":"55","measurand":"SoC","unit":"Percent"}]""", null, null, null)]
    public void Samples_become_one_reading_in_our_units(string samples, long? energyWh, double? powerW, double? currentA)
    {
        var reading = Assert.Single(V16Readings.Of(Values(samples)));

        Assert.Equal(energyWh, reading.EnergyWh);
        Assert.Equal((decimal?)powerW, reading.PowerW);
        Assert.Equal((decimal?)currentA, reading.CurrentA);
    }

    [Theory]
    [InlineData("""[{"value":"100"},{"value":"55","measurand":"SoC","unit":"Percent","location":"EV"}]""", 55)]
    [InlineData("""[{"value":"100"},{"value":"255","measurand":"SoC","unit":"Percent"}]""", null)]
    [InlineData("""[{"value":"100"}]""", null)]
    public void The_battery_says_how_full_it_is(string samples, int? percent) =>
        Assert.Equal((decimal?)percent, Assert.Single(V16Readings.Of(Values(samples))).StateOfCharge);

    [Fact]
    public void Signed_values_stay_as_they_came_each_for_itself()
    {
        var readings = V16Readings.Of(Values("""[{"value":"OCMF|{a}","format":"SignedData","context":"Transaction.Begin"},{"value":"OCMF|{b}","format":"SignedData"},{"value":"12","context":"Transaction.End"}]"""));

        Assert.Equal(["OCMF|{a}", "OCMF|{b}"], readings.Select(r => r.Signed));
        Assert.Equal(12, readings[^1].EnergyWh);
        Assert.Equal("Transaction.Begin", readings[0].Context);
        Assert.Equal("Transaction.End", readings[1].Context);
    }

    private static string? StatusOf(JsonElement answer) => answer.GetProperty("idTagInfo").GetProperty("status").GetString();

    private static IReadOnlyList<MeterValue> Values(string samples) =>
        V16Actions.MeterValues.ReadRequest(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T10:00:00Z","sampledValue":{{samples}}}]}""")).Message.MeterValue;

    private static StationConfiguration Site(params (int Evse, int[] Connectors)[] evses) => new()
    {
        Id = "CP",
        Evses =
        [
            .. evses.Select(e => new EvseConfiguration
            {
                Id = e.Evse, Uid = $"CP-{e.Evse}",
                Connectors = [.. e.Connectors.Select(c => new ConnectorConfiguration { Id = c, Standard = "IEC_62196_T2", Format = "SOCKET", PowerType = "AC_3_PHASE", MaxVoltage = 230, MaxAmperage = 32 })],
            }),
        ],
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", RegexOptions.None, 100)]
    private static partial Regex Utc();
}
