using System.Collections.Immutable;
using System.Text.Json.Nodes;
using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs.Dialects;

/// <summary>The site as OCPI 2.2.1 objects: their content here, their form by published schemas.</summary>
public sealed class V230DialectTests
{
    private static readonly HubOptions Hub = new() { Name = ExampleSite.Hub };
    private readonly IHubDialect _dialect = HubDialects.For("2.2.1", Hub)!;
    private readonly SiteUnderTest _site = new();

    private Party Party => _site.Configuration.Party;

    [Fact]
    public async Task Every_object_that_leaves_is_valid_by_the_published_schemas()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        var (session, cdr) = Charge();
        Assert.Empty(await judge.JudgeAsync("Location", _dialect.Location(_site.State, _site.Now).Json));
        Assert.Empty(await judge.JudgeAsync("Tariff", _dialect.Tariff(_site.State, _site.Configuration.Tariffs[0]).Json));
        Assert.Empty(await judge.JudgeAsync("Session", _dialect.Session(Party, session).Json));
        Assert.Empty(await judge.JudgeAsync("CDR", _dialect.Cdr(Party, cdr).Json));
        Assert.Empty(await judge.JudgeAsync("CommandResult", _dialect.CommandResult(OrderOutcome.Rejected, "busy")));
    }

    [Fact]
    public void A_location_shows_published_stations_with_their_status_and_tariffs()
    {
        var configuration = _site.Configuration;
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        _site.Show(ConnectorState.Available);
        _site.Take(new EdgeGateway.Site.Requests.Configure(configuration with
        {
            Stations = [configuration.Stations[0], configuration.Stations[1] with { Publish = false }, ExampleSite.Station("CP-9") with { Publish = false }],
        }));
        var location = Json(_dialect.Location(_site.State, _site.Now));
        Assert.Equal("BER01", (string?)location["id"]);
        Assert.Equal("52.532100", (string?)location["coordinates"]!["latitude"]);
        var evses = location["evses"]!.AsArray();
        // What was shown once stays, as taken away (LO2); what never was is not there.
        Assert.Equal(["CP-1-1", "CP-1-2", "CP-2-1", "CP-2-2"], evses.Select(e => (string?)e!["uid"]));
        Assert.Equal("REMOVED", (string?)evses[2]!["status"]);
        Assert.Equal("AVAILABLE", (string?)evses[0]!["status"]);
        Assert.Equal("AC", (string?)evses[0]!["connectors"]![0]!["tariff_ids"]![0]);
        Assert.Contains("REMOTE_START_STOP_CAPABLE", evses[0]!["capabilities"]!.AsArray().Select(c => (string?)c));
    }

    [Fact]
    public void A_hub_that_is_shown_another_tariff_in_its_place_sees_it_everywhere()
    {
        var configuration = _site.Configuration;
        _site.Take(new EdgeGateway.Site.Requests.Configure(configuration with
        {
            Tariffs = [.. configuration.Tariffs, ExampleSite.EnergyTariff("AC-HUB", 0.39m)],
            Hubs = [new(ExampleSite.Hub) { Tariffs = ImmutableDictionary<string, string>.Empty.Add("AC", "AC-HUB") }],
        }));
        var (session, cdr) = Charge();
        Assert.Equal("AC-HUB", (string?)Json(_dialect.Location(_site.State, _site.Now))["evses"]![0]!["connectors"]![0]!["tariff_ids"]![0]);
        Assert.Equal("AC-HUB", (string?)Json(_dialect.Session(Party, session))["charging_periods"]![0]!["tariff_id"]);
        Assert.Equal("AC-HUB", (string?)Json(_dialect.Cdr(Party, cdr))["tariffs"]![0]!["id"]);
        Assert.Equal("AC-HUB", (string?)Json(_dialect.Cdr(Party, cdr))["charging_periods"]![0]!["tariff_id"]);
        Assert.Equal(4.8146m, (decimal)Json(_dialect.Cdr(Party, cdr))["total_cost"]!["excl_vat"]!);
    }

    [Fact]
    public void A_session_and_its_cdr_state_the_same_energy_and_the_same_cost()
    {
        var (session, cdr) = Charge();
        var (one, other) = (Json(_dialect.Session(Party, session)), Json(_dialect.Cdr(Party, cdr)));
        Assert.Equal(12.345m, (decimal)one["kwh"]!);
        Assert.Equal(12.345m, (decimal)other["total_energy"]!);
        // 12.345 kWh at 0.49 net, 19 % on top (M6, M10)
        Assert.Equal(6.0491m, (decimal)one["total_cost"]!["excl_vat"]!);
        Assert.Equal(7.1984m, (decimal)one["total_cost"]!["incl_vat"]!);
        Assert.Equal(one["total_cost"]!.ToJsonString(), other["total_cost"]!.ToJsonString());
        Assert.Equal("COMPLETED", (string?)one["status"]);
        Assert.Equal((string?)one["id"], (string?)other["session_id"]);
        Assert.Equal("DE*ABC*ECP1*1", (string?)other["cdr_location"]!["evse_id"]);
    }

    [Fact]
    public void The_periods_of_a_cdr_add_up_to_its_totals_on_the_wire()
    {
        var cdr = Json(_dialect.Cdr(Party, Charge().Cdr));
        Assert.Equal((decimal)cdr["total_energy"]!, Volumes(cdr, "ENERGY"));
        Assert.Equal((decimal)cdr["total_time"]!, Volumes(cdr, "TIME") + Volumes(cdr, "PARKING_TIME"));
        Assert.Equal((decimal)cdr["total_parking_time"]!, Volumes(cdr, "PARKING_TIME"));
        Assert.True((decimal)cdr["total_parking_time"]! > 0);
        Assert.Equal((string?)cdr["start_date_time"], (string?)cdr["charging_periods"]![0]!["start_date_time"]);
    }

    [Fact]
    public void The_same_cdr_gives_the_same_bytes_whatever_has_changed_since()
    {
        var (_, cdr) = Charge();
        var before = _dialect.Cdr(Party, cdr).Json;
        var configuration = _site.Configuration;
        _site.Wait(TimeSpan.FromDays(1));
        _site.Take(new EdgeGateway.Site.Requests.Configure(configuration with { Tariffs = [ExampleSite.EnergyTariff("AC", 9.99m)] }));
        Assert.Equal(before, _dialect.Cdr(Party, cdr).Json);
    }

    [Fact]
    public void Dates_leave_without_a_fraction_and_in_utc()
    {
        _site.Now += TimeSpan.FromMilliseconds(123);
        var session = Json(_dialect.Session(Party, Charge().Session));
        foreach (var name in new[] { "start_date_time", "end_date_time", "last_updated" })
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", (string?)session[name]);
    }

    [Fact]
    public void A_pending_session_states_no_cost_and_no_periods()
    {
        var pending = Charge().Session with { Status = SessionStatus.Pending, EndedAt = null, EnergyWh = 0, Course = [] };
        var json = Json(_dialect.Session(Party, pending));
        Assert.Equal("PENDING", (string?)json["status"]);
        Assert.Null(json["total_cost"]);
        Assert.Null(json["end_date_time"]);
        Assert.Null(json["charging_periods"]);
    }

    [Fact]
    public void An_unknown_price_is_left_out_of_a_session_but_a_free_cdr_says_zero()
    {
        var (session, cdr) = Charge();
        var free = session with { Terms = session.Terms with { Tariff = null } };
        Assert.Null(Json(_dialect.Session(Party, free))["total_cost"]);
        var json = Json(_dialect.Cdr(Party, cdr with { Session = free, Bill = cdr.Bill with { Total = Money.Zero } }));
        Assert.Equal(0m, (decimal)json["total_cost"]!["excl_vat"]!);
        Assert.Null(json["tariffs"]);
    }

    [Fact]
    public void What_cannot_be_valid_is_refused_in_plain_words()
    {
        var (session, cdr) = Charge();
        var stranger = session with { Authorization = Authorization.Refused(AuthorizationStatus.Invalid, "unknown") };
        Assert.Contains("token is not known", _dialect.Session(Party, stranger).Refusal, StringComparison.Ordinal);
        var siteOnly = session with { Authorization = session.Authorization with { Token = session.Authorization.Token! with { ContractId = null } } };
        Assert.Contains("no contract id", _dialect.Cdr(Party, cdr with { Session = siteOnly }).Refusal, StringComparison.Ordinal);
        var nameless = session with { Terms = session.Terms with { Evse = session.Terms.Evse! with { EvseId = null } } };
        Assert.Contains("EvseId", _dialect.Cdr(Party, cdr with { Session = nameless }).Refusal, StringComparison.Ordinal);
        var nowhere = session with { Terms = session.Terms with { Connector = null } };
        Assert.Contains("not configured", _dialect.Session(Party, nowhere).Refusal, StringComparison.Ordinal);
        var endless = session with { Id = new string('x', 37) };
        Assert.Contains("not be valid", _dialect.Session(Party, endless).Refusal, StringComparison.Ordinal);
        Assert.Null(_dialect.Session(Party, endless).Json);
    }

    [Fact]
    public void Signed_meter_values_leave_as_they_came_or_not_at_all()
    {
        var (session, cdr) = Charge();
        const string ocmf = "OCMF|{\"FV\":\"1.0\"}|{\"SD\":\"304402\"}";
        ImmutableList<SignedReading> signed = [new(session.StartedAt, "Start", ocmf), new(session.StartedAt, "End", new string('A', 5001))];
        var json = Json(_dialect.Cdr(Party, cdr with { Session = session with { Signed = signed } }))["signed_data"]!;
        Assert.Equal("OCMF", (string?)json["encoding_method"]);
        var value = Assert.Single(json["signed_values"]!.AsArray())!;
        Assert.Equal(ocmf, (string?)value["signed_data"]);
        Assert.Equal("{\"FV\":\"1.0\"}", (string?)value["plain_data"]);
    }

    [Fact]
    public void A_tariff_says_all_its_restrictions_in_the_standards_words()
    {
        var tariff = new Tariff
        {
            Id = "T", Currency = "EUR", Type = "REGULAR", MinPrice = new(0.5m, 0.6m),
            Elements =
            [
                new()
                {
                    Components = [new(PriceDimension.ParkingTime, 2.5m, 19m, 300)],
                    Restrictions = new() { StartTime = new(22, 0), EndTime = new(6, 0), MinDuration = TimeSpan.FromHours(2), Days = [DayOfWeek.Sunday], MaxKwh = 20 },
                },
            ],
        };
        var json = Json(_dialect.Tariff(_site.State, tariff));
        var element = json["elements"]![0]!;
        Assert.Equal("PARKING_TIME", (string?)element["price_components"]![0]!["type"]);
        Assert.Equal("22:00", (string?)element["restrictions"]!["start_time"]);
        Assert.Equal(7200, (int)element["restrictions"]!["min_duration"]!);
        Assert.Equal("SUNDAY", (string?)element["restrictions"]!["day_of_week"]![0]);
        Assert.Equal(0.6m, (decimal)json["min_price"]!["incl_vat"]!);
        Assert.Null(json["tax_included"]);
    }

    /// <summary>Half an hour of charging, then a quarter of an hour in which the car wants no power.</summary>
    private (Session Session, Cdr Cdr) Charge()
    {
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        var begun = _site.Begin(meter: 100_000);
        _site.Show(ConnectorState.Charging);
        _site.Wait(TimeSpan.FromMinutes(20));
        _site.Meter(108_000, begun.Number);
        _site.Wait(TimeSpan.FromMinutes(10));
        _site.Meter(112_345, begun.Number);
        _site.Show(ConnectorState.SuspendedEV);
        _site.Wait(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(7));
        _site.End(begun.Number, 112_345);
        return (_site.Session(begun.Number), _site.CdrOf(begun.Number)!);
    }

    private static decimal Volumes(JsonNode cdr, string type) => cdr["charging_periods"]!.AsArray()
        .SelectMany(p => p!["dimensions"]!.AsArray()).Where(d => (string?)d!["type"] == type).Sum(d => (decimal)d!["volume"]!);

    private static JsonNode Json(Rendered rendered) => JsonNode.Parse(rendered.Json ?? throw new InvalidOperationException(rendered.Refusal))!;
}
