namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>A descriptor that libmodbus can wait on. It uses select(), which ends at 1023, and Debian's build ends the whole process beyond ("bit out of range"): a site with a thousand
/// chargers is there. So each bus takes a low number at its beginning, and keeps it.</summary>
internal sealed class LowDescriptor : IDisposable
{
    /// <summary>FD_SETSIZE.</summary>
    public const int Limit = 1024;

    private LowDescriptor(int number) => Number = number;

    public int Number { get; }

    /// <returns>Null when all low numbers are taken.</returns>
    public static LowDescriptor? TryTake()
    {
        var number = Nothing();
        if (number is >= 0 and < Limit)
            return new(number);
        if (number >= 0)
            _ = Libc.Close(number);
        return null;
    }

    /// <summary>It now means what <paramref name="descriptor"/> does, which stays its owner's.</summary>
    public bool Carry(int descriptor) => Libc.Duplicate(descriptor, Number, Libc.CloseOnExec) >= 0;

    /// <summary>It means nothing again, but is still ours.</summary>
    public void Rest()
    {
        var nothing = Nothing();
        if (nothing < 0)
            return;
        Carry(nothing);
        _ = Libc.Close(nothing);
    }

    public void Dispose() => _ = Libc.Close(Number);

    private static int Nothing() => Libc.Open("/dev/null", Libc.OpenReadWrite | Libc.CloseOnExec);
}
