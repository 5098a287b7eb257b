using System.Text.Json.Nodes;
using EdgeGateway.Configuration;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Configuration;

public sealed class FaultTests
{
    [Theory]
    [InlineData("Gateway:Party:CountryCode", "\"XX\"", "\"XX\"")]
    [InlineData("Gateway:Party:PartyId", "\"ABCD\"", "\"ABCD\"")]
    [InlineData("Gateway:Site:Country", "\"DE\"", "\"DE\"")]
    [InlineData("Gateway:Site:Country", "\"GER\"", "\"GER\"")]
    [InlineData("Gateway:Site:TimeZone", "\"Berlin\"", "\"Berlin\"")]
    [InlineData("Gateway:Site:Latitude", "91", "\"91\"")]
    [InlineData("Gateway:Site:Longitude", "\"east\"", "\"east\"")]
    [InlineData("Gateway:Site:Name", "null", "nothing")]
    [InlineData("Gateway:Site:Id", "\"0123456789012345678901234567890123456\"", "\"0123456789012345678901234567890123456\"")]
    [InlineData("Gateway:Stations:0:Id", "\"CP/1\"", "\"CP/1\"")]
    [InlineData("Gateway:Stations:0:Evses", "[]", "nothing")]
    [InlineData("Gateway:Stations:0:Evses:0:EvseId", "\"ABC\"", "\"ABC\"")]
    [InlineData("Gateway:Stations:0:Evses:0:EvseId", "null", "nothing")]
    [InlineData("Gateway:Stations:0:Evses:0:Id", "0", "\"0\"")]
    [InlineData("Gateway:Stations:0:Evses:0:Connectors:0:Standard", "\"TYPE2\"", "\"TYPE2\"")]
    [InlineData("Gateway:Stations:0:Evses:0:Connectors:0:MaxVoltage", "\"high\"", "\"high\"")]
    [InlineData("Gateway:Stations:0:Evses:0:Connectors:0:Tariffs:0", "\"DC\"", "\"DC\"")]
    [InlineData("Gateway:LocalTokens:0:Uid", "null", "nothing")]
    [InlineData("Gateway:UnknownStations", "\"Maybe\"", "\"Maybe\"")]
    [InlineData("Gateway:Ocpp:Listen:0", "\"ws://0.0.0.0:8887\"", "\"ws://0.0.0.0:8887\"")]
    [InlineData("Gateway:Ocpp:Listen:0", "\"http://myhost:8887\"", "\"http://myhost:8887\"")]
    [InlineData("Gateway:Ocpi:Listen", "\"http://0.0.0.0:8889\"", "\"http://0.0.0.0:8889\"")]
    [InlineData("Gateway:Ocpi:PublicUrl", "\"http://gw.example.com/ocpi\"", "\"http://gw.example.com/ocpi\"")]
    [InlineData("Gateway:Admin:Listen", "\"http://0.0.0.0:8080\"", "\"http://0.0.0.0:8080\"")]
    [InlineData("Gateway:Storage:MaxSizeMb", "1", "\"1\"")]
    [InlineData("Gateway:Stations:0:AssumeProtocol", "\"ocpp1.5\"", "\"ocpp1.5\"")]
    [InlineData("Gateway:Stations:0:Strict", "\"very\"", "\"very\"")]
    [InlineData("Gateway:Stations:0:Settings", "[]", "\"[]\"")]
    [InlineData("Gateway:Ocpp:Settings", "\"x\"", "\"x\"")]
    [InlineData("Gateway:Mqtt:Broker", "\"tcp://127.0.0.1:1883\"", "\"tcp://127.0.0.1:1883\"")]
    [InlineData("Gateway:Mqtt:Broker", "\"mqtt://host/path\"", "\"mqtt://host/path\"")]
    [InlineData("Gateway:Mqtt:Broker", "\"mqtt://user:secret@host\"", "23 characters")]
    [InlineData("Gateway:Mqtt:BaseTopic", "\"a/+/b\"", "\"a/+/b\"")]
    [InlineData("Gateway:Mqtt:BaseTopic", "\"/a\"", "\"/a\"")]
    [InlineData("Gateway:Mqtt:DiscoveryPrefix", "\"$SYS\"", "\"$SYS\"")]
    [InlineData("Gateway:Mqtt:KeepAliveSeconds", "4", "\"4\"")]
    [InlineData("Gateway:Mqtt:EventLimit", "0", "\"0\"")]
    [InlineData("Gateway:Mqtt:Commands", "\"perhaps\"", "\"perhaps\"")]
    [InlineData("Gateway:Mqtt:Password", "[]", "2 characters")]
    public void A_value_that_breaks_a_limit_is_named_by_its_path(string path, string value, string found)
    {
        using var folder = new SiteFolder();
        var read = folder.Set(path, JsonNode.Parse(value)).Read();
        Assert.Null(read.Configuration);
        Assert.Contains(read.Findings.Faults, f => f.Path == path && f.Found == found && f.Expected.Length > 0);
    }

