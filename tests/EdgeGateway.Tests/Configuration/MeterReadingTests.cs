using System.Text.Json.Nodes;
using EdgeGateway.Configuration;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Configuration;

public sealed class MeterReadingTests : IDisposable
{
    private const string Grid = """{ "Id": "grid", "Role": "Grid", "Template": "eastron-sdm120", "Transport": "tcp://192.168.1.20:502", "PollSeconds": 0.5 }""";

    private const string Station = """
        { "Id": "cp1", "Role": "Station", "Station": "cp-1", "Evse": 1, "Template": "eastron-sdm120", "Transport": "rtu:///dev/ttyUSB0?baud=9600", "Unit": 2, "Use": "Bill",
          "MaxDeviationPercent": 2.5, "TimeoutMs": 700 }
        """;

    private readonly SiteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_meter_is_read_with_its_place_its_device_and_its_pace()
    {
        var read = With(Grid, Station);
        Assert.Empty(read.Findings.Faults);
        Assert.Empty(read.Findings.Unknown);
        Assert.DoesNotContain(read.Findings.Notes, static n => n.Contains("not yet served", StringComparison.Ordinal));
        Assert.Single(read.Findings.Notes, static n => n.StartsWith("Gateway:Meters:1:Transport: /dev/ttyUSB0", StringComparison.Ordinal));
        var (grid, cp1) = (read.Configuration!.Meters.Meters[0], read.Configuration.Meters.Meters[1]);
        Assert.Equal((MeterRole.Grid, "eastron-sdm120", (byte)1, TimeSpan.FromSeconds(0.5)), (grid.Meter.Role, grid.Template.Id, grid.Unit, grid.Period));
        Assert.Equal(("tcp://192.168.1.20:502", ModbusWire.Rtu), (grid.Transport.ToString(), cp1.Transport.Wire));
        Assert.Equal(
            new MeterConfiguration { Id = "cp1", Role = MeterRole.Station, Station = "CP-1", Evse = 1, Use = MeterUse.Bill, MostDeviationPercent = 2.5m },
            read.Configuration.Site.Meters[1]);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(100)), (cp1.Period, cp1.Timing.Response, cp1.Timing.Gap));
    }

    [Fact]
    public void The_only_evse_of_a_station_need_not_be_named() =>
        Assert.Equal(1, With(Changed(Station, "Evse", null)).Configuration!.Site.Meters[0].Evse);

    [Theory]
    [InlineData("Template", "\"eastron-sdm12\"", "eastron-sdm120")]
    [InlineData("Template", "\"alfen-eve\"", "this is a charger's")]
    [InlineData("Template", "null", "text")]
    [InlineData("Transport", "\"udp://1.2.3.4\"", "tcp://")]
    [InlineData("Transport", "\"rtu:///dev/ttyUSB0?baud=9601\"", "baud=")]
    [InlineData("Unit", "248", "from 1 to 247")]
    [InlineData("PollSeconds", "0.1", "from 0.2 to 3600")]
    [InlineData("Role", "null", "Grid, Station")]
    [InlineData("Use", "\"Sometimes\"", "Auto, Bill, Check")]
    [InlineData("Station", "\"CP-9\"", "Gateway:Stations")]
    [InlineData("Evse", "2", "an EVSE of CP-1: 1")]
    [InlineData("Id", "\"a/b\"", "")]
    [InlineData("MaxDeviationPercent", "0", "from 0.1 to 100")]
    [InlineData("TimeoutMs", "\"soon\"", "a whole number")]
    public void What_is_wrong_is_named_by_its_path(string key, string value, string expected)
    {
        var read = With(Changed(Station, key, JsonNode.Parse(value)));
        Assert.Null(read.Configuration);
        Assert.Contains(expected, Assert.Single(read.Findings.Faults, f => f.Path == $"Gateway:Meters:0:{key}").Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_and_places_are_taken_once_and_a_line_has_one_speed()
    {
        var twin = Changed(Changed(Station, "Id", "CP1"), "Transport", "rtu:///dev/ttyUSB0?baud=19200");
        Assert.Equal(
            ["Gateway:Meters:1:Id", "Gateway:Meters:1:Transport", "Gateway:Meters:1:Evse"],
            With(Station, twin).Findings.Faults.Select(static f => f.Path));
    }

    [Fact]
    public void Any_unit_of_a_network_device_may_be_named_and_a_grid_meter_has_no_place()
    {
        Assert.Equal(255, With(Changed(Grid, "Unit", 255)).Configuration!.Meters.Meters[0].Unit);
        Assert.Equal("Gateway:Meters:0:Station", Assert.Single(With(Changed(Grid, "Station", "CP-1")).Findings.Faults).Path);
    }

    [Fact]
    public void The_installers_own_devices_go_before_the_built_in_ones_and_a_fault_in_one_is_told_with_its_line()
    {
        var own = Directory.CreateDirectory(Path.Combine(_folder.Path, "devices"));
        var file = Path.Combine(own.FullName, "mine.json");
        File.WriteAllText(file, """
            { "id": "my-meter", "vendor": "Me", "model": "One", "kind": "meter", "defaults": { "function": 3, "type": "uint32", "order": "ABCD" },
              "values": [ { "quantity": "energyImport", "address": 0, "unit": "Wh" } ] }
            """);
        _folder.Set("Gateway:Modbus:TemplateFolder", "devices");
        var meter = With(Changed(Grid, "Template", "my-meter"));
        Assert.Empty(meter.Findings.Faults);
        Assert.Contains(file, ConfigurationReader.FurtherFiles(_folder.Sources));
        var before = meter.Configuration!.Meters.Meters[0];
        Assert.True(before.IsSame(With(Changed(Grid, "Template", "my-meter")).Configuration!.Meters.Meters[0]));
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"Wh\"", "\"kWh\"", StringComparison.Ordinal));
        Assert.False(before.IsSame(With(Changed(Grid, "Template", "my-meter")).Configuration!.Meters.Meters[0]));
        File.WriteAllText(file, File.ReadAllText(file).Replace("uint32", "uint33", StringComparison.Ordinal));
        Assert.Contains(With(Grid).Findings.Faults, f => f.Path == $"{file}:1" && f.Expected.Contains("uint33", StringComparison.Ordinal));
        _folder.Set("Gateway:Modbus:TemplateFolder", "nowhere");
        Assert.Contains(With(Grid).Findings.Faults, static f => f.Path == "Gateway:Modbus:TemplateFolder");
    }

    private ConfigurationRead With(params string[] meters) => _folder.Set("Gateway:Meters", new JsonArray([.. meters.Select(static m => JsonNode.Parse(m))])).Read();

    private static string Changed(string meter, string key, JsonNode? value)
    {
        var json = JsonNode.Parse(meter)!.AsObject();
        json[key] = value;
        return json.ToJsonString();
    }
}
