using System.Text.Json.Nodes;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;
using EdgeGateway.Tests.Site;

namespace EdgeGateway.Tests.Hubs.Dialects;

/// <summary>What a hub hears of the meter that a session is billed by (checklist §9, §10: meter_id, remark).</summary>
public sealed class MeterRemarkTests
{
    private static readonly Party Party = new("DE", "ABC");

    [Theory]
    [InlineData("2.1.1")]
    [InlineData("2.2.1")]
    [InlineData("2.3.0")]
    public void A_cdr_names_the_meter_that_counted_and_says_what_the_other_said(string version)
    {
        var hub = HubDialects.For(version, new() { Name = ExampleSite.Hub })!;
        (string?, string?) Told(MeterUse use, long? own, long? site)
        {
            var place = new MeteredPlace(use, isNewer: false);
            place.Begin(own, site);
            place.Site.Now += TimeSpan.FromHours(1);
            place.End(own + 4_000, site + 4_100);
            var cdr = JsonNode.Parse(hub.Cdr(Party, place.Site.CdrOf(place.Number)!).Json!)!;
            Assert.Equal((string?)cdr["meter_id"], (string?)JsonNode.Parse(hub.Session(Party, place.Session).Json!)!["meter_id"]);
            return ((string?)cdr["meter_id"], (string?)cdr["remark"]);
        }
        Assert.Equal(("S-1", "Billed by the site's meter M-1; the charger's own meter says 4.000 kWh."), Told(MeterUse.Bill, 5_000_000, 70_000));
        Assert.Equal(("OWN-7", "Billed by the charger's own meter; the site's meter M-1 says 4.100 kWh."), Told(MeterUse.Check, 5_000_000, 70_000));
        Assert.Equal(("S-1", "Billed by the site's meter M-1."), Told(MeterUse.Auto, null, 70_000));
        Assert.Equal(
            ("OWN-7", "Billed by the charger's own meter. The meter that was to count was silent for a time."), Told(MeterUse.Bill, 5_000_000, null));
    }

    [Theory]
    [InlineData("2.1.1")]
    [InlineData("2.3.0")]
    public void Where_the_site_has_no_meter_nothing_is_said_of_one(string version)
    {
        var site = new SiteUnderTest();
        site.Take(new EdgeGateway.Site.Reports.StationBooted("CP-1", new("ACME", "One", null, null, "OWN-7")));
        var begun = site.Begin();
        site.Now += TimeSpan.FromHours(1);
        site.End(begun.Number, 104_000);
        var cdr = JsonNode.Parse(HubDialects.For(version, new() { Name = ExampleSite.Hub })!.Cdr(Party, site.CdrOf(begun.Number)!).Json!)!;
        Assert.Null(cdr["meter_id"]);
        Assert.Null(cdr["remark"]);
    }
}
