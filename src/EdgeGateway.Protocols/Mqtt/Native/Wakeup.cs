using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGateway.Protocols.Mqtt.Native;

/// <summary>
/// Lets a thread wait for a native socket and for us at once. mosquitto_loop's own select refuses descriptors from 1024 on, which a
/// gateway with many chargers reaches; poll does not.
/// </summary>
internal sealed unsafe partial class Wakeup : IDisposable
{
    private const short In = 1;
    private const short Out = 4;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private readonly SafeFileHandle _event;
    private int _signalled;

    public Wakeup()
    {
        _event = EventFd(0, NonBlocking | CloseOnExec);
        if (_event.IsInvalid)
            throw new IOException("No descriptor is left to wait with.");
    }

    /// <summary>From any thread, also after <see cref="Dispose"/>.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) != 0)
            return;
        try
        {
            var one = 1UL;
            Write(_event, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    /// <summary>Until the socket may be read (or written), somebody signalled, or the time is over.</summary>
    /// <param name="socket">Negative for none.</param>
    /// <param name="milliseconds">Negative for ever.</param>
    public void Wait(int socket, bool write, int milliseconds)
    {
        var taken = false;
        try
        {
            _event.DangerousAddRef(ref taken);
            var waiting = stackalloc Waiting[2];
            waiting[0] = new() { Descriptor = (int)_event.DangerousGetHandle(), Events = In };
            waiting[1] = new() { Descriptor = socket, Events = (short)(write ? In | Out : In) };
            // A signal that interrupts it is one more reason to look around.
            _ = Poll(waiting, 2, milliseconds);
            if (waiting[0].Happened != 0)
            {
                ulong count;
                Read(_event, &count, sizeof(ulong));
            }
            // Reset before the caller looks at what there is to do: what comes after this signals again.
            Interlocked.Exchange(ref _signalled, 0);
        }
        finally
        {
            if (taken)
                _event.DangerousRelease();
        }
    }

    public void Dispose() => _event.Dispose();

    [StructLayout(LayoutKind.Sequential)]
    private struct Waiting
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "eventfd")]
    private static partial SafeFileHandle EventFd(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Waiting* waiting, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle descriptor, void* buffer, nuint length);
}
