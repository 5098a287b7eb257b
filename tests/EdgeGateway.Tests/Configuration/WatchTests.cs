using EdgeGateway.Configuration;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Configuration;

public sealed class WatchTests : IDisposable
{
    private readonly SiteFolder _folder = new();
    private readonly List<GatewayConfiguration> _applied = [];
    private readonly ConfigurationWatch _watch;

    public WatchTests() => _watch = new(_folder.Configuration(), _folder.Sources, new ManualClock(), NullLogger<ConfigurationWatch>.Instance);

    [Fact]
    public async Task Nothing_happens_while_the_content_is_the_same()
    {
        File.SetLastWriteTimeUtc(_folder.File, new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.False(await LookAsync());
        Assert.Empty(_applied);
    }

    [Fact]
    public async Task An_edit_is_in_force_once_the_site_has_it()
    {
        _folder.Set("Gateway:Site:Name", "New name").Save();
        Assert.True(await LookAsync());
        Assert.Equal("New name", _applied.Single().Site.Site.Name);
        Assert.Equal("New name", _watch.Current.Site.Site.Name);
        Assert.False(await LookAsync());
    }

    [Fact]
    public async Task A_broken_edit_is_told_and_the_old_stays()
    {
        _folder.Set("Gateway:Site:Country", "Germany").Save();
        Assert.False(await LookAsync());
        Assert.Equal("Gateway:Site:Country", Assert.Single(_watch.Faults).Path);
        Assert.Equal("DEU", _watch.Current.Site.Site.Country);
        _folder.Set("Gateway:Site:Country", "AUT").Save();
        Assert.True(await LookAsync());
        Assert.Empty(_watch.Faults);
    }

    [Fact]
    public async Task Listeners_and_storage_stay_until_a_restart()
    {
        var before = _watch.Current;
        _folder.Set("Gateway:Ocpi:Listen", "http://127.0.0.1:4711").Set("Gateway:Storage:Path", "other.db").Set("Gateway:Site:Name", "New name").Save();
        Assert.True(await LookAsync());
        Assert.Equal(before.Listeners, _watch.Current.Listeners);
        Assert.Equal(before.Storage, _watch.Current.Storage);
        Assert.Equal("New name", _watch.Current.Site.Site.Name);
    }

    [Fact]
    public async Task An_edit_that_the_site_could_not_take_is_tried_again()
    {
        _folder.Set("Gateway:Site:Name", "New name").Save();
        await Assert.ThrowsAsync<IOException>(() => _watch.LookAsync((_, _) => throw new IOException("full"), TestContext.Current.CancellationToken));
        Assert.Equal("Depot Berlin", _watch.Current.Site.Site.Name);
        Assert.True(await LookAsync());
    }

    [Fact]
    public async Task A_tariff_file_that_changes_counts_as_an_edit()
    {
        var file = Path.Combine(_folder.Path, "t.json");
        File.WriteAllText(file, Tariff("0.30"));
        _folder.Set("Gateway:TariffFiles", "t.json").Save();
        Assert.True(await LookAsync());
        File.WriteAllText(file, Tariff("0.31"));
        Assert.True(await LookAsync());
        Assert.Equal(0.31m, _watch.Current.Site.Tariff("T")!.Elements[0].Components[0].Price);
    }

    public void Dispose() => _folder.Dispose();

    private static string Tariff(string price) =>
        $$"""{ "id": "T", "currency": "EUR", "elements": [ { "price_components": [ { "type": "ENERGY", "price": {{price}}, "step_size": 1 } ] } ] }""";

    private Task<bool> LookAsync() => _watch.LookAsync(
        (next, _) =>
        {
            _applied.Add(next);
            return Task.CompletedTask;
        },
        TestContext.Current.CancellationToken);
}
