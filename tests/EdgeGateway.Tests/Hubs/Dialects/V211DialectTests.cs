using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Tests.Hubs.Dialects;

/// <summary>The site as OCPI 2.1.1 objects: what is said, what is left out, and what is held back with its reason.</summary>
public sealed class V211DialectTests
{
    private static readonly Party Hub = new("DE", "HUB");
    private readonly IHubDialect _dialect = HubDialects.For("2.1.1", new HubOptions { Name = ExampleSite.Hub })!;
    private readonly SiteUnderTest _site = new();

    private Party Party => _site.Configuration.Party;

    [Fact]
    public async Task Every_object_that_leaves_is_valid_by_the_published_schemas()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        var site = new SiteUnderTest(RichSite());
        var (session, cdr) = Charge(site);
        var (station, evse) = (site.Configuration.Stations[0], site.Configuration.Stations[0].Evses[0]);
        await ValidAsync("Location", _dialect.Location(site.State, site.Now));
        await ValidAsync("EVSE", _dialect.Evse(site.State, station, evse, site.Now));
        await ValidAsync("Connector", _dialect.Connector(site.State, evse, evse.Connectors[0]));
        await ValidAsync("Tariff", _dialect.Tariff(site.State, site.Configuration.Tariffs[0]));
        await ValidAsync("Session", _dialect.Session(Party, session));
        await ValidAsync("Session", _dialect.Session(Party, session with { Status = SessionStatus.Pending, EndedAt = null }));
        await ValidAsync("CDR", _dialect.Cdr(Party, cdr));
        Assert.Empty(await judge.JudgeAsync("Token", _dialect.Token(session.Authorization.Token!), "2.1.1"));
        Assert.Empty(await judge.JudgeAsync("Credentials", Data(_dialect.Credentials(Ours)), "2.1.1"));
        Assert.Empty(await judge.JudgeAsync("EVSEPatch", _dialect.EvseStatus(site.State, station, evse, site.Now).Json, "2.1.1"));
        Assert.Empty(await judge.JudgeAsync("CommandResponse", _dialect.CommandResult(null, null), "2.1.1"));
        Assert.Empty(await judge.JudgeAsync("VersionDetails", Data(_dialect.VersionDetails("https://gw.example.com/ocpi")), "2.1.1"));

