using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Simulators.Modbus;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Files, readers and identification over real lines, against simulated devices and against pymodbus.</summary>
public sealed class TemplatesOnTheWireTests : BusTest
{
    /// <summary>Of devices that say what they are, none is taken for another; of the plausible ones only those that nothing tells apart.</summary>
    [Fact]
    public async Task Every_meter_on_one_line_is_read_and_recognised()
    {
        var meters = TemplateBook.Embedded.All.Where(static t => t.Kind == DeviceKind.Meter && !t.IsSunSpec).ToList();
        for (var i = 0; i < meters.Count; i++)
            _ = new SimulatedMeter(Server.Unit((byte)(i + 1)), meters[i], TimeProvider.System, registerWh: 1_234_500);
        var transport = await LineAsync(ModbusWire.RtuOverTcp);
        var identifier = new DeviceIdentifier(TemplateBook.Embedded, Clock);
        for (var i = 0; i < meters.Count; i++)
        {
            using var unit = Buses.Unit(transport, (byte)(i + 1), Timing);
            var reading = await new DeviceReader(unit, meters[i]).ReadAsync(CancellationToken.None).WaitAsync(Patience);
            Assert.True(reading.Failure is null && reading.Remarks.IsEmpty, $"{meters[i].Id}: {reading.Failure?.Text}");
            Assert.Equal(meters[i].Points.Length, reading.Values.Length);
            Assert.Equal(1_234_500m, Math.Round(reading.Number(Quantity.EnergyImport)!.Value));

            var found = await identifier.IdentifyAsync(unit, CancellationToken.None).WaitAsync(Patience);
            if (!meters[i].Identity.IsEmpty)
                Assert.Equal((meters[i].Id, meters[i].Identity.Any(static c => c.IsCertain)), (found!.Template, found.IsCertain));
            else
                Assert.False(found!.IsCertain);
        }
    }

    [Fact]
    public async Task A_short_breath_is_found_out_over_the_wire()
    {
        _ = new SimulatedMeter(Server.Unit(1), TemplateBook.Embedded.Find("eastron-sdm630")!, TimeProvider.System, registerWh: 5000);
        Server.Unit(1).MostWords = 6;
        using var unit = Buses.Unit(await LineAsync(ModbusWire.Tcp), 1, Timing);
        var reader = new DeviceReader(unit, TemplateBook.Embedded.Find("eastron-sdm630")!);

        var first = await reader.ReadAsync(CancellationToken.None).WaitAsync(Patience);
        var second = await reader.ReadAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((5000m, 5000m), (first.Number(Quantity.EnergyImport), second.Number(Quantity.EnergyImport)));
        Assert.NotEmpty(first.Remarks);
        Assert.Empty(second.Remarks);
    }

    [Fact]
    public async Task Nobody_is_found_where_nobody_is()
    {
        _ = Server.Unit(1);
        using var absent = Buses.Unit(await LineAsync(ModbusWire.RtuOverTcp), 2, Quick);

        Assert.Null(await new DeviceIdentifier(TemplateBook.Embedded, Clock).IdentifyAsync(absent, CancellationToken.None).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_meter_of_pymodbus_is_recognised_and_read()
    {
        var port = MosquittoBroker.FreePort();
        await using var server = PymodbusServer.TcpOrSkip(port).With(1, Holding, 0x8960, TableUnit.Text("B21 ", 2)).With(1, Holding, 0x8900, 0x0001, 0xE240)
            .With(1, Holding, 0x5000, 0, 0, 0x0001, 0x86A0, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF).With(1, Holding, 0x5B14, 0xFFFF, 0xFF38);
        await server.StartAsync();
        using var unit = Buses.Unit(Parse($"tcp://localhost:{port}"), 1, Timing);

        var found = await new DeviceIdentifier(TemplateBook.Embedded, Clock).IdentifyAsync(unit, CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(("abb-b21", "B21", "123456"), (found!.Template, found.Model, found.Serial));

        var reading = await new DeviceReader(unit, TemplateBook.Embedded.Find("abb-b21")!).ReadAsync([Quantity.EnergyImport, Quantity.EnergyExport, Quantity.Power], CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(1_000_000m, reading.Number(Quantity.EnergyImport));
        Assert.Null(reading.Number(Quantity.EnergyExport));
        Assert.Equal(-2m, reading.Number(Quantity.Power));
    }
}
