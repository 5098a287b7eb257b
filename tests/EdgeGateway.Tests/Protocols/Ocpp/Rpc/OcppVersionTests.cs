using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Tests.Protocols.Ocpp.Rpc;

public sealed class OcppVersionTests
{
    private static readonly OcppVersion[] Ours = [OcppVersion.V21, OcppVersion.V201, OcppVersion.V16];

    [Theory]
    [InlineData("ocpp1.6", "ocpp1.6")]
    [InlineData("ocpp1.5,ocpp1.6", "ocpp1.6")]
    [InlineData("ocpp1.6, ocpp2.0.1", "ocpp2.0.1")]
    [InlineData("OCPP1.6", "ocpp1.6")]
    [InlineData("ocpp1.5", null)]
    [InlineData("", null)]
    public void Our_preference_decides_among_what_is_offered(string offered, string? chosen) =>
        Assert.Equal(chosen, Subprotocols.Choose([offered], Ours)?.Version.Subprotocol);

    [Fact]
    public void The_answer_repeats_the_offer_in_its_own_spelling() =>
        Assert.Equal("OCPP1.6", Subprotocols.Choose(["foo", "OCPP1.6"], Ours)!.Offered);

    [Fact]
    public void Codes_keep_the_spelling_of_their_version_and_are_read_in_either()
    {
        Assert.Equal("OccurenceConstraintViolation", ErrorCodes.Spell(OcppErrorCode.OccurrenceConstraintViolation, OcppVersion.V16));
        Assert.Equal("OccurrenceConstraintViolation", ErrorCodes.Spell(OcppErrorCode.OccurrenceConstraintViolation, OcppVersion.V21));
        foreach (var version in Ours)
            foreach (var code in Enum.GetValues<OcppErrorCode>())
            {
                var read = ErrorCodes.Read(ErrorCodes.Spell(code, version));
                var lost = version == OcppVersion.V16 && code is OcppErrorCode.RpcFrameworkError or OcppErrorCode.MessageTypeNotSupported;
                if (!lost || version != OcppVersion.V16) Assert.Equal(code, read);
            }
        Assert.Equal(OcppErrorCode.NotSupported, ErrorCodes.Read("notsupported"));
        Assert.Equal(OcppErrorCode.GenericError, ErrorCodes.Read("NoSuchCode"));
        Assert.Equal(OcppErrorCode.GenericError, ErrorCodes.Read("3"));
        Assert.Equal(OcppErrorCode.GenericError, ErrorCodes.Read(""));
    }
}
