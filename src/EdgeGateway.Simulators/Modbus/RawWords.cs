using System.Globalization;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>Numbers and texts as words of a device; the way back for what is written to it. Written apart from the gateway's decoder.</summary>
internal static class RawWords
{
    public static int CountOf(RegisterType type) => type switch
    {
        RegisterType.UInt32 or RegisterType.Int32 or RegisterType.Float32 => 2,
        RegisterType.UInt64 or RegisterType.Int64 or RegisterType.Float64 => 4,
        _ => 1,
    };

    /// <param name="raw">As the device counts; an integer is cut off, so that a counter never runs ahead of what flowed.</param>
    public static ushort[] Of(RegisterType type, WordOrder order, decimal raw) => type switch
    {
        RegisterType.Float32 => Split(BitConverter.SingleToUInt32Bits((float)raw), 2, order),
        RegisterType.Float64 => Split(BitConverter.DoubleToUInt64Bits((double)raw), 4, order),
        RegisterType.UInt64 => Split((ulong)decimal.Truncate(raw), 4, order),
        _ => Split((ulong)(long)decimal.Truncate(raw), CountOf(type), order),
    };

    public static ushort[] OfText(string text, int count)
    {
        var letters = text.PadRight(2 * count, '\0');
        return [.. Enumerable.Range(0, count).Select(i => (ushort)((letters[2 * i] << 8) | letters[(2 * i) + 1]))];
    }

    /// <summary>Hexadecimal digits as the bits of a number, the last digit lowest.</summary>
    public static ushort[] OfHex(string digits, int count, WordOrder order)
    {
        var words = Enumerable.Range(0, count).Select(i => ushort.Parse(digits.PadLeft(4 * count, '0')[^(4 * count)..].AsSpan(4 * i, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return [.. order == WordOrder.HighWordFirst ? words : words.Reverse()];
    }

    public static decimal Number(RegisterType type, WordOrder order, ushort[] words)
    {
        ulong bits = 0;
        foreach (var word in order == WordOrder.HighWordFirst ? words : Enumerable.Reverse(words))
            bits = (bits << 16) | word;
        return type switch
        {
            RegisterType.Float32 => (decimal)BitConverter.UInt32BitsToSingle((uint)bits),
            RegisterType.Float64 => (decimal)BitConverter.UInt64BitsToDouble(bits),
            RegisterType.Int16 => (short)bits,
            RegisterType.Int32 => (int)bits,
            RegisterType.Int64 => (long)bits,
            _ => bits,
        };
    }

    private static ushort[] Split(ulong bits, int count, WordOrder order)
    {
        var words = Enumerable.Range(0, count).Select(i => (ushort)(bits >> (16 * (count - 1 - i))));
        return [.. order == WordOrder.HighWordFirst ? words : words.Reverse()];
    }
}
