using System.Net.WebSockets;
using System.Reflection;
using System.Text;
using EdgeGateway.Chargers;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers;

/// <summary>All that is tolerated, row by row over a real websocket: it is served, it is counted under its code, and in strict mode it is an event.</summary>
public sealed class ToleranceTests
{
    private const string Start = """{"connectorId":1,"idTag":"04A2B3C4","meterStart":1000,"timestamp":"2026-01-01T10:00:00Z"}""";
    private const string Available = """{"connectorId":1,"errorCode":"NoError","status":"Available"}""";

    /// <summary>What a charger does, by the code that it is counted under. Each ends with the charger served.</summary>
    private static readonly Dictionary<string, (string What, Func<Bench, Task> Act)[]> Rows = new()
    {
        [Tolerances.SubprotocolAssumed] =
        [
            ("no subprotocol", b => b.ConnectAsync(settings: s => s.Protocols = [])),
            ("one that nobody speaks", b => b.ConnectAsync(settings: s => s.Protocols = ["ocpp1.5"])),
        ],
        [Tolerances.SubprotocolMisspelt] =
        [
            ("ocpp16", b => b.ConnectAsync(settings: s => s.Protocols = ["ocpp16"])), ("OCPP1.6", b => b.ConnectAsync(settings: s => s.Protocols = ["OCPP1.6"])),
            ("ocpp1.6j", b => b.ConnectAsync(settings: s => s.Protocols = ["ocpp1.6j"])), ("1.6", b => b.ConnectAsync(settings: s => s.Protocols = ["ocpp1.5", "1.6"])),
        ],
        [Tolerances.IdEncoded] = [("%43%50-1", b => b.ConnectAsync("%43%50-1"))],
        [Tolerances.IdCase] = [("cp-1", b => b.ConnectAsync("cp-1"))],
        [Tolerances.IdPath] =
        [
            ("a prefix", b => b.ConnectAsync("1.6/CP-1")), ("the id twice", b => b.ConnectAsync("CP-1/CP-1")), ("a slash behind it", b => b.ConnectAsync("CP-1/")),
            ("a query", b => b.ConnectAsync("CP-1?x=1")),
        ],
        [Tolerances.LineReplaced] = [("it connects twice", async b =>
        {
            await using var first = await b.Host.ConnectAsync();
            await ChargersHost.UntilAsync(() => b.Host.Registry.Count == 1);
            await b.ConnectAsync();
        })],
        [Tolerances.BeforeBoot] = [("StatusNotification before Boot", async b =>
        {
            await b.ConnectAsync(boots: false);
            await b.CallAsync("StatusNotification", Available);
            await b.Charger.BootAsync();
        })],
        [Tolerances.FrameMarks] =
        [
            ("a byte order mark", b => b.AskAsync("\uFEFF[2,\"x\",\"Heartbeat\",{}]")), ("blanks before and after", b => b.AskAsync("\r\n [2,\"x\",\"Heartbeat\",{}] \n")),
            ("a zero byte behind it", b => b.AskAsync("[2,\"x\",\"Heartbeat\",{}]\0")),
        ],
        [Tolerances.FrameForm] =
        [
            ("the type in quotes", b => b.AskAsync("[\"2\",\"x\",\"Heartbeat\",{}]")), ("the id as a number", b => b.AskAsync("[2, 17, \"Heartbeat\",{}]", "17")),
        ],
        [Tolerances.FaultyFrame] =
        [
            ("AEFA", async b =>
            {
                await b.ConnectAsync();
                await b.Charger.SendAsync("""[2,"x","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[]}]""");
                Assert.Equal(4, (await b.Charger.ReceiveAsync())!.Value[0].GetInt32());
            }),
            ("no JSON at all", async b =>
            {
                await b.ConnectAsync();
                await b.Charger.SendAsync("[,{");
            }),
        ],
        [Tolerances.MessageIdAgain] = [("one id for everything", async b =>
        {
            await b.ConnectAsync();
            await b.Charger.CallAsync("same", "Heartbeat", "{}");
            var begun = await b.Charger.CallAsync("same", "StartTransaction", Start);
            Assert.True(begun.GetProperty("transactionId").GetInt32() > 0);
        })],
        [Tolerances.AnswerToNothing] = [("an answer that nobody asked for", async b =>
        {
            await b.ConnectAsync();
            await b.Charger.SendAsync("[3,\"never asked\",{}]");
        })],
        [Tolerances.EmptyForObject] = [("[] for {}", b => b.CallAsync("Heartbeat", "[]")), ("null for {}", b => b.CallAsync("Heartbeat", "null"))],
        [Tolerances.UnknownMember] = [("a vendor's own", b => b.CallAsync("StatusNotification", Available.Replace("{", "{\"vendorMood\":7,", StringComparison.Ordinal)))],
        [Tolerances.MemberCase] = [("ConnectorID", b => b.CallAsync("StatusNotification", Available.Replace("connectorId", "ConnectorID", StringComparison.Ordinal)))],
        [Tolerances.MemberMissing] =
        [
            ("a start without a time", async b => Assert.True(await b.StartAsync(Start.Replace(",\"timestamp\":\"2026-01-01T10:00:00Z\"", "", StringComparison.Ordinal)) > 0)),
            ("info null", b => b.CallAsync("StatusNotification", Available.Replace("{", "{\"info\":null,", StringComparison.Ordinal))),
        ],
        [Tolerances.OneForList] = [("one meterValue", b => b.CallAsync("MeterValues", """{"connectorId":1,"meterValue":{"timestamp":"2026-01-01T10:00:00Z","sampledValue":[{"value":"5"}]}}"""))],
        [Tolerances.LeftOut] =
        [
            ("a reason of its own", async b =>
            {
                var number = await b.StartAsync(Start);
                await b.CallAsync("StopTransaction", $$"""{"transactionId":{{number}},"idTag":"04A2B3C4","meterStop":2000,"timestamp":"2026-01-01T11:00:00Z","reason":"Boredom"}""");
                Assert.Equal(1000, b.Session(number).EnergyWh);
            }),
            ("one bad sample", async b =>
            {
                var number = await b.StartAsync(Start);
                await b.MeterAsync(number, """{"value":"1","measurand":"Mood"},{"value":"1500"}""");
                Assert.Equal(500, b.Session(number).EnergyWh);
            }),
        ],
        [Tolerances.NumberForm] =
        [
            ("a number in quotes", b => b.CallAsync("StatusNotification", Available.Replace("\"connectorId\":1", "\"connectorId\":\"1\"", StringComparison.Ordinal))),
            ("1.0 for 1", b => b.CallAsync("StatusNotification", Available.Replace("\"connectorId\":1", "\"connectorId\":1.0", StringComparison.Ordinal))),
            ("a decimal comma", async b =>
            {
                var number = await b.StartAsync(Start);
                await b.MeterAsync(number, """{"value":"1,5","unit":"kWh"}""");
                Assert.Equal(500, b.Session(number).EnergyWh);
            }),
        ],
        [Tolerances.TextForm] =
        [
            ("a number for an id tag", async b => Assert.True(await b.StartAsync(Start.Replace("\"04A2B3C4\"", "12345678", StringComparison.Ordinal)) > 0)),
            ("a number for a value", b => b.CallAsync("MeterValues", """{"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T10:00:00Z","sampledValue":[{"value":5}]}]}""")),
        ],
        [Tolerances.TextLength] = [("a long serial", b => b.CallAsync("BootNotification", $$"""{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":"{{new string('9', 40)}}"}"""))],
        [Tolerances.EnumCase] = [("available", b => b.CallAsync("StatusNotification", Available.Replace("Available", "available", StringComparison.Ordinal)))],
        [Tolerances.EnumUnknown] = [("an error of its own", async b =>
        {
            await b.CallAsync("StatusNotification", Available.Replace("NoError", "Boredom", StringComparison.Ordinal));
            Assert.Equal("OtherError", b.Host.Journal.Stations["CP-1"].Connectors[101].ErrorCode);
        })],
        [Tolerances.TimeForm] =
        [
            ("no zone", async b => Assert.Equal(new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero), b.Session(await b.StartAsync(Start.Replace("00Z", "00", StringComparison.Ordinal))).StartTold)),
            ("a blank for the T", b => b.StartAsync(Start.Replace("01T", "01 ", StringComparison.Ordinal))),
        ],
        [Tolerances.IdTagForm] = [("a suffix", async b => Assert.False(b.Session(await b.StartAsync(Start.Replace("B3C4", "B3C4_dummy1", StringComparison.Ordinal))).Flags.HasFlag(SessionFlags.Unauthorized)))],
        [Tolerances.NoConnector] =
        [
            ("a start at connector 0", async b => Assert.False(b.Session(await b.StartAsync(Start.Replace("\"connectorId\":1", "\"connectorId\":0", StringComparison.Ordinal))).At.IsStation)),
            ("a state of connector -1", b => b.CallAsync("StatusNotification", Available.Replace("\"connectorId\":1", "\"connectorId\":-1", StringComparison.Ordinal))),
        ],
        [Tolerances.MeterWithoutTransaction] = [("no transactionId", async b =>
        {
            var number = await b.StartAsync(Start);
            await b.MeterAsync(null, """{"value":"1700"}""");
            Assert.Equal(700, b.Session(number).EnergyWh);
        })],
        [Tolerances.TransactionUnknown] =
        [
            ("values of transaction 0", async b =>
            {
                var number = await b.StartAsync(Start);
                await b.MeterAsync(0, """{"value":"1700"}""");
                Assert.Equal(700, b.Session(number).EnergyWh);
            }),
            ("the stop of transaction -1", async b =>
            {
                var number = await b.StartAsync(Start);
                await b.CallAsync("StopTransaction", """{"transactionId":-1,"idTag":"04A2B3C4","meterStop":2000,"timestamp":"2026-01-01T11:00:00Z"}""");
                Assert.Equal(SessionStatus.Completed, b.Session(number).Status);
            }),
        ],
        [Tolerances.StopWithoutTag] = [("a local stop without a tag", async b =>
        {
            var number = await b.StartAsync(Start);
            await b.CallAsync("StopTransaction", $$"""{"transactionId":{{number}},"meterStop":2500,"timestamp":"2026-01-01T11:00:00Z","reason":"Local"}""");
            Assert.Equal(1500, b.Session(number).EnergyWh);
        })],
        [Tolerances.RegisterFellBack] =
        [
            ("it begins at 0 again", async b =>
            {
                var number = await b.StartAsync(Start.Replace("1000", "90000", StringComparison.Ordinal));
                await b.MeterAsync(number, """{"value":"91000"}""");
                await b.MeterAsync(number, """{"value":"200"}""", 20);
                Assert.Equal(1200, b.Session(number).EnergyWh);
                Assert.True(b.Session(number).Flags.HasFlag(SessionFlags.RegisterReset));
            }),
            ("it jumps back", async b =>
            {
                var number = await b.StartAsync(Start);
                await b.MeterAsync(number, """{"value":"3000"}""");
                await b.MeterAsync(number, """{"value":"2800"}""", 20);
                Assert.Equal(2000, b.Session(number).EnergyWh);
            }),
        ],
        [Tolerances.SessionRelative] = [("values from the start", async b =>
        {
            await b.ConnectAsync(boots: false);
            await b.CallAsync("BootNotification", """{"chargePointVendor":"ABB","chargePointModel":"CDT_TACW22::NET_WIFI"}""");
            var number = await b.StartAsync(Start.Replace("1000", "90000", StringComparison.Ordinal));
            await b.MeterAsync(number, """{"value":"0"}""");
            await b.MeterAsync(number, """{"value":"1800"}""", 20);
            Assert.Equal(1800, b.Session(number).EnergyWh);
        })],
        [Tolerances.WhAsKwh] = [("Wh that names kWh", async b =>
        {
            var number = await b.StartAsync(Start.Replace("1000", "1000000", StringComparison.Ordinal));
            await b.MeterAsync(number, """{"value":"1004200","unit":"kWh"}""");
            Assert.Equal(4200, b.Session(number).EnergyWh);
            await ChargersHost.UntilAsync(() => b.Host.HasEvent("EnergyUnitDoubted", "CP-1"));
        })],
        [Tolerances.ClockOff] = [("a clock in 1970", async b =>
        {
            await b.CallAsync("StatusNotification", Available.Replace("{", "{\"timestamp\":\"1970-01-01T00:10:00Z\",", StringComparison.Ordinal));
            var number = await b.StartAsync(Start.Replace("2026-01-01T10:00:00Z", "1970-01-01T00:10:05Z", StringComparison.Ordinal));
            Assert.True(DateTimeOffset.UtcNow - b.Session(number).StartedAt < TimeSpan.FromMinutes(5));
        })],
    };

    /// <summary>The message reader's own, of which no message of 1.6 that chargers send has a place.</summary>
    private static readonly string[] OfTheReaderAlone = [Tolerances.BooleanForm];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (code, rows) in Rows)
            {
                foreach (var (what, _) in rows)
                    cases.Add(code, what);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode(string code, string what)
    {
        await using var bench = await Bench.StartAsync();

        await Rows[code].Single(r => r.What == what).Act(bench);

        await bench.CallAsync("Heartbeat", "{}");
        await ChargersHost.UntilAsync(() => bench.Counted.Contains(code));
        await ChargersHost.UntilAsync(() => bench.Host.HasEventText("Tolerated", $"{code}: "));
    }

    [Fact]
    public void The_table_and_these_rows_name_the_same_and_every_test_that_the_table_names_exists()
    {
        Assert.Equal(Tolerances.All.Select(t => t.Code).Order(), Rows.Keys.Concat(OfTheReaderAlone).Order());
        Assert.Equal(Tolerances.All.Length, Tolerances.All.Select(t => t.Code).Distinct().Count());
        foreach (var name in Tolerances.All.Select(t => t.Test).Distinct())
        {
            var (type, method) = (name.Split('.')[0], name.Split('.')[1]);
            Assert.NotNull(Assembly.GetExecutingAssembly().GetTypes().Single(t => t.Name == type).GetMethod(method));
        }
    }

    [Theory]
    [InlineData("idTagInfo.flag is no boolean; taken as one", Tolerances.BooleanForm)]
    [InlineData("x is no integer: \"5\"; taken as 5", Tolerances.NumberForm)]
    [InlineData("unit is no UnitOfMeasure: \"Celcius\"; taken as Celsius", Tolerances.EnumCase)]
    [InlineData("reason is no StopReason: \"Other reason\"; taken as Other", Tolerances.EnumUnknown)]
    public void A_remark_of_the_reader_has_its_row(string remark, string code) => Assert.Equal(code, Tolerances.OfReader(remark));

    [Fact]
    public async Task What_keeps_to_the_standard_is_not_counted()
    {
        await using var bench = await Bench.StartAsync();
        var number = await bench.StartAsync(Start);
        await bench.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"2026-01-01T10:00:00.123Z"}""");
        await bench.CallAsync("StatusNotification", """{"connectorId":0,"errorCode":"NoError","status":"Available"}""");
        await bench.MeterAsync(number, """{"value":"1.5","unit":"kWh"},{"value":"7400","measurand":"Power.Active.Import","unit":"W"}""");
        await bench.CallAsync("StopTransaction", $$"""{"transactionId":{{number}},"idTag":"04A2B3C4","meterStop":2500,"timestamp":"2026-01-01T11:00:00Z"}""");

        // The clock of these messages is not this machine's.
        Assert.DoesNotContain(bench.Counted, c => c != Tolerances.ClockOff);
        Assert.Equal(1500, bench.Session(number).EnergyWh);
    }

    [Fact]
    public async Task Without_strict_mode_it_is_counted_and_no_event_and_a_file_edit_switches_it_on()
    {
        await using var bench = await Bench.StartAsync(strict: false);
        await bench.CallAsync("Heartbeat", "[]");
        Assert.Contains(Tolerances.EmptyForObject, bench.Counted);
        Assert.False(bench.Host.HasEvent("Tolerated"));

        bench.Host.Options = bench.Host.Options with { Stations = [bench.Host.Options.Stations[0] with { Strict = true }] };
        await bench.CallAsync("Heartbeat", "[]");

        await ChargersHost.UntilAsync(() => bench.Host.HasEventText("Tolerated", "EmptyForObject: "));
        Assert.Equal(2, bench.Host.Service<ToleranceLedger>().Of("CP-1").Single(c => c.Code == Tolerances.EmptyForObject).Times);
    }

    /// <summary>Events are bounded for all; in strict mode no code is lost to that.</summary>
    [Fact]
    public async Task A_flood_of_one_thing_takes_no_other_things_event_away()
    {
        var clock = new Fixtures.ManualClock();
        await using var bench = await Bench.StartAsync(clock: clock);
        await bench.ConnectAsync();
        for (var i = 0; i < Remarks.PerMinute + 5; i++)
            bench.Host.Service<Remarks>().Make(Severity.Info, "Flood", $"{i}", "x");
        await bench.CallAsync("Heartbeat", "[]");
        await bench.CallAsync("StatusNotification", Available.Replace("Available", "available", StringComparison.Ordinal));
        Assert.False(bench.Host.HasEvent("Tolerated"));

        await ChargersHost.UntilAsync(
            () => bench.Host.HasEventText("Tolerated", "EmptyForObject: ") && bench.Host.HasEventText("Tolerated", "EnumCase: "), () => clock.Advance(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Energy_that_names_kWh_is_believed_wherever_it_can_have_flowed()
    {
        await using var bench = await Bench.StartAsync();
        var number = await bench.StartAsync(Start);
        // 40 kWh in ten minutes is much, and possible.
        await bench.MeterAsync(number, """{"value":"41","unit":"kWh"}""");
        Assert.Equal(40_000, bench.Session(number).EnergyWh);
        Assert.DoesNotContain(Tolerances.WhAsKwh, bench.Counted);
    }

    [Fact]
    public async Task A_unit_that_was_proved_wrong_three_times_is_learned_for_the_model()
    {
        await using var bench = await Bench.StartAsync();
        var number = await bench.StartAsync(Start.Replace("1000", "1000000", StringComparison.Ordinal));
        for (var i = 1; i <= RegisterWatch.Proofs; i++)
            await bench.MeterAsync(number, $$"""{"value":"{{1_000_000 + (i * 100)}}","unit":"kWh"}""", 10 + i);
        Assert.Equal("learned", Assert.Single(bench.Host.Registry.Find("CP-1")!.KnownQuirks.Values, v => v.Name == "WhDeclaredAsKwh").Origin);
        await bench.CallAsync("StopTransaction", $$"""{"transactionId":{{number}},"idTag":"04A2B3C4","meterStop":1000300,"timestamp":"2026-01-01T11:00:00Z"}""");
        Assert.Equal(300, bench.Session(number).EnergyWh);
    }

    /// <summary>A host with one station, held strictly, and its line.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private RawCharger? _charger;
        private int _ids;

        public required ChargersHost Host { get; init; }
        public RawCharger Charger => _charger ?? throw new InvalidOperationException("It has not connected.");
        public IEnumerable<string> Counted => Host.Service<ToleranceLedger>().Of("CP-1").Select(c => c.Code);

        public static async Task<Bench> StartAsync(bool strict = true, TimeProvider? clock = null) => new()
        {
            Host = await ChargersHost.StartAsync(
                o => o with
                {
                    Stations = [new() { Id = "CP-1", Password = ChargersHost.Password, Strict = strict, AssumeProtocol = "ocpp1.6", IdTagSuffix = "_*" }],
                },
                clock),
        };

        public async Task ConnectAsync(string path = "CP-1", Action<RawChargerSettings>? settings = null, bool boots = true)
        {
            _charger = await Host.ConnectAsync(path, settings: settings);
            if (boots)
                await _charger.BootAsync();
        }

        public async Task<System.Text.Json.JsonElement> CallAsync(string action, string payload)
        {
            if (_charger is null)
                await ConnectAsync();
            return await Charger.CallAsync($"id-{_ids++}", action, payload);
        }

        /// <summary>Sends a whole frame, and expects its result.</summary>
        public async Task AskAsync(string frame, string id = "x")
        {
            await ConnectAsync();
            await Charger.Socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);
            var answer = await Charger.ReceiveAsync();
            Assert.Equal(3, answer!.Value[0].GetInt32());
            Assert.Equal(id, answer.Value[1].GetString());
        }

        public async Task<int> StartAsync(string payload) => (await CallAsync("StartTransaction", payload)).GetProperty("transactionId").GetInt32();

        public Task<System.Text.Json.JsonElement> MeterAsync(int? transaction, string samples, int minute = 10) => CallAsync(
            "MeterValues",
            $$"""{"connectorId":1,{{(transaction is null ? "" : $"\"transactionId\":{transaction},")}}"meterValue":[{"timestamp":"2026-01-01T10:{{minute}}:00Z","sampledValue":[{{samples}}]}]}""");

        public Session Session(int number) => Host.Journal.Sessions[number];

        public async ValueTask DisposeAsync()
        {
            if (_charger is not null)
                await _charger.DisposeAsync();
            await Host.DisposeAsync();
        }
    }
}
