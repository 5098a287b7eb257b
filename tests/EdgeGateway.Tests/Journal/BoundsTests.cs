using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Tests.Journal;

public sealed class BoundsTests
{
    [Fact]
    public async Task At_the_quota_frames_and_meter_values_give_way_and_nothing_else()
    {
        await using var fixture = new StoreFixture(new() { MaxSizeMb = 16 });
        await fixture.OpenAsync();
        var drawn = new Drawn(1);
        var cdr = drawn.Cdr(drawn.Session(1));
        var open = drawn.Session(2, SessionStatus.Active);
        await fixture.CommitAsync(
            [new SessionChanged(cdr.Session with { Course = [] }, true), new CdrIssued(cdr), new SessionChanged(open, true), Readings(1, 50), Readings(2, 50)],
            [new("hub", DeliveryKind.Cdr, cdr.Id)]);
        for (var n = 0; n < 60; n++)
        {
            for (var i = 0; i < 100; i++)
                fixture.Store.Frames.Keep(new(fixture.Clock.GetUtcNow(), "CP-1", FrameDirection.In, new string('x', 4000)));
            await fixture.CommitAsync(Readings(null, 200));
        }

        Assert.True(new FileInfo(fixture.Options.Path).Length <= 16 << 20);
        Assert.Null(fixture.Store.TroubleText);
        Assert.Equal(50, fixture.Ask<long>("select count(*) from reading where session = 1")); // its CDR is owed
        Assert.Equal(50, fixture.Ask<long>("select count(*) from reading where session = 2")); // it is open
        Assert.InRange(fixture.Ask<long>("select count(*) from reading where session is null"), 1, 11_999);
        Assert.InRange(fixture.Ask<long>("select count(*) from frame"), 1, 5_999);
        Assert.Contains(await fixture.Store.History.EventsAsync(20, default), e => e is { Code: "StorageFull", Severity: Severity.Error });
        Assert.Single(await fixture.Store.Outbox.ListAsync(null, null, 10, default));
    }

    [Fact]
    public async Task A_store_that_is_full_of_sessions_refuses_turns_and_keeps_what_it_has()
    {
        await using var fixture = new StoreFixture(new() { MaxSizeMb = 16 });
        await fixture.OpenAsync();
        var drawn = new Drawn(1);
        var kept = 0;
        var refusal = await Assert.ThrowsAsync<SqliteException>(async () =>
        {
            for (var n = 1; n < 100_000; n += 50)
            {
                await fixture.CommitAsync([.. Enumerable.Range(n, 50).Select(i => new SessionChanged(drawn.Session(i, SessionStatus.Active), true))]);
                kept = n + 49;
            }
        });

        Assert.Equal(13, refusal.SqliteErrorCode);
        Assert.NotNull(fixture.Store.TroubleText);
        Assert.Equal(kept, fixture.Ask<long>("select count(*) from session"));
        Assert.Equal(kept, (await (await fixture.ReopenAsync()).Journal.LoadAsync(default)).OpenSessions.Length);
    }

    [Fact]
    public async Task When_the_disk_itself_is_full_the_ballast_lets_frames_give_way()
    {
        await using var disk = SmallDisk.TryMount(64) ?? throw Xunit.Sdk.SkipException.ForSkip("a small file system can only be mounted by root");
        await using var fixture = new StoreFixture(path: Path.Combine(disk.Path, "gateway.db"));
        await fixture.OpenAsync();
        var drawn = new Drawn(1);
        await fixture.CommitAsync(new SessionChanged(drawn.Session(1, SessionStatus.Active), true));
        for (var n = 0; n < 1000; n++)
            fixture.Store.Frames.Keep(new(fixture.Clock.GetUtcNow(), "CP-1", FrameDirection.In, new string('x', 8000)));
        await fixture.CommitAsync(new CountersMoved(new(2, 2)));
        disk.Fill(100_000);

        for (var n = 0; n < 300; n++)
            await fixture.CommitAsync(new SessionChanged(drawn.Session(2 + n, SessionStatus.Active), true), Readings(2 + n, 20));
        Assert.False(File.Exists(fixture.Options.Path + ".ballast"));
        Assert.Equal(301, (await (await fixture.ReopenAsync()).Journal.LoadAsync(default)).OpenSessions.Length);
        Assert.Equal("ok", fixture.Ask<string>("pragma integrity_check"));
    }

