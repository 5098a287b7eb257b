using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>An onboarding is rehearsed with the installer's file, which is left as it is.</summary>
public sealed class RehearseTests
{
    private const string Hub = """
        { "Name": "enapi", "VersionsUrl": "https://hub.example/ocpi/versions", "RegistrationToken": "abcdefgh12345678", "Versions": [ "VERSION" ],
          "CountryCode": "DE", "PartyId": "ENA" },
        """;

    private static readonly string Example = File.ReadAllText(Path.Combine(Checkout.Root, "appsettings.json"));

    [Theory]
    [InlineData("2.1.1")]
    [InlineData("2.2.1")]
    [InlineData("2.3.0")]
    public async Task The_example_passes_at_a_hub_of_any_version(string version)
    {
        var (code, output) = await RehearseAsync(WithHub(Example, version));
        Assert.True(code == 0, output);
        Assert.Contains($"OCPI {version}, tokens exchanged", output, StringComparison.Ordinal);
        Assert.Contains("All points passed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_hub_is_rehearsed_with_one_that_speaks_everything()
    {
        var (code, output) = await RehearseAsync(Example);
        Assert.True(code == 0, output);
        Assert.Contains("hub rehearsal (2.3.0, 2.2.1, 2.1.1)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connector_without_a_tariff_is_named()
    {
        var named = Example.IndexOf(", \"Tariffs\": [ \"AC\" ]", StringComparison.Ordinal);
        var (code, output) = await RehearseAsync(Example.Remove(named, ", \"Tariffs\": [ \"AC\" ]".Length));
        Assert.True(code == 1, output);
        Assert.Contains("FAIL without a tariff: CP-1-1/1", output, StringComparison.Ordinal);
        Assert.Contains("name a tariff in the connector's Tariffs", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_no_hub_is_shown_is_said_to_be_hidden()
    {
        var (code, output) = await RehearseAsync(Example.Replace("\"Publish\": true", "\"Publish\": false", StringComparison.Ordinal));
        Assert.True(code == 1, output);
        Assert.Contains("Publish is false", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tariff_that_the_hubs_version_cannot_show_is_named_with_the_reason()
    {
        var dear = Example.Replace("\"Elements\": [ {", "\"MinPrice\": { \"excl_vat\": 5 }, \"Elements\": [ {", StringComparison.Ordinal);
        var (code, output) = await RehearseAsync(WithHub(dear, "2.1.1"));
        Assert.True(code == 1, output);
        Assert.Contains("not shown in OCPI 2.1.1: AC: ", output, StringComparison.Ordinal);
        Assert.Contains("min_price", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_the_file_does_not_name_is_a_mistake()
    {
        var (code, output) = await RehearseAsync(Example, "--hub", "nobody");
        Assert.True(code == 1, output);
        Assert.Contains("names no hub nobody", output, StringComparison.Ordinal);
    }

    private static string WithHub(string file, string version) =>
        file.Replace("\"Hubs\": [", "\"Hubs\": [" + Hub.Replace("VERSION", version, StringComparison.Ordinal), StringComparison.Ordinal);

    private static async Task<(int Code, string Output)> RehearseAsync(string configuration, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("edge-gateway-").FullName;
        try
        {
            var file = Path.Combine(folder, "appsettings.json");
            await File.WriteAllTextAsync(file, configuration);
            await using var child = Child.Start(Checkout.Program, ["rehearse", "--config", file, .. arguments], folder);
            var code = await child.ExitAsync(Poll.Patience);
            // Neither the installer's database nor anything else was made.
            Assert.Equal([file], Directory.EnumerateFileSystemEntries(folder));
            return (code, child.Tail());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
