using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Journal;

/// <summary>Read connections, so that nobody who looks waits for the writer, nor the writer for him.</summary>
internal sealed class Readers(string path) : IDisposable
{
    /// <summary>Open at the same time; who comes next waits.</summary>
    public const int Limit = 4;

    private readonly ConcurrentBag<Database> _idle = [];
    private readonly SemaphoreSlim _free = new(Limit);
    private bool _closed;

    public async ValueTask<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        Database? database = null;
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_idle.TryTake(out database))
                database = Open();
            var result = read(database);
            _idle.Add(database);
            return result;
        }
        catch (Exception)
        {
            // After an error nothing is known about the connection's state: the next one gets a new one.
            database?.Dispose();
            throw;
        }
        finally
        {
            _free.Release();
        }
    }

    public ValueTask<T> SnapshotAsync<T>(Func<Database, T> read, CancellationToken cancellationToken) =>
        ReadAsync(database => database.Snapshot(read), cancellationToken);

    /// <summary>Waits for readers that are still at it.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < Limit; i++)
            _free.Wait();
        while (_idle.TryTake(out var database))
            database.Dispose();
        _free.Release(Limit);
    }

    private Database Open()
    {
        var database = Database.Open(path, SqliteOpenMode.ReadWrite);
        database.Execute("pragma query_only = on; pragma cache_size = -2000");
        return database;
    }
}
