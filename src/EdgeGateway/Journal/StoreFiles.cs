using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Journal;

/// <summary>The database file and those that lie beside it.</summary>
internal sealed class StoreFiles(string path)
{
    /// <summary>By how much numbers jump when the newest of them may have been lost: chargers still hold transactions by numbers that were given after
    /// the backup was made, and a number given twice would bill one driver for another (I9).</summary>
    public const int CounterJump = 1_000_000;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Left when damage was seen while running: the next start checks everything before it trusts the file.</summary>
    public string Suspect => Path + ".suspect";

    /// <summary>Space to give up when the disk is full, so that something can be removed then; more than the write-ahead log takes.</summary>
    private const int BallastBytes = 16 << 20;

    /// <summary>No ballast is taken from a disk that has less.</summary>
    private const int BallastNeeds = 3 * BallastBytes;

    private const int PageSize = 4096;

    private string Ballast => Path + ".ballast";

    /// <summary>A copy of the first page, which leads to all tables and is the one written most often.</summary>
    private string FirstPage => Path + ".page1";

    /// <summary>A complete new file that is about to take the place of the old one.</summary>
    private string Successor => Path + ".next";

    private string Unfinished => Path + ".tmp";

    /// <summary>Keeps a second program away from the file for as long as it is open.</summary>
    /// <exception cref="StorageException">The directory is missing or cannot be written, or the file is in use.</exception>
    public FileStream Lock()
    {
        var directory = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(directory))
            throw new StorageException($"The directory {directory} of the database does not exist.");
        try
        {
            return new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException($"The directory {directory} of the database cannot be written to.", e);
        }
        catch (IOException e)
        {
            throw new StorageException(
                File.Exists(Path + ".lock") && IsWritable(directory)
                    ? $"The database {Path} is in use by another edge-gateway."
                    : $"The directory {directory} of the database cannot be written to: {e.Message}",
                e);
        }
    }

    /// <summary>Finishes what a power cut interrupted, and makes a new database where there is none. True when it is new.</summary>
    public bool Prepare(Schema schema, DateTimeOffset now)
    {
        if (File.Exists(Path))
        {
            File.Delete(Successor);
            return false;
        }
        if (File.Exists(Successor))
        {
            File.Move(Successor, Path);
            return false;
        }
        // Made beside its place and moved there whole: an empty file in that place is never the beginning of ours.
        Build(database => Initialise(database, schema, now, NewSeed(), 1, 1));
        File.Move(Successor, Path);
        return true;
    }

    /// <summary>Makes a complete successor of the current file.</summary>
    public void Build(Action<Database> fill)
    {
        Remove(Unfinished);
        File.Delete(Successor);
        using (var database = Database.Open(Unfinished, SqliteOpenMode.ReadWriteCreate))
        {
            database.Execute("pragma page_size = 4096; pragma journal_mode = delete; pragma synchronous = full");
            fill(database);
        }
        Protect(Unfinished);
        File.Move(Unfinished, Successor);
    }

    /// <summary>Sets the current file aside under a name that says why, and puts the successor in its place.</summary>
    /// <returns>The name of what was set aside.</returns>
    public string Succeed(string why, DateTimeOffset now)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{Path}.{why}-{now:yyyyMMddTHHmmss}");
        for (var n = 2; File.Exists(aside); n++)
            aside = string.Create(CultureInfo.InvariantCulture, $"{Path}.{why}-{now:yyyyMMddTHHmmss}-{n}");
        foreach (var suffix in new[] { "-wal", "-shm", "" })
        {
            if (File.Exists(Path + suffix))
                File.Move(Path + suffix, aside + suffix);
        }
        File.Move(Successor, Path);
        return aside;
    }

    /// <summary>Keeps a copy of the first page; only its header changes between migrations.</summary>
    /// <returns>To be closed after the last connection: closing any descriptor of a file ends every POSIX lock that the process has on it, and without
    /// its locks a gateway would have its write-ahead log deleted by the next program that looks into the file.</returns>
    public FileStream KeepFirstPage()
    {
        var page = new byte[PageSize];
        var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.ReadExactly(page);
        if (!File.Exists(FirstPage) || !File.ReadAllBytes(FirstPage).AsSpan().Slice(100).SequenceEqual(page.AsSpan(100)))
            File.WriteAllBytes(FirstPage, page);
        return file;
    }

    /// <summary>Puts the copy back into a file whose own first page is lost. True when there is one.</summary>
    public bool RestoreFirstPage()
    {
        if (!File.Exists(FirstPage) || File.ReadAllBytes(FirstPage) is not { Length: PageSize } page)
            return false;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        BinaryPrimitives.WriteUInt32BigEndian(page.AsSpan(28), (uint)(file.Length / PageSize)); // how many pages there are by now
        file.Write(page);
        return true;
    }

    public void TakeBallast()
    {
        try
        {
            if (!File.Exists(Ballast) && new DriveInfo(System.IO.Path.GetDirectoryName(Path)!).AvailableFreeSpace > BallastNeeds)
                new FileStream(Ballast, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = BallastBytes }).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then there is none: it is a reserve, not a need.
        }
    }

    /// <summary>True when there was some.</summary>
    public bool DropBallast()
    {
        if (!File.Exists(Ballast))
            return false;
        File.Delete(Ballast);
        return true;
    }

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(32);

    /// <summary>Brings an empty file to the newest form.</summary>
    public static void Initialise(Database database, Schema schema, DateTimeOffset now, byte[] seed, long nextSession, long nextOrder)
    {
        schema.Migrate(database);
        database.Prepared("insert into site (id, seed, next_session, next_order, created, clean) values (1, ?, ?, ?, ?, 1)")
            .Bind(seed).Bind(nextSession).Bind(nextOrder).Bind(now).Run();
        EventRows.Write(database, new(now, Severity.Info, "DatabaseCreated", "database", "A new, empty database was made."));
    }

    /// <summary>It holds hubs' credentials and drivers' uids: for the program's user and, to look at, its group (S11). The log beside it inherits this.</summary>
    public static void Protect(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    private static void Remove(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" })
            File.Delete(path + suffix);
    }

    private static bool IsWritable(string directory)
    {
        try
        {
            var probe = System.IO.Path.Combine(directory, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
