using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Tests.Protocols.Ocpp.V21;

/// <summary>One set of types, written in two ways.</summary>
public sealed class OlderSiblingTests
{
    private static readonly DateTimeOffset Noon = new(2025, 4, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_came_with_2_1_is_not_written_to_a_2_0_1_station()
    {
        var answer = new AuthorizeResponse
        {
            IdTokenInfo = new() { Status = AuthorizationStatus.Accepted, CacheExpiryDateTime = Noon },
            AllowedEnergyTransfer = [EnergyTransferMode.DCBPT],
            Tariff = new() { TariffId = "T", Currency = "EUR" },
        };
        Assert.Equal(
            """{"idTokenInfo":{"status":"Accepted","cacheExpiryDateTime":"2025-04-01T12:00:00.000Z"}}""", Write(answer, OcppVersion.V201));
        Assert.Contains("\"tariff\":{", Write(answer, OcppVersion.V21), StringComparison.Ordinal);
        Assert.Contains("DC_BPT", Write(answer, OcppVersion.V21), StringComparison.Ordinal);

        static string Write(AuthorizeResponse answer, OcppVersion version) =>
            Encoding.UTF8.GetString(V21Actions.Authorize.Write(answer, version).ToBytes());
    }

    [Fact]
    public void The_2_0_1_table_lacks_exactly_what_came_with_2_1()
    {
        Assert.Equal(91, V21Actions.V21.Actions.Count);
        Assert.Equal(64, V21Actions.V201.Actions.Count);
        Assert.Null(V21Actions.V201.Find("SetDERControl"));
        Assert.NotNull(V21Actions.V21.Find("SetDERControl"));
        Assert.Same(V21Actions.V201, V21Actions.For(OcppVersion.V201));
        Assert.Same(V21Actions.V21, V21Actions.For(OcppVersion.V21));
        Assert.Throws<ArgumentOutOfRangeException>(() => V21Actions.For(OcppVersion.V16));
    }

    [Theory]
    [InlineData("Reset", """{"type":"ImmediateAndResume"}""", "type is no ResetKind: \"ImmediateAndResume\"")]
    [InlineData("RequestStartTransaction", """{"remoteStartId":1,"idToken":{"idToken":"0123456789012345678901234567890123456","type":"Local"}}""",
        "idToken.idToken has 37 characters, 36 are allowed")]
    [InlineData("RequestStartTransaction", """{"remoteStartId":1,"idToken":{"idToken":"A","type":"VIN"}}""",
        "idToken.type is none of Central, eMAID, ISO14443, ISO15693, KeyCode, Local, MacAddress, NoAuthorization: \"VIN\"")]
    [InlineData("CertificateSigned", """{"certificateChain":"x","requestId":1}""", "the message has a member that is not in the standard: \"requestId\"")]
    public void What_2_0_1_does_not_allow_is_a_flaw_there_and_none_in_2_1(string action, string json, string flaw)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        Assert.Equal([flaw], V21Actions.V201.CheckCall(Party.Csms, action, utf8).Select(f => f.ToString()));
        Assert.Empty(V21Actions.V21.CheckCall(Party.Csms, action, utf8));
    }
}
