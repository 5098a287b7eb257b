using EdgeGateway.Chargers;

namespace EdgeGateway.Tests.Chargers;

/// <summary>What is tolerated of 2.x chargers by the same rows, over a real websocket.</summary>
public sealed class Tolerance2xTests
{
    private const string Available = """{"timestamp":"2026-01-01T10:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}""";

    private static readonly Dictionary<string, (string What, string Action, string Payload)[]> Rows = new()
    {
        [Tolerances.UnknownMember] = [("a vendor's own", "StatusNotification", Available.Replace("{", "{\"mood\":7,", StringComparison.Ordinal))],
        [Tolerances.MemberCase] = [("EVSEId", "StatusNotification", Available.Replace("evseId", "EVSEId", StringComparison.Ordinal))],
        [Tolerances.NumberForm] = [("a number in quotes", "StatusNotification", Available.Replace("\"evseId\":1", "\"evseId\":\"1\"", StringComparison.Ordinal))],
        [Tolerances.EnumCase] = [("available", "StatusNotification", Available.Replace("Available", "available", StringComparison.Ordinal))],
        [Tolerances.TimeForm] = [("no zone", "StatusNotification", Available.Replace("00Z", "00", StringComparison.Ordinal))],
        [Tolerances.EmptyForObject] = [("[] for {}", "Heartbeat", "[]")],
        [Tolerances.MemberMissing] = [("an event without its seqNo", "TransactionEvent", Event("Started", 1, "null"))],
        [Tolerances.LeftOut] = [("one bad sample", "MeterValues", """{"evseId":1,"meterValue":[{"timestamp":"2026-01-01T10:00:00Z","sampledValue":[{"value":5},{"value":"much"}]}]}""")],
        [Tolerances.TransactionUnknown] = [("an event of no transaction", "TransactionEvent", Event("Updated", 1, "1").Replace("T-1", "", StringComparison.Ordinal))],
        [Tolerances.IdTagForm] = [("a suffix", "Authorize", """{"idToken":{"idToken":"04A2B3C4_dummy1","type":"ISO14443"}}""")],
        [Tolerances.RegisterFellBack] = [("it jumps back", "MeterValues",
            """{"evseId":1,"meterValue":[{"timestamp":"2026-01-01T10:00:00Z","sampledValue":[{"value":900}]},{"timestamp":"2026-01-01T10:01:00Z","sampledValue":[{"value":500}]}]}""")],
    };

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var protocol in new[] { "ocpp2.0.1", "ocpp2.1" })
            {
                foreach (var (code, rows) in Rows)
                {
                    foreach (var (what, _, _) in rows)
                        cases.Add(protocol, code, what);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode(string protocol, string code, string what)
    {
        await using var host = await StartAsync();
        await using var charger = await ConnectAsync(host, protocol);
        var (_, action, payload) = Rows[code].Single(r => r.What == what);

        await charger.CallAsync("1", action, payload);

        await charger.CallAsync("2", "Heartbeat", "{}");
        await ChargersHost.UntilAsync(() => host.Service<ToleranceLedger>().Of("CP-1").Any(t => t.Code == code));
        await ChargersHost.UntilAsync(() => host.HasEventText("Tolerated", $"{code}: "));
    }

    [Theory]
    [InlineData("ocpp2.0.1", "\uFEFF[2,\"x\",\"Heartbeat\",{}]", Tolerances.FrameMarks)]
    [InlineData("ocpp2.1", "[\"2\",\"x\",\"Heartbeat\",{}]", Tolerances.FrameForm)]
    public async Task Frames_are_read_as_in_the_older_family(string protocol, string frame, string code)
    {
        await using var host = await StartAsync();
        await using var charger = await ConnectAsync(host, protocol);
        await charger.SendAsync(frame);
        Assert.Equal("x", (await charger.ReceiveAsync())!.Value[1].GetString());
        await ChargersHost.UntilAsync(() => host.Service<ToleranceLedger>().Of("CP-1").Any(t => t.Code == code));
    }

    /// <summary>FIELD-NOTES 7 and 2.0.1 part 4, 4.2.3: an id that cannot be read is "-1".</summary>
    [Theory]
    [InlineData("ocpp2.0.1")]
    [InlineData("ocpp2.1")]
    public async Task Rubbish_never_ends_the_line_and_is_answered_with_minus_one(string protocol)
    {
        await using var host = await StartAsync();
        await using var charger = await ConnectAsync(host, protocol);
        await charger.SendAsync("[,{");
        var answer = await charger.ReceiveAsync();
        Assert.Equal(4, answer!.Value[0].GetInt32());
        Assert.Equal("-1", answer.Value[1].GetString());
        await charger.CallAsync("1", "Heartbeat", "{}");
        Assert.Contains(host.Service<ToleranceLedger>().Of("CP-1"), t => t.Code == Tolerances.FaultyFrame);
    }

    [Theory]
    [InlineData("ocpp201", "ocpp2.0.1")]
    [InlineData("OCPP2.1", "ocpp2.1")]
    public async Task A_version_spelt_otherwise_is_the_one_that_it_can_only_mean(string offered, string spoken)
    {
        await using var host = await StartAsync();
        await using var charger = await ConnectAsync(host, offered);
        Assert.Equal(offered, charger.Socket.SubProtocol);
        Assert.Equal(spoken, host.Registry.Find("CP-1")!.Version.Subprotocol);
    }

    private static Task<ChargersHost> StartAsync() =>
        ChargersHost.StartAsync(o => o with { Stations = [new() { Id = "CP-1", Password = ChargersHost.Password, Strict = true, IdTagSuffix = "_*" }] });

    private static async Task<RawCharger> ConnectAsync(ChargersHost host, string protocol)
    {
        var charger = await host.ConnectAsync(settings: s => s.Protocols = [protocol]);
        var boot = await charger.CallAsync("boot", "BootNotification", """{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M","firmwareVersion":"1.0"}}""");
        Assert.Equal("Accepted", boot.GetProperty("status").GetString());
        
        return charger;
    }

    private static string Event(string type, int minute, string sequence) =>
        $$$"""{"eventType":"{{{type}}}","timestamp":"2026-01-01T10:0{{{minute}}}:00Z","triggerReason":"Authorized","seqNo":{{{sequence}}},"transactionInfo":{"transactionId":"T-1"},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}""";
}
