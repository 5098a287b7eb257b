using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Journal;

public sealed class HistoryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly StoreFixture _fixture = new();
    private readonly Drawn _drawn = new(31);

    private IHistory History => _fixture.Store.History;

    public async ValueTask InitializeAsync() => await _fixture.OpenAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Pages_follow_last_updated_and_id_and_show_a_hub_only_its_own()
    {
        var sessions = Enumerable.Range(1, 40).Select(n => _drawn.Session(n, hub: n % 4 == 0 ? null : n % 4 == 1 ? "other" : "hub") with
        {
            LastUpdated = Start.AddMinutes(n / 5),
        }).ToArray();
        await _fixture.CommitAsync([.. sessions.Select(s => new SessionChanged(s, true)), new CourseGrew(2, 0, [_drawn.Point()])]);
        var expected = sessions.Where(s => s.Hub == "hub").OrderBy(s => s.LastUpdated).ThenBy(s => s.Id, StringComparer.Ordinal).Select(s => s.Id).ToArray();

        var seen = new List<string>();
        for (var offset = 0; offset < 25; offset += 7)
        {
            var page = await History.SessionsAsync(new("hub", null, null, offset, 7), default);
            Assert.Equal(20, page.Total);
            seen.AddRange(page.Items.Select(s => s.Id));
        }
        Assert.Equal(expected, seen);

        // By places: whatever has gone to the end meanwhile, nobody else is missed (L4).
        seen.Clear();
        for (PageMark? after = null; ;)
        {
            var page = await History.SessionsAsync(new("hub", null, null, 0, 7, after), default);
            seen.AddRange(page.Items.Select(s => s.Id));
            if ((after = page.Last) is null)
                break;
            var moved = sessions.Single(s => s.Id == seen[0]) with { LastUpdated = Start.AddDays(seen.Count) };
            await _fixture.CommitAsync(new SessionChanged(moved, false));
        }
        Assert.Empty(expected.Except(seen));
        await _fixture.CommitAsync(new SessionChanged(sessions.Single(s => s.Id == seen[0]), false));

        var window = await History.SessionsAsync(new("hub", Start.AddMinutes(2), Start.AddMinutes(4), 0, 100), default);
        Assert.Equal(expected.Where(id => sessions.Single(s => s.Id == id).LastUpdated is var at && at >= Start.AddMinutes(2) && at < Start.AddMinutes(4)), window.Items.Select(s => s.Id));
        Assert.Equal(window.Items.Count, window.Total);
        Assert.Equal(40, (await History.SessionsAsync(new(null, null, null, 0, 1), default)).Total);
        Assert.Empty((await History.SessionsAsync(new("hub", null, null, 1000, 10), default)).Items);
        Assert.Single((await History.SessionsAsync(new("hub", null, null, 0, 100), default)).Items.Single(s => s.Number == 2).Course);
    }

    [Fact]
    public async Task Cdr_lines_say_what_the_hub_has()
    {
        var cdrs = Enumerable.Range(1, 4).Select(n => _drawn.Cdr(_drawn.Session(n, hub: n == 4 ? null : "hub"))).ToArray();
        await _fixture.CommitAsync([.. cdrs.Select(c => new CdrIssued(c))], [.. cdrs.Take(3).Select(c => new Delivery("hub", DeliveryKind.Cdr, c.Id))]);
        var owed = await _fixture.Store.Outbox.NextAsync("hub", 9, new HashSet<long>(), default);
        await _fixture.Store.Outbox.SettleAsync(owed[0], new Settlement.Delivered("https://hub/1"), default);
        await _fixture.Store.Outbox.SettleAsync(owed[1], new Settlement.Refused("2001 no"), default);
        await _fixture.Store.Outbox.SettleAsync(owed[2], new Settlement.TryLater(_fixture.Clock.GetUtcNow().AddSeconds(9), "HTTP 503"), default);

        var lines = await History.RecentCdrsAsync(10, default);
        Assert.Equal([("site only", null, null), ("waiting", null, "HTTP 503"), ("refused", null, "2001 no"), ("delivered", "https://hub/1", null)],
            lines.Select(l => (l.Delivery, l.Receipt, l.LastError)));
        Assert.Equal("site only,waiting,refused,delivered", _fixture.Ask<string>("select group_concat(delivery) from cdrs"));
    }

    [Fact]
    public async Task Recent_sessions_and_events_come_newest_first()
    {
        await _fixture.CommitAsync([.. Enumerable.Range(1, 6).Select(n => new SessionChanged(
            _drawn.Session(n, n % 2 == 0 ? SessionStatus.Active : SessionStatus.Completed) with { At = new(n < 4 ? "CP-1" : "CP-2", 1, 1) }, true))]);
        await _fixture.CommitAsync(new EventRaised(new(Start, Severity.Warning, "Odd", "CP-1", "first")), new EventRaised(new(Start, Severity.Info, "Odd", "CP-1", "second")));

        Assert.Equal([6, 5], (await History.RecentSessionsAsync(null, false, 2, default)).Select(s => s.Number));
        Assert.Equal([2], (await History.RecentSessionsAsync("cp-1", true, 9, default)).Select(s => s.Number));
        Assert.Equal(["second", "first"], (await History.EventsAsync(2, default)).Select(e => e.Text));
    }

    [Fact]
    public async Task Views_for_people_show_no_whole_uid()
    {
        await _fixture.CommitAsync(new SessionChanged(_drawn.Session(1, SessionStatus.Active) with { IdTag = "04A2B3C4D5" }, true),
            new SessionChanged(_drawn.Session(2, SessionStatus.Active) with { IdTag = "1234" }, true));
        foreach (var view in new[] { "stations", "sessions", "open_sessions", "cdrs", "owed", "frames", "readings", "events", "storage" })
        {
            var rows = _fixture.Ask<long>($"select count(*) from {view}");
            Assert.True(rows >= 0);
        }
        var tags = _fixture.Ask<string>("select group_concat(tag) from open_sessions") + _fixture.Ask<string>("select group_concat(tag) from sessions");
        Assert.DoesNotContain("A2B3C4", tags, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", tags, StringComparison.Ordinal);
    }
}
