using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Tests.Fixtures;
using EdgeGateway.Tests.Protocols.Ocpp.Rpc;
using V21 = EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Tests.Conformance;

/// <summary>
/// Every kind of violation, and what a charger of each version gets for it: the code that its own specification names (1.6-J 4.2.3 with
/// the errata, 2.x part 4 table 8), `result` where we understand it all the same, nothing where the specification has us stay quiet.
/// </summary>
public sealed class OcppErrorCodesTests
{
    private const string Quiet = "";
    private const string Result = "result";

    // The two frames that every kind is a violation of: one message with an integer, an enumeration and a time, and one that is always answered.
    private const string Status16 = """[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]""";
    private const string Status2 =
        """[2,"1","StatusNotification",{"timestamp":"2025-04-01T00:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}]""";
    private const string Start16 =
        """[2,"1","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"2025-04-01T00:00:00Z"}]""";
    private const string Event2 =
        """[2,"1","TransactionEvent",{"eventType":"Started","timestamp":"2025-04-01T00:00:00Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"T"}}]""";

    private static readonly (string Kind, string Frame16, string Frame2, string In16, string In201, string In21)[] Table =
    [
        // The frame.
        ("nothing wrong", Status16, Status2, Result, Result, Result),
        ("no JSON at all", "hello", "hello", Quiet, "-1 RpcFrameworkError", "-1 RpcFrameworkError"),
        ("no array", "{}", "{}", Quiet, "-1 RpcFrameworkError", "-1 RpcFrameworkError"),
        ("an empty array", "[]", "[]", Quiet, "-1 RpcFrameworkError", "-1 RpcFrameworkError"),
        ("no message id", """[2,null,"Heartbeat",{}]""", """[2,null,"Heartbeat",{}]""", Quiet, "-1 RpcFrameworkError", "-1 RpcFrameworkError"),
        ("a message id over 36 characters", Id(37), Id(37), Quiet, "-1 RpcFrameworkError", "-1 RpcFrameworkError"),
        ("no action", """[2,"1"]""", """[2,"1"]""", "1 FormationViolation", "1 RpcFrameworkError", "1 RpcFrameworkError"),
        ("an action that is no text", """[2,"1",{},{}]""", """[2,"1",{},{}]""", "1 FormationViolation", "1 RpcFrameworkError", "1 RpcFrameworkError"),
        ("no payload", """[2,"1","Heartbeat"]""", """[2,"1","Heartbeat"]""", "1 FormationViolation", "1 ProtocolError", "1 ProtocolError"),
        ("a payload that is no object", """[2,"1","Heartbeat","x"]""", """[2,"1","Heartbeat","x"]""",
            "1 FormationViolation", "1 ProtocolError", "1 ProtocolError"),
        ("a payload that is a list", """[2,"1","Heartbeat",[1]]""", """[2,"1","Heartbeat",[1]]""",
            "1 FormationViolation", "1 ProtocolError", "1 ProtocolError"),
        ("bad JSON in the payload (AEFA, FIELD-NOTES 7)", """[2,"1","Heartbeat",{"a":,"b":1}]""", """[2,"1","Heartbeat",{"a":,"b":1}]""",
            "1 FormationViolation", "1 FormatViolation", "1 FormatViolation"),
        ("a frame that is cut off", Status16[..^4], Status2[..^4], "1 FormationViolation", "1 FormatViolation", "1 FormatViolation"),
        ("nested too deeply (S5)", Nested, Nested, "1 FormationViolation", "1 FormatViolation", "1 FormatViolation"),
        ("an unknown message type", """[9,"1",{}]""", """[9,"1",{}]""", Quiet, "1 MessageTypeNotSupported", Quiet),
        ("a SEND, which came with 2.1", """[6,"1","Heartbeat",{}]""", """[6,"1","Heartbeat",{}]""", Quiet, "1 MessageTypeNotSupported", Quiet),
        ("a SEND of an unknown message", """[6,"1","Telepathy",{}]""", """[6,"1","Telepathy",{}]""", Quiet, "1 MessageTypeNotSupported", Quiet),
        ("a SEND with a bad payload", """[6,"1","NotifyPeriodicEventStream",{}]""", """[6,"1","NotifyPeriodicEventStream",{}]""",
            Quiet, "1 MessageTypeNotSupported", Quiet),
        ("an answer to nothing", """[3,"1",{}]""", """[3,"1",{}]""", Quiet, Quiet, Quiet),
        ("an error for nothing", """[4,"1","GenericError","",{}]""", """[4,"1","GenericError","",{}]""", Quiet, Quiet, Quiet),

        // The action.
        ("an unknown action", """[2,"1","Telepathy",{}]""", """[2,"1","Telepathy",{}]""", "1 NotImplemented", "1 NotImplemented", "1 NotImplemented"),
        ("an action in the wrong case", """[2,"1","heartbeat",{}]""", """[2,"1","heartbeat",{}]""",
            "1 NotImplemented", "1 NotImplemented", "1 NotImplemented"),
        ("an action of the other side", """[2,"1","Reset",{"type":"Hard"}]""", """[2,"1","Reset",{"type":"Immediate"}]""",
            "1 NotSupported", "1 NotSupported", "1 NotSupported"),
        ("an action that came with 2.1", "[2,\"1\",\"NotifyPriorityCharging\",{}]", "[2,\"1\",\"NotifyPriorityCharging\",{}]",
            "1 NotImplemented", "1 NotImplemented", "1 NotSupported"),

        // The payload of a message that may be refused.
        ("a required member is missing", Without(Status16, "\"connectorId\":1,"), Without(Status2, ",\"evseId\":1"),
            "1 OccurenceConstraintViolation", "1 OccurrenceConstraintViolation", "1 OccurrenceConstraintViolation"),
        ("a required member is null", With(Status16, "\"connectorId\":1", "\"connectorId\":null"), With(Status2, "\"evseId\":1", "\"evseId\":null"),
            "1 OccurenceConstraintViolation", "1 OccurrenceConstraintViolation", "1 OccurrenceConstraintViolation"),
        ("an object for a number", With(Status16, "\"connectorId\":1", "\"connectorId\":{}"), With(Status2, "\"evseId\":1", "\"evseId\":{}"),
            "1 TypeConstraintViolation", "1 TypeConstraintViolation", "1 TypeConstraintViolation"),
        ("a word for a number", With(Status16, "\"connectorId\":1", "\"connectorId\":\"one\""), With(Status2, "\"evseId\":1", "\"evseId\":\"one\""),
            "1 TypeConstraintViolation", "1 TypeConstraintViolation", "1 TypeConstraintViolation"),
        ("a number out of an integer's range", With(Status16, "\"connectorId\":1", "\"connectorId\":99999999999"),
            With(Status2, "\"evseId\":1", "\"evseId\":99999999999"),
            "1 PropertyConstraintViolation", "1 PropertyConstraintViolation", "1 PropertyConstraintViolation"),
        ("an unknown value of an enumeration", With(Status16, "Available", "Asleep"), With(Status2, "Available", "Asleep"),
            "1 PropertyConstraintViolation", "1 PropertyConstraintViolation", "1 PropertyConstraintViolation"),
        ("a number for a value of an enumeration", With(Status16, "\"Available\"", "1"), With(Status2, "\"Available\"", "1"),
            "1 TypeConstraintViolation", "1 TypeConstraintViolation", "1 TypeConstraintViolation"),
        ("a required time that is none", """[2,"1","SecurityEventNotification",{"type":"x","timestamp":"noon"}]""",
            """[2,"1","SecurityEventNotification",{"type":"x","timestamp":"noon"}]""",
            "1 PropertyConstraintViolation", "1 PropertyConstraintViolation", "1 PropertyConstraintViolation"),
        ("a text too long, of which a half would be something else", Csr, Csr,
            "1 PropertyConstraintViolation", "1 PropertyConstraintViolation", "1 PropertyConstraintViolation"),

        // What we understand all the same: deliberate, each with a warning (FIELD-NOTES 6, 8; Tolerance.Lenient).
        ("a number in quotes", With(Status16, "\"connectorId\":1", "\"connectorId\":\"1\""), With(Status2, "\"evseId\":1", "\"evseId\":\"1\""),
            Result, Result, Result),
        ("an enumeration in the wrong case", With(Status16, "Available", "AVAILABLE"), With(Status2, "Available", "AVAILABLE"), Result, Result, Result),
        ("a time without a zone", With(Start16, "00Z", "00"), With(Status2, "00Z", "00"), Result, Result, Result),
        ("an unknown member", With(Status16, "\"connectorId\"", "\"mood\":1,\"connectorId\""), With(Status2, "\"evseId\"", "\"mood\":1,\"evseId\""),
            Result, Result, Result),
        ("a member twice", With(Status16, "\"connectorId\":1", "\"connectorId\":2,\"connectorId\":1"), With(Status2, "\"evseId\":1", "\"evseId\":2,\"evseId\":1"),
            Result, Result, Result),
        ("an optional member that is bad", With(Status16, "\"connectorId\"", "\"timestamp\":\"noon\",\"connectorId\""),
            """[2,"1","FirmwareStatusNotification",{"status":"Idle","requestId":"one"}]""", Result, Result, Result),
        ("a status without a time", Status16, Without(Status2, "\"timestamp\":\"2025-04-01T00:00:00Z\","), Result, Result, Result),
        ("a status at a time that is none", With(Status16, "\"connectorId\"", "\"timestamp\":\"\",\"connectorId\""), With(Status2, "2025-04-01T00:00:00Z", "noon"),
            Result, Result, Result),
        ("a text too long that only people read", With(Status16, "\"connectorId\"", $"\"info\":\"{new string('x', 51)}\",\"connectorId\""),
            $$"""[2,"1","SecurityEventNotification",{"type":"{{new string('x', 51)}}","timestamp":"2025-04-01T00:00:00Z"}]""", Result, Result, Result),
        ("an array too short", """[2,"1","MeterValues",{"connectorId":1,"meterValue":[]}]""", """[2,"1","MeterValues",{"evseId":1,"meterValue":[]}]""",
            Result, Result, Result),
        ("an array too long", Status16, Report(5), Result, Result, Result),
        ("a number below its minimum", Status16, With(Status2, "\"connectorId\":1", "\"connectorId\":-1"), Result, Result, Result),
        ("a payload that is an empty list", """[2,"1","Heartbeat",[]]""", """[2,"1","Heartbeat",[]]""", Result, Result, Result),
        ("an element too many in the frame", """[2,"1","Heartbeat",{},{}]""", """[2,"1","Heartbeat",{},{}]""", Result, Result, Result),
        ("a message id that is a number", """[2,1,"Heartbeat",{}]""", """[2,1,"Heartbeat",{}]""", Result, Result, Result),

        // What always has a result, whatever is wrong (1.6 4.7-4.10, FIELD-NOTES 2).
        ("a transaction message without anything", """[2,"1","StartTransaction",{}]""", """[2,"1","TransactionEvent",{}]""", Result, Result, Result),
        ("a transaction message of nothing but rubbish", With(Start16, "\"connectorId\":1", "\"connectorId\":[{}]"), With(Event2, "\"seqNo\":0", "\"seqNo\":[{}]"),
            Result, Result, Result),
        ("meter values of nothing but rubbish", """[2,"1","MeterValues",{"connectorId":[],"meterValue":7}]""", """[2,"1","MeterValues",{"evseId":[],"meterValue":7}]""",
            Result, Result, Result),
    ];

