using System.Text.Json.Nodes;
using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Configuration;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Configuration;

public sealed class FieldChargerReadingTests : IDisposable
{
    private const string Webasto = """
        { "Template": "webasto-next", "Transport": "tcp://192.168.1.31:502", "Unit": 255, "PollSeconds": 1.5, "SafeCurrentA": 6, "MaxCurrentA": 20,
          "AutoStartToken": "04a2b3c4" }
        """;

    private readonly SiteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_charger_without_ocpp_is_read_with_its_device_its_line_and_its_limits()
    {
        var read = With(JsonNode.Parse(Webasto));
        Assert.Empty(read.Findings.Faults);
        Assert.Empty(read.Findings.Unknown);
        var line = Assert.Single(read.Configuration!.Chargers.ModbusLines);
        Assert.Equal(
            new ModbusLine
            {
                At = new("CP-1", 1, 1), Template = line.Template, Transport = line.Transport, Unit = 255, Poll = TimeSpan.FromSeconds(1.5), SafeCurrentA = 6,
                MaxCurrentA = 20, AutoStartToken = "04a2b3c4", VoltageV = 230, Phases = 3,
            },
            line);
        Assert.Equal(("webasto-next", "tcp://192.168.1.31:502"), (line.Template.Id, line.Transport.ToString()));
        // It has no password to show, and no door to come through.
        Assert.Empty(read.Configuration.Chargers.Stations);
        Assert.NotNull(read.Configuration.Site.Station("CP-1"));
    }

    [Fact]
    public void The_connector_says_how_much_it_may_draw_where_nothing_else_does()
    {
        var line = Assert.Single(With(JsonNode.Parse("""{ "Template": "alfen-eve", "Transport": "tcp://192.168.1.31" }""")).Configuration!.Chargers.ModbusLines);
        Assert.Equal((32m, (byte)1, TimeSpan.FromSeconds(2)), (line.MaxCurrentA, line.Unit, line.Poll));
        Assert.Equal((null, null), (line.SafeCurrentA, line.AutoStartToken));
    }

    [Theory]
    [InlineData("Template", "\"eastron-sdm120\"", "this is a meter's")]
    [InlineData("Template", "\"alfen\"", "alfen-eve")]
    [InlineData("Transport", "null", "text")]
    [InlineData("PollSeconds", "0.5", "from 1 to 60")]
    [InlineData("MaxCurrentA", "63", "32")]
    [InlineData("AutoStartToken", "\"FFFFFFFF\"", "LocalTokens")]
    [InlineData("Connector", "2", "one connector")]
    [InlineData("Connector", "0", "from 1 to 48")]
    public void What_is_wrong_is_named_by_its_path(string key, string value, string expected)
    {
        var modbus = JsonNode.Parse(Webasto)!.AsObject();
        modbus[key] = JsonNode.Parse(value);
        var read = With(modbus);
        Assert.Null(read.Configuration);
        Assert.Contains(expected, Assert.Single(read.Findings.Faults, f => f.Path == $"Gateway:Stations:0:Modbus:{key}").Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_safe_current_that_the_device_cannot_be_told_is_refused()
    {
        var read = With(JsonNode.Parse("""{ "Template": "alfen-eve", "Transport": "tcp://192.168.1.31", "SafeCurrentA": 6 }"""));
        Assert.Contains("no register", Assert.Single(read.Findings.Faults, static f => f.Path == "Gateway:Stations:0:Modbus:SafeCurrentA").Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_stations_are_not_one_device_and_sockets_are_stations()
    {
        _folder.Set("Gateway:Stations:0:Modbus", JsonNode.Parse("""{ "Template": "phoenix-charx", "Transport": "tcp://192.168.1.31", "Unit": 255, "Connector": 2 }"""));
        var stations = _folder.Gateway["Stations"]!.AsArray();
        var second = stations[0]!.DeepClone();
        (second["Id"], second["Evses"]![0]!["EvseId"], second["Modbus"]!["Connector"]) = ("CP-2", "DE*ABC*E2*1", 3);
        stations.Add(second);
        var lines = _folder.Read().Configuration!.Chargers.ModbusLines;
        Assert.Equal([2301, 3301], lines.Select(static l => (int)l.Template.Charger!.Limit.Address));
        second["Modbus"]!["Connector"] = 2;
        Assert.Contains(_folder.Read().Findings.Faults, static f => f.Path == "Gateway:Stations:1:Modbus:Unit");

        var evses = stations[0]!["Evses"]!.AsArray();
        var other = evses[0]!.DeepClone();
        (other["Id"], other["EvseId"]) = (2, "DE*ABC*E1*2");
        evses.Add(other);
        Assert.Contains(_folder.Read().Findings.Faults, static f => f.Path == "Gateway:Stations:0:Evses");
    }

    [Fact]
    public void A_file_that_is_read_again_is_the_same_charger()
    {
        var first = With(JsonNode.Parse(Webasto)).Configuration!.Chargers.ModbusLines[0];
        Assert.True(first.IsSame(_folder.Read().Configuration!.Chargers.ModbusLines[0]));
        _folder.Set("Gateway:Stations:0:Modbus:MaxCurrentA", 16);
        Assert.False(first.IsSame(_folder.Read().Configuration!.Chargers.ModbusLines[0]));
    }

    private ConfigurationRead With(JsonNode? modbus)
    {
        _folder.Set("Gateway:Stations:0:Modbus", modbus);
        return _folder.Read();
    }
}
