using System.Text.Json.Nodes;
using EdgeGateway.Hubs.Commands;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>Reservations (K7) and charging profiles (CP1) as a hub meets them: an answer at once, and one result.</summary>
public sealed class WishTests : IAsyncLifetime
{
    private OddHub _hub = null!;
    private HubsHost _host = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _hub = await OddHub.StartAsync();
        _host = await HubsHost.StartAsync(_hub.Options);
        await HubsHost.UntilAsync(() => _hub.Of("PUT", "locations").Count > 0);
        await _host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        _token = await _host.AdmitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task A_place_is_reserved_and_given_up_again_with_one_result_each()
    {
        Assert.Equal("ACCEPTED", await ReserveAsync("R-1"));
        Assert.Equal(["ACCEPTED"], await ResultsAsync("reserve"));
        var order = Assert.IsType<ReserveOrder>(Assert.Single(_host.Chargers.Orders));
        Assert.Equal(("CP-1", 1), (order.At.Station, order.At.Evse));
        Assert.Equal("ACCEPTED", await CancelAsync("R-1"));
        Assert.Equal(["ACCEPTED"], await ResultsAsync("cancel"));
        Assert.Equal(order.Number, Assert.IsType<CancelReservationOrder>(_host.Chargers.Orders[1]).Number);
        // The same wish again is no repeat of the one that was given up since.
        Assert.Equal("ACCEPTED", await ReserveAsync("R-1"));
        await HubsHost.UntilAsync(() => _host.Chargers.Orders.Count == 3);
        // Whoever cancelled himself is not told that we did.
        Assert.DoesNotContain("CANCELED_RESERVATION", await ResultsAsync("reserve", 2));
    }

    [Fact]
    public async Task A_reservation_that_nobody_made_cannot_be_given_up()
    {
        // K7: CommandResponse has no word for it, CommandResult has.
        Assert.Equal("ACCEPTED", await CancelAsync("R-9"));
        Assert.Equal(["UNKNOWN_RESERVATION"], await ResultsAsync("cancel"));
        Assert.Empty(_host.Chargers.Orders);
    }

    [Theory]
    [InlineData(OrderOutcome.Occupied, "EVSE_OCCUPIED")]
    [InlineData(OrderOutcome.Inoperative, "EVSE_INOPERATIVE")]
    [InlineData(OrderOutcome.Rejected, "REJECTED")]
    public async Task What_the_charger_says_to_a_reservation_is_posted_once(OrderOutcome outcome, string result)
    {
        _host.Chargers.Answer = _ => Task.FromResult(outcome);
        Assert.Equal("ACCEPTED", await ReserveAsync("R-1"));
        Assert.Equal([result], await ResultsAsync("reserve"));
    }

    [Theory]
    [InlineData(ReservationEnd.ByUs, 1)]
    [InlineData(ReservationEnd.Canceled, 0)]
    [InlineData(ReservationEnd.Used, 0)]
    [InlineData(ReservationEnd.Refused, 0)]
    public async Task Whoever_reserved_is_told_when_we_had_to_end_it_and_only_then(ReservationEnd why, int told)
    {
        var reservation = new Reservation
        {
            Number = 1, Hub = ExampleSite.Hub, Party = new("DE", "MSP"), PartyReservationId = "R-1", At = new("CP-1", 1, 1), Token = ExampleSite.Accepted().Token!,
            IdTag = "CARD1", Granted = DateTimeOffset.UtcNow, Expires = DateTimeOffset.UtcNow.AddHours(1), Stage = ReservationStage.Held,
            ResponseUrl = $"{_hub.Url}/2.2.1/commands/reserve",
        };
        var news = _host.Get<ReservationNews>();
        news.Look(Dropped(reservation with { ResponseUrl = "http://127.0.0.1:1/elsewhere" }));
        news.Look(Dropped(reservation));
        await HubsHost.UntilAsync(() => _hub.Of("POST", "commands").Count >= told);
        await Task.Delay(200);
        Assert.Equal(Enumerable.Repeat("CANCELED_RESERVATION", told), _hub.Of("POST", "commands").Select(r => (string?)JsonNode.Parse(r.Body)!["result"]));

        Turn Dropped(Reservation was) => new() { Next = _host.Engine.State, Changes = [new ReservationDropped(was, why)], Deliveries = [], Orders = [], Answers = [] };
    }