    [Fact]
    public async Task Frames_stay_within_their_bytes_and_the_newest_stay()
    {
        await using var fixture = new StoreFixture(new() { FrameMb = 1 });
        await fixture.OpenAsync();
        for (var n = 0; n < 3000; n++)
        {
            fixture.Store.Frames.Keep(new(fixture.Clock.GetUtcNow(), "CP-1", FrameDirection.In, $"{n} {new string('x', 1000)}"));
            if (n % 50 == 0)
                await fixture.CommitAsync(new CountersMoved(new(1, n)));
        }
        await fixture.ReopenAsync();

        Assert.InRange(fixture.Ask<long>("select sum(length(text)) from frame"), 500_000, 1_150_000);
        Assert.StartsWith("2999 ", (await fixture.Store.Frames.RecentAsync("cp-1", 5, default))[^1].Text, StringComparison.Ordinal);
        Assert.InRange((await fixture.Store.FiguresAsync(default)).FrameBytes, 500_000, 1_200_000);
    }

    [Fact]
    public async Task A_session_stays_while_a_credit_of_its_cdr_is_owed_and_goes_with_all_its_cdrs()
    {
        await using var fixture = new StoreFixture(new() { CdrDays = 100 });
        await fixture.OpenAsync();
        var drawn = new Drawn(3);
        var now = fixture.Clock.GetUtcNow();
        var cdr = drawn.Cdr(drawn.Session(1) with { LastUpdated = now }) with { Created = now };
        var (credit, corrected) = drawn.Credit(cdr);
        await fixture.CommitAsync(
            new SessionChanged(cdr.Session with { Course = [] }, true), new CdrIssued(cdr), new CdrIssued(credit with { Created = now }),
            new CdrIssued(corrected with { Created = now }));
        await fixture.OweAsync(new Delivery("hub", DeliveryKind.Cdr, credit.Id));
        var owed = (await fixture.Store.Outbox.NextAsync("hub", 9, new HashSet<long>(), default)).Single();
        await fixture.Store.Outbox.FreezeAsync(owed, "2.3.0", () => [1], default);
        await PassAsync(fixture, TimeSpan.FromDays(101));
        Assert.Equal(3, fixture.Ask<long>("select count(*) from cdr"));

        await fixture.Store.Outbox.SettleAsync(owed, new Settlement.Delivered("receipt"), default);
        await PassAsync(fixture, TimeSpan.FromDays(1));
        Assert.Equal(0, fixture.Ask<long>("select (select count(*) from cdr) + (select count(*) from cdr_sent) + (select count(*) from cdr_delivered) + (select count(*) from session)"));
    }

    [Fact]
    public async Task Events_of_a_transaction_go_a_month_after_its_end_and_stay_while_it_runs_or_is_owed()
    {
        await using var fixture = new StoreFixture(new() { MeterValueDays = 30, CdrDays = 100 });
        await fixture.OpenAsync();
        var drawn = new Drawn(3);
        var now = fixture.Clock.GetUtcNow();
        var sessions = Enumerable.Range(1, 3).Select(n => drawn.Session(n) with
        {
            Status = n == 1 ? SessionStatus.Active : SessionStatus.Completed, LastUpdated = now, Transaction = $"T-{n}",
        }).ToArray();
        await fixture.CommitAsync([.. sessions.Select(s => new SessionChanged(s, true)), .. sessions.Select(s => new HeardKept(s.Number, 0, [drawn.Heard()]))]);
        await fixture.OweAsync(new Delivery("hub", DeliveryKind.Cdr, sessions[1].Id));
        await PassAsync(fixture, TimeSpan.FromDays(31));
        Assert.Equal("1,2", fixture.Ask<string>("select group_concat(session) from (select session from heard_event order by session)"));
        var forgotten = (await fixture.Store.Journal.RecallAsync([new SessionKey.ByTransaction(sessions[2].At.Station, "T-3")], default)).Sessions;
        Assert.Null(Assert.Single(forgotten).Heard);
    }

