namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>Names of serial devices (FIELD pain 18: ttyUSB0 is another adapter's after a restart).</summary>
internal static class DevicePath
{
    private static readonly string[] Passing = ["/dev/ttyUSB", "/dev/ttyACM"];

    /// <summary>Null for names that stay.</summary>
    public static string? Remark(string device, string names = "/dev/serial/by-id")
    {
        if (!Passing.Any(p => device.StartsWith(p, StringComparison.Ordinal)))
            return null;
        return $"{device} may be another adapter after a restart; "
            + (Lasting(device, names) is { } lasting ? $"{lasting} stays the same one" : "name it by /dev/serial/by-id or /dev/serial/by-path");
    }

    private static string? Lasting(string device, string names)
    {
        try
        {
            return Directory.Exists(names) ? Directory.EnumerateFileSystemEntries(names).FirstOrDefault(n => File.ResolveLinkTarget(n, true)?.FullName == device) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
