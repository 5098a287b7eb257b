namespace EdgeGateway.Chargers.Files;

/// <summary>The files that go between chargers and people: firmware one way, logs the other.</summary>
public sealed record FilesOptions
{
    /// <summary>Logs that are kept of one station; the oldest makes room.</summary>
    public const int LogsPerStation = 4;

    /// <summary>All logs together take this many times <see cref="MaxLogMb"/>; the oldest make room.</summary>
    public const int LogsInAll = 8;

    /// <summary>All firmware together takes this many times <see cref="MaxFirmwareMb"/>; the oldest that no charger is to fetch makes room.</summary>
    public const int FirmwareInAll = 4;

    /// <summary>Uploads under way at once, of all stations.</summary>
    public const int UploadsAtOnce = 16;

    /// <summary>MiB that are left on the disk whatever is brought: the sessions are written there too.</summary>
    public const int DiskReserveMb = 256;

    /// <summary>Its <c>firmware</c> and <c>logs</c> below it are the gateway's own. Empty: no files are served.</summary>
    public string Directory { get; init; } = "";
    public int MaxFirmwareMb { get; init; } = 256;
    public int MaxLogMb { get; init; } = 32;

    /// <summary>Where chargers reach the OCPP listener, if not at the address that their line came in on (a proxy, a name in the certificate).</summary>
    public Uri? BaseUrl { get; init; }

    public long MaxFirmwareBytes => MaxFirmwareMb * 1048576L;
    public long MaxLogBytes => MaxLogMb * 1048576L;
}
