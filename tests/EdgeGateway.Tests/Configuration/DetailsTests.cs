using System.Text.Json.Nodes;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Configuration;

/// <summary>What is told of the place, who is shown what, and on which terms.</summary>
public sealed class DetailsTests
{
    private const string Evse = "Gateway:Stations:0:Evses:0";
    private const string Connector = $"{Evse}:Connectors:0";

    [Fact]
    public void A_place_is_told_of_in_the_standards_own_words()
    {
        using var folder = new SiteFolder();
        Set(folder, "Gateway:Site:State", "\"Berlin\"");
        Set(folder, "Gateway:Site:ParkingType", "\"PARKING_LOT\"");
        Set(folder, "Gateway:Site:OpeningTimes", """
            { "twentyfourseven": false, "regular_hours": [ { "weekday": 1, "period_begin": "08:00", "period_end": "20:00" } ],
              "exceptional_closings": [ { "period_begin": "2026-12-24T00:00:00Z", "period_end": "2026-12-27T00:00:00Z" } ] }
            """);
        Set(folder, "Gateway:Site:Images", """[ { "url": "https://example.com/a.jpg", "category": "ENTRANCE", "type": "jpeg", "width": 800 } ]""");
        Set(folder, "Gateway:Site:EnergyMix", """
            { "is_green_energy": true, "energy_sources": [ { "source": "GENERAL_GREEN", "percentage": 100 } ],
              "environ_impact": [ { "category": "CARBON_DIOXIDE", "amount": 12.5 } ], "supplier_name": "Sun" }
            """);
        Set(folder, "Gateway:Site:Facilities", """[ "HOTEL", "WIFI" ]""");
        Set(folder, "Gateway:Site:Directions", """[ { "language": "de", "text": "Durch das Tor" } ]""");
        Set(folder, "Gateway:Site:Operator", """{ "name": "Op", "website": "https://op.example.com" }""");
        Set(folder, "Gateway:Site:Suboperator", """{ "name": "Sub" }""");
        Set(folder, "Gateway:Site:Owner", """{ "name": "Own", "logo": { "url": "https://example.com/l.png", "category": "OWNER", "type": "png" } }""");
        Set(folder, "Gateway:Site:RelatedLocations", """[ { "latitude": "52.53210", "longitude": "13.38490", "name": { "language": "en", "text": "Gate" } } ]""");
        Set(folder, "Gateway:Site:ChargingWhenClosed", "false");
        Set(folder, "Gateway:Site:ParkingPlaces", """[ { "id": "P1", "vehicle_types": [ "PERSONAL_VEHICLE" ], "restricted_to_type": true, "reservation_required": false, "time_limit": 240 } ]""");
        Set(folder, "Gateway:Site:HelpPhone", "\"+49 30 1234\"");
        Set(folder, "Gateway:Site:PublishAllowedTo", """[ { "group_id": "FLEET" }, { "uid": "04A2", "type": "RFID" } ]""");
        Set(folder, $"{Evse}:FloorLevel", "\"-1\"");
        Set(folder, $"{Evse}:Coordinates", """{ "latitude": "52.53211", "longitude": "13.38491" }""");
        Set(folder, $"{Evse}:ParkingRestrictions", """[ "DISABLED" ]""");
        Set(folder, $"{Evse}:Capabilities", """[ "CREDIT_CARD_PAYABLE" ]""");
        Set(folder, $"{Evse}:Parking", """[ { "parking_id": "P1", "evse_position": "LEFT" } ]""");
        Set(folder, $"{Evse}:AcceptedServiceProviders", """[ "Example" ]""");
        Set(folder, $"{Evse}:StatusSchedule", """[ { "period_begin": "2026-04-01T00:00:00Z", "status": "OUTOFORDER" } ]""");
        Set(folder, $"{Connector}:TermsAndConditions", "\"https://example.com/terms\"");
        Set(folder, $"{Connector}:Capabilities", """[ "ISO_15118_2_PLUG_AND_CHARGE" ]""");
        Assert.Empty(folder.Read().Findings.Unknown);
        var site = folder.Configuration().Site;
        var details = site.Details;
        Assert.Equal(("Berlin", "PARKING_LOT"), (site.Site.State, site.Site.ParkingType));
        Assert.Equal(new OpeningHours(1, new(8, 0), new(20, 0)), Assert.Single(details.OpeningTimes!.Regular));
        Assert.Equal(new(2026, 12, 27, 0, 0, 0, TimeSpan.Zero), Assert.Single(details.OpeningTimes.ExceptionalClosings).End);
        Assert.Equal(new Picture("https://example.com/a.jpg", "ENTRANCE", "jpeg") { Width = 800 }, Assert.Single(details.Images));
        Assert.Equal((true, "Sun", new EnergyShare("GENERAL_GREEN", 100), new EnergyShare("CARBON_DIOXIDE", 12.5m)), (details.EnergyMix!.IsGreen, details.EnergyMix.Supplier, details.EnergyMix.Sources[0], details.EnergyMix.Impacts[0]));
        Assert.Equal(["HOTEL", "WIFI"], details.Facilities);
        Assert.Equal(new LocalizedText("de", "Durch das Tor"), Assert.Single(details.Directions));
        Assert.Equal(("https://op.example.com", "Sub", "OWNER"), (details.Operator!.Website, details.Suboperator!.Name, details.Owner!.Logo!.Category));
        Assert.Equal(new RelatedPlace(new(52.5321m, 13.3849m), new("en", "Gate")), Assert.Single(details.RelatedLocations));
        Assert.Equal((false, "+49 30 1234"), (details.ChargingWhenClosed, details.HelpPhone));
        Assert.Equal(("P1", 240m, true), (details.ParkingPlaces[0].Id, details.ParkingPlaces[0].TimeLimit, details.ParkingPlaces[0].RestrictedToType));
        Assert.Equal(["FLEET", null], details.PublishAllowedTo.Select(a => a.GroupId));
        Assert.Equal(TokenType.Rfid, details.PublishAllowedTo[1].Type);
        var evse = site.Stations[0].Evses[0];
        Assert.Equal(("-1", new GeoPoint(52.53211m, 13.38491m)), (evse.Details!.FloorLevel, evse.Details.Coordinates));
        Assert.Equal(["DISABLED", "CREDIT_CARD_PAYABLE", "Example"], [.. evse.Details.ParkingRestrictions, .. evse.Details.Capabilities, .. evse.Details.AcceptedServiceProviders]);
        Assert.Equal(new ParkingOfEvse("P1", "LEFT"), Assert.Single(evse.Details.Parking));
        Assert.Equal(EvseStatus.OutOfOrder, Assert.Single(evse.Details.StatusSchedule).Status);
        Assert.Equal("https://example.com/terms", evse.Connectors[0].TermsAndConditionsUrl);
        Assert.Equal(["ISO_15118_2_PLUG_AND_CHARGE"], evse.Connectors[0].Capabilities);
    }

