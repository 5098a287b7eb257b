using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Tests.Protocols.Ocpp.Messages;

/// <summary>What a technician types is checked before a charger sees it, by the standard's rules and without its schema files.</summary>
public sealed class CheckCallTests
{
    [Theory]
    [InlineData("Reset", """{"type":"Soft"}""")]
    [InlineData("GetConfiguration", """{}""")]
    [InlineData("DataTransfer", """{"vendorId":"v","data":"{}"}""")]
    public void A_right_call_has_no_flaws(string action, string json) => Assert.Empty(Check(action, json));

    [Theory]
    [InlineData("Rest", "{}", OcppErrorCode.NotImplemented, "")]
    [InlineData("Heartbeat", "{}", OcppErrorCode.NotSupported, "")]
    [InlineData("Reset", "{", OcppErrorCode.FormatViolation, "")]
    [InlineData("Reset", "[]", OcppErrorCode.TypeConstraintViolation, "")]
    [InlineData("Reset", "null", OcppErrorCode.TypeConstraintViolation, "")]
    [InlineData("Reset", "{}", OcppErrorCode.OccurrenceConstraintViolation, "type")]
    [InlineData("Reset", """{"type":"soft"}""", OcppErrorCode.PropertyConstraintViolation, "type")]
    [InlineData("Reset", """{"type":null}""", OcppErrorCode.TypeConstraintViolation, "type")]
    [InlineData("Reset", """{"type":"Soft","now":true}""", OcppErrorCode.FormatViolation, "")]
    [InlineData("UnlockConnector", """{"connectorId":"1"}""", OcppErrorCode.TypeConstraintViolation, "connectorId")]
    [InlineData("RemoteStartTransaction", """{"idTag":"123456789012345678901"}""", OcppErrorCode.PropertyConstraintViolation, "idTag")]
    [InlineData("UpdateFirmware", """{"location":"firmware.bin","retrieveDate":"2025-04-01T12:00:00Z"}""", OcppErrorCode.PropertyConstraintViolation, "location")]
    [InlineData("UpdateFirmware", """{"location":"ftp://a/b","retrieveDate":"2025-04-01T12:00:00"}""", OcppErrorCode.PropertyConstraintViolation, "retrieveDate")]
    public void A_wrong_call_is_told_where_and_why(string action, string json, OcppErrorCode code, string path)
    {
        var flaw = Assert.Single(Check(action, json));
        Assert.Equal((code, path), (flaw.Code, flaw.Path));
    }

    [Fact]
    public void All_flaws_are_told_with_their_paths()
    {
        var flaws = Check("SetChargingProfile", """
            {"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":"0","chargingProfilePurpose":"TxProfile","chargingProfileKind":"Sometimes",
             "chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16.05},{"limit":6}]}}}
            """);
        Assert.Equal(
            [
                "csChargingProfiles.chargingProfileKind", "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit",
                "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[1].startPeriod", "csChargingProfiles.stackLevel",
            ],
            flaws.Select(f => f.Path).Order(StringComparer.Ordinal));
    }

    private static IReadOnlyList<Flaw> Check(string action, string json) =>
        V16Actions.All.CheckCall(Party.Csms, action, Encoding.UTF8.GetBytes(json));
}
