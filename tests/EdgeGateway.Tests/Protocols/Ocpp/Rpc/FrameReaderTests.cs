using System.Text;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Tests.Protocols.Ocpp.Rpc;

public sealed class FrameReaderTests
{
    [Theory]
    [InlineData("""[2,"17","Heartbeat",{}]""")]
    [InlineData("""  [ 2 , "17" , "Heartbeat" , {} ]  """)]
    [InlineData("[2,\r\n\t\"17\",\"Heartbeat\",{}]\n")]
    [InlineData("\uFEFF[2,\"17\",\"Heartbeat\",{}]")]
    [InlineData("[2,\"17\",\"Heartbeat\",{}]\0\0")]
    [InlineData("""["2",17,"Heartbeat",{}]""")]
    [InlineData("""[2,"17","Heartbeat",{},"surplus",{"a":[1]}]""")]
    [InlineData("""[2,"\u0031\u0037","Heart\u0062eat",{}]""")]
    public void A_call_is_read_however_it_is_written(string text)
    {
        var call = Assert.IsType<CallFrame>(Read(text));
        Assert.Equal(("17", "Heartbeat", "{}"), (call.MessageId, call.Action, Text(call.Payload)));
        Assert.True(call.ExpectsAnswer);
    }

    [Fact]
    public void A_payload_is_the_very_bytes_that_came()
    {
        var payload = """{ "a" : [1, {"b":"ü"}], "c":1.50 }""";
        Assert.Equal(payload, Text(Assert.IsType<CallFrame>(Read($"""[2,"1","X", {payload} ]""")).Payload));
        Assert.Equal(payload, Text(Assert.IsType<ResultFrame>(Read($"""[3,"1",{payload}]""")).Payload));
    }

    [Theory]
    [InlineData("""[4,"1","NotSupported","no",{"x":1}]""", "NotSupported", "no", """{"x":1}""")]
    [InlineData("""[4,"1","NotSupported","no"]""", "NotSupported", "no", "{}")]
    [InlineData("""[4,"1","NotSupported"]""", "NotSupported", "", "{}")]
    [InlineData("""[4,"1"]""", "GenericError", "", "{}")]
    [InlineData("""[4,"1","NotSupported",null,null]""", "NotSupported", "", "null")]
    public void An_error_needs_no_more_than_its_id(string text, string code, string description, string details)
    {
        var error = Assert.IsType<ErrorFrame>(Read(text));
        Assert.Equal(("1", code, description, details), (error.MessageId, error.Code, error.Description, Text(error.Details)));
    }

    // What chargers and enemies send (FIELD-NOTES 7; S5): what could be read is told, and nothing is thrown.
    [Theory]
    [InlineData("", null, null)]
    [InlineData("hello", null, null)]
    [InlineData("{}", null, null)]
    [InlineData("42", null, null)]
    [InlineData("[,{", null, null)]
    [InlineData("[]", null, null)]
    [InlineData("[2]", FrameType.Call, null)]
    [InlineData("[[2]]", null, null)]
    [InlineData("""[2,"1""", FrameType.Call, null)]
    [InlineData("""[2,{"id":1},"X",{}]""", FrameType.Call, null)]
    [InlineData("""[2,null,"X",{}]""", FrameType.Call, null)]
    [InlineData("""[2,"1"]""", FrameType.Call, "1")]
    [InlineData("""[2,"1",{}]""", FrameType.Call, "1")]
    [InlineData("""[2,"1","X"]""", FrameType.Call, "1")]
    [InlineData("""[2,"1","X","payload"]""", FrameType.Call, "1")]
    [InlineData("""[2,"1","X",{"a":1}""", FrameType.Call, "1")]
    [InlineData("""[2,"1","X",{"a":1}] tail""", FrameType.Call, "1")]
    [InlineData("""[2,"1","StopTransaction",{"transactionId":,"meterStop":1}]""", FrameType.Call, "1")]
    [InlineData("""[2,"1","X",{"a":'1'}]""", FrameType.Call, "1")]
    [InlineData("""[2,"\ud800","X",{}]""", FrameType.Call, null)]
    [InlineData("""[3,"1","accepted"]""", FrameType.CallResult, "1")]
    [InlineData("""[3,"1",{"status":}]""", FrameType.CallResult, "1")]
    public void What_is_no_frame_is_a_value(string text, FrameType? type, string? id)
    {
        var fault = Assert.IsType<FaultyFrame>(Read(text));
        Assert.Equal((type, id), (fault.Type, fault.MessageId));
        Assert.Equal("FormationViolation", ErrorCodes.Spell(fault.Code, OcppVersion.V16));
        // Behind the action it is the payload that is wrong. The codes of each version are in the conformance tests.
        Assert.Equal(fault.Action is null ? OcppErrorCode.RpcFrameworkError : OcppErrorCode.FormatViolation, fault.Code);
    }