    [Theory]
    [InlineData("Gateway:Site:ParkingType", "\"GARAGE\"", "")]
    [InlineData("Gateway:Site:State", "\"A state of more than twenty characters\"", "")]
    [InlineData("Gateway:Site:OpeningTimes", """{ "twentyfourseven": true, "regular_hours": [ { "weekday": 1, "period_begin": "08:00", "period_end": "20:00" } ] }""", "")]
    [InlineData("Gateway:Site:OpeningTimes", """{ "twentyfourseven": false }""", "")]
    [InlineData("Gateway:Site:OpeningTimes", """{ "twentyfourseven": false, "regular_hours": [ { "weekday": 8, "period_begin": "08:00", "period_end": "20:00" } ] }""", ":regular_hours:0:weekday")]
    [InlineData("Gateway:Site:OpeningTimes", """{ "twentyfourseven": true, "exceptional_closings": [ { "period_begin": "2026-12-27T00:00:00Z", "period_end": "2026-12-24T00:00:00Z" } ] }""", ":exceptional_closings:0:period_end")]
    [InlineData("Gateway:Site:Images", """[ { "url": "a.jpg", "category": "ENTRANCE", "type": "jpeg" } ]""", ":0:url")]
    [InlineData("Gateway:Site:Facilities", """[ "POOL" ]""", ":0")]
    [InlineData("Gateway:Site:HelpPhone", "\"+49 30 1234567890 1234567890\"", "")]
    [InlineData("Gateway:Site:Operator", """{ "website": "https://op.example.com" }""", ":name")]
    [InlineData("Gateway:Site:PublishAllowedTo", "[ { } ]", ":0")]
    [InlineData("Gateway:Site:PublishAllowedTo", """[ { "uid": "04A2" } ]""", ":0:type")]
    [InlineData("Gateway:Site:ParkingPlaces", """[ { "id": "P1", "vehicle_types": [], "restricted_to_type": true, "reservation_required": false } ]""", ":0:vehicle_types")]
    [InlineData($"{Evse}:FloorLevel", "\"ground\"", "")]
    [InlineData($"{Evse}:Coordinates", """{ "latitude": "north", "longitude": "13.38491" }""", ":latitude")]
    [InlineData($"{Evse}:Capabilities", """[ "FLYING" ]""", ":0")]
    [InlineData($"{Evse}:Parking", """[ { "parking_id": "P9" } ]""", ":0:parking_id")]
    [InlineData($"{Evse}:Publish", """[ "nobody" ]""", ":0")]
    [InlineData($"{Connector}:Publish", "\"sometimes\"", "")]
    [InlineData($"{Connector}:TermsAndConditions", "\"see website\"", "")]
    [InlineData("Gateway:Tariffs:0:tax_included", "\"PERHAPS\"", "")]
    public void What_breaks_the_standard_is_named_by_its_path(string path, string value, string below)
    {
        using var folder = new SiteFolder();
        Set(folder, path, value);
        var read = folder.Read();
        Assert.Null(read.Configuration);
        Assert.Equal(path + below, Assert.Single(read.Findings.Faults).Path);
    }

