using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Journal;

public sealed class DamageTests
{
    private const int Sessions = 300;

    public static TheoryData<string, string> Flips => new()
    {
        { "session", "energy_wh = energy_wh + 1" },
        { "session", "meter_start_wh = coalesce(meter_start_wh, 0) + 1" },
        { "session", "started_at = started_at + 1" },
        { "session", "status = 'Active'" },
        { "session", "status = 'Actjve'" },
        { "session", "hub = 'other'" },
        { "session", "id_tag = id_tag || 'x'" },
        { "session", "crc = crc + 1" },
        { "session", "flags = flags + 1" },
        { "session", "start_told = '2026-01-01T00:00:00Z'" },
        { "session", "end_told = 'rubbish'" },
        { "session_terms", "terms = replace(terms, '0.4900', '0.4901')" },
        { "session_terms", "authorization = replace(authorization, 'Status', 'Statvs') || ' '" },
        { "course", "energy_wh = coalesce(energy_wh, 0) + 1" },
        { "course", "at = at + 1" },
        { "course", "n = n + 1" },
        { "signed_reading", "data = data || 'x'" },
        { "session", "station_transaction = 'other'" },
        { "session", "station_transaction = null" },
        { "heard_event", "record = replace(record, '\"at\":\"2', '\"at\":\"3') || ' '" },
        { "heard_event", "n = n + 1" },
    };

    [Theory]
    [MemberData(nameof(Flips))]
    public async Task A_changed_bit_in_a_session_is_found_before_it_bills(string table, string flip)
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(2);
        var session = drawn.Session(1, SessionStatus.Pending) with { Transaction = "T-1", Terms = drawn.Terms() with { Tariff = drawn.Tariff() } };
        session = session with { Terms = session.Terms with { Tariff = session.Terms.Tariff! with { Elements = ExampleSite.EnergyTariff("AC", 0.4900m).Elements } } };
        await fixture.CommitAsync(
            new SessionChanged(session, true), new CourseGrew(1, 0, [drawn.Point()]), new SignedReadingKept(1, drawn.Signed()), new HeardKept(1, 0, [drawn.Heard()]),
            new SessionChanged(drawn.Session(2, SessionStatus.Active), true));
        Assert.NotNull(await fixture.Store.History.SessionAsync(session.Id, default));

        fixture.Ask<long>($"update {table} set {flip} where {(table is "session" or "session_terms" ? "number" : "session")} = 1 returning 1");

