using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Journal;

/// <summary>A real store in a directory of its own, which can be closed, copied, harmed and opened again.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("edge-gateway-store-");
    private Store? _store;

    public StoreFixture(StorageOptions? options = null, string? path = null) =>
        Options = (options ?? new()) with { Path = path ?? Path.Combine(_directory.FullName, "gateway.db") };

    public StorageOptions Options { get; }
    public ManualClock Clock { get; } = new();
    public string Folder => _directory.FullName;
    public Store Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public async Task<Store> OpenAsync() => _store = await Store.OpenAsync(Options, Clock, NullLogger<Store>.Instance);

    public async Task CloseAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _store = null;
    }

    public async Task<Store> ReopenAsync()
    {
        await CloseAsync();
        return await OpenAsync();
    }

    /// <summary>What the file looks like at this moment, as after a power cut.</summary>
    public StoreFixture Cut()
    {
        var copy = new StoreFixture(Options);
        foreach (var suffix in new[] { "", "-wal" })
        {
            if (File.Exists(Options.Path + suffix))
                File.Copy(Options.Path + suffix, copy.Options.Path + suffix);
        }
        return copy;
    }

    public Task CommitAsync(params Change[] changes) => CommitAsync(changes, []);

    public Task CommitAsync(Change[] changes, Delivery[] deliveries) => Store.Journal.CommitAsync(Turns.Of(changes, deliveries), CancellationToken.None);

    public Task OweAsync(params Delivery[] deliveries) => CommitAsync([], deliveries);

    /// <summary>Asks the file itself, beside the store.</summary>
    public T Ask<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Options.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)Convert.ChangeType(command.ExecuteScalar()!, typeof(T));
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Delete(recursive: true);
    }
}

internal static class Turns
{
    private static readonly SiteState AnyState = SiteState.Restore(ExampleSite.Create(), new() { Seed = ExampleSite.Seed, Counters = new(1, 1) });

    public static Turn Of(Change[] changes, Delivery[] deliveries) =>
        new() { Next = AnyState, Changes = [.. changes], Deliveries = [.. deliveries], Orders = [], Answers = [] };
}
