namespace EdgeGateway.Journal;

/// <summary>What status shows of the store.</summary>
/// <param name="SizeBytes">Of the database file, without its write-ahead log.</param>
/// <param name="FreeBytes">Within the file: it is used again before the file grows.</param>
/// <param name="LimitBytes">The quota.</param>
/// <param name="DiskFreeBytes">On the file's volume.</param>
/// <param name="Commits">Transactions since the start.</param>
/// <param name="DroppedFrames">Frames that were not kept since the start.</param>
/// <param name="Trouble">Why the last commit failed; null while all is well.</param>
public sealed record StorageFigures(
    string Path, int Version, long SizeBytes, long FreeBytes, long WalBytes, long LimitBytes, long DiskFreeBytes, long Sessions, long Cdrs, long Readings,
    long Frames, long FrameBytes, long Events, long Commits, TimeSpan LastCommit, long DroppedFrames, string? Trouble);
