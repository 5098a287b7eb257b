using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>What a serial line needs of the system below what .NET offers. errno is read in the statement after the call: any other native call overwrites it.</summary>
internal static unsafe partial class Libc
{
    public const int OpenReadWrite = 0x2;
    public const int OpenNoControl = 0x100;
    public const int OpenNonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int LockAlone = 2;
    public const int LockAtOnce = 4;
    public const int FlushBoth = 2;
    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollBroken = 8 | 16 | 32;

    /// <summary>TIOCEXCL: no other program may open the line.</summary>
    public const nuint Exclusive = 0x540C;

    /// <summary>TIOCNXCL.</summary>
    public const nuint NotExclusive = 0x540D;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request);

    [LibraryImport("libc", EntryPoint = "tcflush", SetLastError = true)]
    public static partial int Flush(int descriptor, int queues);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "dup3", SetLastError = true)]
    public static partial int Duplicate(int from, int onto, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int Event(uint value, int flags);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Asked;
        public short Came;
    }
}
