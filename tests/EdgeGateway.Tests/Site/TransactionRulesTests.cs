using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;
using static EdgeGateway.Site.Reports.TransactionPhase;

namespace EdgeGateway.Tests.Site;

public sealed class TransactionRulesTests
{
    private readonly SiteUnderTest _site = new();

    [Fact]
    public void A_transaction_is_one_session_from_its_first_event_to_its_cdr()
    {
        var begun = _site.Tell(Started, 0, tag: ExampleSite.Card, charging: ChargingPhase.EVConnected, register: 100_000);
        Assert.Equal(SessionStatus.Active, _site.Session(begun.Number).Status);
        _site.Now += TimeSpan.FromMinutes(10);
        var running = _site.Tell(Updated, 1, charging: ChargingPhase.Charging, register: 101_000);
        Assert.Equal(0.49m, running.Cost!.Total.ExclVat);
        _site.Now += TimeSpan.FromMinutes(10);
        var ended = _site.Tell(Ended, 2, register: 102_000);
        Assert.Equal((begun.Number, 0.98m), (ended.Number, ended.Cost!.Total.ExclVat));
        var session = _site.Session(begun.Number);
        Assert.Equal((SessionStatus.Completed, 2_000L, 100_000L, 102_000L, SessionFlags.None), (session.Status, session.EnergyWh, session.MeterStartWh, session.MeterStopWh, session.Flags));
        var cdr = _site.CdrOf(begun.Number)!;
        Assert.Equal(2_000, cdr.Bill.EnergyWh);
        Assert.Null(cdr.Session.Heard);
    }

    [Fact]
    public void An_event_said_again_is_one_event_even_after_the_end_and_a_restart()
    {
        // I8, FIELD-NOTES 23: Solidstudio gives every event the number 0.
        var told = _site.Now;
        var begun = _site.Tell(Started, 0, told, ExampleSite.Card, ChargingPhase.Charging, 100_000);
        Assert.True(_site.Tell(Started, 0, told, ExampleSite.Card, ChargingPhase.Charging, 100_000).Repeated);
        _site.Now += TimeSpan.FromMinutes(10);
        Assert.False(_site.Tell(Updated, 0, register: 101_000).Repeated);
        _site.Now += TimeSpan.FromMinutes(10);
        var end = _site.Now;
        _site.Tell(Ended, 0, register: 102_000);
        var cdr = _site.CdrOf(begun.Number);
        _site.Restart();
        Assert.True(_site.Tell(Ended, 0, end, register: 102_000).Repeated);
        Assert.Equal(begun.Number, _site.Tell(Started, 0, told, ExampleSite.Card, ChargingPhase.Charging, 100_000).Number);
        Assert.Same(cdr, Assert.Single(_site.Journal.Cdrs).Value);
        Assert.False(_site.Session(begun.Number).Flags.HasFlag(SessionFlags.EventsMissing));
    }

    [Fact]
    public void Plugged_in_before_anybody_is_known_it_is_nobodys_and_begins_with_the_token()
    {
        // TxStartPoint EVConnected
        var start = _site.Now;
        var begun = _site.Tell(Started, 0, charging: ChargingPhase.EVConnected, register: 100_000, trigger: "CablePluggedIn");
        var session = _site.Session(begun.Number);
        Assert.Equal((SessionStatus.Pending, null), (session.Status, session.Hub));
        Assert.Null(begun.Cost);
        Assert.DoesNotContain(_site.Journal.Owed, d => d.Kind == DeliveryKind.Session);
        _site.Now += TimeSpan.FromMinutes(5);
        _site.Tell(Updated, 1, tag: ExampleSite.Card, trigger: "Authorized");
        session = _site.Session(begun.Number);
        Assert.Equal((SessionStatus.Active, ExampleSite.Hub, start.AddMinutes(5)), (session.Status, session.Hub, session.StartedAt));
        Assert.Contains(_site.Deliveries, d => d.Kind == DeliveryKind.Session);
    }

    [Fact]
    public void Authorized_before_anything_is_plugged_in_it_begins_with_the_plug()
    {
        // TxStartPoint Authorized
        var start = _site.Now;
        var begun = _site.Tell(Started, 0, tag: ExampleSite.Card, trigger: "Authorized", register: 100_000);
        Assert.Equal((SessionStatus.Pending, ExampleSite.Hub), (_site.Session(begun.Number).Status, _site.Session(begun.Number).Hub));
        _site.Now += TimeSpan.FromMinutes(2);
        _site.Tell(Updated, 1, charging: ChargingPhase.EVConnected, trigger: "CablePluggedIn");
        Assert.Equal((SessionStatus.Active, start.AddMinutes(2)), (_site.Session(begun.Number).Status, _site.Session(begun.Number).StartedAt));
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Tell(Ended, 2, register: 101_000);
        Assert.Equal((1_000L, TimeSpan.FromMinutes(10)), (_site.CdrOf(begun.Number)!.Bill.EnergyWh, _site.CdrOf(begun.Number)!.Bill.Duration));
    }

    [Fact]
    public void Nobody_shown_and_nothing_charged_is_no_bill_and_no_hubs_business()
    {
        var begun = _site.Tell(Started, 0, charging: ChargingPhase.EVConnected, register: 100_000);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Tell(Ended, 1, register: 100_000);
        Assert.Equal(SessionStatus.Invalid, _site.Session(begun.Number).Status);
        Assert.Empty(_site.Journal.Cdrs);
        Assert.DoesNotContain(_site.Journal.Owed, d => d.Kind is DeliveryKind.Session or DeliveryKind.Cdr);
        Assert.Null(_site.State.OccupantOf(SiteUnderTest.At()));
    }

    [Fact]
    public void What_was_charged_without_a_driver_is_billed_on_site_only()
    {
        var begun = _site.Tell(Started, 0, charging: ChargingPhase.EVConnected, register: 100_000);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Tell(Updated, 1, charging: ChargingPhase.Charging, register: 100_000);
        Assert.Equal(SessionStatus.Pending, _site.Session(begun.Number).Status);
        _site.Now += TimeSpan.FromMinutes(10);
        _site.Tell(Ended, 2, register: 101_000);
        Assert.Equal(1_000, _site.CdrOf(begun.Number)!.Bill.EnergyWh);
        Assert.True(_site.Session(begun.Number).Flags.HasFlag(SessionFlags.Unauthorized));
        Assert.DoesNotContain(_site.Journal.Owed, d => d.Kind is DeliveryKind.Session or DeliveryKind.Cdr);
        Assert.True(_site.Raised("SessionWithoutOwner"));
    }
}