    [Fact]
    public async Task Old_frames_events_and_readings_go_and_what_is_open_or_owed_stays()
    {
        await using var fixture = new StoreFixture(new() { MeterValueDays = 30, CdrDays = 100, FrameDays = 14 });
        await fixture.OpenAsync();
        var drawn = new Drawn(1);
        var now = fixture.Clock.GetUtcNow();
        var sessions = Enumerable.Range(1, 6).Select(n => drawn.Session(n) with
        {
            Status = n == 3 ? SessionStatus.Active : SessionStatus.Completed, LastUpdated = now.AddDays(-1),
        }).ToArray();
        var cdrs = sessions.Select(s => drawn.Cdr(s)).ToArray();
        await fixture.CommitAsync([.. sessions.Select(s => new SessionChanged(s, true)), .. cdrs.Where(c => c.Session.Number != 3).Select(c => new CdrIssued(c)),
            .. sessions.Select(s => new CourseGrew(s.Number, 0, [drawn.Point()])), .. sessions.Select(s => Readings(s.Number, 3)), Readings(null, 700)]);
        await fixture.OweAsync(new("hub", DeliveryKind.Cdr, sessions[0].Id), new("hub", DeliveryKind.Session, sessions[1].Id), new("hub", DeliveryKind.Cdr, sessions[3].Id));
        var refused = (await fixture.Store.Outbox.NextAsync("hub", 9, new HashSet<long>(), default)).Single(o => o.Object == sessions[3].Id);
        await fixture.Store.Outbox.SettleAsync(refused, new Settlement.Refused("2001"), default);
        fixture.Store.Frames.Keep(new(now, "CP-1", FrameDirection.In, "old"));
        await fixture.CommitAsync(new CountersMoved(new(7, 7)));

        await PassAsync(fixture, TimeSpan.FromDays(31));
        Assert.Equal("1,2,3,4", fixture.Ask<string>("select group_concat(session) from (select distinct session from reading where session is not null order by session)"));
        Assert.Equal(0, fixture.Ask<long>("select count(*) from reading where session is null"));
        Assert.Equal(0, fixture.Ask<long>("select count(*) from frame where text = 'old'"));
        Assert.Equal(6, fixture.Ask<long>("select count(*) from session"));

        await PassAsync(fixture, TimeSpan.FromDays(100));
        Assert.Equal("1,2,3,4", fixture.Ask<string>("select group_concat(number) from (select number from session order by number)"));
        Assert.Equal("1,2,4", fixture.Ask<string>("select group_concat(number) from (select number from cdr order by number)"));
        Assert.Equal(4, fixture.Ask<long>("select count(*) from course"));
    }

    [Fact]
    public async Task A_clock_that_jumps_ten_years_ahead_empties_no_history()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        await fixture.CommitAsync(new SessionChanged(new Drawn(1).Session(1) with { Status = SessionStatus.Completed, LastUpdated = fixture.Clock.GetUtcNow() }, true), Readings(1, 3));
        await LiveAsync(fixture);
        fixture.Clock.Jump(TimeSpan.FromDays(3650));
        await LiveAsync(fixture);
        Assert.Equal(1, fixture.Ask<long>("select count(*) from session"));

