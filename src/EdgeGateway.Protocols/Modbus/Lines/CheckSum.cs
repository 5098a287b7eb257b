namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>CRC-16 of Modbus serial frames, low byte first (Modbus over serial line 1.02, 2.5.1.2).</summary>
internal static class CheckSum
{
    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        ushort sum = 0xFFFF;
        foreach (var b in bytes)
            sum = (ushort)((sum >> 8) ^ Table[(sum ^ b) & 0xFF]);
        return sum;
    }

    /// <summary>Whether the last two bytes are the sum of those before.</summary>
    public static bool Holds(ReadOnlySpan<byte> frame) =>
        frame.Length >= 4 && Of(frame[..^2]) is var sum && frame[^2] == (byte)sum && frame[^1] == (byte)(sum >> 8);

    /// <summary>Writes the sum over the last two bytes.</summary>
    public static void Put(Span<byte> frame)
    {
        var sum = Of(frame[..^2]);
        (frame[^2], frame[^1]) = ((byte)sum, (byte)(sum >> 8));
    }

    private static ushort Entry(int value)
    {
        var entry = (ushort)value;
        for (var bit = 0; bit < 8; bit++)
            entry = (ushort)((entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xA001);
        return entry;
    }
}
