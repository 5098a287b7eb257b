using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Journal;

/// <summary>A consistent copy while the gateway runs, and the way back.</summary>
public static class Backup
{
    /// <summary>Copies the database at <paramref name="path"/> to <paramref name="file"/>; what was there is replaced only by a copy that passed its check.
    /// May be called from any process, at any time.</summary>
    /// <exception cref="StorageException">It could not be made.</exception>
    public static void Make(string path, string file)
    {
        var unfinished = file + ".tmp";
        try
        {
            if (!File.Exists(path))
                throw new StorageException($"There is no database {path}.");
            if (System.IO.Path.GetFullPath(path) == System.IO.Path.GetFullPath(file))
                throw new StorageException("The backup cannot take the place of the database itself.");
            File.Delete(unfinished);
            using (var source = Database.Open(path, SqliteOpenMode.ReadWrite))
            using (var target = Database.Open(unfinished, SqliteOpenMode.ReadWriteCreate))
            {
                source.Connection.BackupDatabase(target.Connection);
                target.Execute("pragma journal_mode = delete");
                Verify(target, unfinished);
            }
            StoreFiles.Protect(unfinished);
            File.Move(unfinished, file, overwrite: true);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The backup {file} could not be made: {e.Message}", e);
        }
    }

    /// <summary>Puts a backup in the place of the database, which is kept aside. The gateway must not be running. Numbers jump ahead, past all that was
    /// given after the backup (I9).</summary>
    /// <returns>The name under which the former database is kept; null when there was none.</returns>
    /// <exception cref="StorageException">The gateway is running, or the file is no sound backup.</exception>
    public static string? Restore(StorageOptions options, string file, TimeProvider clock)
    {
        if (!File.Exists(file))
            throw new StorageException($"There is no backup {file}.");
        var files = new StoreFiles(options.Path);
        var now = clock.GetUtcNow();
        using var mine = files.Lock();
        try
        {
            files.Build(target =>
            {
                using (var source = Database.Open(file, SqliteOpenMode.ReadOnly))
                    source.Connection.BackupDatabase(target.Connection);
                target.Execute("pragma journal_mode = delete");
                Verify(target, file);
                Schema.Embedded.Migrate(target);
                target.Prepared("update site set next_session = max(next_session, ?1) + ?2, next_order = next_order + ?2, next_reservation = next_reservation + ?2, clean = 1")
                    .Bind(NextSession(files.Path)).Bind(StoreFiles.CounterJump).Run();
                EventRows.Write(target, new(now, Severity.Warning, "DatabaseRestored", "database", $"The backup {System.IO.Path.GetFileName(file)} was restored."));
            });
            if (File.Exists(files.Path))
                return files.Succeed("before-restore", now);
            files.Prepare(Schema.Embedded, now);
            return null;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The backup {file} could not be restored: {e.Message}", e);
        }
    }

    private static void Verify(Database copy, string file)
    {
        if (copy.Scalar<int>("pragma application_id") != Schema.ApplicationId)
            throw new StorageException($"{file} is no database of edge-gateway.");
        Schema.Embedded.Refuse(copy.Scalar<int>("pragma user_version"));
        var result = copy.Scalar<string>("pragma integrity_check(1)");
        if (result != "ok")
            throw new StorageException($"{file} is damaged: {result}");
    }

    /// <summary>What the database that is replaced would have given next, if it can be read.</summary>
    private static long NextSession(string path)
    {
        try
        {
            if (!File.Exists(path))
                return 1;
            using var current = Database.Open(path, SqliteOpenMode.ReadWrite);
            return current.Prepared("select next_session from site").Scalar() ?? 1;
        }
        catch (SqliteException)
        {
            return 1;
        }
    }
}
