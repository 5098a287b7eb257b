using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Simulators;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;

namespace EdgeGateway.Tests.Simulators;

/// <summary>A judge is worth what it condemns: each fault of a gateway that it is there for, committed on purpose.</summary>
public sealed class JudgeTests
{
    private const string SessionId = "0b5e7c1a-0000-4000-8000-000000000001";
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly JudgedTariff Tariff = new(0.50m, 0.40m, 0m, 19m);

    private readonly HubStore _hub = new();
    private LedgerEntry _entry = new()
    {
        Charger = "CP-1",
        Connector = 1,
        Number = 1,
        IdTag = "CARD",
        MeterStartWh = 1000,
        MeterStopWh = 3500,
        DeliveredWh = 2500,
        AnsweredWh = 2000,
        StartedAt = Start,
        StoppedAt = Start.AddMinutes(30),
        TransactionIds = [7],
        Admitted = "Accepted",
        StopAnswered = true,
    };

    private RecordedSession? _recorded = new(SessionId, 7, "CP-1", "COMPLETED", 2500, 1000, 3500);
    private long _sequence;

    [Fact]
    public void A_run_without_fault_is_acquitted()
    {
        TellAll();
        Assert.Empty(Breaches());
        var line = Assert.Single(Verdict().Lines);
        Assert.Equal((1, 1, 2500L, 2500L, 1, 1.785m), (line.Sessions, line.HubSessions, line.DeliveredWh, line.HubWh, line.Cdrs, line.Cost));
    }

    [Fact]
    public void A_lost_session_is_found()
    {
        _recorded = null;
        Assert.Contains("I1", Breaches());
    }

    [Fact]
    public void A_stop_that_was_answered_and_not_recorded_is_found()
    {
        TellAll();
        _recorded = _recorded! with { Status = "ACTIVE", MeterStopWh = null };
        Assert.Contains("I1", Breaches());
    }

    [Fact]
    public void A_meter_value_that_was_answered_and_not_recorded_is_found()
    {
        _entry = _entry with { MeterStopWh = null, StoppedAt = null, StopAnswered = false };
        _recorded = _recorded! with { Status = "ACTIVE", EnergyWh = 1999 };
        Assert.Contains("I10", Breaches(settled: false));
    }

    [Fact]
    public void A_session_that_no_charger_made_is_found()
    {
        TellAll();
        Assert.Contains("I2", Breaches(more: new RecordedSession("x", 8, "CP-1", "COMPLETED", 1, 0, 1)));
    }

    [Fact]
    public void A_missing_CDR_is_found()
    {
        TellLocation();
        TellSession("COMPLETED", 2.5m);
        Assert.Contains("I3", Breaches());
    }

    [Fact]
    public void A_second_CDR_of_a_session_is_found()
    {
        TellAll();
        TellCdr("another", 2.5m);
        Assert.Contains("I3", Breaches());
    }

    [Fact]
    public void A_CDR_that_changed_on_its_way_is_found()
    {
        TellAll();
        TellCdr(SessionId, 2.6m);
        Assert.Contains("I4", Breaches());
    }

    [Fact]
    public void A_lost_Wh_is_found()
    {
        TellLocation();
        TellSession("COMPLETED", 2.499m);
        TellCdr(SessionId, 2.499m);
        Assert.Contains("I5", Breaches());
    }

    [Fact]
    public void A_wrong_price_is_found()
    {
        TellLocation();
        TellSession("COMPLETED", 2.5m);
        TellCdr(SessionId, 2.5m, net: 1.51m);
        Assert.Contains("M6", Breaches());
    }

    [Fact]
    public void A_CDR_before_the_end_of_its_session_is_found()
    {
        TellLocation();
        TellSession("ACTIVE", 2.5m);
        TellCdr(SessionId, 2.5m);
        TellSession("COMPLETED", 2.5m);
        Assert.Equal(["I6"], Breaches());
    }

    [Fact]
    public void Two_numbers_for_one_start_are_found()
    {
        TellAll();
        _entry = _entry with { TransactionIds = [7, 8] };
        Assert.Contains("I8", Breaches());
    }

