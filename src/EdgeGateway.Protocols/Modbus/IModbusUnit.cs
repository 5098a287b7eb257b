namespace EdgeGateway.Protocols.Modbus;

/// <summary>The four tables of a Modbus device.</summary>
public enum RegisterBank
{
    /// <summary>Bits, read by function 1, written by 5.</summary>
    Coil,

    /// <summary>Bits, read by function 2.</summary>
    Discrete,

    /// <summary>Words, read by function 3, written by 6 or 16.</summary>
    Holding,

    /// <summary>Words, read by function 4.</summary>
    Input,
}

/// <summary>One device on a bus. Whoever holds one speaks alone with its device, whatever else the bus carries.</summary>
public interface IModbusUnit
{
    /// <summary>Reads words, or bits as words of 0 and 1. Never throws for what a device or line does.</summary>
    /// <param name="address">0-based, as on the wire.</param>
    /// <param name="count">1 to 125 words, 1 to 2000 bits.</param>
    Task<ModbusAnswer> ReadAsync(RegisterBank bank, ushort address, int count, CancellationToken cancellationToken);

    /// <summary>Writes words (function 6 for one unless <paramref name="multiple"/>, else 16), or one coil (5). Goes before all reads that wait.</summary>
    Task<ModbusAnswer> WriteAsync(RegisterBank bank, ushort address, ReadOnlyMemory<ushort> values, bool multiple, CancellationToken cancellationToken);
}

/// <summary>What a request came to: words, or why there are none.</summary>
/// <param name="Words">Empty after a write.</param>
public sealed record ModbusAnswer(ReadOnlyMemory<ushort> Words, ModbusFailure? Failure)
{
    public bool Succeeded => Failure is null;

    public static ModbusAnswer Failed(ModbusFault fault, string text, byte? exception = null) => new(default, new(fault, text, exception));
}

/// <param name="Text">For people, with what the system said: <c>no answer within 300 ms</c>, <c>/dev/ttyUSB0: permission denied (is the user in group dialout?)</c>.</param>
/// <param name="Exception">The device's exception code of a <see cref="ModbusFault.Refused"/>.</param>
public sealed record ModbusFailure(ModbusFault Fault, string Text, byte? Exception = null);

/// <summary>Where it broke, and whose fault it was.</summary>
public enum ModbusFault
{
    /// <summary>The line cannot be opened, or broke: the device file is gone, the host does not answer, permission is denied.</summary>
    NoLine,

    /// <summary>The line is there; this unit did not answer.</summary>
    Silent,

    /// <summary>Something came that is no answer to this request: noise, a wrong check sum.</summary>
    Garbled,

    /// <summary>The device answered with an exception: it does not have this register, or not this function.</summary>
    Refused,

    /// <summary>This unit has been silent so often that it is not asked now; it will be probed again.</summary>
    Resting,

    /// <summary>Nothing was sent: the request breaks the limits of Modbus, or the bus is being closed.</summary>
    NotSent,
}
