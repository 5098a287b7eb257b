using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;
using static EdgeGateway.Site.Reports.TransactionPhase;

namespace EdgeGateway.Tests.Site;

/// <summary>Transactions of 2.x stations between orders, reservations, boots and lost messages.</summary>
public sealed class TransactionLivesTests
{
    private static readonly Token Driver = ExampleSite.Accepted("APP-1").Token!;
    private readonly SiteUnderTest _site = new();

    public TransactionLivesTests() => _site.Take(new StationConnected("CP-1", "OCPP 2.0.1", "127.0.0.1"));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)] // the event comes before the station's answer to the order
    [InlineData(false, true)] // the car was plugged in before (F02)
    [InlineData(true, true)]
    public void A_start_from_afar_is_one_session_under_the_id_that_its_hub_was_promised(bool eventFirst, bool pluggedFirst)
    {
        if (pluggedFirst)
            _site.Tell(Started, 0, charging: ChargingPhase.EVConnected, register: 100_000, trigger: "CablePluggedIn");
        _site.Now += TimeSpan.FromMinutes(1);
        var grant = _site.Take(new StartRemotely(ExampleSite.Hub, Driver, null, "CP-1-1", 1, "REF-1", "again"));
        var order = Assert.IsType<StartOrder>(Assert.Single(_site.Orders));
        string? promised = null;
        if (!eventFirst)
        {
            _site.Take(new OrderSettled(order.Id, OrderOutcome.Accepted, null));
            promised = _site.State.Sessions.Values.Single(s => s.Hub is not null).Id;
        }
        var began = _site.Now;
        var heard = pluggedFirst
            ? _site.Tell(Updated, 1, tag: order.IdTag, trigger: "RemoteStart", order: order.Id)
            : _site.Tell(Started, 0, tag: order.IdTag, charging: ChargingPhase.EVConnected, register: 100_000, trigger: "RemoteStart", order: order.Id);
        if (eventFirst)
            _site.Take(new OrderSettled(order.Id, OrderOutcome.Accepted, null));
        Assert.True(promised is null || promised == heard.SessionId);
        var session = Assert.Single(_site.State.Sessions.Values);
        Assert.Equal((SessionStatus.Active, ExampleSite.Hub, began), (session.Status, session.Hub, session.StartedAt));
        Assert.Equal((AuthMethod.Command, "REF-1", AuthorizationStatus.Accepted), (session.Authorization.Method, session.Authorization.Reference, heard.Authorization!.Status));
        Assert.Equal(session.Number, _site.State.OccupantOf(SiteUnderTest.At())!.Number);

        _site.Now += TimeSpan.FromMinutes(20); // beyond the life of the grant: nothing of it is left
        _site.Wait(TimeSpan.Zero);
        _site.Restart();
        _site.Tell(Ended, pluggedFirst ? 2 : 1, register: 103_000);
        var cdr = Assert.Single(_site.Journal.Cdrs.Values);
        Assert.Equal((heard.SessionId, 3_000L, TimeSpan.FromMinutes(20)), (cdr.Id, cdr.Bill.EnergyWh, cdr.Bill.Duration));
        // What stood for the transaction before its driver was known is nobody's, and no hub has heard of it.
        Assert.All(_site.Journal.Sessions.Values.Where(s => s.Id != cdr.Id), s => Assert.Equal((SessionStatus.Invalid, null), (s.Status, s.Hub)));
        Assert.All(_site.Journal.Owed.Where(d => d.Kind == DeliveryKind.Session), d => Assert.Equal(cdr.Id, d.Object));
        Assert.NotNull(grant.OrderId);
    }

    [Fact]
    public void The_driver_who_reserved_goes_on_with_the_session_that_stood_for_it()
    {
        // D9, M9, S3
        _site.Take(new Reserve(ExampleSite.Hub, new("DE", "MSP"), "R-1", Driver, _site.Now.AddHours(1), "BER01", "CP-1-1", null, "REF-1", null));
        var order = Assert.IsType<ReserveOrder>(Assert.Single(_site.Orders));
        _site.Take(new OrderSettled(order.Id, OrderOutcome.Accepted, null));
        var (reserved, id) = (_site.Now, _site.State.Sessions.Values.Single().Id);
        _site.Now += TimeSpan.FromMinutes(10);
        var heard = _site.Tell(Started, 0, tag: order.IdTag, charging: ChargingPhase.Charging, register: 100_000, reservation: order.Number);
        Assert.Equal(id, heard.SessionId);
        Assert.Empty(_site.State.Reservations);
        _site.Now += TimeSpan.FromMinutes(30);
        _site.Tell(Ended, 1, register: 103_000);
        var cdr = Assert.Single(_site.Journal.Cdrs.Values);
        Assert.Equal((id, reserved, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)), (cdr.Id, cdr.Session.ReservedAt, cdr.Bill.Reserved, cdr.Bill.Duration));
        Assert.DoesNotContain(_site.Journal.Sessions.Values, s => s.Id != id);
    }

    [Fact]
    public void An_end_without_its_start_waits_for_it_and_is_billed_once_whatever_comes()
    {
        // FIELD-NOTES 3
        var told = _site.Now;
        _site.Now += TimeSpan.FromHours(1);
        var ended = _site.Tell(Ended, 2, register: 104_000, tag: ExampleSite.Card);
        Assert.Empty(_site.Journal.Cdrs);
        Assert.Null(_site.State.OccupantOf(SiteUnderTest.At()));
        var end = _site.Now;
        _site.Wait(TimeSpan.FromMinutes(10));
        _site.Tell(Updated, 1, told.AddMinutes(30), register: 102_000);
        _site.Wait(_site.Configuration.Timings.InferredEndHold);
        var session = _site.Session(ended.Number);
        Assert.Equal((SessionStatus.Completed, 2_000L, end, ExampleSite.Card), (session.Status, session.EnergyWh, session.EndedAt, session.IdTag));
        Assert.True(session.Flags.HasFlag(SessionFlags.StartMissing));
        Assert.True(_site.Raised("StopWithoutStart"));

        // It comes after all, before any hub was sent the bill; and again, after one was.
        _site.Tell(Started, 0, told, ExampleSite.Card, ChargingPhase.Charging, 100_000);
        var cdr = Assert.Single(_site.Journal.Cdrs.Values);
        Assert.Equal((4_000L, told, false), (cdr.Bill.EnergyWh, cdr.Session.StartedAt, cdr.Session.Flags.HasFlag(SessionFlags.StartMissing)));
        _site.Journal.Frozen.Add(cdr.Id);
        _site.Tell(Updated, 7, told.AddHours(2), register: 109_000);
        _site.Tell(Ended, 8, told.AddHours(2), register: 109_000);
        Assert.Same(cdr, Assert.Single(_site.Journal.Cdrs.Values));
        Assert.True(_site.Raised("LateStop"));
        Assert.True(_site.Session(ended.Number).Flags.HasFlag(SessionFlags.LateStop));
    }

    [Fact]
    public void Events_that_its_numbers_say_are_missing_are_waited_for_and_said()
    {
        var begun = _site.Tell(Started, 4, tag: ExampleSite.Card, charging: ChargingPhase.Charging, register: 100_000);
        _site.Now += TimeSpan.FromHours(1);
        _site.Tell(Ended, 7, register: 104_000);
        Assert.Empty(_site.Journal.Cdrs);
        _site.Wait(_site.Configuration.Timings.MissingEventsHold);
        Assert.Equal(4_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
        Assert.True(_site.CdrOf(begun.Number)!.Session.Flags.HasFlag(SessionFlags.EventsMissing));
        Assert.Single(_site.Journal.Events, e => e.Code == "EventsMissing");
    }

    [Theory]
    [InlineData("boot")]
    [InlineData("available")]
    [InlineData("next")]
    [InlineData("lost")]
    public void A_transaction_whose_end_never_comes_is_closed_and_a_late_end_corrects_it(string how)
    {
        // FIELD-NOTES 22
        var begun = _site.Tell(Started, 0, tag: ExampleSite.Card, charging: ChargingPhase.Charging, register: 100_000);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Tell(Updated, 1, register: 101_000);
        var last = _site.Now;
        _site.Now += TimeSpan.FromMinutes(5);
        switch (how)
        {
            case "boot":
                _site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
                break;
            case "available":
                _site.Show(ConnectorState.Available);
                break;
            case "next":
                _site.Tell(Started, 0, tag: ExampleSite.Card, charging: ChargingPhase.Charging, register: 101_500, transaction: "T-2");
                break;
            default:
                _site.Take(new StationDisconnected("CP-1", "cut"));
                _site.Wait(_site.Configuration.Timings.LostStation);
                _site.Wait(_site.Configuration.Timings.OfflineEndHold);
                break;
        }
        _site.Wait(TimeSpan.FromHours(1));
        var session = _site.Session(begun.Number);
        Assert.Equal((SessionStatus.Completed, 1_000L), (session.Status, session.EnergyWh));
        Assert.True(session.Flags.HasFlag(SessionFlags.EndEstimated));
        Assert.Equal(how == "next" ? 2 : 1, _site.Journal.Sessions.Count);

        _site.Tell(Ended, 2, last.AddMinutes(4), register: 101_400);
        session = _site.Session(begun.Number);
        Assert.Equal((1_400L, last.AddMinutes(4), SessionFlags.LateStop), (session.EnergyWh, session.EndedAt, session.Flags & ~SessionFlags.Superseded));
        Assert.Equal(1_400, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_transaction_that_goes_on_after_a_boot_is_not_ended()
    {
        var begun = _site.Tell(Started, 0, tag: ExampleSite.Card, charging: ChargingPhase.Charging, register: 100_000);
        _site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
        _site.Restart();
        for (var n = 1; n < 10; n++)
        {
            _site.Wait(TimeSpan.FromMinutes(20));
            _site.Tell(Updated, n, register: 100_000 + (n * 500));
        }
        Assert.Equal((SessionStatus.Active, begun.Number), (_site.Session(begun.Number).Status, _site.State.OccupantOf(SiteUnderTest.At())!.Number));
    }

    [Fact]
    public void One_who_was_refused_gives_way_to_one_who_was_not_and_nobody_after_him_takes_it_over()
    {
        var refused = new TransactionTold
        {
            Station = "CP-1", Transaction = "T-1", Phase = Started, Sequence = 0, Told = _site.Now, At = SiteUnderTest.At(), IdTag = "STRANGER",
            Authorization = Authorization.Refused(AuthorizationStatus.Invalid, "unknown"), Charging = ChargingPhase.EVConnected, Readings = [new(_site.Now, 100_000, null, null, "E")],
        };
        var begun = _site.Tell(refused);
        Assert.Equal(AuthorizationStatus.Invalid, begun.Authorization!.Status);
        Assert.Null(_site.Session(begun.Number).Hub);
        _site.Now += TimeSpan.FromMinutes(1);
        var authorized = _site.Now;
        _site.Tell(Updated, 1, tag: ExampleSite.Card, trigger: "Authorized");
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Tell(Updated, 2, tag: "ANOTHER", trigger: "Authorized");
        Assert.True(_site.Raised("TokenChanged"));
        _site.Tell(Updated, 3, tag: "A-THIRD", trigger: "StopAuthorized");
        var session = _site.Session(begun.Number);
        Assert.Equal((ExampleSite.Card, ExampleSite.Hub, authorized, SessionFlags.None), (session.IdTag, session.Hub, session.StartedAt, session.Flags));
    }

    [Fact]
    public void Stations_name_their_transactions_as_they_like_and_touch_none_but_their_own()
    {
        // S10
        var one = _site.Tell(Started, 0, tag: ExampleSite.Card, charging: ChargingPhase.Charging, register: 100_000);
        var other = _site.Tell(new TransactionTold { Station = "CP-2", Transaction = "T-1", Phase = Ended, Sequence = 1, Told = _site.Now, At = new("CP-2", 1, 1), Readings = [new(_site.Now, 900_000, null, null, "E")] });
        Assert.NotEqual(one.Number, other.Number);
        Assert.Equal(SessionStatus.Active, _site.Session(one.Number).Status);
    }

    [Fact]
    public void A_connector_that_is_taken_shows_charging_only_while_a_session_runs()
    {
        EvseStatus Status() => _site.State.StatusOf("CP-1", 1, _site.Now);
        _site.Show(ConnectorState.Occupied);
        Assert.Equal(EvseStatus.Blocked, Status());
        _site.Tell(Started, 0, charging: ChargingPhase.EVConnected, register: 100_000);
        Assert.Equal(EvseStatus.Blocked, Status());
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Tell(Updated, 1, tag: ExampleSite.Card, charging: ChargingPhase.Charging);
        Assert.Equal(EvseStatus.Charging, Status());
        Assert.Contains(_site.Deliveries, d => d.Kind == DeliveryKind.EvseStatus);
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Tell(Ended, 2, register: 100_100);
        Assert.Equal(EvseStatus.Blocked, Status());
        _site.Show(ConnectorState.Available);
        Assert.Equal(EvseStatus.Available, Status());
    }

    [Fact]
    public void Values_told_outside_of_the_transaction_count_in_it()
    {
        var begun = _site.Tell(Started, 0, tag: ExampleSite.Card, charging: ChargingPhase.Charging, register: 100_000);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Meter(101_000, number: null);
        Assert.Equal(1_000, _site.Session(begun.Number).EnergyWh);
        _site.Restart();
        _site.Tell(Updated, 1, _site.Now.AddMinutes(-5), register: 100_400); // out of order: all is told anew
        Assert.Equal(1_000, _site.Session(begun.Number).EnergyWh);
        Assert.Equal([0L, 0L, 400L, 1_000L], _site.Session(begun.Number).Course.Select(p => p.EnergyWh).OfType<long>());
    }
}
