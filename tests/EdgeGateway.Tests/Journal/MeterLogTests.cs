using EdgeGateway.Site.Model;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Tests.Journal;

public sealed class MeterLogTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Reach = TimeSpan.FromMinutes(10);
    private readonly StoreFixture _fixture = new(new() { MaxSizeMb = 16, MeterValueDays = 30 });

    public async ValueTask InitializeAsync() => await _fixture.OpenAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Samples_on_both_sides_of_a_moment_are_found_within_reach_across_a_restart()
    {
        await KeepAsync(Reading("cp1", Eight, 1_000), Reading("grid", Eight, 77));
        await KeepAsync(Reading("cp1", Eight.AddMinutes(1), 1_200));
        await _fixture.ReopenAsync();
        var (before, after) = await AroundAsync("cp1", Eight.AddSeconds(30));
        Assert.Equal(new MeterSample("cp1", Eight, 1_000), before);
        Assert.Equal(new MeterSample("cp1", Eight.AddMinutes(1), 1_200), after);
        Assert.Equal((new MeterSample("cp1", Eight.AddMinutes(1), 1_200), null), await AroundAsync("cp1", Eight.AddMinutes(1)));
        Assert.Equal((null, null), await AroundAsync("cp1", Eight.AddMinutes(12)));
        Assert.Equal((null, null), await AroundAsync("cp2", Eight));
    }

    [Fact]
    public async Task The_newest_of_each_meter_is_there_after_a_restart_with_the_device_it_came_from()
    {
        await KeepAsync(Reading("cp1", Eight, 1_000) with { Template = "eastron-sdm120", Serial = "17" }, Reading("grid", Eight, 5));
        await KeepAsync(Reading("cp1", Eight.AddMinutes(1), 900) with { Template = "eastron-sdm630" });
        await _fixture.ReopenAsync();
        Assert.Equal([new(new("cp1", Eight.AddMinutes(1), 900), "eastron-sdm630", null), new(new("grid", Eight, 5), null, null)], await _fixture.Store.Meters.LastAsync(default));
    }

    [Fact]
    public async Task A_minute_of_all_meters_is_one_commit_and_what_tells_nothing_is_none()
    {
        var before = _fixture.Store.Commits;
        await KeepAsync([.. Enumerable.Range(1, 32).Select(n => Reading($"m{n}", Eight, n))]);
        Assert.Equal(before + 1, _fixture.Store.Commits);
        await KeepAsync(Reading("m1", Eight.AddMinutes(1), 5) with { EnergyWh = null }, Reading("m2", Eight, 6) with { At = null });
        Assert.Equal(before + 1, _fixture.Store.Commits);
        Assert.Equal(32, _fixture.Ask<long>("select count(*) from meter_sample"));
    }

    [Fact]
    public async Task A_flipped_bit_is_no_sample_and_is_told()
    {
        await KeepAsync(Reading("cp1", Eight, 1_000));
        await _fixture.CloseAsync();
        using (var connection = new SqliteConnection($"Data Source={_fixture.Options.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "update meter_sample set energy_wh = 1001; update meter_newest set serial = '18'";
            command.ExecuteNonQuery();
        }
        await _fixture.OpenAsync();
        Assert.Equal((null, null), await AroundAsync("cp1", Eight));
        Assert.Empty(await _fixture.Store.Meters.LastAsync(default));
        await _fixture.CloseAsync();
        Assert.Equal(2, _fixture.Ask<long>("select count(*) from event where code = 'RecordDamaged'"));
    }

    [Fact]
    public async Task Old_samples_go_with_the_meter_values_and_young_ones_stay()
    {
        var now = _fixture.Clock.GetUtcNow();
        for (var day = 1; day <= 40; day++)
            await KeepAsync([.. Enumerable.Range(0, 50).Select(minute => Reading("cp1", now.AddDays(-day).AddMinutes(minute), day))]);
        for (var i = 0; i < 400 && _fixture.Ask<long>("select count(*) from meter_sample") > 1_500; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(10));
            await _fixture.Store.Journal.CommitAsync(Turns.Of([], []), default); // behind the upkeep in the writer's queue
        }
        Assert.InRange(_fixture.Ask<long>("select count(*) from meter_sample"), 1_400, 1_500);
        Assert.True(_fixture.Ask<long>("select min(at) from meter_sample") >= now.AddDays(-30).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task The_oldest_give_way_when_the_database_is_full()
    {
        var (n, at) = (0, Eight);
        // Far more than fits into 16 MB, were nothing removed.
        for (; n < 60; n++)
        {
            var batch = Enumerable.Range(0, 1_200).Select(i => Reading($"{new string('m', 300)}{i % 4}", at.AddSeconds(i / 4), i)).ToArray();
            at = at.AddSeconds(300);
            await KeepAsync(batch);
        }
        Assert.Null(_fixture.Store.TroubleText);
        Assert.True(_fixture.Ask<long>("select count(*) from meter_sample") < 60 * 1_200);
        Assert.Equal(at.AddSeconds(-1).ToUnixTimeMilliseconds(), _fixture.Ask<long>("select max(at) from meter_sample"));
        Assert.True(_fixture.Ask<long>("select min(at) from meter_sample") > Eight.ToUnixTimeMilliseconds());
        Assert.Equal(1, _fixture.Ask<long>("select count(*) > 0 from event where code = 'StorageFull'"));
    }

    private Task KeepAsync(params MeterReading[] readings) => _fixture.Store.Meters.KeepAsync(readings, default);

    private ValueTask<(MeterSample? Before, MeterSample? After)> AroundAsync(string meter, DateTimeOffset at) => _fixture.Store.Meters.AroundAsync(meter, at, Reach, default);

    private static MeterReading Reading(string meter, DateTimeOffset at, long energy) =>
        new() { Meter = meter, Role = MeterRole.Station, Quality = MeterQuality.Good, At = at, EnergyWh = energy, PowerW = 11.5m };
}
