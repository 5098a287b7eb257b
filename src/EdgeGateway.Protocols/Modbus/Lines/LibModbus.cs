using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>libmodbus 3.1: it opens and configures serial ports and speaks Modbus TCP. One context a line, one thread at a time.</summary>
internal static partial class LibModbus
{
    /// <summary>errno of an exception answer is this and the exception's code.</summary>
    public const int FirstError = 112345678;
    public const int LastException = FirstError + 11;
    public const int BadCheckSum = FirstError + 12;
    public const int TooMuchData = FirstError + 16;
    public const int BadSlave = FirstError + 17;
    public const int Rs485 = 1;

    private const string Library = "libmodbus.so.5";

    [LibraryImport(Library, EntryPoint = "modbus_new_rtu", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewRtu(string device, int baud, byte parity, int dataBits, int stopBits);

    [LibraryImport(Library, EntryPoint = "modbus_new_tcp_pi", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTcp(string node, string service);

    [LibraryImport(Library, EntryPoint = "modbus_connect", SetLastError = true)]
    public static partial int Connect(nint context);

    [LibraryImport(Library, EntryPoint = "modbus_get_socket", SetLastError = true)]
    public static partial int Descriptor(nint context);

    [LibraryImport(Library, EntryPoint = "modbus_set_socket", SetLastError = true)]
    public static partial int SetDescriptor(nint context, int descriptor);

    [LibraryImport(Library, EntryPoint = "modbus_rtu_set_serial_mode", SetLastError = true)]
    public static partial int SetSerialMode(nint context, int mode);

    [LibraryImport(Library, EntryPoint = "modbus_set_response_timeout", SetLastError = true)]
    public static partial int SetResponseTimeout(nint context, uint seconds, uint microseconds);

    [LibraryImport(Library, EntryPoint = "modbus_set_slave", SetLastError = true)]
    public static partial int SetUnit(nint context, int unit);

    [LibraryImport(Library, EntryPoint = "modbus_read_bits", SetLastError = true)]
    public static partial int ReadCoils(nint context, int address, int count, Span<byte> bits);

    [LibraryImport(Library, EntryPoint = "modbus_read_input_bits", SetLastError = true)]
    public static partial int ReadDiscretes(nint context, int address, int count, Span<byte> bits);

    [LibraryImport(Library, EntryPoint = "modbus_read_registers", SetLastError = true)]
    public static partial int ReadHoldings(nint context, int address, int count, Span<ushort> words);

    [LibraryImport(Library, EntryPoint = "modbus_read_input_registers", SetLastError = true)]
    public static partial int ReadInputs(nint context, int address, int count, Span<ushort> words);

    [LibraryImport(Library, EntryPoint = "modbus_write_bit", SetLastError = true)]
    public static partial int WriteCoil(nint context, int address, int value);

    [LibraryImport(Library, EntryPoint = "modbus_write_register", SetLastError = true)]
    public static partial int WriteHolding(nint context, int address, ushort value);

    [LibraryImport(Library, EntryPoint = "modbus_write_registers", SetLastError = true)]
    public static partial int WriteHoldings(nint context, int address, int count, ReadOnlySpan<ushort> words);

    [LibraryImport(Library, EntryPoint = "modbus_close")]
    public static partial void Close(nint context);

    [LibraryImport(Library, EntryPoint = "modbus_free")]
    public static partial void Free(nint context);
}
