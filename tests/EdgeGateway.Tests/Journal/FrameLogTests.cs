using EdgeGateway.Journal;
using EdgeGateway.Site;

namespace EdgeGateway.Tests.Journal;

public sealed class FrameLogTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();

    public async ValueTask InitializeAsync() => await _fixture.OpenAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_frame_is_on_disk_with_the_next_commit()
    {
        Keep("CP-1", "[2,\"1\",\"Heartbeat\",{}]");
        await _fixture.CommitAsync(new CountersMoved(new(2, 2)));
        await using var cut = _fixture.Cut();
        await cut.OpenAsync();

        var frame = Assert.Single(await cut.Store.Frames.RecentAsync("CP-1", 10, default));
        Assert.Equal("[2,\"1\",\"Heartbeat\",{}]", frame.Text);
    }

    [Fact]
    public async Task A_frame_that_no_commit_follows_is_on_disk_after_a_second()
    {
        Keep("CP-1", "alone");
        Assert.Equal(0, _fixture.Ask<long>("select count(*) from frame"));
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1.1));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_fixture.Ask<long>("select count(*) from frame") == 0)
            await Task.Delay(5, patience.Token);
    }

    [Fact]
    public async Task What_is_not_on_disk_yet_is_shown_after_what_is_and_nothing_twice()
    {
        for (var n = 0; n < NewestFrames.MostFrames + 10; n++)
            Keep("CP-1", $"early {n}");
        await _fixture.CommitAsync(new CountersMoved(new(2, 2)));
        // Twice the same words in the same millisecond are two frames.
        Keep("CP-1", "late");
        Keep("CP-1", "late");
        var shown = (await _fixture.Store.Frames.RecentAsync("CP-1", 1000, default)).Select(static f => f.Text).ToList();
        Assert.Equal([.. Enumerable.Range(0, NewestFrames.MostFrames + 10).Select(static n => $"early {n}"), "late", "late"], shown);
        Assert.Equal(["early 59", "late", "late"], (await _fixture.Store.Frames.RecentAsync("cp-1", 3, default)).Select(static f => f.Text));
    }

    [Fact]
    public async Task A_station_that_floods_the_log_pushes_nobody_else_s_newest_frames_out()
    {
        Keep("CP-2", "quiet");
        for (var n = 0; n < FrameLog.WaitingLimit + 300; n++)
            Keep("CP-1", new('x', 1000));
        Assert.Equal("quiet", Assert.Single(await _fixture.Store.Frames.RecentAsync("CP-2", 10, default)).Text);
        Assert.True((await _fixture.Store.Frames.RecentAsync("CP-1", NewestFrames.MostFrames, default)).Count <= NewestFrames.MostFrames);
    }

    [Fact]
    public async Task The_newest_frames_of_a_station_come_oldest_first_and_as_they_were()
    {
        var at = _fixture.Clock.GetUtcNow();
        Frame[] frames =
        [
            new(at, "CP-1", FrameDirection.In, "one"), new(at, "CP-2", FrameDirection.In, "other"), new(at, "CP-1", FrameDirection.Out, "två\n", "note"),
            new(at, "CP-1", FrameDirection.Line, "", "closed"),
        ];
        foreach (var frame in frames)
            _fixture.Store.Frames.Keep(frame);
        await _fixture.ReopenAsync();

        Assert.Equal([frames[2], frames[3]], await _fixture.Store.Frames.RecentAsync("CP-1", 2, default));
    }

    [Fact]
    public async Task What_comes_too_fast_is_counted_and_told()
    {
        for (var n = 0; n < FrameLog.WaitingLimit + 300; n++)
            Keep("CP-1", "x");
        await _fixture.ReopenAsync();

        var kept = _fixture.Ask<long>("select count(*) from frame where text = 'x'");
        var told = _fixture.Ask<string>("select coalesce(group_concat(note), '') from frame where note is not null");
        Assert.True(kept >= FrameLog.WaitingLimit);
        Assert.Contains($"{FrameLog.WaitingLimit + 300 - kept} frames were not kept", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Followers_see_their_station_live_and_slow_ones_are_told_what_they_missed()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var one = _fixture.Store.Frames.FollowAsync("cp-1", stop.Token).GetAsyncEnumerator(stop.Token);
        var first = one.MoveNextAsync();
        Keep("CP-2", "other");
        Keep("CP-1", "first");
        Assert.True(await first);
        Assert.Equal("first", one.Current.Text);

        for (var n = 0; n < FrameLog.FollowerLimit + 25; n++)
            Keep("CP-1", $"{n}");
        Assert.True(await one.MoveNextAsync());
        Assert.Equal(FrameDirection.Line, one.Current.Direction);
        Assert.StartsWith("25 frames", one.Current.Note, StringComparison.Ordinal);
        Assert.True(await one.MoveNextAsync());
        Assert.Equal("0", one.Current.Text);
    }

    private void Keep(string station, string text) => _fixture.Store.Frames.Keep(new(_fixture.Clock.GetUtcNow(), station, FrameDirection.In, text));
}
