using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Tests.Conformance.Ocpi;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Tariffs as an installer writes them.</summary>
public sealed class ConfiguredTariffTests
{
    private static readonly OcpiParty Us = new("DE", "ABC");

    [Fact]
    public void The_configurations_spelling_and_what_we_know_ourselves_are_filled_in()
    {
        var read = ConfiguredTariff.Read("""
            { "Id": "AC", "Currency": "EUR", "TariffAltUrl": "https://sw.example/t", // as the driver sees it
              "Elements": [ { "price_components": [ { "type": "ENERGY", "price": "0.49", "vat": 19, "step_size": 1 } ], "restrictions": { "day_of_week": [ "SUNDAY" ] } }, ] }
            """, Us, Instances.Noon);
        Assert.True(read.IsValid, string.Join("; ", read.Faults));
        Assert.Equal(("DE", "ABC", "AC", "EUR", Instances.Noon), (read.Value.CountryCode, read.Value.PartyId, read.Value.Id, read.Value.Currency, read.Value.LastUpdated));
        Assert.Equal(0.49m, read.Value.Elements[0].PriceComponents[0].Price);
        Assert.Empty(OcpiJson.For(OcpiVersion.V221).Validate(read.Value));
    }

    [Fact]
    public void What_the_tariff_says_itself_stays()
    {
        var read = ConfiguredTariff.Read("""
            { "id": "AC", "country_code": "NL", "party_id": "XYZ", "last_updated": "2025-01-01T00:00:00Z", "currency": "EUR", "min_price": { "excl_vat": 1, "incl_vat": 1.19 },
              "elements": [ { "price_components": [ { "type": "FLAT", "price": 1, "step_size": 1 } ] } ] }
            """, Us, Instances.Noon);
        Assert.Equal(("NL", "XYZ", 2025, 1.19m), (read.Value!.CountryCode, read.Value.PartyId, read.Value.LastUpdated.Year, read.Value.MinPrice!.AfterTaxes));
    }

    [Fact]
    public void Every_mistake_is_named_with_its_place_in_one_go()
    {
        var read = ConfiguredTariff.Read("""
            { "Id": "AC", "Currency": "EURO",
              "Elements": [ { "price_components": [ { "type": "ENERGIE", "price": "cheap", "step_sise": 1 } ], "restrictions": { "start_time": "8:00", "day_of_week": [ "FUNDAY" ] } } ],
              "MinPrice": { "before_taxes": 1 } }
            """, Us, Instances.Noon);
        Assert.False(read.IsValid);
        Assert.Equal(
            [
                "currency", "elements[0].price_components[0].price", "elements[0].price_components[0].step_sise", "elements[0].price_components[0].step_size",
                "elements[0].price_components[0].type", "elements[0].restrictions.day_of_week[0]", "elements[0].restrictions.start_time", "min_price.before_taxes",
                "min_price.excl_vat",
            ],
            read.Faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
        Assert.Contains(read.Faults, fault => fault.Found == "\"cheap\"" && fault.Expected == "a number");
        Assert.Contains(read.Faults, fault => fault.Found == "\"ENERGIE\"" && fault.Expected == "one of ENERGY, FLAT, PARKING_TIME, TIME");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{ "Id": "AC" """)]
    public void What_is_no_tariff_at_all_is_one_fault(string text) => Assert.Single(ConfiguredTariff.Read(text, Us, Instances.Noon).Faults);

    [Fact]
    public void Every_tariff_of_the_specification_can_stand_in_a_configuration()
    {
        var files = Directory.GetFiles(OcpiExamples.Require("2.2.1/examples"), "tariffs_*.json");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(ConfiguredTariff.Read(File.ReadAllText(file), Us, Instances.Noon).Faults));
    }
}
