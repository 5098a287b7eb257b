using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs.Dialects;

/// <summary>What the family's versions read, and what they hold back, mapped to and from the site's words.</summary>
public sealed class V230MappingTests
{
    private static readonly Party Asker = new("NL", "MSP");
    private static readonly IHubDialect Older = HubDialects.For("2.2.1", new() { Name = ExampleSite.Hub })!;
    private static readonly IHubDialect Newer = HubDialects.For("2.3.0", new() { Name = ExampleSite.Hub })!;

    private const string Token = """
        {"country_code":"NL","party_id":"MSP","uid":"UID1","type":"RFID","contract_id":"NL-MSP-C1","issuer":"MSP","valid":true,"whitelist":"NEVER",
         "default_profile_type":"FAST","energy_contract":{"supplier_name":"S","contract_id":"C"},"last_updated":"2026-03-02T12:00:00Z"}
        """;

    [Fact]
    public void A_gross_tariff_without_a_rate_is_held_back_from_2_2_1_with_its_cdr_and_shown_to_2_3_0()
    {
        var site = new FullSite();
        var tariff = FullSite.Gross(vat: null);
        Assert.Contains("states no VAT", Older.Tariff(site.State, tariff).Refusal, StringComparison.Ordinal);
        Assert.Equal("YES", (string?)Json(Newer.Tariff(site.State, tariff).Json)["tax_included"]);
        var (_, completed, cdr) = site.Charge();
        var gross = cdr with { Session = completed with { Terms = completed.Terms with { Tariff = tariff } } };
        Assert.Contains("states no VAT", Older.Cdr(site.Party, gross).Refusal, StringComparison.Ordinal);
        Assert.NotNull(Newer.Cdr(site.Party, gross).Json);
    }

    [Fact]
    public void A_connector_that_2_2_1_has_no_word_for_is_left_out_of_the_location_and_refused_by_itself()
    {
        var site = new FullSite();
        var truck = site.Station.Evses[1];
        Assert.Equal(["CP-1-1"], Json(Older.Location(site.State, site.Site.Now).Json)["evses"]!.AsArray().Select(e => (string?)e!["uid"]));
        Assert.Equal(["CP-1-1", "CP-1-2"], Json(Newer.Location(site.State, site.Site.Now).Json)["evses"]!.AsArray().Select(e => (string?)e!["uid"]));
        Assert.Contains("MCS", Older.Evse(site.State, site.Station, truck, site.Site.Now).Refusal, StringComparison.Ordinal);
        Assert.Contains("MCS", Older.EvseStatus(site.State, site.Station, truck, site.Site.Now).Refusal, StringComparison.Ordinal);
        Assert.Contains("MCS", Older.Connector(site.State, truck, truck.Connectors[0]).Refusal, StringComparison.Ordinal);
        var (_, completed, cdr) = site.Charge();
        var there = completed with { Terms = completed.Terms with { Evse = truck, Connector = truck.Connectors[0] } };
        Assert.Contains("MCS", Older.Session(site.Party, there).Refusal, StringComparison.Ordinal);
        Assert.Contains("MCS", Older.Cdr(site.Party, cdr with { Session = there }).Refusal, StringComparison.Ordinal);
        Assert.NotNull(Newer.Cdr(site.Party, cdr with { Session = there }).Json);
    }

    [Fact]
    public void Lists_that_a_database_gave_back_as_default_are_absent_lists()
    {
        var site = ExampleSite.Create(stations: 1);
        var evse = site.Stations[0].Evses[0] with { Details = new() { Directions = default, ParkingRestrictions = default, Images = default, Capabilities = default, Parking = default, AcceptedServiceProviders = default, StatusSchedule = default } };
        var bare = new SiteUnderTest(site with
        {
            Stations = [site.Stations[0] with { Evses = [evse with { Connectors = [evse.Connectors[0] with { Capabilities = default, Tariffs = default }] }] }],
            Details = new() { Directions = default, Facilities = default, Images = default, RelatedLocations = default, ParkingPlaces = default, PublishAllowedTo = default },
        });
        var location = Json(Newer.Location(bare.State, bare.Now).Json);
        Assert.Null(location["directions"]);
        Assert.Null(location["evses"]![0]!["connectors"]![0]!["tariff_ids"]);
        Assert.True((bool)location["opening_times"]!["twentyfourseven"]!);
    }

