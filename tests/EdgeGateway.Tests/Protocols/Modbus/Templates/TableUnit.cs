using System.Buffers.Binary;
using EdgeGateway.Protocols.Modbus;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>A device as a table of registers: what is not in it is refused. It remembers what it was asked.</summary>
internal sealed class TableUnit : IModbusUnit
{
    private readonly Dictionary<(RegisterBank, int), ushort> _words = [];

    public List<(RegisterBank Bank, ushort Address, int Count)> Asked { get; } = [];

    /// <summary>Longer requests get <see cref="TooLong"/>.</summary>
    public int MostWords { get; set; } = 125;
    public ModbusAnswer TooLong { get; set; } = ModbusAnswer.Failed(ModbusFault.Refused, "illegal data value", 3);

    /// <summary>Answers in place of the table, when not null.</summary>
    public Func<(RegisterBank Bank, ushort Address, int Count), ModbusAnswer?> Instead { get; set; } = static _ => null;

    public static ModbusAnswer Silent => ModbusAnswer.Failed(ModbusFault.Silent, "no answer within 300 ms");

    public static ModbusAnswer Refused(byte exception) => ModbusAnswer.Failed(ModbusFault.Refused, $"exception {exception}", exception);

    public TableUnit Holding(int address, params ReadOnlySpan<ushort> words) => With(RegisterBank.Holding, address, words);

    public TableUnit Input(int address, params ReadOnlySpan<ushort> words) => With(RegisterBank.Input, address, words);

    public TableUnit With(RegisterBank bank, int address, params ReadOnlySpan<ushort> words)
    {
        for (var i = 0; i < words.Length; i++)
            _words[(bank, address + i)] = words[i];
        return this;
    }

    public static ushort[] Float(float value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return [BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])];
    }

    public static ushort[] Text(string text, int words)
    {
        var padded = text.PadRight(words * 2, '\0');
        return [.. Enumerable.Range(0, words).Select(i => (ushort)(padded[i * 2] << 8 | padded[i * 2 + 1]))];
    }

    public Task<ModbusAnswer> ReadAsync(RegisterBank bank, ushort address, int count, CancellationToken cancellationToken)
    {
        Asked.Add((bank, address, count));
        return Task.FromResult(Instead((bank, address, count)) ?? Answer(bank, address, count));
    }

    public Task<ModbusAnswer> WriteAsync(RegisterBank bank, ushort address, ReadOnlyMemory<ushort> values, bool multiple, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("nobody who reads writes");

    private ModbusAnswer Answer(RegisterBank bank, ushort address, int count)
    {
        if (count > MostWords)
            return TooLong;
        var words = new ushort[count];
        for (var i = 0; i < count; i++)
        {
            if (!_words.TryGetValue((bank, address + i), out words[i]))
                return Refused(2);
        }
        return new(words, null);
    }
}