    private static string Nested => $$"""[2,"1","Heartbeat",{"a":{{new string('[', 40)}}{{new string(']', 40)}}}]""";

    private static string Csr => $$"""[2,"1","SignCertificate",{"csr":"{{new string('x', 5501)}}"}]""";

    public static TheoryData<string, string> Rows => [.. Table.SelectMany(row => OcppSchemas.Versions.Select(v => new TheoryDataRow<string, string>(row.Kind, v)))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_violation_gets_the_code_of_the_version(string kind, string version)
    {
        var (_, frame16, frame2, in16, in201, in21) = Table.Single(row => row.Kind == kind);
        var expected = version switch { "1.6" => in16, "2.0.1" => in201, _ => in21 };
        var (served, client, _) = InProcessWebSockets.Pair();
        var line = new RpcConnection(served, OcppSchemas.Of(version).Version, Handler(version), new() { MessageIdPrefix = "t" }, TimeProvider.System);
        var end = line.RunAsync(default);
        var peer = new RawPeer(client);

        await peer.SendAsync(version == "1.6" ? frame16 : frame2);
        // Whatever came, the next one is served: an answer to it comes after one to the first, if there is any.
        await peer.SendAsync("""[2,"next","Heartbeat",{}]""");
        var answer = await peer.ReceiveAsync();
        Assert.Equal(expected, Read(answer));
        if (expected != Quiet) answer = await peer.ReceiveAsync();
        Assert.StartsWith("[3,\"next\",", answer, StringComparison.Ordinal);
        line.Abort("done");
        await end.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static string Read(string answer)
    {
        if (answer.StartsWith("[3,\"next\"", StringComparison.Ordinal)) return Quiet;
        if (answer.StartsWith("[3,\"1\"", StringComparison.Ordinal)) return Result;
        // [4,"id","code","description",{}]: no details, and never without them.
        Assert.StartsWith("[4,", answer, StringComparison.Ordinal);
        Assert.EndsWith(",{}]", answer, StringComparison.Ordinal);
        var parts = answer.Split('"');
        return $"{parts[1]} {parts[3]}";
    }

    private static CallHandler Handler(string version)
    {
        if (version == "1.6")
        {
            var router = new CallRouter<int>(V16Actions.All)
                .On(V16Actions.Heartbeat, (_, _, _) => ValueTask.FromResult(new HeartbeatResponse { CurrentTime = default }))
                .On(V16Actions.StatusNotification, (_, _, _) => ValueTask.FromResult(new StatusNotificationResponse()))
                .On(V16Actions.SecurityEventNotification, (_, _, _) => ValueTask.FromResult(new SecurityEventNotificationResponse()))
                .On(V16Actions.SignCertificate, (_, _, _) => ValueTask.FromResult(new SignCertificateResponse { Status = GenericStatus.Rejected }))
                .On(V16Actions.MeterValues, (_, _, _) => ValueTask.FromResult(new MeterValuesResponse()))
                .On(V16Actions.StartTransaction, (_, _, _) => ValueTask.FromResult(
                    new StartTransactionResponse { IdTagInfo = new() { Status = AuthorizationStatus.Accepted }, TransactionId = 1 }));
            return (call, cancel) => router.HandleAsync(0, call, cancel);
        }
        var router2 = new CallRouter<int>(OcppSchemas.Of(version).Ours)
            .On(V21.V21Actions.Heartbeat, (_, _, _) => ValueTask.FromResult(new V21.HeartbeatResponse { CurrentTime = default }))
            .On(V21.V21Actions.StatusNotification, (_, _, _) => ValueTask.FromResult(new V21.StatusNotificationResponse()))
            .On(V21.V21Actions.SecurityEventNotification, (_, _, _) => ValueTask.FromResult(new V21.SecurityEventNotificationResponse()))
            .On(V21.V21Actions.FirmwareStatusNotification, (_, _, _) => ValueTask.FromResult(new V21.FirmwareStatusNotificationResponse()))
            .On(V21.V21Actions.SignCertificate, (_, _, _) => ValueTask.FromResult(new V21.SignCertificateResponse { Status = V21.GenericStatus.Rejected }))
            .On(V21.V21Actions.NotifyReport, (_, _, _) => ValueTask.FromResult(new V21.NotifyReportResponse()))
            .On(V21.V21Actions.MeterValues, (_, _, _) => ValueTask.FromResult(new V21.MeterValuesResponse()))
            .On(V21.V21Actions.TransactionEvent, (_, _, _) => ValueTask.FromResult(new V21.TransactionEventResponse()))
            .On(V21.V21Actions.NotifyPeriodicEventStream, (_, _, _) => ValueTask.CompletedTask);
        return (call, cancel) => router2.HandleAsync(0, call, cancel);
    }

    private static string Id(int length) => $$"""[2,"{{new string('i', length)}}","Heartbeat",{}]""";

    private static string Report(int attributes) =>
        $$"""[2,"1","NotifyReport",{"requestId":1,"generatedAt":"2025-04-01T00:00:00Z","seqNo":0,"reportData":[{"component":{"name":"c"},"variable":{"name":"v"},"variableAttribute":[{{string.Join(',', Enumerable.Repeat("{}", attributes))}}]}]}]""";

    private static string Without(string frame, string part) => With(frame, part, "");

    private static string With(string frame, string part, string other)
    {
        Assert.Contains(part, frame, StringComparison.Ordinal);
        return frame.Replace(part, other, StringComparison.Ordinal);
    }
}