    [Fact]
    public async Task Limits_are_set_asked_for_and_taken_off_with_one_result_each()
    {
        var session = (await _host.BeginAsync()).SessionId;
        var profile = new JsonObject
        {
            ["response_url"] = $"{_hub.Url}/2.2.1/profiles/set",
            ["charging_profile"] = JsonNode.Parse("""{"charging_rate_unit":"A","charging_profile_period":[{"start_period":0,"limit":10}]}"""),
        }.ToJsonString();
        Assert.Equal("ACCEPTED", await ProfileAsync(HttpMethod.Put, session, "", profile));
        Assert.Equal(["ACCEPTED"], await ResultsAsync("set"));
        Assert.Equal(10, Assert.IsType<LimitOrder>(Assert.Single(_host.Chargers.Orders)).Limits!.Steps[0].Limit);
        Assert.Equal("UNKNOWN_SESSION", await ProfileAsync(HttpMethod.Put, "nobody", "", profile));
        var url = Uri.EscapeDataString($"{_hub.Url}/2.2.1/profiles/get");
        Assert.Equal("ACCEPTED", await ProfileAsync(HttpMethod.Get, session, $"?duration=60&response_url={url}", null));
        Assert.Single(await ResultsAsync("get"));
    }

    [Theory]
    [InlineData("GET", "?response_url=http%3A%2F%2F127.0.0.1%2Fx")]
    [InlineData("GET", "?duration=0&response_url=http%3A%2F%2F127.0.0.1%2Fx")]
    [InlineData("GET", "?duration=60")]
    [InlineData("GET", "?duration=60&response_url=http%3A%2F%2F127.0.0.1%3A1%2Fx")]
    [InlineData("DELETE", "")]
    [InlineData("DELETE", "?response_url=https%3A%2F%2Finternal.example%2Fx")]
    public async Task A_question_about_limits_that_makes_no_sense_is_a_2001_and_reaches_no_charger(string method, string query)
    {
        var session = (await _host.BeginAsync()).SessionId;
        Assert.Equal(2001, (await _host.CallAsync(new(method), $"/2.2.1/chargingprofiles/{session}{query}", _token)).Code);
        Assert.Empty(_host.Chargers.Orders);
    }

    private async Task<string?> ProfileAsync(HttpMethod method, string session, string query, string? body) =>
        Result(await _host.CallAsync(method, $"/2.2.1/chargingprofiles/{session}{query}", _token, body));

    private static string? Result(HubsHost.Heard heard)
    {
        Assert.True(heard.Data is not null, heard.Json?.ToJsonString());
        return (string?)heard.Data["result"];
    }

    private async Task<string?> ReserveAsync(string id) => Result(await _host.CallAsync(HttpMethod.Post, "/2.2.1/commands/RESERVE_NOW", _token, new JsonObject
    {
        ["response_url"] = $"{_hub.Url}/2.2.1/commands/reserve",
        ["token"] = new JsonObject
        {
            ["country_code"] = "DE", ["party_id"] = "MSP", ["uid"] = "CARD1", ["type"] = "RFID", ["contract_id"] = "DE-MSP-C1", ["issuer"] = "MSP",
            ["valid"] = true, ["whitelist"] = "ALLOWED", ["last_updated"] = "2026-01-01T00:00:00Z",
        },
        ["expiry_date"] = "2099-01-01T00:00:00Z", ["reservation_id"] = id, ["location_id"] = "BER01", ["evse_uid"] = "CP-1-1",
    }.ToJsonString()));

    private async Task<string?> CancelAsync(string id) => Result(await _host.CallAsync(HttpMethod.Post, "/2.2.1/commands/CANCEL_RESERVATION", _token, new JsonObject
    {
        ["response_url"] = $"{_hub.Url}/2.2.1/commands/cancel", ["reservation_id"] = id,
    }.ToJsonString()));

    /// <summary>All that was posted to this response_url, once there is as much as is expected and a while has passed in which more could have come.</summary>
    private async Task<IReadOnlyList<string?>> ResultsAsync(string name, int expected = 1)
    {
        IEnumerable<LoopbackHttp.Asked> Posted() => _hub.Requests.Where(r => r.Method == "POST" && r.RawTarget.EndsWith($"/{name}", StringComparison.Ordinal));
        await HubsHost.UntilAsync(() => Posted().Count() >= expected);
        await Task.Delay(200);
        return [.. Posted().Select(r => (string?)JsonNode.Parse(r.Body)!["result"])];
    }
}
