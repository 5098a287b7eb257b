using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

public sealed class LimitRulesTests
{
    private static readonly ChargingLimits Limits = new() { Unit = LimitUnit.Amperes, Steps = [new(TimeSpan.Zero, 8m)] };
    private readonly SiteUnderTest _site = new();

    public LimitRulesTests()
    {
        _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        _site.Show(ConnectorState.Available);
    }

    [Fact]
    public void A_hub_limits_its_own_running_session()
    {
        // CP1
        var begun = _site.Begin();
        Assert.Equal(Refusal.UnknownSession, _site.Take(new LimitCharging("another", begun.SessionId, Limits)).Refusal);
        Assert.Equal(Refusal.UnknownSession, _site.Take(new LimitCharging(ExampleSite.Hub, "no such", Limits)).Refusal);
        Assert.NotNull(_site.Take(new LimitCharging(ExampleSite.Hub, begun.SessionId, Limits)).OrderId);
        var order = Assert.IsType<LimitOrder>(Assert.Single(_site.Orders));
        Assert.Equal((begun.Number, Limits), (order.Number, order.Limits));
        _site.End(begun.Number, 100_100);
        _site.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(Refusal.UnknownSession, _site.Take(new LimitCharging(ExampleSite.Hub, begun.SessionId, null)).Refusal);
    }

    [Fact]
    public void Asked_again_within_seconds_it_is_too_often()
    {
        var begun = _site.Begin();
        Assert.NotNull(_site.Take(new AskLimits(ExampleSite.Hub, begun.SessionId, TimeSpan.FromHours(1))).OrderId);
        Assert.Equal((begun.Number, LimitUnit.Amperes), (((AskLimitsOrder)_site.Orders[0]).Number, ((AskLimitsOrder)_site.Orders[0]).Unit));
        Assert.Equal(Refusal.TooOften, _site.Take(new AskLimits(ExampleSite.Hub, begun.SessionId, TimeSpan.FromHours(1))).Refusal);
        Assert.NotNull(_site.Take(new LimitCharging(ExampleSite.Hub, begun.SessionId, Limits)).OrderId);
        _site.Now += TimeSpan.FromSeconds(5);
        Assert.NotNull(_site.Take(new AskLimits(ExampleSite.Hub, begun.SessionId, TimeSpan.FromHours(1))).OrderId);
    }

    [Fact]
    public void Without_a_line_it_is_refused()
    {
        var begun = _site.Begin();
        _site.Take(new StationDisconnected("CP-1", "gone"));
        Assert.Equal(Refusal.StationOffline, _site.Take(new LimitCharging(ExampleSite.Hub, begun.SessionId, null)).Refusal);
    }
}
