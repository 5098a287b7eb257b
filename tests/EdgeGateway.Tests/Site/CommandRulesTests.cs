using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

public sealed class CommandRulesTests
{
    private static readonly Token Driver = new() { Uid = "APP-USER-1", Type = TokenType.AppUser, Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = ExampleSite.Hub };
    private readonly SiteUnderTest _site = new();

    public CommandRulesTests()
    {
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        _site.Show(ConnectorState.Available);
        _site.Show(ConnectorState.Available, evse: 2);
    }

    [Fact]
    public void A_remote_start_is_pending_when_the_charger_agrees_and_active_with_its_transaction()
    {
        // S3, S4, K4, K5
        var grant = _site.Take(Start("CP-1-1"));
        var order = Assert.IsType<StartOrder>(Assert.Single(_site.Orders));
        Assert.Equal((grant.OrderId, "APP-USER-1"), (order.Id, order.IdTag));
        Assert.Empty(_site.Journal.Sessions);

        _site.Take(new OrderSettled(order.Id, OrderOutcome.Accepted, null));
        var pending = Assert.Single(_site.Journal.Sessions).Value;
        Assert.Equal((SessionStatus.Pending, AuthMethod.Command, "REF-1"), (pending.Status, pending.Authorization.Method, pending.Authorization.Reference));

        _site.Now += TimeSpan.FromMinutes(1);
        var begun = _site.Begin(tag: order.IdTag, authorization: Authorization.Refused(AuthorizationStatus.Invalid, "not asked"));
        Assert.Equal((pending.Number, pending.Id), (begun.Number, begun.SessionId));
        Assert.Equal(AuthorizationStatus.Accepted, begun.Authorization.Status);
        Assert.Equal(_site.Now, _site.Session(begun.Number).StartedAt);
        Assert.Empty(_site.State.Admissions);
    }

    [Fact]
    public void A_transaction_that_is_quicker_than_the_answer_is_the_same_session()
    {
        _site.Take(Start("CP-1-1"));
        var order = (StartOrder)_site.Orders[0];
        var begun = _site.Begin(tag: order.IdTag);
        _site.Take(new OrderSettled(order.Id, OrderOutcome.Accepted, null));
        Assert.Equal("REF-1", Assert.Single(_site.Journal.Sessions).Value.Authorization.Reference);
        Assert.Equal(SessionStatus.Active, _site.Session(begun.Number).Status);
    }

