using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>Words to values. What a device marks as not available is no value, and never 0: all ones of an unsigned number, the largest and the smallest of a signed one,
/// NaN and infinity, and what its file lists besides.</summary>
public static class RegisterDecoder
{
    /// <summary>SunSpec's powers of ten; more is no power.</summary>
    private const int MostPower = 10;

    /// <param name="words">As many as the point has.</param>
    /// <param name="scale">From raw to the quantity's unit; null: it is not known, and so the value is not.</param>
    public static MeasuredValue Decode(RegisterPoint point, ReadOnlySpan<ushort> words, decimal? scale)
    {
        ImmutableArray<ushort> raw = [.. words];
        if (point.Type == RegisterType.Text)
            return new(point, null, TextOf(words), raw);
        var number = RawNumber(point.Type, point.Order, words);
        if (number is null || point.None.Contains(number.Value))
            return new(point, null, null, raw, "not available");
        if (point.Quantity is Quantity.Token)
            return new(point, null, TokenOf(words, point.Order), raw);
        if (scale is null)
            return new(point, null, null, raw, "its scale could not be read");
        if (Scaled(number.Value, scale.Value) is not { } value || Math.Abs(value) > MostOf(point.Quantity))
            return new(point, null, null, raw, "beyond what there can be");
        var isName = point.Quantity is Quantity.Serial or Quantity.Firmware or Quantity.Model or Quantity.State or Quantity.ErrorCode;
        return new(point, value, isName ? value.ToString(CultureInfo.InvariantCulture) : null, raw);
    }

    /// <summary>Null: not available, or no number that can be kept.</summary>
    public static decimal? RawNumber(RegisterType type, WordOrder order, ReadOnlySpan<ushort> words)
    {
        ulong bits = 0;
        for (var i = 0; i < words.Length; i++)
            bits = bits << 16 | words[order == WordOrder.HighWordFirst ? i : words.Length - 1 - i];
        return type switch
        {
            RegisterType.Bit => bits & 1,
            RegisterType.UInt16 => Unsigned(bits, ushort.MaxValue),
            RegisterType.UInt32 => Unsigned(bits, uint.MaxValue),
            RegisterType.UInt64 => Unsigned(bits, ulong.MaxValue),
            RegisterType.Int16 => Signed((short)bits, short.MinValue, short.MaxValue),
            RegisterType.Int32 => Signed((int)bits, int.MinValue, int.MaxValue),
            RegisterType.Int64 => Signed((long)bits, long.MinValue, long.MaxValue),
            RegisterType.Float32 => Float(BitConverter.UInt32BitsToSingle((uint)bits).ToString("R", CultureInfo.InvariantCulture)),
            RegisterType.Float64 => Float(BitConverter.UInt64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture)),
            _ => null,
        };
    }

    /// <summary>Two characters a word, up to the first zero; what cannot be printed is a question mark.</summary>
    public static string TextOf(ReadOnlySpan<ushort> words)
    {
        var text = new StringBuilder(words.Length * 2);
        foreach (var word in words)
        {
            foreach (var letter in (ReadOnlySpan<int>)[word >> 8, word & 0xFF])
            {
                if (letter == 0)
                    return text.ToString().Trim();
                text.Append(letter is >= 0x20 and < 0x7F ? (char)letter : '?');
            }
        }
        // A text of nothing but 0xFFFF is how some say that they have none.
        return words.IndexOfAnyExcept((ushort)0xFFFF) < 0 ? "" : text.ToString().Trim();
    }

    /// <summary>Ten to the power that a device keeps in a register; null when that is none (SunSpec: 0x8000, or beyond ten).</summary>
    public static decimal? PowerOfTen(ushort word)
    {
        var power = (short)word;
        if (Math.Abs((int)power) > MostPower)
            return null;
        var scale = 1m;
        for (var i = 0; i < Math.Abs((int)power); i++)
            scale = power > 0 ? scale * 10 : scale / 10;
        return scale;
    }

    private static decimal? Unsigned(ulong bits, ulong all) => bits == all ? null : bits;

    private static decimal? Signed(long number, long least, long most) => number == least || number == most ? null : number;

    // By the shortest text that stands for the number: decimal's own conversion keeps seven digits of a float32, and so loses Wh of a counter in kWh.
    private static decimal? Float(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static decimal? Scaled(decimal raw, decimal scale)
    {
        try
        {
            return raw * scale;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // Zeros: no card was shown. The uid as it is printed on cards.
    private static string TokenOf(ReadOnlySpan<ushort> words, WordOrder order)
    {
        var text = new StringBuilder(words.Length * 4);
        for (var i = 0; i < words.Length; i++)
            text.Append(words[order == WordOrder.HighWordFirst ? i : words.Length - 1 - i].ToString("X4", CultureInfo.InvariantCulture));
        return words.IndexOfAnyExcept((ushort)0) < 0 ? "" : text.ToString();
    }

    /// <summary>What no site has: a number beyond it comes from a wrong word order or type, not from a meter. In the quantity's unit.</summary>
    private static decimal MostOf(Quantity quantity) => quantity switch
    {
        Quantity.Voltage => 1_000_000,
        Quantity.Current or Quantity.CurrentLimit => 100_000,
        Quantity.Power or Quantity.ReactivePower or Quantity.ApparentPower => 1_000_000_000,
        Quantity.EnergyImport or Quantity.EnergyExport or Quantity.SessionEnergy => 1_000_000_000_000_000,
        Quantity.Frequency => 1000,
        Quantity.PowerFactor => 100,
        Quantity.Temperature => 1000,
        _ => decimal.MaxValue,
    };
}
