using EdgeGateway.Cli;

namespace EdgeGateway.Tests.Cli;

/// <summary>Tables on a person's terminal of few columns.</summary>
public sealed class TableFitTests
{
    private const string Session = "3a142c66-fe20-87e9-a466-4a751b5c25b0";
    private static readonly string[] Columns = ["Station", "Line", "Since", "Session"];

    [Fact]
    public void A_table_that_fits_is_left_as_it_is()
    {
        string[] row = ["CP-1", "connected", "2026-03-01 02:00:00Z", Session];
        Assert.Null(TableFit.Into(200, Columns, [row]));
        Assert.Equal(Session, row[3]);
    }

    [Fact]
    public void A_narrow_terminal_breaks_between_words_and_shortens_the_ids_of_sessions()
    {
        string[] row = ["CP-1", "connected", "2026-03-01 02:00:00Z", Session];
        Assert.Equal([7, 9, 10, 8], TableFit.Into(44, Columns, [row])!);
        Assert.Equal("3a142c66", row[3]);
    }

    [Fact]
    public void A_session_that_the_row_is_about_keeps_its_id()
    {
        string[] row = [Session, "connected", "2026-03-01 02:00:00Z", "CP-1"];
        Assert.NotNull(TableFit.Into(60, ["Session", "Line", "Since", "Station"], [row]));
        Assert.Equal(Session, row[0]);
    }

    [Fact]
    public void Where_nothing_fits_each_column_keeps_a_character()
    {
        string[] row = ["CP-1", "connected", "2026-03-01 02:00:00Z", Session];
        Assert.All(TableFit.Into(5, Columns, [row])!, width => Assert.Equal(1, width));
    }
}
