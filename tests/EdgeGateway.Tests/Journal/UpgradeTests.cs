using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Journal;

/// <summary>A database that the program of version 1 made, and what that program read from it itself (I22): sessions open and closed, CDRs delivered,
/// tried, refused, held and the site's own, shown EVSEs, tokens.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();
    private readonly JsonObject _expected = JsonNode.Parse(Former("version1.json.gz"))!.AsObject();

    public async ValueTask InitializeAsync() => await File.WriteAllBytesAsync(_fixture.Options.Path, Former("version1.db.gz"));

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_file_of_the_first_version_keeps_everything()
    {
        await _fixture.OpenAsync();
        await AssertKeptAsync(jump: 0);
        Assert.Equal(Schema.Embedded.Version, _fixture.Ask<int>("pragma user_version"));
        await _fixture.ReopenAsync();
        await AssertKeptAsync(jump: 0);
        Assert.Equal("ok", _fixture.Ask<string>("pragma integrity_check"));
        Assert.Equal(0, _fixture.Ask<long>("select count(*) from event where code = 'RecordDamaged'"));
    }

    [Fact]
    public async Task Sessions_that_were_open_at_the_upgrade_go_on_and_are_billed()
    {
        await _fixture.OpenAsync();
        var open = (await _fixture.Store.Journal.LoadAsync(default)).OpenSessions;
        Assert.True(open.Length >= 2);
        foreach (var session in open)
        {
            var ended = session with { Status = SessionStatus.Completed, Authorization = session.Authorization with { Because = "upgrade" }, EndedAt = session.LastUpdated };
            await _fixture.CommitAsync(new SessionChanged(ended, false), new CdrIssued(new Drawn(1).Cdr(ended)));
            var billed = await _fixture.Store.History.CdrAsync(session.Id, default);
            Assert.Equal(session.StartedAt, billed!.Session.StartedAt);
        }
        Assert.Empty((await (await _fixture.ReopenAsync()).Journal.LoadAsync(default)).OpenSessions);
    }

    [Fact]
    public async Task A_damaged_file_of_the_first_version_is_salvaged_in_its_own_form_first()
    {
        await File.WriteAllBytesAsync(_fixture.Options.Path + ".suspect", []);
        Execute("update site set clean = 0; create table broken (x); insert into broken values (1)");
        var page = _fixture.Ask<long>("select rootpage from sqlite_schema where name = 'broken'") - 1;
        var bytes = await File.ReadAllBytesAsync(_fixture.Options.Path);
        bytes.AsSpan((int)page * 4096, 4096).Fill(0xAA);
        await File.WriteAllBytesAsync(_fixture.Options.Path, bytes);

        await _fixture.OpenAsync();
        Assert.Single(Directory.GetFiles(_fixture.Folder, "*corrupt*"));
        await AssertKeptAsync(StoreFiles.CounterJump, salvaged: true); // sessions that are open or unbilled are owed anew then
    }

    [Fact]
    public async Task A_backup_of_the_first_version_is_restored_into_this_one()
    {
        var backup = Path.Combine(_fixture.Folder, "former.db");
        File.Move(_fixture.Options.Path, backup);
        Backup.Restore(_fixture.Options, backup, _fixture.Clock);
        await _fixture.OpenAsync();
        await AssertKeptAsync(StoreFiles.CounterJump);
    }

    [Fact]
    public async Task A_migration_that_fails_at_its_very_end_leaves_the_first_version_as_it_was()
    {
        var former = new Schema([Schema.Embedded.Migrations[0]]);
        var failing = new Schema([Schema.Embedded.Migrations[0], Schema.Embedded.Migrations[1] + "; select nonsense from nowhere"]);
        var before = Dump();

        Assert.Throws<StorageException>(() => Store.Open(_fixture.Options, failing, _fixture.Clock, NullLogger<Store>.Instance));
        Assert.Equal(before, Dump());
        former.Refuse(_fixture.Ask<int>("pragma user_version")); // that program still takes it
        await _fixture.OpenAsync();
        await AssertKeptAsync(jump: 0);
    }

    [Fact]
    public async Task A_file_that_has_reached_its_quota_is_brought_to_this_version_all_the_same()
    {
        Execute("create table filler (x blob); insert into filler with recursive n (i) as (select 1 union all select i + 1 from n where i < 5200) select randomblob(3000) from n");
        Assert.True(_fixture.Ask<long>("pragma page_count") > 4096);
        await using var fixture = new StoreFixture(new() { MaxSizeMb = 16 }, _fixture.Options.Path);
        await fixture.OpenAsync();
        Assert.Equal(Schema.Embedded.Version, fixture.Ask<int>("pragma user_version"));
    }

    [Fact]
    public async Task A_cdr_that_was_delivered_in_one_version_is_not_owed_in_another_and_one_that_was_not_is_frozen_anew()
    {
        await _fixture.OpenAsync();
        var outbox = _fixture.Store.Outbox;
        var owed = new Owed(0, "hub", DeliveryKind.Cdr, _expected["Frozen"]!.AsObject().First().Key, 1, 0);
        var former = await outbox.FreezeAsync(owed, "2.2.1", () => throw new InvalidOperationException("It is frozen."), default);
        var newer = await outbox.FreezeAsync(owed, "2.1.1", () => "{\"version\":\"2.1.1\"}"u8.ToArray(), default);

        Assert.NotEqual(former, newer);
        Assert.Equal(newer, await _fixture.Store.History.FrozenCdrAsync("hub", owed.Object, "2.1.1", default));
        Assert.Equal(former, await _fixture.Store.History.FrozenCdrAsync("hub", owed.Object, "2.2.1", default));
        Assert.Null(await _fixture.Store.History.FrozenCdrAsync("hub", owed.Object, "2.3.0", default));
        Assert.Equal(0, _fixture.Ask<long>("select count(*) from outbox o join cdr_delivered d on d.id = o.object and d.hub = o.hub where o.kind = 4"));
    }

    private async Task AssertKeptAsync(int jump, bool salvaged = false)
    {
        var stored = await _fixture.Store.Journal.LoadAsync(default);
        var site = _expected["Site"]!.AsObject();
        AssertHolds(site["Seed"], JsonSerializer.SerializeToNode(stored.Seed), "seed");
        foreach (var name in new[] { "Stations", "OpenSessions", "Admissions", "Stamps" })
            AssertHolds(site[name], JsonSerializer.SerializeToNode(stored)![name], name);
        Assert.Equal((int)site["Counters"]!["NextSession"]! + jump, stored.Counters.NextSession);
        Assert.Equal((long)site["Counters"]!["NextOrder"]! + jump, stored.Counters.NextOrder);
        Assert.Equal(1 + jump, stored.Counters.NextReservation);
        Assert.Empty(stored.Reservations);
        Assert.Equal(site["Shown"]!.AsArray().Select(e => (string)e!["Uid"]!), stored.Shown.Select(s => s.Evse.Uid));
        Assert.All(stored.Shown, static s => Assert.Equal(["hub", "second"], s.Hubs));

        foreach (var session in _expected["Sessions"]!.AsArray())
            AssertHolds(session, JsonSerializer.SerializeToNode(await _fixture.Store.History.SessionAsync((string)session!["Id"]!, default)), "session");
        var lines = await _fixture.Store.History.RecentCdrsAsync(1000, default);
        AssertHolds(_expected["Lines"], JsonSerializer.SerializeToNode(lines), "CDRs");
        Assert.All(lines, static l => Assert.Null(l.Cdr.CreditOf));
        foreach (var token in _expected["Tokens"]!.AsArray())
            AssertHolds(token, JsonSerializer.SerializeToNode((await _fixture.Store.Tokens.FindAsync((string)token!["Uid"]!, default)).Single()), "token");
        foreach (var (id, body) in _expected["Frozen"]!.AsObject())
            Assert.Equal((string)body!, Encoding.UTF8.GetString((await _fixture.Store.History.FrozenCdrAsync("hub", id, "2.2.1", default))!));
        var owed = Owed(JsonSerializer.SerializeToNode(await _fixture.Store.Outbox.ListAsync(null, null, 1000, default))!);
        var known = Owed(_expected["Owed"]!);
        Assert.Empty(known.Except(owed));
        Assert.All(owed.Except(known), added => Assert.True(salvaged && added.Contains($" {(int)DeliveryKind.Session} ", StringComparison.Ordinal), added));
    }

    internal static string[] Owed(JsonNode entries) => [.. entries.AsArray().Select(static e => $"{e!["Hub"]} {e["Kind"]} {e["Object"]} {e["State"]} {e["Attempts"]} {e["LastError"]}")];

    /// <summary>All that was there is there, as it was; members that came later may stand beside it.</summary>
    internal static void AssertHolds(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                    AssertHolds(value, actual?[name], $"{path}.{name}");
                break;
            case JsonArray items:
                Assert.True(items.Count == (actual as JsonArray)?.Count, $"{path}: {items.Count} were there, {(actual as JsonArray)?.Count} are");
                for (var i = 0; i < items.Count; i++)
                    AssertHolds(items[i], actual![i], $"{path}[{i}]");
                break;
            default:
                Assert.True(expected?.ToJsonString() == actual?.ToJsonString(), $"{path}: it was {expected?.ToJsonString()}, it is {actual?.ToJsonString()}");
                break;
        }
    }

    private string Dump() => string.Join('\n', _fixture.Ask<string>("""
        select group_concat(line, char(10)) from (
            select sql as line from sqlite_schema where sql is not null
            union all select 'cdr ' || count(*) || sum(crc) from cdr union all select 'sent ' || count(*) || sum(crc) || sum(delivered) from cdr_sent
            union all select 'session ' || count(*) || sum(crc) from session union all select 'shown ' || group_concat(record) from shown_evse)
        """));

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_fixture.Options.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    internal static byte[] Former(string name)
    {
        using var packed = new GZipStream(typeof(UpgradeTests).Assembly.GetManifestResourceStream($"Former.{name}")!, CompressionMode.Decompress);
        using var all = new MemoryStream();
        packed.CopyTo(all);
        return all.ToArray();
    }
}
