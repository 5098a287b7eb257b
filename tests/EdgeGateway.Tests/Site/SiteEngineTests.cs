using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

public sealed class SiteEngineTests : IAsyncDisposable
{
    private readonly MemoryJournal _journal = new();
    private readonly ManualClock _clock = new();
    private readonly Chargers _chargers = new();
    private readonly SiteEngine _engine;

    public SiteEngineTests()
    {
        _engine = new(SiteState.Restore(ExampleSite.Create(), _journal.Load()), _journal, _clock);
        _engine.Start(_chargers);
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task An_answer_comes_only_after_the_commit()
    {
        var begun = await _engine.ReportAsync(Start(), CancellationToken.None);
        Assert.True(_journal.Sessions.ContainsKey(begun.Number));
        Assert.True(_engine.State.Sessions.ContainsKey(begun.Number));
    }

    [Fact]
    public async Task A_commit_that_fails_gives_no_answer_and_leaves_the_old_state()
    {
        await _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
        _journal.Failing = _ => new IOException("disk full");
        await Assert.ThrowsAsync<NotRecordedException>(() => _engine.ReportAsync(Start(), CancellationToken.None));
        Assert.Equal("disk full", _engine.Trouble);
        Assert.Empty(_engine.State.Sessions);

        // The message comes again, to a site that has its disk back.
        _journal.Failing = null;
        Assert.Equal(1, (await _engine.ReportAsync(Start(), CancellationToken.None)).Number);
        Assert.Null(_engine.Trouble);
    }

    [Fact]
    public async Task An_order_leaves_after_the_commit_and_its_outcome_reaches_whoever_asks_however_often()
    {
        await _engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var grant = await _engine.RequestAsync(
            new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, "CP-1-1", 1, null, null), CancellationToken.None);
        Assert.Equal(OrderOutcome.Accepted, (await _engine.OutcomeAsync(grant.OrderId!.Value, CancellationToken.None)).Outcome);
        Assert.Equal(OrderOutcome.Accepted, (await _engine.OutcomeAsync(grant.OrderId.Value, CancellationToken.None)).Outcome);
        Assert.Equal(SessionStatus.Pending, Assert.Single(_journal.Sessions).Value.Status);
        Assert.IsType<StartOrder>(Assert.Single(_chargers.Orders));
    }

    [Fact]
    public async Task After_the_end_nothing_is_taken_any_more()
    {
        await _engine.DisposeAsync();
        await Assert.ThrowsAsync<NotRecordedException>(() => _engine.ReportAsync(Start(), CancellationToken.None));
    }

    [Fact]
    public async Task Many_senders_share_commits_and_each_gets_its_own_answer()
    {
        using var gate = new ManualResetEventSlim();
        _journal.Failing = _ =>
        {
            gate.Wait();
            return null;
        };
        var starts = Enumerable.Range(0, 500).Select(i => _engine.ReportAsync(
            new SessionBegan(new($"X-{i}", 1, 1), "TAG", _clock.GetUtcNow(), i, ExampleSite.Accepted("TAG")), CancellationToken.None)).ToList();
        gate.Set();
        var begun = await Task.WhenAll(starts);
        Assert.Equal(500, begun.Select(b => b.Number).Distinct().Count());
        Assert.All(begun.Select((b, i) => (b, i)), x => Assert.Equal(x.i, _journal.Sessions[x.b.Number].MeterStartWh));
        Assert.True(_journal.Commits < 10, $"{_journal.Commits} commits for 500 messages");
    }

    [Fact]
    public async Task An_input_that_no_rule_knows_fails_alone()
    {
        using var gate = new ManualResetEventSlim();
        _journal.Failing = _ =>
        {
            gate.Wait();
            return null;
        };
        var first = _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
        var poison = _engine.ReportAsync(new Poison(), CancellationToken.None);
        var start = _engine.ReportAsync(Start(), CancellationToken.None);
        gate.Set();
        await first;
        await Assert.ThrowsAsync<NotRecordedException>(() => poison);
        Assert.Equal(1, (await start).Number);
    }

