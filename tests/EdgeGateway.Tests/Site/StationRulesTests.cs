using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Site.Rules;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

public sealed class StationRulesTests
{
    private readonly SiteUnderTest _site = new();

    [Theory]
    [InlineData(ConnectorState.Available, EvseStatus.Available)]
    [InlineData(ConnectorState.Preparing, EvseStatus.Charging)]
    [InlineData(ConnectorState.SuspendedEV, EvseStatus.Charging)]
    [InlineData(ConnectorState.Finishing, EvseStatus.Charging)]
    [InlineData(ConnectorState.Reserved, EvseStatus.Reserved)]
    [InlineData(ConnectorState.Unavailable, EvseStatus.Inoperative)]
    [InlineData(ConnectorState.Faulted, EvseStatus.OutOfOrder)]
    public void A_connectors_state_shows_as_its_EVSEs_status(ConnectorState state, EvseStatus expected)
    {
        // LO5
        Connect();
        _site.Show(state);
        Assert.Equal(expected, _site.State.StatusOf("CP-1", 1, _site.Now));
        Assert.Contains(new Delivery(ExampleSite.Hub, DeliveryKind.EvseStatus, "CP-1-1"), _site.Journal.Owed);
    }

    [Fact]
    public void A_station_without_a_line_is_unknown_after_a_grace_and_back_at_once()
    {
        Connect();
        _site.Show(ConnectorState.Available);
        _site.Take(new StationDisconnected("CP-1", "cut"));
        Assert.Equal(EvseStatus.Available, _site.State.StatusOf("CP-1", 1, _site.Now));
        _site.Journal.Owed.Clear();
        _site.Wait(TimeSpan.FromMinutes(3));
        Assert.Equal(EvseStatus.Unknown, _site.State.StatusOf("CP-1", 1, _site.Now));
        Assert.Contains(_site.Journal.Owed, d => d.Kind == DeliveryKind.EvseStatus);
        Connect();
        Assert.Equal(EvseStatus.Available, _site.State.StatusOf("CP-1", 1, _site.Now));
    }

