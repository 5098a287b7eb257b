using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Reading a device by its file: few requests, and nothing that the device did not say.</summary>
public sealed class DeviceReaderTests
{
    [Fact]
    public async Task An_SDM630_is_read_in_blocks_and_its_energy_alone_in_one_request()
    {
        var unit = Sdm630();
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));

        var all = await reader.ReadAsync(CancellationToken.None);

        Assert.Null(all.Failure);
        Assert.Empty(all.Remarks);
        Assert.Equal(230.4m, all.Number(Quantity.Voltage, Phase.L1));
        Assert.Equal(-1500.5m, all.Number(Quantity.Power));
        Assert.Equal(49.98m, all.Number(Quantity.Frequency));
        Assert.Equal(16_384_125m, all.Number(Quantity.EnergyImport));
        Assert.Equal("12345678", all.Text(Quantity.Serial));
        Assert.Equal(TableUnit.Float(16384.125f), all.Values.Single(v => v.Point.Quantity == Quantity.EnergyImport).Raw);
        Assert.Equal(7, unit.Asked.Count);
        Assert.All(unit.Asked, a => Assert.InRange(a.Count, 1, 10));

        unit.Asked.Clear();
        var energy = await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None);

        Assert.Equal((RegisterBank.Input, (ushort)72, 2), Assert.Single(unit.Asked));
        Assert.Equal(16_384_125m, Assert.Single(energy.Values).Number);
    }

    [Fact]
    public async Task A_firmware_with_ten_times_the_frequency_is_seen_through()
    {
        var unit = Sdm630().Input(70, TableUnit.Float(501f));

        var reading = await new DeviceReader(unit, Find("eastron-sdm630")).ReadAsync(CancellationToken.None);

        Assert.Equal(50.1m, reading.Number(Quantity.Frequency));
    }

    [Fact]
    public async Task Names_are_asked_for_once_and_again_after_a_failure()
    {
        var unit = Sdm630();
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));
        await reader.ReadAsync(CancellationToken.None);

        unit.Asked.Clear();
        Assert.Equal("12345678", (await reader.ReadAsync(CancellationToken.None)).Text(Quantity.Serial));
        Assert.DoesNotContain(unit.Asked, a => a.Bank == RegisterBank.Holding);

        unit.Instead = static _ => TableUnit.Silent;
        Assert.Equal(ModbusFault.Silent, (await reader.ReadAsync(CancellationToken.None)).Failure!.Fault);

        unit.Instead = static _ => null;
        unit.Holding(64512, 0x0000, 0x0007);
        Assert.Equal("7", (await reader.ReadAsync(CancellationToken.None)).Text(Quantity.Serial));
    }

    [Fact]
    public async Task A_refused_block_is_read_one_by_one_for_good_and_said_once()
    {
        var unit = Sdm630();
        unit.MostWords = 4;
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));

        var first = await reader.ReadAsync(CancellationToken.None);

        Assert.Null(first.Failure);
        Assert.Equal(18, first.Values.Length);
        Assert.Equal(4, first.Remarks.Length);
        unit.Asked.Clear();

        var second = await reader.ReadAsync(CancellationToken.None);

        Assert.Equal(18, second.Values.Length);
        Assert.Empty(second.Remarks);
        Assert.All(unit.Asked, a => Assert.Equal(2, a.Count));
    }

    [Fact]
    public async Task A_block_too_long_to_be_answered_at_all_is_found_out_by_its_first_value()
    {
        var unit = Sdm630();
        unit.MostWords = 4;
        unit.TooLong = TableUnit.Silent;
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));

        var readings = new List<DeviceReading>();
        for (var i = 0; i < 20 && (readings.Count == 0 || readings[^1].Failure is not null); i++)
            readings.Add(await reader.ReadAsync(CancellationToken.None));

        Assert.Equal(ModbusFault.Silent, readings[0].Failure!.Fault);
        Assert.Null(readings[^1].Failure);
        Assert.Equal(18, readings[^1].Values.Length);
    }

    [Fact]
    public async Task A_line_that_breaks_says_nothing_of_a_blocks_length()
    {
        var unit = Sdm630();
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));
        unit.Instead = static _ => TableUnit.Silent;
        await reader.ReadAsync(CancellationToken.None);
        // The first value answers again, and the line is gone before the block does.
        unit.Instead = static a => a.Count == 2 ? null : ModbusAnswer.Failed(ModbusFault.NoLine, "the device is gone");
        await reader.ReadAsync(CancellationToken.None);

        unit.Instead = static _ => null;
        unit.Asked.Clear();
        await reader.ReadAsync(CancellationToken.None);

        Assert.Contains(unit.Asked, a => a is { Address: 0, Count: 10 });
    }

    [Fact]
    public async Task A_dead_unit_that_comes_back_is_read_in_blocks()
    {
        var unit = Sdm630();
        unit.Instead = static _ => TableUnit.Silent;
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));
        for (var i = 0; i < 3; i++)
        {
            unit.Asked.Clear();
            Assert.Equal(ModbusFault.Silent, (await reader.ReadAsync(CancellationToken.None)).Failure!.Fault);
            Assert.Single(unit.Asked);
        }

        unit.Instead = static _ => null;
        await reader.ReadAsync(CancellationToken.None);
        unit.Asked.Clear();
        var reading = await reader.ReadAsync(CancellationToken.None);

        Assert.Equal(18, reading.Values.Length);
        Assert.Contains(unit.Asked, a => a.Count == 10);
    }

    [Fact]
    public async Task A_register_that_is_not_there_is_left_out_said_once_and_asked_for_ever_less_often()
    {
        var unit = Sdm630();
        unit.Instead = static a => a is { Bank: RegisterBank.Holding } ? TableUnit.Refused(2) : null;
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));

        var first = await reader.ReadAsync([Quantity.Serial, Quantity.Power], CancellationToken.None);
        Assert.Null(first.Failure);
        Assert.Equal("Holding 64512..64513 is left out: exception 2", Assert.Single(first.Remarks));

        for (var i = 0; i < 2000; i++)
        {
            var later = await reader.ReadAsync([Quantity.Serial, Quantity.Power], CancellationToken.None);
            Assert.Null(later.Text(Quantity.Serial));
            Assert.Empty(later.Remarks);
        }
        Assert.InRange(unit.Asked.Count(a => a.Bank == RegisterBank.Holding), 10, 20);

        // It was only starting up.
        unit.Instead = static _ => null;
        DeviceReading reading;
        var waited = 0;
        do
            reading = await reader.ReadAsync([Quantity.Serial], CancellationToken.None);
        while (reading.Text(Quantity.Serial) is null && ++waited <= DeviceReader.RetryAfterReadings);
        Assert.Equal("12345678", reading.Text(Quantity.Serial));
    }

    [Fact]
    public async Task A_device_that_refuses_everything_while_it_starts_is_read_in_blocks_thereafter()
    {
        var unit = Sdm630();
        unit.Instead = static _ => TableUnit.Refused(2);
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));
        await reader.ReadAsync(CancellationToken.None);

        unit.Instead = static _ => null;
        for (var i = 0; i < 3; i++)
        {
            unit.Asked.Clear();
            await reader.ReadAsync(CancellationToken.None);
        }

        Assert.Contains(unit.Asked, a => a is { Address: 0, Count: 10 });
    }

    [Fact]
    public async Task An_energy_refused_at_the_start_is_told_as_a_failure_and_soon_asked_for_again()
    {
        var unit = Sdm630();
        unit.Instead = static _ => TableUnit.Refused(2);
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));
        Assert.Equal((byte)2, (await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Failure!.Exception);

        unit.Instead = static _ => null;
        Assert.Equal((byte)2, (await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Failure!.Exception);
        Assert.Equal(16_384_125m, (await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Number(Quantity.EnergyImport));
    }

    [Fact]
    public async Task A_device_that_refuses_everything_says_so()
    {
        var reading = await new DeviceReader(new TableUnit(), Find("abb-b21")).ReadAsync(CancellationToken.None);

        Assert.Empty(reading.Values);
        Assert.Equal(ModbusFault.Refused, reading.Failure!.Fault);
    }

    [Fact]
    public async Task A_busy_device_is_not_taken_for_one_without_the_register()
    {
        var unit = Sdm630();
        unit.Instead = static a => a.Address == 72 ? TableUnit.Refused(6) : null;
        var reader = new DeviceReader(unit, Find("eastron-sdm630"));

        Assert.Equal((byte)6, (await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Failure!.Exception);

        unit.Instead = static _ => null;
        Assert.NotNull((await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Number(Quantity.EnergyImport));
    }

    [Fact]
    public async Task A_garbled_answer_takes_its_own_values_only()
    {
        var unit = Sdm630();
        unit.Instead = static a => a.Address == 0 ? ModbusAnswer.Failed(ModbusFault.Garbled, "bad check sum") : null;

        var reading = await new DeviceReader(unit, Find("eastron-sdm630")).ReadAsync(CancellationToken.None);

        Assert.Equal(ModbusFault.Garbled, reading.Failure!.Fault);
        Assert.Null(reading.Number(Quantity.Voltage, Phase.L1));
        Assert.Equal(16_384_125m, reading.Number(Quantity.EnergyImport));
    }

    [Fact]
    public async Task A_scale_that_depends_on_firmware_waits_for_it()
    {
        var point = new RegisterPoint { Quantity = Quantity.EnergyImport, Bank = RegisterBank.Holding, Address = 1036, Type = RegisterType.UInt32, Count = 2, Scale = 0.1m, ScaleWhen = new(Quantity.Firmware, 10201, null, 1) };
        var firmware = new RegisterPoint { Quantity = Quantity.Firmware, Bank = RegisterBank.Holding, Address = 1018, Type = RegisterType.UInt32, Count = 2 };
        var template = Find("abb-b21") with { Points = [firmware, point], MostWords = 2 };
        var unit = new TableUnit().Holding(1036, 0, 5000).Holding(1018, 0, 10200);
        var reader = new DeviceReader(unit, template);

        Assert.Equal(5000m, (await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Number(Quantity.EnergyImport));
        unit.Holding(1018, 0, 10201);
        Assert.Equal(500m, (await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Number(Quantity.EnergyImport));
        unit.Instead = static a => a.Address == 1018 ? TableUnit.Refused(2) : null;
        var unknown = Assert.Single((await reader.ReadAsync([Quantity.EnergyImport], CancellationToken.None)).Values);
        Assert.Null(unknown.Number);
        Assert.Equal("its scale could not be read", unknown.Remark);
    }

    internal static TableUnit Sdm630()
    {
        var unit = new TableUnit();
        for (var address = 0; address < 80; address += 2)
            unit.Input(address, TableUnit.Float(0f));
        return unit.Input(0, TableUnit.Float(230.4f)).Input(2, TableUnit.Float(231f)).Input(4, TableUnit.Float(229.9f)).Input(52, TableUnit.Float(-1500.5f))
            .Input(70, TableUnit.Float(49.98f)).Input(72, TableUnit.Float(16384.125f)).Holding(64512, 0x00BC, 0x614E);
    }

    internal static DeviceTemplate Find(string id) => TemplateBook.Embedded.Find(id) ?? throw new InvalidOperationException(id);
}