    [Fact]
    public void All_mistakes_are_told_in_one_go()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Site:Country", "Germany").Set("Gateway:Stations:0:Evses:0:EvseId", "x").Set("Gateway:Party:PartyId", "A");
        folder.Set("Gateway:Ocpp:HeartbeatSeconds", "soon").Set("Gateway:Tariffs:0:Elements:0:price_components:0:price", "cheap");
        var faults = folder.Read().Findings.Faults.Select(f => f.ToString()).ToList();
        Assert.True(faults.Count == 5, string.Join('\n', faults));
        Assert.Contains("""Gateway:Stations:0:Evses:0:EvseId: found "x", expected an EVSE id such as DE*ABC*E1001*1""", faults);
        Assert.Contains(faults, f => f.StartsWith("""Gateway:Tariffs:0:elements:0:price_components:0:price: found "cheap", expected """, StringComparison.Ordinal));
    }

    [Fact]
    public void Ids_are_unique_without_case()
    {
        using var folder = new SiteFolder();
        var stations = folder.Gateway["Stations"]!.AsArray();
        var twin = JsonNode.Parse(stations[0]!.ToJsonString())!;
        twin["Id"] = "cp-1";
        stations.Add(twin);
        folder.Gateway["LocalTokens"]!.AsArray().Add(JsonNode.Parse("""{ "Uid": "04a2b3c4" }"""));
        folder.Gateway["Tariffs"]!.AsArray().Add(JsonNode.Parse(folder.Gateway["Tariffs"]![0]!.ToJsonString()));
        var paths = folder.Read().Findings.Faults.Select(f => f.Path).ToList();
        Assert.Contains("Gateway:Stations:1:Id", paths);
        Assert.Contains("Gateway:Stations:1:Evses:0:EvseId", paths);
        Assert.Contains("Gateway:Stations:1:Evses:0:Uid", paths);
        Assert.Contains("Gateway:LocalTokens:1:Uid", paths);
        Assert.Contains("Gateway:Tariffs:1:id", paths);
    }

    [Fact]
    public void A_default_uid_that_would_be_too_long_is_told()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Stations:0:Id", new string('A', 35));
        Assert.Contains(folder.Read().Findings.Faults, f => f.Path == "Gateway:Stations:0:Evses:0:Uid");
    }

    [Fact]
    public void A_hub_needs_https_unless_it_is_on_this_machine_or_the_installer_says_otherwise()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Hubs", JsonNode.Parse("""[{ "Name": "h", "VersionsUrl": "http://hub.example/versions" }]"""));
        Assert.Contains(folder.Read().Findings.Faults, f => f.Path == "Gateway:Hubs:0:VersionsUrl");
        folder.Set("Gateway:Hubs:0:VersionsUrl", "http://127.0.0.1:9/versions");
        Assert.Empty(folder.Read().Findings.Faults);
        folder.Set("Gateway:Hubs:0:VersionsUrl", "http://hub.example/versions").Set("Gateway:Ocpi:AllowPlaintext", true);
        Assert.Empty(folder.Read().Findings.Faults);
    }

    [Fact]
    public void Off_loopback_the_admin_listener_needs_a_password_and_plain_http_the_installers_word()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Admin:Listen", "http://0.0.0.0:8080");
        Assert.Equal(["Gateway:Admin:Listen", "Gateway:Admin:Password"], folder.Read().Findings.Faults.Select(f => f.Path));
        folder.Set("Gateway:Admin:Password", "secret").Set("Gateway:Ocpi:AllowPlaintext", true);
        Assert.Empty(folder.Read().Findings.Faults);
    }

    [Fact]
    public void Secrets_are_never_shown()
    {
        using var folder = new SiteFolder();
        var canary = "canary-" + new string('x', 80);
        folder.Set("Gateway:Stations:0:Password", canary).Set("Gateway:Admin:Password", canary + canary);
        folder.Set("Gateway:Hubs", JsonNode.Parse($$"""[{ "Name": "h", "VersionsUrl": "https://h.example/v", "RegistrationToken": "{{canary}}" }]"""));
        var read = folder.Read();
        Assert.Equal(3, read.Findings.Faults.Count);
        Assert.DoesNotContain("canary", string.Join('\n', read.Findings.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_no_json_is_told_with_its_line()
    {
        using var folder = new SiteFolder();
        File.WriteAllText(folder.File, "{\n  \"Gateway\": {\n    oops\n}");
        var fault = Assert.Single(ConfigurationReader.Read(folder.Sources).Findings.Faults);
        Assert.Contains("line 3", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_stands_twice_is_told()
    {
        using var folder = new SiteFolder();
        File.WriteAllText(folder.File, folder.Json.ToJsonString().Replace("\"Party\":", "\"Site\":{},\"Party\":"));
        Assert.Single(ConfigurationReader.Read(folder.Sources).Findings.Faults);
    }

    [Fact]
    public void A_file_that_is_missing_is_told() =>
        Assert.EndsWith("found nothing, expected a configuration file", Assert.Single(ConfigurationReader.Read(new() { File = "/nowhere/x.json" }).Findings.Faults).ToString());
}