    [Fact]
    public void A_jump_of_our_clock_shortens_no_grace()
    {
        // I15
        Connect();
        _site.Show(ConnectorState.Available);
        _site.Take(new StationDisconnected("CP-1", "cut"));
        var jump = TimeSpan.FromDays(3650);
        _site.Now += jump;
        _site.Take(new ClockJumped(jump));
        Assert.Equal(EvseStatus.Available, _site.State.StatusOf("CP-1", 1, _site.Now));
        _site.Wait(TimeSpan.FromMinutes(3));
        Assert.Equal(EvseStatus.Unknown, _site.State.StatusOf("CP-1", 1, _site.Now));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_station_that_the_file_names_no_more_is_a_stranger(bool afterARestart)
    {
        // S2; and one that was let in by hand stays in.
        _site.Take(new StationConnected("CP-2", "OCPP 1.6", "127.0.0.1"));
        _site.Take(new StationConnected("NEW-1", "OCPP 1.6", "127.0.0.1"));
        _site.Take(new AcceptStation("NEW-1"));
        if (afterARestart)
            _site.Restart();
        _site.Take(new Configure(ExampleSite.Create(stations: 1)));
        Assert.Equal(Admission.Pending, _site.State.Stations["CP-2"].Admission);
        Assert.Equal(Admission.Pending, _site.Take(new StationBooted("CP-2", new("ACME", "One", null, null))));
        Assert.Equal(Admission.Accepted, _site.State.Stations["NEW-1"].Admission);
        _site.Take(new Configure(ExampleSite.Create()));
        Assert.Equal(Admission.Accepted, _site.State.Stations["CP-2"].Admission);
    }

    [Fact]
    public void An_old_state_from_a_queue_never_overrides_a_newer_one()
    {
        // FIELD-NOTES 3
        Connect();
        _site.Show(ConnectorState.Preparing);
        _site.Show(ConnectorState.Faulted, told: _site.Now.AddHours(-1));
        Assert.Equal(EvseStatus.Charging, _site.State.StatusOf("CP-1", 1, _site.Now));
    }

    [Fact]
    public void A_change_moves_the_EVSE_and_its_location_but_no_other_EVSE()
    {
        // P6
        Connect();
        var other = _site.State.LastUpdated(StampName.Evse("CP-1-2"));
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Show(ConnectorState.Preparing);
        Assert.Equal(_site.Now, _site.State.LastUpdated(StampName.Evse("CP-1-1")));
        Assert.Equal(_site.Now, _site.State.LastUpdated(StampName.Location("BER01")));
        Assert.Equal(other, _site.State.LastUpdated(StampName.Evse("CP-1-2")));
        Assert.True(other < _site.Now);
    }

    [Fact]
    public void The_same_state_again_changes_nothing()
    {
        Connect();
        _site.Show(ConnectorState.Available);
        var stamp = _site.State.LastUpdated(StampName.Location("BER01"));
        _site.Journal.Owed.Clear();
        _site.Now += TimeSpan.FromMinutes(1);
        _site.Show(ConnectorState.Available);
        Assert.Equal(stamp, _site.State.LastUpdated(StampName.Location("BER01")));
        Assert.Empty(_site.Journal.Owed);
    }

    [Fact]
    public void The_same_configuration_after_a_restart_owes_nothing_anew()
    {
        _site.Journal.Owed.Clear();
        _site.Restart();
        _site.Now += TimeSpan.FromDays(1);
        _site.Take(new Configure(ExampleSite.Create()));
        Assert.Empty(_site.Journal.Owed);
    }

    [Fact]
    public void A_changed_connector_moves_connector_EVSE_and_location_and_owes_the_location()
    {
        _site.Journal.Owed.Clear();
        _site.Now += TimeSpan.FromMinutes(1);
        var station = _site.Configuration.Stations[0];
        var evse = station.Evses[0];
        var stronger = station with { Evses = station.Evses.SetItem(0, evse with { Connectors = [evse.Connectors[0] with { MaxAmperage = 63 }] }) };
        _site.Take(new Configure(_site.Configuration with { Stations = _site.Configuration.Stations.SetItem(0, stronger) }));
        Assert.Equal(_site.Now, _site.State.LastUpdated(StampName.Connector("CP-1-1", 1)));
        Assert.Equal(_site.Now, _site.State.LastUpdated(StampName.Evse("CP-1-1")));
        Assert.Equal(_site.Now, _site.State.LastUpdated(StampName.Location("BER01")));
        Assert.Equal([new Delivery(ExampleSite.Hub, DeliveryKind.Location, "BER01")], _site.Journal.Owed);
    }

    [Fact]
    public void A_station_that_is_not_published_is_no_hubs_business()
    {
        var site = new SiteUnderTest(ExampleSite.Create() with { Stations = [ExampleSite.Station("CP-1") with { Publish = false }] });
        site.Journal.Owed.Clear();
        site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        site.Show(ConnectorState.Available);
        var begun = site.Begin();
        site.End(begun.Number, 101_000);
        Assert.Empty(site.Journal.Owed);
        Assert.Equal(Refusal.UnknownEvse, site.Take(new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, "CP-1-1", 1, null, null)).Refusal);
    }

    [Theory]
    [InlineData(UnknownStations.Accept, Admission.Accepted)]
    [InlineData(UnknownStations.Pending, Admission.Pending)]
    [InlineData(UnknownStations.Reject, Admission.Rejected)]
    public void A_station_that_nobody_knows_is_admitted_as_configured(UnknownStations rule, Admission expected)
    {
        var site = new SiteUnderTest(ExampleSite.Create() with { UnknownStations = rule });
        Assert.Equal(expected, site.Take(new StationBooted("NEW-1", new("ACME", "One", null, null))));
        if (expected == Admission.Pending)
        {
            Assert.True(site.Take(new AcceptStation("NEW-1")));
            Assert.Equal(Admission.Accepted, site.Take(new StationBooted("NEW-1", new("ACME", "One", null, null))));
        }
    }

    private void Connect() => _site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
}