    [Theory]
    [InlineData("OCMF|{\"FV\":\"1.0\"}|{\"SD\":\"30\"}", "OCMF", "{\"FV\":\"1.0\"}")]
    [InlineData("AP;0;3;ALCV3P4HQ;", "Alfen Eichrecht", "AP;0;3;ALCV3P4HQ;")]
    [InlineData("<Billing xmlns=\"http://www.mennekes.de/Mennekes.EdlVerification.xsd\"/>", "EDL40 Mennekes", "<Billing xmlns=\"http://www.mennekes.de/Mennekes.EdlVerification.xsd\"/>")]
    [InlineData("1b1b1b1b010101017605", "EDL40 E-Mobility Extension", "1b1b1b1b010101017605")]
    [InlineData("something else", "Other", "something else")]
    public void Signed_values_go_under_the_names_of_the_standard(string data, string method, string plain)
    {
        var signed = SignedOf(data);
        Assert.Equal((method, plain, data), ((string?)signed["encoding_method"], (string?)signed["signed_values"]![0]!["plain_data"], (string?)signed["signed_values"]![0]!["signed_data"]));
    }

    [Fact]
    public void A_signed_value_that_comes_in_a_json_text_is_taken_out_of_it_unchanged()
    {
        var inner = Convert.ToBase64String("OCMF|{\"FV\":\"1.0\"}|{\"SD\":\"30\"}"u8);
        var signed = SignedOf($$"""{"signedMeterData":"{{inner}}","signingMethod":"ECDSA","encodingMethod":"OCMF","publicKey":"MFkw"}""");
        Assert.Equal("OCMF", (string?)signed["encoding_method"]);
        Assert.Equal("MFkw", (string?)signed["public_key"]);
        Assert.Equal(inner, (string?)signed["signed_values"]![0]!["signed_data"]);
        Assert.Equal("{\"FV\":\"1.0\"}", (string?)signed["signed_values"]![0]!["plain_data"]);
    }

