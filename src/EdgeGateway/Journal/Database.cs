using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGateway.Journal;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>Waiting for a lock that a reader or a backup holds.</summary>
    private const int BusyTimeoutMs = 5000;

    private readonly Dictionary<string, Statement> _prepared = new(StringComparer.Ordinal);

    private Database(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>Opens a file without touching it.</summary>
    public static Database Open(string path, SqliteOpenMode mode)
    {
        SystemSqlite.Require();
        // Pooling off: a pooled handle would hold on to a file that restore or salvage has replaced.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"pragma busy_timeout = {BusyTimeoutMs}; pragma temp_store = memory");
            return new Database(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The statement for this text, compiled once per connection.</summary>
    public Statement Prepared(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
            _prepared.Add(sql, statement = new Statement(Connection.Handle!, sql));
        return statement;
    }

    public void Execute(string sql) => Connection.Execute(sql);

    public T Scalar<T>(string sql) => Connection.ExecuteScalar<T>(sql)!;

    /// <summary>Asks how many rows a table has whose ids have no holes. Two look-ups: min and max in one would read the whole table.</summary>
    public static string Span(string table) => $"select coalesce((select max(id) from {table}) - (select min(id) from {table}) + 1, 0)";

    public bool InTransaction => raw.sqlite3_get_autocommit(Connection.Handle!) == 0;

    public void Begin() => Prepared("begin immediate").Run();

    public void Commit() => Prepared("commit").Run();

    /// <summary>Some errors (full, I/O) have already rolled back by themselves.</summary>
    public void RollBack()
    {
        if (InTransaction)
            Prepared("rollback").Run();
    }

    /// <summary>Several statements on one unchanging picture.</summary>
    public T Snapshot<T>(Func<Database, T> read)
    {
        Prepared("begin").Run();
        try
        {
            return read(this);
        }
        finally
        {
            RollBack();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
            statement.Dispose();
        Connection.Dispose();
    }
}
