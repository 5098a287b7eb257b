using System.Text;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers.Quirks;

public sealed class QuirkBookTests
{
    public static TheoryData<string, string, string?, string> Devices => new()
    {
        { "ABB", "CDT_TACW22::NET_WIFI", "TAC3Z9119006710273::V1.8.21", "abb.json" },
        { "Chargedot", "CDT_TACW7::NET_WIFI", "TAC1Z9118606710273::V1.4.2", "abb.json" },
        { "", "ACChargePoint", null, "huawei.json" },
        { "Keba AG", "KC-M20-E0LE02-020", "1.18.100", "keba.json" },
        { "United Chargers", "GRS-*", "05.43", "grizzl-e.json" },
        { "Wall Box Chargers", "PLP1-0-2-4", "6.7.38", "wallbox.json" },
        { "EN+", "37", "1.1.805", "enplus.json" },
        { "Etrel", "G-HB1V5CY20-A14", "5.4:5.0.5", "etrel.json" },
        { "Schneider Electric", "EVlink Smart Wallbox", "3.3.0.12", "schneider.json" },
        { "Phihong Technology", "EA702CxTFxPx", "V0.35.70.x007.PH", "phihong.json" },
        { "AEFA", "Home OCPP", "SW:A1B_2.8-HW:B07_0.5", "aefa.json" },
    };

    /// <summary>As these devices told of themselves in the field.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void A_device_finds_its_page_by_what_it_tells_at_boot(string vendor, string model, string? firmware, string file) =>
        Assert.Contains(QuirkBook.Embedded.Of(new StationIdentity(vendor, model, null, firmware)), p => p.Source == file);

    [Fact]
    public void Every_page_of_the_book_says_because_of_which_device_and_who_found_it_out()
    {
        Assert.NotEmpty(QuirkBook.Embedded);
        Assert.All(QuirkBook.Embedded, p => Assert.Matches("(FIELD-NOTES|#[0-9]+)", p.Quirks.Because!));
        Assert.Empty(QuirkBook.Embedded.Of(new StationIdentity("Vendor that nobody knows", "X", null, null)));
        Assert.Empty(QuirkBook.Embedded.Of(null));
    }

    [Theory]
    [InlineData("""{ "Vendor": "A" }""", "Because")]
    [InlineData("""{ "Because": "b" }""", "Vendor")]
    [InlineData("""[ { "Vendor": "A", "Because": "b" }, { "Vendor": "A", "Because": "b", "PingSeconds": 5000 } ]""", "1:PingSeconds")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "Ladder": [ { "Unit": "kW", "Kind": "Absolute", "StackLevel": 0 } ] }""", "Ladder:0:Unit")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "Ladder": [ { "Unit": "A", "Kind": "Absolute" } ] }""", "Ladder:0:StackLevel")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "MeterBase": "Sometimes" }""", "MeterBase")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "Compression": "no" }""", "Compression")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "AssumeProtocol": "ocpp1.5" }""", "AssumeProtocol")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "Measurands": [] }""", "Measurands")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "Settings": { "K": {} } }""", "Settings:K")]
    [InlineData("""{ "Vendor": "A", "Because": "b", "Pings": 3 }""", "Pings")]
    [InlineData("""[ 7 ]""", "0")]
    [InlineData("""{ "Vendor": """, "")]
    public void A_file_that_breaks_a_rule_has_no_pages_and_the_path_of_the_fault(string json, string path)
    {
        var read = QuirkFile.Read(Encoding.UTF8.GetBytes(json), "own.json");

        Assert.Empty(read.Pages);
        Assert.Contains(read.Faults, f => f.Path == path && f.Expected.Length > 0);
    }

    [Fact]
    public void The_stations_own_keys_go_before_what_was_learned_then_the_installers_files_then_the_book_each_with_its_origin()
    {
        var own = QuirkFile.Read("""
            { "Vendor": "ABB", "PingSeconds": 11, "IdTagSuffix": "_x", "NeverAsked": true, "Settings": { "a": "1" }, "Because": "our site" }
            """u8.ToArray(), "site.json").Pages;
        var pages = own.Of(new("ABB", "CDT_TACW22", null, null)).Concat(QuirkBook.Embedded.Of(new("ABB", "CDT_TACW22", null, null)));

        var known = StationQuirks.Of(new() { Id = "CP-1", IdTagSuffix = "_own" }, new() { WhDeclaredAsKwh = true, PingSeconds = 12 }, pages);

        Assert.Equal("_own", known.Quirks.IdTagSuffix);
        Assert.Equal(12, known.Quirks.PingSeconds);
        Assert.True(known.Quirks.NeverAsked);
        Assert.Equal(MeterBase.SessionInMeterValues, known.Quirks.MeterBase);
        Assert.Equal(0, known.Quirks.Ladder[0].StackLevel);
        Assert.Equal("1", known.Quirks.Settings["A"]);
        Assert.Equal("configuration", known.Values.Single(v => v.Name == "IdTagSuffix").Origin);
        Assert.Equal("learned", known.Values.Single(v => v.Name == "PingSeconds").Origin);
        Assert.Equal("site.json", known.Values.Single(v => v.Name == "NeverAsked").Origin);
        Assert.Equal("abb.json", known.Values.Single(v => v.Name == "Ladder").Origin);
        Assert.DoesNotContain(known.Values, v => v.Name == "Compression");
    }

    [Fact]
    public void A_page_with_nothing_to_set_is_a_hint_for_the_technician()
    {
        var known = StationQuirks.Of(new() { Id = "CP-1" }, null, QuirkBook.Embedded.Of(new("Schneider Electric", "EVlink Smart Wallbox", null, null)));

        Assert.Contains("EM controlled by external system", Assert.Single(known.Values, v => v.Name == "Hint").Value, StringComparison.Ordinal);
    }
}