    [Fact]
    public void A_reservation_is_reserved_in_the_name_of_the_party_that_asks()
    {
        var command = Older.ReadCommand("RESERVE_NOW", Element($$"""
            {"response_url":"https://hub.example.com/r/1","token":{{Token}},"expiry_date":"2026-03-02T13:00:00Z","reservation_id":"R-1","location_id":"BER01","evse_uid":"CP-1-1","authorization_reference":"REF"}
            """), "hub", Asker, "c1")!;
        var wish = Assert.IsType<Reserve>(command.Request);
        Assert.Equal(("hub", Asker, "R-1", "BER01", "CP-1-1", "REF", "https://hub.example.com/r/1"),
            (wish.Hub, wish.Party, wish.PartyReservationId, wish.Location, wish.Evse, wish.Reference, wish.ResponseUrl));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 13, 0, 0, TimeSpan.Zero), wish.Expires);
        Assert.Equal(("UID1", "FAST", "S", "C"), (wish.Token.Uid, wish.Token.DefaultProfile, wish.Token.EnergySupplier, wish.Token.EnergyContractId));
        Assert.Equal(new CancelReservation("hub", Asker, "R-1"), Older.ReadCommand("CANCEL_RESERVATION", Element("""{"response_url":"https://hub.example.com/r/2","reservation_id":"R-1"}"""), "hub", Asker, "c2")!.Request);
    }

    [Fact]
    public void A_new_expiry_of_a_known_reservation_is_no_repeat()
    {
        Assert.NotEqual(TargetOf("2026-03-02T13:00:00Z"), TargetOf("2026-03-02T14:00:00Z"));
        Assert.Equal(TargetOf("2026-03-02T13:00:00Z"), TargetOf("2026-03-02T13:00:00Z"));

        static string TargetOf(string expiry) => Older.ReadCommand("RESERVE_NOW", Element($$"""
            {"response_url":"https://hub.example.com/r/1","token":{{Token}},"expiry_date":"{{expiry}}","reservation_id":"R-1","location_id":"BER01"}
            """), "hub", Asker, "c1")!.Target;
    }

    [Fact]
    public void A_token_keeps_its_profile_and_its_energy_contract_both_ways()
    {
        var token = Newer.ReadToken(Element(Token), "hub", Asker).Value!;
        Assert.Equal(("FAST", "S", "C"), (token.DefaultProfile, token.EnergySupplier, token.EnergyContractId));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Token), JsonNode.Parse(Newer.Token(token))));
        var patched = Newer.PatchToken(token, Element("""{"valid":false,"last_updated":"2026-03-03T12:00:00Z"}"""), "hub").Value!;
        Assert.Equal((false, "FAST", "S"), (patched.Valid, patched.DefaultProfile, patched.EnergySupplier));
    }

    [Fact]
    public void The_hub_names_itself_apart_in_2_3_0()
    {
        const string credentials = """
            {"token":"t","url":"https://hub.example.com/versions","hub_party_id":"deena",
             "roles":[{"role":"EMSP","party_id":"MSP","country_code":"NL","business_details":{"name":"M"}}]}
            """;
        var peer = Newer.ReadCredentials(Element(credentials)).Value!;
        Assert.Equal(["HUB DE*ENA", "EMSP NL*MSP"], peer.Parties.Select(p => $"{p.Role} {p.CountryCode}*{p.PartyId}"));
    }

    [Fact]
    public void A_charging_profile_becomes_limits_and_never_more_than_it_says()
    {
        var wish = Older.ReadChargingProfile(Element("""
            {"response_url":"https://hub.example.com/p/1","charging_profile":{"start_date_time":"2026-03-02T12:00:00Z","duration":3600,"charging_rate_unit":"A","min_charging_rate":6,
             "charging_profile_period":[{"start_period":0,"limit":16.08},{"start_period":900,"limit":8}]}}
            """));
        Assert.Equal(LimitUnit.Amperes, wish.Limits.Unit);
        Assert.Equal((new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1), 6m), (wish.Limits.Start, wish.Limits.Duration, wish.Limits.Minimum));
        Assert.Equal([new(TimeSpan.Zero, 16m), new(TimeSpan.FromMinutes(15), 8m)], wish.Limits.Steps);
    }

    [Theory]
    [InlineData("""[]""", "1 to")]
    [InlineData("""[{"start_period":60,"limit":16}]""", "0 is expected")]
    [InlineData("""[{"start_period":0,"limit":16},{"start_period":0,"limit":8}]""", "after the one before")]
    [InlineData("""[{"start_period":0,"limit":-1}]""", "below 0")]
    [InlineData("""[{"start_period":0}]""", "limit")]
    public void A_charging_profile_that_could_be_misread_is_refused(string periods, string because)
    {
        var json = Element($$$"""{"response_url":"https://hub.example.com/p/1","charging_profile":{"charging_rate_unit":"W","charging_profile_period":{{{periods}}}}}""");
        var refused = Assert.Throws<OcpiException>(() => Older.ReadChargingProfile(json));
        Assert.Equal((200, 2001), (refused.HttpStatus, refused.StatusCode));
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProfileKind.Ask, OrderOutcome.Accepted, "UNKNOWN")]
    [InlineData(ProfileKind.Ask, OrderOutcome.Rejected, "REJECTED")]
    [InlineData(ProfileKind.Set, OrderOutcome.TimedOut, "REJECTED")]
    [InlineData(ProfileKind.Set, null, "REJECTED")]
    [InlineData(ProfileKind.Clear, OrderOutcome.Accepted, "ACCEPTED")]
    [InlineData(ProfileKind.Clear, OrderOutcome.Rejected, "UNKNOWN")]
    public void A_profile_without_a_course_says_no_more_than_is_known(ProfileKind kind, OrderOutcome? outcome, string expected)
    {
        var json = Json(Older.ChargingProfileResult(kind, outcome, null, DateTimeOffset.UnixEpoch));
        Assert.Equal(expected, (string?)json["result"]);
        Assert.Null(json["profile"]);
    }

    [Fact]
    public void A_party_behind_the_hub_is_read_and_one_with_a_foreign_status_is_not()
    {
        const string info = """{"party_id":"MSP","country_code":"NL","role":"EMSP","status":"SUSPENDED","last_updated":"2026-03-02T12:00:00Z"}""";
        var client = Older.ReadClientInfo(Element(info)).Value!;
        Assert.Equal(("NL", "MSP", "EMSP", HubClientStatus.Suspended), (client.CountryCode, client.PartyId, client.Role, client.Status));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(info), JsonNode.Parse(Older.ClientInfo(client))));
        Assert.Contains("status", Older.ReadClientInfo(Element(info.Replace("SUSPENDED", "MAYBE", StringComparison.Ordinal))).Faults, StringComparison.Ordinal);
        Assert.Contains("role", Older.ReadClientInfo(Element("""{"party_id":"MSP","country_code":"NL","status":"OFFLINE","last_updated":"2026-03-02T12:00:00Z"}""")).Faults, StringComparison.Ordinal);
    }

    private static JsonNode SignedOf(string data)
    {
        var site = new FullSite();
        var (_, completed, cdr) = site.Charge();
        ImmutableList<SignedReading> signed = [new(completed.StartedAt, "Start", data)];
        return Json(Older.Cdr(site.Party, cdr with { Session = completed with { Signed = signed } }).Json)["signed_data"]!;
    }

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static JsonNode Json(byte[]? json) => JsonNode.Parse(json ?? throw new InvalidOperationException("it was refused"))!;
}
