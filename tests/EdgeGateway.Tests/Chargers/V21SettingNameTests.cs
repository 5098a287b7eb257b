using EdgeGateway.Chargers.Dialects;

namespace EdgeGateway.Tests.Chargers;

public sealed class V21SettingNameTests
{
    [Theory]
    [InlineData("TxCtrlr.EVConnectionTimeOut", "TxCtrlr", null, null, null, "EVConnectionTimeOut", null)]
    [InlineData("EVSE@2.Power", "EVSE", null, 2, null, "Power", null)]
    [InlineData("Connector@1/3.Available", "Connector", null, 1, 3, "Available", null)]
    [InlineData("DeviceDataCtrlr.ItemsPerMessage(GetVariables)", "DeviceDataCtrlr", null, null, null, "ItemsPerMessage", "GetVariables")]
    [InlineData("Tariff(a.b)@0.Cost(x@y.z)", "Tariff", "a.b", 0, null, "Cost", "x@y.z")]
    [InlineData(" TxCtrlr . Interval ", "TxCtrlr", null, null, null, "Interval", null)]
    public void A_name_is_read_into_its_parts_and_written_back(string text, string component, string? instance, int? evse, int? connector, string variable, string? variableInstance)
    {
        var name = V21SettingName.Read(text)!;
        Assert.Equal((component, instance, evse, connector), (name.Component.Name, name.Component.Instance, name.Component.Evse?.Id, name.Component.Evse?.ConnectorId));
        Assert.Equal((variable, variableInstance), (name.Variable.Name, name.Variable.Instance));
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("MeterValueSampleInterval")]
    [InlineData(".Variable")]
    [InlineData("Component.")]
    [InlineData("Component(.Variable")]
    [InlineData("Component().Variable")]
    [InlineData("Component(a)b.Variable")]
    [InlineData("Component@.Variable")]
    [InlineData("Component@-1.Variable")]
    [InlineData("Component@1/.Variable")]
    [InlineData("Component@1/2/3.Variable")]
    [InlineData("Component@99999999999.Variable")]
    [InlineData("Component.Variable(a")]
    [InlineData("Component.Variable(a)b")]
    public void What_names_no_variable_is_told_apart(string text) => Assert.Null(V21SettingName.Read(text));

    [Fact]
    public void A_part_that_is_longer_than_the_standard_allows_names_none()
    {
        Assert.NotNull(V21SettingName.Read($"{new string('a', V21SettingName.MaxChars)}.b"));
        Assert.Null(V21SettingName.Read($"{new string('a', V21SettingName.MaxChars + 1)}.b"));
        Assert.Null(V21SettingName.Read($"a.b({new string('c', V21SettingName.MaxChars + 1)})"));
    }
}
