using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;
using static EdgeGateway.Site.Reports.TransactionPhase;

namespace EdgeGateway.Tests.Site;

/// <summary>FIELD-NOTES 11, I15: whoever's clock is wrong, nobody is billed for time that never passed.</summary>
public sealed class WrongClockTests
{
    private readonly SiteUnderTest _site = new();

    public static TheoryData<TimeSpan> Offsets => [TimeSpan.FromDays(-120), TimeSpan.FromHours(-5), TimeSpan.FromMinutes(-7)];

    [Theory]
    [MemberData(nameof(Offsets))]
    public void A_charger_that_is_steadily_behind_is_found_out_and_its_session_righted(TimeSpan offset)
    {
        var started = _site.Now;
        _site.Show(ConnectorState.Preparing, told: _site.Now + offset);
        var begun = _site.Begin(told: _site.Now + offset);
        Pass(9, minute => _site.Meter(100_000 + (minute * 100), begun.Number, told: _site.Now + offset));
        Assert.Equal(offset, _site.Session(begun.Number).StartedAt - started); // it may yet be a queue
        Pass(21, minute => _site.Meter(100_900 + (minute * 100), begun.Number, told: _site.Now + offset));
        // It is set in mid-session; whatever it says from now on is right.
        Pass(10, minute => _site.Meter(103_000 + (minute * 100), begun.Number));
        _site.End(begun.Number, 104_000);
        AssertBilled(begun.Number, started, started.AddMinutes(40));
        Assert.Equal(started + offset, _site.Session(begun.Number).StartTold);
        Assert.True(_site.Raised("ChargerClockWrong"));
    }

    [Theory]
    [MemberData(nameof(Offsets))]
    public void So_is_a_2_x_station_and_what_it_tells_afterwards_from_its_queue(TimeSpan offset)
    {
        var started = _site.Now;
        var begun = _site.Tell(Started, 0, _site.Now + offset, ExampleSite.Card, ChargingPhase.Charging, 100_000);
        Pass(20, minute => _site.Tell(Updated, minute, _site.Now + offset, register: 100_000 + (minute * 100)));
        _site.Now += TimeSpan.FromMinutes(20);
        _site.Tell(Ended, 21, _site.Now.AddMinutes(-5) + offset, register: 104_000);
        AssertBilled(begun.Number, started, started.AddMinutes(35));
        Assert.Equal(started + offset, _site.Session(begun.Number).StartTold);
    }

    [Fact]
    public void A_queue_from_months_ago_is_no_wrong_clock()
    {
        var then = _site.Now.AddDays(-100);
        var begun = _site.Begin(told: then);
        for (var minute = 1; minute < 600; minute++)
        {
            _site.Now += TimeSpan.FromMilliseconds(300);
            _site.Meter(100_000 + (minute * 100), begun.Number, told: then.AddMinutes(minute));
        }
        _site.End(begun.Number, 160_000, told: then.AddHours(10));
        var session = _site.Session(begun.Number);
        Assert.Equal((then, then.AddHours(10), SessionFlags.None), (session.StartedAt, session.EndedAt, session.Flags));
        Assert.False(_site.Raised("ChargerClockWrong"));
    }

    [Fact]
    public void Times_that_are_right_are_believed_again_once_the_clock_is_set()
    {
        var offset = TimeSpan.FromHours(-3);
        for (var i = 0; i < 12; i++)
        {
            _site.Show(i % 2 == 0 ? ConnectorState.Preparing : ConnectorState.Available, told: _site.Now + offset);
            _site.Now += TimeSpan.FromMinutes(1);
        }
        Assert.Equal(-offset, _site.State.Stations["CP-1"].ClockOffset);
        _site.Show(ConnectorState.Preparing);
        Assert.Null(_site.State.Stations["CP-1"].ClockOffset);
        var begun = _site.Begin(told: _site.Now.AddHours(-4));
        Assert.Equal((_site.Now.AddHours(-4), SessionFlags.None), (_site.Session(begun.Number).StartedAt, _site.Session(begun.Number).Flags));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_session_that_began_before_our_own_clock_was_set_is_not_billed_for_the_years_between(bool is2x)
    {
        // No battery, no network: it is 1970 here, and the charger knows better.
        var truth = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        _site.Now = new(1970, 1, 1, 0, 5, 0, TimeSpan.Zero);
        var gap = truth - _site.Now;
        int number;
        if (is2x)
            number = _site.Tell(Started, 0, truth, ExampleSite.Card, ChargingPhase.Charging, 100_000).Number;
        else
            number = _site.Begin(told: truth).Number;
        _site.Now += TimeSpan.FromMinutes(10) + gap;
        _site.Take(new ClockJumped(gap));
        _site.Now += TimeSpan.FromMinutes(20);
        if (is2x)
            _site.Tell(Ended, 1, register: 104_000);
        else
            _site.End(number, 104_000);
        AssertBilled(number, truth, truth.AddMinutes(30));
    }

    private void Pass(int minutes, Action<int> each)
    {
        for (var minute = 1; minute <= minutes; minute++)
        {
            _site.Now += TimeSpan.FromMinutes(1);
            each(minute);
        }
    }

    private void AssertBilled(int number, DateTimeOffset from, DateTimeOffset to)
    {
        var session = _site.Session(number);
        Assert.Equal((from, to), (session.StartedAt, session.EndedAt));
        Assert.True(session.Flags.HasFlag(SessionFlags.ClockRepaired));
        var bill = _site.CdrOf(number)!.Bill;
        Assert.Equal((4_000L, to - from), (bill.EnergyWh, bill.Duration));
        Assert.All(session.Course, p => Assert.InRange(p.At, from, to));
    }
}