    [Fact]
    public void A_remote_start_that_no_transaction_follows_becomes_invalid()
    {
        _site.Take(Start("CP-1-1"));
        _site.Take(new OrderSettled(_site.Orders[0].Id, OrderOutcome.Accepted, null));
        _site.Journal.Owed.Clear();
        _site.Wait(TimeSpan.FromMinutes(16));
        var session = Assert.Single(_site.Journal.Sessions).Value;
        Assert.Equal(SessionStatus.Invalid, session.Status);
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.Session, session.Id), _site.Journal.Owed);
        Assert.Empty(_site.Journal.Cdrs);
    }

    [Fact]
    public void The_same_command_again_is_one_order()
    {
        // K8
        var first = _site.Take(Start("CP-1-1"));
        Assert.Single(_site.Orders);
        var second = _site.Take(Start("CP-1-1"));
        Assert.Equal(first.OrderId, second.OrderId);
        Assert.Empty(_site.Orders);
    }

    [Fact]
    public void A_uid_too_long_for_a_charger_goes_under_a_name_of_ours()
    {
        var token = Driver with { Uid = "a-token-of-thirty-six-characters-abc" };
        _site.Take(new StartRemotely(ExampleSite.Hub, token, "BER01", "CP-1-1", 1, null, null));
        var order = (StartOrder)_site.Orders[0];
        Assert.True(order.IdTag.Length <= 20);
        var begun = _site.Begin(tag: order.IdTag);
        Assert.Equal(token.Uid, _site.Session(begun.Number).Authorization.Token!.Uid);
    }

    [Fact]
    public void Without_an_EVSE_the_one_with_a_car_is_chosen()
    {
        // K3
        _site.Show(ConnectorState.Preparing, evse: 2);
        _site.Take(Start(null));
        Assert.Equal(2, ((StartOrder)_site.Orders[0]).At.Evse);
    }

    [Fact]
    public void An_EVSE_with_several_connectors_is_not_guessed_at_where_the_hub_could_have_named_one()
    {
        // K3, LO4; 2.1.1 has no member for it.
        var station = _site.State.Configuration.Stations[0];
        var evse = station.Evses[0];
        var two = evse with { Connectors = [.. evse.Connectors, evse.Connectors[0] with { Id = 2 }] };
        _site.Take(new Configure(_site.State.Configuration with { Stations = [station with { Evses = [two, .. station.Evses.Skip(1)] }, .. _site.State.Configuration.Stations.Skip(1)] }));
        var start = new StartRemotely(ExampleSite.Hub, Driver, "BER01", "CP-1-1", null, null, null);

        Assert.Equal(Refusal.ConnectorNotNamed, _site.Take(start with { CanName = true }).Refusal);
        Assert.Null(_site.Take(start with { CanName = true, Connector = 2 }).Refusal);
        Assert.Null(_site.Take(start).Refusal);
    }

    [Theory]
    [InlineData("NOWHERE", "CP-1-1", 1, Refusal.UnknownLocation)]
    [InlineData("BER01", "CP-9-1", 1, Refusal.UnknownEvse)]
    [InlineData("BER01", "CP-1-1", 2, Refusal.UnknownConnector)]
    [InlineData("BER01", "CP-2-1", 1, Refusal.StationOffline)]
    public void What_cannot_be_is_refused_with_its_reason(string location, string evse, int connector, Refusal expected) =>
        Assert.Equal(expected, _site.Take(new StartRemotely(ExampleSite.Hub, Driver, location, evse, connector, null, null)).Refusal);

    [Fact]
    public void An_occupied_connector_is_refused()
    {
        _site.Begin();
        Assert.Equal(Refusal.Occupied, _site.Take(Start("CP-1-1")).Refusal);
    }

    [Fact]
    public void Only_the_hub_whose_session_it_is_can_stop_it()
    {
        // K6
        var begun = _site.Begin();
        Assert.Equal(Refusal.UnknownSession, _site.Take(new StopRemotely("another hub", begun.SessionId)).Refusal);
        Assert.NotNull(_site.Take(new StopRemotely(ExampleSite.Hub, begun.SessionId)).OrderId);
        Assert.Equal(begun.Number, ((StopOrder)_site.Orders[0]).Number);
    }

    [Fact]
    public void Only_the_hub_whose_session_it_is_can_unlock_the_connector()
    {
        _site.Begin();
        Assert.Equal(Refusal.NotAllowed, _site.Take(new Unlock("another hub", "BER01", "CP-1-1", 1)).Refusal);
        Assert.NotNull(_site.Take(new Unlock(ExampleSite.Hub, "BER01", "CP-1-1", 1)).OrderId);
    }

    [Fact]
    public void An_accepted_card_holds_for_the_start_that_follows_and_is_used_up_by_it()
    {
        _site.Take(new AdmitToken("CP-1", ExampleSite.Card, ExampleSite.Accepted()));
        Assert.Single(_site.State.Admissions);
        var begun = _site.Begin(authorization: Authorization.Refused(AuthorizationStatus.Invalid, "not asked"));
        Assert.Equal(AuthorizationStatus.Accepted, begun.Authorization.Status);
        Assert.Empty(_site.State.Admissions);
    }

    private static StartRemotely Start(string? evse) => new(ExampleSite.Hub, Driver, "BER01", evse, evse is null ? null : 1, "REF-1", "correlation-1");
}
