using System.Text;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Tests.Conformance.Ocpi;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Reading foreign objects, judging ours, patching, and what differs between 2.2.1 and 2.3.0.</summary>
public sealed class ObjectRulesTests
{
    private static readonly OcpiFormat V221 = OcpiJson.For(OcpiVersion.V221);
    private static readonly OcpiFormat V230 = OcpiJson.For(OcpiVersion.V230);

    private const string Token = """
        {"country_code":"NL","party_id":"TNM","uid":"012345678","type":"RFID","contract_id":"NL8ACC12E46L89","issuer":"TheNewMotion",
         "valid":true,"whitelist":"ALWAYS","last_updated":"2015-06-29T22:39:09Z"}
        """;

    [Theory]
    [InlineData("\"uid\":\"012345678\"", "\"uid\":\"\"", "uid")]
    [InlineData("\"uid\":\"012345678\"", "\"uid\":\"0123456789012345678901234567890123456\"", "uid")]
    [InlineData("\"uid\":\"012345678\"", "\"uid\":\"a\\nb\"", "uid")]
    [InlineData("\"uid\":\"012345678\"", "\"uid\":12345678", "uid")]
    [InlineData("\"uid\":\"012345678\"", "\"uid\":null", "uid")]
    [InlineData("\"uid\":\"012345678\",", "", "uid")]
    [InlineData("\"valid\":true", "\"valid\":\"true\"", "valid")]
    [InlineData("\"whitelist\":\"ALWAYS\"", "\"whitelist\":\"SOMETIMES\"", "whitelist")]
    [InlineData("\"country_code\":\"NL\"", "\"country_code\":\"NLD\"", "country_code")]
    [InlineData("2015-06-29T22:39:09Z", "last week", "last_updated")]
    public void A_bad_token_is_refused_with_the_place_of_its_fault(string good, string bad, string path)
    {
        var read = V221.Read<Token>(Encoding.UTF8.GetBytes(Token.Replace(good, bad, StringComparison.Ordinal)));
        Assert.False(read.IsValid);
        Assert.Equal([path], read.Faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("\"valid\":true", "\"valid\":true,\"visual_number\":null,\"group_id\":\"\",\"colour\":{\"deep\":[1]}")]
    [InlineData("\"type\":\"RFID\"", "\"type\":\"rfid\"")]
    [InlineData("\"whitelist\":\"ALWAYS\"", "\"whitelist\":\"always\"")]
    [InlineData("22:39:09Z", "22:39:09.123")]
    public void A_sloppy_token_is_read(string good, string sloppy) =>
        Assert.True(V221.Read<Token>(Encoding.UTF8.GetBytes(Token.Replace(good, sloppy, StringComparison.Ordinal))).IsValid);

    [Fact]
    public void A_value_that_we_do_not_know_keeps_its_text()
    {
        var read = V221.Read<Token>(Encoding.UTF8.GetBytes(Token.Replace("\"RFID\"", "\"BRAIN_CHIP\"", StringComparison.Ordinal)));
        Assert.True(read.IsValid);
        Assert.Null(read.Value.Type.Known);
        Assert.Equal("BRAIN_CHIP", read.Value.Type.Text);
        Assert.Contains("\"BRAIN_CHIP\"", Encoding.UTF8.GetString(V221.Write(read.Value)), StringComparison.Ordinal);
        Assert.True(new Open<TokenType>("rfid") == TokenType.Rfid);
    }

    [Fact]
    public void All_faults_of_an_object_come_at_once_and_not_more_than_twenty()
    {
        var read = V221.Read<Token>("""{"uid":1}"""u8.ToArray());
        Assert.Equal(9, read.Faults.Count);
        var elements = string.Join(',', Enumerable.Repeat("{}", 1000));
        Assert.Equal(20, V221.Read<Tariff>(Encoding.UTF8.GetBytes($$"""{"elements":[{{elements}}]}""")).Faults.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public void What_is_no_object_is_one_fault_at_its_root(string text)
    {
        var fault = Assert.Single(V221.Read<Token>(Encoding.UTF8.GetBytes(text)).Faults);
        Assert.Equal("", fault.Path);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("\"12\"")]
    [InlineData("NaN")]
    public void A_number_that_is_none_is_a_fault(string number)
    {
        var json = $$"""{"type":"ENERGY","volume":{{number}}}""";
        Assert.False(V221.Read<CdrDimension>(Encoding.UTF8.GetBytes(json)).IsValid);
    }

    [Fact]
    public void Numbers_stay_decimal_and_have_no_exponent()
    {
        var dimension = new CdrDimension { Type = CdrDimensionType.Energy, Volume = 0.0000001m };
        Assert.Equal("""{"type":"ENERGY","volume":0.0000001}""", Encoding.UTF8.GetString(V221.Write(dimension)));
        Assert.Equal(12.3456m, V221.Read<CdrDimension>("""{"type":"ENERGY","volume":12.3456}"""u8.ToArray()).Value!.Volume);
    }

    [Fact]
    public void The_older_version_is_not_shown_what_came_later_and_has_its_own_prices()
    {
        var older = Json(V221, Instances.Location);
        Assert.False(older.TryGetProperty("parking_places", out _));
        Assert.False(older.GetProperty("evses")[0].TryGetProperty("parking", out _));
        Assert.False(older.GetProperty("evses")[0].GetProperty("connectors")[0].TryGetProperty("capabilities", out _));
        Assert.True(Json(V230, Instances.Location).TryGetProperty("parking_places", out _));

        var cdr = Json(V221, Instances.Cdr);
        Assert.Equal(["excl_vat", "incl_vat"], cdr.GetProperty("total_cost").EnumerateObject().Select(member => member.Name));
        Assert.Equal(7.7945m, cdr.GetProperty("total_cost").GetProperty("incl_vat").GetDecimal());
        Assert.Equal(["excl_vat"], cdr.GetProperty("total_fixed_cost").EnumerateObject().Select(member => member.Name));
        Assert.False(cdr.GetProperty("tariffs")[0].TryGetProperty("tax_included", out _));
        Assert.Equal(0.60m, cdr.GetProperty("tariffs")[0].GetProperty("min_price").GetProperty("incl_vat").GetDecimal());
        Assert.Equal(["before_taxes", "taxes"], Json(V230, Instances.Cdr).GetProperty("total_cost").EnumerateObject().Select(member => member.Name));
        Assert.DoesNotContain("hub_party_id", Encoding.UTF8.GetString(V221.Write(Instances.Credentials)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_is_judged_in_the_form_of_its_version()
    {
        var newer = V230.Write(Instances.Session);
        Assert.Equal(["total_cost.excl_vat"], V221.Read<Session>(newer).Faults.Select(fault => fault.Path));
        Assert.Equal(["total_cost.before_taxes"], V230.Read<Session>(V221.Write(Instances.Session)).Faults.Select(fault => fault.Path));
    }

    [Fact]
    public void A_tariff_of_2_3_0_must_say_whether_taxes_are_included_and_one_of_2_2_1_cannot()
    {
        var tariff = Instances.Tariff with { TaxIncluded = null };
        Assert.Equal(["tax_included"], V230.Validate(tariff).Select(fault => fault.Path));
        Assert.Empty(V221.Validate(tariff));
    }

    [Fact]
    public void Ours_is_judged_before_it_is_sent()
    {
        Assert.Equal(["name"], V221.Validate(Instances.Location with { Name = "" }).Select(fault => fault.Path));
        Assert.Equal(["evses[0].connectors"], V221.Validate(Instances.Location with { Evses = [Instances.Evse with { Connectors = [] }] }).Select(fault => fault.Path));
        Assert.Equal(["coordinates.latitude"], V221.Validate(Instances.Location with { Coordinates = new GeoLocation { Latitude = "52,5", Longitude = "13.40000" } }).Select(fault => fault.Path));
        Assert.Equal(["evses[0].connectors[0].tariff_ids[1]"], V221.Validate(Instances.Location with
        {
            Evses = [Instances.Evse with { Connectors = [Instances.Connector with { TariffIds = ["ok", new string('x', 37)] }] }],
        }).Select(fault => fault.Path));
        Assert.Equal(["opening_times.regular_hours[0].period_end"], V221.Validate(Instances.Location with
        {
            OpeningTimes = new Hours { Twentyfourseven = false, RegularHours = [new RegularHours { Weekday = 7, PeriodBegin = "00:00", PeriodEnd = "24:00" }] },
        }).Select(fault => fault.Path));
    }

    [Fact]
    public void An_authorization_that_denies_needs_no_token()
    {
        var read = V221.Read<AuthorizationInfo>("""{"allowed":"BLOCKED"}"""u8.ToArray());
        Assert.Equal(AllowedType.Blocked, read.Value?.Allowed);
    }

    [Fact]
    public void An_endpoint_is_found_by_module_and_role_and_credentials_whatever_its_role()
    {
        var details = V221.Read<VersionDetails>("""
            {"version":"2.2.1","endpoints":[
              {"identifier":"tokens","role":"RECEIVER","url":"https://h/r"},{"identifier":"tokens","role":"sender","url":"https://h/s"},
              {"identifier":"credentials","role":"RECEIVER","url":"https://h/c"},{"identifier":"vendor","role":"SOMETHING","url":"https://h/v"},
              {"identifier":"cdrs","role":"RECEIVER","url":"/relative"}]}
            """u8.ToArray()).Value!;
        Assert.Equal("https://h/s", details.Find(ModuleId.Tokens, InterfaceRole.Sender));
        Assert.Equal("https://h/c", details.Find(ModuleId.Credentials, InterfaceRole.Sender));
        Assert.Null(details.Find(ModuleId.Cdrs, InterfaceRole.Receiver));
    }

    [Fact]
    public void A_patch_changes_what_it_names_and_nothing_else()
    {
        var token = V221.Read<Token>(Encoding.UTF8.GetBytes(Token)).Value!;
        var read = V221.Patch(token, Element("""{"valid":false,"visual_number":null,"last_updated":"2026-03-01T12:00:00Z"}"""));
        Assert.True(read.IsValid);
        Assert.Equal(token with { Valid = false, LastUpdated = Instances.Noon }, read.Value);
    }

    [Theory]
    [InlineData("""{"valid":false}""", "last_updated")]
    [InlineData("""{"valid":false,"last_updated":null}""", "last_updated")]
    [InlineData("""{"valid":"no","last_updated":"2026-03-01T12:00:00Z"}""", "valid")]
    [InlineData("""[]""", "")]
    public void A_patch_that_leaves_no_good_object_is_refused(string patch, string path)
    {
        var token = V221.Read<Token>(Encoding.UTF8.GetBytes(Token)).Value!;
        Assert.Equal([path], V221.Patch(token, Element(patch)).Faults.Select(fault => fault.Path));
    }

    [Fact]
    public void Charging_periods_of_a_patch_are_appended_and_other_lists_replaced()
    {
        var patch = Element("""
            {"charging_periods":[{"start_date_time":"2026-03-01T13:00:00Z","dimensions":[{"type":"ENERGY","volume":1}]}],"kwh":13.3456,"last_updated":"2026-03-01T13:00:00Z"}
            """);
        Assert.Equal(2, V221.Patch(Instances.Session, patch, "charging_periods").Value!.ChargingPeriods!.Count);
        Assert.Single(V221.Patch(Instances.Session, patch).Value!.ChargingPeriods!);
    }

    [Fact]
    public void A_fault_of_a_token_does_not_show_it()
    {
        var read = V221.Read<Credentials>(V221.Write(Instances.Credentials with { Token = "s3cret" + new string('x', 100) }));
        Assert.Equal("token", Assert.Single(read.Faults).Path);
        Assert.DoesNotContain("s3cret", read.Faults[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_do_not_reach_a_log_through_a_record()
    {
        Assert.DoesNotContain(Instances.Credentials.Token, Instances.Credentials.ToString(), StringComparison.Ordinal);
        var access = new EdgeGateway.Protocols.Ocpi.Http.OcpiAccess { Token = "s3cret", TokenEncoding = default, Format = V221 };
        Assert.DoesNotContain("s3cret", access.ToString(), StringComparison.Ordinal);
    }

    private static JsonElement Json<T>(OcpiFormat format, T value) => Element(Encoding.UTF8.GetString(format.Write(value)));

    private static JsonElement Element(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
