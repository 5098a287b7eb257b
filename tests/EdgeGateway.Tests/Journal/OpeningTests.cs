using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Journal;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_missing_directory_is_said_in_one_line()
    {
        await using var fixture = new StoreFixture();
        var options = fixture.Options with { Path = Path.Combine(fixture.Folder, "none", "gateway.db") };

        var refusal = await Assert.ThrowsAsync<StorageException>(() => Store.OpenAsync(options, fixture.Clock, NullLogger<Store>.Instance));
        Assert.Contains("does not exist", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_second_program_is_refused_while_the_first_has_the_file()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var refusal = await Assert.ThrowsAsync<StorageException>(() => Store.OpenAsync(fixture.Options, fixture.Clock, NullLogger<Store>.Instance));

        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        await fixture.CloseAsync();
        Execute(fixture, "pragma user_version = 999");
        var refusal = await Assert.ThrowsAsync<StorageException>(fixture.OpenAsync);

        Assert.Contains("999", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(999, fixture.Ask<long>("pragma user_version"));
        Assert.Empty(Directory.GetFiles(fixture.Folder, "*corrupt*"));
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_alone()
    {
        await using var fixture = new StoreFixture();
        using (var connection = new SqliteConnection($"Data Source={fixture.Options.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "create table theirs (x); insert into theirs values (1)";
            command.ExecuteNonQuery();
        }
        await Assert.ThrowsAsync<StorageException>(fixture.OpenAsync);

        Assert.Equal(1, fixture.Ask<long>("select count(*) from theirs"));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_old_version_in_use()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        await fixture.CommitAsync(new SessionChanged(new Drawn(1).Session(1, SessionStatus.Active), true));
        await fixture.CloseAsync();
        var failing = new Schema([.. Schema.Embedded.Migrations, "alter table session add column fine integer; update session set fine = 1; select nonsense from nowhere"]);

        var refusal = Assert.Throws<StorageException>(() => Store.Open(fixture.Options, failing, fixture.Clock, NullLogger<Store>.Instance));
        Assert.Contains("unchanged", refusal.Message, StringComparison.Ordinal);
        await fixture.OpenAsync();
        Assert.Single((await fixture.Store.Journal.LoadAsync(default)).OpenSessions);
        Assert.Equal(0, fixture.Ask<long>("select count(*) from pragma_table_info('session') where name = 'fine'"));
    }

    [Fact]
    public async Task A_migration_that_succeeds_keeps_everything()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        await fixture.CommitAsync(new SessionChanged(new Drawn(1).Session(1, SessionStatus.Active), true));
        await fixture.CloseAsync();
        var newer = new Schema([.. Schema.Embedded.Migrations, "create table more (x integer) strict"]);

        await using var store = Store.Open(fixture.Options, newer, fixture.Clock, NullLogger<Store>.Instance);
        Assert.Single((await store.Journal.LoadAsync(default)).OpenSessions);
        Assert.Equal(Schema.Embedded.Version + 1, fixture.Ask<long>("pragma user_version"));
    }

    [Fact]
    public async Task The_settings_that_durability_rests_on_are_in_force()
    {
        await using var fixture = new StoreFixture(new() { MaxSizeMb = 100 });
        await fixture.OpenAsync();
        var settings = await fixture.Store.SettingsAsync();

        Assert.Equal("wal", settings["journal_mode"]);
        Assert.Equal("2", settings["synchronous"]); // FULL: power loss takes nothing that was answered (I1)
        Assert.Equal("0", settings["secure_delete"]);
        Assert.Equal("1", settings["foreign_keys"]);
        Assert.Equal("25600", settings["max_page_count"]);
        Assert.Equal("4096", settings["page_size"]);
    }

    [Fact]
    public async Task A_backup_made_while_writing_is_whole_and_restoring_it_never_gives_a_number_twice()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(6);
        await fixture.CommitAsync(new SessionChanged(drawn.Session(1, SessionStatus.Active), true), new CountersMoved(new(2, 2)));
        var backup = Path.Combine(fixture.Folder, "backup.db");
        var writing = Task.WhenAll(Enumerable.Range(10, 200).Select(n => fixture.CommitAsync(new SessionChanged(drawn.Session(n), true))));
        await fixture.Store.BackupAsync(backup, default);
        await writing;
        await fixture.CommitAsync(new CountersMoved(new(500, 500)));
        Assert.Throws<StorageException>(() => Backup.Restore(fixture.Options, backup, fixture.Clock)); // running
        await fixture.CloseAsync();

        var aside = Backup.Restore(fixture.Options, backup, fixture.Clock);
        await fixture.OpenAsync();
        var site = await fixture.Store.Journal.LoadAsync(default);
        Assert.True(File.Exists(aside));
        Assert.Contains(site.OpenSessions, s => s.Number == 1);
        Assert.Equal(1_000_500, site.Counters.NextSession);
        Assert.True(site.Counters.NextOrder > 1_000_000);
        Assert.Contains(await fixture.Store.History.EventsAsync(5, default), e => e.Code == "DatabaseRestored");
        Assert.False(File.Exists(backup + ".tmp"));
    }

    [Fact]
    public async Task A_probe_says_what_is_there_beside_a_running_gateway_too()
    {
        await using var fixture = new StoreFixture();
        Assert.Contains("not there yet", Store.Probe(fixture.Options, fixture.Clock), StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.Options.Path));
        await fixture.OpenAsync();
        Assert.Contains("sound", Store.Probe(fixture.Options, fixture.Clock), StringComparison.Ordinal);
        await fixture.CloseAsync();
        File.WriteAllText(fixture.Options.Path, new string('x', 10_000));
        Assert.Throws<StorageException>(() => Store.Probe(fixture.Options, fixture.Clock));
    }

    [Fact]
    public async Task A_damaged_backup_is_not_restored()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var backup = Path.Combine(fixture.Folder, "backup.db");
        await fixture.Store.BackupAsync(backup, default);
        await fixture.CloseAsync();
        var bytes = File.ReadAllBytes(backup);
        new Random(1).NextBytes(bytes.AsSpan(8192, 40_000));
        File.WriteAllBytes(backup, bytes);

        Assert.Throws<StorageException>(() => Backup.Restore(fixture.Options, backup, fixture.Clock));
        await fixture.OpenAsync(); // still what it was
        Assert.Empty(Directory.GetFiles(fixture.Folder, "*corrupt*"));
    }

    private static void Execute(StoreFixture fixture, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={fixture.Options.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
