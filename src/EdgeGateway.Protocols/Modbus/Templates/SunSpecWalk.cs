namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>Finds out what a SunSpec device has: a mark at one of three places, then a chain of models.</summary>
internal static class SunSpecWalk
{
    /// <summary>Models of one device; a longer chain is not one.</summary>
    public const int ModelLimit = 64;

    private const int EndOfChain = 0xFFFF;

    /// <summary>Where the mark may lie, the usual place first.</summary>
    private static readonly ushort[] s_places = [40000, 50000, 0];

    public static ModbusFailure NoMeter(SunSpecDevice? device) => new(ModbusFault.Refused, device is null
        ? $"no SunSpec mark at {string.Join(", ", s_places)}"
        : $"a SunSpec device without a meter: its models are {string.Join(", ", device.Models.Select(static m => m.Id))}");

    /// <returns>A failure when the device could not be asked; neither: it is no SunSpec device.</returns>
    public static async Task<(SunSpecDevice? Device, ModbusFailure? Failure)> FindAsync(IModbusUnit unit, CancellationToken cancellationToken)
    {
        foreach (var place in s_places)
        {
            var mark = await unit.ReadAsync(RegisterBank.Holding, place, 2, cancellationToken);
            if (mark.Failure is { Fault: not ModbusFault.Refused })
                return (null, mark.Failure);
            if (mark.Succeeded && mark.Words.Span is [0x5375, 0x6E53])
                return await WalkAsync(unit, place + 2, cancellationToken);
        }
        return (null, null);
    }

    private static async Task<(SunSpecDevice?, ModbusFailure?)> WalkAsync(IModbusUnit unit, int address, CancellationToken cancellationToken)
    {
        var device = new SunSpecDevice { Models = [] };
        while (device.Models.Length < ModelLimit && address + 2 <= ushort.MaxValue)
        {
            var header = await unit.ReadAsync(RegisterBank.Holding, (ushort)address, 2, cancellationToken);
            if (header.Failure is not null || header.Words.Length < 2)
                // Some end their chain by refusing; what came before it stands.
                return header.Failure is { Fault: ModbusFault.Refused } && !device.Models.IsEmpty ? (device, null) : (null, header.Failure);
            var model = new SunSpecModel(header.Words.Span[0], (ushort)address, header.Words.Span[1]);
            address += 2 + model.Length;
            if (model.Id == EndOfChain || address > ushort.MaxValue + 1)
                break;
            device = device with { Models = device.Models.Add(model) };
            if (model is { Id: SunSpecDevice.CommonModel, Length: >= SunSpecDevice.NamesLength } && device.Models.Length == 1)
            {
                var names = await unit.ReadAsync(RegisterBank.Holding, (ushort)(model.Address + 2), SunSpecDevice.NamesLength, cancellationToken);
                if (names.Failure is { Fault: not ModbusFault.Refused })
                    return (null, names.Failure);
                device = Named(device, names.Words);
            }
        }
        return (device, null);
    }

    private static SunSpecDevice Named(SunSpecDevice device, ReadOnlyMemory<ushort> words)
    {
        return words.Length < SunSpecDevice.NamesLength ? device : device with { Vendor = Text(0, 16), Model = Text(16, 16), Firmware = Text(40, 8), Serial = Text(48, 16) };

        string? Text(int offset, int count) => RegisterDecoder.TextOf(words.Span.Slice(offset, count)) is { Length: > 0 } text ? text : null;
    }
}
