using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Journal;

/// <summary>A database that the program of version 2 made, and what that program read from it itself (I22): as those of version 1, and reservations, credits,
/// corrected CDRs, and CDRs frozen in two versions of OCPI.</summary>
public sealed class UpgradeFromSecondTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();
    private readonly JsonObject _expected = JsonNode.Parse(UpgradeTests.Former("version2.json.gz"))!.AsObject();

    public async ValueTask InitializeAsync() => await File.WriteAllBytesAsync(_fixture.Options.Path, UpgradeTests.Former("version2.db.gz"));

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_file_of_the_second_version_keeps_everything()
    {
        await _fixture.OpenAsync();
        await AssertKeptAsync();
        await _fixture.ReopenAsync();
        await AssertKeptAsync();
        Assert.Equal(Schema.Embedded.Version, _fixture.Ask<int>("pragma user_version"));
        Assert.Equal("ok", _fixture.Ask<string>("pragma integrity_check"));
        Assert.Equal(0, _fixture.Ask<long>("select count(*) from event where code = 'RecordDamaged'"));
    }

    [Fact]
    public async Task A_migration_that_fails_at_its_very_end_leaves_the_second_version_as_it_was()
    {
        var failing = new Schema([.. Schema.Embedded.Migrations.Take(2), Schema.Embedded.Migrations[2] + "; select nonsense from nowhere"]);
        Assert.Throws<StorageException>(() => Store.Open(_fixture.Options, failing, _fixture.Clock, NullLogger<Store>.Instance));
        new Schema([.. Schema.Embedded.Migrations.Take(2)]).Refuse(_fixture.Ask<int>("pragma user_version")); // that program still takes it
        Assert.Equal(0, _fixture.Ask<long>("select count(*) from sqlite_schema where name = 'heard_event'"));
        await _fixture.OpenAsync();
        await AssertKeptAsync();
    }

    [Fact]
    public async Task Sessions_that_were_open_go_on_as_a_2_x_stations_and_what_was_sent_stays_as_it_was_sent()
    {
        await _fixture.OpenAsync();
        var drawn = new Drawn(1);
        foreach (var session in (await _fixture.Store.Journal.LoadAsync(default)).OpenSessions)
        {
            await _fixture.CommitAsync(new SessionChanged(session with { Transaction = $"T-{session.Number}" }, false), new HeardKept(session.Number, 0, [drawn.Heard()]));
            var found = (await _fixture.Store.Journal.RecallAsync([new SessionKey.ByTransaction(session.At.Station, $"T-{session.Number}")], default)).Sessions;
            Assert.Equal((session.StartedAt, 1), (Assert.Single(found).StartedAt, found[0].Heard!.Count));
        }
        foreach (var cdr in await CdrsAsync())
        {
            var isOut = _expected["Frozen"]!.AsObject().Any(f => f.Key.StartsWith(cdr.Id, StringComparison.Ordinal))
                || _fixture.Ask<long>($"select count(*) from cdr where number = {cdr.Session.Number}") > 1
                || _fixture.Ask<long>($"select count(*) from cdr_delivered where id = '{cdr.Id}'") > 0;
            var recalled = await _fixture.Store.Journal.RecallAsync([new SessionKey.ByNumber(cdr.Session.Number)], default);
            Assert.Equal(isOut, recalled.Frozen.Contains(cdr.Session.Number));
            var revising = _fixture.CommitAsync(new CdrRevised(cdr with { Created = cdr.Created.AddSeconds(1) }));
            await revising.ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.Equal(isOut, revising.IsFaulted);
        }
    }

    private async Task<List<Cdr>> CdrsAsync() =>
        [.. (await _fixture.Store.History.RecentCdrsAsync(1000, default)).Select(l => l.Cdr).Where(c => c.CreditOf is null && c.CorrectionOf is null)];

    private async Task AssertKeptAsync()
    {
        var stored = JsonSerializer.SerializeToNode(await _fixture.Store.Journal.LoadAsync(default))!;
        foreach (var name in new[] { "Seed", "Counters", "Stations", "OpenSessions", "Admissions", "Stamps", "Reservations" })
            UpgradeTests.AssertHolds(_expected["Site"]![name], stored[name], name);
        foreach (var session in _expected["Sessions"]!.AsArray())
            UpgradeTests.AssertHolds(session, JsonSerializer.SerializeToNode(await _fixture.Store.History.SessionAsync((string)session!["Id"]!, default)), "session");
        UpgradeTests.AssertHolds(_expected["Lines"], JsonSerializer.SerializeToNode(await _fixture.Store.History.RecentCdrsAsync(1000, default)), "CDRs");
        foreach (var (key, body) in _expected["Frozen"]!.AsObject())
        {
            var (id, version) = (key.Split(' ')[0], key.Split(' ')[1]);
            Assert.Equal((string)body!, Encoding.UTF8.GetString((await _fixture.Store.History.FrozenCdrAsync("hub", id, version, default))!));
        }
        Assert.Equal(UpgradeTests.Owed(_expected["Owed"]!), UpgradeTests.Owed(JsonSerializer.SerializeToNode(await _fixture.Store.Outbox.ListAsync(null, null, 1000, default))!));
        Assert.True(_expected["Frozen"]!.AsObject().Count > 2 && _expected["Site"]!["Reservations"]!.AsArray().Count > 2);
    }
}