    [Fact]
    public void One_number_for_two_starts_is_found()
    {
        TellAll();
        Assert.Contains("I9", Breaches(second: _entry with { Number = 2 }));
    }

    [Theory]
    [InlineData("COMPLETED", 2.5, "ACTIVE", 2.5, "S1")]
    [InlineData("ACTIVE", 2.5, "PENDING", 2.5, "S1")]
    [InlineData("ACTIVE", 2.5, "ACTIVE", 2.4, "S5")]
    public void A_session_that_goes_backwards_is_found(string first, double firstKwh, string then, double thenKwh, string rule)
    {
        TellLocation();
        TellSession(first, (decimal)firstKwh);
        TellSession(then, (decimal)thenKwh);
        Assert.Contains(rule, _hub.Breaches.Select(b => b.Rule));
    }

    [Fact]
    public void A_session_at_a_place_that_was_never_told_is_found()
    {
        TellSession("ACTIVE", 0m);
        Assert.Contains("P9", _hub.Breaches.Select(b => b.Rule));
    }

    [Fact]
    public void A_last_updated_that_falls_is_found()
    {
        TellLocation();
        TellSession("ACTIVE", 0m, Start.AddSeconds(5));
        TellSession("ACTIVE", 0m, Start.AddSeconds(4));
        Assert.Contains("P6", _hub.Breaches.Select(b => b.Rule));
    }

    private string[] Breaches(bool settled = true, LedgerEntry? second = null, RecordedSession? more = null) =>
        [.. Verdict(settled, second, more).Breaches.Select(b => b.Rule)];

    private Verdict Verdict(bool settled = true, LedgerEntry? second = null, RecordedSession? more = null) => Judge.On(new()
    {
        Ledger = [.. new[] { _entry, second }.OfType<LedgerEntry>()],
        Hub = _hub,
        Recorded = [.. new[] { _recorded, more }.OfType<RecordedSession>()],
        Tariff = Tariff,
        Settled = settled,
    });

    private void TellAll()
    {
        TellLocation();
        TellSession("PENDING", 0m);
        TellSession("ACTIVE", 1m);
        TellSession("COMPLETED", 2.5m);
        TellCdr(SessionId, 2.5m);
    }

    private void TellLocation() => Put("locations", "L", new()
    {
        ["id"] = "L",
        ["evses"] = new JsonArray(new JsonObject { ["uid"] = "E", ["connectors"] = new JsonArray(new JsonObject { ["id"] = "1" }) }),
    });

    private void TellSession(string status, decimal kwh, DateTimeOffset? lastUpdated = null) => Put("sessions", SessionId, new()
    {
        ["id"] = SessionId,
        ["status"] = status,
        ["kwh"] = kwh,
        ["location_id"] = "L",
        ["evse_uid"] = "E",
        ["connector_id"] = "1",
        ["total_cost"] = new JsonObject { ["excl_vat"] = 1.5m },
        ["last_updated"] = $"{lastUpdated ?? Start:yyyy-MM-dd'T'HH:mm:ss'Z'}",
    });

    private void TellCdr(string id, decimal kwh, decimal net = 1.5m)
    {
        var cdr = new JsonObject
        {
            ["id"] = id,
            ["session_id"] = SessionId,
            ["start_date_time"] = "2026-05-04T10:00:00Z",
            ["end_date_time"] = "2026-05-04T10:30:00Z",
            ["total_energy"] = kwh,
            ["total_time"] = 0.5m,
            ["total_cost"] = new JsonObject { ["excl_vat"] = net, ["incl_vat"] = net * 1.19m },
            ["charging_periods"] = new JsonArray(new JsonObject
            {
                ["start_date_time"] = "2026-05-04T10:00:00Z",
                ["dimensions"] = new JsonArray(
                    new JsonObject { ["type"] = "ENERGY", ["volume"] = kwh }, new JsonObject { ["type"] = "TIME", ["volume"] = 0.5m }),
            }),
        };
        _hub.PostCdr(id, Version("POST", cdr));
    }

    private void Put(string module, string id, JsonObject json) => _hub.Put(module, id, Version("PUT", json));

    private StoredVersion Version(string method, JsonObject json) =>
        new(++_sequence, Start, method, Encoding.UTF8.GetBytes(json.ToJsonString()), json);
}
