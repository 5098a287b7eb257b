using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Journal;

public sealed class DurabilityTests
{
    [Fact]
    public async Task Whatever_was_answered_is_there_after_a_cut_at_any_moment()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var answered = 0;
        var stop = false;
        var drawn = new Drawn(7);
        var writing = Task.Run(async () =>
        {
            for (var n = 1; !Volatile.Read(ref stop); n++)
            {
                var session = drawn.Session(n, SessionStatus.Active);
                await fixture.CommitAsync(
                    [new SessionChanged(session, true), new CourseGrew(n, 0, [drawn.Point(), drawn.Point()]), new CountersMoved(new(n + 1, 1))],
                    [new("hub", DeliveryKind.Session, session.Id)]);
                Volatile.Write(ref answered, n);
            }
        });
        for (var cut = 0; cut < 8; cut++)
        {
            await Until(() => Volatile.Read(ref answered) >= (cut + 1) * 20);
            var before = Volatile.Read(ref answered);
            await using var copy = fixture.Cut();
            await copy.OpenAsync();
            var site = await copy.Store.Journal.LoadAsync(default);

            Assert.True(site.OpenSessions.Length >= before, $"{before} were answered, {site.OpenSessions.Length} are there");
            // All of a turn or nothing of it.
            Assert.Equal(site.OpenSessions.Length + 1, site.Counters.NextSession);
            Assert.All(site.OpenSessions, s => Assert.Equal(2, s.Course.Count));
            Assert.Equal(site.OpenSessions.Length, (await copy.Store.Outbox.FiguresAsync("hub", default)).Waiting);
            Assert.Equal("ok", copy.Ask<string>("pragma integrity_check"));
        }
        Volatile.Write(ref stop, true);
        await writing;
    }

    [Fact]
    public async Task One_bad_turn_in_a_group_fails_alone_and_leaves_nothing_behind()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(3);
        var cdr = drawn.Cdr(drawn.Session(1000));
        await fixture.CommitAsync(new CdrIssued(cdr));

        var turns = Enumerable.Range(1, 200).Select(n => n % 10 == 0
            ? fixture.CommitAsync(new SessionChanged(drawn.Session(n), true), new CdrIssued(cdr)) // D1: a second CDR for a session
            : fixture.CommitAsync(new SessionChanged(drawn.Session(n), true))).ToArray();
        await Task.WhenAll(turns.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(20, turns.Count(t => t.IsFaulted));
        Assert.Equal(180, fixture.Ask<long>("select count(*) from session"));
        Assert.Equal(0, fixture.Ask<long>("select count(*) from session where number % 10 = 0"));
    }

    [Fact]
    public async Task What_waits_together_is_committed_together()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(5);
        var before = fixture.Store.Commits;
        await Task.WhenAll(Enumerable.Range(1, 1000).Select(n => fixture.CommitAsync(new SessionChanged(drawn.Session(n), true))));

        Assert.InRange(fixture.Store.Commits - before, 4, 500);
        Assert.Equal(1000, fixture.Ask<long>("select count(*) from session"));
    }

    [Fact]
    public async Task A_failed_turn_does_not_spoil_what_the_next_one_writes()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(9);
        var cdr = drawn.Cdr(drawn.Session(1000));
        var session = drawn.Session(1, SessionStatus.Active);
        await fixture.CommitAsync(new SessionChanged(session, true), new CdrIssued(cdr));

        // The failed turn's place must not be taken for what is on disk: the next change has to write it all.
        var moved = session with { MeterStartWh = 4711, Authorization = drawn.Authorization() };
        await Assert.ThrowsAnyAsync<Exception>(() => fixture.CommitAsync(new SessionChanged(moved, false), new CdrIssued(cdr)));
        var later = moved with { EnergyWh = 99 };
        await fixture.CommitAsync(new SessionChanged(later, false));

        Assert.Equal(Drawn.Text(later), Drawn.Text(await fixture.Store.History.SessionByNumberAsync(1, default)));
    }

    [Fact]
    public async Task Transaction_numbers_never_fall_whatever_a_turn_says()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        await fixture.CommitAsync(new CountersMoved(new(50, 60)));
        await fixture.CommitAsync(new CountersMoved(new(40, 70)));
        await fixture.ReopenAsync();

        Assert.Equal(new SiteCounters(50, 70), (await fixture.Store.Journal.LoadAsync(default)).Counters);
    }

    [Fact]
    public async Task An_old_session_is_recalled_by_its_number_and_by_the_content_of_its_start()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        var drawn = new Drawn(11);
        var told = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.FromHours(1)).AddTicks(1_234_567);
        var known = drawn.Session(1, SessionStatus.Completed) with { At = new("CP-1", 1, 1), IdTag = "04A2B3C4", StartTold = told, MeterStartWh = 1000 };
        var untold = known with { Number = 2, Id = "two", StartTold = null, MeterStartWh = null };
        var ended = known with { Number = 3, Id = "three", MeterStartWh = 1500, StartTold = told.AddHours(1), EndTold = told.AddHours(1), MeterStopWh = 2000 };
        await fixture.CommitAsync(new SessionChanged(known, true), new CourseGrew(1, 0, [drawn.Point()]), new SessionChanged(untold, true), new SessionChanged(ended, true));

        async Task<string> Recall(SessionKey key) => string.Join(',', (await fixture.Store.Journal.RecallAsync([key], default)).Sessions.Select(s => s.Number));
        Assert.Equal("1", await Recall(new SessionKey.ByNumber(1)));
        Assert.Equal("1", await Recall(new SessionKey.ByStart(new("cp-1", 1, 1), "04a2b3c4 ", told.ToUniversalTime(), 1000)));
        Assert.Equal("2", await Recall(new SessionKey.ByStart(new("CP-1", 1, 1), "04A2B3C4", null, null)));
        Assert.Empty(await Recall(new SessionKey.ByStart(new("CP-1", 1, 1), "04A2B3C4", told.AddTicks(1), 1000)));
        Assert.Empty(await Recall(new SessionKey.ByStart(new("CP-1", 1, 1), "04A2B3C4", told, 1001)));
        Assert.Empty(await Recall(new SessionKey.ByStart(new("CP-1", 2, 1), "04A2B3C4", told, 1000)));
        Assert.Empty(await Recall(new SessionKey.ByNumber(77)));
        Assert.Equal("3,1", await Recall(new SessionKey.BeforeEnd("cp-1", told.ToUniversalTime().AddHours(2))));
        Assert.Equal("1", await Recall(new SessionKey.BeforeEnd("CP-1", told.AddMinutes(59))));
        Assert.Empty(await Recall(new SessionKey.BeforeEnd("CP-1", told.AddMinutes(-1))));
        Assert.Empty(await Recall(new SessionKey.BeforeEnd("CP-2", told.AddHours(2))));
        Assert.Equal("3,1", await Recall(new SessionKey.BeforeEnd("CP-1", DateTimeOffset.MaxValue)));
        await fixture.CommitAsync(new SessionChanged(known with { Number = 4, Id = "four", Transaction = "t-1" }, true));
        Assert.Equal("4", await Recall(new SessionKey.ByTransaction("cp-1", "t-1")));
        Assert.Empty(await Recall(new SessionKey.ByTransaction("CP-1", "T-1")));
        Assert.Empty(await Recall(new SessionKey.ByTransaction("CP-2", "t-1")));
        Assert.Single((await fixture.Store.Journal.RecallAsync([new SessionKey.ByNumber(1)], default)).Sessions[0].Course);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}
