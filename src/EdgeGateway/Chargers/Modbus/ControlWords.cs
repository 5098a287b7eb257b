using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>What is written to a register, as words on the wire.</summary>
internal static class ControlWords
{
    /// <param name="value">In the unit of the register's scale: A, s.</param>
    public static ReadOnlyMemory<ushort> Of(ControlPoint point, decimal value) => point.Type switch
    {
        RegisterType.Float32 => Ordered(point, BitConverter.SingleToUInt32Bits((float)(value / point.Scale)), 2),
        RegisterType.Float64 => Ordered(point, BitConverter.DoubleToUInt64Bits((double)(value / point.Scale)), 4),
        // Down: never more than what was allowed.
        _ => Raw(point, (long)decimal.Floor(value / point.Scale)),
    };

    /// <param name="raw">As the device counts.</param>
    public static ReadOnlyMemory<ushort> Raw(ControlPoint point, long raw) => point.Type switch
    {
        RegisterType.Bit => new ushort[] { (ushort)(raw == 0 ? 0 : 1) },
        RegisterType.UInt16 or RegisterType.Int16 => new ushort[] { (ushort)Math.Clamp(raw, short.MinValue, ushort.MaxValue) },
        RegisterType.UInt32 or RegisterType.Int32 => Ordered(point, (uint)Math.Clamp(raw, int.MinValue, uint.MaxValue), 2),
        RegisterType.UInt64 or RegisterType.Int64 => Ordered(point, (ulong)raw, 4),
        _ => Of(point, raw * point.Scale),
    };

    private static ushort[] Ordered(ControlPoint point, ulong bits, int count)
    {
        var words = new ushort[count];
        for (var i = 0; i < count; i++)
            words[point.Order is WordOrder.HighWordFirst ? count - 1 - i : i] = (ushort)(bits >> (16 * i));
        return words;
    }
}
