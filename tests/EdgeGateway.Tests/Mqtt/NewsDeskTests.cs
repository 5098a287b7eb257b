using EdgeGateway.Mqtt;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Mqtt;

public sealed class NewsDeskTests
{
    private readonly NewsDesk _desk = new();
    private readonly SiteUnderTest _site = new();
    private int _seen;

    public NewsDeskTests() => _seen = _site.Journal.Turns.Count;

    [Fact]
    public void Changes_of_status_are_told_each_and_what_lies_between_once()
    {
        Open();
        var number = _site.Begin(meter: 1000).Number;
        foreach (var wh in (long[])[1100, 1200, 1300])
            _site.Meter(wh, number);
        Look();
        Assert.Equal(["Active 0"], Sessions());
        Assert.Equal(["CP-1"], _desk.Take().Stations);
        Assert.Equal(["Active 300"], Sessions());
        _site.Meter(1400, number);
        _site.End(number, 1500);
        Look();
        // What went on before the end is told before it, and the end carries the CDR.
        Assert.Equal(["Active 400", "Completed 500 CDR 500"], Sessions());
        _desk.Take();
        Assert.Empty(Sessions());
    }

    [Fact]
    public void Events_are_numbered_when_they_happen_so_that_a_dropped_one_leaves_a_gap()
    {
        Open();
        for (var i = 0; i < NewsDesk.StoryLimit + 10; i++)
            Remark($"{i}");
        Assert.Equal(10, _desk.Dropped);
        var stories = Stories().OfType<Story.Happened>().ToList();
        Assert.Equal(NewsDesk.StoryLimit, stories.Count);
        Assert.Equal(11, stories[0].Seq);
        Assert.Equal("10", stories[0].Event.Text);
    }

    [Fact]
    public void Nothing_is_kept_while_nobody_listens_and_all_counts_as_changed_after()
    {
        Remark("before");
        Assert.Empty(Stories());
        Open();
        Assert.True(_desk.Take().All);
        Assert.False(_desk.Take().All);
        Remark("lost");
        _desk.IsOpen = false;
        Assert.Empty(Stories());
    }

    private void Open() => _desk.IsOpen = true;

    private void Remark(string text)
    {
        _site.Take(new Remarked(Severity.Info, "Test", "x", text));
        Look();
    }

    private void Look()
    {
        foreach (var turn in _site.Journal.Turns.Skip(_seen))
            _desk.Look(turn);
        _seen = _site.Journal.Turns.Count;
    }

    private IEnumerable<Story> Stories()
    {
        while (_desk.Stories.TryRead(out var story))
            yield return story;
    }

    private List<string> Sessions() =>
        [.. Stories().OfType<Story.Session>().Select(s => $"{s.Of.Status} {s.Of.EnergyWh}{(s.Cdr is { } cdr ? $" CDR {cdr.Bill.EnergyWh}" : "")}")];
}
