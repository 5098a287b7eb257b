using System.Text;
using EdgeGateway.Mqtt;
using EdgeGateway.Mqtt.Commands;
using EdgeGateway.Mqtt.Payloads;

namespace EdgeGateway.Tests.Mqtt;

public sealed class CommandReaderTests
{
    [Theory]
    [InlineData("start", "", "station: is missing; a text is expected")]
    [InlineData("start", "[]", "a JSON object is expected")]
    [InlineData("start", "{", "it is no JSON object, each member once")]
    [InlineData("start", "{\"station\":\"CP-1\",\"station\":\"CP-2\"}", "it is no JSON object, each member once")]
    [InlineData("start", "{\"station\":\"CP-1\",\"evse\":1}", "uid: is missing; a text is expected")]
    [InlineData("start", "{\"station\":\"CP-1\",\"evse\":\"1\",\"uid\":\"A\"}", "evse: a whole number is expected")]
    [InlineData("start", "{\"station\":\"CP-1\",\"evse\":1.5,\"uid\":\"A\"}", "evse: a whole number is expected")]
    [InlineData("start", "{\"station\":\"CP-1\",\"evse\":0,\"uid\":\"A\"}", "evse: a whole number from 1 to 99 is expected")]
    [InlineData("start", "{\"station\":null,\"evse\":1,\"uid\":\"A\"}", "station: a text is expected")]
    [InlineData("start", "{\"station\":\"CP-1\",\"evse\":1,\"uid\":\"\"}", "uid: a text of 1 to 36 characters is expected")]
    [InlineData("start", "{\"station\":\"CP-1\",\"evse\":1,\"uid\":\"0123456789012345678901234567890123456\"}", "uid: a text of 1 to 36 characters is expected")]
    [InlineData("start", "{\"station\":\"CP\\u0007\",\"evse\":1,\"uid\":\"A\"}", "station: a text of 1 to 255 characters is expected, without control characters")]
    [InlineData("reset", "{\"station\":\"CP-1\",\"hrad\":true}", "hrad: is not known here; known are ")]
    [InlineData("reset", "{\"station\":\"CP-1\",\"hard\":\"yes\"}", "hard: true or false is expected")]
    [InlineData("reset", "{\"station\":\"CP-1\",\"Hard\":true}", "Hard: is not known here")]
    [InlineData("availability", "{\"station\":\"CP-1\"}", "operative: is missing; true or false is expected")]
    [InlineData("status", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}", "it is no JSON object")]
    [InlineData("status", "\u00ff\u00fe", "it is no JSON object")]
    public void What_is_wrong_with_a_request_is_named(string command, string payload, string wrong)
    {
        var read = CommandReader.Read(TopicTree.PayloadOf(command)!, Encoding.Latin1.GetBytes(payload));
        Assert.Null(read.Payload);
        Assert.StartsWith(wrong, read.Wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("EdgeGateway.", read.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_is_too_long_is_not_even_read()
    {
        var payload = Encoding.UTF8.GetBytes($"{{\"station\":\"{new string('a', CommandReader.PayloadLimit)}\"}}");
        Assert.StartsWith("it has 41", CommandReader.Read(TopicTree.PayloadOf("reset")!, payload).Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_is_read()
    {
        var read = CommandReader.Read(TopicTree.PayloadOf("start")!, """{ "station": "CP-1", "evse": 2, "uid": "04A2B3C4", "by": "ops", "id": "7" }"""u8.ToArray());
        Assert.Null(read.Wrong);
        Assert.Equal(new StartCommand { Station = "CP-1", Evse = 2, Uid = "04A2B3C4", By = "ops", Id = "7" }, read.Payload);
        Assert.IsType<StatusCommand>(CommandReader.Read(TopicTree.PayloadOf("status")!, default).Payload);
    }
}