        async Task ValidAsync(string schema, Rendered rendered) => Assert.Empty(await judge.JudgeAsync(schema, rendered.Json ?? throw new InvalidOperationException(rendered.Refusal), "2.1.1"));
    }

    [Fact]
    public async Task The_judge_of_2_1_1_does_find_faults()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        var (_, cdr) = Charge(_site);
        var newer = HubDialects.For("2.2.1", new HubOptions { Name = ExampleSite.Hub })!;
        Assert.NotEmpty(await judge.JudgeAsync("CDR", newer.Cdr(Party, cdr).Json, "2.1.1"));
        Assert.NotEmpty(await judge.JudgeAsync("Location", newer.Location(_site.State, _site.Now).Json, "2.1.1"));
        Assert.NotEmpty(await judge.JudgeAsync("Connector", """{"id":"1"}"""u8.ToArray(), "2.1.1"));
    }

    [Fact]
    public void Each_object_is_read_again_as_it_was_written()
    {
        var site = new SiteUnderTest(RichSite());
        var (session, cdr) = Charge(site);
        Same<Wire.Location>(_dialect.Location(site.State, site.Now));
        Same<Wire.Tariff>(_dialect.Tariff(site.State, site.Configuration.Tariffs[0]));
        Same<Wire.Session>(_dialect.Session(Party, session));
        Same<Wire.Cdr>(_dialect.Cdr(Party, cdr));

        void Same<T>(Rendered rendered)
            where T : class =>
            Assert.Equal(rendered.Json, _dialect.Format.Write(_dialect.Format.Read<T>(rendered.Json).Value!));
    }

    [Fact]
    public void Every_object_is_to_the_letter_what_was_reviewed()
    {
        var site = new SiteUnderTest(RichSite());
        var (session, cdr) = Charge(site);
        var (station, evse) = (site.Configuration.Stations[0], site.Configuration.Stations[0].Evses[0]);
        Golden.AssertSame("2.1.1", "location", _dialect.Location(site.State, site.Now).Json);
        Golden.AssertSame("2.1.1", "evse_status", _dialect.EvseStatus(site.State, station, evse, site.Now).Json);
        Golden.AssertSame("2.1.1", "tariff", _dialect.Tariff(site.State, site.Configuration.Tariffs[0]).Json);
        Golden.AssertSame("2.1.1", "session", _dialect.Session(Party, session).Json);
        Golden.AssertSame("2.1.1", "cdr", _dialect.Cdr(Party, cdr).Json);
        Golden.AssertSame("2.1.1", "token", _dialect.Token(session.Authorization.Token!));
        Golden.AssertSame("2.1.1", "credentials", Data(_dialect.Credentials(Ours)));
        Golden.AssertSame("2.1.1", "version_details", Data(_dialect.VersionDetails("https://gw.example.com/ocpi")));
        Golden.AssertSame("2.1.1", "command_result", _dialect.CommandResult(OrderOutcome.Accepted, "done"));
    }

    // Locations.

    [Theory]
    [InlineData(null, "UNKNOWN")]
    [InlineData("PARKING_GARAGE", "PARKING_GARAGE")]
    [InlineData("UNDERGROUND_GARAGE", "UNDERGROUND_GARAGE")]
    [InlineData("ALONG_MOTORWAY", "OTHER")]
    [InlineData("ON_DRIVEWAY", "OTHER")]
    public void A_location_has_a_type_whatever_the_file_says(string? parkingType, string expected)
    {
        Reconfigure(c => c with { Site = c.Site with { ParkingType = parkingType } });
        Assert.Equal(expected, (string?)Json(_dialect.Location(_site.State, _site.Now))["type"]);
    }

    [Fact]
    public void A_site_that_is_not_published_is_held_back_with_all_its_parts()
    {
        Reconfigure(c => c with { Site = c.Site with { Publish = false }, Details = new() { PublishAllowedTo = [new() { GroupId = "FLEET" }] } });
        var (station, evse) = (_site.Configuration.Stations[0], _site.Configuration.Stations[0].Evses[0]);
        Rendered[] all =
        [
            _dialect.Location(_site.State, _site.Now), _dialect.Evse(_site.State, station, evse, _site.Now), _dialect.RemovedEvse(_site.State, evse),
            _dialect.Connector(_site.State, evse, evse.Connectors[0]), _dialect.EvseStatus(_site.State, station, evse, _site.Now),
        ];
        Assert.All(all, r => Assert.Contains("not published", r.Refusal, StringComparison.Ordinal));
    }

    [Fact]
    public void A_connector_that_2_1_1_has_no_word_for_is_left_out_and_with_its_last_one_the_evse()
    {
        Reconfigure(c => c with
        {
            Stations =
            [
                new()
                {
                    Id = "CP-1",
                    Evses =
                    [
                        Evse(1, "IEC_62196_T2", "MCS"), Evse(2, "GBT_DC"),
                    ],
                },
            ],
        });
        var evses = Json(_dialect.Location(_site.State, _site.Now))["evses"]!.AsArray();
        var shown = Assert.Single(evses, e => (string?)e!["status"] != "REMOVED")!;
        Assert.Equal("CP-1-1", (string?)shown["uid"]);
        Assert.Equal("IEC_62196_T2", (string?)Assert.Single(shown["connectors"]!.AsArray())!["standard"]);
        var (station, hidden) = (_site.State.Configuration.Stations[0], _site.State.Configuration.Stations[0].Evses[1]);
        Assert.Contains("GBT_DC", _dialect.Evse(_site.State, station, hidden, _site.Now).Refusal, StringComparison.Ordinal);
        Assert.NotNull(_dialect.EvseStatus(_site.State, station, hidden, _site.Now).Refusal);
        Assert.Contains("GBT_DC", _dialect.Connector(_site.State, hidden, hidden.Connectors[0]).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_site_of_which_nothing_can_be_said_is_held_back()
    {
        var site = new SiteUnderTest(ExampleSite.Create() with { Stations = [new() { Id = "CP-1", Evses = [Evse(1, "CHAOJI")] }] });
        Assert.Contains("CHAOJI", _dialect.Location(site.State, site.Now).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AC_2_PHASE", "AC_1_PHASE")]
    [InlineData("AC_2_PHASE_SPLIT", "AC_1_PHASE")]
    [InlineData("AC_3_PHASE", "AC_3_PHASE")]
    [InlineData("DC", "DC")]
    public void Two_phases_are_shown_as_the_one_that_a_car_gets_at_least(string power, string expected)
    {
        Reconfigure(c => c with { Stations = [new() { Id = "CP-1", Evses = [Evse(1, "IEC_62196_T2") with { Connectors = [Connector(1, "IEC_62196_T2") with { PowerType = power }] }] }] });
        Assert.Equal(expected, (string?)Json(_dialect.Location(_site.State, _site.Now))["evses"]![0]!["connectors"]![0]!["power_type"]);
    }

    [Fact]
    public void A_location_cannot_do_without_a_postal_code()
    {
        Reconfigure(c => c with { Site = c.Site with { PostalCode = null } });
        Assert.Contains("postal code", _dialect.Location(_site.State, _site.Now).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_leave_in_ascii_and_short_enough()
    {
        Reconfigure(c => c with { Site = c.Site with { Name = "Köln – Süd", Address = "Straße der langen Namen und noch längeren Zusätze 17" } });
        var location = Json(_dialect.Location(_site.State, _site.Now));
        Assert.Equal("Koeln - Sued", (string?)location["name"]);
        Assert.Equal("Strasse der langen Namen und noch laengeren Z", (string?)location["address"]);
    }

    [Fact]
    public void There_is_room_for_one_tariff_and_it_is_the_first_for_everybody()
    {
        var adHoc = ExampleSite.EnergyTariff("ADHOC", 0.9m) with { Type = "AD_HOC_PAYMENT" };
        Reconfigure(c => c with
        {
            Tariffs = [adHoc, .. c.Tariffs, ExampleSite.EnergyTariff("OTHER", 0.1m)],
            Stations = [new() { Id = "CP-1", Evses = [Evse(1, "IEC_62196_T2") with { Connectors = [Connector(1, "IEC_62196_T2") with { Tariffs = ["ADHOC", "AC", "OTHER"] }] }] }],
        });
        Assert.Equal("AC", (string?)Json(_dialect.Location(_site.State, _site.Now))["evses"]![0]!["connectors"]![0]!["tariff_id"]);
        Assert.Contains("AD_HOC_PAYMENT", _dialect.Tariff(_site.State, adHoc).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tariff_that_cannot_be_said_is_not_named_by_a_connector_either()
    {
        Reconfigure(c => c with { Tariffs = [c.Tariffs[0] with { MaxPrice = new(50, null) }] });
        Assert.Null(Json(_dialect.Location(_site.State, _site.Now))["evses"]![0]!["connectors"]![0]!["tariff_id"]);
    }

    // Tariffs.

    public static TheoryData<string, Tariff> UnsayableTariffs()
    {
        var plain = ExampleSite.EnergyTariff("T", 0.5m);
        var element = plain.Elements[0];
        return new()
        {
            { "min_price", plain with { MinPrice = new(1, 1.19m) } },
            { "max_price", plain with { MaxPrice = new(1, 1.19m) } },
            { "unknown rate", plain with { TaxIncluded = TaxIncluded.Yes, Elements = [new() { Components = [new(PriceDimension.Energy, 0.5m, null, 1)] }] } },
            { "reservations", plain with { Elements = [element, Only(element, new() { Reservation = ReservationRestriction.Reservation })] } },
            { "current", plain with { Elements = [Only(element, new() { MaxCurrentA = 32 }), element] } },
            { "ends", plain with { ValidUntil = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) } },
            { "begins", plain with { ValidFrom = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) } },
        };
    }

    [Theory]
    [MemberData(nameof(UnsayableTariffs))]
    public void A_tariff_that_would_cost_drivers_something_else_is_not_shown(string why, Tariff tariff) =>
        Assert.Contains(why, _dialect.Tariff(_site.State, tariff).Refusal, StringComparison.Ordinal);

    [Fact]
    public void What_changes_no_price_is_left_out_of_a_tariff()
    {
        var element = ExampleSite.EnergyTariff("T", 0.5m).Elements[0];
        var free = new TariffElement
        {
            Components = [new(PriceDimension.Time, 0, null, 1)], Restrictions = new() { Reservation = ReservationRestriction.Reservation },
        };
        var tariff = new Tariff { Id = "T", Currency = "EUR", Type = "REGULAR", MinPrice = Money.Zero, Elements = [Only(element, new() { MinCurrentA = 0 }), free] };
        var json = Json(_dialect.Tariff(_site.State, tariff));
        Assert.Equal(["id", "currency", "elements", "last_updated"], json.AsObject().Select(m => m.Key));
        var only = Assert.Single(json["elements"]!.AsArray())!;
        Assert.Null(only["restrictions"]);
        Assert.Equal(["type", "price", "step_size"], only["price_components"]![0]!.AsObject().Select(m => m.Key));
    }

    [Fact]
    public void Gross_prices_leave_as_net_ones()
    {
        var tariff = ExampleSite.EnergyTariff("T", 0.59m) with { TaxIncluded = TaxIncluded.Yes };
        var price = (decimal)Json(_dialect.Tariff(_site.State, tariff))["elements"]![0]!["price_components"]![0]!["price"]!;
        Assert.Equal(0.495798m, price); // 0.59 / 1.19
    }

    // Sessions and CDRs.

    [Fact]
    public void A_session_and_its_cdr_state_the_same_energy_and_the_same_net_cost()
    {
        var (session, cdr) = Charge(_site);
        var (one, other) = (Json(_dialect.Session(Party, session)), Json(_dialect.Cdr(Party, cdr)));
        Assert.Equal(12.345m, (decimal)one["kwh"]!);
        Assert.Equal(12.345m, (decimal)other["total_energy"]!);
        Assert.Equal(6.0491m, (decimal)one["total_cost"]!); // 12.345 kWh at 0.49, without VAT (M10)
        Assert.Equal(6.0491m, (decimal)other["total_cost"]!);
        Assert.Equal((string?)one["end_datetime"], (string?)other["stop_date_time"]);
        Assert.Equal("DE-MSP-C1", (string?)other["auth_id"]);
    }

    [Fact]
    public void The_periods_of_a_cdr_add_up_to_its_totals_on_the_wire()
    {
        var cdr = Json(_dialect.Cdr(Party, Charge(_site).Cdr));
        Assert.Equal((decimal)cdr["total_energy"]!, Volumes(cdr, "ENERGY"));
        Assert.Equal((decimal)cdr["total_time"]!, Volumes(cdr, "TIME") + Volumes(cdr, "PARKING_TIME"));
        Assert.Equal((decimal)cdr["total_parking_time"]!, Volumes(cdr, "PARKING_TIME"));
        Assert.True((decimal)cdr["total_parking_time"]! > 0);
        Assert.Equal((string?)cdr["start_date_time"], (string?)cdr["charging_periods"]![0]!["start_date_time"]);
        Assert.Equal(0m, Volumes(cdr, "FLAT"));
    }

    [Fact]
    public void A_flat_fee_stands_once_in_the_period_in_which_it_was_billed()
    {
        var late = new TariffElement { Components = [new(PriceDimension.Flat, 2m, 19m, 1)], Restrictions = new() { MinDuration = TimeSpan.FromMinutes(25) } };
        var site = new SiteUnderTest(ExampleSite.Create() with { Tariffs = [ExampleSite.EnergyTariff("AC", 0.49m) with { Elements = [late, .. ExampleSite.EnergyTariff("AC", 0.49m).Elements] }] });
        var cdr = Json(_dialect.Cdr(Party, Charge(site).Cdr));
        Assert.Equal(1m, Volumes(cdr, "FLAT"));
        Assert.Equal(8.0491m, (decimal)cdr["total_cost"]!);
        var at = Assert.Single(cdr["charging_periods"]!.AsArray(), p => p!["dimensions"]!.AsArray().Any(d => (string?)d!["type"] == "FLAT"))!;
        Assert.Equal("2026-03-02T08:25:00Z", (string?)at["start_date_time"]);
    }

    [Fact]
    public void A_session_has_its_place_inside_with_just_its_evse_and_connector_as_they_were()
    {
        var (session, _) = Charge(_site);
        Reconfigure(c => c with { Site = c.Site with { Name = "Renamed" }, Tariffs = [ExampleSite.EnergyTariff("NEW", 1m)] });
        var location = Json(_dialect.Session(Party, session))["location"]!;
        Assert.Equal("Depot Berlin", (string?)location["name"]);
        var evse = Assert.Single(location["evses"]!.AsArray())!;
        Assert.Equal("CP-1-1", (string?)evse["uid"]);
        Assert.Equal("AC", (string?)Assert.Single(evse["connectors"]!.AsArray())!["tariff_id"]);
    }

    [Fact]
    public void The_same_cdr_gives_the_same_bytes_whatever_has_changed_since()
    {
        var (_, cdr) = Charge(_site);
        var before = _dialect.Cdr(Party, cdr).Json;
        _site.Wait(TimeSpan.FromDays(1));
        Reconfigure(c => c with { Tariffs = [ExampleSite.EnergyTariff("AC", 9.99m)], Site = c.Site with { Name = "Renamed", Publish = false } });
        Assert.Equal(before, _dialect.Cdr(Party, cdr).Json);
    }

    [Theory]
    [InlineData(AuthMethod.Command, "AUTH_REQUEST")]
    [InlineData(AuthMethod.AuthRequest, "AUTH_REQUEST")]
    [InlineData(AuthMethod.Whitelist, "WHITELIST")]
    public void A_command_counts_as_a_request(AuthMethod method, string expected)
    {
        var session = Charge(_site).Session;
        Assert.Equal(expected, (string?)Json(_dialect.Session(Party, session with { Authorization = session.Authorization with { Method = method } }))["auth_method"]);
    }

    [Theory]
    [InlineData(SessionStatus.Reservation, "PENDING")]
    [InlineData(SessionStatus.Pending, "PENDING")]
    public void Before_it_begins_a_session_is_pending_without_cost_or_periods(SessionStatus status, string expected)
    {
        var json = Json(_dialect.Session(Party, Charge(_site).Session with { Status = status, EndedAt = null, EnergyWh = 0, Course = [] }));
        Assert.Equal(expected, (string?)json["status"]);
        Assert.All(["total_cost", "end_datetime", "charging_periods"], name => Assert.Null(json[name]));
    }

    [Fact]
    public void A_card_without_a_contract_is_its_own_auth_id()
    {
        var session = Charge(_site).Session;
        session = session with { Authorization = session.Authorization with { Token = session.Authorization.Token! with { ContractId = null } } };
        Assert.Equal(ExampleSite.Card, (string?)Json(_dialect.Session(Party, session))["auth_id"]);
    }

    [Fact]
    public void Credits_and_corrections_are_held_back_for_an_agreement_by_hand()
    {
        var (_, cdr) = Charge(_site);
        const string why = "2.1.1 has no credit CDRs: agree by hand";
        Assert.Equal(why, _dialect.Cdr(Party, cdr with { Id = "x-C", CreditOf = cdr.Id }).Refusal);
        Assert.Equal(why, _dialect.Cdr(Party, cdr with { Id = "x-1", CorrectionOf = cdr.Id }).Refusal);
    }

    [Fact]
    public void A_reservation_leads_the_cdr_with_its_cost_and_in_words_but_with_no_time_of_its_own()
    {
        var (session, cdr) = Charge(_site);
        var reserved = new ChargingPeriod { Start = session.StartedAt.AddMinutes(-15), Duration = TimeSpan.FromMinutes(15), Activity = Activity.Reserved, EnergyWh = 0 };
        var bill = cdr.Bill with
        {
            Periods = [reserved, .. cdr.Bill.Periods], Reservation = new(1.25m, 1.4875m), Reserved = reserved.Duration, Total = new(cdr.Bill.Total.ExclVat + 1.25m, null),
        };
        var json = Json(_dialect.Cdr(Party, cdr with { Bill = bill }));
        Assert.Equal(7.2991m, (decimal)json["total_cost"]!);
        Assert.Equal("Includes 1.25 EUR for a reservation of 0.25 h.", (string?)json["remark"]);
        Assert.Equal("2026-03-02T07:45:00Z", (string?)json["start_date_time"]);
        Assert.Equal("""{"start_date_time":"2026-03-02T07:45:00Z","dimensions":[{"type":"ENERGY","volume":0}]}""", json["charging_periods"]![0]!.ToJsonString());
        Assert.Equal("2026-03-02T08:00:00Z", (string?)json["charging_periods"]![1]!["start_date_time"]);
        Assert.Equal(0.751944m, (decimal)json["total_time"]!);
        Assert.Equal((decimal)json["total_time"]!, Volumes(json, "TIME") + Volumes(json, "PARKING_TIME"));
        Assert.Contains("agree by hand", _dialect.Cdr(Party, cdr with { Bill = bill with { Periods = [reserved] } }).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cdr_by_a_tariff_that_cannot_be_said_states_its_cost_and_why_the_tariff_is_missing()
    {
        var site = new SiteUnderTest(ExampleSite.Create() with { Tariffs = [ExampleSite.EnergyTariff("AC", 0.49m) with { MaxPrice = new(5, 5.95m) }] });
        var json = Json(_dialect.Cdr(Party, Charge(site).Cdr));
        Assert.Equal(5m, (decimal)json["total_cost"]!);
        Assert.Null(json["tariffs"]);
        Assert.Null(json["location"]!["evses"]![0]!["connectors"]![0]!["tariff_id"]);
        Assert.Equal("Priced by tariff AC, which OCPI 2.1.1 cannot say: it has a max_price.", (string?)json["remark"]);
    }

    [Fact]
    public void A_cost_whose_tax_nobody_knows_is_not_stated_as_net()
    {
        var (session, cdr) = Charge(_site);
        var gross = new Tariff { Id = "AC", Currency = "EUR", TaxIncluded = TaxIncluded.Yes, Elements = [new() { Components = [new(PriceDimension.Energy, 0.49m, null, 1)] }] };
        var told = session with { Terms = session.Terms with { Tariff = gross } };
        Assert.Null(Json(_dialect.Session(Party, told))["total_cost"]);
        Assert.Contains("without VAT", _dialect.Cdr(Party, cdr with { Session = told }).Refusal, StringComparison.Ordinal);
    }

    // Tokens and words of hubs.

    [Fact]
    public void A_token_belongs_to_whom_the_url_names_and_a_patch_without_a_time_is_the_newest()
    {
        var put = _dialect.ReadToken(Element("""
            {"uid":"012345678","type":"OTHER","auth_id":"DE8ACC12E46L89","issuer":"TNM","valid":true,"whitelist":"ALLOWED","last_updated":"2015-06-29T22:39:09Z"}
            """), "hub", new("NL", "TNM")).Value!;
        Assert.Equal((new Party("NL", "TNM"), TokenType.Other, "DE8ACC12E46L89", "hub"), (put.Owner, put.Type, put.ContractId, put.Hub));
        var patched = _dialect.PatchToken(put, Element("""{"valid":false}"""), "hub").Value!;
        Assert.Equal(put with { Valid = false, LastUpdated = put.LastUpdated.AddSeconds(1) }, patched);
        Assert.Contains("whitelist", _dialect.PatchToken(put, Element("""{"whitelist":"MAYBE"}"""), "hub").Faults, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_become_wishes_of_the_site()
    {
        const string token = """{"uid":"0123","type":"RFID","auth_id":"A1","issuer":"I","valid":true,"whitelist":"NEVER","last_updated":"2026-03-01T12:00:00Z"}""";
        var start = Read<StartRemotely>("START_SESSION", $$"""{"response_url":"https://h/1","token":{{token}},"location_id":"BER01","evse_uid":"CP-1-1"}""");
        Assert.Equal((Hub, "A1", "CP-1-1", null), (start.Token.Owner, start.Token.ContractId, start.Evse, start.Connector));
        var reserve = Read<Reserve>("RESERVE_NOW", $$"""{"response_url":"https://h/2","token":{{token}},"location_id":"BER01","expiry_date":"2026-03-02T09:00:00Z","reservation_id":4711}""");
        Assert.Equal(("4711", Hub, null), (reserve.PartyReservationId, reserve.Party, reserve.Evse));
        Assert.Equal(9, reserve.Expires.Hour);
        Assert.Equal("S1", Read<StopRemotely>("STOP_SESSION", """{"response_url":"https://h/3","session_id":"S1"}""").SessionId);
        var unlock = Read<Unlock>("UNLOCK_CONNECTOR", """{"response_url":"https://h/4","location_id":"BER01","evse_uid":"CP-1-1","connector_id":"1"}""");
        Assert.Equal(("CP-1-1", 1), (unlock.Evse, unlock.Connector));
        Assert.Throws<OcpiException>(() => _dialect.ReadCommand("CANCEL_RESERVATION", Element("{}"), "hub", Hub, "c"));
        Assert.Throws<OcpiException>(() => _dialect.ReadCommand("STOP_SESSION", Element("{}"), "hub", Hub, "c"));
        Assert.Throws<OcpiException>(() => _dialect.ReadCommand("RESERVE_NOW", Element($$"""{"response_url":"https://h/2","token":{{token}},"location_id":"BER01","expiry_date":"2026-03-02T09:00:00Z","reservation_id":"x"}"""), "hub", Hub, "c"));

        T Read<T>(string command, string json) => Assert.IsType<T>(_dialect.ReadCommand(command, Element(json), "hub", Hub, "c")!.Request, exactMatch: true);
    }

    [Theory]
    [InlineData(OrderOutcome.Accepted, "ACCEPTED")]
    [InlineData(OrderOutcome.Rejected, "REJECTED")]
    [InlineData(OrderOutcome.Failed, "REJECTED")]
    [InlineData(OrderOutcome.Occupied, "REJECTED")]
    [InlineData(OrderOutcome.Offline, "REJECTED")]
    [InlineData(OrderOutcome.NotSupported, "NOT_SUPPORTED")]
    [InlineData(OrderOutcome.TimedOut, "TIMEOUT")]
    [InlineData(null, "TIMEOUT")]
    public void An_outcome_is_a_command_response_again(OrderOutcome? outcome, string expected) =>
        Assert.Equal($$"""{"result":"{{expected}}"}""", System.Text.Encoding.UTF8.GetString(_dialect.CommandResult(outcome, "why")));

    [Theory]
    [InlineData(CommandReply.Accepted, "ACCEPTED")]
    [InlineData(CommandReply.UnknownSession, "UNKNOWN_SESSION")]
    [InlineData(CommandReply.Rejected, "REJECTED")]
    [InlineData(CommandReply.NotSupported, "NOT_SUPPORTED")]
    public void The_answer_at_once_is_a_result_and_nothing_else(CommandReply reply, string expected) =>
        Assert.Equal($$"""{"result":"{{expected}}"}""", JsonNode.Parse(Data(_dialect.CommandResponse(reply, TimeSpan.FromSeconds(30), "why")))!.ToJsonString());

    [Theory]
    [InlineData("""{"allowed":"ALLOWED"}""", AuthorizationStatus.Accepted)]
    [InlineData("""{"allowed":"ALLOWED","location":{"location_id":"BER01","evse_uids":["cp-1-1"],"connector_ids":["1"]}}""", AuthorizationStatus.Accepted)]
    [InlineData("""{"allowed":"ALLOWED","location":{"location_id":"BER01","evse_uids":["CP-1-2"]}}""", AuthorizationStatus.NotAllowed)]
    [InlineData("""{"allowed":"ALLOWED","location":{"location_id":"BER01","connector_ids":["2"]}}""", AuthorizationStatus.NotAllowed)]
    [InlineData("""{"allowed":"NO_CREDIT","info":{"language":"en","text":"Empty"}}""", AuthorizationStatus.NoCredit)]
    [InlineData("""{"allowed":"EXPIRED"}""", AuthorizationStatus.Expired)]
    public async Task A_hubs_word_about_a_driver_holds_for_the_places_that_it_names(string info, AuthorizationStatus expected)
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text($$"""{"status_code":1000,"timestamp":"2026-03-02T08:00:00Z","data":{{info}}}"""));
        using var http = OcpiClient.CreateHttp(new());
        var client = new OcpiClient(http, new(), new() { Token = "t", TokenEncoding = TokenEncoding.Plain, Format = _dialect.Format }, TimeProvider.System);
        var known = new Token { Uid = "0123", Owner = new("DE", "MSP"), ContractId = "A1" };
        var question = new AuthorizationQuestion("0123", TokenType.Rfid, known, "BER01", ["CP-1-1"], ["1"]);
        var (reply, answer) = await _dialect.AuthorizeAsync(client, hub.Url + "/tokens", "hub", question, new(), TestContext.Current.CancellationToken);
        Assert.True(reply.IsSuccess);
        Assert.Equal((expected, known), (answer!.Status, answer.Token));
        var asked = Assert.Single(hub.Requests);
        Assert.Equal(("/tokens/0123/authorize?token_type=RFID", "Token t"), (asked.RawTarget, asked.Header("Authorization")));
        Assert.Equal("""{"location_id":"BER01","evse_uids":["CP-1-1"],"connector_ids":["1"]}""", System.Text.Encoding.UTF8.GetString(asked.Body));
        var (_, stranger) = await _dialect.AuthorizeAsync(client, hub.Url + "/tokens", "hub", question with { Known = null }, new(), TestContext.Current.CancellationToken);
        Assert.NotEqual(AuthorizationStatus.Accepted, stranger!.Status);
    }

    [Fact]
    public void Credentials_are_of_one_party()
    {
        var theirs = _dialect.ReadCredentials(Element("""
            {"token":"t","url":"https://hub.example/versions","party_id":"ENA","country_code":"DE","business_details":{"name":"ENAPI"}}
            """)).Value!;
        Assert.Equal([new HubParty(HubParty.Hub, "DE", "ENA", "ENAPI")], theirs.Parties);
        Assert.Contains("party_id", _dialect.ReadCredentials(Element("""{"token":"t","url":"https://hub.example","roles":[]}""")).Faults, StringComparison.Ordinal);
    }

    private static OurCredentials Ours => new("b-token", "https://gw.example.com/ocpi/versions", new("DE", "ABC"), "Example Charging");

    private static byte[] Data(OcpiAnswer answer) =>
        System.Text.Encoding.UTF8.GetBytes(JsonNode.Parse(answer.Body(DateTimeOffset.UnixEpoch))!["data"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static TariffElement Only(TariffElement element, TariffRestrictions restrictions) => element with { Restrictions = restrictions };

    private static EvseConfiguration Evse(int id, params string[] standards) => new()
    {
        Id = id, Uid = $"CP-1-{id}", EvseId = $"DE*ABC*ECP1*{id}", Connectors = [.. standards.Select((s, i) => Connector(i + 1, s))],
    };

    private static ConnectorConfiguration Connector(int id, string standard) => new()
    {
        Id = id, Standard = standard, Format = "CABLE", PowerType = "AC_3_PHASE", MaxVoltage = 230, MaxAmperage = 32, Tariffs = ["AC"],
    };

    /// <summary>The example site with all that 2.1.1 has a word for, and much that it has none for.</summary>
    private static SiteConfiguration RichSite()
    {
        var plain = ExampleSite.Create(stations: 1);
        var noon = new DateTimeOffset(2026, 12, 24, 12, 0, 0, TimeSpan.Zero);
        var picture = new Picture("https://img.example/front.jpeg", "LOCATION", "jpeg") { Thumbnail = "https://img.example/small.jpeg", Width = 800, Height = 600 };
        return plain with
        {
            Site = plain.Site with { ParkingType = "PARKING_LOT", State = "Berlin", Address = "Chausseestraße 1" },
            Details = new()
            {
                Directions = [new("de", "Hinter dem Gebäude")],
                Facilities = ["RESTAURANT", "TRAM_STOP", "WIFI"],
                Images = [picture],
                OpeningTimes = new() { Regular = [new(1, new(8, 0), new(20, 0))], ExceptionalClosings = [new(noon, noon.AddHours(12))] },
                ChargingWhenClosed = true,
                EnergyMix = new(true) { Sources = [new("SOLAR", 100)], Impacts = [new("CARBON_DIOXIDE", 0)], Supplier = "Ökostrom", Product = "Sonne" },
                Operator = new("Example Charging") { Website = "https://charging.example", Logo = picture with { Category = "OPERATOR" } },
                Owner = new("Example Land"),
                RelatedLocations = [new(new(52.5m, 13.4m), new("de", "Einfahrt"))],
                HelpPhone = "+49301234567",
            },
            Stations =
            [
                plain.Stations[0] with
                {
                    Evses =
                    [
                        plain.Stations[0].Evses[0] with
                        {
                            Details = new()
                            {
                                FloorLevel = "-1", Coordinates = new(52.53212m, 13.38491m), Directions = [new("en", "Left")], ParkingRestrictions = ["EV_ONLY", "TAXIS"],
                                Capabilities = ["CREDIT_CARD_PAYABLE", "PED_TERMINAL", "CHARGING_PROFILE_CAPABLE"],
                                StatusSchedule = [new(noon, noon.AddHours(2), EvseStatus.Inoperative)],
                            },
                            Connectors = [plain.Stations[0].Evses[0].Connectors[0] with { TermsAndConditionsUrl = "https://charging.example/terms", MaxElectricPowerW = 22_000 }],
                        },
                        plain.Stations[0].Evses[1],
                    ],
                },
            ],
            Tariffs =
            [
                new()
                {
                    Id = "AC", Currency = "EUR", Type = "REGULAR", AltText = [new("de", "0,49 € je kWh, 1 € Start")], AltUrl = "https://charging.example/tariff",
                    Elements =
                    [
                        new() { Components = [new(PriceDimension.Flat, 1m, 19m, 1), new(PriceDimension.Energy, 0.49m, 19m, 1)] },
                        new()
                        {
                            Components = [new(PriceDimension.ParkingTime, 6m, 19m, 60)],
                            Restrictions = new()
                            {
                                StartTime = new(8, 0), EndTime = new(18, 0), StartDate = new(2026, 1, 1), EndDate = new(2030, 1, 1), MinDuration = TimeSpan.FromMinutes(30),
                                MaxDuration = TimeSpan.FromHours(10), MinKwh = 1, MaxKwh = 100, MinPowerKw = 0, MaxPowerKw = 400, Days = [DayOfWeek.Monday, DayOfWeek.Friday],
                            },
                        },
                    ],
                },
            ],
        };
    }

    /// <summary>Half an hour of charging, then a quarter of an hour in which the car wants no power.</summary>
    private static (Session Session, Cdr Cdr) Charge(SiteUnderTest site)
    {
        site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        var begun = site.Begin(meter: 100_000);
        site.Show(ConnectorState.Charging);
        site.Wait(TimeSpan.FromMinutes(20));
        site.Meter(108_000, begun.Number);
        site.Wait(TimeSpan.FromMinutes(10));
        site.Meter(112_345, begun.Number);
        site.Show(ConnectorState.SuspendedEV);
        site.Wait(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(7));
        site.End(begun.Number, 112_345);
        return (site.Session(begun.Number), site.CdrOf(begun.Number)!);
    }

    private void Reconfigure(Func<SiteConfiguration, SiteConfiguration> change) => _site.Take(new Configure(change(_site.State.Configuration)));

    private static decimal Volumes(JsonNode cdr, string type) => cdr["charging_periods"]!.AsArray()
        .SelectMany(p => p!["dimensions"]!.AsArray()).Where(d => (string?)d!["type"] == type).Sum(d => (decimal)d!["volume"]!);

    private static JsonNode Json(Rendered rendered) => JsonNode.Parse(rendered.Json ?? throw new InvalidOperationException(rendered.Refusal))!;
}
