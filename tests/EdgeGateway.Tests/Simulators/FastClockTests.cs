using EdgeGateway.Simulators;

namespace EdgeGateway.Tests.Simulators;

public sealed class FastClockTests
{
    /// <summary>Far more than any of these waits takes, far less than they would at the world's pace.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_hour_passes_in_a_moment()
    {
        var clock = new FastClock { Speed = 36_000 };
        var began = clock.GetUtcNow();
        await Task.Delay(TimeSpan.FromHours(1), clock, CancellationToken.None).WaitAsync(Patience);
        Assert.True(clock.GetUtcNow() - began >= TimeSpan.FromHours(1), "it rang early");
    }

    [Fact]
    public async Task A_wait_under_way_follows_a_change_of_speed()
    {
        var clock = new FastClock();
        var wait = Task.Delay(TimeSpan.FromHours(1), clock, CancellationToken.None);
        clock.Speed = 36_000;
        await wait.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_periodic_timer_rings_again_and_again()
    {
        var clock = new FastClock { Speed = 3_600 };
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        for (var i = 0; i < 3; i++)
            Assert.True(await timer.WaitForNextTickAsync(CancellationToken.None).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public void Time_never_steps_back_when_the_speed_changes()
    {
        var clock = new FastClock();
        var last = clock.GetUtcNow();
        foreach (var speed in new[] { 1000, 1, 50, 1, 7 })
        {
            clock.Speed = speed;
            var now = clock.GetUtcNow();
            Assert.InRange(now - last, TimeSpan.Zero, TimeSpan.FromMinutes(30));
            last = now;
        }
    }
}
