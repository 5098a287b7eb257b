using System.Buffers.Binary;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>One request, and what an answer to it looks like (Modbus application protocol 1.1b3, 6).</summary>
internal sealed class ModbusRequest
{
    public const int MostWords = 125;
    public const int MostBits = 2000;
    public const int MostWrittenWords = 123;
    private const byte ExceptionBit = 0x80;

    private readonly ushort[] _values;

    private ModbusRequest(byte unit, RegisterBank bank, byte function, ushort address, int count, ushort[] values) =>
        (Unit, Bank, Function, Address, Count, _values) = (unit, bank, function, address, count, values);

    public byte Unit { get; }
    public RegisterBank Bank { get; }
    public byte Function { get; }
    public ushort Address { get; }
    public int Count { get; }
    public ReadOnlySpan<ushort> Values => _values;
    public bool Writes => Function is 5 or 6 or 16;
    public bool AsksBits => Function is 1 or 2;

    /// <summary>Bytes of a good answer on a serial line, with unit and check sum.</summary>
    public int AnswerLength => Function switch
    {
        1 or 2 => 5 + ((Count + 7) / 8),
        3 or 4 => 5 + (2 * Count),
        _ => 8,
    };

    public static ModbusRequest Read(byte unit, RegisterBank bank, ushort address, int count) => new(unit, bank, bank switch
    {
        RegisterBank.Coil => 1,
        RegisterBank.Discrete => 2,
        RegisterBank.Holding => 3,
        _ => 4,
    }, address, count, []);

    public static ModbusRequest Write(byte unit, RegisterBank bank, ushort address, ReadOnlySpan<ushort> values, bool multiple) =>
        new(unit, bank, bank == RegisterBank.Coil ? (byte)5 : multiple || values.Length != 1 ? (byte)16 : (byte)6, address, values.Length, values.ToArray());

    /// <summary>Why it cannot be sent; null if it can.</summary>
    public string? Fault(ModbusWire wire)
    {
        var most = Function switch
        {
            1 or 2 => MostBits,
            3 or 4 => MostWords,
            16 => MostWrittenWords,
            _ => 1,
        };
        return Writes && Bank is RegisterBank.Discrete or RegisterBank.Input ? $"{Bank} registers cannot be written"
            : Count < 1 || Count > most ? $"{Count} at once: Modbus carries 1 to {most} of these"
            : Address + Count > 0x10000 ? $"{Count} from {Address}: there is no register above 65535"
            : wire == ModbusWire.Tcp ? (Unit is > 247 and < 255 ? $"unit {Unit}: 0 to 247, or 255" : null)
            : Unit is 0 or > 247 ? $"unit {Unit}: 1 to 247 on a serial line" : null;
    }

    /// <summary>As on a serial line: unit, function, data, check sum.</summary>
    public byte[] ToFrame()
    {
        var frame = new byte[Function == 16 ? 9 + (2 * Count) : 8];
        (frame[0], frame[1]) = (Unit, Function);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), Address);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), Function switch
        {
            5 => _values[0] == 0 ? (ushort)0 : (ushort)0xFF00,
            6 => _values[0],
            _ => (ushort)Count,
        });
        if (Function == 16)
        {
            frame[6] = (byte)(2 * Count);
            for (var i = 0; i < Count; i++)
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(7 + (2 * i)), _values[i]);
        }
        CheckSum.Put(frame);
        return frame;
    }

    /// <summary>Whether these bytes begin as an answer to this request does: unit, function, and byte count or echo. Fewer bytes than that: not yet known, hence true.</summary>
    public bool BeginsAnswer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0 && bytes[0] != Unit)
            return false;
        if (bytes.Length < 2 || bytes[1] == (Function | ExceptionBit))
            return true;
        if (bytes[1] != Function)
            return false;
        if (!Writes)
            return bytes.Length < 3 || bytes[2] == AnswerLength - 5;
        var echo = ToFrame().AsSpan(0, 6);
        return bytes.Length < 6 ? echo.StartsWith(bytes) : bytes.StartsWith(echo);
    }

    /// <summary>Bytes that an answer which begins like this has in all.</summary>
    public int LengthOf(ReadOnlySpan<byte> beginning) => beginning.Length > 1 && (beginning[1] & ExceptionBit) != 0 ? 5 : AnswerLength;

    /// <param name="frame">A whole answer: <see cref="BeginsAnswer"/>, as long as it must be, check sum right.</param>
    public ModbusAnswer Understand(ReadOnlySpan<byte> frame)
    {
        if ((frame[1] & ExceptionBit) != 0)
            return LineTrouble.Exception(this, frame[2]);
        if (Writes)
            return new(default, null);
        var words = new ushort[Count];
        for (var i = 0; i < Count; i++)
            words[i] = AsksBits ? (ushort)((frame[3 + (i / 8)] >> (i % 8)) & 1) : BinaryPrimitives.ReadUInt16BigEndian(frame[(3 + (2 * i))..]);
        return new(words, null);
    }

    /// <summary>The frame that an answer came as, where libmodbus kept it to itself: without check sum.</summary>
    public byte[] Retell(ModbusAnswer answer)
    {
        if (answer.Failure?.Exception is { } code)
            return [Unit, (byte)(Function | ExceptionBit), code];
        if (Writes)
            return ToFrame()[..6];
        var frame = new byte[AnswerLength - 2];
        (frame[0], frame[1], frame[2]) = (Unit, Function, (byte)(AnswerLength - 5));
        for (var i = 0; i < Count; i++)
        {
            if (AsksBits)
                frame[3 + (i / 8)] |= (byte)(answer.Words.Span[i] << (i % 8));
            else
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3 + (2 * i)), answer.Words.Span[i]);
        }
        return frame;
    }

    public string Describe() => Writes
        ? $"write {Kind} {Address} = {string.Join(' ', _values)}"
        : $"read {Count} {Kind} from {Address}";

    private string Kind => Bank switch
    {
        RegisterBank.Coil => "coil",
        RegisterBank.Discrete => "discrete input",
        RegisterBank.Holding => "holding",
        _ => "input",
    };
}