        await Assert.ThrowsAsync<CorruptRecordException>(() => fixture.Store.History.SessionAsync(session.Id, default).AsTask());
        var stored = await (await fixture.ReopenAsync()).Journal.LoadAsync(default);
        Assert.Equal([2], stored.OpenSessions.Select(s => s.Number));
        await fixture.CommitAsync(new CountersMoved(new(9, 9))); // behind the event in the writer's queue
        Assert.Contains(await fixture.Store.History.EventsAsync(10, default), e => e is { Code: "RecordDamaged", Severity: Severity.Error });
    }

    [Theory]
    [InlineData("record = replace(record, '\"energyWh\":77', '\"energyWh\":78')")]
    [InlineData("energy_wh = energy_wh + 1")]
    [InlineData("total = '0'")]
    [InlineData("hub = 'other'")]
    [InlineData("crc = crc + 1")]
    [InlineData("created = created + 1")]
    public async Task A_changed_bit_in_a_cdr_is_found_before_it_bills(string flip)
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(2);
        var (one, two) = (drawn.Cdr(drawn.Session(1)), drawn.Cdr(drawn.Session(2)));
        await fixture.CommitAsync(new CdrIssued(one), new CdrIssued(two));
        fixture.Ask<long>($"update cdr set {flip} where number = 1 returning 1");

        await Assert.ThrowsAsync<CorruptRecordException>(() => fixture.Store.History.CdrAsync(one.Id, default).AsTask());
        var page = await fixture.Store.History.CdrsAsync(new(null, null, null, 0, 10), default);
        Assert.Equal([two.Id], page.Items.Select(c => c.Id));
    }

    [Fact]
    public async Task A_changed_bit_in_the_bytes_of_a_sent_cdr_is_found_before_they_are_sent_again()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var owed = new Owed(1, "hub", DeliveryKind.Cdr, "c1", 1, 0);
        await fixture.Store.Outbox.FreezeAsync(owed, "2.2.1", () => "{\"kwh\":1.5}"u8.ToArray(), default);
        fixture.Ask<long>("update cdr_sent set body = cast('{\"kwh\":1.6}' as blob) returning 1");

        await Assert.ThrowsAsync<CorruptRecordException>(() => fixture.Store.Outbox.FreezeAsync(owed, "2.2.1", () => [], default));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_bit_flips_in_the_file_no_record_comes_back_changed(int seed)
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(17);
        var sessions = Enumerable.Range(1, 12).Select(n => drawn.Session(n)).ToDictionary(s => s.Id);
        var cdrs = sessions.Values.Where(s => s.Number > 6).Select(s => drawn.Cdr(s)).ToDictionary(c => c.Id);
        await fixture.CommitAsync([
            .. sessions.Values.Select(s => new SessionChanged(s, true)), .. cdrs.Values.Select(c => new CdrIssued(c)),
            .. sessions.Values.Select(s => new CourseGrew(s.Number, 0, [.. s.Course]))]);
        var roots = new[] { "session", "session_terms", "cdr" }.Select(t => fixture.Ask<long>($"select rootpage from sqlite_schema where name = '{t}'")).ToArray();
        await fixture.CloseAsync();
        var bytes = File.ReadAllBytes(fixture.Options.Path);
        var random = new Random(seed);
        var page = seed % 2 == 0 ? roots[random.Next(roots.Length)] - 1 : random.Next(1, bytes.Length / 4096);
        var at = (page * 4096) + random.Next(4096);
        bytes[at] ^= (byte)(1 << random.Next(8));
        File.WriteAllBytes(fixture.Options.Path, bytes);

        var store = await fixture.OpenAsync();
        foreach (var found in (await store.Journal.LoadAsync(default)).OpenSessions.Concat(await store.History.RecentSessionsAsync(null, false, 100, default)))
            Assert.Equal(Drawn.Text(sessions[found.Id]), Drawn.Text(found));
        foreach (var found in (await store.History.CdrsAsync(new(null, null, null, 0, 100), default)).Items)
            Assert.Equal(Drawn.Text(cdrs[found.Id]), Drawn.Text(found));
    }

    [Theory]
    [InlineData("middle")]
    [InlineData("begin")]
    [InlineData("scattered")]
    [InlineData("truncated")]
    [InlineData("random")]
    [InlineData("empty")]
    public async Task A_damaged_file_is_set_aside_and_what_can_be_read_is_saved(string harm)
    {
        await using var fixture = new StoreFixture();
        await FillAsync(fixture);
        var seed = (await fixture.Store.Journal.LoadAsync(default)).Seed;
        await fixture.CloseAsync();
        Harm(fixture.Options.Path, harm);
        File.WriteAllBytes(fixture.Options.Path + ".suspect", []); // as the running program leaves it when it sees damage

        await fixture.OpenAsync();
        var site = await fixture.Store.Journal.LoadAsync(default);
        var saved = fixture.Ask<long>("select count(*) from session");

        Assert.Single(Directory.GetFiles(fixture.Folder, "gateway.db.corrupt-*"));
        Assert.Contains(await fixture.Store.History.EventsAsync(1_000, default), e => e is { Code: "DatabaseSalvaged", Severity: Severity.Error });
        Assert.True(site.Counters.NextSession > 1_000_000, $"next session is {site.Counters.NextSession}");
        Assert.Equal("ok", fixture.Ask<string>("pragma integrity_check"));
        if (harm is "middle" or "scattered" or "truncated" or "begin")
        {
            Assert.InRange(saved, Sessions / 4, Sessions);
            Assert.Equal(seed, site.Seed);
        }
        // What is there is what was written, or is known not to be.
        var drawn = new Drawn(1);
        var written = Enumerable.Range(1, Sessions).Select(n => drawn.Session(n, SessionStatus.Active)).ToDictionary(s => s.Number);
        Assert.All(site.OpenSessions, s => Assert.Equal(Drawn.Text(written[s.Number]), Drawn.Text(s with { Course = [] })));

        await fixture.CommitAsync(new CountersMoved(site.Counters with { NextOrder = site.Counters.NextOrder + 1 }));
        await fixture.ReopenAsync();
        Assert.Single(Directory.GetFiles(fixture.Folder, "gateway.db.corrupt-*"));
    }

    [Fact]
    public async Task A_file_that_was_cut_short_after_an_orderly_end_is_noticed()
    {
        await using var fixture = new StoreFixture();
        await FillAsync(fixture);
        await fixture.CloseAsync();
        Harm(fixture.Options.Path, "truncated");
        await fixture.OpenAsync();

        Assert.Single(Directory.GetFiles(fixture.Folder, "gateway.db.corrupt-*"));
    }

    [Fact]
    public async Task A_cdr_whose_outbox_entry_was_lost_is_owed_again()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(4);
        var (sent, unsent) = (drawn.Cdr(drawn.Session(1)), drawn.Cdr(drawn.Session(2)));
        var (credit, corrected) = drawn.Credit(sent);
        await fixture.CommitAsync(
            [
                new SessionChanged(sent.Session with { Course = [] }, true), new CdrIssued(sent),
                new SessionChanged(unsent.Session with { Course = [] }, true), new CdrIssued(unsent),
                new CdrIssued(credit), new CdrIssued(corrected),
            ],
            [new("hub", DeliveryKind.Cdr, sent.Id)]);
        var owed = (await fixture.Store.Outbox.NextAsync("hub", 1, new HashSet<long>(), default)).Single();
        await fixture.Store.Outbox.SettleAsync(owed, new Settlement.Delivered(null), default);
        var page = fixture.Ask<long>("select rootpage from sqlite_schema where name = 'outbox'");
        await fixture.CloseAsync();
        using (var file = File.OpenWrite(fixture.Options.Path))
        {
            file.Position = (page - 1) * 4096;
            file.Write(new byte[4096]);
        }
        File.WriteAllBytes(fixture.Options.Path + ".suspect", []);
        await fixture.OpenAsync();

        Assert.Equal(
            [(DeliveryKind.Session, unsent.Id), (DeliveryKind.Cdr, unsent.Id), (DeliveryKind.Cdr, credit.Id), (DeliveryKind.Cdr, corrected.Id)],
            (await fixture.Store.Outbox.ListAsync("hub", null, 10, default)).Select(e => (e.Kind, e.Object)));
        Assert.Equal(
            [(DeliveryKind.Session, unsent.Id), (DeliveryKind.Cdr, credit.Id)],
            (await fixture.Store.Outbox.NextAsync("hub", 10, new HashSet<long>(), default)).Select(o => (o.Kind, o.Object)));
    }

    [Fact]
    public async Task A_salvage_that_a_power_cut_ended_half_way_is_finished()
    {
        await using var fixture = new StoreFixture();
        await FillAsync(fixture);
        await fixture.CloseAsync();
        File.Move(fixture.Options.Path, fixture.Options.Path + ".next"); // the old one is aside already, the new one not yet in place
        await fixture.OpenAsync();

        Assert.Equal(Sessions, fixture.Ask<long>("select count(*) from session"));
    }

    [Fact]
    public async Task Damage_seen_while_running_breaks_the_store_and_the_next_start_salvages()
    {
        await using var fixture = new StoreFixture();
        await FillAsync(fixture);
        await fixture.CloseAsync();
        Harm(fixture.Options.Path, "scattered"); // the end was orderly: nothing is checked at the start
        var store = await Store.OpenAsync(fixture.Options, fixture.Clock, NullLogger<Store>.Instance);
        if (Directory.GetFiles(fixture.Folder, "gateway.db.corrupt-*").Length == 0)
        {
            for (var n = 1; n <= Sessions && !store.Broken.IsCancellationRequested; n++)
            {
                try
                {
                    await store.Journal.CommitAsync(Turns.Of([new SessionChanged(new Drawn(8).Session(n), false)], []), default);
                }
                catch (Microsoft.Data.Sqlite.SqliteException)
                {
                    // That is what breaks it.
                }
            }
            Assert.True(store.Broken.IsCancellationRequested);
        }
        await store.DisposeAsync();
        await fixture.OpenAsync();
        Assert.Single(Directory.GetFiles(fixture.Folder, "gateway.db.corrupt-*"));
    }

    private static async Task FillAsync(StoreFixture fixture)
    {
        await fixture.OpenAsync();
        var drawn = new Drawn(1);
        await fixture.CommitAsync([
            .. Enumerable.Range(1, Sessions).Select(n => new SessionChanged(drawn.Session(n, SessionStatus.Active), true)), new CountersMoved(new(Sessions + 1, 5))]);
        await fixture.OweAsync([.. Enumerable.Range(1, Sessions).Select(n => new Delivery("hub", DeliveryKind.Session, $"s{n}"))]);
    }

    private static void Harm(string path, string how)
    {
        var random = new Random(42);
        var bytes = File.ReadAllBytes(path);
        void Overwrite(int page) => random.NextBytes(bytes.AsSpan(page * 4096, 4096));
        var pages = bytes.Length / 4096;
        switch (how)
        {
            case "middle":
                for (var page = pages / 2; page < (pages / 2) + 3; page++)
                    Overwrite(page);
                break;
            case "begin":
                Overwrite(0);
                break;
            case "scattered":
                for (var page = 40; page < pages; page += 9)
                    Overwrite(page);
                break;
            case "truncated":
                bytes = bytes[..(pages * 3 / 4 * 4096)];
                break;
            case "random":
                random.NextBytes(bytes);
                break;
            case "empty":
                bytes = [];
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how));
        }
        File.WriteAllBytes(path, bytes);
    }
}
