using System.Text;
using System.Text.Json;
using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;
using EdgeGateway.Tests.Site;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Journal;

/// <summary>What the site's meter says of a session, on disk.</summary>
public sealed class SessionMeterTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_by_the_sites_meter_is_after_each_restart_what_it_was(bool isNewer)
    {
        await _fixture.OpenAsync();
        var place = new MeteredPlace(MeterUse.Bill, isNewer);
        var written = 0;
        async Task<Session> KeptAsync()
        {
            for (; written < place.Site.Journal.Turns.Count; written++)
                await _fixture.Store.Journal.CommitAsync(place.Site.Journal.Turns[written], default);
            await _fixture.ReopenAsync();
            place.Site.Restart();
            var kept = (await _fixture.Store.History.SessionAsync(place.Session.Id, default))!;
            Assert.Equal(Drawn.Text(place.Session with { OwesUpdate = false }), Drawn.Text(kept));
            return kept;
        }
        place.Begin(5_000_000, 70_000);
        Assert.Equal(70_000, (await KeptAsync()).SiteMeter!.StartWh);
        place.Site.Now += TimeSpan.FromMinutes(10);
        place.Post(71_000);
        Assert.Equal((1_000L, 1_000L), (await KeptAsync() is var posted ? posted.EnergyWh : 0, posted.SiteMeter!.EnergyWh));
        place.Site.Now += TimeSpan.FromMinutes(10);
        place.Values(5_001_900, 72_000);
        Assert.Equal(1_900, (await KeptAsync()).OtherEnergyWh);
        place.Site.Now += TimeSpan.FromMinutes(10);
        place.End(5_002_900, 74_000);
        var ended = await KeptAsync();
        Assert.Equal((4_000L, 2_900L, MeteredPlace.Meter, "S-1"), (ended.EnergyWh, ended.OtherEnergyWh, ended.CountedBy, ended.MeterId));
        Assert.True(ended.Flags.HasFlag(SessionFlags.MeterDeviates));
        Assert.Equal(Drawn.Text(place.Site.CdrOf(place.Number)), Drawn.Text(await _fixture.Store.History.CdrAsync(ended.Id, default)));
        Assert.Equal("site", _fixture.Ask<string>("select counted from session_meters"));
        Assert.Equal(2_900, _fixture.Ask<long>("select charger_wh from session_meters"));
    }

    [Theory]
    [InlineData("counts = 1 - counts")]
    [InlineData("counts = counts + 2")]
    [InlineData("start_wh = start_wh + 1")]
    [InlineData("register_wh = register_wh + 1")]
    [InlineData("base_wh = null")]
    [InlineData("energy_wh = energy_wh + 1")]
    [InlineData("at = at + 1")]
    [InlineData("serial = 'S-2'")]
    [InlineData("own_energy_wh = own_energy_wh + 1")]
    [InlineData("own_at = 1")]
    [InlineData("own_serial = 'x'")]
    [InlineData("number = number + 70")]
    public async Task A_changed_bit_of_it_is_found_before_it_bills(string flip)
    {
        // I17
        await _fixture.OpenAsync();
        var place = new MeteredPlace(MeterUse.Bill, isNewer: false);
        place.Begin(5_000_000, 70_000);
        foreach (var turn in place.Site.Journal.Turns)
            await _fixture.Store.Journal.CommitAsync(turn, default);
        Assert.NotNull(await _fixture.Store.History.SessionAsync(place.Session.Id, default));
        _fixture.Ask<long>($"update session_meter set {flip} returning 1");
        await Assert.ThrowsAsync<CorruptRecordException>(() => _fixture.Store.History.SessionAsync(place.Session.Id, default).AsTask());
    }

    [Fact]
    public async Task A_session_that_has_no_such_meter_any_more_has_no_row_of_it()
    {
        await _fixture.OpenAsync();
        var session = new Drawn(3).Session(1, SessionStatus.Active);
        await _fixture.CommitAsync(new SessionChanged(session with { SiteMeter = new() { Counts = false } }, true));
        await _fixture.CommitAsync(new SessionChanged(session, false));
        Assert.Null((await _fixture.Store.History.SessionAsync(session.Id, default))!.SiteMeter);
        await _fixture.CommitAsync(new SessionChanged(session with { SiteMeter = new() { Counts = true } }, false));
        await _fixture.ReopenAsync();
        await _fixture.CommitAsync(new SessionChanged(session, false));
        Assert.Null((await _fixture.Store.History.SessionAsync(session.Id, default))!.SiteMeter);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_former_form_and_what_was_kept_goes_on_with_a_meter_afterwards()
    {
        // I22
        await File.WriteAllBytesAsync(_fixture.Options.Path, UpgradeTests.Former("version2.db.gz"));
        var failing = new Schema([.. Schema.Embedded.Migrations.Take(4), Schema.Embedded.Migrations[4] + "; select nonsense from nowhere"]);
        Assert.Throws<StorageException>(() => Store.Open(_fixture.Options, failing, _fixture.Clock, NullLogger<Store>.Instance));
        Assert.Equal(4, _fixture.Ask<int>("pragma user_version"));
        Assert.Equal(0, _fixture.Ask<long>("select count(*) from sqlite_schema where name like 'session_meter%'"));

        await _fixture.OpenAsync();
        Assert.Throws<StorageException>(() => new Schema([.. Schema.Embedded.Migrations.Take(4)]).Refuse(_fixture.Ask<int>("pragma user_version")));
        var open = (await _fixture.Store.Journal.LoadAsync(default)).OpenSessions;
        Assert.NotEmpty(open);
        foreach (var session in open)
        {
            Assert.Null(session.SiteMeter);
            await _fixture.CommitAsync(new SessionChanged(session with { SiteMeter = new() { Counts = true, StartWh = 5, EnergyWh = 7 } }, false));
        }
        Assert.All((await (await _fixture.ReopenAsync()).Journal.LoadAsync(default)).OpenSessions, s => Assert.Equal(7, s.SiteMeter!.EnergyWh));
    }

    [Fact]
    public void Without_such_a_meter_a_cdr_is_written_as_before()
    {
        var site = new SiteUnderTest();
        var begun = site.Begin();
        site.Now += TimeSpan.FromHours(1);
        site.End(begun.Number, 104_000);
        var text = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(site.CdrOf(begun.Number)!, Records.Default.Cdr));
        foreach (var word in new[] { "siteMeter", "\"meter\"", "countedBy", "otherEnergyWh", "meterId", "hasOwnRegister", "isOfSite" })
            Assert.DoesNotContain(word, text);
        var heard = new HeardEvent { Phase = TransactionPhase.Updated, At = site.Now, Received = site.Now };
        Assert.DoesNotContain("Site", JsonSerializer.Serialize(heard, Records.Default.HeardEvent));
    }
}
