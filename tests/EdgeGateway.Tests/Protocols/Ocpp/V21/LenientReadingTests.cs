using System.Text;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Tests.Protocols.Ocpp.V21;

/// <summary>What stations of 2.x write, and what is understood of it.</summary>
public sealed class LenientReadingTests
{
    [Fact]
    public void The_first_event_of_a_MicroOcpp_station_is_read_as_it_came()
    {
        // No meter value, no evse, no offline, a transactionId of 34 characters (FIELD-NOTES, seen on the wire, 3).
        var (begun, warnings) = V21Actions.TransactionEvent.ReadRequest(Utf8("""
            {"eventType":"Started","timestamp":"2025-04-01T12:00:00.000Z","triggerReason":"CablePluggedIn","seqNo":0,
             "transactionInfo":{"transactionId":"2e03f67b-dcc1-0d7b-1234-0123456789"}}
            """));
        Assert.Empty(warnings);
        Assert.Equal(TransactionEventKind.Started, begun.EventType);
        Assert.Equal(TriggerReason.CablePluggedIn, begun.TriggerReason);
        Assert.Equal((0L, "2e03f67b-dcc1-0d7b-1234-0123456789"), (begun.SeqNo, begun.TransactionInfo!.TransactionId));
        Assert.Null(begun.Evse);
        Assert.Null(begun.Offline);
        Assert.Null(begun.MeterValue);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"eventType":7,"timestamp":[],"triggerReason":{},"seqNo":"many","transactionInfo":"T","meterValue":5,"evse":[1],"idToken":3}""")]
    public void Transaction_messages_are_read_whatever_is_in_them(string payload)
    {
        var (transaction, warnings) = V21Actions.TransactionEvent.ReadRequest(Utf8(payload));
        Assert.Equal(new TransactionEventRequest { EventType = null, Timestamp = null, TriggerReason = null, SeqNo = null, TransactionInfo = null }, transaction);
        Assert.True(warnings.Count >= 5, string.Join('\n', warnings));

        var (values, valueWarnings) = V21Actions.MeterValues.ReadRequest(Utf8(payload));
        Assert.Null(values.EvseId);
        Assert.Empty(values.MeterValue);
        Assert.NotEmpty(valueWarnings);
    }

    [Fact]
    public void What_is_bad_in_a_transaction_event_costs_only_itself()
    {
        var (ended, warnings) = V21Actions.TransactionEvent.ReadRequest(Utf8("""
            {"eventType":"ended","timestamp":"2025-04-01T12:00:00","triggerReason":"Boredom","seqNo":"12","evse":{"connectorId":1},
             "idToken":{"idToken":"04A2B3C4"},"transactionInfo":{"transactionId":815,"stoppedReason":"Lightning","chargingState":"IDLE"},
             "meterValue":[{"timestamp":"soon","sampledValue":[{"value":"1.5","unitOfMeasure":{"unit":"kWh"}},{"value":2,"measurand":"Magic"},{"value":3}]},5]}
            """));
        Assert.Equal(TransactionEventKind.Ended, ended.EventType);
        Assert.Equal(new DateTimeOffset(2025, 4, 1, 12, 0, 0, TimeSpan.Zero), ended.Timestamp);
        Assert.Null(ended.TriggerReason);
        Assert.Equal(12, ended.SeqNo);
        // Without its id an EVSE is none; the token is one without its kind.
        Assert.Null(ended.Evse);
        Assert.Equal(new IdToken { Token = "04A2B3C4", Type = null }, ended.IdToken);
        Assert.Equal(new Transaction { TransactionId = "815", ChargingState = ChargingState.Idle }, ended.TransactionInfo);
        var values = Assert.Single(ended.MeterValue!);
        Assert.Null(values.Timestamp);
        // Another measurand would be another number: that sample is gone, the others are not (FIELD-NOTES 8).
        Assert.Equal([1.5m, 3m], values.SampledValue.Select(s => s.Value));
        Assert.Equal("kWh", values.SampledValue[0].UnitOfMeasure!.Unit);
        Assert.Contains(warnings, w => w.StartsWith("meterValue[0].sampledValue[1].measurand is no Measurand: \"Magic\"", StringComparison.Ordinal));
        Assert.Contains("idToken.type is missing", warnings);
    }

    [Fact]
    public void One_bad_entry_of_a_report_costs_only_itself()
    {
        var (report, warnings) = V21Actions.NotifyReport.ReadRequest(Utf8("""
            {"requestId":1,"generatedAt":"2025-04-01T12:00:00Z","seqNo":0,"tbc":true,"reportData":[
             {"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"variableAttribute":[{"type":"Imaginary"},{"value":22000}],
              "variableCharacteristics":{"dataType":"decimal","unit":"W","supportsMonitoring":"yes"}},
             {"component":{"name":"EVSE","evse":{"id":"two"}},"variable":{"name":"Power"},"variableAttribute":[{"value":"1"}]},
             {"variable":{"name":"Power"},"variableAttribute":[{"value":"1"}]},
             {"component":{"name":"Connector"},"variable":{"name":"Available"},"variableAttribute":[{"type":"Actual","value":"true","mutability":"ReadOnly"}]}]}
            """));
        Assert.Equal(["EVSE", "Connector"], report.ReportData!.Select(d => d.Component.Name));
        // The value of which attribute, or of which EVSE, must be known.
        Assert.Equal("22000", Assert.Single(report.ReportData![0].VariableAttribute).Value);
        Assert.Null(report.ReportData[0].VariableCharacteristics);
        Assert.True(report.Tbc);
        Assert.Equal(5, warnings.Count);
    }

    [Fact]
    public void One_bad_event_costs_only_itself()
    {
        var (events, warnings) = V21Actions.NotifyEvent.ReadRequest(Utf8("""
            {"generatedAt":"2025-04-01T12:00:00Z","seqNo":0,"eventData":[
             {"eventId":1,"timestamp":"2025-04-01T12:00:00Z","trigger":"Delta","actualValue":true,"component":{"name":"c"},"variable":{"name":"v"},
              "eventNotificationType":"CustomMonitor","severity":11},
             {"eventId":2,"trigger":"Delta","actualValue":"x","component":{"name":"c"},"variable":{"name":"v"},"eventNotificationType":"CustomMonitor"}]}
            """));
        var only = Assert.Single(events.EventData);
        Assert.Equal((1L, "true", 11), (only.EventId, only.ActualValue, only.Severity));
        Assert.Equal(2, warnings.Count);
    }

    [Fact]
    public void A_2_0_1_station_that_sends_what_came_with_2_1_does_no_harm()
    {
        var (firmware, warnings) = V21Actions.FirmwareStatusNotification.ReadRequest(Utf8("""{"status":"Idle","statusInfo":{"reasonCode":"x"},"customData":{"vendorId":"v","a":[1]}}"""));
        Assert.Empty(warnings);
        Assert.Equal("x", firmware.StatusInfo!.ReasonCode);
    }

    [Fact]
    public void Outside_transaction_messages_a_token_without_its_kind_is_refused()
    {
        var refused = Assert.Throws<OcppException>(() => V21Actions.Authorize.ReadRequest(Utf8("""{"idToken":{"idToken":"04A2B3C4"}}""")));
        Assert.Equal(OcppErrorCode.OccurrenceConstraintViolation, refused.Code);
        Assert.Equal("idToken.type is missing", refused.Message);
    }

    [Fact]
    public void A_token_is_kept_whole_and_numbers_out_of_range_are_kept()
    {
        var token = new string('A', 300);
        var (authorize, tokenWarnings) = V21Actions.Authorize.ReadRequest(Utf8("""{"idToken":{"idToken":"?","type":"Central"}}""".Replace("?", token, StringComparison.Ordinal)));
        Assert.Equal(token, authorize.IdToken.Token);
        Assert.Single(tokenWarnings);
        var (status, statusWarnings) = V21Actions.StatusNotification.ReadRequest(Utf8(
            """{"timestamp":"2025-04-01T12:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":-1}"""));
        Assert.Equal(-1, status.ConnectorId);
        Assert.Equal(["connectorId is out of range: -1"], statusWarnings);
    }

    [Theory]
    [InlineData("", "timestamp is missing")]
    [InlineData("\"timestamp\":null,", "timestamp is null|timestamp is missing")]
    [InlineData("\"timestamp\":\"noon\",", "timestamp is no time: \"noon\"; left out")]
    public void A_charger_that_cannot_tell_the_time_can_still_say_that_it_is_faulted(string timestamp, string remarks)
    {
        var (status, warnings) = V21Actions.StatusNotification.ReadRequest(Utf8($$"""{{{timestamp}}"connectorStatus":"Faulted","evseId":1,"connectorId":1}"""));
        Assert.Equal((ConnectorStatus.Faulted, null), (status.ConnectorStatus, status.Timestamp));
        Assert.Equal(remarks.Split('|'), warnings);
    }

    [Fact]
    public void What_is_sent_or_simulated_still_has_to_name_a_status_time()
    {
        var flaw = Assert.Single(V21Actions.StatusNotification.CheckRequest("""{"connectorStatus":"Faulted","evseId":1,"connectorId":1}"""u8, OcppVersion.V201));
        Assert.Equal("timestamp is missing", flaw.ToString());
    }

    [Fact]
    public void What_only_2_1_requires_is_not_missed_of_an_older_station()
    {
        var (_, warnings) = V21Actions.NotifyMonitoringReport.ReadRequest(Utf8(
            """
            {"requestId":1,"seqNo":0,"generatedAt":"2025-04-01T12:00:00Z","monitor":[{"component":{"name":"c"},"variable":{"name":"v"},
             "variableMonitoring":[{"id":1,"transaction":false,"value":1,"type":"UpperThreshold","severity":3}]}]}
            """));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Exactly_the_transaction_messages_are_always_answered() =>
        Assert.Equal(["MeterValues", "TransactionEvent"], V21Actions.V21.Actions.Where(a => a.AlwaysAnswered).Select(a => a.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Data_of_a_vendor_may_be_any_JSON()
    {
        var (transfer, warnings) = V21Actions.DataTransfer.ReadRequest(Utf8("""{"vendorId":"v","data":{"a":[1,{"b":null}]}}"""));
        Assert.Empty(warnings);
        Assert.Equal("""{"a":[1,{"b":null}]}""", transfer.Data!.Value.GetRawText());
        Assert.Equal("""{"vendorId":"v","data":{"a":[1,{"b":null}]}}""", Encoding.UTF8.GetString(V21Actions.DataTransfer.Write(transfer).ToBytes()));
    }

    private static ReadOnlyMemory<byte> Utf8(string json) => Encoding.UTF8.GetBytes(json);
}
