using EdgeGateway.Meters;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Meters;

public sealed class MeterPastTests
{
    private static readonly DateTimeOffset Eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(MeterMoment.Start, 1_000)]
    [InlineData(MeterMoment.End, 1_600)]
    [InlineData(MeterMoment.Within, 1_150)]
    public void The_side_on_which_nothing_flowed_holds_and_in_between_it_is_reckoned(MeterMoment moment, long expected) =>
        Assert.Equal(expected, MeterPast.Choose(Sample(0, 1_000), Sample(60, 1_600), Eight.AddSeconds(15), moment)!.EnergyWh);

    [Theory]
    [InlineData(MeterMoment.Start)]
    [InlineData(MeterMoment.End)]
    [InlineData(MeterMoment.Within)]
    public void Over_a_counter_that_began_anew_nothing_is_reckoned(MeterMoment moment) =>
        Assert.Equal(Sample(0, 1_000), MeterPast.Choose(Sample(0, 1_000), Sample(60, 5), Eight.AddSeconds(15), moment));

    [Fact]
    public void A_single_neighbour_tells_when_it_was_read()
    {
        Assert.Equal(Sample(60, 1_600), MeterPast.Choose(null, Sample(60, 1_600), Eight, MeterMoment.Start));
        Assert.Equal(Sample(0, 1_000), MeterPast.Choose(Sample(0, 1_000), null, Eight.AddSeconds(30), MeterMoment.End));
        Assert.Null(MeterPast.Choose(null, null, Eight, MeterMoment.Within));
    }

    [Fact]
    public void Neighbours_are_found_within_reach_and_the_old_ones_are_forgotten()
    {
        var past = new MeterPast("m");
        for (var second = 0; second <= 1_200; second++)
            past.Add(Eight.AddSeconds(second), second);
        Assert.Equal((Sample(700, 700), Sample(701, 701)), past.Around(Eight.AddSeconds(700.5), MeterPast.Reach));
        Assert.Equal((Sample(700, 700), Sample(701, 701)), past.Around(Eight.AddSeconds(700), MeterPast.Reach));
        Assert.Equal((null, null), past.Around(Eight.AddSeconds(300), MeterPast.Reach));
        Assert.Equal((Sample(1_200, 1_200), null), past.Around(Eight.AddSeconds(1_300), MeterPast.Reach));
        Assert.Equal((null, null), past.Around(Eight.AddSeconds(1_500), MeterPast.Reach));
    }

    private static MeterSample Sample(int seconds, long wh) => new("m", Eight.AddSeconds(seconds), wh);
}
