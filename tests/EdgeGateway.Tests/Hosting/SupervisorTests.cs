using EdgeGateway.Hosting;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Hosting;

public sealed class SupervisorTests : IDisposable
{
    private readonly Systemd _systemd = new(null, null);

    [Fact]
    public async Task A_part_that_moves_when_nudged_is_well()
    {
        using var supervisor = new Supervisor(_systemd, TimeProvider.System, NullLogger<Supervisor>.Instance);
        long stamp = 0;
        supervisor.Watch("a", () => stamp, _ => Task.FromResult(stamp++));
        Assert.True(await LookAsync(supervisor));
        Assert.Empty(supervisor.Stalled);
    }

    [Fact]
    public async Task A_part_that_stands_still_is_named_until_it_moves_again()
    {
        using var supervisor = new Supervisor(_systemd, TimeProvider.System, NullLogger<Supervisor>.Instance);
        long stamp = 0;
        var isDead = true;
        supervisor.Watch("dead", () => stamp, _ => Task.FromResult(isDead ? 0 : stamp++));
        supervisor.Watch("well", () => stamp++, _ => Task.CompletedTask);
        Assert.False(await LookAsync(supervisor));
        Assert.Equal(["dead"], supervisor.Stalled);
        isDead = false;
        Assert.True(await LookAsync(supervisor));
        Assert.Empty(supervisor.Stalled);
    }

    [Fact]
    public async Task A_nudge_that_hangs_or_throws_holds_nobody_up()
    {
        using var supervisor = new Supervisor(_systemd, TimeProvider.System, NullLogger<Supervisor>.Instance);
        supervisor.Watch("hangs", () => 0, _ => new TaskCompletionSource().Task);
        supervisor.Watch("throws", () => 0, _ => throw new InvalidOperationException("x"));
        Assert.False(await supervisor.LookAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        Assert.Equal(["hangs", "throws"], supervisor.Stalled);
    }

    [Fact]
    public async Task Without_progress_the_watchdog_is_not_fed_and_in_the_end_the_process_gives_up()
    {
        using var heard = new NotifySocket();
        var clock = new ManualClock();
        using var systemd = new Systemd(heard.Path, TimeSpan.FromSeconds(60));
        using var supervisor = new Supervisor(systemd, clock, NullLogger<Supervisor>.Instance);
        var looks = 0;
        supervisor.Watch("dead", () => 0, _ => Task.FromResult(Interlocked.Increment(ref looks)));
        await supervisor.StartAsync(TestContext.Current.CancellationToken);
        await GatewayTests.Eventually(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            return supervisor.ExecuteTask!.IsCompleted;
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => supervisor.ExecuteTask!);
        Assert.Equal(Supervisor.StallLimit, looks);
        for (var look = 0; look < looks; look++)
            Assert.Equal("STATUS=No progress: dead", await heard.NextAsync(_ => true));
    }

    public void Dispose() => _systemd.Dispose();

    private static Task<bool> LookAsync(Supervisor supervisor) => supervisor.LookAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
}
