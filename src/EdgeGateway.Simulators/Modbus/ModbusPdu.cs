using System.Buffers.Binary;
using EdgeGateway.Protocols.Modbus;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>
/// The device's side of the Modbus application protocol (V1.1b3, chapter 6): a request's bytes to an answer's.
/// Written apart from the gateway's own client side, so that no mistake is made on both.
/// </summary>
internal static class ModbusPdu
{
    public const byte IllegalFunction = 1;
    public const byte IllegalAddress = 2;
    public const byte IllegalValue = 3;

    private const byte Refusal = 0x80;
    private const int MostBits = 2000;
    private const int MostWritten = 123;

    /// <summary>Function, address and count of a request, as far as it has them.</summary>
    public static (byte Function, ushort Address, int Count) Subject(ReadOnlySpan<byte> request) => request switch
    {
        [5 or 6, ..] when request.Length >= 5 => (request[0], Word(request, 1), 1),
        _ when request.Length >= 5 => (request[0], Word(request, 1), Word(request, 3)),
        _ => (request[0], 0, 0),
    };

    public static byte[] Refused(byte function, byte code) => [(byte)(function | Refusal), code];

    public static byte[] Answer(SimulatedUnit unit, byte[] request)
    {
        try
        {
            return request[0] switch
            {
                1 => Bits(unit, RegisterBank.Coil, request),
                2 => Bits(unit, RegisterBank.Discrete, request),
                3 => Words(unit, RegisterBank.Holding, request),
                4 => Words(unit, RegisterBank.Input, request),
                5 => WriteCoil(unit, request),
                6 => Written(unit.Write(RegisterBank.Holding, Word(request, 1), [Word(request, 3)]), request),
                15 => WriteCoils(unit, request),
                16 => WriteWords(unit, request),
                _ => Refused(request[0], IllegalFunction),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            // Shorter than its function asks for.
            return Refused(request[0], IllegalValue);
        }
    }

    private static byte[] Words(SimulatedUnit unit, RegisterBank bank, byte[] request)
    {
        var (address, count) = (Word(request, 1), Word(request, 3));
        if (count == 0 || count > Math.Min(unit.MostWords, 125))
            return Refused(request[0], IllegalValue);
        if (unit.Read(bank, address, count) is not { } words)
            return Refused(request[0], IllegalAddress);
        var answer = new byte[2 + (2 * count)];
        (answer[0], answer[1]) = (request[0], (byte)(2 * count));
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2 + (2 * i)), words[i]);
        return answer;
    }

    private static byte[] Bits(SimulatedUnit unit, RegisterBank bank, byte[] request)
    {
        var (address, count) = (Word(request, 1), Word(request, 3));
        if (count is 0 or > MostBits)
            return Refused(request[0], IllegalValue);
        if (unit.Read(bank, address, count) is not { } bits)
            return Refused(request[0], IllegalAddress);
        var answer = new byte[2 + ((count + 7) / 8)];
        (answer[0], answer[1]) = (request[0], (byte)((count + 7) / 8));
        for (var i = 0; i < count; i++)
            answer[2 + (i / 8)] |= (byte)((bits[i] != 0 ? 1 : 0) << (i % 8));
        return answer;
    }

    private static byte[] WriteCoil(SimulatedUnit unit, byte[] request) => Word(request, 3) switch
    {
        0xFF00 => Written(unit.Write(RegisterBank.Coil, Word(request, 1), [1]), request),
        0x0000 => Written(unit.Write(RegisterBank.Coil, Word(request, 1), [0]), request),
        _ => Refused(request[0], IllegalValue),
    };

    private static byte[] WriteCoils(SimulatedUnit unit, byte[] request)
    {
        var count = Word(request, 3);
        if (count is 0 or > MostBits || request.Length != 6 + ((count + 7) / 8))
            return Refused(request[0], IllegalValue);
        return Written(unit.Write(RegisterBank.Coil, Word(request, 1), [.. Enumerable.Range(0, count).Select(i => (ushort)((request[6 + (i / 8)] >> (i % 8)) & 1))]), request);
    }

    private static byte[] WriteWords(SimulatedUnit unit, byte[] request)
    {
        var count = Word(request, 3);
        if (count is 0 or > MostWritten || request.Length != 6 + (2 * count) || request[5] != 2 * count)
            return Refused(request[0], IllegalValue);
        return Written(unit.Write(RegisterBank.Holding, Word(request, 1), [.. Enumerable.Range(0, count).Select(i => Word(request, 6 + (2 * i)))]), request);
    }

    /// <summary>A write is answered by its own first five bytes.</summary>
    private static byte[] Written(byte? refused, byte[] request) => refused is { } code ? Refused(request[0], code) : request[..5];

    private static ushort Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
