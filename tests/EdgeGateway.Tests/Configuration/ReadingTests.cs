using System.Text.Json.Nodes;
using EdgeGateway.Configuration;
using EdgeGateway.Hubs;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Configuration;

public sealed class ReadingTests
{
    [Fact]
    public void The_example_that_is_shipped_has_no_fault_and_no_unknown_key()
    {
        var read = ConfigurationReader.Read(new() { File = Path.Combine(SiteFolder.Checkout, "appsettings.json") });
        Assert.Empty(read.Findings.Faults);
        Assert.Empty(read.Findings.Unknown);
        Assert.Empty(read.Findings.Notes);
        Assert.Equal(["CP-1"], read.Configuration!.Site.Stations.Select(s => s.Id));
        Assert.Equal(["CP-1-1", "CP-1-2"], read.Configuration.Site.Stations[0].Evses.Select(e => e.Uid));
        Assert.Equal("AC", Assert.Single(read.Configuration.Site.Tariffs).Id);
    }

    [Fact]
    public void Everything_arrives_where_it_belongs()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Ocpp:HeartbeatSeconds", 77).Set("Gateway:Ocpp:Listen", "http://*:8887").Set("Gateway:Ocpi:PublicUrl", "https://gw.example.com/ocpi/");
        folder.Set("Gateway:Hubs", JsonNode.Parse("""[{ "Name": "h", "VersionsUrl": "https://hub.example/versions", "RegistrationToken": "t", "TokenEncoding": "base64", "Versions": [ "2.2.1" ], "CountryCode": "de", "PartyId": "ENA", "Tariffs": { "AC": "AC" } }]"""));
        var configuration = folder.Configuration();
        Assert.Equal(new("DE", "ABC"), configuration.Site.Party);
        Assert.Equal(52.5321m, configuration.Site.Site.Latitude);
        Assert.Equal(TimeSpan.FromSeconds(77), configuration.Site.Timings.Heartbeat);
        Assert.Equal(77, configuration.Chargers.HeartbeatSeconds);
        Assert.Equal("a-password-of-length", configuration.Chargers.Station("cp-1")!.Password);
        Assert.Equal("http://0.0.0.0:8887", Assert.Single(configuration.Listeners.Ocpp).ToString());
        Assert.Equal("https://gw.example.com/ocpi", configuration.Hubs.PublicUrl);
        var hub = Assert.Single(configuration.Hubs.Hubs);
        Assert.Equal((HubTokenEncoding.Base64, "DE", "ENA", "AC"), (hub.TokenEncoding, hub.CountryCode, hub.PartyId, hub.Tariffs["ac"]));
        Assert.Equal(["h"], configuration.Site.Hubs.Select(h => h.Name));
        Assert.Equal(Path.Combine(folder.Path, "gateway.db"), configuration.Storage.Path);
        var component = Assert.Single(Assert.Single(configuration.Site.Tariffs[0].Elements).Components);
        Assert.Equal(new(PriceDimension.Energy, 0.45m, 19m, 1), component);
        Assert.Equal("DE", configuration.Site.LocalTokens[0].Owner.CountryCode);
    }

    [Fact]
    public void Keys_are_read_without_case_and_comments_and_trailing_commas_are_allowed()
    {
        using var folder = new SiteFolder();
        File.WriteAllText(folder.File, folder.Json.ToJsonString().Replace("\"Party\"", "// who\n\"PARTY\"").Replace("\"Name\":\"Example Charging\"", "\"name\":\"Example Charging\","));
        Assert.Equal("Example Charging", ConfigurationReader.Read(folder.Sources).Configuration!.Site.PartyName);
    }

    [Fact]
    public void The_environment_stands_above_the_file_and_credentials_above_both()
    {
        using var folder = new SiteFolder();
        folder.Environment["Gateway__Site__Name"] = "From the environment";
        folder.Environment["GATEWAY__OCPP__HeartbeatSeconds"] = "42";
        folder.Environment["Gateway__Stations__0__Password"] = "from-the-environment";
        folder.Environment["Gateway__LocalTokens__1__Uid"] = "CAFE";
        folder.Environment["Unrelated"] = "x";
        folder.Credentials = Directory.CreateDirectory(Path.Combine(folder.Path, "credentials")).FullName;
        File.WriteAllText(Path.Combine(folder.Credentials, "Gateway__Stations__0__Password"), "from-a-credential-file\n");
        var configuration = folder.Configuration();
        Assert.Equal("From the environment", configuration.Site.Site.Name);
        Assert.Equal(42, configuration.Chargers.HeartbeatSeconds);
        Assert.Equal("from-a-credential-file", configuration.Chargers.Stations[0].Password);
        Assert.Equal(["04A2B3C4", "CAFE"], configuration.Site.LocalTokens.Select(t => t.Uid));
    }

    [Fact]
    public void A_variable_that_leads_nowhere_is_told()
    {
        using var folder = new SiteFolder();
        folder.Environment["Gateway__Stations__7__Id"] = "CP-8";
        Assert.Contains(folder.Read().Findings.Faults, f => f.Path == "Gateway__Stations__7__Id");
    }

    [Fact]
    public void Totals_are_in_whole_coins_only_where_that_is_asked_for()
    {
        using var folder = new SiteFolder();
        Assert.False(folder.Configuration().Site.RoundTotals);
        Assert.True(folder.Set("Gateway:Ocpi:RoundTotals", true).Configuration().Site.RoundTotals);
    }

    [Fact]
    public void Tariffs_may_lie_in_files_beside_the_configuration()
    {
        using var folder = new SiteFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "tariffs"));
        File.WriteAllText(Path.Combine(folder.Path, "tariffs", "dc.json"),
            """{ "id": "DC", "currency": "EUR", "elements": [ { "price_components": [ { "type": "FLAT", "price": 1.5, "step_size": 1 } ], "restrictions": { "start_time": "08:30", "day_of_week": [ "MONDAY" ] } } ] }""");
        folder.Set("Gateway:TariffFiles", JsonNode.Parse("""[ "tariffs/*.json" ]"""));
        var tariff = folder.Configuration().Site.Tariff("dc")!;
        Assert.Equal(new TimeOnly(8, 30), tariff.Elements[0].Restrictions!.StartTime);
        Assert.Equal([DayOfWeek.Monday], tariff.Elements[0].Restrictions!.Days);
    }

    [Fact]
    public void A_misspelt_key_is_not_silent()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Stations:0:Evses:0:EvseID2", "x").Set("Gateway:Statoins", new JsonArray());
        Assert.Equal(["Gateway:Statoins", "Gateway:Stations:0:Evses:0:EvseID2"], folder.Read().Findings.Unknown.Select(u => u.Path));
    }
}
