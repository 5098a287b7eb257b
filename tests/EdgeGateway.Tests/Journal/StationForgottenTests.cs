using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Tests.Journal;

public sealed class StationForgottenTests
{
    [Fact]
    public async Task A_station_that_is_forgotten_leaves_no_row_and_may_come_back_as_new()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var stranger = new Station
        {
            Id = "STRANGER", Admission = Admission.Pending, LineChanged = fixture.Clock.GetUtcNow(),
            Connectors = ImmutableSortedDictionary<int, Connector>.Empty.Add(
                101, new() { At = new("STRANGER", 1, 1), State = ConnectorState.Available, Since = fixture.Clock.GetUtcNow(), Received = fixture.Clock.GetUtcNow() }),
        };
        await fixture.CommitAsync(new StationChanged(stranger));
        await fixture.CommitAsync(new StationForgotten("STRANGER"));
        Assert.Empty((await fixture.Store.Journal.LoadAsync(default)).Stations);
        await fixture.CommitAsync(new StationChanged(stranger with { Connectors = ImmutableSortedDictionary<int, Connector>.Empty }));
        Assert.Empty(Assert.Single((await fixture.Store.Journal.LoadAsync(default)).Stations).Connectors);
    }
}
