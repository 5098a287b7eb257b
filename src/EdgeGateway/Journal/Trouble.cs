using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGateway.Journal;

/// <summary>What is wrong with the store, for status, log and whoever has to act. Said once when it begins and once when it ends, not per commit.</summary>
internal sealed partial class Trouble(ILogger<Store> logger) : IDisposable
{
    private readonly CancellationTokenSource _broken = new();
    private string? _current;

    /// <summary>Why the last commit failed; null while all is well.</summary>
    public string? Current => Volatile.Read(ref _current);

    /// <summary>Cancelled once the file turned out to be damaged: only a new start, which salvages, helps.</summary>
    public CancellationToken Broken => _broken.Token;

    public void CommitFailed(Exception failure)
    {
        if (Volatile.Read(ref _current) is null)
            LogFailed(failure);
        Volatile.Write(ref _current, failure.Message);
        if (IsDamage(failure))
            Break(failure.Message);
    }

    public void CommitSucceeded()
    {
        if (Volatile.Read(ref _current) is null)
            return;
        Volatile.Write(ref _current, null);
        LogRecovered();
    }

    public void Break(string why)
    {
        if (_broken.IsCancellationRequested)
            return;
        LogBroken(why);
        // Not on the writer's thread: whoever hears it stops the program, which waits for the writer.
        _ = _broken.CancelAsync();
    }

    public static bool IsDamage(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    public void Dispose() => _broken.Dispose();

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Cannot write to the database; chargers' lines are dropped until it works again")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The database can be written to again")]
    private partial void LogRecovered();

    [LoggerMessage(EventId = 3, Level = LogLevel.Critical, Message = "The database is damaged ({Why}); the next start saves what can be read")]
    private partial void LogBroken(string why);
}

/// <summary>The events table.</summary>
internal static class EventRows
{
    /// <summary>Events that are kept; the oldest go first.</summary>
    public const int Limit = 10_000;

    public static void Write(Database database, SiteEvent e)
    {
        database.Prepared("insert into event (at, severity, code, subject, text) values (?, ?, ?, ?, ?)")
            .Bind(e.At).Bind(e.Severity.ToString()).Bind(e.Code).Bind(e.Subject).Bind(e.Text).Run();
    }

    public static int Trim(Database database) =>
        database.Prepared("delete from event where id <= (select max(id) from event) - ?").Bind(Limit).Run();

    public static SiteEvent Read(Statement row) => new(row.Time(), row.Word<Severity>(), row.Text(), row.Text(), row.Text());
}
