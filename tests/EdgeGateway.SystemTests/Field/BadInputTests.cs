using System.Text.Json.Nodes;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.Field;

/// <summary>What an installer gets wrong about the field side is said with its place, all of it in one go.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task A_file_with_mistakes_about_devices_and_the_broker_is_refused_with_a_line_for_each()
    {
        await using var site = await SystemSite.CreateAsync(stations: 2, change: gateway =>
        {
            FieldFile.Meter(gateway, "unknown", "no-such-meter", FieldFile.Tcp(502), 1);
            FieldFile.Meter(gateway, "nowhere", "eastron-sdm630", "rtu://ttyUSB0", 1);
            FieldFile.Meter(gateway, "nobody", "eastron-sdm630", FieldFile.Tcp(502), 300);
            // A meter is no charger.
            FieldFile.OnModbus(gateway, "eastron-sdm630", FieldFile.Tcp(502));
            gateway["Mqtt"] = new JsonObject { ["Broker"] = "http://127.0.0.1" };
            gateway["Modbus"] = new JsonObject { ["TemplateFolder"] = "devices" };
        });
        Directory.CreateDirectory(Path.Combine(site.Folder, "devices"));
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "devices", "own.json"), """
            {
              "id": "own-meter", "vendor": "Own", "model": "One", "kind": "meter",
              "values": [
                { "quantity": "voltage", "phase": "L1", "address": 0, "function": 3, "type": "uint17" }
              ]
            }
            """);
        await site.RunAsync(async () =>
        {
            var (code, _, errors) = await site.Gateway.VerbAsync("run");
            Assert.Equal(1, code);
            string[] places =
            [
                "Gateway:Meters:0:Template", "Gateway:Meters:1:Transport", "Gateway:Meters:2:Unit", "Gateway:Stations:0:Modbus:Template", "Gateway:Mqtt:Broker", "own.json:4",
            ];
            foreach (var place in places)
                Assert.True(errors.Any(line => line.Contains(place, StringComparison.Ordinal)), $"nothing is said of {place}:\n{string.Join('\n', errors)}");
        });
    }
}
