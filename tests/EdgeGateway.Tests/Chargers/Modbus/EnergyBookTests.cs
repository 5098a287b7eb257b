using EdgeGateway.Chargers.Modbus;

namespace EdgeGateway.Tests.Chargers.Modbus;

public sealed class EnergyBookTests
{
    private TimeSpan _at;

    private TimeSpan Later(int seconds = 2) => _at += TimeSpan.FromSeconds(seconds);

    private EnergyBook Proved(bool isOfSession, decimal wh)
    {
        var book = new EnergyBook(isOfSession, 22_000);
        Assert.Null(book.Take(wh, Later(), false));
        Assert.Equal((long)wh, book.Take(wh, Later(), false));
        return book;
    }

    [Fact]
    public void A_first_value_alone_proves_nothing()
    {
        var book = new EnergyBook(false, 22_000);
        Assert.Null(book.Take(5, Later(), false));
        Assert.Null(book.Take(12_345_678, Later(), false));
        Assert.Equal(12_345_680, book.Take(12_345_680, Later(), false));
    }

    [Fact]
    public void What_flows_is_counted_exactly_and_parts_of_a_Wh_are_kept()
    {
        var book = Proved(false, 1000.5m);
        Assert.Equal(1001, book.Take(1001.4m, Later(), true));
        Assert.Equal(1002, book.Take(1002.0m, Later(), true));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(999_999_999)]
    [InlineData(-1)]
    public void A_glitch_is_no_reading_and_books_nothing(long glitch)
    {
        // FIELD pain 14.
        var book = Proved(false, 500_000);
        Assert.Null(book.Take(glitch, Later(), true));
        Assert.Null(book.Take(null, Later(), true));
        Assert.Equal(500_020, book.Take(500_020, Later(), true));
    }

    [Fact]
    public void A_counter_that_stays_at_zero_while_somebody_charges_is_never_believed()
    {
        var book = Proved(false, 500_000);
        for (var i = 0; i < 20; i++)
            Assert.Null(book.Take(0, Later(), true));
        Assert.Null(book.Take(500_100, Later(), true));
        Assert.Equal(500_102, book.Take(500_102, Later(), true));
    }

    [Fact]
    public void A_counter_that_begins_anew_counts_on_when_it_has_proved_itself()
    {
        var book = Proved(false, 500_000);
        Assert.Null(book.Take(3, Later(), true));
        Assert.Null(book.Take(3, Later(), true));
        Assert.Equal(500_009, book.Take(9, Later(), true));
        Assert.Equal(500_015, book.Take(15, Later(), true));
    }

    [Fact]
    public void An_exchanged_counter_books_none_of_its_former_life()
    {
        var book = Proved(false, 500_000);
        Assert.Null(book.Take(90_000_000, Later(), true));
        Assert.Equal(500_010, book.Take(90_000_010, Later(), true));
        Assert.Equal(500_020, book.Take(90_000_020, Later(), true));
    }

    [Fact]
    public void While_nobody_charges_a_new_level_needs_no_increase_and_counts_for_nothing()
    {
        var book = Proved(false, 500_000);
        Assert.Null(book.Take(20, Later(), false));
        Assert.Null(book.Take(20, Later(), false));
        Assert.Equal(500_000, book.Take(20, Later(), false));
        Assert.Equal(500_005, book.Take(25, Later(), true));
    }

    [Fact]
    public void A_counter_of_the_chargers_own_session_is_summed_over_its_sessions()
    {
        var book = Proved(true, 0);
        Assert.Equal(10, book.Take(10, Later(), true));
        Assert.Null(book.Take(500, Later(100), true));
        Assert.Equal(500, book.Take(500, Later(), true));
        book.Unplugged();
        Assert.Equal(500, book.Take(500, Later(), false));
        Assert.Equal(500, book.Take(0, Later(), false));
        Assert.Equal(507, book.Take(7, Later(), true));
    }

    [Fact]
    public void A_zero_of_a_session_counter_in_the_middle_of_a_session_is_no_new_session()
    {
        var book = Proved(true, 0);
        Assert.Null(book.Take(400, Later(100), true));
        Assert.Equal(400, book.Take(400, Later(), true));
        Assert.Null(book.Take(0, Later(), true));
        Assert.Null(book.Take(0, Later(), true));
        Assert.Equal(410, book.Take(410, Later(), true));
    }

    [Fact]
    public void It_goes_on_after_a_restart_with_what_flowed_meanwhile()
    {
        var book = Proved(false, 500_000);
        var kept = book.Entry!;
        var next = new EnergyBook(false, 22_000);
        next.Restore(kept, TimeSpan.FromHours(2), null);
        Assert.Null(next.Take(530_000, Later(), true));
        Assert.Equal(530_004, next.Take(530_004, Later(), true));
    }

    [Fact]
    public void It_never_falls_behind_what_the_site_was_told()
    {
        // Kept at the start, told of 4000 Wh more since: a session counter that begins anew meanwhile must not count them twice.
        var book = new EnergyBook(true, 22_000);
        book.Restore(new(0, 10_000), TimeSpan.FromMinutes(10), 14_000);
        Assert.Null(book.Take(4_100, Later(), true));
        Assert.Equal(14_110, book.Take(4_110, Later(), true));
    }

    [Fact]
    public void Another_device_books_nothing_by_its_arrival()
    {
        var book = Proved(false, 500_000);
        book.Exchange();
        Assert.Null(book.Take(77, Later(), false));
        Assert.Equal(500_000, book.Take(77, Later(), false));
        Assert.Equal(500_003, book.Take(80, Later(), true));
    }

    [Fact]
    public void A_counter_that_is_brought_up_to_date_once_a_minute_loses_nothing()
    {
        var book = Proved(false, 500_000);
        for (var i = 0; i < 29; i++)
            Assert.Equal(500_000, book.Take(500_000, Later(), true));
        Assert.Null(book.Take(500_350, Later(), true));
        Assert.Equal(500_350, book.Take(500_350, Later(), true));
    }

    [Fact]
    public void A_counter_in_coarse_steps_is_believed_step_by_step()
    {
        var book = new EnergyBook(false, 22_000, 100);
        book.Take(500_000, Later(), false);
        Assert.Equal(500_000, book.Take(500_000, Later(), false));
        Assert.Equal(500_100, book.Take(500_100, Later(), true));
    }

    [Fact]
    public void A_long_silence_lets_as_much_flow_as_the_charger_can()
    {
        var book = Proved(false, 500_000);
        // One value alone may be a glitch.
        Assert.Null(book.Take(600_000, Later(5 * 3600), true));
        Assert.Equal(600_001, book.Take(600_001, Later(), true));
        Assert.Null(book.Take(900_000, Later(3600), true));
        Assert.Equal(600_003, book.Take(900_002, Later(), true));
    }
}
