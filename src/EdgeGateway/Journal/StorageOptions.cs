namespace EdgeGateway.Journal;

/// <summary>Where the site's memory lies and how large it may grow. Read once, at the start: the store is never moved while running.</summary>
public sealed record StorageOptions
{
    /// <summary>The database file; its directory must exist and be writable.</summary>
    public string Path { get; init; } = "/var/lib/edge-gateway/gateway.db";

    /// <summary>MiB that the database file may take; sessions, CDRs and what is owed never make room for others.</summary>
    public int MaxSizeMb { get; init; } = 2048;

    /// <summary>Days that meter values outlive their session's billing.</summary>
    public int MeterValueDays { get; init; } = 30;

    /// <summary>Days that finished sessions and delivered CDRs are kept.</summary>
    public int CdrDays { get; init; } = 730;

    /// <summary>MiB of frames from and to chargers.</summary>
    public int FrameMb { get; init; } = 64;
    public int FrameDays { get; init; } = 14;
}
