using System.Globalization;
using System.Security.Cryptography;

namespace EdgeGateway.Chargers.Files;

/// <summary>
/// The files themselves: firmware under the names that people gave it, logs under names of our own. Nothing that a charger says becomes part of a
/// path (S6). What is being brought has a name of its own until it is whole; what was not finished is gone.
/// </summary>
public sealed class FileStore
{
    public const int MostNameChars = 64;

    private const string Part = ".part";

    private readonly Func<ChargersOptions> _options;
    private readonly TimeProvider _clock;

    public FileStore(Func<ChargersOptions> options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        if (!IsOn)
            return;
        // What a power cut left half brought.
        foreach (var part in new[] { FirmwareDirectory, LogDirectory }.Where(Directory.Exists).SelectMany(d => Directory.EnumerateFiles(d, $"*{Part}")))
            File.Delete(part);
    }

    public bool IsOn => Options.Directory.Length > 0;

    private FilesOptions Options => _options().Files;
    private string FirmwareDirectory => Path.Combine(Options.Directory, "firmware");
    private string LogDirectory => Path.Combine(Options.Directory, "logs");

    /// <summary>Letters, digits, point, dash and underline, and no point first.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MostNameChars && name[0] != '.' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && !name.EndsWith(Part, StringComparison.Ordinal);

    /// <summary>By name.</summary>
    public IReadOnlyList<FileInfo> Firmware() => Listed(FirmwareDirectory).OrderBy(static f => f.Name, StringComparer.OrdinalIgnoreCase).ToList();

    public FileInfo? FindFirmware(string name) => IsOn && IsName(name) && new FileInfo(Path.Combine(FirmwareDirectory, name)) is { Exists: true } file ? file : null;

    public FileInfo? FindLog(string? name) => IsOn && name is not null && IsName(name) && new FileInfo(Path.Combine(LogDirectory, name)) is { Exists: true } file ? file : null;

    /// <summary>Takes firmware in; one of the same name is replaced.</summary>
    /// <param name="isNeeded">Whether a charger is still to fetch it.</param>
    /// <returns>Why not; null when it is here.</returns>
    public async Task<string?> KeepFirmwareAsync(string name, Stream content, Func<string, bool> isNeeded, CancellationToken cancellationToken)
    {
        if (!IsOn)
            return "The gateway serves no files: Gateway:Ocpp:Files:Directory is empty.";
        if (!IsName(name))
            return $"A name has at most {MostNameChars} letters, digits, points, dashes and underlines, and does not begin with a point.";
        if (isNeeded(name))
            return $"A charger is to fetch {name}; give the new one another name.";
        if (HasNoRoom(Options.MaxFirmwareBytes))
            return "The disk is nearly full.";
        Directory.CreateDirectory(FirmwareDirectory);
        var path = Path.Combine(FirmwareDirectory, name);
        var part = $"{path}{Part}";
        if (await WriteAsync(part, content, Options.MaxFirmwareBytes, null, cancellationToken) is null)
            return $"It is larger than {Options.MaxFirmwareMb} MB (Gateway:Ocpp:Files:MaxFirmwareMb).";
        File.Move(part, path, overwrite: true);
        Trim(Listed(FirmwareDirectory).Where(f => f.Name != name && !isNeeded(f.Name)), Options.MaxFirmwareBytes * FilesOptions.FirmwareInAll, Listed(FirmwareDirectory));
        return null;
    }

    public bool DropFirmware(string name)
    {
        if (FindFirmware(name) is not { } file)
            return false;
        file.Delete();
        return true;
    }

    /// <summary>A name of our own, for a log that is about to come.</summary>
    public string NewLog() => $"{_clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>Takes a log in.</summary>
    /// <param name="moved">Told how many bytes there are, as they come.</param>
    /// <returns>Its bytes; null when there were more than are taken. An exception, of the line or the disk, leaves nothing.</returns>
    public async Task<long?> KeepLogAsync(string name, Stream content, Action<long> moved, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(LogDirectory);
        var path = Path.Combine(LogDirectory, name);
        var bytes = await WriteAsync($"{path}{Part}", content, Options.MaxLogBytes, moved, cancellationToken);
        if (bytes is > 0)
            File.Move($"{path}{Part}", path);
        return bytes;
    }

    /// <summary>Makes room: the oldest logs of the station beyond its number, and the oldest of all beyond their bytes.</summary>
    /// <param name="ofStation">Names of the station's logs, oldest first.</param>
    public void TrimLogs(IReadOnlyList<string> ofStation)
    {
        foreach (var old in ofStation.SkipLast(FilesOptions.LogsPerStation))
            FindLog(old)?.Delete();
        var all = Listed(LogDirectory);
        Trim(all.OrderByDescending(static f => f.Name, StringComparer.Ordinal).Skip(1).Reverse(), Options.MaxLogBytes * FilesOptions.LogsInAll, all);
    }

    /// <summary>Whether so many bytes more would take from the reserve that the database needs.</summary>
    public bool HasNoRoom(long bytes)
    {
        try
        {
            Directory.CreateDirectory(Options.Directory);
            return new DriveInfo(Path.GetFullPath(Options.Directory)).AvailableFreeSpace - bytes < FilesOptions.DiskReserveMb * 1048576L;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return true;
        }
    }

    private List<FileInfo> Listed(string directory) =>
        IsOn && Directory.Exists(directory) ? [.. new DirectoryInfo(directory).EnumerateFiles().Where(static f => f.Extension != Part)] : [];

    private static void Trim(IEnumerable<FileInfo> removable, long most, IReadOnlyCollection<FileInfo> all)
    {
        var sum = all.Sum(static f => f.Length);
        foreach (var file in removable.OrderBy(static f => f.LastWriteTimeUtc).TakeWhile(_ => sum > most).ToList())
        {
            sum -= file.Length;
            file.Delete();
        }
    }

    private static async Task<long?> WriteAsync(string path, Stream content, long most, Action<long>? moved, CancellationToken cancellationToken)
    {
        var isWhole = false;
        try
        {
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            var buffer = new byte[64 * 1024];
            long bytes = 0;
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                bytes += count;
                if (bytes > most)
                    return null;
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                moved?.Invoke(bytes);
            }
            file.Flush(flushToDisk: true);
            isWhole = bytes > 0;
            return bytes;
        }
        finally
        {
            if (!isWhole)
                File.Delete(path);
        }
    }
}
