using System.Text.Json.Nodes;
using EdgeGateway.Chargers;
using EdgeGateway.Configuration;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Configuration;

public sealed class QuirkReadingTests
{
    [Fact]
    public void Quirk_files_lie_beside_the_configuration_and_keep_their_names()
    {
        using var folder = new SiteFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "quirks"));
        File.WriteAllText(Path.Combine(folder.Path, "quirks", "b.json"), """[ { "Vendor": "B*", "NeverAsked": true, "Because": "site trial" } ]""");
        File.WriteAllText(Path.Combine(folder.Path, "quirks", "a.json"), """{ "Model": "X?", "PingSeconds": 5, "Because": "site trial" } // comments are allowed""");
        folder.Set("Gateway:Ocpp:QuirkFiles", JsonNode.Parse("""[ "quirks/*.json" ]"""));

        var pages = folder.Configuration().Chargers.QuirkPages;

        Assert.Equal(["a.json", "b.json"], pages.Select(p => p.Source));
        Assert.True(pages[0].IsOf(new("any", "x1", null, null)));
        Assert.False(pages[0].IsOf(new("any", "x12", null, null)));
    }

    [Fact]
    public void A_quirk_file_that_breaks_a_rule_is_refused_with_file_path_and_what_is_expected()
    {
        using var folder = new SiteFolder();
        var file = Path.Combine(folder.Path, "q.json");
        File.WriteAllText(file, """[ { "Vendor": "B", "PingSeconds": "often", "Because": "x" }, { "Vendor": "C" } ]""");
        folder.Set("Gateway:Ocpp:QuirkFiles", JsonNode.Parse("""[ "q.json", "none-such.json" ]"""));

        var read = folder.Read();

        Assert.Null(read.Configuration);
        Assert.Contains($"{file}:0:PingSeconds: found \"often\", expected a whole number from 0 to 3600", read.Findings.Faults.Select(f => f.ToString()));
        Assert.Contains(read.Findings.Faults, f => f.Path == $"{file}:1:Because");
        Assert.Contains(read.Findings.Faults, f => f.Path == "Gateway:Ocpp:QuirkFiles:1");
    }

    [Fact]
    public async Task A_quirk_file_that_changes_counts_as_an_edit()
    {
        using var folder = new SiteFolder();
        var file = Path.Combine(folder.Path, "q.json");
        File.WriteAllText(file, """{ "Vendor": "B", "PingSeconds": 5, "Because": "x" }""");
        folder.Set("Gateway:Ocpp:QuirkFiles", "q.json");
        var watch = new ConfigurationWatch(folder.Configuration(), folder.Sources, new ManualClock(), NullLogger<ConfigurationWatch>.Instance);
        File.WriteAllText(file, """{ "Vendor": "B", "PingSeconds": 6, "Because": "x" }""");

        Assert.True(await watch.LookAsync((_, _) => Task.CompletedTask, TestContext.Current.CancellationToken));
        Assert.Equal(6, watch.Current.Chargers.QuirkPages.Single().Quirks.PingSeconds);
    }

    [Fact]
    public void Settings_of_all_and_of_one_station_and_strictness_are_read_and_numbers_need_no_quotes()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Ocpp:Settings", JsonNode.Parse("""{ "HeartbeatInterval": 600, "LocalPreAuthorize": true }"""));
        folder.Set("Gateway:Stations:0:Settings", JsonNode.Parse("""{ "MeterValuesSampledData": "Energy.Active.Import.Register", "OCPPCommCtrlr.HeartbeatInterval": "60" }"""));
        folder.Set("Gateway:Stations:0:Strict", true);

        var chargers = folder.Configuration().Chargers;

        Assert.Equal("600", chargers.Settings["heartbeatinterval"]);
        Assert.Equal("true", chargers.Settings["LocalPreAuthorize"]);
        var station = chargers.Station("CP-1")!;
        Assert.True(station.Strict);
        Assert.Equal("60", station.Settings["OCPPCommCtrlr.HeartbeatInterval"]);
        Assert.Null(station.Compression);
        Assert.Null(station.PingSeconds);
        Assert.True(station.IsSameAtDoor(new StationAccess { Id = "CP-1", Password = station.Password }));
    }

    [Theory]
    [InlineData("AuthorizationKey")]
    [InlineData("SecurityCtrlr.BasicAuthPassword")]
    public void A_password_is_no_setting_and_is_not_repeated(string key)
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Stations:0:Settings", new JsonObject { [key] = "canary-of-a-password" });
        var fault = Assert.Single(folder.Read().Findings.Faults);
        Assert.Equal($"Gateway:Stations:0:Settings:{key}", fault.Path);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_no_value_is_named_by_its_path()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Stations:0:Settings", JsonNode.Parse("""{ "A": { } }""")).Set("Gateway:Ocpp:Settings", JsonNode.Parse($$"""{ "B": "{{new string('x', 501)}}" }"""));
        Assert.Equal(["Gateway:Ocpp:Settings:B", "Gateway:Stations:0:Settings:A"], folder.Read().Findings.Faults.Select(f => f.Path).Order());
    }
}