    [Fact]
    public void Every_truncation_of_a_frame_is_a_fault_that_keeps_the_id_once_it_was_whole()
    {
        var whole = """[2,"abc","StartTransaction",{"connectorId":1,"idTag":"é","timestamp":"2025-04-01T00:00:00Z","meterStart":0}]"""u8.ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            var fault = Assert.IsType<FaultyFrame>(FrameReader.Read(whole.AsMemory(0, length), OcppVersion.V16));
            Assert.Equal(length >= 8 ? "abc" : null, fault.MessageId);
        }
    }

    [Fact]
    public void Nesting_is_limited_and_the_limit_itself_passes()
    {
        Assert.IsType<CallFrame>(Read(Nested(FrameLimits.Depth - 2)));
        Assert.Equal("1", Assert.IsType<FaultyFrame>(Read(Nested(FrameLimits.Depth - 1))).MessageId);
        Assert.IsType<FaultyFrame>(Read(Nested(20_000)));

        static string Nested(int depth) => $$"""[2,"1","X",{"a":{{new string('[', depth)}}{{new string(']', depth)}}}]""";
    }

    [Fact]
    public void A_message_id_of_36_characters_passes_and_one_of_37_does_not()
    {
        Assert.IsType<CallFrame>(Read($$"""[2,"{{new string('i', 36)}}","X",{}]"""));
        Assert.Null(Assert.IsType<FaultyFrame>(Read($$"""[2,"{{new string('i', 37)}}","X",{}]""")).MessageId);
    }

    [Fact]
    public void A_message_of_64_KiB_passes_and_one_more_byte_does_not()
    {
        var frame = """[2,"1","DataTransfer",{"vendorId":"v","data":"?"}]""";
        var longest = frame.Replace("?", new string('x', FrameLimits.MessageBytes - frame.Length + 1), StringComparison.Ordinal);
        Assert.IsType<CallFrame>(Read(longest));
        Assert.IsType<FaultyFrame>(Read(longest + " "));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_become_question_marks_and_not_a_lost_message()
    {
        byte[] latin1 = [.. """[2,"1","X",{"a":"caf"""u8, 0xE9, .. "\"}]"u8];
        Assert.Equal("{\"a\":\"caf\uFFFD\"}", Text(Assert.IsType<CallFrame>(FrameReader.Read(latin1, OcppVersion.V16)).Payload));
    }

    [Theory]
    [InlineData("""[7,"1","X",{}]""")]
    [InlineData("""[5,"1","X","d",{}]""")]
    [InlineData("""[6,"1","X",{}]""")]
    public void Frame_types_that_a_version_lacks_are_told_as_such(string text)
    {
        var fault = Assert.IsType<FaultyFrame>(Read(text));
        Assert.Equal((OcppErrorCode.MessageTypeNotSupported, "1"), (fault.Code, fault.MessageId));
    }

    [Fact]
    public void The_two_frame_types_of_2_1_are_read()
    {
        Assert.False(Assert.IsType<CallFrame>(Read("""[6,"1","NotifyPeriodicEventStream",{}]""", OcppVersion.V21)).ExpectsAnswer);
        Assert.True(Assert.IsType<ErrorFrame>(Read("""[5,"1","FormatViolation","d",{}]""", OcppVersion.V21)).OfResult);
    }

    [Fact]
    public void Random_damage_never_throws()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var good = """[2,"abc","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2025-04-01T00:00:00Z","sampledValue":[{"value":"1\u00e9"}]}]}]"""u8.ToArray();
        for (var n = 0; n < 20_000; n++)
        {
            var damaged = good.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.NotNull(FrameReader.Read(damaged, OcppVersion.V16));
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {n}: {Encoding.Latin1.GetString(damaged)}\n{e}");
            }
        }
    }

    private static Frame Read(string text, OcppVersion? version = null) => FrameReader.Read(Encoding.UTF8.GetBytes(text), version ?? OcppVersion.V16);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