    [Fact]
    public async Task A_jump_of_the_wall_clock_is_noticed()
    {
        await _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
        _clock.Jump(TimeSpan.FromDays(400));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
        Assert.Contains(_journal.Events, e => e.Code == "ClockJumped");
    }

    [Fact]
    public async Task A_jump_is_known_before_anything_is_judged_by_it()
    {
        // I15: time passes between the jump and the next tick, because the watchdog knocks.
        await _engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var begun = await _engine.ReportAsync(Start(), CancellationToken.None);
        await _engine.ReportAsync(new StationBooted("CP-1", new("ACME", "One", null, null)), CancellationToken.None);
        _clock.Jump(TimeSpan.FromDays(3650));
        await _engine.ReportAsync(TimePassed.Instance, CancellationToken.None);
        Assert.Equal(SessionStatus.Active, _journal.Sessions[begun.Number].Status);
        Assert.Contains(_journal.Events, e => e.Code == "ClockJumped");
    }

    [Fact]
    public async Task A_jump_that_could_not_be_recorded_is_not_forgotten()
    {
        await _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
        _journal.Failing = _ => new IOException("disk full");
        _clock.Jump(TimeSpan.FromDays(400));
        await Assert.ThrowsAsync<NotRecordedException>(() => _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None));
        _journal.Failing = null;
        await _engine.ReportAsync(TimePassed.Instance, CancellationToken.None);
        Assert.Single(_journal.Events, e => e.Code == "ClockJumped");
    }

    [Fact]
    public async Task An_input_that_cannot_be_written_fails_alone_and_a_disk_that_cannot_write_fails_all_without_trying_each()
    {
        using var gate = new ManualResetEventSlim();
        using var taken = new SemaphoreSlim(0);
        var tries = 0;
        var bad = "x-37";
        _journal.Failing = turn =>
        {
            taken.Release();
            gate.Wait();
            tries++;
            return bad is null || turn.Changes.OfType<EventRaised>().Any(e => e.Event.Code == bad) ? new IOException("no") : null;
        };
        var first = _engine.ReportAsync(new Remarked(Severity.Info, "first", "y", "z"), CancellationToken.None);
        await taken.WaitAsync(TestContext.Current.CancellationToken); // what comes now waits together
        var many = Enumerable.Range(0, 100).Select(i => _engine.ReportAsync(new Remarked(Severity.Info, $"x-{i}", "y", "z"), CancellationToken.None)).ToList();
        gate.Set();
        await first;
        await Assert.ThrowsAsync<NotRecordedException>(() => Task.WhenAll(many));
        Assert.Equal([37], Enumerable.Range(0, 100).Where(i => many[i].IsFaulted));

        bad = null;
        gate.Reset();
        while (taken.CurrentCount > 0)
            await taken.WaitAsync(TestContext.Current.CancellationToken);
        tries = 0;
        var next = _engine.ReportAsync(new Remarked(Severity.Info, "next", "y", "z"), CancellationToken.None);
        await taken.WaitAsync(TestContext.Current.CancellationToken); // what comes now waits together
        many = [.. Enumerable.Range(0, 100).Select(i => _engine.ReportAsync(new Remarked(Severity.Info, $"y-{i}", "y", "z"), CancellationToken.None))];
        gate.Set();
        foreach (var one in many)
            await Assert.ThrowsAsync<NotRecordedException>(() => one);
        await Assert.ThrowsAsync<NotRecordedException>(() => next);
        // The one before, then groups of 50, 32 and 18: each is tried whole and gives up after a few alone, far from a hundred.
        Assert.InRange(tries, 2, 10);
    }

    [Fact]
    public async Task An_order_that_ends_in_a_fault_of_ours_has_an_outcome_all_the_same()
    {
        _chargers.Fault = new InvalidOperationException();
        await _engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        var grant = await _engine.RequestAsync(
            new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, "CP-1-1", 1, null, null), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        Assert.Equal(OrderOutcome.Failed, (await _engine.OutcomeAsync(grant.OrderId!.Value, patience.Token)).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_fails_each_time_is_set_aside_and_answered_and_the_charger_goes_on(bool isStart)
    {
        // A fault of ours, for which no charger should say the same for ever.
        SiteInput poison = isStart ? Start() with { Authorization = null! } : new Metered(SiteUnderTest.At(), 1, default);
        async Task<object> SayAsync() => poison is SessionBegan start ? await _engine.ReportAsync(start, CancellationToken.None) : await _engine.ReportAsync((Metered)poison, CancellationToken.None);
        for (var i = 1; i < 5; i++)
        {
            await Assert.ThrowsAsync<NotRecordedException>(SayAsync);
            await _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
        }
        Assert.Empty(_journal.Parked);
        var answer = await SayAsync();
        Assert.Equal(answer, await SayAsync());
        var parked = Assert.Single(_journal.Parked);
        Assert.Same(poison, parked.Input);
        Assert.Single(_journal.Events, e => e is { Code: "MessageParked", Severity: Severity.Error, Subject: "CP-1" });
        Assert.DoesNotContain(_journal.Events, e => e.Text.Contains(ExampleSite.Card, StringComparison.Ordinal));
        if (isStart)
        {
            // I9: the number is nobody else's, and what comes under it is billed.
            var number = Assert.IsType<SessionBegun>(answer).Number;
            Assert.Equal(number, parked.Number);
            Assert.NotEqual(number, (await _engine.ReportAsync(Start(), CancellationToken.None)).Number);
        }
    }

    [Fact]
    public async Task What_a_full_disk_cannot_record_is_not_set_aside()
    {
        _journal.Failing = _ => new IOException("disk full");
        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAsync<NotRecordedException>(() => _engine.ReportAsync(Start(), CancellationToken.None));
        _journal.Failing = null;
        Assert.False((await _engine.ReportAsync(Start(), CancellationToken.None)).Repeated);
        Assert.Empty(_journal.Parked);
    }

    [Fact]
    public async Task What_the_journal_cannot_write_while_it_writes_all_else_is_set_aside()
    {
        _journal.Failing = turn => turn.Changes.Any(c => c is SessionChanged) ? new InvalidOperationException("a constraint") : null;
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<NotRecordedException>(() => _engine.ReportAsync(Start(), CancellationToken.None));
            await _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
            await _engine.ReportAsync(new Remarked(Severity.Info, "x", "y", "z"), CancellationToken.None);
        }
        await _engine.ReportAsync(Start(), CancellationToken.None);
        Assert.Single(_journal.Parked);
    }

    [Fact]
    public async Task A_cdr_that_is_sent_in_the_moment_of_its_correction_stays_and_the_stop_is_recorded_beside_it()
    {
        // I4: what was recalled said that it was not sent yet.
        var begun = await _engine.ReportAsync(Start(), CancellationToken.None);
        await _engine.ReportAsync(new ConnectorReported(SiteUnderTest.At(), ConnectorState.Available, null, null, null, null), CancellationToken.None);
        _clock.Advance(TimeSpan.FromHours(1));
        await _engine.ReportAsync(TimePassed.Instance, CancellationToken.None);
        var cdr = Assert.Single(_journal.Cdrs.Values);
        _journal.Failing = turn =>
        {
            if (turn.Changes.OfType<CdrRevised>().Any())
                _journal.Frozen.Add(cdr.Id);
            return null;
        };
        await _engine.ReportAsync(new SessionEnded("CP-1", begun.Number, null, _clock.GetUtcNow(), 105_000, "Local", [], null), CancellationToken.None);
        Assert.Same(cdr, Assert.Single(_journal.Cdrs.Values));
        Assert.True(_journal.Sessions[begun.Number].Flags.HasFlag(SessionFlags.LateStop));
        Assert.Single(_journal.Events, e => e.Code == "LateStop");
        Assert.Null(_engine.Trouble);
    }

    private SessionBegan Start() => new(SiteUnderTest.At(), ExampleSite.Card, _clock.GetUtcNow(), 100_000, ExampleSite.Accepted());

    private sealed record Poison : Report<Recorded>;

    private sealed class Chargers : IChargers
    {
        public List<Order> Orders { get; } = [];
        public Exception? Fault { get; set; }

        public Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken)
        {
            Orders.Add(order);
            if (Fault is { } fault)
                throw fault;
            return Task.FromResult(new OrderResult(OrderOutcome.Accepted));
        }
    }
}
