using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Modbus;
using EdgeGateway.SystemTests.Fixtures;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.SystemTests.Field;

/// <summary>The site's own meters with the real program: other people's devices that are killed in the middle, and bills that are made of them.</summary>
public sealed class MeterTests
{
    /// <summary>Before a car draws anything: the meter is read first, as with real cars.</summary>
    private static readonly TimeSpan Hesitation = TimeSpan.FromMilliseconds(1500);

    [Fact]
    public async Task Meters_over_tcp_and_on_a_serial_line_are_killed_and_come_back_while_everything_else_goes_on()
    {
        var port = Checkout.FreePorts(1)[0];
        await using var cable = await PtyPair.OrSkipAsync();
        await using var tcp = PymodbusServer.TcpOrSkip(port);
        await using var serial = PymodbusServer.RtuOrSkip(cable.FarDevice);
        LayOut(tcp, "eastron-sdm630", 1, powerW: 20_000, registerWh: 7_000_000);
        LayOut(serial, "eastron-sdm120", 2, powerW: 2300, registerWh: 1_234_567);
        await tcp.StartAsync();
        await serial.StartAsync();
        await using var site = await SystemSite.CreateAsync(change: gateway =>
        {
            FieldFile.Meter(gateway, "grid", "eastron-sdm630", FieldFile.Tcp(port), 1);
            // Nobody is at these addresses: the others must not feel it (FIELD pain 2).
            FieldFile.Meter(gateway, "dead-tcp", "eastron-sdm630", FieldFile.Tcp(port), 9);
            FieldFile.Meter(gateway, "heating", "eastron-sdm120", cable.Transport(), 2);
            FieldFile.Meter(gateway, "dead-serial", "eastron-sdm120", cable.Transport(), 3);
        });
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await using var charger = site.Charger(1);
            charger.Start();
            await FieldFile.QualityAsync(site, "grid", "Good");
            await FieldFile.QualityAsync(site, "heating", "Good");
            var visit = charger.VisitAsync(1, SystemSite.Uid(1), needWh: 2000, TimeSpan.FromSeconds(30), default);

            await tcp.KillAsync();
            await SilentAsync(site, "grid");
            Assert.Equal("Good", (string?)(await FieldFile.MeterAsync(site, "heating"))!["quality"]);
            await tcp.StartAsync();

            await serial.KillAsync();
            await cable.UnplugAsync();
            await SilentAsync(site, "heating");
            await cable.PlugAsync();
            await serial.StartAsync();
            await FieldFile.QualityAsync(site, "grid", "Good");
            await FieldFile.QualityAsync(site, "heating", "Good");
            Assert.Equal(7_000_000, (long)(await FieldFile.MeterAsync(site, "grid"))!["energyWh"]!);
            Assert.Equal(1_234_567, (long)(await FieldFile.MeterAsync(site, "heating"))!["energyWh"]!);
            foreach (var dead in new[] { "dead-tcp", "dead-serial" })
                Assert.False(string.IsNullOrEmpty((string?)(await FieldFile.MeterAsync(site, dead))!["trouble"]));

            Assert.NotNull(await visit);
            await site.SettledAsync(() => Task.FromResult(charger.Ledger.Entries), cdrs: 1, bySchemas: false);
        });
    }

    [Fact]
    public async Task A_charger_without_a_meter_is_billed_by_the_sites_and_one_that_tells_another_energy_than_the_sites_is_told_on()
    {
        await using var server = new SimulatedModbusServer(TimeProvider.System);
        var port = server.ListenTcp();
        await using var site = await SystemSite.CreateAsync(stations: 2, change: gateway =>
        {
            FieldFile.Meter(gateway, "cp1", "eastron-sdm630", FieldFile.Tcp(port), 1, "CP-1");
            FieldFile.Meter(gateway, "cp2", "eastron-sdm630", FieldFile.Tcp(port), 2, "CP-2");
            foreach (var station in gateway["Stations"]!.AsArray())
                station!["Evses"]![0]!["Connectors"]![0]!["MaxAmperage"] = 1500;
        });
        await site.RunAsync(async () =>
        {
            await using var bare = site.Charger(1, options => options with { HasMeter = false, DrawsAfter = Hesitation, PowerW = 300_000 });
            await using var metered = site.Charger(2, options => options with { DrawsAfter = Hesitation });
            _ = new SimulatedMeter(server.Unit(1), FieldFile.Template("eastron-sdm630"), TimeProvider.System, 50_000, () => bare.Flow(1));
            // A quarter more than the charger tells: a wrong transformer ratio, a neighbour on the same line.
            _ = new SimulatedMeter(server.Unit(2), FieldFile.Template("eastron-sdm630"), TimeProvider.System, 80_000, () => Quarter(metered.Flow(1)));
            await site.StartAsync();
            bare.Start();
            metered.Start();
            await FieldFile.QualityAsync(site, "cp1", "Good");
            await FieldFile.QualityAsync(site, "cp2", "Good");
            await Task.WhenAll(
                bare.VisitAsync(1, SystemSite.Uid(1), needWh: 400, TimeSpan.FromSeconds(20), default),
                metered.VisitAsync(1, SystemSite.Uid(2), needWh: 1600, TimeSpan.FromSeconds(20), default));
            await site.SettledAsync(() => Task.FromResult<IReadOnlyList<LedgerEntry>>([.. bare.Ledger.Entries, .. metered.Ledger.Entries]), cdrs: 2);

            var cdrs = site.Hub.Store.Cdrs.Select(c => c.Latest).ToDictionary(c => (string)c["cdr_token"]!["uid"]!);
            Assert.Contains("Billed by the site's meter cp1", (string?)cdrs[SystemSite.Uid(1)]["remark"], StringComparison.Ordinal);
            Assert.Contains("Billed by the charger's own meter; the site's meter cp2 says 2.000 kWh", (string?)cdrs[SystemSite.Uid(2)]["remark"], StringComparison.Ordinal);
            var sessions = (await site.Gateway.GetAsync("/api/sessions"))!.AsArray();
            Assert.Contains("MeterDeviates", Flags(sessions, "CP-2"));
            Assert.DoesNotContain("MeterDeviates", Flags(sessions, "CP-1"));
        });
    }

    private static MeasuredFlow Quarter(MeasuredFlow flow) => new(flow.PowerW * 1.25m, flow.EnergyWh * 5 / 4);

    private static IEnumerable<string?> Flags(JsonArray sessions, string station) =>
        sessions.Single(s => (string?)s!["station"] == station)!["flags"]!.AsArray().Select(f => (string?)f);

    /// <summary>Our own meter's words, served by others.</summary>
    private static void LayOut(PymodbusServer server, string template, byte unit, decimal powerW, long registerWh)
    {
        var device = FieldFile.Template(template);
        var simulated = new SimulatedModbusServer(TimeProvider.System).Unit(unit);
        _ = new SimulatedMeter(simulated, device, TimeProvider.System, registerWh, () => new(powerW, 0));
        foreach (var point in device.Points)
            server.With(unit, point.Bank, point.Address, simulated.Get(point.Bank, point.Address, point.Count));
        // What lies between two values is read along with them.
        foreach (var bank in new[] { RegisterBank.Input, RegisterBank.Holding })
        {
            var points = device.Points.Where(p => p.Bank == bank).OrderBy(p => p.Address).ToArray();
            for (var i = 1; i < points.Length; i++)
            {
                if (points[i].Address - points[i - 1].End is var gap and > 0 && gap <= device.MostGap)
                    server.With(unit, bank, points[i - 1].End, new ushort[gap]);
            }
        }
    }

    private static async Task SilentAsync(SystemSite site, string meter)
    {
        await FieldFile.QualityAsync(site, meter, "Stale");
        Assert.False(string.IsNullOrEmpty((string?)(await FieldFile.MeterAsync(site, meter))!["trouble"]), $"nothing says why {meter} is stale");
    }
}
