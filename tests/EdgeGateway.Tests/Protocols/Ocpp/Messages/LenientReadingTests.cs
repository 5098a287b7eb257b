using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Tests.Protocols.Ocpp.Messages;

/// <summary>What chargers write instead of what the schema says, and what is made of it (FIELD-NOTES 6, 7, 8, 11, 19).</summary>
public sealed class LenientReadingTests
{
    private static readonly DateTimeOffset Noon = new(2025, 4, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_faultless_message_has_no_warnings()
    {
        var (start, warnings) = V16Actions.StartTransaction.ReadRequest(Utf8("""{"connectorId":1,"idTag":"AA","meterStart":5,"timestamp":"2025-04-01T14:00:00.0+02:00"}"""));
        Assert.Equal(new StartTransactionRequest { ConnectorId = 1, IdTag = "AA", MeterStart = 5, Timestamp = Noon }, start);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("\"5\"", 5)]
    [InlineData("\" 5 \"", 5)]
    [InlineData("5.0", 5)]
    [InlineData("5.9", 5)]
    [InlineData("\"5.0\"", 5)]
    [InlineData("5e3", 5000)]
    [InlineData("3000000000", 3_000_000_000)]
    public void An_integer_is_read_however_it_is_written(string written, long expected)
    {
        var (start, warnings) = V16Actions.StartTransaction.ReadRequest(Utf8(Start(("meterStart", written))));
        Assert.Equal(expected, start.MeterStart);
        if (expected < 3_000_000_000) Assert.StartsWith("meterStart is no integer", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("2025-04-01T12:00:00Z", false)]
    [InlineData("2025-04-01T12:00:00.000Z", false)]
    [InlineData("2025-04-01T14:00:00+02:00", false)]
    [InlineData("2025-04-01T14:00:00\\u002b02:00", false)]
    [InlineData("2025-04-01T12:00:00.0000000Z", false)]
    [InlineData("2025-04-01T12:00:00", true)]
    [InlineData("2025-04-01T12:00:00.000", true)]
    [InlineData("2025-04-01 12:00:00", true)]
    [InlineData("2025-04-01 12:00:00Z", true)]
    [InlineData("2025-04-01t12:00:00z", true)]
    [InlineData("2025-04-01T12:00Z", true)]
    [InlineData("2025-04-01T14:00:00+0200", true)]
    [InlineData("2025-04-01T14:00:00+02", true)]
    [InlineData("2025-04-01T12:00:00,000Z", true)]
    [InlineData(" 2025-04-01T12:00:00Z ", true)]
    [InlineData("2025-4-1T12:0:0Z", true)]
    public void A_time_without_a_zone_is_UTC_and_other_spellings_are_read(string written, bool warns)
    {
        var (start, warnings) = V16Actions.StartTransaction.ReadRequest(Utf8(Start(("timestamp", $"\"{written}\""))));
        Assert.Equal(Noon, start.Timestamp);
        Assert.Equal(TimeSpan.Zero, start.Timestamp!.Value.Offset);
        Assert.Equal(warns, warnings.Count == 1);
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("\"2025-02-30T12:00:00Z\"")]
    [InlineData("\"\"")]
    [InlineData("1743508800")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_time_that_cannot_be_read_is_null_in_a_transaction_message_and_said(string written)
    {
        var (start, warnings) = V16Actions.StartTransaction.ReadRequest(Utf8(Start(("timestamp", written))));
        Assert.Null(start.Timestamp);
        Assert.Equal(5, start.MeterStart);
        Assert.All(warnings, w => Assert.StartsWith("timestamp ", w));
        Assert.NotEmpty(warnings);
    }

    [Fact]
    public void Texts_numbers_and_names_in_the_wrong_dress_are_understood()
    {
        var (start, warnings) = V16Actions.StartTransaction.ReadRequest(Utf8("""
            {"ConnectorID":"1","idTag":12345678,"meterStart":"7","reservationId":null,"vendorStuff":{"a":[1,2]},"timestamp":"2025-04-01T12:00:00Z"}
            """));
        Assert.Equal(new StartTransactionRequest { ConnectorId = 1, IdTag = "12345678", MeterStart = 7, Timestamp = Noon }, start);
        Assert.Equal(
            [
                "the message has a member \"ConnectorID\" for connectorId", "connectorId is no integer: \"1\"; taken as 1", "idTag is no text; taken as one",
                "meterStart is no integer: \"7\"; taken as 7", "reservationId is null", "the message has a member that is not in the standard: \"vendorStuff\"",
            ],
            warnings);
    }

    [Fact]
    public void An_id_tag_keeps_its_length_its_case_and_its_emptiness()
    {
        var (long_, warnings) = V16Actions.Authorize.ReadRequest(Utf8("""{"idTag":"12345678901234567890_dummy1"}"""));
        Assert.Equal("12345678901234567890_dummy1", long_.IdTag);
        Assert.Equal("idTag has 27 characters, 20 are allowed", Assert.Single(warnings));
        Assert.Equal("", V16Actions.Authorize.ReadRequest(Utf8("""{"idTag":""}""")).Message.IdTag);
    }

    [Fact]
    public void Texts_that_only_people_read_are_cut_between_characters()
    {
        var (boot, warnings) = V16Actions.BootNotification.ReadRequest(Utf8(
            """{"chargePointVendor":"A vendor with a very long name","chargePointModel":"1234567890123456789😀","chargePointSerialNumber":42}"""));
        Assert.Equal(("A vendor with a very", "1234567890123456789", "42"), (boot.ChargePointVendor, boot.ChargePointModel, boot.ChargePointSerialNumber));
        Assert.Equal(3, warnings.Count);
    }

    [Fact]
    public void One_bad_sample_costs_only_itself()
    {
        var (values, warnings) = V16Actions.MeterValues.ReadRequest(Utf8("""
            {"connectorId":1,"transactionId":-16,"meterValue":[
              {"timestamp":"2025-04-01T12:00:00Z","sampledValue":[
                {"value":"1","measurand":"Energy.Active.Import.Register","unit":"Wh"},
                {"value":"2","measurand":"Vendor.Special"},
                {"value":3,"unit":"wh"},
                {"value":"4","unit":"furlong"},
                {"measurand":"Voltage"},
                {"value":"6","phase":"L9"},
                {"value":"7","context":"Sample.Whatever","unit":"Celcius"},
                null, 8, {"value":"9","unit":"%","measurand":"SoC"},
                {"value":"10","location":{}}]},
              17,
              {"timestamp":"soon","sampledValue":{"value":"11"}},
              {"sampledValue":[]}]}
            """));
        Assert.Equal(-16, values.TransactionId);
        Assert.Equal(["1", "3", "7", "9"], values.MeterValue[0].SampledValue.Select(s => s.Value));
        Assert.Equal((UnitOfMeasure.Wh, null), (values.MeterValue[0].SampledValue[1].Unit, values.MeterValue[0].SampledValue[2].Context));
        Assert.Equal(UnitOfMeasure.Celsius, values.MeterValue[0].SampledValue[2].Unit);
        Assert.Equal(UnitOfMeasure.Percent, values.MeterValue[0].SampledValue[3].Unit);
        Assert.Equal(3, values.MeterValue.Count);
        Assert.Equal((null, "11"), (values.MeterValue[1].Timestamp, values.MeterValue[1].SampledValue[0].Value));
        Assert.Null(values.MeterValue[2].Timestamp);
        Assert.Contains("meterValue[0].sampledValue[1].measurand is no Measurand: \"Vendor.Special\"; meterValue[0].sampledValue[1] left out", warnings);
        Assert.Contains("meterValue[0].sampledValue[4].value is missing; meterValue[0].sampledValue[4] left out", warnings);
        Assert.Contains("meterValue[0].sampledValue[6].context is no ReadingContext: \"Sample.Whatever\"; left out", warnings);
    }

    [Fact]
    public void An_object_for_a_list_of_one_is_that_list()
    {
        var (values, _) = V16Actions.MeterValues.ReadRequest(Utf8("""
            {"connectorId":1,"meterValue":{"timestamp":"2025-04-01T12:00:00Z","sampledValue":{"value":"5"}}}
            """));
        Assert.Equal("5", Assert.Single(Assert.Single(values.MeterValue).SampledValue).Value);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData(" [ ] ")]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("""{"connectorId":{},"idTag":[],"meterStart":"much","meterStop":true,"timestamp":7,"transactionId":"","transactionData":5,"meterValue":"x"}""")]
    [InlineData("""{"connectorId":99999999999999999999,"meterStop":1e400,"transactionId":99999999999}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"surplus":1}""")]
    [InlineData("""{"timestamp":"\ud800","connectorId":"\ud800"}""")]
    [InlineData("""{"connectorId":""")]
    public void Transaction_messages_are_read_whatever_is_in_them(string payload)
    {
        var (start, startWarnings) = V16Actions.StartTransaction.ReadRequest(Utf8(payload));
        Assert.Equal((null, null, null, null), (start.ConnectorId, start.IdTag, start.MeterStart, start.Timestamp));
        var (stop, stopWarnings) = V16Actions.StopTransaction.ReadRequest(Utf8(payload));
        Assert.Equal((null, null, null, null), (stop.TransactionId, stop.IdTag, stop.MeterStop, stop.Timestamp));
        var (values, valuesWarnings) = V16Actions.MeterValues.ReadRequest(Utf8(payload));
        Assert.Empty(values.MeterValue);
        Assert.All([startWarnings, stopWarnings, valuesWarnings], Assert.NotEmpty);
    }

    [Fact]
    public void Half_a_character_costs_nothing_but_itself()
    {
        var (start, warnings) = V16Actions.StartTransaction.ReadRequest(Utf8(Start(("idTag", "\"\\ud800A\""))));
        Assert.Equal((1, "\\ud800A", 5L, Noon), (start.ConnectorId, start.IdTag, start.MeterStart, start.Timestamp));
        Assert.Equal("idTag is no Unicode text", Assert.Single(warnings));
    }

    [Fact]
    public void All_that_is_required_of_an_always_answered_message_can_be_null()
    {
        var always = V16Actions.All.Actions.Where(a => a.AlwaysAnswered).ToList();
        Assert.Equal(["MeterValues", "StartTransaction", "StopTransaction"], always.Select(a => a.Name).Order(StringComparer.Ordinal));
        foreach (var property in always.SelectMany(a => a.RequestType.Properties).Where(p => p.IsRequired && p.PropertyType != typeof(IReadOnlyList<MeterValue>)))
            Assert.True(property.IsSetNullable, property.Name);
    }

    [Fact]
    public void Random_damage_to_transaction_messages_never_throws()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var good = JsonNode.Parse("""
            {"connectorId":1,"idTag":"AA","meterStart":5,"meterStop":9,"transactionId":3,"reason":"Local","timestamp":"2025-04-01T12:00:00Z",
             "transactionData":[{"timestamp":"2025-04-01T12:00:00Z","sampledValue":[{"value":"1","unit":"Wh"},{"value":"2"}]}],
             "meterValue":[{"timestamp":"2025-04-01T12:00:00Z","sampledValue":[{"value":"1","unit":"Wh"},{"value":"2","phase":"L1"}]}]}
            """)!;
        for (var n = 0; n < 5_000; n++)
        {
            var damaged = good.DeepClone();
            for (var hits = random.Next(1, 4); hits > 0; hits--) Damage(damaged, random);
            var json = Utf8(damaged.ToJsonString());
            try
            {
                V16Actions.StartTransaction.ReadRequest(json);
                V16Actions.StopTransaction.ReadRequest(json);
                V16Actions.MeterValues.ReadRequest(json);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {n}: {damaged.ToJsonString()}\n{e}");
            }
        }
    }

    [Fact]
    public void Answers_are_read_as_leniently()
    {
        var (configuration, warnings) = V16Actions.GetConfiguration.ReadResponse(Utf8(
            """{"configurationKey":[{"key":"HeartbeatInterval","readonly":"false","value":300},{"key":7,"readonly":1},{"readonly":true}],"unknownKey":"Foo"}"""));
        Assert.Equal([("HeartbeatInterval", false, "300"), ("7", true, null)], configuration.ConfigurationKey!.Select(k => (k.Key, k.Readonly, k.Value)));
        Assert.Equal(["Foo"], configuration.UnknownKey!);
        Assert.NotEmpty(warnings);
        Assert.Equal(ResetStatus.Accepted, V16Actions.Reset.ReadResponse(Utf8("""{"status":"accepted"}""")).Message.Status);
        Assert.NotNull(V16Actions.UpdateFirmware.ReadResponse(Utf8("null")).Message);
        Assert.NotNull(V16Actions.UpdateFirmware.ReadResponse(Utf8("[]")).Message);
    }

    [Fact]
    public void Vendor_data_that_is_no_text_is_kept_as_its_JSON()
    {
        var (transfer, _) = V16Actions.DataTransfer.ReadRequest(Utf8("""{"vendorId":"v","data":{"a": "ü\"", "b":[1]}}"""));
        Assert.Equal("""{"a": "ü\"", "b":[1]}""", transfer.Data);
    }

    [Fact]
    public void An_unknown_error_code_is_an_other_error_and_a_bad_optional_member_is_left_out()
    {
        var (status, warnings) = V16Actions.StatusNotification.ReadRequest(Utf8(
            """{"connectorId":1,"errorCode":"E42","status":"charging","timestamp":"now","info":{"x":1}}"""));
        Assert.Equal(
            new StatusNotificationRequest { ConnectorId = 1, ErrorCode = ChargePointErrorCode.OtherError, Status = ChargePointStatus.Charging },
            status);
        Assert.Equal(4, warnings.Count);
    }

    // Which error each violation gets (spelt as on the 1.6 wire).
    [Theory]
    [InlineData("""{}""", "OccurenceConstraintViolation", "connectorId is missing")]
    [InlineData("""{"connectorId":1,"errorCode":null,"status":"Available"}""", "OccurenceConstraintViolation", "errorCode is missing")]
    [InlineData("""{"connectorId":{},"errorCode":"NoError","status":"Available"}""", "TypeConstraintViolation", "connectorId is no integer: \"{…}\"")]
    [InlineData("""{"connectorId":"one","errorCode":"NoError","status":"Available"}""", "TypeConstraintViolation", "connectorId is no integer: \"one\"")]
    [InlineData("""{"connectorId":99999999999,"errorCode":"NoError","status":"Available"}""", "PropertyConstraintViolation", "connectorId is out of range")]
    [InlineData("""{"connectorId":1,"errorCode":"NoError","status":"Levitating"}""", "PropertyConstraintViolation", "status is no ChargePointStatus: \"Levitating\"")]
    [InlineData("""{"connectorId":1,"errorCode":"NoError","status":4}""", "TypeConstraintViolation", "status is no text")]
    [InlineData("""[1]""", "TypeConstraintViolation", "the message is no object")]
    [InlineData("""{"connectorId":""", "FormationViolation", "the message is no JSON")]
    public void What_cannot_be_understood_gets_the_error_it_deserves(string payload, string code, string description)
    {
        var e = Assert.Throws<OcppException>(() => V16Actions.StatusNotification.ReadRequest(Utf8(payload)));
        Assert.Equal((code, description, "{}"), (ErrorCodes.Spell(e.Code, OcppVersion.V16), e.Message, e.DetailsJson));
    }

    [Fact]
    public void A_text_that_would_be_another_one_when_cut_is_refused()
    {
        var e = Assert.Throws<OcppException>(() => V16Actions.DataTransfer.ReadRequest(Utf8($$"""{"vendorId":"{{new string('v', 256)}}"}""")));
        Assert.Equal(OcppErrorCode.PropertyConstraintViolation, e.Code);
    }

    [Fact]
    public void Warnings_are_limited_short_and_on_one_line()
    {
        var bad = string.Join(',', Enumerable.Repeat($$"""{"value":"1","unit":"{{new string('u', 500)}}\n\u001b"}""", 100));
        var (values, warnings) = V16Actions.MeterValues.ReadRequest(Utf8($$"""{"connectorId":1,"meterValue":[{"timestamp":"2025-04-01T12:00:00Z","sampledValue":[{{bad}}]}]}"""));
        Assert.Empty(values.MeterValue[0].SampledValue);
        Assert.Equal(Flaw.MaxListed, warnings.Count);
        Assert.All(warnings, w => Assert.True(w.Length < 200 && !w.Any(char.IsControl), w));
    }

    [Fact]
    public void What_goes_out_has_UTC_times_with_three_decimals_and_no_nulls()
    {
        var written = JsonSerializer.Serialize(
            new StartTransactionRequest { ConnectorId = 1, IdTag = "Ä+", MeterStart = 5, Timestamp = new(2025, 4, 1, 14, 0, 0, 1, TimeSpan.FromHours(2)) },
            V16Actions.StartTransaction.RequestType);
        Assert.Equal("2025-04-01T12:00:00.001Z", JsonNode.Parse(written)!["timestamp"]!.GetValue<string>());
        Assert.DoesNotContain("null", written, StringComparison.Ordinal);
    }

    private static string Start(params (string Name, string Json)[] changes)
    {
        var start = JsonNode.Parse("""{"connectorId":1,"idTag":"AA","meterStart":5,"timestamp":"2025-04-01T12:00:00Z"}""")!.AsObject();
        foreach (var (name, _) in changes) start.Remove(name);
        var rest = start.ToJsonString();
        return rest[..^1] + string.Concat(changes.Select(c => $",\"{c.Name}\":{c.Json}")) + "}";
    }

    private static void Damage(JsonNode node, Random random)
    {
        JsonNode?[] strange = [null, -1, 1.5, "", "x", "2025-13-01", true, new JsonObject(), new JsonArray(1, null, "a"), JsonNode.Parse("1e99")];
        var value = strange[random.Next(strange.Length)]?.DeepClone();
        if (node is JsonObject members && members.Count > 0)
        {
            var name = members.ElementAt(random.Next(members.Count)).Key;
            if (members[name] is JsonObject or JsonArray && random.Next(3) > 0) Damage(members[name]!, random);
            else if (random.Next(4) == 0) members.Remove(name);
            else members[name] = value;
        }
        else if (node is JsonArray list && list.Count > 0)
        {
            var index = random.Next(list.Count);
            if (list[index] is JsonObject or JsonArray && random.Next(3) > 0) Damage(list[index]!, random);
            else list[index] = value;
        }
    }

    private static ReadOnlyMemory<byte> Utf8(string json) => Encoding.UTF8.GetBytes(json);
}