    [Fact]
    public void An_audience_is_everybody_nobody_or_hubs_by_name()
    {
        using var folder = WithHubs();
        Set(folder, "Gateway:Stations:0:Publish", """[ "ONE", "two" ]""");
        Set(folder, $"{Evse}:Publish", "true");
        Set(folder, $"{Connector}:Publish", """[ "two" ]""");
        var site = folder.Configuration().Site;
        var station = site.Stations[0];
        Assert.Equal((Audience.Only("one", "two"), Audience.All, Audience.Only("two")), (station.Publish, station.Evses[0].Publish, station.Evses[0].Connectors[0].Publish));
        Set(folder, "Gateway:Stations:0:Publish", "false");
        Set(folder, $"{Evse}:EvseId", "null");
        Assert.Equal(Audience.None, folder.Configuration().Site.Stations[0].Publish);
    }

    [Fact]
    public void A_hub_has_its_own_tariffs_and_its_own_interval()
    {
        using var folder = WithHubs();
        folder.Gateway["Tariffs"]!.AsArray().Add(JsonNode.Parse("""{ "Id": "AC-TWO", "Currency": "EUR", "tax_included": "YES", "Elements": [ { "price_components": [ { "type": "ENERGY", "price": 0.39, "step_size": 1 } ] } ] }"""));
        Set(folder, "Gateway:Hubs:1:Tariffs", """{ "ac": "ac-two" }""");
        Set(folder, "Gateway:Hubs:1:SessionUpdateSeconds", "300");
        var site = folder.Configuration().Site;
        Assert.Equal(("AC", "AC-TWO"), (site.Hub("one")!.TariffShown("AC"), site.Hub("two")!.TariffShown("AC")));
        Assert.Equal((null, TimeSpan.FromMinutes(5)), (site.Hub("one")!.SessionUpdateInterval, site.Hub("two")!.SessionUpdateInterval));
        Assert.Equal([TaxIncluded.No, TaxIncluded.Yes], site.Tariffs.Select(t => t.TaxIncluded));
        Assert.Equal(["AC"], site.TariffsFor("one").Select(t => t.Id));
        Assert.Equal(["AC-TWO"], site.TariffsFor("two").Select(t => t.Id));
    }

    [Fact]
    public void A_connector_that_hubs_see_without_a_price_is_worth_a_line()
    {
        using var folder = WithHubs();
        Set(folder, $"{Connector}:Tariffs", "[]");
        Assert.Contains(folder.Read().Findings.Notes, n => n.StartsWith($"{Connector} ", StringComparison.Ordinal));
        Set(folder, $"{Connector}:Publish", "false");
        Assert.DoesNotContain(folder.Read().Findings.Notes, n => n.StartsWith($"{Connector} ", StringComparison.Ordinal));
    }

    private static SiteFolder WithHubs()
    {
        var folder = new SiteFolder();
        Set(folder, "Gateway:Hubs", """[ { "Name": "one", "VersionsUrl": "https://one.example/versions" }, { "Name": "two", "VersionsUrl": "https://two.example/versions" } ]""");
        return folder;
    }

    private static void Set(SiteFolder folder, string path, string json) => folder.Set(path, JsonNode.Parse(json));
}
