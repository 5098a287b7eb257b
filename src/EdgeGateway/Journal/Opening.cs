using EdgeGateway.Site;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGateway.Journal;

/// <summary>The way from a file to a database that can be trusted.</summary>
/// <param name="Site">Read already: what cannot be read is found here, where it can still be saved.</param>
/// <param name="Unchecked">The last end was unclean, and the check was cut short: it goes on behind the site's back.</param>
internal sealed record Opening(Database Database, StoredSite Site, IReadOnlyList<CorruptRecordException> Damages, bool Unchecked)
{
    /// <summary>How long a start may be held up by checking after an unclean end.</summary>
    public static readonly TimeSpan CheckLimit = TimeSpan.FromMilliseconds(250);

    /// <summary>Opens an existing file for writing.</summary>
    /// <exception cref="DamagedFileException">It has to be salvaged.</exception>
    /// <exception cref="StorageException">It is not for us.</exception>
    public static Opening Open(StoreFiles files, StorageOptions options, Schema schema, TimeProvider clock)
    {
        Database? database = null;
        try
        {
            if (new FileInfo(files.Path).Length == 0)
                throw new DamagedFileException("the file is empty");
            database = Database.Open(files.Path, SqliteOpenMode.ReadWrite);
            var opened = Open(database, files, options, schema, clock);
            database = null;
            return opened;
        }
        catch (SqliteException e) when (Trouble.IsDamage(e))
        {
            throw new DamagedFileException(e.Message);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_PERM or raw.SQLITE_FULL)
        {
            throw new StorageException($"The database {files.Path} cannot be written to: {e.Message}", e);
        }
        finally
        {
            database?.Dispose();
        }
    }

    /// <summary>Whether all pages hang together; null when the limit, or the end, came first.</summary>
    /// <exception cref="DamagedFileException">They do not.</exception>
    public static bool? Check(Database database, TimeSpan? limit, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        var began = clock.GetTimestamp();
        var handle = database.Connection.Handle!;
        raw.sqlite3_progress_handler(
            handle, 20_000, _ => cancellationToken.IsCancellationRequested || (limit is { } most && clock.GetElapsedTime(began) > most) ? 1 : 0, null);
        try
        {
            var result = database.Scalar<string>("pragma quick_check(1)");
            return result == "ok" ? true : throw new DamagedFileException(result);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            return null;
        }
        finally
        {
            raw.sqlite3_progress_handler(handle, 0, null, null);
        }
    }

    private static Opening Open(Database database, StoreFiles files, StorageOptions options, Schema schema, TimeProvider clock)
    {
        var ours = database.Scalar<int>("pragma application_id") == Schema.ApplicationId;
        if (!ours && database.Scalar<long>("select count(*) from sqlite_schema where name = 'site'") == 0)
            throw database.Scalar<long>("select count(*) from sqlite_schema") == 0
                ? new DamagedFileException("it holds no tables")
                : new StorageException($"{files.Path} is a database of another program; it is left alone.");
        schema.Refuse(database.Scalar<int>("pragma user_version"));
        Configure(database);
        var complete = CheckAfterUncleanEnd(database, files, clock);
        schema.Migrate(database);
        // Only now: a migration that remakes a table may need more for a while than the quota has left.
        database.Execute($"pragma max_page_count = {Math.Max(16, options.MaxSizeMb) * 256L}"); // pages of 4 KiB
        var damages = new List<CorruptRecordException>();
        var site = Load(database, damages);
        database.Execute("update site set clean = 0");
        return new(database, site, damages, !complete);
    }

    private static void Configure(Database database)
    {
        database.Execute("""
            pragma journal_mode = wal;
            pragma synchronous = full;
            pragma foreign_keys = on;
            pragma secure_delete = off;
            pragma wal_autocheckpoint = 1000;
            pragma journal_size_limit = 16777216;
            pragma cache_size = -8000;
            """);
    }

    /// <summary>True when nothing is left to check.</summary>
    private static bool CheckAfterUncleanEnd(Database database, StoreFiles files, TimeProvider clock)
    {
        var suspect = File.Exists(files.Suspect);
        var clean = database.Prepared("select clean from site").Scalar() ?? throw new DamagedFileException("it has no seed");
        if (clean == 1 && !suspect)
        {
            // Cut short on its way here: the header knows how long the file ought to be.
            var told = database.Scalar<long>("pragma page_count") * database.Scalar<long>("pragma page_size");
            return new FileInfo(files.Path).Length >= told || File.Exists(files.Path + "-wal") ? true : throw new DamagedFileException("it is shorter than it was");
        }
        var complete = Check(database, suspect ? null : CheckLimit, clock) is not null;
        File.Delete(files.Suspect);
        return complete;
    }

    private static StoredSite Load(Database database, List<CorruptRecordException> damages)
    {
        try
        {
            return database.Snapshot(it => SiteJournal.Load(it, damages.Add));
        }
        catch (Exception e) when (e is OverflowException or NullReferenceException or ArgumentException)
        {
            throw new DamagedFileException($"its seed or counters are unreadable ({e.Message})");
        }
    }
}

/// <summary>The file cannot be trusted and has to be salvaged.</summary>
internal sealed class DamagedFileException(string why) : Exception(why);
