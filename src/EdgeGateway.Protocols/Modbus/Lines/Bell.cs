using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>Ends a poll from another thread: a descriptor that becomes readable when the bus is to stop.</summary>
internal sealed unsafe class Bell : IDisposable
{
    private readonly CancellationTokenRegistration _registration;

    public Bell(CancellationToken stopping)
    {
        Descriptor = Libc.Event(0, Libc.CloseOnExec | Libc.OpenNonBlocking);
        _registration = stopping.UnsafeRegister(bell => ((Bell)bell!).Ring(), this);
    }

    public int Descriptor { get; }

    public void Dispose()
    {
        // Waits for a ring that is on its way: its descriptor must still be ours.
        _registration.Dispose();
        _ = Libc.Close(Descriptor);
    }

    private void Ring()
    {
        ulong one = 1;
        _ = Libc.Write(Descriptor, (byte*)&one, (nuint)Marshal.SizeOf(one));
    }
}
