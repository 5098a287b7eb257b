using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

public sealed class ReservationRulesTests
{
    private static readonly Token Driver = new()
    {
        Uid = "APP-USER-1", Type = TokenType.AppUser, Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub, GroupId = "FLEET",
    };

    private readonly SiteUnderTest _site = new();

    public ReservationRulesTests()
    {
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        _site.Show(ConnectorState.Available);
        _site.Show(ConnectorState.Available, evse: 2);
    }

    private EvseStatus Status => _site.State.StatusOf("CP-1", 1, _site.Now);

    [Fact]
    public void A_charger_that_agrees_makes_a_session_in_RESERVATION_that_its_hub_is_owed()
    {
        var order = Ask();
        Assert.Equal(("APP-USER-1", "FLEET", _site.Now.AddHours(1)), (order.IdTag, order.ParentIdTag, order.Expires));
        Assert.Empty(_site.Journal.Sessions);
        Assert.Equal(EvseStatus.Available, Status);
        _site.Journal.Owed.Clear();

        Assert.Equal(OrderOutcome.Accepted, Settle(order, OrderOutcome.Accepted));

        var session = Assert.Single(_site.Journal.Sessions).Value;
        Assert.Equal((SessionStatus.Reservation, _site.Now, "REF-1"), (session.Status, session.ReservedAt, session.Authorization.Reference));
        Assert.Equal(Activity.Reserved, Assert.Single(session.Course).Activity);
        Assert.Equal(EvseStatus.Reserved, Status);
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.Session, session.Id), _site.Journal.Owed);
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.EvseStatus, "CP-1-1"), _site.Journal.Owed);
    }

    [Theory]
    [InlineData(OrderOutcome.Rejected)]
    [InlineData(OrderOutcome.Occupied)]
    [InlineData(OrderOutcome.Inoperative)]
    [InlineData(OrderOutcome.TimedOut)]
    [InlineData(OrderOutcome.Offline)]
    public void A_charger_that_does_not_agree_leaves_nothing_behind(OrderOutcome outcome)
    {
        Assert.Equal(outcome, Settle(Ask(), outcome));
        Assert.Empty(_site.State.Reservations);
        Assert.Empty(_site.Journal.Reservations);
        Assert.Empty(_site.Journal.Sessions);
        Assert.True(_site.Raised("ReservationRefused"));
    }

    [Theory]
    [InlineData("NOWHERE", "CP-1-1", 1, Refusal.UnknownLocation)]
    [InlineData("BER01", "CP-9-1", 1, Refusal.UnknownEvse)]
    [InlineData("BER01", "CP-1-1", 2, Refusal.UnknownConnector)]
    [InlineData("BER01", "CP-2-1", 1, Refusal.StationOffline)]
    public void What_cannot_be_is_refused_with_its_reason(string location, string evse, int connector, Refusal expected) =>
        Assert.Equal(expected, _site.Take(Wish() with { Location = location, Evse = evse, Connector = connector }).Refusal);

    [Fact]
    public void A_place_that_is_taken_broken_or_kept_for_another_is_refused()
    {
        Assert.Equal(Refusal.NotAllowed, _site.Take(Wish() with { Expires = _site.Now }).Refusal);
        _site.Show(ConnectorState.Faulted);
        Assert.Equal(Refusal.OutOfService, _site.Take(Wish()).Refusal);
        _site.Show(ConnectorState.Preparing);
        Assert.Equal(Refusal.Occupied, _site.Take(Wish()).Refusal);
        _site.Show(ConnectorState.Available);
        Hold();
        Assert.Equal(Refusal.Occupied, _site.Take(Wish() with { PartyReservationId = "another" }).Refusal);
        Assert.Equal(2, Assert.IsType<ReserveOrder>(GrantedOrder(Wish() with { PartyReservationId = "another", Evse = null })).At.Evse);
    }

    [Fact]
    public void The_same_party_and_id_again_replaces_the_expiry_under_the_same_number()
    {
        // K7
        var first = Hold();
        var again = GrantedOrder(Wish() with { Expires = _site.Now.AddHours(3) });
        Assert.Equal(first.Number, again.Number);
        Assert.Equal(_site.Now.AddHours(1), Assert.Single(_site.State.Reservations).Value.Expires);
        Settle(again, OrderOutcome.Accepted);
        Assert.Equal(_site.Now.AddHours(3), Assert.Single(_site.State.Reservations).Value.Expires);
        Assert.Single(_site.Journal.Sessions);

        Settle(GrantedOrder(Wish() with { Expires = _site.Now.AddHours(5) }), OrderOutcome.Rejected);
        Assert.Equal(_site.Now.AddHours(3), Assert.Single(_site.State.Reservations).Value.Expires);
    }

    [Fact]
    public void The_same_reservation_at_another_place_ends_the_first_once_it_is_granted()
    {
        var first = Hold();
        var second = GrantedOrder(Wish() with { Evse = "CP-1-2" });
        Assert.NotEqual(first.Number, second.Number);
        Assert.Equal(EvseStatus.Reserved, Status);
        Settle(second, OrderOutcome.Accepted);
        Assert.Equal(second.Number, Assert.Single(_site.State.Reservations).Key);
        Assert.Equal(first.Number, Assert.IsType<CancelReservationOrder>(Assert.Single(_site.Orders)).Number);
        Assert.Equal(EvseStatus.Available, Status);
    }

    [Fact]
    public void The_same_command_again_while_the_charger_thinks_is_one_order()
    {
        var order = Ask();
        Assert.Equal(order.Id, _site.Take(Wish()).OrderId);
        Assert.Empty(_site.Orders);
    }

    [Theory]
    [InlineData("APP-USER-1", "FLEET")]
    [InlineData("CARD-OF-FLEET", "fleet")]
    public void A_start_by_its_token_or_its_group_is_the_same_session(string uid, string group)
    {
        Hold();
        var kept = Assert.Single(_site.Journal.Sessions).Value;
        _site.Now += TimeSpan.FromMinutes(20);
        var begun = _site.Begin(tag: uid, authorization: Accepted(uid, group));
        Assert.Equal((kept.Number, kept.Id), (begun.Number, begun.SessionId));
        var session = _site.Session(begun.Number);
        Assert.Equal((SessionStatus.Active, kept.ReservedAt, "REF-1", _site.Now), (session.Status, session.ReservedAt, session.Authorization.Reference, session.StartedAt));
        Assert.Empty(_site.State.Reservations);
        Assert.Equal(ReservationEnd.Used, _site.Ends[^1].Why);

        _site.Now += TimeSpan.FromMinutes(30);
        _site.End(begun.Number, 110_000);
        Assert.Equal(TimeSpan.FromMinutes(20), _site.CdrOf(begun.Number)!.Bill.Reserved);
        Assert.Equal(10_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_start_from_afar_by_its_driver_is_PENDING_in_the_same_session_and_others_are_refused()
    {
        var order = Hold();
        _site.Show(ConnectorState.Reserved);
        Assert.Equal(Refusal.Occupied, _site.Take(Start(Driver with { Uid = "SOMEBODY", GroupId = null })).Refusal);
        Assert.Equal(Refusal.Occupied, _site.Take(Start(Driver with { Hub = "another" })).Refusal);

        Assert.NotNull(_site.Take(Start(Driver)).OrderId);
        var start = Assert.IsType<StartOrder>(Assert.Single(_site.Orders));
        Assert.Equal(order.IdTag, start.IdTag);
        Assert.Single(_site.State.Reservations);
        _site.Take(new OrderSettled(start.Id, OrderOutcome.Accepted, null));

        var session = Assert.Single(_site.Journal.Sessions).Value;
        Assert.Equal((SessionStatus.Pending, true), (session.Status, session.ReservedAt is not null));
        Assert.Empty(_site.State.Reservations);
        Assert.Equal(session.Number, _site.Begin(tag: start.IdTag).Number);
    }

    [Fact]
    public void A_charger_that_cannot_reserve_is_stood_in_for_by_the_gateway()
    {
        Assert.Equal(OrderOutcome.Accepted, Settle(Ask(), OrderOutcome.NotSupported));
        Assert.True(Assert.Single(_site.State.Reservations).Value.HeldByGateway);
        Assert.Equal(EvseStatus.Reserved, Status);

        // Whoever was not let in and is recorded all the same takes nothing away.
        var stranger = _site.Begin(tag: "SOMEBODY", authorization: Authorization.Refused(AuthorizationStatus.NotAllowed, "reserved"));
        Assert.Single(_site.State.Reservations);
        _site.End(stranger.Number, 100_000);
        Assert.Equal(SessionStatus.Active, _site.Session(_site.Begin(tag: Driver.Uid, authorization: Accepted(Driver.Uid, null)).Number).Status);
        Assert.Empty(_site.State.Reservations);
    }

    [Fact]
    public void Somebody_who_was_let_in_all_the_same_ends_it_by_us()
    {
        var order = Hold();
        _site.Begin();
        Assert.Equal((order.Number, ReservationEnd.ByUs), (_site.Ends[^1].Reservation.Number, _site.Ends[^1].Why));
        Assert.Equal("https://hub.example/result", _site.Ends[^1].Reservation.ResponseUrl);
    }

    [Theory]
    [InlineData(OrderOutcome.Accepted)]
    [InlineData(OrderOutcome.Rejected)]
    [InlineData(OrderOutcome.NotSupported)]
    [InlineData(OrderOutcome.Offline)]
    public void Its_own_party_can_end_it_whatever_the_charger_says(OrderOutcome outcome)
    {
        // K6
        var order = Hold();
        Assert.Equal(Refusal.UnknownReservation, _site.Take(new CancelReservation("another", new("DE", "MSP"), "R-1")).Refusal);
        Assert.Equal(Refusal.UnknownReservation, _site.Take(new CancelReservation(ExampleSite.Hub, new("NL", "MSP"), "R-1")).Refusal);
        Assert.Equal(Refusal.UnknownReservation, _site.Take(new CancelReservation(ExampleSite.Hub, new("DE", "MSP"), "R-2")).Refusal);
        _site.Take(new CancelReservation(ExampleSite.Hub, new("DE", "MSP"), "R-1"));
        var cancel = Assert.IsType<CancelReservationOrder>(Assert.Single(_site.Orders));
        Assert.Equal(order.Number, cancel.Number);
        _site.Journal.Owed.Clear();

        Assert.Equal(OrderOutcome.Accepted, Settle(cancel, outcome));

        var session = Assert.Single(_site.Journal.Sessions).Value;
        Assert.Equal((SessionStatus.Invalid, ReservationEnd.Canceled), (session.Status, _site.Ends[^1].Why));
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.Session, session.Id), _site.Journal.Owed);
        Assert.Equal(EvseStatus.Available, Status);
        Assert.Empty(_site.Journal.Cdrs);
    }

    [Theory]
    [InlineData(ConnectorState.Faulted)]
    [InlineData(ConnectorState.Unavailable)]
    public void A_connector_that_fails_ends_it_by_us(ConnectorState state)
    {
        Hold();
        _site.Show(state);
        Assert.Equal(ReservationEnd.ByUs, _site.Ends[^1].Why);
        Assert.Equal(SessionStatus.Invalid, Assert.Single(_site.Journal.Sessions).Value.Status);
        Assert.True(_site.Raised("ReservationCanceled"));
    }

    [Fact]
    public void The_technician_ends_anybodys()
    {
        Hold();
        Assert.NotNull(_site.Take(new CancelReservation(null, null, "R-1")).OrderId);
        Assert.Equal(ReservationEnd.ByUs, _site.Ends[^1].Why);
    }

    [Fact]
    public void A_charger_that_forgets_it_is_stood_in_for()
    {
        Hold();
        _site.Show(ConnectorState.Reserved);
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Show(ConnectorState.Available);
        Assert.True(Assert.Single(_site.State.Reservations).Value.HeldByGateway);
        Assert.Equal(EvseStatus.Reserved, Status);
    }

    [Fact]
    public void Nobody_came_and_the_session_is_invalid_and_free_of_charge()
    {
        Hold();
        _site.Wait(TimeSpan.FromMinutes(59));
        Assert.Single(_site.State.Reservations);
        _site.Journal.Owed.Clear();
        _site.Wait(TimeSpan.FromMinutes(1));
        Assert.Equal((SessionStatus.Invalid, ReservationEnd.Expired), (Assert.Single(_site.Journal.Sessions).Value.Status, _site.Ends[^1].Why));
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.EvseStatus, "CP-1-1"), _site.Journal.Owed);
        Assert.True(_site.Raised("ReservationExpired"));
        Assert.Empty(_site.Journal.Cdrs);
    }

    [Fact]
    public void Nobody_came_and_a_tariff_that_prices_it_gives_a_CDR()
    {
        // M9, D9
        var element = new TariffElement { Components = [new(PriceDimension.Flat, 5m, 19m, 1)], Restrictions = new() { Reservation = ReservationRestriction.ReservationExpires } };
        var example = ExampleSite.Create();
        var site = new SiteUnderTest(example with { Tariffs = [example.Tariffs[0] with { Elements = [.. example.Tariffs[0].Elements, element] }] });
        site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        site.Show(ConnectorState.Available);
        site.Take(Wish(site));
        site.Take(new OrderSettled(site.Orders[0].Id, OrderOutcome.Accepted, null));
        site.Wait(TimeSpan.FromHours(1));
        var cdr = Assert.Single(site.Journal.Cdrs).Value;
        Assert.Equal((5m, 0L, SessionStatus.Invalid), (cdr.Bill.Total.ExclVat, cdr.Bill.EnergyWh, cdr.Session.Status));
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.Cdr, cdr.Id), site.Journal.Owed);
    }

    [Fact]
    public void It_outlives_a_restart_and_a_lost_line()
    {
        var order = Hold();
        _site.Take(new StationDisconnected("CP-1", "gone"));
        _site.Restart();
        _site.Take(new GatewayStarted());
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        Assert.Equal(order.Number, Assert.Single(_site.State.Reservations).Key);
        Assert.Equal(Assert.Single(_site.Journal.Sessions).Key, _site.Begin(tag: Driver.Uid, authorization: Accepted(Driver.Uid, null)).Number);
    }

    [Fact]
    public void What_a_restart_cut_short_is_over()
    {
        Ask();
        _site.Restart();
        _site.Take(new GatewayStarted());
        Assert.Empty(_site.State.Reservations);
    }

    [Fact]
    public void It_ends_at_the_moment_that_was_agreed_however_wrong_our_clock_was_then()
    {
        // I15: the hub says when in the world's time. Our clock is three hours behind until it is set.
        var agreed = _site.Now.AddHours(4);
        Assert.NotNull(_site.Take(Wish() with { Expires = agreed }).OrderId);
        Settle(Assert.IsType<ReserveOrder>(Assert.Single(_site.Orders)), OrderOutcome.Accepted);
        var session = _site.State.Sessions.Values.Single();
        _site.Now += TimeSpan.FromHours(3);
        _site.Take(new ClockJumped(TimeSpan.FromHours(3)));
        Assert.Equal(agreed, _site.State.Reservations.Values.Single().Expires);
        // Nobody kept it free for the three hours that were never there.
        Assert.Equal(_site.Now, _site.Session(session.Number).ReservedAt);
        Assert.Equal(TimeSpan.FromMinutes(30), _site.State.Sessions[session.Number].BillOf(_site.Now.AddMinutes(30)).Reserved);
        _site.Wait(TimeSpan.FromMinutes(59));
        Assert.Single(_site.State.Reservations);
        _site.Wait(TimeSpan.FromMinutes(2));
        Assert.Empty(_site.State.Reservations);
    }

    [Theory]
    [InlineData(ReservationLoss.Removed, 10, true)] // the hub was promised otherwise: the gateway keeps it
    [InlineData(ReservationLoss.Expired, 10, true)] // by a clock that is wrong
    [InlineData(ReservationLoss.Expired, 60, false)]
    [InlineData(ReservationLoss.NoTransaction, 10, false)]
    public void A_station_that_keeps_it_no_more_says_so(ReservationLoss why, int afterMinutes, bool isKept)
    {
        var order = Hold();
        _site.Now += TimeSpan.FromMinutes(afterMinutes);
        _site.Take(new ReservationLost("CP-2", order.Number, why)); // S10: not its own
        Assert.False(_site.State.Reservations[order.Number].HeldByGateway);
        _site.Take(new ReservationLost("CP-1", order.Number, why));
        _site.Take(new ReservationLost("CP-1", order.Number, why));
        Assert.Equal(isKept, _site.State.Reservations.GetValueOrDefault(order.Number)?.HeldByGateway is true);
        Assert.Equal(isKept, _site.State.Sessions.Values.Any(s => s.Status is SessionStatus.Reservation));
    }

    private static Reserve Wish(SiteUnderTest site) => new(
        ExampleSite.Hub, new("DE", "MSP"), "R-1", Driver, site.Now.AddHours(1), "BER01", "CP-1-1", null, "REF-1", "https://hub.example/result");

    private Reserve Wish() => Wish(_site);

    private ReserveOrder Ask() => GrantedOrder(Wish());

    private ReserveOrder Hold()
    {
        var order = Ask();
        Settle(order, OrderOutcome.Accepted);
        return order;
    }

    private ReserveOrder GrantedOrder(Reserve wish)
    {
        Assert.NotNull(_site.Take(wish).OrderId);
        return Assert.IsType<ReserveOrder>(Assert.Single(_site.Orders));
    }

    private OrderOutcome Settle(Order order, OrderOutcome outcome) => _site.Take(new OrderSettled(order.Id, outcome, null)).Outcome;

    private static StartRemotely Start(Token token) => new(token.Hub, token, "BER01", "CP-1-1", null, null, null);

    private static Authorization Accepted(string uid, string? group) => new() { Status = AuthorizationStatus.Accepted, Token = Driver with { Uid = uid, GroupId = group } };
}
