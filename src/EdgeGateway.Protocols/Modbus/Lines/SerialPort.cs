using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>A serial port of this machine: opened and configured by libmodbus, held for us alone.</summary>
internal sealed class SerialPort : IByteLine
{
    private readonly string _device;
    private readonly int _lock;
    private readonly nint _context;

    private SerialPort(string device, int @lock, nint context) =>
        (_device, _lock, _context, Descriptor) = (device, @lock, context, LibModbus.Descriptor(context));

    public int Descriptor { get; }

    public static SerialPort? TryOpen(ModbusTransport transport, out string? why)
    {
        // Our own descriptor first: it says what is wrong, and holds the lock before anybody's settings are changed. flock also keeps root out, which TIOCEXCL does not.
        var held = Libc.Open(transport.Device, Libc.OpenReadWrite | Libc.OpenNoControl | Libc.OpenNonBlocking | Libc.CloseOnExec);
        var errno = Marshal.GetLastPInvokeError();
        if (held < 0)
        {
            why = LineTrouble.OfDevice(transport.Device, errno);
            return null;
        }
        var port = Configure(transport, held, out why);
        if (port is null)
            _ = Libc.Close(held);
        return port;
    }

    public void Flush() => _ = Libc.Flush(Descriptor, Libc.FlushBoth);

    public string Explain(int errno) => LineTrouble.OfDevice(_device, errno);

    public void Dispose()
    {
        // Closing would wait up to 30 s for what a stuck line does not take; and the mark outlives us where somebody else has the line open.
        Flush();
        _ = Libc.Control(Descriptor, Libc.NotExclusive);
        LibModbus.Close(_context);
        LibModbus.Free(_context);
        _ = Libc.Close(_lock);
    }

    private static SerialPort? Configure(ModbusTransport transport, int held, out string? why)
    {
        var locked = Libc.Lock(held, Libc.LockAlone | Libc.LockAtOnce);
        var errno = Marshal.GetLastPInvokeError();
        if (locked != 0)
        {
            why = LineTrouble.OfDevice(transport.Device, errno);
            return null;
        }
        var context = LibModbus.NewRtu(transport.Device, transport.Baud, (byte)transport.Parity.ToString()[0], 8, transport.StopBits);
        errno = Marshal.GetLastPInvokeError();
        if (context == 0)
        {
            why = LineTrouble.OfDevice(transport.Device, errno);
            return null;
        }
        var connected = LibModbus.Connect(context);
        errno = Marshal.GetLastPInvokeError();
        if (connected != 0)
        {
            LibModbus.Free(context);
            why = LineTrouble.OfDevice(transport.Device, errno);
            return null;
        }
        if (transport.KernelRs485 && LibModbus.SetSerialMode(context, LibModbus.Rs485) != 0)
        {
            LibModbus.Close(context);
            LibModbus.Free(context);
            why = $"{transport.Device}: its driver cannot switch the direction of an RS-485 line (take rs485=kernel away if the adapter does it itself)";
            return null;
        }
        _ = Libc.Control(LibModbus.Descriptor(context), Libc.Exclusive);
        why = null;
        return new(transport.Device, held, context);
    }
}