        fixture.Clock.Jump(TimeSpan.FromDays(-3650));
        await LiveAsync(fixture);
        Assert.Equal(1, fixture.Ask<long>("select count(*) from session"));
        Assert.Equal(3, fixture.Ask<long>("select count(*) from reading"));
    }

    [Fact]
    public async Task The_outbox_costs_the_same_with_a_hundred_thousand_entries()
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        for (var n = 0; n < 50; n++)
            await fixture.OweAsync([.. Enumerable.Range(n * 1000, 1000).SelectMany(i => new Delivery[] { new("hub", DeliveryKind.Session, $"s{i}"), new("hub", DeliveryKind.Cdr, $"s{i}") })]);

        Assert.Equal(100_000, (await fixture.Store.Outbox.FiguresAsync("hub", default)).Waiting);
        var inFlight = new HashSet<long>();
        for (var n = 0; n < 50; n++)
        {
            var next = await fixture.Store.Outbox.NextAsync("hub", 16, inFlight, default);
            Assert.Equal(16, next.Count);
            await Task.WhenAll(next.Select(owed => fixture.Store.Outbox.SettleAsync(owed, new Settlement.Delivered(null), default)));
        }
        Assert.Equal(100_000 - 800, (await fixture.Store.Outbox.FiguresAsync("hub", default)).Waiting);
    }

    [Theory]
    [InlineData(OutboxRows.Ready)]
    [InlineData(OutboxRows.FirstOnes)]
    [InlineData(OutboxRows.Fence)]
    [InlineData(OutboxRows.HoldCdr)]
    [InlineData(OutboxRows.LocationWaits)]
    [InlineData(SiteJournal.ByStart)]
    [InlineData(SiteJournal.BeforeEnd)]
    [InlineData(SiteJournal.Open)]
    public async Task Statements_on_the_hot_path_walk_an_index(string sql)
    {
        await using var fixture = new StoreFixture();
        await fixture.OpenAsync();
        await fixture.CloseAsync();
        using var connection = new SqliteConnection($"Data Source={fixture.Options.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "explain query plan " + System.Text.RegularExpressions.Regex.Replace(sql, @"\?\d*", "0", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        using var reader = command.ExecuteReader();
        var plan = new List<string>();
        while (reader.Read())
            plan.Add(reader.GetString(3));

        Assert.NotEmpty(plan);
        Assert.All(plan, step => Assert.False(step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("session_open", StringComparison.Ordinal), string.Join('\n', plan)));
    }

    private static ReadingsKept Readings(int? session, int count) => new(
        new("CP-1", 1, 1), session, new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero), [.. Enumerable.Range(0, count).Select(n => new Reading(null, n, 7400m, 16.5m, $"E={n}Wh P=7400W I=16.5A"))]);

    /// <summary>Time passes while the gateway is off; then upkeep has its turns.</summary>
    private static async Task PassAsync(StoreFixture fixture, TimeSpan time)
    {
        await fixture.CloseAsync();
        fixture.Clock.Advance(time);
        await fixture.OpenAsync();
        await LiveAsync(fixture);
    }

    /// <summary>An hour, in which upkeep has its turns.</summary>
    private static async Task LiveAsync(StoreFixture fixture)
    {
        for (var n = 0; n < 12; n++)
        {
            fixture.Clock.Advance(TimeSpan.FromMinutes(5));
            await fixture.CommitAsync(new CountersMoved(new(7, 7))); // behind the upkeep that the clock has posted
        }
    }
}

/// <summary>A file system of a few megabytes in memory.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk? TryMount(int megabytes)
    {
        var path = Directory.CreateTempSubdirectory("edge-gateway-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path))
            return new(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Leaves this many bytes free.</summary>
    public void Fill(long free)
    {
        var most = new DriveInfo(Path).AvailableFreeSpace - free;
        using var file = File.Create(System.IO.Path.Combine(Path, "filler"));
        var block = new byte[4096];
        for (var written = 0L; written + block.Length <= most; written += block.Length)
            file.Write(block);
    }

    public ValueTask DisposeAsync()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
        return ValueTask.CompletedTask;
    }

    private static bool Run(string program, params string[] arguments)
    {
        if (!File.Exists($"/usr/bin/{program}") && !File.Exists($"/bin/{program}"))
            return false;
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
