using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>What the system or libmodbus said, in words for the one who stands at the switchboard.</summary>
internal static class LineTrouble
{
    public const int NotPermitted = 1;
    public const int NoSuchFile = 2;
    public const int Interrupted = 4;
    public const int IoError = 5;
    public const int NoSuchDevice = 6;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int DeviceGone = 19;
    public const int Invalid = 22;
    public const int TooManyOpen = 24;
    public const int NoTerminal = 25;
    public const int TimedOut = 110;

    private const int BrokenPipe = 32;
    private const int ConnectionReset = 104;
    private const int StillConnecting = 115;

    public const string LibraryMissing = "libmodbus is missing: install the package libmodbus5";

    public static ModbusAnswer NoLine(string text) => ModbusAnswer.Failed(ModbusFault.NoLine, text);

    /// <summary>Of a serial device that cannot be opened, or broke.</summary>
    public static string OfDevice(string device, int errno) => $"{device}: " + errno switch
    {
        AccessDenied or NotPermitted => "permission denied (is the user in group dialout?)",
        NoSuchFile or DeviceGone or NoSuchDevice => "no such device (is the adapter plugged in?)",
        IoError => "the device broke off (was the adapter unplugged?)",
        Busy or Again => "busy: another program holds the line",
        Invalid => "the device does not take this baud rate, parity or stop bits",
        NoTerminal => "this is no serial line",
        TooManyOpen => "too many files are open",
        _ => Marshal.GetPInvokeErrorMessage(errno),
    };

    /// <summary>Of a host that cannot be reached.</summary>
    public static string OfHost(string host, int port, SocketError error) => $"{host}:{port}: " + error switch
    {
        SocketError.ConnectionRefused => "refuses the connection (is Modbus TCP switched on there, and its only client not another?)",
        SocketError.HostUnreachable or SocketError.HostDown => "host unreachable",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "network unreachable",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => "the name is not known",
        SocketError.TimedOut or SocketError.OperationAborted => "does not take the connection in time",
        SocketError.TooManyOpenSockets => "too many files are open",
        SocketError.AccessDenied => "permission denied (a firewall of this machine?)",
        _ => Marshal.GetPInvokeErrorMessage((int)error) is { Length: > 0 } text ? $"{text} ({error})" : error.ToString(),
    };

    /// <summary>Of a request that libmodbus carried.</summary>
    public static ModbusAnswer OfRequest(ModbusRequest request, ModbusTransport transport, TimeSpan response, int errno) => errno switch
    {
        > LibModbus.FirstError and <= LibModbus.LastException => Exception(request, (byte)(errno - LibModbus.FirstError)),
        TimedOut => Silent(request, response),
        LibModbus.TooMuchData or Invalid => ModbusAnswer.Failed(ModbusFault.NotSent, $"unit {request.Unit}: Modbus does not carry this request"),
        > LibModbus.LastException and <= LibModbus.BadSlave + 2 => ModbusAnswer.Failed(ModbusFault.Garbled, $"unit {request.Unit}: the answer belongs to no request of ours"),
        ConnectionReset or BrokenPipe => NoLine($"{transport.Host}:{transport.Port}: closed the connection"),
        StillConnecting => NoLine(OfHost(transport.Host, transport.Port, SocketError.TimedOut)),
        _ => NoLine($"{transport.Host}:{transport.Port}: {Marshal.GetPInvokeErrorMessage(errno)}"),
    };

    /// <summary>What should not have come: it ends as a line that cannot be used, never as an end of the bus.</summary>
    public static string OfException(Exception exception) =>
        exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException ? LibraryMissing : $"unexpected: {exception.Message}";

    public static ModbusAnswer Silent(ModbusRequest request, TimeSpan response) =>
        ModbusAnswer.Failed(ModbusFault.Silent, $"unit {request.Unit}: no answer within {response.TotalMilliseconds:0} ms");

    /// <summary>Modbus application protocol 1.1b3, 7. Codes 10 and 11 are a gateway's word that the device behind it is silent.</summary>
    public static ModbusAnswer Exception(ModbusRequest request, byte code)
    {
        var meaning = code switch
        {
            1 => "does not know this function",
            2 => "does not have this register",
            3 => "does not take this value or count",
            4 => "failed at it",
            5 => "will take a while",
            6 => "is busy",
            7 => "cannot do this",
            8 => "has a memory fault",
            10 => "is not reachable through its gateway",
            11 => "does not answer its gateway",
            _ => "refuses",
        };
        return ModbusAnswer.Failed(code is 10 or 11 ? ModbusFault.Silent : ModbusFault.Refused, $"unit {request.Unit} {meaning} (exception {code}): {request.Describe()}", code);
    }
}
